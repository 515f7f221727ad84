"""The pages of a day, of retired numbers and of numbers that came back."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Customer, Link
from customers.numbering import written_number
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import KST, make_customer, make_rrn, person
from tests.customers.histories import bring_back, fed, merge
from tests.customers.profiles import whole_page

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn("850302", 2)
SAME = {"name": "김하나", "birth_date": "1985-03-02", "sex": "F", "rrn": RRN}
MOST_QUERIES = 22


def day(month: int, number: int = 10) -> datetime:
    return datetime(2024, month, number, 9, tzinfo=KST)


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def steward() -> Client:
    return client_of(make_staff("DATA_STEWARD", language="en"))


def reader_of_histories(**fields: object) -> Staff:
    """A planner who may also read the history of the own customers."""
    planner = make_staff("FP", language="en", **fields)
    planner.user_permissions.add(Permission.objects.get(codename="view_customer_history"))
    return planner


def latecomer() -> Customer:
    """A customer whose second record arrived in June though it was true from February."""
    fed([person(**SAME, source_key="P1", mobile="010-1111-2222", as_of="2024-01-05")], at=day(1))
    late = person(**SAME, source_key="B1", mobile="010-3333-4444", as_of="2024-02-01")
    return fed([late], "BANCA", at=day(6))


def test_the_page_of_a_day_marks_differences_in_words():
    page = steward().get(latecomer().get_absolute_url(), {"as_of": "2024-03-01"})

    text = page.content.decode()
    assert page.templates[0].name == "customers/customer_as_of.html"
    assert "The customer as of 2024-03-01" in text
    wanted = ("010-1111-2222", "010-3333-4444", "arrived on 2024-06-10", "Shown otherwise", "Arrived only later")
    assert [words for words in wanted if words not in text] == []


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ("gestern", "This is no day."),
        ("2024-02-30", "This is no day."),
        (lambda: f"{timezone.localdate() + timedelta(days=2)}", "This day has not come yet."),
    ],
)
def test_nonsense_and_days_to_come_are_told_in_the_page(asked, fault):
    page = steward().get(make_customer().get_absolute_url(), {"as_of": asked() if callable(asked) else asked})

    assert (page.status_code, page.context["report"]) == (200, None)
    assert fault in page.content.decode()
    assert "This day cannot be shown" in page.content.decode()


def test_a_day_before_the_customer_existed_is_an_empty_state():
    page = steward().get(latecomer().get_absolute_url(), {"as_of": "2023-05-05"})

    text = page.content.decode()
    assert "There is nothing to show of that day" in text
    assert "Hannun did not know this customer yet: it came to be on 2024-01-10." in text


def test_no_day_is_the_page_of_today():
    page = steward().get(make_customer().get_absolute_url(), {"as_of": ""})

    assert page.templates[0].name == "customers/customer_detail.html"


def test_a_day_is_forbidden_to_those_who_may_not_read_histories():
    planner = make_staff("FP")
    customer, other = make_customer(keeper=planner), make_customer()
    statuses = [
        client_of(planner).get(one.get_absolute_url(), {"as_of": "2024-03-01"}).status_code for one in (customer, other)
    ]

    assert statuses == [403, 403]


def test_a_day_of_a_customer_outside_the_scope_is_not_found():
    keeper, stranger = reader_of_histories(), reader_of_histories()
    customer = make_customer(keeper=keeper)

    statuses = [
        client_of(staff).get(customer.get_absolute_url(), {"as_of": "2024-03-01"}).status_code
        for staff in (keeper, stranger)
    ]

    assert statuses == [200, 404]


def test_a_day_of_a_retired_number_is_for_those_who_see_its_survivor():
    keeper, former = reader_of_histories(), reader_of_histories()
    survivor, retired = make_customer(keeper=keeper), make_customer(keeper=former)
    merge(retired, survivor, at=day(6))

    statuses = [
        client_of(staff).get(retired.get_absolute_url(), {"as_of": "2024-03-01"}).status_code
        for staff in (keeper, former)
    ]

    assert statuses == [200, 404]


def test_no_identifier_stands_in_the_clear():
    text = steward().get(latecomer().get_absolute_url(), {"as_of": "2024-07-01"}).content.decode()

    assert ("850302-2******" in text, RRN in text, RRN.replace("-", "") in text) == (True, False, False)


def test_a_day_needs_as_many_queries_for_three_records_as_for_one():
    one = fed([person(source_key="S1", name="이하나", as_of="2024-01-05")], at=day(1))
    rows = [person(name="최하나", birth_date="1970-01-01", rrn=make_rrn("700101", 2)) for _row in range(3)]
    three = fed([row | {"as_of": "2024-01-05"} for row in rows], at=day(1))
    for customer in (one, three):
        Customer.objects.filter(pk=customer.pk).update(main_branch=make_branch(), keeper=make_staff("FP"))
    client = steward()

    client.get(one.get_absolute_url(), {"as_of": "2024-03-01"})
    counts = []
    for customer in (one, three):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(customer.get_absolute_url(), {"as_of": "2024-03-01"})
        counts.append((len(queries), len(page.context["report"].records)))

    assert counts[0][0] == counts[1][0] <= MOST_QUERIES
    assert [records for _queries, records in counts] == [1, 3]


def test_the_history_leads_to_the_page_of_each_change_and_of_any_day():
    customer = latecomer()

    text = whole_page(steward(), customer).content.decode()

    assert 'type="date" name="as_of"' in text
    assert ['href="?as_of=2024-06-10T09:00"' in text, 'href="?as_of=2024-01-10T09:00"' in text] == [True, True]


def test_the_page_of_a_retired_number_says_who_why_and_how_it_was_before():
    survivor, retired = make_customer(name="김하나"), make_customer()
    merge(retired, survivor, at=day(6), by=make_staff("DATA_STEWARD", name="정다은"), reason_code="DOCUMENT")

    text = steward().get(retired.get_absolute_url()).content.decode()

    wanted = ("2024-06-10 09:00", "정다은", "Seen in a document", 'href="?as_of=2024-06-10T08:59"')
    assert [words for words in wanted if words not in text] == []


def test_the_page_of_a_chain_names_every_step():
    first, second, third = (make_customer() for _number in range(3))
    merge(first, second, at=day(6), by=make_staff("DATA_STEWARD", name="정다은"), reason_code="EVIDENCE")
    merge(second, third, at=day(7))

    pages = [steward().get(retired.get_absolute_url()) for retired in (first, second)]

    steps = [[(step.number, step.into) for step in page.context["retirement"].steps] for page in pages]
    assert steps == [
        [(first.number, second.number), (second.number, third.number)],
        [(second.number, third.number)],
    ]
    text = pages[0].content.decode()
    wanted = ("2024-06-10 09:00", "Evident from the records", "2024-07-10 09:00", "automatic, by rule")
    assert [words for words in wanted if words not in text] == []


def test_a_number_that_came_back_is_an_ordinary_page_whose_history_says_so():
    survivor, retired = make_customer(), make_customer()
    merged = merge(retired, survivor, at=day(6))
    back = bring_back(merged, at=day(9), by=make_staff("DATA_STEWARD", name="정다은"), reason_code="MISTAKE")

    page = whole_page(steward(), back)

    panels = {panel.id: panel.content for panel in page.context["panels"]}
    newest = next(row for row in panels["history"] if row.at == "2024-09-10 09:00")
    assert page.templates[0].name == "customers/customer_detail.html"
    assert [(change.label, change.before, change.after) for change in newest.changes] == [
        ("state", "Merged", "Active"),
        ("merged into", written_number(survivor.number), ""),
    ]
    acts = [(entry.title, entry.facts) for entry in panels["timeline"] if entry.kind == "Decision"]
    assert acts == [
        ("Unmerged", (str(Staff.objects.get(name="정다은")), "An earlier decision was a mistake")),
        ("Merged", ("automatic, by rule",)),
    ]


@pytest.mark.parametrize("form", ["C-{0}-{1}", "c{0}{1}"])
def test_a_retired_number_as_written_leads_to_its_page_for_those_who_see_the_survivor(form):
    keeper, stranger = make_staff("FP"), make_staff("FP")
    retired = make_customer()
    merge(retired, make_customer(keeper=keeper), at=day(6))
    address = f"/customers/{form.format(retired.number[:9], retired.number[9])}/"

    answers = [client_of(staff).get(address) for staff in (keeper, stranger)]

    assert (answers[0].status_code, answers[0].url, answers[1].status_code) == (302, retired.get_absolute_url(), 404)


def test_a_record_under_a_retired_number_leads_to_the_record_under_its_survivor():
    retired = fed([person(source_key="P1", as_of="2024-01-05")], at=day(1))
    survivor = make_customer()
    merge(retired, survivor, at=day(6))
    record = Link.objects.get().record_id

    answer = steward().get(f"{retired.get_absolute_url()}records/{record}/")

    assert (answer.status_code, answer.url) == (302, f"{survivor.get_absolute_url()}records/{record}/")


WRITINGS = ["{0}{1}", "C-{0}-{1}", "c{0}-{1}", "C {0} {1}", "C–{0}–{1}", "Ｃ－{0}－{1}", "ㅊ-{0}-{1}", " {0} {1} "]


@pytest.mark.parametrize("form", WRITINGS)
def test_search_resolves_a_retired_number_in_any_writing(form):
    survivor, retired = make_customer(), make_customer()
    merge(retired, survivor, at=day(6), by=make_staff("DATA_STEWARD", name="정다은"), reason_code="DOCUMENT")
    written = form.format(retired.number[:9], retired.number[9])

    page = steward().get("/customers/search/", {"q": written}, follow=True)

    assert page.redirect_chain == [(survivor.get_absolute_url(), 302)]
    assert f"{written_number(retired.number)} was merged into {written_number(survivor.number)} on 2024-06-10." in (
        page.content.decode()
    )
    assert "Why: Seen in a document." in page.content.decode()


def test_search_tells_every_step_of_a_chain():
    first, second, third = (make_customer() for _number in range(3))
    merge(first, second, at=day(6))
    merge(second, third, at=day(7))

    page = steward().get("/customers/search/", {"q": first.number}, follow=True)

    said = [str(message) for message in page.context["messages"]]
    assert [words.partition(" on ")[0] for words in said] == [
        f"{written_number(first.number)} was merged into {written_number(second.number)}",
        f"{written_number(second.number)} was merged into {written_number(third.number)}",
    ]
    assert page.redirect_chain == [(third.get_absolute_url(), 302)]


def test_search_finds_a_number_that_came_back_as_itself():
    survivor, retired = make_customer(), make_customer()
    back = bring_back(merge(retired, survivor, at=day(6)), at=day(7))

    page = steward().get("/customers/search/", {"q": back.number}, follow=True)

    assert (page.redirect_chain, list(page.context["messages"])) == ([(back.get_absolute_url(), 302)], [])
