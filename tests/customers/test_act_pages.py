"""The log of acts and the page of one: who sees what, what it moved, and how it is taken back."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, Customer, Link, Pair
from customers.numbering import written_number
from customers.panels.acts import decisions
from customers.services import deciding, splits, taking_back, wishes
from customers.services.unmerges import unmerge_customer
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.customers.matching import said, words
from tests.customers.profiles import whole_page
from tests.customers.stewarding import merge, now, people, record, together, unmerge

pytestmark = pytest.mark.usefixtures("master")
ACTS = "/customers/acts/"


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD", language="en")


@pytest.fixture
def client(steward) -> Client:
    return client_of(steward)


def take_back(client: Client, act: Act, **more: object) -> object:
    data = {"reason_code": "MISTAKE", "comment": ""} | more
    return client.post(f"{ACTS}{act.pk}/take-back/", data, follow=True)


@pytest.mark.parametrize(
    ("role", "status"), [("FP", 403), ("ADMINISTRATOR", 403), ("AUDITOR", 200), ("DATA_STEWARD", 200)]
)
def test_acts_are_shown_to_whom_the_role_opens_them(steward, role, status):
    one, other = people(2)
    act = merge(one, other, by=steward)
    client = client_of(make_staff(role))

    assert [client.get(url).status_code for url in (ACTS, f"{ACTS}{act.pk}/")] == [status] * 2
    assert client.post(f"{ACTS}{act.pk}/take-back/").status_code == (200 if role == "DATA_STEWARD" else 403)
    assert together() == [["K0", "K1"]]


def test_the_list_tells_who_did_what_the_newest_first(client, steward):
    one, other = people(2)
    merge(one, other, by=steward, comment="등본")
    unmerge(other, by=steward)

    page = client.get(ACTS)

    lines = page.context["lines"]
    assert [(line.kind, line.by, line.why) for line in lines] == [
        ("Unmerged", str(steward), ""),
        ("Merged", str(steward), "Seen in a document"),
    ]
    assert [each.number for each in lines[1].customers] == [written_number(each.number) for each in (one, other)]
    assert page.context["summary"] == "2 acts"


def test_numbers_of_customers_that_one_may_not_see_are_not_told(steward):
    one, other = people(2)
    act = merge(one, other, by=steward)

    page = client_of(make_staff("AUDITOR", language="en")).get(f"{ACTS}{act.pk}/")

    assert "not visible to you" in words(page)
    assert written_number(one.number) not in words(page)


def test_the_list_is_narrowed_by_kind_person_and_day(client, steward):
    one, other, third = people(3)
    old = merge(one, other, by=steward, at=timezone.now() - timedelta(days=40))
    of_colleague = merge(one, third, by=make_staff("DATA_STEWARD"), at=timezone.now())

    found = {
        query: [line.act for line in client.get(f"{ACTS}?{query}").context["lines"]]
        for query in ("kind=MERGE", "kind=SPLIT", "mine=on", f"since={timezone.localdate()}", "kind=x&since=y")
    }

    assert list(found.values()) == [[of_colleague, old], [], [old], [of_colleague], [of_colleague, old]]


def test_the_list_says_why_it_is_empty(client):
    assert "Nobody has decided anything yet" in words(client.get(ACTS))
    assert "No decision is like this" in words(client.get(f"{ACTS}?kind=SPLIT"))


def test_the_list_is_paged_by_place(client, steward, monkeypatch):
    monkeypatch.setattr("customers.paging.PAGE_SIZE", 2)
    one, other = people(2)
    for _time in range(2):
        merge(one, other, by=steward)
        unmerge(other, by=steward)
    expected = list(Act.objects.order_by("-pk"))

    first = client.get(ACTS).context["page"]
    second = client.get(f"{ACTS}?older_than={first.older_than}").context["page"]

    assert [*first.rows, *second.rows] == expected
    assert (first.newer_than, second.older_than) == (None, None)


def test_the_list_needs_as_many_queries_for_three_acts_as_for_one(client, steward):
    one, *others = people(4)
    merge(one, others[0], by=steward)
    client.get(ACTS)

    with CaptureQueriesContext(connection) as alone:
        client.get(ACTS)
    for other in others[1:]:
        merge(one, other, by=steward)
    with CaptureQueriesContext(connection) as many:
        client.get(ACTS)

    assert len(many) == len(alone)


def test_the_page_of_a_merge_tells_what_moved(client, steward):
    one, other = people(2)
    act = merge(one, other, by=steward, comment="900101-1234567 확인")

    report = client.get(f"{ACTS}{act.pk}/").context["report"]

    numbers = [written_number(each.number) for each in (other, one)]
    assert [(move.label, move.count, move.source.number, move.target.number) for move in report.moves] == [
        ("Source records", "1", *numbers)
    ]
    assert [(line.retired.number, line.into.number, line.unmerge_number) for line in report.merges] == [
        (*numbers, other.number)
    ]
    assert "1234567" not in report.line.comment
    assert (report.refusal, report.blockers, report.questions) == ("", (), ())


def test_an_act_is_taken_back_from_its_page(client, steward):
    one, other = people(2)
    act = merge(one, other, by=steward)

    answer = take_back(client, act, comment="잘못")

    act.refresh_from_db()
    assert said(answer) == ["The act was taken back."]
    assert (act.taken_back_by.kind, act.taken_back_by.comment) == ("TAKE_BACK", "잘못")
    assert together() == [["K0"], ["K1"]]
    assert "Takes back" in words(answer)
    assert "It was taken back." in words(client.get(f"{ACTS}{act.pk}/"))
    assert said(take_back(client, act)) == ["It was taken back."]


def test_later_acts_are_listed_instead_of_a_form(client, steward):
    feed([person(source_key="K0", rrn=make_rrn()), person(source_key="K1", rrn=make_rrn())])
    feed([person(source_key="K2", name="박두리", birth_date="1971-01-01")])
    one, other = Customer.objects.order_by("pk")
    act = merge(one, other, by=steward)
    later, _new = splits.split_record(record=record("K1"), by=steward, at=now())

    page = client.get(f"{ACTS}{act.pk}/")
    answer = take_back(client, act)

    assert [line.act for line in page.context["report"].blockers] == [later]
    assert "Take these back first, from top to bottom." in words(page)
    assert said(answer) == ["Later acts rest on this one. Take those back first."]
    assert act.taken_back_by is None


def test_records_that_came_since_are_asked_on_the_page_of_the_act(client, steward):
    one, other = people(2)
    act = merge(one, other, by=steward)
    feed([person(source_key="N0", name="한다솜", birth_date="1980-01-01")])
    Link.objects.filter(record__source_key="N0").update(customer=one, linked_at=now())
    field = f"record_{record('N0').pk}"

    page = client.get(f"{ACTS}{act.pk}/")
    refused = take_back(client, act)
    answer = take_back(client, act, **{field: other.pk})

    assert re.findall(rf'name="{field}" value="(\d+)"', page.content.decode()) == [str(one.pk), str(other.pk)]
    assert refused.templates[0].name == "customers/act_detail.html"
    assert said(answer) == ["The act was taken back."]
    assert together() == [["K0"], ["K1", "N0"]]


def test_what_a_rule_did_points_at_unmerging(client, steward):
    feed([person(source_key="K0", rrn=make_rrn()), person(source_key="K1", name="박두리", birth_date="1971-01-01")])
    feed([person(source_key="K1", rrn=make_rrn(), as_of="2026-11-02")])
    act = Act.objects.get()

    page = client.get(f"{ACTS}{act.pk}/")

    assert act.by is None
    assert "A rule did this. Take each of its merges back by itself." in words(page)
    assert "automatic, by rule" in words(page)
    assert f"/customers/{page.context['report'].merges[0].unmerge_number}/unmerge/" in page.content.decode()


def test_a_decision_on_a_pair_is_taken_back_by_whoever_decides_pairs(client, steward):
    people(2)
    pair = Pair.objects.create(left=record("K0"), right=record("K1"), reason="ALIKE", found_at=NOW)
    pair = Pair.objects.select_related("left__link", "right__link").get()
    seen = deciding.mark_of(pair)
    act = deciding.decide_pair(pair=pair, answer=deciding.Answer("DIFFERENT"), seen=seen, by=steward, at=now())

    page = client.get(f"{ACTS}{act.pk}/")
    take_back(client, act)

    assert f"/customers/pairs/{pair.pk}/" in page.content.decode()
    assert Pair.objects.get().state == "OPEN"


def test_a_pin_tells_its_item_and_is_taken_back(client, steward):
    feed([person(source_key="K0", mobile="010-1111-2222")])
    customer = Customer.objects.get()
    act = wishes.pin_value(
        customer=customer, item="mobile", record=record("K0"), by=steward, at=now(), reason_code="EVIDENCE"
    )

    page = client.get(f"{ACTS}{act.pk}/")
    answer = take_back(client, act)

    assert page.context["report"].items == "Mobile"
    assert said(answer) == ["The act was taken back."]


def test_an_act_about_somebody_hidden_is_not_taken_back(steward):
    one, other = people(2)
    act = merge(one, other, by=steward)
    lead = make_staff("FP", language="en")
    lead.user_permissions.set(Permission.objects.filter(codename__in=("view_act", "merge_customer", "view_customer")))
    lead.groups.clear()

    answer = take_back(client_of(lead), act)

    assert said(answer) == ["It was also about customers that you may not see."]
    assert together() == [["K0", "K1"]]


def test_an_unknown_act_is_not_found(client):
    assert client.get(f"{ACTS}1/").status_code == 404


def test_the_panel_shows_decisions_and_numbers_merged_in(steward):
    one, other, third = people(3)
    merge(one, other, third, by=steward)
    unmerge_customer(retired=third, by=steward, at=now(), answers={})

    panel = decisions(one, steward)

    assert [line.act.kind for line in panel.content.acts] == ["UNMERGE", "MERGE"]
    assert [each.digits for each in panel.content.absorbed] == [other.number]
    assert panel.content.can_merge
    assert decisions(one, make_staff("FP")) is None
    assert not decisions(one, make_staff("AUDITOR")).content.can_merge


def test_the_panel_is_on_the_page_and_says_when_there_is_nothing(client, settings):
    settings.CUSTOMER_PANELS = ["customers.panels.acts.decisions"]
    one, _other = people(2)

    page = whole_page(client, one)

    assert "Nobody has decided anything about this customer." in words(page)
    assert f"/customers/{one.number}/merge/" in page.content.decode()


def test_the_panel_needs_as_many_queries_for_three_acts_as_for_one(steward):
    one, *others = people(4)
    merge(one, others[0], by=steward)
    decisions(Customer.objects.get(pk=one.pk), Staff.objects.get(pk=steward.pk))  # fills the cache
    counts = []
    for other in (None, *others[1:]):
        if other:
            merge(one, other, by=steward)
        with CaptureQueriesContext(connection) as queries:
            decisions(Customer.objects.get(pk=one.pk), Staff.objects.get(pk=steward.pk))
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_a_merge_that_was_unmerged_shows_by_which_act(client, steward):
    one, other = people(2)
    act = merge(one, other, by=steward)
    undone = unmerge(other, by=steward)

    page = client.get(f"{ACTS}{act.pk}/")

    assert page.context["report"].merges[0].ended_by == undone.pk
    assert taking_back.later_acts(act) == [undone]
