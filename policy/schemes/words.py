"""The words in which schemes are told in Indonesian. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
WEEKDAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
KIND_WORDS = {"pns": "PNS", "pppk": "PPPK", "cpns": "CPNS", "contract_staff": "tenaga kontrak (PJLP)"}
CATEGORY_WORDS = {
    "admin": "administrasi pemerintahan",
    "leadership_support": "dukungan pimpinan",
    "public_service": "layanan publik langsung",
    "digital_service": "layanan publik yang dapat dilakukan secara digital",
}
ABSENCE_WORDS = {
    "annual_leave": "cuti tahunan",
    "long_leave": "cuti besar",
    "sick": "cuti sakit",
    "maternity_leave": "cuti melahirkan",
    "important_reason": "cuti karena alasan penting",
    "unpaid_leave": "cuti di luar tanggungan negara",
    "travel": "dinas luar",
    "study_assignment": "tugas belajar",
    "seconded": "dipekerjakan di instansi lain",
    "suspended": "pemberhentian sementara",
}
# Codes of grounds and posts are the agency's own; those that the shipped files use have words.
CODE_WORDS = {
    "pregnant": "hamil",
    "breastfeeding": "menyusui",
    "comorbid": "memiliki penyakit penyerta",
    "respiratory_history": "memiliki riwayat penyakit ISPA",
    "vulnerable": "termasuk kelompok rentan lainnya",
    "route_flooded": "akses ke dan dari kantor terputus karena banjir",
    "homebound_traveller": "sedang dalam perjalanan mudik",
    "treasurer": "bendahara",
    "supervisor_official": "pengawas",
    "activity_lead": "pimpinan kegiatan",
}
SHARES = {"wfh": "bekerja dari rumah", "wfo": "bekerja di kantor"}
BOUNDS = {"max": "paling banyak", "min": "paling sedikit", "target": "diupayakan"}
SIGNATURE_WORDS = {
    "required": "Tanda tangan perangkat wajib ada.",
    "preferred": "Presensi tanpa tanda tangan perangkat tetap diterima dan diberi tanda bagi peninjau.",
    "off": "Tanda tangan perangkat tidak dipakai.",
}
MOCK_WORDS = {
    "review": "Presensi dengan lokasi tiruan ditinjau atasan langsung.",
    "note": "Lokasi tiruan hanya dicatat.",
}
# Kemendagri codes of Jabodetabek (domain reference 3.3).
REGION_WORDS = {
    "31": "DKI Jakarta",
    "31.01": "Kepulauan Seribu",
    "31.71": "Jakarta Pusat",
    "31.72": "Jakarta Utara",
    "31.73": "Jakarta Barat",
    "31.74": "Jakarta Selatan",
    "31.75": "Jakarta Timur",
    "32.01": "Kabupaten Bogor",
    "32.16": "Kabupaten Bekasi",
    "32.71": "Kota Bogor",
    "32.75": "Kota Bekasi",
    "32.76": "Kota Depok",
    "36.03": "Kabupaten Tangerang",
    "36.71": "Kota Tangerang",
    "36.74": "Kota Tangerang Selatan",
}


def day(at: date) -> str:
    """ "21 Agustus 2023"."""
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def period(starts: date, ends: date | None) -> str:
    """ "21 Agustus 2023 sampai dengan 21 Oktober 2023", "hanya 29 Agustus 2025", or with an open end."""
    if ends is None:
        return f"mulai {day(starts)} sampai ditetapkan kemudian"
    if starts == ends:
        return f"hanya {WEEKDAYS[starts.weekday()]}, {day(starts)}"
    return f"{day(starts)} sampai dengan {day(ends)}"


def clock(at: time) -> str:
    """ "06.00"."""
    return f"{at:%H.%M}"


def listed(words: Iterable[str], link: str = "dan") -> str:
    """ "a", "a dan b", "a, b, dan c"."""
    *rest, last = words
    if not rest:
        return last
    return f"{rest[0]} {link} {last}" if len(rest) == 1 else f"{', '.join(rest)}, {link} {last}"


def word(code: str) -> str:
    """The word for a ground or a post; a code of the agency's own stands for itself."""
    return CODE_WORDS.get(code, code.replace("_", " "))


def region(code: str) -> str:
    """The name of a region of Jabodetabek; others are named by their code."""
    return REGION_WORDS.get(code, f"berkode {code}")


def weekdays(days: Iterable[int]) -> str:
    """ "Senin sampai Jumat", "Senin dan Rabu"; Monday is 1."""
    named = sorted(days)
    if len(named) > 2 and named == list(range(named[0], named[-1] + 1)):
        return f"{WEEKDAYS[named[0] - 1]} sampai {WEEKDAYS[named[-1] - 1]}"
    return listed(WEEKDAYS[one - 1] for one in named)


def ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def lowered(text: str) -> str:
    """A sentence as it goes on within another."""
    return text[:1].lower() + text[1:]
