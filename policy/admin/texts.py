"""Words, times and labels as Indonesian pages write them."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from policy.calendar import ZONES, local
from policy.identifiers import mask

EMPTY = "–"

MODES = {
    "wfh": (_("WFH"), "blue"),
    "wfo": (_("WFO"), "teal"),
    "leave": (_("Cuti"), "grey"),
    "travel": (_("Dinas luar"), "grey"),
    "off": (_("Libur"), "grey"),
}

STATUSES = {
    "accepted": (_("Diterima"), "green"),
    "review": (_("Perlu ditinjau"), "amber"),
    "refused": (_("Ditolak"), "red"),
    "proposed": (_("Menunggu keputusan"), "amber"),
    "approved": (_("Disetujui"), "green"),
    "rejected": (_("Ditolak"), "red"),
    "cancelled": (_("Dibatalkan"), "grey"),
    "draft": (_("Rancangan"), "grey"),
    "submitted": (_("Diajukan"), "amber"),
    "published": (_("Diterbitkan"), "green"),
    "withdrawn": (_("Ditarik"), "grey"),
    "active": (_("Berlaku"), "green"),
    "revoked": (_("Dicabut"), "red"),
}


def badge(text, colour: str = "grey") -> SafeString:
    """A coloured label; the colour never says more than the word."""
    return format_html('<span class="hd-badge hd-{}">{}</span>', colour, text)


def badge_of(key: str | None, table: dict) -> SafeString | str:
    """The label of a value by a table of (word, colour); an unknown value stands for itself."""
    if not key:
        return EMPTY
    word, colour = table.get(key, (key, "grey"))
    return badge(word, colour)


def yes_no(value: bool | None) -> str:
    """Ya, tidak, or unknown."""
    return EMPTY if value is None else str(_("Ya") if value else _("Tidak"))


def masked(nip: str | None) -> str:
    """A NIP for lists: the year of birth, the rest hidden."""
    return mask(nip) or EMPTY


def number_of(employee) -> str:
    """What tells two people of one name apart in a list: the NRK, else the masked NIP."""
    return employee.nrk or masked(employee.nip)


def zone_name(zone: str | None) -> str:
    """WIB, WITA or WIT."""
    return ZONES.get(zone or settings.TIME_ZONE, zone or "")


def at_clock(moment: datetime | None, zone: str | None = None) -> str:
    """ "07.10 WIB", on the wall clock of `zone` (of the installation by default)."""
    if moment is None:
        return EMPTY
    return f"{local(moment, zone or settings.TIME_ZONE):%H.%M} {zone_name(zone)}"


def at_moment(moment: datetime | None, zone: str | None = None) -> str:
    """ "21 Agu 2023 07.10 WIB"."""
    if moment is None:
        return EMPTY
    return f"{on_day(local(moment, zone or settings.TIME_ZONE).date())} {at_clock(moment, zone)}"


def on_day(day: date | None) -> str:
    """ "21 Agu 2023"."""
    return date_format(day, "j M Y") if day else EMPTY


def in_words(day: date) -> str:
    """ "Senin, 21 Agustus 2023"."""
    return date_format(day, "l, j F Y")


def period(row) -> str:
    """ "1 Jan 2023 – seterusnya" for a Dated row."""
    return f"{on_day(row.starts)} – {on_day(row.ends) if row.ends else _('seterusnya')}"
