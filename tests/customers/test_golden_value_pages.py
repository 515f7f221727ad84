"""Setting values of a customer on its pages: who may, what is offered, what is refused, what is taken back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from customers.models import Act, Customer, SourceRecord, Wish
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import feed, make_customer, make_retired, make_rrn, person
from tests.customers.golden.permits import login, permitted
from tests.customers.matching import said, words

pytestmark = pytest.mark.usefixtures("master")
RRN, OTHER_RRN = make_rrn("850302", 2), make_rrn("850302", 2, 34567)
REASON = {"reason_code": "DOCUMENT", "comment": ""}


@pytest.fixture
def customer() -> Customer:
    """A customer of two sources that disagree on the mobile; BANCA is the newer."""
    feed([person(source_key="P", rrn=RRN, mobile="010-1111-2222", email="a@example.kr")])
    feed([person(source_key="B", rrn=RRN, mobile="010-3333-4444", as_of="2026-11-02")], "BANCA")
    return Customer.objects.get()


@pytest.fixture
def steward() -> Client:
    return login("correct_customer")


def url(customer: Customer, tail: str) -> str:
    return f"{customer.get_absolute_url()}{tail}"


def record(key: str) -> SourceRecord:
    return SourceRecord.objects.get(source_key=key)


def pin(client: Client, customer: Customer, key: str = "P", item: str = "mobile", **more: str) -> object:
    return client.post(url(customer, f"pin/{item}/"), {"record": record(key).pk, **REASON, **more})


def errors_of(answer: object) -> dict[str, list[str]]:
    """What a form was refused for, as a reader of English sees it."""
    with override("en"):
        return {name: list(map(str, errors)) for name, errors in answer.context["form"].errors.items()}


def pages(customer: Customer) -> list[str]:
    return [url(customer, tail) for tail in ("pin/mobile/", "correct/mobile/", "prefer/", "wishes/")]


def test_a_page_that_sets_values_is_forbidden_to_those_who_may_not(customer):
    for client in (login("view_goldenrules"), login("correct_customer", sees=False)):
        assert [client.get(page).status_code for page in pages(customer)] == [403] * 4
        assert client.post(url(customer, "wishes/1/take-back/")).status_code == 403


def test_a_customer_outside_the_scope_is_not_found(customer):
    stranger = Client()
    stranger.force_login(permitted("correct_customer", sees_all=False, branch=make_branch()))

    assert [stranger.get(page).status_code for page in pages(customer)] == [404] * 4
    assert stranger.post(url(customer, "wishes/1/take-back/")).status_code == 404


def test_what_is_unknown_is_not_found(customer, steward):
    tails = ["pin/shoe/", "correct/shoe/", "correct/marketing_consent_on/", "pin/address/", "pin/crn/", "correct/crn/"]

    assert [steward.get(url(customer, tail)).status_code for tail in tails] == [404] * 6
    assert steward.post(url(customer, "wishes/1/take-back/")).status_code == 404
    retired = make_retired(customer)
    assert [steward.get(page).status_code for page in pages(retired)[:3]] == [404] * 3
    assert steward.get(url(make_customer(), "correct/mobile/")).status_code == 404


def test_a_value_is_pinned_from_the_customers_page(customer, steward):
    page = steward.get(customer.get_absolute_url()).content.decode()
    links = re.findall(r'href="([^"]+/pin/mobile/[^"]*)"', page)
    assert links == [url(customer, f"pin/mobile/?record={record(key).pk}") for key in ("P", "B")]

    offered = steward.get(links[0]).context["form"]
    assert [text for _pk, text in offered.fields["record"].choices] == [
        "010-3333-4444 · Bancassurance(BANCA) · 2026-11-02",
        "010-1111-2222 · Policy administration(POLICY) · 2026-11-01",
    ]
    assert offered["record"].value() == record("P").pk
    answer = pin(steward, customer, comment="전화로 확인")

    assert (answer.status_code, answer.url) == (302, url(customer, "#reason-mobile"))
    customer.refresh_from_db()
    assert customer.mobile == "01011112222"
    shown = steward.get(customer.get_absolute_url())
    row = {row.code: row for row in shown.context["panels"][0].content}["mobile"]
    today = timezone.localdate().isoformat()
    assert row.wished == f"Value pinned · 김하나 · {today} · until it is taken back"
    assert row.reason == "The value of Policy administration(POLICY) was chosen because a person pinned it."
    assert [offer.why for offer in row.beaten] == ["A person pinned another value."]
    assert row.change == "It changes when the pin ends or is taken back."


def test_a_reader_without_the_right_sees_what_was_set_and_no_links(customer, steward):
    pin(steward, customer)

    page = login("view_goldenrules").get(customer.get_absolute_url()).content.decode()

    assert "Value pinned" in page
    assert re.findall(r"/(?:pin|correct|wishes)/", page) == []


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"reason_code": ""}, "reason_code", "Choose a reason."),
        ({"reason_code": "OTHER"}, "comment", "Say the reason in your own words."),
        ({"ends_on": "2020-01-01"}, "ends_on", "This day is over."),
        ({"record": "1"}, "record", "This record holds the item no more. Choose another value."),
        ({"record": ""}, "record", "Choose a value."),
    ],
)
def test_a_pin_without_what_it_needs_is_refused(customer, steward, more, field, sentence):
    answer = pin(steward, customer, **more)

    assert (answer.status_code, errors_of(answer)) == (200, {field: [sentence]})
    assert Act.objects.count() == 0


def test_what_was_set_is_taken_back_from_the_customers_page(customer, steward):
    pin(steward, customer)
    page = steward.get(customer.get_absolute_url()).content.decode()
    (take_back,) = re.findall(r'action="([^"]+/take-back/)"', page)

    answer = steward.post(take_back)

    customer.refresh_from_db()
    assert (answer.url, customer.mobile) == (url(customer, "wishes/"), "01033334444")


def test_a_value_is_corrected(customer, steward):
    page = steward.get(url(customer, "correct/mobile/"))
    assert "Golden value now 010-3333-4444" in words(page)

    answer = steward.post(url(customer, "correct/mobile/"), {"mobile": "010-9876-5432", **REASON})

    assert (answer.status_code, answer.url) == (302, url(customer, "#reason-mobile"))
    customer.refresh_from_db()
    assert (customer.mobile, customer.record_count) == ("01098765432", 3)
    row = {row.code: row for row in steward.get(customer.get_absolute_url()).context["panels"][0].content}["mobile"]
    assert row.source == "Data stewards(STEWARD)"
    assert row.wished.startswith("Value corrected · 김하나")


def test_the_record_and_the_run_of_a_correction_have_pages(customer):
    client = Client()
    client.force_login(make_staff("DATA_STEWARD", language="en"))
    client.post(url(customer, "correct/mobile/"), {"mobile": "010-9876-5432", **REASON})
    record = SourceRecord.objects.get(source__code="STEWARD")

    page = client.get(url(customer, f"records/{record.pk}/"))
    run = client.get(f"/customers/feeds/{record.feed_run_id}/")

    assert page.context["cells"] == [("mobile", "010-9876-5432")]
    assert (run.status_code, "repeat" in run.content.decode()) == (200, False)


def test_an_item_that_nobody_holds_is_corrected_too(customer, steward):
    page = steward.get(customer.get_absolute_url()).content.decode()
    assert f'href="{url(customer, "correct/address/")}"' in page

    steward.post(
        url(customer, "correct/address/"), {"address": "서울 강남구 테헤란로 12", "postcode": "06236", **REASON}
    )

    customer.refresh_from_db()
    assert (customer.address, customer.postcode) == ("서울특별시 강남구 테헤란로 12", "06236")


@pytest.mark.parametrize(
    ("item", "typed", "errors"),
    [
        ("mobile", {}, {"mobile": ["Type the right value."]}),
        (
            "mobile",
            {"mobile": "없음"},
            {"mobile": ["The value is a known placeholder, not a fact about the customer."]},
        ),
        ("address", {"postcode": "06236"}, {"address": ["This column must not be empty."]}),
        ("birth_date", {"birth_date": "1985-02-30"}, {"birth_date": ["The date does not exist in the calendar."]}),
    ],
)
def test_a_correction_that_cannot_be_read_says_why(customer, steward, item, typed, errors):
    answer = steward.post(url(customer, f"correct/{item}/"), {**typed, **REASON})

    assert (answer.status_code, errors_of(answer)) == (200, errors)
    assert Act.objects.count() == 0


def test_a_resident_number_is_neither_echoed_nor_shown(customer, steward):
    refused = steward.post(url(customer, "correct/rrn/"), {"rrn": OTHER_RRN, "reason_code": "", "comment": ""})
    steward.post(url(customer, "correct/rrn/"), {"rrn": OTHER_RRN, **REASON})

    customer.refresh_from_db()
    texts = [refused.content.decode(), *(steward.get(page).content.decode() for page in pages(customer))]
    assert customer.rrn_mask == "850302-2******"
    assert [OTHER_RRN[7:] in text for text in texts] == [False] * 5


@pytest.mark.parametrize("item", ["name", "mobile", "address", "email", "company"])
def test_a_resident_number_typed_elsewhere_is_not_shown_again(customer, steward, item):
    page = steward.get(url(customer, f"correct/{item}/"))
    columns = [name for name in page.context["form"].fields if name not in REASON]

    refused = steward.post(url(customer, f"correct/{item}/"), dict.fromkeys(columns, OTHER_RRN) | {"comment": ""})

    assert refused.status_code == 200
    assert OTHER_RRN not in refused.content.decode()


def test_a_resident_number_in_a_comment_is_masked(customer, steward):
    pin(steward, customer, comment=f"신분증 {OTHER_RRN}")

    page = steward.get(url(customer, "wishes/"))

    assert "신분증 850302-2******" in words(page)
    assert OTHER_RRN not in page.content.decode()


def test_a_source_is_preferred_for_one_item_or_for_all(customer, steward):
    page = steward.get(url(customer, "prefer/"))
    form = page.context["form"]
    assert [name for _code, name in form.fields["source"].choices] == [
        *("Choose a source", "Policy administration(POLICY)", "Bancassurance(BANCA)")
    ]
    assert [code for code, _name in form.fields["item"].choices] == [
        *("", "name", "birth_date", "sex", "rrn", "mobile", "email")
    ]

    policy = record("P").source_id
    answer = steward.post(url(customer, "prefer/"), {"source": policy, "item": "", **REASON})

    assert (answer.status_code, answer.url) == (302, url(customer, "wishes/"))
    customer.refresh_from_db()
    assert (customer.mobile, Wish.objects.get().item) == ("01011112222", "")


def test_what_was_set_is_listed_and_taken_back(customer, steward):
    pin(steward, customer, comment="전화로 확인", ends_on=(timezone.localdate() + timedelta(days=3)).isoformat())
    steward.post(url(customer, "correct/email/"), {"email": "hana@example.kr", **REASON})
    acts = list(Act.objects.order_by("-pk"))

    report = steward.get(url(customer, "wishes/")).context["report"]
    assert [(line.act, line.what, line.items, line.value, line.source) for line in report.standing] == [
        (acts[0], "Value corrected", "E-mail", "hana@example.kr", "Data stewards(STEWARD)"),
        (acts[1], "Value pinned", "Mobile", "010-1111-2222", "Policy administration(POLICY)"),
    ]
    for act in acts:
        answer = steward.post(url(customer, f"wishes/{act.pk}/take-back/"), follow=True)
        assert said(answer) == ["It was taken back. The values were chosen again."]

    report = steward.get(url(customer, "wishes/")).context["report"]
    ended = f"taken back · 김하나 · {timezone.localdate()}"
    assert (report.standing, [line.ended for line in report.past]) == ((), [ended] * 2)
    customer.refresh_from_db()
    assert (customer.mobile, customer.email, customer.record_count) == ("01033334444", "a@example.kr", 2)


def test_what_was_taken_back_meanwhile_is_told(customer, steward):
    pin(steward, customer)
    steward.get(customer.get_absolute_url())
    address = url(customer, f"wishes/{Act.objects.get().pk}/take-back/")
    steward.post(address, follow=True)

    answer = steward.post(address, follow=True)

    assert said(answer) == ["Somebody took this back meanwhile."]
    assert Act.objects.count() == 2


def test_an_act_on_another_customer_is_not_found(customer, steward):
    pin(steward, customer)
    feed([person(source_key="X", name="박다른", birth_date="1970-01-01", mobile="010-2222-3333")])
    other = Customer.objects.exclude(pk=customer.pk).get()

    assert steward.post(url(other, f"wishes/{Act.objects.get().pk}/take-back/")).status_code == 404


def test_what_changes_something_is_not_done_by_a_link(customer, steward):
    pin(steward, customer)

    assert steward.get(url(customer, f"wishes/{Act.objects.get().pk}/take-back/")).status_code == 405


def test_nothing_set_is_told_as_such(customer, steward):
    page = words(steward.get(url(customer, "wishes/")))

    assert "No value is set by a person All values of this customer were chosen by rule." in page


def test_the_list_needs_as_many_queries_for_three_as_for_one(customer, steward):
    pin(steward, customer)
    steward.get(url(customer, "wishes/"))
    counts = []
    for more in (0, 2):
        for _number in range(more):
            pin(steward, customer)
        with CaptureQueriesContext(connection) as queries:
            steward.get(url(customer, "wishes/"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_pages_speak_korean_to_their_reader(customer):
    client = Client()
    client.force_login(permitted("correct_customer", language="ko"))

    texts = [client.get(page).content.decode() for page in pages(customer)]

    assert ['lang="ko"' in text for text in texts] == [True] * 4
