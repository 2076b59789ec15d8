"""Who sees whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from policy.models import Agency, Delegation, Domicile, Employee, Posting, RoleGrant
from policy.scope import scope_of
from tests.make import MONDAY, make_employee, wib

pytestmark = pytest.mark.django_db

NOW = wib("09:00")
DKI = {"Ani", "Bayu", "Citra", "Dewi", "Eko", "Fajar", "Indra", "Kepala"}


def seen(person, now=NOW) -> set[str]:
    scope = scope_of(getattr(person, "user", person), now)
    return set(Employee.objects.visible_to(scope).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("ani", {"Ani"}),
        ("citra", {"Citra", "Ani", "Bayu", "Dewi"}),
        ("head", {"Kepala", "Citra"}),
        ("dewi", {"Ani", "Bayu", "Citra", "Dewi"}),
        ("indra", {"Eko", "Fajar", "Indra"}),
        ("eko", DKI),
        ("fajar", DKI),
        ("hasan", {"Gita", "Hasan"}),
        ("joni", set()),
    ],
)
def test_everybody_sees_exactly_these(cast, who, names):
    assert seen(getattr(cast, who)) == names


def test_an_officer_of_a_parent_unit_sees_the_units_below(cast):
    RoleGrant.objects.filter(user=cast.dewi.user).update(unit=cast.bureau)
    assert "Kepala" in seen(cast.dewi) and "Ani" in seen(cast.dewi)


def test_who_stands_in_sees_the_people_of_the_superior_for_as_long(cast):
    Delegation.objects.create(superior=cast.citra, deputy=cast.indra, kind="plt", starts=MONDAY, ends=MONDAY)
    assert {"Ani", "Bayu"} <= seen(cast.indra)
    assert "Ani" not in seen(cast.indra, NOW + timedelta(days=1))


def test_after_a_transfer_the_new_superior_sees_the_person(cast):
    Posting.objects.filter(employee=cast.ani).update(ends=date(2023, 8, 20))
    Posting.objects.create(
        employee=cast.ani, unit=cast.other, site=cast.office, position="A", superior=cast.head, starts=MONDAY
    )
    assert "Ani" not in seen(cast.citra) and "Ani" in seen(cast.head)


def test_a_grant_that_ended_shows_nothing(cast):
    RoleGrant.objects.filter(user=cast.eko.user).update(ends=date(2023, 8, 20))
    assert seen(cast.eko) == {"Eko"}


def test_agencies_never_see_each_other(cast):
    for person in (cast.eko, cast.hasan):
        (agency,) = Agency.objects.visible_to(scope_of(person.user, NOW))
        assert agency == person.agency


def test_a_superior_sees_no_domicile_and_the_officer_does(cast):
    def domiciles(person):
        return Domicile.objects.visible_to(scope_of(person.user, NOW)).count()

    counts = {
        name: domiciles(getattr(cast, name)) for name in ("ani", "citra", "dewi", "eko", "indra", "hasan")
    }
    assert counts == {"ani": 1, "citra": 0, "dewi": 1, "eko": 1, "indra": 0, "hasan": 0}


def test_the_scope_costs_no_more_for_more_people(cast, django_assert_max_num_queries):
    for n in range(20):
        make_employee(cast.section, cast.office, f"Pegawai {n}", cast.citra)
    with django_assert_max_num_queries(3):
        scope_of(cast.dewi.user, NOW)


def test_a_grant_stays_within_one_agency(cast):
    grant = RoleGrant(
        user=cast.hasan.user, role="officer", agency=cast.tangsel, unit=cast.section, starts=MONDAY
    )
    with pytest.raises(ValidationError, match="instansi lain"):
        grant.full_clean()


@pytest.mark.parametrize(
    ("nip", "kind", "valid"),
    [
        ("198609262015051001", "pns", True),
        ("200012312024211001", "pppk", True),
        ("198609262015051001", "pppk", False),
        ("198013302010012005", "pns", False),
        (None, "contract_staff", True),
    ],
)
def test_a_nip_is_one_and_tells_the_kind(cast, nip, kind, valid):
    employee = Employee(agency=cast.dki, name="Baru", nip=nip, nrk="654321", kind=kind)
    if valid:
        employee.full_clean()
    else:
        with pytest.raises(ValidationError, match="NIP"):
            employee.full_clean()
