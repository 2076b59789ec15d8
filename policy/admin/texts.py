"""Words, times and labels as Indonesian pages write them."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from policy.calendar import ZONES, local

EMPTY = "–"

# DomainError.code -> what the person at the page reads.
ERRORS = {
    "already_decided": _("Domisili ini sudah diputuskan sebelumnya."),
    "own_domicile": _("Anda tidak dapat memutuskan domisili Anda sendiri."),
    "own_check_in": _("Anda tidak dapat meninjau presensi Anda sendiri."),
    "not_decidable": _("Presensi ini sudah diterima dan tidak memerlukan keputusan."),
    "note_missing": _("Mohon tuliskan alasan keputusan pada kolom catatan."),
    "own_prompt": _("Anda tidak dapat memverifikasi diri sendiri."),
    "already_published": _("Versi jadwal ini sudah diterbitkan sebelumnya."),
    "entry_outside_period": _("Jadwal memuat tanggal di luar masa jadwal."),
    "not_of_this_unit": _("Jadwal memuat pegawai yang tidak ditempatkan di unit ini pada tanggal tersebut."),
    "excluded_unit": _("Unit kerja ini dikecualikan dari tugas kedinasan dari rumah."),
    "no_scheme": _("Tidak ada skema kerja hibrida yang berlaku pada tanggal tersebut."),
    "cap_exceeded": _("Jumlah WFH melebihi batas yang diperbolehkan."),
    "idempotency_key_reused": _("Formulir ini sudah dikirim dengan isi lain. Mohon buka formulir baru."),
}

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
    "draft": (_("Rancangan"), "grey"),
    "published": (_("Diterbitkan"), "green"),
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
    return f"{nip[:4]}********" if nip else EMPTY


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
