"""The scenario's calendars, working hours and circulars (domain reference 2.1, 2.2, 2.10, S-20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from policy import calendars, enactment
from policy.demo.places import AGENCIES, DKI, OFFICES, TANGSEL
from policy.models import Agency, DressCode, WorkingHours
from policy.schemes import reader
from policy.schemes.values import ExclusionFile, SchemeFile

_WINDOWS = {"in_opens": time(6), "in_closes": time(8), "out_opens": time(16), "out_closes": time(18)}
_DRESS = {
    DKI: ["PDH khaki", "PDH khaki", "Kemeja putih", "Batik", "Baju sadariah"],
    TANGSEL: ["PDH khaki", "PDH khaki", "Kemeja putih", "Batik", "Batik"],
}
_ENTERED = datetime(2023, 1, 2, 1, tzinfo=UTC)


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


def enact(agencies: dict[str, Agency]) -> None:
    """The circulars out of their files: DKI's, the national one (it warns, it does not bind), Tangsel's of a week later."""
    dki = _file("dki-2023-se-34")
    closed = [ExclusionFile(office.excluded, unit=office.code) for office in OFFICES if office.excluded]
    _activate(replace(dki, exclusions=(*dki.exclusions, *closed)), agencies[DKI], _signed(dki))
    national = _file("menpanrb-2023-se-17")
    _activate(national, None, _signed(national))
    tangsel = _with_a_number(_file("tangsel-2023"))
    _activate(replace(tangsel, slots=dki.slots), agencies[TANGSEL], _signed(tangsel))


def _file(name: str) -> SchemeFile:
    """A shipped scheme, with 20 % a draw, so that a day of 240 people has enough to see."""
    file = reader.read(reader.find(name)).file
    assert file, name
    return replace(file, draw_percent=20, answer_minutes=20, call_minutes=5)


def _with_a_number(file: SchemeFile) -> SchemeFile:
    """Tangsel's file is a draft, because the number of its circular is not known; the scenario needs one in force."""
    document = replace(
        file.document,
        number="SE Wali Kota (contoh)",
        title="Penyesuaian Sistem Kerja ASN",
        issued_on=date(2023, 8, 25),
    )
    return replace(file, document=document)


def _signed(file: SchemeFile) -> datetime:
    """17:00 WIB of the day on which the document was issued."""
    assert file.document.issued_on
    return datetime.combine(file.document.issued_on, time(10), UTC)


def _activate(file: SchemeFile, agency: Agency | None, now: datetime) -> None:
    draft = enactment.load(file, agency=agency, by=None, now=now)
    enactment.activate(draft, by=None, now=now)
