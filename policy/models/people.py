"""Users, employees, their postings, and who may do what for whom. People are deactivated, never deleted."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policy.identifiers import clean_nip, nip_kind
from policy.models.dated import Dated, DatedQuerySet, one_at_a_time, period_in_order
from policy.models.faults import fault
from policy.models.organisation import Agency, ServiceCategory, Unit
from policy.models.places import Site


class EmployeeKind(models.TextChoices):
    PNS = "pns", "PNS"
    PPPK = "pppk", "PPPK"
    CPNS = "cpns", "CPNS"
    CONTRACT = "contract_staff", _("Tenaga kontrak (PJLP)")


class EmployeeQuerySet(models.QuerySet):
    def visible_to(self, scope) -> EmployeeQuerySet:
        """The people whom a person sees on the date of the scope (policy.scope)."""
        here = Posting.objects.on(scope.day)
        return self.filter(
            Q(pk=scope.employee)
            | Q(agency__in=scope.agency_wide)
            | Q(
                pk__in=here.filter(Q(superior__in=scope.stands_for) | Q(unit__in=scope.units)).values(
                    "employee"
                )
            )
        )


class Employee(models.Model):
    """A civil servant or contract worker. NIP is personal data and never a key."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="employees", verbose_name=_("instansi"))
    name = models.CharField(_("nama"), max_length=200)
    nip = models.CharField("NIP", max_length=18, null=True, blank=True)  # noqa: DJ001 - unique where known
    nrk = models.CharField("NRK", max_length=20, null=True, blank=True)  # noqa: DJ001 - unique where known
    kind = models.CharField(_("jenis"), max_length=20, choices=EmployeeKind.choices)
    is_active = models.BooleanField(_("aktif"), default=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pegawai")
        verbose_name_plural = _("pegawai")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["nip"], condition=Q(is_active=True), name="nip_is_unique_among_current_people"
            ),
            models.UniqueConstraint(
                fields=["agency", "nrk"], condition=Q(is_active=True), name="nrk_is_unique_in_its_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A NIP is one, and tells the kind that is stored (domain reference 3.1)."""
        if not self.nip:
            return
        try:
            self.nip = clean_nip(self.nip)
        except ValueError:
            raise fault("nip", _("NIP tidak sah."), "bad_nip") from None
        if self.kind in ("pns", "pppk") and nip_kind(self.nip) != self.kind:
            raise fault("nip", _("NIP tidak sesuai dengan jenis pegawai."), "other_kind")


class UserManager(BaseUserManager):
    def get_queryset(self):
        """Users come with their employee: every request asks for it."""
        return super().get_queryset().select_related("employee")

    def create_user(self, username: str, password: str | None = None, **fields) -> User:
        """A user with a hashed password."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> User:
        """A technical administrator: may configure, but sees no evidence without a role of his own."""
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A sign-in. `is_superuser` alone sees no evidence; roles are dated grants."""

    username = models.CharField(_("nama pengguna"), max_length=60, unique=True)
    employee = models.OneToOneField(
        Employee, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("pegawai")
    )
    is_active = models.BooleanField(_("aktif"), default=True)
    is_staff = models.BooleanField(_("boleh masuk ke halaman admin"), default=False)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("akun")
        verbose_name_plural = _("akun")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.employee.name if self.employee else self.username

    def get_full_name(self) -> str:
        """The name that pages greet with."""
        return str(self)

    def get_short_name(self) -> str:
        """The name that pages greet with."""
        return str(self)


class Posting(Dated):
    """Where an employee works, as what and under whom, from a date to a date."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="postings", verbose_name=_("pegawai"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("unit kerja"))
    site = models.ForeignKey(Site, models.PROTECT, related_name="postings", verbose_name=_("kantor"))
    position = models.CharField(_("jabatan"), max_length=200)
    # What a scheme may exempt it by: treasurer, supervisor_official, activity_lead, or a code of the agency's own.
    post = models.SlugField(_("kode jabatan"), max_length=40, blank=True)
    # Empty follows the unit.
    service_category = models.CharField(
        _("kategori layanan"), max_length=20, choices=ServiceCategory.choices, blank=True
    )
    superior = models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subordinate_postings",
        verbose_name=_("atasan langsung"),
    )

    class Meta:
        verbose_name = _("penempatan")
        verbose_name_plural = _("penempatan")
        ordering = ["-starts"]
        constraints = [
            period_in_order("posting_ends_after_it_starts"),
            one_at_a_time(
                "one_posting_a_person_and_day",
                _("Pegawai sudah memiliki penempatan lain pada masa tersebut."),
            ),
            models.CheckConstraint(
                condition=Q(superior__isnull=True) | ~Q(superior=F("employee")),
                name="nobody_is_their_own_superior",
                violation_error_message=_("Atasan langsung tidak boleh pegawai itu sendiri."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee} - {self.position}"

    def clean(self) -> None:
        """Person, unit, office and superior belong to one agency, and nobody stands above himself."""
        agency = self.employee.agency_id
        for field, other in (("unit", self.unit), ("site", self.site), ("superior", self.superior)):
            if other and other.agency_id != agency:
                raise fault(field, _("Data ini milik instansi lain."), "other_agency")
        if self.superior and self.employee_id in superiors_above(self.superior_id, self.starts):
            raise ValidationError(
                {
                    "superior": ValidationError(
                        _("Pegawai ini adalah atasan, langsung atau tidak, dari atasan yang dipilih."),
                        code="superior_cycle",
                    )
                }
            )


def superiors_above(employee: int, day) -> list[int]:
    """The chain of superiors from `employee` (included) upwards as posted on `day`; ends where it would repeat."""
    chain: list[int] = []
    above: int | None = employee
    while above is not None and above not in chain:
        chain.append(above)
        above = Posting.objects.on(day).filter(employee=above).values_list("superior", flat=True).first()
    return chain


class AdditionalDuty(Dated):
    """A post held besides the main one, such as assistant treasurer; it exempts for its dates (edge case 38)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="duties", verbose_name=_("pegawai"))
    post = models.SlugField(_("kode jabatan"), max_length=40)
    title = models.CharField(_("tugas tambahan"), max_length=200)
    document = models.CharField(_("nomor surat"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("tugas tambahan")
        verbose_name_plural = _("tugas tambahan")
        ordering = ["-starts"]
        constraints = [period_in_order("duty_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.employee} - {self.title}"


class GroundQuerySet(DatedQuerySet):
    def visible_to(self, scope) -> GroundQuerySet:
        """One's own, and those of the people whose files one keeps; never a superior's or a colleague's."""
        return self.filter(
            Q(employee=scope.employee)
            | Q(employee__agency__in=scope.hr)
            | Q(employee__in=scope.people_of_units())
        )


class Ground(Dated):
    """A reason to be served first by a rota: pregnant, comorbid, route_flooded, ... Health data among it.

    Purpose-bound: only those who keep the files and the person himself see it, superiors and peers do not.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="grounds", verbose_name=_("pegawai"))
    ground = models.SlugField(_("kode alasan"), max_length=40)
    document = models.CharField(_("nomor surat"), max_length=120, blank=True)

    objects = GroundQuerySet.as_manager()

    class Meta:
        verbose_name = _("alasan prioritas")
        verbose_name_plural = _("alasan prioritas")
        ordering = ["-starts"]
        constraints = [period_in_order("ground_ends_after_it_starts")]

    def __str__(self) -> str:
        return f"{self.employee} - {self.ground}"


class Role(models.TextChoices):
    """What a grant allows; a superior needs none, the posting of his people says so."""

    OFFICER = "officer", _("Pengelola kepegawaian unit")
    HR = "hr", _("BKD/BKPSDM")
    AUDITOR = "auditor", _("Auditor")


class RoleGrant(Dated):
    """A role for a user in an agency, an officer's within the subtree of one unit."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("akun"))
    role = models.CharField(_("peran"), max_length=20, choices=Role.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name=_("instansi"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit kerja")
    )

    class Meta:
        verbose_name = _("peran")
        verbose_name_plural = _("peran")
        ordering = ["agency", "role"]
        constraints = [
            period_in_order("grant_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(role="officer", unit__isnull=False) | (~Q(role="officer") & Q(unit__isnull=True)),
                name="only_an_officer_is_bound_to_a_unit",
                violation_error_message=_(
                    "Unit kerja wajib diisi untuk pengelola kepegawaian unit, dan dikosongkan untuk peran lain."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} - {self.unit or self.agency}"

    def clean(self) -> None:
        """A grant stays within one agency."""
        if self.unit and self.unit.agency_id != self.agency_id:
            raise fault("unit", _("Unit kerja ini milik instansi lain."), "other_agency")


class Delegation(Dated):
    """Plt or Plh: somebody stands in for a superior from a date to a date."""

    superior = models.ForeignKey(
        Employee, models.PROTECT, related_name="delegations", verbose_name=_("atasan")
    )
    deputy = models.ForeignKey(
        Employee, models.PROTECT, related_name="deputations", verbose_name=_("pengganti")
    )
    kind = models.CharField(_("jenis"), max_length=3, choices=[("plt", "Plt."), ("plh", "Plh.")])

    class Meta:
        verbose_name = _("pelaksana tugas")
        verbose_name_plural = _("pelaksana tugas")
        constraints = [
            period_in_order("delegation_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(superior=F("deputy")), name="nobody_deputises_himself"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.deputy}"

    def clean(self) -> None:
        """Who stands in works for the same agency."""
        if self.superior_id and self.deputy_id and self.superior.agency_id != self.deputy.agency_id:
            raise fault("deputy", _("Data ini milik instansi lain."), "other_agency")
