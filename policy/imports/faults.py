"""What a person reads about a fault in a file, by its code. docs/imports.md lists them, and a test compares."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from policy import refusals

# The file as a whole.
FILE = {
    "not_a_sheet": _("Berkas ini tidak dapat dibaca sebagai XLSX atau CSV."),
    "not_geojson": _("Berkas ini tidak dapat dibaca sebagai GeoJSON berisi FeatureCollection."),
    "old_or_locked": _(
        "Berkas ini berformat Excel lama atau dilindungi kata sandi. Mohon simpan sebagai .xlsx tanpa kata sandi."
    ),
    "too_large_inside": _(
        "Isi berkas ini terlalu besar setelah dibuka. Mohon simpan ulang dari aplikasi lembar kerja."
    ),
    "suspicious_xml": _("Berkas ini memuat bagian yang tidak lazim pada XLSX. Mohon simpan ulang."),
    "no_heading": _("Berkas ini kosong: baris judul kolom tidak ditemukan."),
    "no_rows": _("Berkas ini tidak memuat baris data."),
    "too_many_rows": _("Berkas ini memuat lebih dari %(most)s baris. Mohon bagi menjadi beberapa berkas."),
    "missing_column": _("Kolom wajib “%(heading)s” tidak ditemukan."),
    "unknown_column": _("Kolom “%(heading)s” tidak dikenal. Kolom yang dikenal: %(known)s."),
    "column_twice": _("Kolom “%(heading)s” muncul lebih dari satu kali."),
    "cell_without_heading": _("Ada isian di bawah kolom tanpa judul: “%(value)s”."),
    "bad_csv": _("Baris ini tidak dapat dibaca sebagai CSV; periksa tanda kutip."),
    "conflict": _(
        "Data pada berkas ini bertentangan dengan data yang sudah tersimpan (%(name)s). Mohon periksa kembali."
    ),
    "import_not_yours": _("Anda tidak lagi berwenang mengimpor data ini."),
}

# One cell.
CELL = {
    "required": _("Kolom ini wajib diisi."),
    "too_long": _("Isian terlalu panjang; paling banyak %(most)s karakter."),
    "not_text": _("Isian “%(value)s” bukan teks. Mohon ubah format kolom menjadi Teks, lalu tulis ulang."),
    "bad_character": _("Isian memuat karakter yang tidak sah."),
    "not_worked_out": _("Isian “%(value)s” adalah galat rumus lembar kerja."),
    "number_cell": _(
        "Isian “%(value)s” tersimpan sebagai angka atau tanggal sehingga sebagian digitnya dapat hilang. "
        "Mohon ubah format kolom menjadi Teks, lalu isikan kembali nomornya."
    ),
    "bad_code": _("Kode “%(value)s” hanya boleh memuat huruf, angka, tanda hubung, dan garis bawah."),
    "bad_region": _("Kode wilayah “%(value)s” tidak sah. Contoh: 31.74 atau 31.74.02."),
    "bad_nip": _(
        "NIP tidak sah: 18 digit berisi tanggal lahir, pengangkatan, jenis kelamin, dan nomor urut."
    ),
    "bad_date": _("Tanggal “%(value)s” tidak dapat dibaca. Contoh: 2023-08-21 atau 21/08/2023."),
    "date_out_of_range": _("Tanggal %(value)s tidak wajar. Mohon periksa tahunnya."),
    "not_a_number": _("Isian “%(value)s” bukan angka."),
    "not_a_count": _("Isian “%(value)s” harus bilangan bulat dari 0 sampai 32767."),
    "unknown_choice": _("Isian “%(value)s” tidak dikenal. Pilihan: %(choices)s."),
    "bad_json": _("Isian ini tidak dapat dibaca sebagai GeoJSON."),
}

# What a row refers to, and what it would do.
ROW = {
    "unknown_unit": _("Unit kerja dengan kode “%(value)s” tidak ditemukan."),
    "unknown_site": _("Kantor “%(value)s” tidak ditemukan."),
    "ambiguous_site": _("Ada beberapa kantor bernama “%(value)s”. Mohon bedakan namanya terlebih dahulu."),
    "site_missing": _("Kantor wajib diisi karena unit kerja ini dan unit di atasnya belum memiliki kantor."),
    "unknown_person": _("Pegawai dengan nomor “%(value)s” tidak ditemukan di instansi ini."),
    "outside_your_scope": _("Data ini berada di luar lingkup unit kerja Anda."),
    "duplicate_row": _("Baris ini mengulang baris %(row)s."),
    "number_missing": _("NRK atau NIP wajib diisi."),
    "numbers_disagree": _("NRK dan NIP pada baris ini menunjuk dua pegawai yang berbeda."),
    "nip_elsewhere": _("NIP ini tercatat pada pegawai aktif di instansi lain."),
    "other_kind": _("NIP ini tidak sesuai dengan jenis pegawai."),
    "inactive_person": _("Pegawai ini tercatat nonaktif. Mohon aktifkan kembali sebelum mengimpor."),
    "person_disagrees": _("Data diri pegawai ini berbeda dengan baris %(row)s pada berkas yang sama."),
    "unknown_superior": _(
        "Atasan dengan nomor “%(value)s” tidak ditemukan di instansi ini maupun pada berkas ini."
    ),
    "own_superior": _("Atasan langsung tidak boleh pegawai itu sendiri."),
    "own_record": _("Anda tidak dapat mengubah data Anda sendiri."),
    "superior_cycle": _("Rantai atasan berputar: %(chain)s (baris %(rows)s)."),
    "ends_before_start": _("Tanggal akhir lebih awal daripada tanggal mulai."),
    "posting_overlap": _("Penempatan ini bertumpang tindih dengan penempatan %(period)s."),
    "posting_overlap_row": _("Penempatan ini bertumpang tindih dengan penempatan pada baris %(row)s."),
    "period_closed": _("Perubahan ini menyentuh hari yang sudah dikunci (sampai dengan %(until)s)."),
    "unit_cycle": _("Pohon unit kerja berputar: %(chain)s (baris %(rows)s)."),
    "fence_missing": _("Pagar lokasi wajib diisi: lintang, bujur, dan radius, atau GeoJSON."),
    "two_fences": _("Isi salah satu saja: lintang, bujur, dan radius, atau GeoJSON."),
    "negative_error": _("Ketelitian tidak boleh kurang dari 0 atau lebih dari 10000 meter."),
    "unknown_shift": _("Sif/sesi “%(value)s” tidak berlaku bagi unit kerja ini pada tanggal tersebut."),
    "segments_overlap": _("Pegawai ini sudah dijadwalkan pada bagian hari yang sama di baris %(row)s."),
    "too_long_period": _("Jadwal kerja pada satu berkas paling lama %(most)s hari."),
}

# Geometry, by the codes of policy.fences; `where` is the place inside the shape.
FENCE = {
    "malformed": _("Bentuk pagar lokasi tidak sesuai GeoJSON (%(where)s)."),
    "unsupported_type": _(
        "Jenis geometri tidak didukung (%(where)s). Gunakan Polygon, MultiPolygon, atau Point."
    ),
    "empty": _("Geometri kosong (%(where)s)."),
    "not_a_coordinate": _("Koordinat atau radius bukan angka (%(where)s)."),
    "out_of_range": _("Koordinat di luar batas (%(where)s). Gunakan derajat WGS84 (EPSG:4326)."),
    "swapped_axes": _("Lintang dan bujur tertukar (%(where)s). GeoJSON menulis bujur lebih dahulu."),
    "null_island": _("Koordinat 0, 0 bukan lokasi yang sah (%(where)s)."),
    "not_positive": _("Radius harus lebih dari nol (%(where)s)."),
    "too_large": _("Radius terlalu besar (%(where)s); satuannya meter."),
    "too_few_points": _("Poligon memerlukan paling sedikit empat titik, termasuk titik penutup (%(where)s)."),
    "open_ring": _("Poligon tidak tertutup: titik terakhir harus sama dengan titik pertama (%(where)s)."),
    "self_intersection": _("Garis poligon saling memotong (%(where)s)."),
    "hole_outside": _("Lubang berada di luar poligonnya (%(where)s)."),
    "overlapping_holes": _("Lubang-lubang poligon saling bertumpang tindih (%(where)s)."),
    "too_many_points": _("Pagar lokasi memuat lebih dari %(most)s titik. Mohon sederhanakan."),
}

SENTENCES = {**FILE, **CELL, **ROW, **FENCE}


def sentence(code: str, about: Mapping[str, str], detail: str = "") -> str:
    """The sentence for people. What the check of a rota finds comes with a sentence of its own (`detail`)."""
    if code in SENTENCES:
        return str(SENTENCES[code]) % dict(about)
    return detail or str(refusals.SENTENCES.get(code, code))
