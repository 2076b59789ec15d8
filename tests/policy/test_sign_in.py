"""Signing in and the life of tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from rest_framework.test import APIClient

from policy.models import Employee, RefreshToken
from tests.make import PASSWORD, make_employee

pytestmark = pytest.mark.django_db

TOKEN, REFRESH, LOGOUT, ME = (
    "/api/v1/auth/token/",
    "/api/v1/auth/token/refresh/",
    "/api/v1/auth/logout/",
    "/api/v1/me/",
)


def sign_in(username, password=PASSWORD, **more):
    return APIClient().post(TOKEN, {"username": username, "password": password, **more})


def refresh(token):
    return APIClient().post(REFRESH, {"refresh": token})


def me(access):
    return APIClient().get(ME, HTTP_AUTHORIZATION=f"Bearer {access}")


def test_nrk_nip_and_a_spaced_nip_sign_in(cast):
    nip = cast.ani.nip
    for name in (cast.ani.nrk, nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"):
        assert sign_in(name).status_code == 200


@pytest.mark.parametrize("username, password", [("ani", "wrong"), ("nobody", PASSWORD), ("", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(cast, username, password):
    name = cast.ani.nrk if username == "ani" else username
    response = sign_in(name, password)
    assert response.status_code == (401 if name else 400)
    if name:
        assert response.json()["code"] == "wrong_credentials" and "WWW-Authenticate" in response


def test_an_nrk_of_two_agencies_needs_the_agency(cast):
    Employee.objects.filter(pk=cast.gita.pk).update(nrk=cast.ani.nrk)
    assert sign_in(cast.ani.nrk, agency="pemprov-dki").status_code == 200
    assert sign_in(cast.ani.nrk, agency="nowhere").status_code == 401
    assert sign_in(cast.gita.nip).status_code == 200
    cast.ani.user.username = "ani"
    cast.ani.user.save()
    assert sign_in(cast.ani.nrk).status_code == 401
    body = me(sign_in(cast.ani.nrk, agency="tangsel").json()["access"]).json()
    assert body["name"] == "Gita"


def test_me_tells_unit_superior_and_roles(cast):
    body = me(sign_in(cast.dewi.nrk).json()["access"]).json()
    assert (body["unit"], body["superior"]["name"]) == ("Seksi Tata Laksana", "Citra")
    assert body["roles"] == ["employee", "officer"]
    assert me(sign_in(cast.citra.nrk).json()["access"]).json()["roles"] == ["employee", "supervisor"]


def test_an_access_token_lives_ten_minutes(cast):
    with time_machine.travel("2023-08-21T00:00:00Z", tick=False) as traveller:
        access = sign_in(cast.ani.nrk).json()["access"]
        traveller.shift(timedelta(minutes=9, seconds=59))
        assert me(access).status_code == 200
        traveller.shift(timedelta(seconds=2))
        assert me(access).status_code == 401


def test_a_refresh_token_is_used_once_but_a_lost_answer_can_be_asked_for_again(cast):
    first = sign_in(cast.ani.nrk).json()["refresh"]
    second = refresh(first).json()["refresh"]
    assert second != first
    assert refresh(first).json()["refresh"] == second
    third = refresh(second).json()["refresh"]
    assert third not in (first, second)


def test_reuse_after_the_successor_was_used_revokes_the_family(cast):
    first = sign_in(cast.ani.nrk).json()["refresh"]
    second = refresh(first).json()["refresh"]
    third = refresh(second).json()["refresh"]
    reused = refresh(first)
    assert (reused.status_code, reused.json()["code"]) == (401, "refresh_refused")
    assert refresh(third).status_code == 401


def test_one_family_revoked_leaves_the_others(cast):
    one, other = sign_in(cast.ani.nrk).json()["refresh"], sign_in(cast.ani.nrk).json()["refresh"]
    assert APIClient().post(LOGOUT, {"refresh": one}).status_code == 204
    assert refresh(one).status_code == 401
    assert refresh(other).status_code == 200


def test_an_unknown_token_logs_out_quietly_and_refreshes_nothing(cast):
    assert APIClient().post(LOGOUT, {"refresh": "nobody's"}).status_code == 204
    assert refresh("nobody's").status_code == 401


def test_a_refresh_token_expires(cast):
    with time_machine.travel("2023-08-21T00:00:00Z", tick=False) as traveller:
        token = sign_in(cast.ani.nrk).json()["refresh"]
        traveller.shift(timedelta(days=31))
        assert refresh(token).status_code == 401


def test_no_token_is_stored_in_clear(cast):
    token = sign_in(cast.ani.nrk).json()["refresh"]
    assert bytes(RefreshToken.objects.get().digest) != token.encode()
    assert token not in str(RefreshToken.objects.values().get())


def test_a_deactivated_user_is_out_at_the_next_request(cast):
    pair = sign_in(cast.ani.nrk).json()
    cast.ani.user.is_active = False
    cast.ani.user.save()
    assert me(pair["access"]).status_code == 401
    assert refresh(pair["refresh"]).status_code == 401
    assert sign_in(cast.ani.nrk).status_code == 401


def test_somebody_who_left_neither_signs_in_nor_refreshes(cast):
    token = sign_in(cast.ani.nrk).json()["refresh"]
    Employee.objects.filter(pk=cast.ani.pk).update(is_active=False)
    assert (sign_in(cast.ani.nrk).status_code, refresh(token).status_code) == (401, 401)


def test_a_changed_password_ends_access_tokens(cast):
    access = sign_in(cast.ani.nrk).json()["access"]
    cast.ani.user.set_password("another long phrase")
    cast.ani.user.save()
    assert me(access).status_code == 401


def test_a_changed_password_ends_refresh_tokens(cast):
    token = sign_in(cast.ani.nrk).json()["refresh"]
    cast.ani.user.set_password("another long phrase")
    cast.ani.user.save()
    assert refresh(token).status_code == 401


def test_somebody_who_left_does_not_stand_in_the_way_of_the_successor_of_the_number(cast):
    Employee.objects.filter(pk=cast.gita.pk).update(nrk=cast.ani.nrk, is_active=False)
    assert sign_in(cast.ani.nrk).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoiMSJ9.", "\u00e9"])
def test_what_is_no_token_is_refused(cast, token):
    assert me(token).status_code == 401


def test_a_refresh_token_is_no_access_token(cast):
    assert me(sign_in(cast.ani.nrk).json()["refresh"]).status_code == 401


def test_a_person_without_a_nip_signs_in_by_nrk(cast):
    kontrak = make_employee(cast.section, cast.office, "Kontrak", cast.citra, kind="contract_staff")
    Employee.objects.filter(pk=kontrak.pk).update(nip=None)
    assert sign_in(kontrak.nrk).status_code == 200
