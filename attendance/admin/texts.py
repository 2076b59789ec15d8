"""What became of an event, in words that a page can show to the person concerned."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from attendance.reports import distance_band
from policy.admin.texts import EMPTY, badge_of

# reason -> (short, sentence); every reason of attendance.outcomes.TABLE and "ok".
REASONS = {
    "ok": (_("Sesuai"), _("Presensi memenuhi semua ketentuan.")),
    "not_employed": (
        _("Tanpa penempatan"),
        _("Pegawai tidak memiliki penempatan yang berlaku pada tanggal ini."),
    ),
    "on_leave": (_("Sedang cuti"), _("Pegawai sedang menjalani cuti yang sudah disetujui.")),
    "not_a_working_day": (_("Bukan hari kerja"), _("Tanggal ini bukan hari kerja bagi pegawai.")),
    "outside_window": (
        _("Sebelum waktunya"),
        _("Presensi dikirim sebelum jendela presensi dibuka."),
    ),
    "no_approved_domicile": (
        _("Belum ada domisili"),
        _("Pegawai tidak berada di kantor, dan belum ada domisili yang disetujui sebagai pembanding."),
    ),
    "outside_fence": (
        _("Di luar lokasi"),
        _("Titik lokasi berada di luar semua tempat yang diperbolehkan pada hari itu."),
    ),
    "mock_location": (_("Lokasi tiruan"), _("Ponsel menandai lokasi ini sebagai lokasi tiruan.")),
    "stale_fix": (
        _("Titik lokasi tidak terkini"),
        _("Waktu titik lokasi berselisih lebih dari 120 detik dengan waktu penerimaan."),
    ),
    "uncertain_location": (
        _("Lokasi belum pasti"),
        _("Ketelitian titik lokasi belum cukup untuk memastikan keberadaan pegawai."),
    ),
    "late": (_("Terlambat"), _("Presensi dikirim setelah jendela presensi ditutup.")),
    "uniform_photo_missing": (
        _("Tanpa foto pakaian dinas"),
        _("Foto pakaian dinas diminta, tetapi belum disertakan."),
    ),
}

# Why a mode is planned (policy.rules.Expectation.why) and why somebody took no part in a draw.
WHY = {
    "not_employed": _("tanpa penempatan yang berlaku"),
    "on_leave": _("cuti"),
    "on_travel": _("dinas luar"),
    "holiday": _("hari libur"),
    "weekend": _("akhir pekan"),
    "published_rota": _("sesuai jadwal kerja yang diterbitkan"),
    "recalled": _("diperintahkan hadir di kantor"),
    "no_published_rota": _("belum ada jadwal kerja yang diterbitkan"),
    "no_scheme": _("tidak ada skema kerja hibrida yang berlaku"),
    "not_checked_in": _("belum presensi"),
    "at_the_office": _("hadir di kantor"),
    "at_daily_cap": _("sudah mencapai batas undian hari itu"),
}

STATES = {
    "present": (_("Hadir"), "green"),
    "late": (_("Terlambat"), "amber"),
    "to_review": (_("Perlu ditinjau"), "blue"),
    "refused": (_("Ditolak"), "red"),
    "not_yet": (_("Belum presensi"), "grey"),
}

VERDICTS = {
    "inside": (_("Di dalam"), "green"),
    "uncertain": (_("Belum pasti"), "amber"),
    "outside": (_("Di luar"), "red"),
}

PROMPT_STATES = {
    "open": (_("Menunggu jawaban"), "blue"),
    "answered": (_("Dijawab"), "green"),
    "missed": (_("Tidak dijawab"), "red"),
    "undelivered": (_("Tidak tersampaikan"), "grey"),
}

OUTCOMES = {
    "verified": (_("Terverifikasi"), "green"),
    "elsewhere": (_("Di tempat lain"), "red"),
    "no_answer": (_("Tak terjawab"), "amber"),
    "refused": (_("Panggilan ditolak"), "red"),
}

COUNTED = {"yes": _("Ya"), "provisional": _("Sementara, menunggu tinjauan"), "no": _("Tidak")}
PLACES = {"domicile": _("Domisili"), "site": _("Kantor")}
BANDS = {
    "inside": _("di dalam"),
    "0-100 m": "0–100 m",
    "100-500 m": "100–500 m",
    "0.5-2 km": "0,5–2 km",
    "over 2 km": _("lebih dari 2 km"),
}


def band(metres: float | None) -> str:
    """A distance in bands as a page writes it."""
    return str(BANDS.get(distance_band(metres) or "", EMPTY))


def located(event):
    """The verdict of an event with its distance band."""
    if event is None or not event.verdict:
        return EMPTY
    label = badge_of(event.verdict, VERDICTS)
    if event.verdict == "inside" or (event.distance_m or 0) <= 0:
        return label
    return format_html('{} <span class="hd-quiet">{}</span>', label, band(event.distance_m))


def short_reason(event) -> str:
    """The reason of an event in two or three words."""
    return str(REASONS.get(event.reason, (event.reason, ""))[0])


def sentences(event) -> list[str]:
    """Every reason that applied to an event, as sentences."""
    return [str(REASONS.get(code, ("", code))[1]) for code in event.conditions or ["ok"]]


def why(code: str, detail: str = "") -> str:
    """The reason behind a plan or an exclusion."""
    return f"{WHY.get(code, code)}{f' ({detail})' if detail else ''}"
