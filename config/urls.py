"""Every route on one screen."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from attendance.api import checkins, prompts, recalls, today
from policy.admin.lookups import NamedAutocomplete
from policy.api import auth, errors, me, units

api = [
    path("time/", me.TimeView.as_view(), name="time"),
    path("health/live/", me.LiveView.as_view(), name="live"),
    path("health/ready/", me.ReadyView.as_view(), name="ready"),
    path("auth/token/", auth.TokenView.as_view(), name="token"),
    path("auth/token/refresh/", auth.TokenRefreshView.as_view(), name="token-refresh"),
    path("auth/logout/", auth.LogoutView.as_view(), name="logout"),
    path("me/", me.MeView.as_view(), name="me"),
    path("me/today/", today.TodayView.as_view(), name="today"),
    path("me/inbox/", today.InboxView.as_view(), name="inbox"),
    path("check-ins/", checkins.CheckInsView.as_view(), name="check-ins"),
    path("check-ins/<uuid:client_id>/", checkins.CheckInView.as_view(), name="check-in"),
    path("prompts/", prompts.PromptsView.as_view(), name="prompts"),
    path("prompts/<int:pk>/answer/", prompts.AnswerView.as_view(), name="prompt-answer"),
    path("supervision/prompts/", prompts.SupervisedPromptsView.as_view(), name="supervised-prompts"),
    path("supervision/prompts/<int:pk>/call/", prompts.CallView.as_view(), name="prompt-call"),
    path("supervision/people/", recalls.PeopleView.as_view(), name="supervised-people"),
    path("supervision/recalls/", recalls.RecallsView.as_view(), name="recalls"),
    path("units/<int:id>/allowance/", units.UnitAllowanceView.as_view(), name="unit-allowance"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("<path:anything>", errors.not_found),
    path("", errors.not_found),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("admin/autocomplete/", admin.site.admin_view(NamedAutocomplete.as_view())),  # before Django's own
    path("admin/", admin.site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_fault
