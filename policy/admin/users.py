"""Akun dan peran: urusan administrator teknis. Akun dinonaktifkan, tidak pernah dihapus."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, AuthenticationForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from policy.admin.base import ScopedAdmin
from policy.admin.seats import TECHNICAL
from policy.admin.texts import EMPTY, badge, period
from policy.models import Employee, RoleGrant, User

admin.site.unregister(Group)  # roles are dated grants, not groups


class SignInForm(AuthenticationForm):
    """Signing in by NRK or NIP."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "NRK/NIP atau kata sandi tidak cocok, atau akun ini tidak memiliki akses ke halaman admin."
        ),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("NRK atau NIP")
        self.fields["password"].label = _("Kata sandi")


# Not by UNFOLD["LOGIN"]: the site imports that while it is made, and would lose what registers meanwhile.
admin.site.login_form = SignInForm


class WithEmployee(forms.ModelForm):
    """Names the employee behind an account by his number, so that no list of people is needed."""

    number = forms.CharField(
        label=_("NRK atau NIP pegawai"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Kosongkan untuk akun teknis tanpa pegawai."),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        employee = self.instance.employee if self.instance.pk else None
        if employee and "number" in self.fields:
            self.fields["number"].initial = employee.nip or employee.nrk

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].replace(" ", "")
        self.found = None
        if number:
            found = Employee.objects.filter(Q(nip=number) | Q(nrk=number), is_active=True)
            if len(found) != 1:
                raise forms.ValidationError(
                    _("Nomor ini tidak menunjuk tepat satu pegawai aktif. Mohon gunakan NIP.")
                )
            self.found = found[0]
            if User.objects.filter(employee=self.found).exclude(pk=self.instance.pk).exists():
                raise forms.ValidationError(_("Pegawai ini sudah memiliki akun."))
        return number

    def _post_clean(self) -> None:
        super()._post_clean()
        if hasattr(self, "found"):
            self.instance.employee = self.found


class NewUserForm(WithEmployee, UserCreationForm):
    class Meta:
        model = User
        fields = ("username",)


class UserForm(WithEmployee, UserChangeForm):
    class Meta:
        model = User
        fields = ("username", "is_active", "is_staff", "is_superuser")


class TechnicalOnly:
    """Pages of the technical administrator alone: configuration, no evidence."""

    audience = frozenset({TECHNICAL})

    def visible(self, queryset, seat):
        return queryset if TECHNICAL in seat.roles else queryset.none()


class GrantInline(TabularInline):
    """The roles of an account; one ends by its date. Nobody grants himself a role."""

    model = RoleGrant
    extra = 0
    autocomplete_fields = ("unit",)

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    def has_add_permission(self, request, obj=None) -> bool:
        return obj is not None and obj != request.user

    def has_change_permission(self, request, obj=None) -> bool:
        return obj is not None and obj != request.user

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User)
class UserAdmin(TechnicalOnly, ScopedAdmin, DjangoUserAdmin):
    icon = "manage_accounts"
    form, add_form, change_password_form = UserForm, NewUserForm, AdminPasswordChangeForm
    inlines = [GrantInline]
    list_display = ("username", "name", "state", "access")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "employee__name")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "number")}),
        (_("Akses"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "number", "usable_password", "password1", "password2")}),)

    @display(description=_("pegawai"))
    def name(self, user) -> str:
        return user.employee.name if user.employee else EMPTY

    @display(description=_("status"))
    def state(self, user):
        return badge(_("Aktif"), "green") if user.is_active else badge(_("Nonaktif"))

    @display(description=_("akses"))
    def access(self, user):
        if user.is_superuser:
            return badge(_("Administrator teknis"), "blue")
        return badge(_("Halaman admin"), "teal") if user.is_staff else EMPTY

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request)

    def save_model(self, request, obj, form, change):
        if change and obj == request.user and not (obj.is_active and obj.is_staff):
            raise PermissionDenied  # nobody locks himself out
        super().save_model(request, obj, form, change)


@admin.register(RoleGrant)
class RoleGrantAdmin(TechnicalOnly, ScopedAdmin):
    """Every grant on one list; it is changed on the page of its account."""

    icon = "key"
    list_display = ("holder", "role", "agency", "unit", "valid")
    list_display_links = None
    list_filter = ("role",)
    search_fields = ("user__username", "user__employee__name")
    list_select_related = ("user__employee", "agency", "unit")

    @display(description=_("akun"))
    def holder(self, grant) -> str:
        return str(grant.user)

    @display(description=_("masa berlaku"))
    def valid(self, grant) -> str:
        return period(grant)
