"""What a person reads when a request cannot be carried out now, by the code of its DomainError."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from django.utils.formats import date_format
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
    "not_eligible": _("Pegawai ini tidak termasuk yang dapat bekerja dari rumah menurut skema yang berlaku."),
    "no_approved_domicile": _("Pegawai ini belum memiliki domisili yang disetujui."),
    "not_a_working_day": _("Tanggal tersebut bukan hari kerja unit ini."),
    "planned_twice": _("Pegawai ini direncanakan dua kali pada bagian hari yang sama."),
    "too_few_at_home": _("Jumlah pegawai WFH kurang daripada batas paling sedikit."),
    "too_few_at_office": _("Pegawai yang tersisa di kantor kurang daripada jumlah paling sedikit."),
    "cap_changed": _("Jadwal tidak dapat disalin karena batas pada minggu tujuan berbeda."),
    "period_too_long": _("Masa berlaku jadwal kerja harus 1 sampai 370 hari."),
    "period_closed": _("Periode tersebut sudah dikunci sehingga tidak dapat diubah lagi."),
    "retroactive": _("Jadwal hari yang sudah lewat atau sudah dijalani hanya dapat diubah oleh BKD/BKPSDM."),
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
    "document_missing": _("Skema tanpa dasar hukum yang lengkap tidak dapat diberlakukan."),
    "not_a_draft": _("Hanya rancangan skema yang dapat diberlakukan."),
    "not_active": _("Hanya skema yang sedang berlaku yang dapat dicabut."),
    "document_differs": _("Dokumen ini sudah terdaftar dengan judul atau tanggal lain."),
    "scheme_is_national": _("Skema nasional tidak dimuat untuk satu instansi."),
    "agency_missing": _("Skema ini milik satu instansi. Mohon sebutkan instansinya."),
    "unknown_unit": _("Skema menyebut kode unit kerja yang tidak dikenal."),
    "unknown_region": _("Skema menyebut wilayah yang tidak memiliki kantor instansi ini."),
    "no_parent_unit": _("Unit kerja tanpa unit induk tidak dapat dihitung bersama unit induknya."),
    "phase_missing": _("Skema memerlukan paling sedikit satu tahap."),
    "period_out_of_order": _("Tanggal akhir lebih awal daripada tanggal mulai."),
    "windows_out_of_order": _("Jendela presensi harus dibuka sebelum ditutup."),
    "phase_without_cap": _("Ada tahap tanpa batas, sehingga tidak seorang pun boleh bekerja dari rumah."),
    "cap_given_twice": _("Ada batas yang ditulis dua kali dalam satu tahap."),
    "contradictory_caps": _("Batas dalam satu tahap saling bertentangan."),
    "overlapping_phase": _("Ada tahap yang tumpang tindih tanpa jelas mana yang menentukan."),
    "slots_out_of_order": _("Jadwal verifikasi harus berurutan dan tidak berulang."),
    "names_one_thing": _("Pengecualian dan prioritas menyebut tepat satu hal."),
    "excluded_twice": _("Ada pengecualian yang ditulis dua kali."),
    "break_incomplete": _("Istirahat memerlukan jam mulai dan jam selesai."),
    "hours_out_of_order": _("Jam kerja, istirahat, dan jendela presensi harus berurutan."),
    "national_names_units": _(
        "Skema nasional tidak dapat menyebut unit kerja, jam kerja, atau pakaian dinas."
    ),
    "nothing_planned": _("Tidak ada jadwal kerja yang berlaku pada masa tersebut."),
    "import_not_yours": _("Anda tidak berwenang mengimpor jenis data ini untuk instansi tersebut."),
    "import_not_ready": _("Berkas ini sedang diproses atau sudah selesai diproses."),
    "file_empty": _("Berkas ini kosong."),
    "file_too_large": _("Ukuran berkas paling besar 20 MB."),
    "export_too_long": _("Ekspor ini melebihi satu juta baris. Mohon pilih masa yang lebih pendek."),
    "idempotency_key_reused": _("Formulir ini sudah dikirim dengan isi lain. Mohon buka formulir baru."),
}


def sentence(error: DomainError) -> str:
    """The sentence for people; a code without one falls back to its own detail."""
    return str(SENTENCES.get(error.code, error.detail))


# Why somebody is not planned at home, or not counted, as it goes on after "karena".
BECAUSE = {
    "no_scheme": _("tidak ada skema yang berlaku"),
    "kind_not_covered": _("jenis pegawainya tidak dicakup oleh skema yang berlaku"),
    "excluded_unit": _("unit kerjanya dikecualikan"),
    "excluded_category": _("kategori layanannya dikecualikan"),
    "exempt_post": _("jabatannya dikecualikan"),
    # Says nothing of grounds: they can be a matter of health.
    "no_ground": _("tidak termasuk yang dapat bekerja dari rumah menurut skema yang berlaku"),
    "not_eligible": _("Pegawai ini tidak termasuk yang dapat bekerja dari rumah menurut skema yang berlaku."),
    "no_approved_domicile": _("belum memiliki domisili yang disetujui"),
    "contract_staff": _("tenaga kontrak (PJLP) bukan ASN"),
    "away": _("sedang cuti atau bertugas di tempat lain"),
}

_CANNOT = _("%(day)s: %(name)s tidak dapat dijadwalkan WFH karena %(because)s.")
_FINDINGS = {
    "not_of_this_unit": _("%(day)s: %(name)s tidak ditempatkan di unit kerja ini."),
    "not_a_working_day": _("%(day)s: bukan hari kerja, sehingga jadwal %(name)s perlu dikosongkan."),
    "planned_twice": _("%(day)s: %(name)s dijadwalkan dua kali pada bagian hari yang sama."),
    "cap_exceeded": _("%(day)s: %(planned)d pegawai direncanakan WFH, paling banyak %(allowed)d."),
    "too_few_at_home": _("%(day)s: %(planned)d pegawai direncanakan WFH, paling sedikit %(required)d."),
    "too_few_at_office": _("%(day)s: %(planned)d pegawai tersisa di kantor, paling sedikit %(required)d."),
}


class Found(Protocol):
    """What the check of a rota finds (policy.rota_check.Finding)."""

    @property
    def code(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def employee(self) -> int | None: ...
    @property
    def numbers(self) -> Mapping[str, int]: ...


def finding_sentence(finding: Found, names: Mapping[int, str]) -> str:
    """What the check of a rota found, in words; `names` are those of the employees by id."""
    name = names.get(finding.employee or 0, _("seorang pegawai"))
    because = BECAUSE.get(finding.code, finding.code)
    day = date_format(finding.day, "l, j F Y")
    template = _FINDINGS.get(finding.code, _CANNOT)
    return str(template) % {"day": day, "name": name, "because": because, **finding.numbers}
