"""Says what the document of a scheme leaves open, or what is not known of it, and what holds instead. PURE."""

from __future__ import annotations

from collections.abc import Iterator

from policy.schemes.values import SchemeFile
from policy.schemes.words import listed


def missing(file: SchemeFile) -> list[str]:
    """A sentence for everything that is not there."""
    if file.national:  # it only warns: attendance is the agency's own matter
        return [*_document(file), *_phases(file)]
    return [*_document(file), *_phases(file), *_windows(file), *_terms(file), *_hours(file)]


def _document(file: SchemeFile) -> Iterator[str]:
    document = file.document
    parts = {
        "nomor": document.number,
        "judul": document.title,
        "penerbit": document.issuer,
        "tanggal": document.issued_on,
    }
    absent = [name for name, value in parts.items() if value is None]
    if absent:
        yield f"{listed(absent).capitalize()} dokumen: tanpa itu skema tidak dapat diberlakukan."


def _phases(file: SchemeFile) -> Iterator[str]:
    for number, phase in enumerate(file.phases, 1):
        if phase.ends is None:
            yield f"Tanggal akhir tahap {number}: tahap ini berlaku sampai dicabut atau diganti."
        if any(cap.denominator is None for cap in phase.caps):
            yield f"Penyebut batas tahap {number}: dianggap pegawai ASN tiap unit kerja terendah."


def _windows(file: SchemeFile) -> Iterator[str]:
    for number, phase in enumerate(file.phases, 1):
        if phase.windows is None:
            yield f"Jendela presensi tahap {number}: dipakai jendela jam kerja biasa."


def _terms(file: SchemeFile) -> Iterator[str]:
    told = {
        "covers": "Jenis pegawai: dianggap PNS, PPPK, dan CPNS.",
        "window_mode": "Cara menghitung jendela presensi: dianggap kredit jam tetap.",
        "slots": "Jadwal verifikasi: tidak ada verifikasi berkala.",
        "uniform_photo": "Ketentuan foto berpakaian dinas: dianggap diminta.",
    }
    yield from (sentence for name, sentence in told.items() if getattr(file, name) is None)
    if file.window_mode != "clock" and file.credit_minutes is None:
        yield "Kredit jam kerja per hari: dianggap 8 jam 30 menit."
    if not file.exclusions:
        yield "Pengecualian: tidak ada yang disebut."


def _hours(file: SchemeFile) -> Iterator[str]:
    if not file.hours:
        yield "Jam kerja: dipakai jam kerja instansi."
    for row in file.hours:
        if row.break_begins is None:
            yield f"Jam istirahat “{row.name}”: dianggap tidak ada."
        if row.windows is None:
            yield (
                f"Jendela presensi “{row.name}”: dianggap satu jam sebelum mulai untuk masuk, "
                "dan tiga jam sesudah selesai untuk pulang."
            )
    if not file.dress:
        yield "Pakaian dinas: dipakai ketentuan instansi."
