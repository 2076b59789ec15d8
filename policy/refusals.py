"""What a person reads when a request cannot be carried out now, by the code of its DomainError."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from policy.errors import DomainError

SENTENCES = {
    "already_decided": _("Domisili ini sudah diputuskan sebelumnya."),
    "own_domicile": _("Anda tidak dapat memutuskan domisili Anda sendiri."),
    "own_check_in": _("Anda tidak dapat meninjau presensi Anda sendiri."),
    "not_decidable": _("Presensi ini sudah diterima dan tidak memerlukan keputusan."),
    "note_missing": _("Mohon tuliskan alasan keputusan pada kolom catatan."),
    "own_prompt": _("Anda tidak dapat memverifikasi kehadiran Anda sendiri."),
    "already_published": _("Versi jadwal kerja ini sudah diterbitkan sebelumnya."),
    "entry_outside_period": _("Jadwal kerja memuat tanggal di luar masa berlakunya."),
    "not_of_this_unit": _(
        "Jadwal kerja memuat pegawai yang tidak ditempatkan di unit kerja ini pada tanggal tersebut."
    ),
    "excluded_unit": _("Unit kerja ini dikecualikan dari tugas kedinasan dari rumah."),
    "no_scheme": _("Tidak ada skema kerja hibrida yang berlaku pada tanggal tersebut."),
    "cap_exceeded": _("Jumlah pegawai WFH melebihi batas yang diperbolehkan."),
    "idempotency_key_reused": _("Formulir ini sudah dikirim dengan isi lain. Mohon buka formulir baru."),
}


def sentence(error: DomainError) -> str:
    """The sentence for people; a code without one falls back to its own detail."""
    return str(SENTENCES.get(error.code, error.detail))
