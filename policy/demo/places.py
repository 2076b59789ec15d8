"""Agencies, units, offices and residential districts of the scenario. Real places, positions to some 50 m."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DKI, TANGSEL = "pemprov-dki", "tangsel"
AGENCIES = {DKI: "Pemerintah Provinsi DKI Jakarta", TANGSEL: "Pemerintah Kota Tangerang Selatan"}
METRES_A_DEGREE = 111_320  # of latitude; good enough to scatter homes and draw yards

Corner = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Office:
    """A unit with its sections, the key of its site and, if excluded from WFH, the reason of the circular."""

    code: str
    name: str
    agency: str
    site: str
    category: str
    sections: tuple[str, ...]
    excluded: str = ""

    @property
    def weight(self) -> int:
        """The share of the people: most work where working from home is possible."""
        return 8 if self.agency == DKI and not self.excluded else 3


@dataclass(frozen=True, slots=True)
class District:
    """A kecamatan where people live: the middle of its residential part in degrees."""

    name: str
    latitude: float
    longitude: float


def circle(latitude: float, longitude: float, radius_m: float) -> dict:
    """A circular fence as GeoJSON."""
    return {"type": "Point", "coordinates": [longitude, latitude], "radius_m": radius_m}


def polygon(*rings: Sequence[Corner]) -> dict:
    """A polygon from open rings of (latitude, longitude), the first outside, the others holes."""
    closed = [[[east, north] for north, east in (*ring, ring[0])] for ring in rings]
    return {"type": "Polygon", "coordinates": closed}


def shifted(latitude: float, longitude: float, distance_m: float, bearing: float) -> Corner:
    """The point `distance_m` metres away; `bearing` in radians from north."""
    north = distance_m * math.cos(bearing) / METRES_A_DEGREE
    east = distance_m * math.sin(bearing) / (METRES_A_DEGREE * math.cos(math.radians(latitude)))
    return round(latitude + north, 6), round(longitude + east, 6)


# Between Jl. Medan Merdeka Selatan and Jl. Kebon Sirih. The public car park in the south-west is no office.
_BALAI_KOTA = polygon(
    [(-6.1807, 106.8270), (-6.1805, 106.8296), (-6.1827, 106.8298), (-6.1829, 106.8272)],
    [(-6.1822, 106.8273), (-6.1821, 106.8278), (-6.1826, 106.8279), (-6.1827, 106.8274)],
)
_TARAKAN = polygon(
    [(-6.1710, 106.8096), (-6.1709, 106.8111), (-6.1715, 106.8113), (-6.1722, 106.8111), (-6.1722, 106.8097)],
)

SITES = {
    "balai-kota": (DKI, "Kompleks Balai Kota, Jl. Medan Merdeka Selatan", _BALAI_KOTA),
    "kuningan": (DKI, "Kantor Dinas Parekraf, Kuningan", circle(-6.2206, 106.8316, 120)),
    "dprd": (DKI, "Gedung DPRD, Jl. Kebon Sirih", circle(-6.1829, 106.8305, 100)),
    "cililitan": (DKI, "Kantor Dinas LH, Cililitan", circle(-6.2640, 106.8680, 120)),
    "tarakan": (DKI, "RSUD Tarakan, Jl. Kyai Caringin", _TARAKAN),
    "puskesmas-gambir": (
        DKI,
        "Puskesmas Kecamatan Gambir, Jl. Tanah Abang I",
        circle(-6.1727, 106.8176, 100),
    ),
    "gulkarmat": (DKI, "Kantor Gulkarmat, Jl. K.H. Zainul Arifin", circle(-6.1618, 106.8125, 150)),
    "jatibaru": (DKI, "Kantor Dishub, Jl. Taman Jatibaru", circle(-6.1797, 106.8107, 150)),
    "kelurahan-gambir": (DKI, "Kantor Lurah Gambir, Jl. Budi Kemuliaan", circle(-6.1800, 106.8195, 100)),
    "maruga": (TANGSEL, "Balai Kota Tangerang Selatan, Jl. Maruga Raya", circle(-6.3227, 106.7086, 150)),
}

# Kemendagri codes, as far as they are certain: a phase may hold for certain regions only.
REGIONS = {
    "balai-kota": "31.71.01",
    "kuningan": "31.74.02",
    "dprd": "31.71.06",
    "cililitan": "31.75",
    "tarakan": "31.71.01",
    "puskesmas-gambir": "31.71.01",
    "gulkarmat": "31.71",
    "jatibaru": "31.71",
    "kelurahan-gambir": "31.71.01",
    "maruga": "36.74",
}

_CARE = "Layanan kesehatan langsung"
_FIELD = "Dukungan operasional lapangan"
_DIRECT = "Layanan publik langsung"

# In the order in which they are staffed: a small scenario has only the first of them.
OFFICES = (
    Office(
        "BKD", "Badan Kepegawaian Daerah", DKI, "balai-kota", "admin",
        ("Subkelompok Disiplin dan Penghargaan", "Subkelompok Data dan Presensi", "Subkelompok Mutasi"),
    ),
    Office(
        "RSUD-TARAKAN", "RSUD Tarakan", DKI, "tarakan", "public_service",
        ("Seksi Pelayanan Medik", "Seksi Keperawatan"), _CARE,
    ),
    Office(
        "BKPSDM", "BKPSDM Kota Tangerang Selatan", TANGSEL, "maruga", "admin",
        ("Subbidang Kinerja dan Disiplin", "Subbagian Umum"),
    ),
    Office(
        "DISKOMINFOTIK", "Dinas Komunikasi, Informatika dan Statistik", DKI, "balai-kota", "admin",
        ("Seksi Aplikasi", "Seksi Infrastruktur Digital", "Seksi Statistik"),
    ),
    Office(
        "DISPAREKRAF", "Dinas Pariwisata dan Ekonomi Kreatif", DKI, "kuningan", "admin",
        ("Seksi Promosi", "Seksi Daya Tarik Wisata", "Subbagian Kepegawaian"),
    ),
    Office(
        "SATPOL-PP", "Satuan Polisi Pamong Praja", DKI, "balai-kota", "public_service",
        ("Seksi Ketertiban Umum", "Seksi Perlindungan Masyarakat"), _FIELD,
    ),
    Office(
        "SETWAN", "Sekretariat DPRD", DKI, "dprd", "leadership_support",
        ("Subbagian Persidangan", "Subbagian Protokol", "Subbagian Keuangan"),
    ),
    Office(
        "PKM-GAMBIR", "Puskesmas Kecamatan Gambir", DKI, "puskesmas-gambir", "public_service",
        ("Satuan Upaya Kesehatan Perorangan", "Satuan Upaya Kesehatan Masyarakat"), _CARE,
    ),
    Office(
        "DLH", "Dinas Lingkungan Hidup", DKI, "cililitan", "admin",
        ("Seksi Pemantauan Udara", "Seksi Penataan Hukum", "Subbagian Program"),
    ),
    Office(
        "GULKARMAT", "Dinas Penanggulangan Kebakaran dan Penyelamatan", DKI, "gulkarmat", "public_service",
        ("Seksi Operasi Pemadaman", "Seksi Penyelamatan"), _FIELD,
    ),
    Office(
        "RO-ORB", "Biro Organisasi dan Reformasi Birokrasi", DKI, "balai-kota", "leadership_support",
        ("Subbagian Kelembagaan", "Subbagian Ketatalaksanaan", "Subbagian Reformasi Birokrasi"),
    ),
    Office(
        "DISHUB", "Dinas Perhubungan", DKI, "jatibaru", "public_service",
        ("Seksi Pengendalian Lalu Lintas", "Seksi Terminal dan Angkutan"), _FIELD,
    ),
    Office(
        "KEL-GAMBIR", "Kelurahan Gambir", DKI, "kelurahan-gambir", "public_service",
        ("Seksi Pemerintahan", "Seksi Kesejahteraan Rakyat"), _DIRECT,
    ),
    Office(
        "DISKOMINFO-TS", "Dinas Komunikasi dan Informatika Tangerang Selatan", TANGSEL, "maruga", "admin",
        ("Seksi Aplikasi Informatika", "Seksi Persandian"),
    ),
)  # fmt: skip

# Residential districts of Jabodetabek; scattered by up to 3 km no home falls into the bay.
DISTRICTS = (
    District("Kemayoran, Jakarta Pusat", -6.1600, 106.8590),
    District("Cempaka Putih, Jakarta Pusat", -6.1811, 106.8686),
    District("Kelapa Gading, Jakarta Utara", -6.1605, 106.9055),
    District("Cilincing, Jakarta Utara", -6.1481, 106.9241),
    District("Kebon Jeruk, Jakarta Barat", -6.1926, 106.7697),
    District("Cengkareng, Jakarta Barat", -6.1486, 106.7353),
    District("Kembangan, Jakarta Barat", -6.1914, 106.7404),
    District("Tebet, Jakarta Selatan", -6.2331, 106.8530),
    District("Pasar Minggu, Jakarta Selatan", -6.2850, 106.8440),
    District("Jagakarsa, Jakarta Selatan", -6.3320, 106.8210),
    District("Cilandak, Jakarta Selatan", -6.2910, 106.7990),
    District("Pesanggrahan, Jakarta Selatan", -6.2560, 106.7560),
    District("Duren Sawit, Jakarta Timur", -6.2330, 106.9190),
    District("Cakung, Jakarta Timur", -6.1850, 106.9470),
    District("Cipayung, Jakarta Timur", -6.3220, 106.9010),
    District("Ciracas, Jakarta Timur", -6.3250, 106.8780),
    District("Beji, Kota Depok", -6.3720, 106.8250),
    District("Sukmajaya, Kota Depok", -6.3940, 106.8520),
    District("Pancoran Mas, Kota Depok", -6.4020, 106.8130),
    District("Bekasi Barat, Kota Bekasi", -6.2350, 106.9640),
    District("Bekasi Selatan, Kota Bekasi", -6.2560, 106.9790),
    District("Jatiasih, Kota Bekasi", -6.3000, 106.9590),
    District("Tambun Selatan, Kab. Bekasi", -6.2620, 107.0580),
    District("Cibinong, Kab. Bogor", -6.4850, 106.8540),
    District("Bojonggede, Kab. Bogor", -6.4890, 106.7950),
    District("Bogor Utara, Kota Bogor", -6.5640, 106.8120),
    District("Ciledug, Kota Tangerang", -6.2360, 106.7110),
    District("Cipondoh, Kota Tangerang", -6.1890, 106.6770),
    District("Kelapa Dua, Kab. Tangerang", -6.2430, 106.6150),
    District("Ciputat, Kota Tangerang Selatan", -6.3110, 106.7420),
    District("Pamulang, Kota Tangerang Selatan", -6.3430, 106.7380),
    District("Pondok Aren, Kota Tangerang Selatan", -6.2660, 106.7050),
    District("Serpong, Kota Tangerang Selatan", -6.3090, 106.6660),
)


def districts_of(agency: str) -> tuple[District, ...]:
    """Where an agency's people live: those of DKI all over Jabodetabek, those of Tangsel near by."""
    near = ("Tangerang", "Bogor")
    return DISTRICTS if agency == DKI else tuple(d for d in DISTRICTS if any(name in d.name for name in near))
