"""Who sees what in the web admin: every role against every address of the registry."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.test import Client
from django.urls import reverse

from attendance import commitments, draws, prompts
from attendance.models import CheckIn, Prompt, Review
from policy import calendars, domiciles
from policy.models import Absence, AdditionalDuty, Agency, Delegation, Ground, ImportJob, LocationRead, Recall
from tests import make
from tests.make import HOME, MONDAY, wib

pytestmark = pytest.mark.django_db

PAGES = sorted(admin.site._registry, key=lambda model: model._meta.label)
CONFIGURATION = {"policy.User", "policy.RoleGrant", "policy.Agency"}
READ_ONLY = [model for model in PAGES if model._meta.label not in CONFIGURATION]
# Rows that are kept by forms, and who has these forms; everything else is read only.
HR_FORMS = ["CalendarDay", "WorkingHours", "DressCode", "Posting", "AdditionalDuty", "Ground", "Delegation"]
FORMS = {f"policy.{name}": {"eko", "hasan"} for name in HR_FORMS}
FORMS |= {"policy.ImportJob": {"dewi", "indra", "eko", "hasan"}}
FORMS |= {"policy.Absence": {"dewi", "indra", "eko", "hasan"}, "policy.Recall": {"citra", "eko", "hasan"}}
EVERYBODY = ["ani", "citra", "former", "dewi", "indra", "eko", "hasan", "fajar", "joni", "gone"]


@pytest.fixture
def day(cast, check_in, monday):
    """Half past ten of a Monday on which everything happened once in both agencies."""
    cast.former = make.make_employee(cast.section, cast.office, "Farida", is_staff=True)
    moved = make.make_employee(cast.other, cast.office, "Mutasi")
    moved.postings.create(
        unit=cast.section, site=cast.office, position="Analis", superior=cast.former,
        starts="2019-01-01", ends="2019-12-31",
    )  # fmt: skip
    cast.gone = make.make_employee(cast.section, cast.office, "Galuh")
    make.make_grant(cast.gone.user, "hr", cast.dki)
    cast.gone.user.is_active = False
    cast.gone.user.save()
    for person, by in ((cast.bayu, cast.eko.user), (cast.gita, cast.hasan.user)):
        keep_everything(person, by)
    cast.scheme.draw_percent = 100
    cast.scheme.save()
    check_in(cast.ani, uniform_photo=False)
    check_in(cast.gita, **make.at((-6.3233, 106.7093)))
    commitments.commit(wib("05:00"))
    draws.draw_due(wib("10:00"))
    prompts.notify_pending(wib("10:00"))
    prompt = Prompt.objects.get()
    call = prompts.CallRecord(uuid.uuid4(), "no_answer", "", None, None, "")
    prompts.record_call(prompt, call, by=cast.citra.user, now=wib("10:05"))
    for person in (cast.bayu, cast.gita):
        domiciles.propose(person, latitude=HOME[0], longitude=HOME[1], now=wib("09:00"))
    monday("10:30")
    LocationRead.objects.create(
        reader=cast.eko.user, subject=cast.ani, what="domicile:1", read_at=wib("08:00")
    )
    return cast


def keep_everything(person, by) -> None:
    """One row of everything that is kept about a person, and of his agency's calendar."""
    agency, new = person.agency, {"employee": person, "starts": MONDAY}
    maulid = date(2023, 9, 28)
    calendars.set_day(agency, maulid, "public_holiday", "Maulid Nabi", reason="SKB", by=by, now=wib("05:00"))
    Absence.objects.create(kind="sick", requested_by=by, **new)
    AdditionalDuty.objects.create(post="treasurer", title="Bendahara", **new)
    Ground.objects.create(ground="comorbid", **new)
    Recall.objects.create(
        employee=person,
        date=maulid,
        at=wib("09:00", maulid),
        reason="Rapat",
        ordered_by=by,
        ordered_at=wib("05:00"),
    )
    ImportJob.objects.create(agency=agency, kind="units", uploaded_by=by, uploaded_at=wib("05:00"))
    over = {"starts": "2020-01-01", "ends": "2020-01-31"}
    Delegation.objects.create(superior=person, deputy=by.employee, kind="plh", **over)


def desk(person) -> Client:
    """A browser signed in as an employee or a user."""
    client = Client()
    client.force_login(getattr(person, "user", person), "policy.signin.NumberBackend")
    return client


def url(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def agency_of(row) -> int | None:
    """The agency that a row belongs to; None for what belongs to nobody."""
    if isinstance(row, Agency):
        return row.pk
    for path in (("agency_id",), ("employee", "agency_id"), ("unit", "agency_id"), ("subject", "agency_id")):
        found = row
        for name in path:
            found = getattr(found, name, None)
        if found:
            return found
    return None


def open_page(client, model, row) -> int:
    return client.get(url(model, "change", row.pk)).status_code


def test_every_page_of_the_registry_is_ours_and_groups_are_gone():
    from policy.admin.base import ScopedAdmin

    assert all(isinstance(page, ScopedAdmin) for page in admin.site._registry.values())


@pytest.mark.parametrize("name", ["ani", "gone"])
def test_a_worker_without_staff_and_a_deactivated_account_do_not_get_in(day, name):
    client = desk(getattr(day, name))
    for model in PAGES:
        response = client.get(url(model, "changelist"))
        assert response.status_code == 302 and "/admin/login/" in response["Location"]
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("name", ["hasan", "eko", "fajar", "citra", "dewi"])
def test_nobody_sees_another_agency(day, name):
    person = getattr(day, name)
    client, checked = desk(person), 0
    for model in PAGES:
        for row in model.objects.all():
            if agency_of(row) not in (None, person.agency_id):
                checked += 1
                assert open_page(client, model, row) in (403, 404), (model, row)
    assert checked > 8


@pytest.mark.parametrize("name", ["eko", "hasan", "fajar", "dewi", "citra", "indra", "joni"])
def test_lists_show_exactly_the_rows_whose_pages_open(day, name):
    client = desk(getattr(day, name))
    for model in PAGES:
        response = client.get(url(model, "changelist"))
        opens = {row.pk for row in model.objects.all() if open_page(client, model, row) == 200}
        if response.status_code == 200:
            assert {row.pk for row in response.context["cl"].queryset} == opens or model is LocationRead
        else:
            assert response.status_code == 403 and opens == set()


def test_hr_of_the_agency_opens_every_page_of_it(day):
    client = desk(day.eko)
    for model in READ_ONLY:
        for row in model.objects.all():
            if agency_of(row) == day.dki.pk:
                assert open_page(client, model, row) == 200, (model, row)


@pytest.mark.parametrize("name", ["indra", "former", "joni", "hasan"])
def test_evidence_of_a_section_is_not_for_strangers(day, name):
    client = desk(getattr(day, name))
    evidence = [CheckIn.objects.get(employee=day.ani), Prompt.objects.get(), day.domicile]
    for row in evidence:
        assert open_page(client, type(row), row) == 404
    if name in ("former", "joni"):
        for model in (CheckIn, Prompt, type(day.domicile), LocationRead):
            assert client.get(url(model, "changelist")).status_code == 403


def test_a_superior_sees_no_domicile_of_his_people(day):
    client = desk(day.citra)
    assert client.get(url(type(day.domicile), "changelist")).status_code == 403
    assert open_page(client, type(day.domicile), day.domicile) == 404


def test_somebody_who_stands_in_sees_the_people_and_stops_when_it_ends(day):
    prompt = Prompt.objects.get()
    assert open_page(desk(day.former), Prompt, prompt) == 404
    stand_in = Delegation.objects.create(
        superior=day.citra, deputy=day.former, kind="plh", starts=MONDAY, ends=MONDAY
    )
    assert open_page(desk(day.former), Prompt, prompt) == 200
    Delegation.objects.filter(pk=stand_in.pk).update(starts="2023-08-18", ends="2023-08-18")
    assert open_page(desk(day.former), Prompt, prompt) == 404


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("model", READ_ONLY, ids=lambda model: model._meta.model_name)
def test_nobody_adds_changes_or_deletes_evidence(day, model, name):
    client, before = desk(getattr(day, name)), list(model.objects.order_by("pk").values())
    row = model.objects.first()
    addresses = [url(model, "add"), url(model, "change", row.pk), url(model, "delete", row.pk)]
    for address in addresses:
        response = client.post(
            address, {"status": "accepted", "state": "answered", "name": "x", "post": "yes"}
        )
        has_form = response.status_code == 200 and name in FORMS.get(model._meta.label, ())
        refused = response.status_code in (403, 404, 405) or has_form
        assert refused or (response.status_code == 302 and "/login/" in response["Location"]), address
    bulk = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(url(model, "changelist"), bulk)
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("name", ["citra", "eko", "dewi", "fajar", "indra", "former"])
def test_configuration_is_the_technical_administrators_alone(day, name):
    client = desk(getattr(day, name))
    for model in PAGES:
        if model._meta.label in CONFIGURATION:
            assert client.get(url(model, "changelist")).status_code == 403
            assert client.get(url(model, "add")).status_code == 403
            assert client.post(url(model, "change", model.objects.first().pk), {}).status_code in (403, 404)


def test_the_technical_administrator_configures_and_sees_no_evidence(day):
    client = desk(day.joni)
    allowed = {m._meta.label for m in PAGES if client.get(url(m, "changelist")).status_code == 200}
    assert allowed == CONFIGURATION | {"policy.Unit"}
    assert "Ani" not in client.get("/admin/").content.decode()


def test_nobody_is_deleted_even_by_the_technical_administrator(day):
    client = desk(day.joni)
    for model in PAGES:
        status = client.post(url(model, "delete", model.objects.first().pk), {"post": "yes"}).status_code
        assert status in (403, 404)


def test_an_unknown_id_is_404_and_not_a_redirect(day):
    for model in READ_ONLY:
        assert desk(day.eko).get(url(model, "change", 999_999)).status_code == 404
        assert desk(day.eko).get(url(model, "change", "tidak-ada")).status_code == 404


def test_a_unit_board_of_somebody_elses_unit_is_404(day):
    for person, unit, status in [
        (day.eko, day.section, 200),
        (day.dewi, day.section, 200),
        (day.indra, day.section, 404),
        (day.hasan, day.section, 404),
        (day.citra, day.section, 404),
        (day.joni, day.section, 404),
    ]:
        assert desk(person).get("/admin/", {"unit": unit.pk}).status_code == status
    assert desk(day.eko).get("/admin/", {"unit": "1 OR 1=1"}).status_code == 404


@pytest.mark.parametrize(
    "lookup", ["distance_m__lt", "confidence__gt", "employee__nip__startswith", "is_mock"]
)
def test_hidden_values_cannot_be_found_out_through_the_query_string(day, lookup):
    response = desk(day.citra).get(url(CheckIn, "changelist"), {lookup: "1"})
    assert response.status_code in (302, 400)


def test_names_of_the_other_agency_stand_on_no_page(day):
    client = desk(day.eko)
    addresses = ["/admin/", *[url(model, "changelist") for model in READ_ONLY]]
    text = "".join(client.get(address).content.decode() for address in addresses)
    assert "Ani" in text and "Gita" not in text and "Hasan" not in text


def test_filters_offer_no_rows_of_other_agencies():
    """Every filter is over a choice or a flag of the row itself, never over related rows."""
    for model, page in admin.site._registry.items():
        for name in page.list_filter:
            if isinstance(name, str):
                try:
                    assert not model._meta.get_field(name).is_relation
                except FieldDoesNotExist:
                    pytest.fail(f"{model} {name}")


def test_decisions_of_others_are_403_where_seen_and_404_where_not(day):
    event = CheckIn.objects.get(employee=day.ani)
    address, said = url(CheckIn, "decide", event.pk), {"decision": "accepted", "note": "Sudah dihubungi."}
    for person, status in [
        (day.dewi, 403),
        (day.fajar, 403),
        (day.indra, 404),
        (day.hasan, 404),
        (day.joni, 404),
    ]:
        assert desk(person).post(address, said).status_code == status
    assert Review.objects.count() == 0
