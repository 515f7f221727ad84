"""The pages of organisations: who sees them, what they show, how many queries they take."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import Staff
from customers.models import Customer, SourceSystem
from customers.reading import Place, read
from relations.models import Affiliation, ItemOwner, Officer, PlaceOfBusiness
from relations.organisation_exports import OrganisationExport
from relations.panels.organisations import organisation as organisation_panel
from relations.views import organisations as organisation_views
from tests.accounts.builders import make_staff
from tests.customers.builders import company, contract, feed, make_brn, make_customer, make_retired, party
from tests.customers.profiles import whole_page
from tests.relations.organising import SINCE, add_officer, add_place, affiliate, make_organisation, steward

pytestmark = pytest.mark.usefixtures("master")
SYSTEMS = ("Group business(CORP)", "Policy administration(POLICY)")
FORMS = ("place-add", "head-office-move", "affiliation-add", "officer-add")


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page(staff: Staff, name: str, *words: object, query: str = ""):
    return browser_of(staff).get(reverse(f"relations:{name}", args=words) + query)


def post(staff: Staff, page_name: str, /, *words: object, **typed: object):
    return browser_of(staff).post(reverse(f"relations:{page_name}", args=words), typed)


def queries(staff: Staff, address: str) -> int:
    client = browser_of(staff)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def both_systems(**more: str) -> Customer:
    """An organisation that both systems hold under one business number, with another address and legal form."""
    brn = make_brn(11)
    feed([company(source_key="P1", company_no=brn, address="서울특별시 종로구 새누리로 1", **more)])
    sent = {"company_no": brn, "name": "(유)한빛상사", "address": "서울특별시 종로구 새누리로 2"}
    feed([company(source_key="C1", **sent | more)], "CORP")
    return Customer.objects.filter(state="ACTIVE").order_by("pk").first()


def test_strangers_are_refused():
    organisation = make_organisation()
    place, officer = add_place(organisation), add_officer(organisation)
    edge = affiliate(organisation, make_organisation("(주)가나"))
    number, admin, planner = organisation.number, make_staff("ADMINISTRATOR"), make_staff("FP")
    rows = (("place-end", place), ("officer-change", officer), ("officer-end", officer), ("affiliation-end", edge))

    assert page(admin, "organisation-list").status_code == 403
    assert page(admin, "organisation-detail", number).status_code == 403
    assert page(planner, "organisation-detail", number).status_code == 404
    assert page(planner, "owner-list").status_code == 403
    for name in FORMS:
        assert page(planner, name, number).status_code == 403
    for name, row in rows:
        assert page(planner, name, number, row.pk).status_code == 403


def test_a_row_of_another_organisation_is_not_found():
    mine, other = make_organisation(), make_organisation("(주)가나")
    place, officer = add_place(other), add_officer(other)
    edge = affiliate(other, make_organisation("(주)다라"))
    rows = (("place-end", place), ("officer-change", officer), ("officer-end", officer), ("affiliation-end", edge))

    found = [page(steward(), name, mine.number, row.pk).status_code for name, row in rows]

    assert found == [404] * len(rows)


def test_a_person_has_no_page_of_an_organisation_and_a_retired_number_leads_to_its_survivor():
    organisation, person, by = make_organisation(), make_customer(), steward()
    retired = make_retired(organisation, kind="ORG")

    assert page(by, "organisation-detail", person.number).status_code == 404
    answer = page(by, "organisation-detail", retired.number)
    assert (answer.status_code, answer.url) == (
        302,
        reverse("relations:organisation-detail", args=[organisation.number]),
    )


def test_the_list_is_narrowed_by_what_is_kept_of_organisations():
    by, first = steward(), make_organisation("(주)가나상사", company_no="1018100014")
    second, third = make_organisation("(재)다라문화재단"), make_organisation("마바식당")
    make_customer(name="김하나")
    add_place(first, "HEAD_OFFICE")
    affiliate(first, second)

    def numbers(query: str) -> list[str]:
        return [line.number for line in page(by, "organisation-list", query=query).context["lines"]]

    assert numbers("") == [first.number, second.number, third.number]
    assert numbers("?name=가나") == [first.number]
    assert numbers("?brn=101-81-00014") == [first.number]
    assert numbers("?brn=abc") == []
    assert numbers("?legal_form=FOUNDATION") == [second.number]
    assert numbers("?affiliates=on") == [first.number, second.number]
    assert numbers("?homeless=on") == [second.number, third.number]
    assert numbers("?group_contract=on") == []


@pytest.mark.parametrize("many", [0, 1_000])
def test_the_list_finds_policyholders_of_group_contracts(monkeypatch, many):
    monkeypatch.setattr(organisation_views, "MANY", many)
    feed([company(source_key="C1"), company(source_key="C2", name="(주)가나")], "CORP")
    feed([contract(product_group="GROUP")], "CORP", "contracts")
    feed([party(party_source_key="C1")], "CORP", "parties")

    answer = page(steward(), "organisation-list", query="?group_contract=on")

    assert [line.name for line in answer.context["lines"]] == ["(주)한빛상사"]
    assert answer.context["summary"] == "1 organisation"


def test_an_empty_list_says_what_to_do():
    assert b"There is no organisation here yet" in page(steward(), "organisation-list").content
    assert b"No organisation matches" in page(steward(), "organisation-list", query="?name=없음").content


def test_the_list_takes_as_many_queries_for_three_as_for_one():
    by, counts = steward(), []
    for wanted in (1, 2):
        for place in range(wanted):
            made = make_organisation(f"(주)가나{wanted}{place}")
            add_place(made, "HEAD_OFFICE")
            add_officer(made)
        counts.append(queries(by, reverse("relations:organisation-list")))

    assert counts[0] == counts[1]


def test_the_page_takes_as_many_queries_for_many_rows_as_for_one():
    organisation, by, counts = make_organisation(), steward(), []
    for place in range(3):
        add_place(organisation, name=f"지점{place}")
        add_officer(organisation, customer=make_customer())
        affiliate(organisation, make_organisation(f"(주)가나{place}"))
        counts.append(queries(by, reverse("relations:organisation-detail", args=[organisation.number])))

    assert counts[0] == counts[2]


def test_the_page_shows_what_each_system_says_with_what_differs_first():
    organisation = both_systems()

    answer = page(steward(), "organisation-detail", organisation.number)

    sides = answer.context["report"].sides
    assert [(row.item, row.differs) for row in sides.rows][:3] == [
        ("legal_form", True),
        ("address", True),
        ("name", False),
    ]
    assert (sides.sources, sides.differing, sides.unowned) == (SYSTEMS, 2, 7)
    assert [cell.text for cell in sides.rows[0].cells] == ["Limited company", "Stock company"]


def test_the_page_shows_places_and_people_as_of_a_day():
    organisation, by = make_organisation(), steward()
    add_place(organisation, "HEAD_OFFICE", name="옛 본사")
    typed = {"name": "새 본사", "on": "2026-03-01", "basis": "REGISTER"}
    assert post(by, "head-office-move", organisation.number, **typed).status_code == 302

    def offices(query: str) -> list[str]:
        report = page(by, "organisation-detail", organisation.number, query=query).context["report"]
        return [place.name for place in report.places]

    assert offices("") == ["새 본사"]
    assert offices("?as_of=2026-02-28") == ["옛 본사"]
    assert offices("?as_of=2020-01-01") == []
    assert page(by, "organisation-detail", organisation.number, query="?as_of=x").status_code == 200


def test_the_group_is_shown_from_its_top_down():
    top, middle, bottom, other = (make_organisation(f"(주){name}") for name in ("가나", "다라", "마바", "사아"))
    affiliate(top, middle, share_percent="51.00")
    affiliate(middle, bottom)
    affiliate(top, other, kind="AFFILIATE")

    answer = page(steward(), "organisation-detail", middle.number)

    lines = [(line.face.name, line.indent, line.is_self, line.share) for line in answer.context["report"].tree]
    assert lines == [
        ("(주)가나", 0, False, ""),
        ("(주)사아", 1, False, ""),
        ("(주)다라", 1, True, "51%"),
        ("(주)마바", 2, False, ""),
    ]


def test_an_affiliate_outside_the_readers_scope_is_a_silhouette():
    planner = make_staff("FP", employee_number="F00001", language="en")
    mine, other = make_organisation(keeper_id="F00001"), make_organisation("(주)비밀계열")
    affiliate(other, mine)

    content = page(planner, "organisation-detail", mine.number).content.decode()

    assert "비밀계열" not in content
    assert "(not among your customers)" in content


def test_the_page_shows_group_contracts_of_the_policyholder():
    feed([company(source_key="C1")], "CORP")
    feed([contract(product_group="GROUP", contract_no="G-1"), contract(contract_no="G-2")], "CORP", "contracts")
    rows = [party(contract_no=number, party_source_key="C1") for number in ("G-1", "G-2")]
    feed(rows, "CORP", "parties")

    answer = page(steward(), "organisation-detail", Customer.objects.get().number)

    assert [each.number for each in answer.context["report"].contracts] == ["G-1"]


def test_each_form_does_what_it_says():
    organisation, other, by = make_organisation(), make_organisation("(주)가나"), steward()
    number, told = organisation.number, {"basis": "REGISTER", "on": "2024-01-01"}
    place = {"kind": "BRANCH", "name": "부산지점", "company_no": make_brn(3)}
    edge = {"side": "below", "other": other.number, "kind": "SUBSIDIARY", "share_percent": "60"}

    answers = [
        post(by, "place-add", number, **place, **told),
        post(by, "affiliation-add", number, **edge, **told),
        post(by, "officer-add", number, duty="PEOPLE", name="김담당", **told),
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    officer, made, below = Officer.objects.get(), PlaceOfBusiness.objects.get(), Affiliation.objects.get()
    assert (below.parent_id, below.child_id) == (organisation.pk, other.pk)
    successor = {"duty": "PEOPLE", "name": "박후임", "on": "2026-01-01", "basis": "ORGANISATION"}
    post(by, "officer-change", number, officer.pk, **successor)
    post(by, "officer-end", number, Officer.objects.latest("pk").pk, on="2026-02-01")
    post(by, "place-end", number, made.pk, on="2026-02-01")
    post(by, "affiliation-end", number, below.pk, on="2026-02-01")

    ended = [
        row.ended_on
        for row in (*Officer.objects.order_by("pk"), *PlaceOfBusiness.objects.all(), *Affiliation.objects.all())
    ]
    assert ended == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 1), date(2026, 2, 1)]


def test_forms_say_why_they_refuse():
    organisation, by = make_organisation(), steward()
    unseen = make_customer()
    number, told = organisation.number, {"basis": "REGISTER"}
    add_place(organisation, "HEAD_OFFICE")

    def errors(page_name: str, /, *words: object, **typed: object) -> dict[str, list[str]]:
        return post(by, page_name, number, *words, **typed).context["form"].errors

    assert list(errors("place-add", kind="HEAD_OFFICE", name="본사", **told)) == ["__all__"]
    assert list(errors("place-add", kind="SHOP", name="본점", company_no="1", **told)) == ["company_no"]
    edge = {"side": "above", "kind": "FRANCHISE"}
    assert list(errors("affiliation-add", other=unseen.number, **edge, **told)) == ["other"]
    assert list(errors("affiliation-add", other=number, **edge, **told)) == ["other"]
    assert list(errors("officer-add", duty="CHIEF", name="김담당", phone="x", **told)) == ["phone"]
    office = PlaceOfBusiness.objects.get()
    assert list(errors("place-end", office.pk, on=f"{SINCE.year - 1}-01-01")) == ["on"]


def test_the_panel_adds_two_queries_however_many_rows():
    organisation, counts = make_organisation(), []
    for place in range(3):
        add_place(organisation, name=f"지점{place}")
        add_officer(organisation, customer=make_customer())
        affiliate(organisation, make_organisation(f"(주)가나{place}"))
        viewer = steward()
        customer = Customer.objects.get(pk=organisation.pk)
        assert viewer.has_perm("relations.view_organisation")
        assert read(customer, viewer, Place.PROFILE)["name"].text  # what the page knows of its reader anyway
        with CaptureQueriesContext(connection) as captured:
            panel = organisation_panel(customer, viewer)
        counts.append(len(captured))

    assert counts == [2, 2, 2]
    content = panel.content
    assert (content.place_count, content.group_count, content.officer_count) == (3, 3, 3)


def test_only_organisations_have_the_panel_and_only_for_those_who_may():
    viewer, campaign = steward(), make_staff("CAMPAIGN_MANAGER")
    answer = whole_page(browser_of(viewer), make_organisation())

    assert "organisation" in [panel.id for panel in answer.context["panels"]]
    assert organisation_panel(make_customer(), viewer) is None
    assert organisation_panel(make_organisation(), campaign) is None


def test_pairs_of_organisations_can_be_asked_for_alone():
    answer = browser_of(steward()).get(reverse("customers:pair-list"), {"kind": "ORG"})

    assert [active.value for active, _without in answer.context["active_filters"]] == ["Organisation"]


def test_the_overview_counts_what_the_systems_say_and_contradict():
    both_systems()
    feed([company(source_key="P2", name="(주)가나", company_no=make_brn(12))])

    report = page(steward(), "owner-list").context["report"]

    lines = {
        line.item: (tuple(count for _source, count in line.held), line.compared, line.differing)
        for line in report.lines
    }
    assert report.sources == SYSTEMS
    assert lines["legal_form"] == (("1", "2"), "1", "1")
    assert lines["address"] == (("1", "1"), "1", "1")
    assert lines["company"] == (("1", "2"), "1", "0")
    assert (report.unowned, report.history) == (7, ())


def test_an_owner_is_given_changed_and_ended_with_its_history():
    by = steward()
    sources = dict(SourceSystem.objects.values_list("code", "pk"))

    def give(code: str):
        return post(by, "owner-give", "address", source=sources[code], reason="법인영업부와 합의")

    assert give("CORP").status_code == 302
    assert list(give("CORP").context["form"].errors) == ["source"]
    assert give("POLICY").status_code == 302
    standing = ItemOwner.objects.get(ended_at=None)
    assert post(by, "owner-end", standing.pk).status_code == 302

    report = page(by, "owner-list").context["report"]
    assert [(line.source, bool(line.ended)) for line in report.history] == [
        ("Policy administration", True),
        ("Group business", True),
    ]
    assert page(by, "owner-give", "birth_date").status_code == 404


def test_the_file_of_the_list_holds_what_the_list_shows():
    by, organisation = steward(), make_organisation(company_no="1018100014")
    add_place(organisation, "HEAD_OFFICE", address="서울특별시 종로구 새누리로 12")
    make_organisation("(유)가나")
    exported = OrganisationExport()

    conditions = exported.understood({"brn": ["101-81-00014"], "page": ["2"]}, by)
    rows = list(exported.rows(by, conditions))

    assert conditions == {"brn": "101-81-00014"}
    assert exported.count(by, conditions, 10) == 1
    with translation.override("en"):
        assert exported.in_words(conditions, is_whole=False) == [("Business number", "101-81-00014")]
    assert rows[0][1] == "(주)한빛상사"
    assert rows[0][3:5] == ["101-81-00014", "서울특별시 종로구 새누리로 12"]
    assert len(rows[0]) == len(exported.columns(by, conditions)) == 11


def test_values_of_contact_persons_pass_the_read_path():
    officer = make_staff("COMPLIANCE_OFFICER", language="en")
    organisation = make_organisation()
    add_officer(organisation, "김담당", phone="010-7982-1264", email="desk91@hanbit.co.kr")

    content = page(officer, "organisation-detail", organisation.number).content.decode()

    assert "desk91@hanbit.co.kr" not in content
    assert "010-7982-1264" not in content
