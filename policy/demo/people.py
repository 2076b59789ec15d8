"""The scenario's people: names, numbers, duties, homes and what they are like. Made up, from a seed alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product
from random import Random

from policy.demo.places import DKI, OFFICES, SITES, Office, districts_of, shifted
from policy.fences import Fence
from policy.geofence import Fix, signed_distance_m

FEWEST, MOST = 20, 5000
_MEN = (
    "Arga", "Bagas", "Bayu", "Candra", "Damar", "Dimas", "Fadli", "Fajar", "Galang", "Galih", "Hafiz", "Ilham",
    "Irfan", "Jaka", "Krisna", "Lingga", "Maulana", "Naufal", "Pandu", "Raka", "Rendra", "Rizal", "Satria",
    "Surya", "Tegar", "Umar", "Wahyu", "Wira", "Yoga", "Zaki",
)  # fmt: skip
_WOMEN = (
    "Anisa", "Ayu", "Bunga", "Citra", "Dara", "Dewi", "Endah", "Farah", "Fitri", "Gita", "Hesti", "Indah",
    "Intan", "Kartika", "Kirana", "Laras", "Mega", "Nabila", "Novi", "Putri", "Rahma", "Ratna", "Salma", "Sekar",
    "Tiara", "Utami", "Vina", "Wulan", "Yuni", "Zahra",
)  # fmt: skip
# Plausible, and rare enough not to make somebody out of the news by chance.
_FAMILIES = (
    "Adiwinata", "Anggawira", "Basukarya", "Cakrawinata", "Danuarta", "Darmakusuma", "Gandawira", "Hardiwarsa",
    "Indrakarsa", "Jayawinata", "Kertapraja", "Kusumawirya", "Lokawiratma", "Mangkuwirya", "Martasubrata",
    "Natakarsa", "Nitiwarsa", "Padmawiguna", "Prabaswara", "Pranawirya", "Purbakarsa", "Rangkaswara",
    "Rekswara", "Sastrakarya", "Singabrata", "Suradilaga", "Surapraja", "Suwandara", "Tirtabuana", "Tirtawening",
    "Wanaprasta", "Wiraguna", "Wiratanaya", "Yasadipraja", "Yudakarsa", "Yudhawirya",
)  # fmt: skip
_POSITIONS = ("Pengadministrasi Umum", "Analis Kebijakan", "Pranata Komputer", "Pengelola Data", "Arsiparis")

# What they do on 21 August, and how many of 240 do it. The first need a day at home.
_ODD_AT_HOME = {
    "fake_gps": 3, "mall": 3, "ignores_prompt": 6, "mock_flag": 3, "no_uniform": 4, "answers_elsewhere": 5,
    "coarse_claim": 3, "home_but_at_office": 3,
}  # fmt: skip
_ODD_ANYWHERE = {"late": 5, "absent": 4, "poor_gps": 6, "retries": 3}


@dataclass(frozen=True, slots=True)
class Home:
    """A registered residence: degrees, and the 68 % error of the registered point in metres."""

    district: str
    latitude: float
    longitude: float
    error_m: float


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the scenario. `section` is an index into the office's sections, None for its leadership.

    `duty` is assistant, unit_head, section_head, officer, hr, auditor or member; `at_home` and `absent`
    (leave or travel) are the plan for 21 August.
    """

    office: Office
    section: int | None
    duty: str
    name: str = ""
    kind: str = "pns"
    nip: str | None = None
    nrk: str = ""
    position: str = ""
    home: Home | None = None
    at_home: bool = False
    absent: str = ""
    persona: str = ""

    @property
    def heads(self) -> bool:
        """Whether others report to this person."""
        return self.duty in ("assistant", "unit_head", "section_head")


def recruit(count: int, rng: Random) -> list[Person]:
    """`count` people with duty, name, numbers and home, office by office."""
    sizes = staffed(count)
    people = [person for office, size in sizes.items() for person in _staff(office, size)]
    _appoint_auditor(people)
    for person, (name, woman) in zip(people, _names(rng), strict=False):
        person.name = name
        _employ(person, woman, rng)
    for person, nrk in zip(people, rng.sample(range(110_000, 200_000), count), strict=True):
        person.nrk = str(nrk)
    _give_serials(people)
    for person in people:
        person.home = residence(person, rng)
    return people


def staffed(count: int) -> dict[Office, int]:
    """The offices that work with so many people, and how many each has; a small scenario has few offices."""
    offices = OFFICES[: min(max(count // 8, 3), len(OFFICES))]
    total = sum(office.weight for office in offices)
    bounds = [count * share // total for share in accumulate(office.weight for office in offices)]
    return {
        office: upper - lower for office, lower, upper in zip(offices, [0, *bounds], bounds, strict=False)
    }


def _staff(office: Office, size: int) -> Iterator[Person]:
    """The leadership first, then the sections in turn, the head of each before its members."""
    leaders = ["assistant", "unit_head"] if office.code == "RO-ORB" else ["unit_head"]
    yield from (Person(office, None, duty) for duty in leaders)
    rest = size - len(leaders)
    sections = min(max(rest // 5, 1), len(office.sections))
    for section in range(sections):
        members = rest // sections + (section < rest % sections)
        duties = ["section_head", *(_special_duties(office) if section == 0 else [])]
        yield from (Person(office, section, duty) for duty in duties)
        yield from (Person(office, section, "member") for _ in range(members - len(duties)))


def _special_duties(office: Office) -> list[str]:
    return ["officer", "hr"] if office.code in ("BKD", "BKPSDM") else ["officer"]


def _appoint_auditor(people: list[Person]) -> None:
    """One member of DKI's last office that is not excluded: at full size not the one that keeps the files."""
    members = [p for p in people if p.duty == "member" and p.office.agency == DKI and not p.office.excluded]
    members[-1].duty = "auditor"


def _names(rng: Random) -> Iterator[tuple[str, bool]]:
    """Name and whether it is a woman's; every combination once before the first comes again."""
    given = [*((name, False) for name in _MEN), *((name, True) for name in _WOMEN)]
    pairs = list(product(given, _FAMILIES))
    while True:
        for (name, woman), family in rng.sample(pairs, len(pairs)):
            yield f"{name} {family}", woman


def _employ(person: Person, woman: bool, rng: Random) -> None:
    """Kind, position and the first 15 digits of the NIP; candidates and contract staff have none."""
    kinds = rng.choices(("pns", "pppk", "cpns", "contract_staff"), (78, 14, 4, 4))[0]
    person.kind = kinds if person.duty == "member" else "pns"
    person.position = _position(person, rng)
    born = rng.randint(1968, 1980) if person.heads else rng.randint(1972, 2000)
    birth = f"{born}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    appointed = {
        "pns": f"{min(born + rng.randint(22, 30), 2022)}{rng.randint(1, 12):02d}",
        "pppk": f"{rng.choice((2021, 2022))}2{rng.choice((1, 1, 2))}",
    }.get(person.kind)
    person.nip = f"{birth}{appointed}{2 if woman else 1}" if appointed else None


def _position(person: Person, rng: Random) -> str:
    ordinary = rng.choice(_POSITIONS)
    section = "" if person.section is None else person.office.sections[person.section]
    titles = {
        "assistant": "Asisten Pemerintahan Sekretaris Daerah",
        "unit_head": f"Kepala {person.office.name}",
        "section_head": f"Kepala {section}",
        "officer": "Pengelola Kepegawaian",
        "hr": "Analis SDM Aparatur",
        "auditor": "Auditor",
    }
    return titles.get(person.duty, ordinary)


def _give_serials(people: list[Person]) -> None:
    """The last three digits: from 001 anew for every first 15."""
    given: dict[str, int] = {}
    for person in people:
        if person.nip:
            given[person.nip] = given.get(person.nip, 0) + 1
            person.nip = f"{person.nip}{given[person.nip]:03d}"


def residence(person: Person, rng: Random) -> Home:
    """A home up to 3 km from the middle of a district, and well away from the person's office."""
    office = Fence.from_geojson(SITES[person.office.site][2])
    while True:
        district = rng.choice(districts_of(person.office.agency))
        distance, bearing = 3000 * math.sqrt(rng.random()), rng.uniform(0, 2 * math.pi)
        latitude, longitude = shifted(district.latitude, district.longitude, distance, bearing)
        if signed_distance_m(office, Fix(latitude, longitude, 0)) > 500:
            return Home(district.name, latitude, longitude, round(rng.uniform(5, 25), 1))


def marry(people: Sequence[Person]) -> None:
    """Two home-based people of different sections share a home: same place, same wifi, no fraud."""
    honest = [p for p in people if p.persona == "honest_home"]
    pairs = ((a, b) for a, b in zip(honest, honest[1:], strict=False) if a.section != b.section)
    for first, second in list(pairs)[:1]:
        second.home = first.home


def cast(people: Sequence[Person], rng: Random) -> None:
    """Gives everybody a persona; odd ones are few, and only among ordinary members."""
    for person in people:
        person.persona = "honest_home" if person.at_home else "honest_office"
        if person.absent:
            person.persona = {"leave": "on_leave", "travel": "travelling"}[person.absent]
    ordinary = [p for p in people if p.duty == "member" and not p.absent]
    home = [p for p in ordinary if p.at_home]
    _hand_out(_ODD_AT_HOME, rng.sample(home, (len(home) * 2 + 1) // 3), len(people))
    honest = [p for p in ordinary if p.persona.startswith("honest")]
    _hand_out(_ODD_ANYWHERE, rng.sample(honest, len(honest) // 3), len(people))


def _hand_out(counts: dict[str, int], pool: Sequence[Person], people: int) -> None:
    """One person of each kind first, then a second, so that a small scenario has some of everything."""
    wanted = {persona: min(max(count * people // 240, 1), count) for persona, count in counts.items()}
    rounds = range(max(wanted.values()))
    personas = [persona for n in rounds for persona, count in wanted.items() if count > n]
    for person, persona in zip(pool, personas, strict=False):
        person.persona = persona
