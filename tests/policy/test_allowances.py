"""The WFH cap of a unit on a date over HTTP: what it is, why, and who may read it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from drf_spectacular.generators import SchemaGenerator

from policy import eligibility, explanations
from policy.allowances import allowance
from policy.models import Cap, Delegation, Exclusion, Ground, Pooling, Posting, Unit
from policy.scope import scope_of
from tests.make import (
    MONDAY,
    make_absence,
    make_domicile,
    make_employee,
    make_phase,
    make_scheme,
    make_unit,
    wib,
)

pytestmark = pytest.mark.django_db

KEYS = {
    "unit", "date", "scheme", "document", "phase", "caps", "headcount", "allowed", "least", "target", "planned",
    "counted", "counted_unnamed", "not_counted", "at_office", "counted_with", "warnings", "explanation",
}  # fmt: skip


@pytest.fixture
def ask(cast, phone, monday):
    """The answer to a person who asks for the cap of a unit: `ask(cast.dewi, date="2023-08-22")`."""
    monday("09:00")

    def get(person, unit: Unit | int = cast.section, **query):
        return phone(person).get(f"/api/v1/units/{getattr(unit, 'pk', unit)}/allowance/", query)

    return get


def names(rows) -> list[str]:
    return [row["name"] for row in rows]


def reasons(rows) -> dict[str, str]:
    return {row["name"]: row["reason"] for row in rows}


# What it says


def test_the_cap_is_explained_with_document_phase_and_numbers(cast, ask):
    body = ask(cast.dewi).json()
    assert set(body) == KEYS
    assert (
        body["unit"] == {"id": cast.section.pk, "name": "Seksi Tata Laksana"} and body["date"] == "2023-08-21"
    )
    issuer = cast.scheme.legal_basis.issuer
    assert body["document"] == {
        "number": "34/SE/2023",
        "title": "WFH",
        "issuer": issuer,
        "date": "2023-08-18",
    }
    assert body["scheme"] == "SE 34/SE/2023"
    assert body["phase"] == {"name": "WFH paling banyak 50 %", "starts": "2023-08-21", "ends": "2023-10-21"}
    assert body["caps"] == [{"measure": "wfh", "bound": "max", "percent": 50, "denominator": "unit"}]
    figures = ("headcount", "allowed", "least", "target", "planned")
    assert [body[name] for name in figures] == [4, 2, 0, None, 1]
    assert names(body["counted"]) == ["Ani", "Bayu", "Citra", "Dewi"] and body["counted_unnamed"] == 0
    assert body["not_counted"] == [] == body["counted_with"] == body["warnings"]
    assert body["explanation"] == (
        "34/SE/2023, tahap WFH paling banyak 50 %: WFH paling banyak 50 % dari 4 pegawai ASN Seksi Tata Laksana, "
        "yaitu paling banyak 2 orang; direncanakan 1."
    )


def test_who_stays_at_the_office_comes_with_the_reason(cast, ask):
    make_domicile(cast.bayu, by=cast.eko.user)
    make_domicile(cast.citra, by=cast.eko.user)
    make_employee(cast.section, cast.office, "Kontrak", kind="contract_staff")
    Posting.objects.filter(employee=cast.citra).update(post="treasurer")
    Exclusion.objects.create(scheme=cast.scheme, post="treasurer", reason="Bendahara")
    body = ask(cast.dewi).json()
    assert reasons(body["at_office"]) == {
        "Citra": "exempt_post", "Dewi": "no_approved_domicile", "Kontrak": "kind_not_covered",
    }  # fmt: skip
    assert reasons(body["not_counted"]) == {"Kontrak": "contract_staff"} and body["headcount"] == 4


def test_whoever_is_on_leave_is_counted_and_whoever_is_seconded_is_not(cast, ask):
    make_absence(cast.bayu)
    make_absence(cast.citra, "seconded")
    body = ask(cast.dewi).json()
    assert {row["name"]: row["away"] for row in body["counted"]} == {
        "Ani": False,
        "Bayu": True,
        "Dewi": False,
    }
    assert reasons(body["not_counted"]) == {"Citra": "seconded"}


def test_a_superior_reads_that_somebody_is_away_and_never_why(cast, ask):
    cast.scheme.not_counted = ["sick", "seconded"]
    cast.scheme.save()
    make_absence(cast.bayu, "sick")
    assert reasons(ask(cast.citra).json()["not_counted"]) == {"Bayu": "away"}
    assert "sick" not in ask(cast.citra).content.decode()
    assert [reasons(ask(person).json()["not_counted"]) for person in (cast.dewi, cast.eko, cast.fajar)] == [
        {"Bayu": "sick"}
    ] * 3


def test_grounds_are_told_to_nobody_not_even_by_their_absence(cast, ask):
    cast.scheme.only_grounds = ["pregnant"]
    cast.scheme.save()
    make_domicile(cast.dewi, by=cast.eko.user)
    Ground.objects.create(employee=cast.dewi, ground="pregnant", starts=MONDAY)
    Ground.objects.create(employee=cast.bayu, ground="pregnant", starts=MONDAY)  # without a domicile
    make_employee(cast.section, cast.office, "Kontrak", kind="contract_staff")
    for person in (cast.citra, cast.dewi, cast.eko, cast.fajar):
        body = ask(person).json()
        assert reasons(body["at_office"]) == {"Kontrak": "kind_not_covered"}
        assert "ground" not in str(body) and "pregnant" not in str(body)


def test_a_number_of_the_state_is_never_shown(cast, ask):
    for person in (cast.citra, cast.dewi, cast.eko, cast.fajar):
        text = ask(person).content.decode()
        assert cast.ani.nrk in text and cast.ani.nip not in text and "nip" not in text


def test_another_phase_gives_another_cap(cast, ask):
    phase = make_phase(cast.scheme, date(2023, 9, 4), date(2023, 9, 7), 75)
    Cap.objects.create(phase=phase, measure="wfo", bound="min", percent=25)
    body = ask(cast.dewi, date="2023-09-04").json()
    assert (body["phase"]["ends"], body["allowed"], body["planned"]) == ("2023-09-07", 3, 0)
    assert [cap["percent"] for cap in body["caps"]] == [75, 25]


def test_without_a_scheme_nobody_works_from_home(cast, ask):
    answer = ask(cast.dewi, date="2023-10-23")
    body = answer.json()
    assert answer.status_code == 200 and set(body) == KEYS
    assert (body["scheme"], body["document"], body["phase"], body["allowed"]) == (None, None, None, 0)
    assert (body["headcount"], body["counted"], body["explanation"]) == (None, [], None)


def test_an_excluded_unit_says_so(cast, ask):
    Exclusion.objects.create(scheme=cast.scheme, unit=cast.bureau, reason="Layanan langsung")
    body = ask(cast.dewi).json()
    assert body["allowed"] == 0 and set(reasons(body["at_office"]).values()) == {"excluded_unit"}
    assert "tidak seorang pun karena unit kerjanya dikecualikan" in body["explanation"]


def test_a_lower_national_cap_is_a_warning(cast, ask):
    make_scheme(None, "17/2023", 25)
    assert ask(cast.dewi).json()["warnings"] == ["17/2023: WFH paling banyak 25 %"]


def test_people_of_units_that_the_reader_does_not_see_are_a_number(cast, ask):
    Pooling.objects.create(scheme=cast.scheme, unit=cast.section, reason="Unit kecil")
    by_officer, by_hr = ask(cast.dewi).json(), ask(cast.eko).json()
    assert by_officer["counted_with"] == ["Biro Organisasi"] and by_officer["headcount"] == 5
    assert (
        names(by_officer["counted"]) == ["Ani", "Bayu", "Citra", "Dewi"]
        and by_officer["counted_unnamed"] == 1
    )
    assert "Kepala" in names(by_hr["counted"]) and by_hr["counted_unnamed"] == 0
    assert "Kepala" not in ask(cast.dewi).content.decode()
    assert "bersama 1 unit kerja lain" in by_officer["explanation"]


def test_every_reason_of_eligibility_has_words(cast):
    codes = eligibility.__doc__.split("policy.refusals:")[1].replace("\n", " ").strip(" .").split(", ")
    assert len(codes) == 7
    for code in [*codes, "contract_staff", "away", "seconded"]:
        assert explanations.because(code) != code


# Who may read it


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ani", 404), ("citra", 200), ("dewi", 200), ("eko", 200), ("fajar", 200), ("head", 200),
        ("indra", 404), ("gita", 404), ("hasan", 404), ("joni", 404),
    ],
)  # fmt: skip
def test_who_sees_the_cap_of_a_section(cast, ask, name, status):
    assert ask(getattr(cast, name)).status_code == status


def test_a_superior_sees_no_other_unit_than_those_of_his_people(cast, ask):
    assert ask(cast.citra, cast.bureau).status_code == 404
    assert ask(cast.citra, cast.other).status_code == 404
    Posting.objects.filter(superior=cast.citra).update(ends=MONDAY - timedelta(days=1))
    assert ask(cast.citra).status_code == 404


def test_whoever_stands_in_sees_it_for_his_days_and_not_for_himself_alone(cast, ask):
    Delegation.objects.create(superior=cast.citra, deputy=cast.ani, kind="plh", starts=MONDAY, ends=MONDAY)
    assert ask(cast.ani).status_code == 200
    Posting.objects.filter(superior=cast.citra).exclude(employee=cast.ani).update(superior=cast.head)
    assert ask(cast.ani).status_code == 404


def test_without_signing_in_nothing_is_told(cast, client):
    assert client.get(f"/api/v1/units/{cast.section.pk}/allowance/").status_code == 401


@pytest.mark.parametrize("unit", [0, 999_999, 10**30])
def test_an_unknown_unit_is_404(cast, ask, unit):
    assert ask(cast.eko, unit).status_code == 404


# Bad input


@pytest.mark.parametrize(
    "text",
    ["", "kemarin", "2023-02-30", "21-08-2023", "1999-12-31", "2101-01-01", "9999-12-31", "0000-00-00", "\x00", "2023-08-21' OR 1=1"],
)  # fmt: skip
def test_a_bad_date_is_400_and_names_the_field(cast, ask, text):
    answer = ask(cast.dewi, date=text)
    assert answer.status_code == 400 and answer.json()["code"] == "invalid"
    assert [error["field"] for error in answer.json()["errors"]] == ["date"]


def test_only_get_is_answered(cast, phone, monday):
    monday("09:00")
    assert phone(cast.eko).post(f"/api/v1/units/{cast.section.pk}/allowance/", {}).status_code == 405


# Its cost and its description


def test_as_many_queries_for_twenty_people_as_for_one(cast, ask):
    unit = make_unit(cast.dki, "Seksi Arsip", cast.other)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(cast.indra, unit).status_code == 200
        return len(seen)

    make_employee(unit, cast.office, "Arsiparis")
    few = queries()
    for n in range(19):
        person = make_employee(unit, cast.office, f"Arsiparis {n}")
        make_domicile(person, by=cast.eko.user)
        if n % 3 == 0:
            make_absence(person)
    assert queries() == few < 30


def test_the_schema_describes_the_answer(cast):
    schema = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    operation = schema["paths"]["/api/v1/units/{id}/allowance/"]["get"]
    assert operation["operationId"] == "unit_allowance"
    assert {p["name"]: (p["in"], p.get("required", False)) for p in operation["parameters"]} == {
        "id": ("path", True), "date": ("query", False),
    }  # fmt: skip
    described = schema["components"]["schemas"]["AllowanceOutput"]
    assert set(described["required"]) == set(described["properties"]) == KEYS
    assert schema["components"]["schemas"]["CapOutput"]["required"] == [
        "bound", "denominator", "measure", "percent",
    ]  # fmt: skip


# The same by function


def test_the_explanation_and_the_allowance_agree(cast):
    seen = explanations.explanation(cast.section, MONDAY, scope_of(cast.dewi.user, wib("09:00")))
    assert seen.found == allowance(cast.section, MONDAY)
