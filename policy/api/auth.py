"""Signing in, refreshing, signing out."""

from __future__ import annotations

from django.contrib.auth import authenticate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from policy import clock
from policy.api import tokens
from policy.api.base import HadirView


class SignIn(serializers.Serializer):
    """A name (NRK, NIP or user name) and a password; `agency` settles an NRK that two agencies use."""

    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    agency = serializers.CharField(max_length=40, required=False, allow_null=True)


class RefreshInput(serializers.Serializer):
    refresh = serializers.CharField(max_length=200)


class TokenPair(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class PublicView(HadirView):
    """A view for somebody who is not signed in yet."""

    authentication_classes: list = []
    permission_classes = [AllowAny]

    def get_authenticate_header(self, request) -> str:
        return "Bearer"


def _pair(pair: tokens.Pair) -> Response:
    return Response({"access": pair.access, "refresh": pair.refresh}, headers={"Cache-Control": "no-store"})


class TokenView(PublicView):
    @extend_schema(request=SignIn, responses=TokenPair, operation_id="sign_in")
    def post(self, request) -> Response:
        """Signs in by NRK, NIP or user name."""
        form = SignIn(data=request.data)
        form.is_valid(raise_exception=True)
        user = authenticate(request._request, **form.validated_data)
        if user is None:
            raise AuthenticationFailed("NRK/NIP atau kata sandi tidak cocok.", code="wrong_credentials")
        return _pair(tokens.issue(user, clock.real_now()))


class TokenRefreshView(PublicView):
    @extend_schema(request=RefreshInput, responses=TokenPair, operation_id="refresh_token")
    def post(self, request) -> Response:
        """Gives a new pair for a refresh token."""
        form = RefreshInput(data=request.data)
        form.is_valid(raise_exception=True)
        try:
            return _pair(tokens.refresh(form.validated_data["refresh"], clock.real_now()))
        except tokens.TokenRefused:
            raise AuthenticationFailed("Silakan masuk kembali.", code="refresh_refused") from None


class LogoutView(PublicView):
    @extend_schema(request=RefreshInput, responses={204: None}, operation_id="sign_out")
    def post(self, request) -> Response:
        """Ends the family of a refresh token."""
        form = RefreshInput(data=request.data)
        form.is_valid(raise_exception=True)
        tokens.end(form.validated_data["refresh"], clock.real_now())
        return Response(status=204)
