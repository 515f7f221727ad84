"""The pages of merging, unmerging, splitting and moving: what they show before, what they do, and who gets in."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Staff
from customers.models import Act, Customer, Link, Merge, Pair, Proposal
from customers.numbering import customer_number, written_number
from customers.services import locks
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, grant, make_rrn, person
from tests.customers.matching import said, words
from tests.customers.stewarding import everything, golden, merge, now, people, record, together

pytestmark = pytest.mark.usefixtures("master")
BASE = "/customers/{}/"
UNKNOWN = written_number(customer_number(999_999_999))


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


@pytest.fixture
def two() -> list[Customer]:
    """Two customers whose records differ in mobile and e-mail."""
    feed([person(source_key="K0", mobile="010-1111-2222", email="a@example.kr")])
    feed(
        [person(source_key="K1", name="김한나", birth_date="1985-03-20", mobile="010-3333-4444", as_of="2026-11-09")],
        "TM",
    )
    return list(Customer.objects.order_by("pk"))


def hidden(page: object) -> dict[str, str]:
    """The hidden fields of the form that does it."""
    form = re.findall(r'<form method="post".*?</form>', page.content.decode(), re.DOTALL)[-1]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def preview(client: Client, *customers: Customer, **more: str) -> object:
    """The page of a merge, the first customer asked from."""
    own, *others = customers
    url = f"/customers/{own.number}/merge/preview/"
    return client.get(url, {"with": [each.number for each in others], **more})


def send(client: Client, page: object, own: Customer, **more: str) -> object:
    data = hidden(page) | {"reason_code": "DOCUMENT", "comment": ""} | more
    return client.post(f"/customers/{own.number}/merge/", data, follow=True)


def test_strangers_do_not_get_in(two):
    other = make_staff("FP", language="en")
    one = two[0]
    pk = record("K0").pk
    paths = ("merge/", "merge/preview/", "unmerge/", f"records/{pk}/split/", f"records/{pk}/move/")
    urls = [f"{BASE.format(one.number)}{path}" for path in paths]

    for url in urls:
        for client in (client_of(other), client_of(make_staff("AUDITOR"))):
            assert [client.get(url).status_code, client.post(url).status_code] in ([403, 403], [403, 405])


def test_customers_that_one_may_not_see_are_not_found(two):
    steward = make_staff(language="en")
    permissions = ("view_customer", "merge_customer", "view_sourcerecord")
    held = Permission.objects.filter(codename__in=permissions, content_type__app_label="customers")
    steward.user_permissions.set(held)
    client = client_of(steward)
    one, other = two
    pk = record("K0").pk

    for path in ("merge/", "merge/preview/", f"records/{pk}/split/", f"records/{pk}/move/", "unmerge/"):
        assert client.get(f"{BASE.format(one.number)}{path}").status_code == 404
    grant(one, steward)
    page = client.get(f"/customers/{one.number}/merge/preview/", {"with": [other.number]})
    assert "There is no such customer that you may see" in words(page)
    assert together() == [["K0"], ["K1"]]


def test_the_choice_offers_customers_of_open_pairs_and_alike(client, two):
    Pair.objects.create(left=record("K0"), right=record("K1"), reason="ALIKE", weight=1.5, found_at=NOW)
    feed([person(source_key="K2", mobile="010-1111-2222", birth_date="")], "BANCA")
    alike = Customer.objects.latest("pk")

    page = client.get(f"/customers/{two[0].number}/merge/")

    offered = [(each.customer.digits, each.why) for each in page.context["candidates"]]
    assert offered[0] == (two[1].number, "An open pair: Much in common, but not enough")
    assert alike.number in [number for number, _why in offered]


def test_the_choice_says_when_nobody_is_alike(client):
    one, _other = people(2)

    assert "Nobody alike is known" in words(client.get(f"/customers/{one.number}/merge/"))


@pytest.mark.parametrize(
    ("numbers", "error"),
    [
        ("", "Choose a customer, or type a number."),
        ("C-000000001-1", "This is no customer number: C-000000001-1"),
        (UNKNOWN, f"There is no such customer that you may see: {UNKNOWN}"),
    ],
)
def test_a_choice_that_leads_nowhere_says_why(client, two, numbers, error):
    page = client.get(f"/customers/{two[0].number}/merge/preview/", {"numbers": numbers})

    assert (page.templates[0].name, error in words(page)) == ("customers/merge_choose.html", True)


def test_numbers_are_taken_as_people_write_them(client, two):
    number = two[1].number
    written = f"c{number[:9]}-{number[9]}"

    page = client.get(f"/customers/{two[0].number}/merge/preview/", {"numbers": f" {written}, "})

    assert [each.digits for each in page.context["report"].customers] == [two[0].number, number]


def test_more_than_five_are_not_merged_in_one_form(client):
    customers = people(6)

    page = preview(client, *customers)

    assert "Up to five customers are merged at once." in words(page)


def test_the_preview_shows_values_reasons_and_children(client, two):
    grant(two[1], make_staff())
    before = everything()

    report = preview(client, *two).context["report"]

    assert everything() == before
    rows = {row.label: row for row in report.values.rows}
    mobile = rows["Mobile"]
    assert (mobile.cells, mobile.is_changed) == (("010-1111-2222", "010-3333-4444", "010-3333-4444"), True)
    assert "2026-11-09" in mobile.why
    assert (rows["E-mail"].cells, rows["E-mail"].is_changed) == (("a@example.kr", "", "a@example.kr"), False)
    assert {row.label: row.cells for row in report.facts.rows} == {"Source records": ("1", "1", "2")}
    numbers = [written_number(each.number) for each in two]
    assert [(line.label, line.cells, line.after, line.is_kept) for line in report.children] == [
        ("Source records", tuple(zip(numbers, "11", strict=True)), "2", True),
        ("Grants to single staff", tuple(zip(numbers, "01", strict=True)), "1", True),
    ]
    assert (report.why, report.is_whole) == ((), True)


def test_the_survivor_is_chosen_by_its_button(client, two):
    page = preview(client, *two, survivor=two[1].number)

    assert [each.digits for each in page.context["report"].customers] == [two[1].number, two[0].number]
    answer = send(client, page, two[0])
    assert Merge.objects.values_list("retired", "survivor").get() == (two[0].pk, two[1].pk)
    assert answer.templates[0].name == "customers/act_detail.html"


def test_a_merge_is_done_as_seen_and_said(client, steward, two):
    answer = send(client, preview(client, *two), two[0], comment="등본 확인")

    act = Act.objects.get()
    assert said(answer) == ["The customers were merged. The act can be taken back."]
    assert (act.kind, act.by, act.reason_code, act.comment) == ("MERGE", steward, "DOCUMENT", "등본 확인")
    assert together() == [["K0", "K1"]]


def test_a_merge_without_a_reason_is_not_done(client, two):
    answer = send(client, preview(client, *two), two[0], reason_code="OTHER")

    assert "Say the reason in your own words." in words(answer)
    assert answer.templates[0].name == "customers/merge_preview.html"
    assert together() == [["K0"], ["K1"]]


def test_a_merge_of_customers_that_changed_since_is_not_done(client, two):
    page = preview(client, *two)
    feed([person(source_key="K0", mobile="010-9999-0000", email="a@example.kr", as_of="2026-11-10")])

    answer = send(client, page, two[0])

    assert said(answer) == ["Something changed since you looked. Nothing was done; this is how it is now."]
    assert together() == [["K0"], ["K1"]]
    assert "010-9999-0000" in words(answer)
    assert hidden(answer)["seen"] != hidden(page)["seen"]
    send(client, answer, two[0])
    assert together() == [["K0", "K1"]]


def test_of_two_stewards_at_once_one_wins_and_the_other_is_told(client, two):
    page, colleague = preview(client, *two), client_of(make_staff("DATA_STEWARD", language="en"))
    send(colleague, preview(colleague, *two), two[0])

    answer = send(client, page, two[0], follow=True)

    assert "One of the customers was merged meanwhile. Nothing was done; choose again." in said(answer)
    assert Act.objects.count() == 1


def test_the_steward_whose_own_customer_was_merged_meanwhile_is_told_where_it_went(client, steward):
    one, other, third = people(3)
    page = preview(client, one, other)
    merge(third, one, by=steward)

    answer = send(client, page, one)

    assert answer.redirect_chain == [(f"/customers/{one.number}/", 302)]
    assert said(answer) == ["One of the customers was merged meanwhile. Nothing was done; choose again."]
    assert written_number(third.number) in words(answer)


def test_a_resident_number_typed_for_a_customer_number_is_not_shown_again(client, two):
    rrn = make_rrn("850302", 2)

    page = client.get(f"/customers/{two[0].number}/merge/preview/", {"numbers": rrn})

    assert "This is no customer number: 850302-2******" in words(page)
    assert 'value="850302-2******"' in page.content.decode()


def test_a_merge_that_takes_two_persons_is_proposed(client, steward, two):
    Customer.objects.filter(pk=two[1].pk).update(grade="VIP")

    page = preview(client, *two)
    answer = send(client, page, two[0])

    assert page.context["report"].why == ("A customer of high value is among them.",)
    assert "Propose to a second person" in words(page)
    assert said(answer) == ["The merge was laid before a second person."]
    proposal = Proposal.objects.get()
    assert (proposal.survivor, proposal.retired_ids, proposal.proposed_by, proposal.why) == (
        *(two[0], [two[1].pk]),
        *(steward, ["VALUE"]),
    )
    again = send(client, preview(client, *two), two[0])
    assert said(again) == ["A proposal on one of these customers is waiting already; this is it."]
    assert together() == [["K0"], ["K1"]]


def test_a_busy_stock_is_told_and_nothing_is_done(client, two, monkeypatch):
    page = preview(client, *two)

    def busy() -> None:
        raise locks.StockBusy

    monkeypatch.setattr(locks, "hold_golden_soon", busy)
    answer = send(client, page, two[0])

    assert said(answer) == ["A feed or a match run is writing just now. Nothing was done; try again in a moment."]
    assert together() == [["K0"], ["K1"]]


def test_numbers_that_were_tampered_with_lead_back_to_the_choice(client, two):
    for customers in ("", two[0].number, f"{two[0].number} x", f"{two[1].number} 0000000000"):
        answer = client.post(f"/customers/{two[0].number}/merge/", {"customers": customers, "seen": "x"}, follow=True)
        assert said(answer) == ["Choose the customers again."]


def test_the_preview_needs_as_many_queries_for_customers_of_three_records_as_of_one(client):
    small, large, other = people(3)
    for source in ("TM", "BANCA"):
        feed([person(source_key=f"{source}1", name="박두리", birth_date="1961-03-11", mobile="010-2222-3333")], source)
    Link.objects.filter(record__source_key__in=("TM1", "BANCA1")).update(customer=large)
    preview(client, small, other)

    counts = []
    for customer in (small, large):
        with CaptureQueriesContext(connection) as queries:
            preview(client, customer, other)
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Unmerge


def asked(client: Client, retired: Customer) -> object:
    return client.get(f"/customers/{retired.number}/unmerge/")


def unmerge(client: Client, retired: Customer, page: object, **more: object) -> object:
    data = hidden(page) | {"reason_code": "MISTAKE", "comment": "", "keep_apart": "on"} | more
    return client.post(f"/customers/{retired.number}/unmerge/", data, follow=True)


def test_an_unmerge_shows_what_goes_back_and_does_it(client, steward, two):
    before = [golden(each) for each in two]
    merge(*two, by=steward)

    page = asked(client, two[1])
    answer = unmerge(client, two[1], page)

    report = page.context["report"]
    assert (report.retired.digits, report.holder.digits) == (two[1].number, two[0].number)
    assert (report.children, report.questions, report.told) == ((("Source records", "1"),), (), ())
    rows = {row.label: row.cells for row in report.values.rows}
    assert rows["Mobile"] == ("010-3333-4444", "010-1111-2222", "010-3333-4444")
    assert said(answer) == ["The number lives again. Whoever acted on the merged view is told."]
    assert [golden(each) for each in two] == before
    assert Act.objects.latest("pk").kind == "UNMERGE"


def test_records_that_came_since_are_asked_with_the_suggestion_chosen(client, steward):
    rrn = make_rrn("850302", 2, 11111)
    feed([person(source_key="K0", rrn=rrn), person(source_key="K1", name="박두리", rrn=make_rrn("700101", 2, 22222))])
    one, other = Customer.objects.order_by("pk")
    merge(one, other, by=steward)
    feed([person(source_key="K2", rrn=rrn)], "TM")
    Link.objects.filter(record__source_key="K2").update(linked_at=now())

    page = asked(client, other)
    refused = unmerge(client, other, page)
    field = f"record_{record('K2').pk}"

    (question,) = page.context["report"].questions
    assert (question.record, question.fits, question.name.text) == (record("K2"), one.pk, "김하나")
    assert [fit.split(" (")[0] for _pk, _number, fit in question.options] == ["speaks for it", "speaks against it"]
    assert re.search(rf'name="{field}" value="{one.pk}" required checked', page.content.decode())
    assert refused.templates[0].name == "customers/unmerge_preview.html"
    assert together() == [["K0", "K1", "K2"]]
    unmerge(client, other, page, **{field: other.pk})
    assert together() == [["K0"], ["K1", "K2"]]


def test_a_record_that_came_while_one_was_reading_is_asked_anew(client, steward, two):
    merge(*two, by=steward)
    page = asked(client, two[1])
    feed([person(source_key="K2", mobile="010-1111-2222")], "BANCA")
    Link.objects.filter(record__source_key="K2").update(customer=two[0], linked_at=now())

    answer = unmerge(client, two[1], page)

    assert answer.templates[0].name == "customers/unmerge_preview.html"
    assert len(answer.context["report"].questions) == 1
    assert Merge.objects.get().ended_by is None


def test_the_keeper_and_those_who_decided_are_named_before_they_are_told(client, steward, two):
    keeper = make_staff("FP", employee_number="F00009", name="이지킴")
    merge(*two, by=steward)
    Customer.objects.filter(pk=two[0].pk).update(keeper=keeper.employee_number)

    page = asked(client, two[1])

    assert [(name, what) for name, what, _since in page.context["report"].told] == [
        (str(keeper), "keeps the customer"),
    ]


def test_a_number_that_lives_is_not_unmerged(client, two):
    answer = client.get(f"/customers/{two[0].number}/unmerge/", follow=True)

    assert said(answer) == ["This number is not merged: somebody took the merge back already."]


# Split and move


def test_a_split_shows_what_changes_and_does_it(client, steward, two):
    merge(*two, by=steward)
    url = f"/customers/{two[0].number}/records/{record('K1').pk}/split/"

    page = client.get(url)
    again = client.post(url, {"reason_code": ""})
    answer = client.post(url, {"reason_code": "EVIDENCE", "comment": ""}, follow=True)

    rows = {row.label: row.cells for row in page.context["report"].values.rows}
    assert rows["Mobile"] == ("010-3333-4444", "010-1111-2222", "010-3333-4444")
    assert again.templates[0].name == "customers/split_preview.html"
    assert said(answer) == ["The record is a customer of its own now. The act can be taken back."]
    assert together() == [["K0"], ["K1"]]


def test_the_only_record_of_a_customer_is_not_split_off(client, two):
    answer = client.get(f"/customers/{two[0].number}/records/{record('K0').pk}/split/", follow=True)

    assert said(answer) == ["This is the only record of its customer. Merge the whole customer instead."]


def test_a_move_asks_whereto_shows_what_changes_and_does_it(client, steward):
    one, other, third = people(3)
    merge(one, other, by=steward)
    url = f"/customers/{one.number}/records/{record('K1').pk}/move/"

    first = client.get(url)
    wrong = client.get(url, {"into": UNKNOWN})
    page = client.get(url, {"into": third.number})
    answer = client.post(url, hidden(page) | {"reason_code": "EVIDENCE", "comment": ""}, follow=True)

    assert first.templates[0].name == wrong.templates[0].name == "customers/split_choose.html"
    assert "There is no such customer that you may see." in words(wrong)
    assert page.context["report"].into.digits == third.number
    assert said(answer) == ["The record was moved. The act can be taken back."]
    assert together() == [["K0"], ["K1", "K2"]]


def test_a_record_of_another_customer_is_not_found(client, two):
    for path in ("split", "move"):
        assert client.get(f"/customers/{two[0].number}/records/{record('K1').pk}/{path}/").status_code == 404
