"""The one cast of every test: a section on Monday 21 August 2023, and a neighbour agency."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from rest_framework.test import APIClient

from policy import clock
from policy.api import tokens
from tests import make

pytest_plugins: list[str] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database with the rights of the real one: evidence is append-only for the application."""
    with django_db_blocker.unblock():
        call_command("protect_evidence", verbosity=0)


@pytest.fixture(autouse=True)
def as_the_application(request):
    """Every test with a database runs under the application's role, not the owner's."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    transactional = request.node.get_closest_marker("django_db").kwargs.get("transaction")
    request.getfixturevalue("transactional_db" if transactional else "db")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE hadir_app")
    yield
    with suppress(Exception), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.fixture
def as_owner():
    """`with as_owner():` does what only the owner of the tables can, such as tampering with evidence."""

    @contextmanager
    def owning():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            yield
            cursor.execute("SET ROLE hadir_app")

    return owning


@pytest.fixture(autouse=True)
def fast_passwords(settings):
    """Signing in is not what most tests are about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Ani works from home, Bayu at the office, Citra is their superior, Dewi the unit's officer, Eko HR, Fajar auditor.

    Gita works for another agency, Hasan is its HR. Indra looks after another unit of the same agency, Joni administers the machine.
    """
    dki, tangsel = make.make_agency("pemprov-dki"), make.make_agency("tangsel")
    office, elsewhere = make.make_site(dki), make.make_site(tangsel, at=(-6.3233, 106.7093))
    bureau = make.make_unit(dki, "Biro Organisasi")
    section = make.make_unit(dki, "Seksi Tata Laksana", bureau)
    other = make.make_unit(dki, "Dinas Lingkungan Hidup")
    far = make.make_unit(tangsel, "BKPSDM")
    head = make.make_employee(bureau, office, "Kepala")
    citra = make.make_employee(section, office, "Citra", head, is_staff=True)
    people = SimpleNamespace(
        dki=dki,
        tangsel=tangsel,
        office=office,
        bureau=bureau,
        section=section,
        other=other,
        head=head,
        citra=citra,
        ani=make.make_employee(section, office, "Ani", citra),
        bayu=make.make_employee(section, office, "Bayu", citra),
        dewi=make.make_employee(section, office, "Dewi", citra),
        eko=make.make_employee(other, office, "Eko"),
        fajar=make.make_employee(other, office, "Fajar"),
        gita=make.make_employee(far, elsewhere, "Gita"),
        hasan=make.make_employee(far, elsewhere, "Hasan"),
        indra=make.make_employee(other, office, "Indra"),
        joni=make.User.objects.create_superuser("joni", make.PASSWORD),
    )
    make.make_grant(people.dewi.user, "officer", dki, section)
    make.make_grant(people.indra.user, "officer", dki, other)
    make.make_grant(people.eko.user, "hr", dki)
    make.make_grant(people.fajar.user, "auditor", dki)
    make.make_grant(people.hasan.user, "hr", tangsel)
    people.scheme = make.make_scheme(dki)
    people.domicile = make.make_domicile(people.ani, by=people.eko.user)
    make.make_rota(section, {people.ani: "wfh", people.bayu: "wfo"}, days=5)
    return people


@pytest.fixture
def monday():
    """Travels to a WIB wall time of Monday 21 August 2023: `monday("07:10")`."""
    travels = []

    def go(text: str, day=make.MONDAY):
        travel = time_machine.travel(make.wib(text, day), tick=False)
        travels.append(travel)
        return travel.start()

    yield go
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture
def phone():
    """A phone that is signed in: `phone(cast.ani).post(...)`; takes an employee or a user."""

    def sign_in(person) -> APIClient:
        user = getattr(person, "user", person)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(user, clock.real_now()).access}")
        return client

    return sign_in


@pytest.fixture
def check_in(phone, monday):
    """Sends a check-in of a person at a WIB time: `check_in(cast.ani, "07:10", kind="out")`."""

    def send(person, text: str = "07:10", **changes):
        monday(text)
        return phone(person).post("/api/v1/check-ins/", make.a_check_in(**changes))

    return send
