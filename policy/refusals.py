"""What a person reads when a request cannot be carried out now, by the code of its DomainError."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from policy.errors import DomainError

SENTENCES = {
    "already_decided": _("Pengajuan ini sudah diputuskan sebelumnya."),
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
    "kind_not_covered": _("Jenis pegawai ini tidak dicakup oleh skema yang berlaku."),
    "excluded_category": _("Kategori layanan ini dikecualikan dari tugas kedinasan dari rumah."),
    "exempt_post": _("Jabatan ini dikecualikan dari tugas kedinasan dari rumah."),
    "no_ground": _("Skema yang berlaku hanya bagi pegawai yang memiliki alasan tertentu."),
    "no_approved_domicile": _("Pegawai ini belum memiliki domisili yang disetujui."),
    "not_a_working_day": _("Tanggal tersebut bukan hari kerja unit ini."),
    "planned_twice": _("Pegawai ini direncanakan dua kali pada bagian hari yang sama."),
    "too_few_at_home": _("Jumlah pegawai WFH kurang daripada batas paling sedikit."),
    "too_few_at_office": _("Pegawai yang tersisa di kantor kurang daripada jumlah paling sedikit."),
    "cap_changed": _("Jadwal tidak dapat disalin karena batas pada minggu tujuan berbeda."),
    "period_too_long": _("Masa berlaku jadwal kerja harus 1 sampai 370 hari."),
    "period_closed": _("Periode tersebut sudah dikunci sehingga tidak dapat diubah lagi."),
    "retroactive": _("Jadwal untuk tanggal yang sudah lewat hanya dapat diterbitkan oleh BKD/BKPSDM."),
    "not_in_that_state": _("Tindakan ini tidak dapat dilakukan pada status jadwal kerja saat ini."),
    "cap_exceeded": _("Jumlah pegawai WFH melebihi batas yang diperbolehkan."),
    "own_absence": _("Anda tidak dapat memutuskan cuti atau dinas luar Anda sendiri."),
    "overlapping_absence": _(
        "Pegawai ini sudah memiliki cuti atau dinas luar yang disetujui pada masa tersebut."
    ),
    "absence_period": _("Masa tersebut tidak sah. Mohon periksa tanggal mulai dan tanggal akhirnya."),
    "already_begun": _("Cuti atau dinas luar yang sudah dimulai hanya dapat dibatalkan oleh BKD/BKPSDM."),
    "hr_only": _("Jenis ini hanya dapat dicatat dan diputuskan oleh BKD/BKPSDM."),
    "paper_not_readable": _("Berkas harus berupa PDF, JPEG, atau PNG."),
    "paper_too_large": _("Ukuran berkas paling besar 5 MB."),
    "too_many_papers": _("Jumlah berkas paling banyak sepuluh."),
    "own_recall": _("Anda tidak dapat memerintahkan diri sendiri hadir di kantor."),
    "recall_in_the_past": _("Perintah hadir di kantor tidak dapat berlaku surut."),
    "already_recalled": _("Pegawai ini sudah diperintahkan hadir di kantor pada tanggal tersebut."),
    "not_home_based": _("Pegawai ini tidak dijadwalkan bekerja dari rumah pada waktu tersebut."),
    "reason_missing": _("Mohon tuliskan alasannya."),
    "not_in_calendar": _("Tanggal tersebut tidak tercantum dalam kalender."),
    "not_yet_over": _("Hari yang belum berakhir tidak dapat dikunci."),
    "own_posting": _("Anda tidak dapat mencatat penempatan Anda sendiri."),
    "later_posting": _("Pegawai ini memiliki penempatan yang dimulai pada tanggal tersebut atau sesudahnya."),
    "idempotency_key_reused": _("Formulir ini sudah dikirim dengan isi lain. Mohon buka formulir baru."),
}


def sentence(error: DomainError) -> str:
    """The sentence for people; a code without one falls back to its own detail."""
    return str(SENTENCES.get(error.code, error.detail))
