"""The scenario's calendars, working hours and circulars (domain reference 2.1, 2.2, 2.10, S-20)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.utils.text import slugify

from policy import calendars
from policy.demo.places import AGENCIES, DKI, OFFICES, TANGSEL
from policy.models import (
    Agency,
    Cap,
    DressCode,
    Exclusion,
    LegalBasis,
    Phase,
    Scheme,
    Unit,
    WorkingHours,
)

_WINDOWS = {"in_opens": time(6), "in_closes": time(8), "out_opens": time(16), "out_closes": time(18)}
_DRESS = {
    DKI: ["PDH khaki", "PDH khaki", "Kemeja putih", "Batik", "Baju sadariah"],
    TANGSEL: ["PDH khaki", "PDH khaki", "Kemeja putih", "Batik", "Batik"],
}
_ENTERED = datetime(2023, 1, 2, 1, tzinfo=UTC)
_SIGNED = datetime(2023, 8, 18, 10, tzinfo=UTC)  # 17:00 WIB


def open_agencies() -> dict[str, Agency]:
    """The agencies with their calendars of 2023 and their hours."""
    agencies = {}
    for code, name in AGENCIES.items():
        room = "https://vicon.example.go.id/{room}"
        agencies[code] = agency = Agency.objects.create(code=code, name=name, video_call_url=room)
        calendars.seed(agency, 2023, by=None, now=_ENTERED)
        _dress_and_hours(agency, _DRESS[code])
    return agencies


def _dress_and_hours(agency: Agency, dress: list[str]) -> None:
    """Perpres 21/2023: 37.5 hours a week, the break of Friday is half an hour longer; the dress of each weekday."""
    since = {"agency": agency, "starts": date(2023, 1, 1)}
    for weekdays, finishes, noon in (([1, 2, 3, 4], time(16), time(13)), ([5], time(16, 30), time(13, 0))):
        WorkingHours.objects.create(
            **since,
            weekdays=weekdays,
            begins=time(7, 30),
            finishes=finishes,
            break_begins=time(12) if len(weekdays) > 1 else time(11, 30),
            break_finishes=noon,
            **_WINDOWS,
        )
    DressCode.objects.bulk_create(
        DressCode(**since, weekdays=[weekday], dress=worn) for weekday, worn in enumerate(dress, 1)
    )


def enact(agencies: dict[str, Agency], units: dict[str, Unit]) -> None:
    """The circulars: DKI's, the national one (it warns, it does not bind), and Tangsel's of a week later."""
    dki = _scheme(
        agencies[DKI],
        LegalBasis(
            number="34/SE/2023",
            title="Pelaksanaan Tugas Kedinasan Dari Rumah",
            issuer="Sekretaris Daerah Provinsi DKI Jakarta",
            issued_on=date(2023, 8, 18),
        ),
        "SE Sekda 34/SE/2023",
        _SIGNED,
    )
    _phase(dki, "Masa uji coba", date(2023, 8, 21), date(2023, 10, 21), 50)
    _phase(dki, "KTT ASEAN ke-43", date(2023, 9, 4), date(2023, 9, 7), 75)
    for office in OFFICES:
        if office.excluded:
            Exclusion.objects.create(scheme=dki, unit=units[office.code], reason=office.excluded)
    _enact_national()
    _enact_tangsel(agencies[TANGSEL])


def _enact_national() -> None:
    basis = LegalBasis(
        number="17/2023",
        title="Penyesuaian Sistem Kerja Pegawai ASN yang Berkantor di Wilayah DKI Jakarta selama KTT ASEAN ke-43",
        issuer="Menteri PANRB",
        issued_on=date(2023, 8, 16),
    )
    scheme = _scheme(None, basis, "SE MenPANRB 17/2023", datetime(2023, 8, 16, 10, tzinfo=UTC))
    _phase(scheme, "Persiapan dan penyelenggaraan KTT", date(2023, 8, 28), date(2023, 9, 7), 50)


def _enact_tangsel(agency: Agency) -> None:
    basis = LegalBasis(
        number="SE Wali Kota (contoh)",  # its real number is not known
        title="Penyesuaian Sistem Kerja ASN",
        issuer="Wali Kota Tangerang Selatan",
        issued_on=date(2023, 8, 25),
    )
    scheme = _scheme(agency, basis, "SE Wali Kota Tangerang Selatan", datetime(2023, 8, 25, 10, tzinfo=UTC))
    _phase(scheme, "Tahap pertama", date(2023, 8, 28), date(2023, 10, 27), 50)


def _scheme(agency: Agency | None, basis: LegalBasis, name: str, activated_at: datetime) -> Scheme:
    """An active scheme; 20 % a draw, so that a day of 240 people has enough to see."""
    basis.save()
    return Scheme.objects.create(
        agency=agency,
        code=slugify(name),
        name=name,
        legal_basis=basis,
        status=Scheme.Status.ACTIVE,
        activated_at=activated_at,
        slots=["10:00", "14:00", "16:00"],
        draw_percent=20,
        answer_minutes=20,
        call_minutes=5,
        window_mode=Scheme.WindowMode.CREDIT,
    )


def _phase(scheme: Scheme, name: str, starts: date, ends: date, percent: int) -> None:
    """A phase that lets at most `percent` of a unit work from home."""
    phase = Phase.objects.create(scheme=scheme, name=name, starts=starts, ends=ends, **_WINDOWS)
    Cap.objects.create(phase=phase, measure="wfh", bound="max", percent=percent)
