"""The consents of customers on pages: seen, recorded, withdrawn, listed; and by whom not."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import AccessEntry, Staff
from consent.models import Consent, Receipt
from consent.panels import consents as panels
from consent.state import Key
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.consenting import answer, back_date_texts, consents, merge, purpose, says, withdraws
from tests.customers.builders import make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def planner(**fields: object) -> Staff:
    return make_staff("FP", employee_number="F00001", language="en", **fields)


def kept(**fields: object) -> Customer:
    """A customer of the planner."""
    return make_customer(**{"keeper_id": "F00001"} | fields)


def address(name: str, customer: Customer) -> str:
    return reverse(f"consent:{name}", args=[customer.number])


def field(code: str = "MARKETING", channel: str = "PHONE", recipient: int = 0) -> str:
    return f"answer_{purpose(code).pk}_{channel}_{recipient}"


def said(**answers: str) -> dict[str, object]:
    """The form, answered now on paper. answers: {field: answer}"""
    now = timezone.localtime().replace(second=0, microsecond=0)
    usual = {"method": "PAPER", "answered_at": now.strftime("%Y-%m-%dT%H:%M"), "by_role": "SELF", "key": uuid.uuid4()}
    return usual | answers


def record(client: Client, customer: Customer, form: dict[str, object]):
    """Show what changes, then record it; the last answer."""
    shown = client.post(address("receipt-record", customer), form)
    mark = shown.context.get("mark") if shown.context else None
    return client.post(address("receipt-record", customer), form | {"seen": mark}) if mark else shown


def cells(client: Client, customer: Customer, query: str = "") -> dict[tuple[str, str], str]:
    """{(purpose, channel): answer} as the page shows it, of what was answered."""
    report = client.get(address("receipt-list", customer) + query).context["report"]
    told = {(line.name, cell.of): cell.answer for line in report.lines for cell in line.cells}
    return {key: answer for key, answer in told.items() if answer != "Not asked"}


def test_the_page_shows_what_holds_and_every_receipt():
    customer, staff = kept(), planner()
    consents(customer, answer(), answer(channel="SMS", said="REFUSED"), by=staff, evidence="스캔 17")

    page = client_of(staff).get(address("receipt-list", customer))

    assert cells(client_of(staff), customer) == {
        ("Marketing and solicitation", "Telephone"): "Given",
        ("Marketing and solicitation", "Text message"): "Refused",
    }
    (line,) = page.context["receipts"]
    assert (line.method, line.proof, line.evidence, line.took) == ("Signed paper", "1 Signed", "스캔 17", "at once")
    assert [(row.of, row.answer, row.text) for row in line.answers] == [
        ("Telephone", "Given", "v1"),
        ("Text message", "Refused", "v1"),
    ]


def test_the_page_tells_the_state_at_any_instant():
    customer, client = kept(), client_of(planner())
    at = timezone.now().replace(microsecond=0)
    consents(customer, at=at - 3 * DAY, recorded_at=at)
    withdraws(customer, at=at - DAY)
    key = ("Marketing and solicitation", "Telephone")

    days = [timezone.localtime(at - count * DAY).strftime("%Y-%m-%dT%H:%M:%S") for count in (4, 2, 0)]
    shown = [cells(client, customer, f"?as_of={day}").get(key) for day in days]

    assert shown == [None, "Given", "Withdrawn"]
    assert cells(client, customer, "?as_of=nonsense") == {key: "Withdrawn"}
    assert cells(client, customer, "?as_of=0001-01-01") == {key: "Withdrawn"}


def test_the_page_of_a_survivor_shows_the_receipts_of_its_merged_numbers():
    customer, other, client = kept(), kept(), client_of(planner())
    consents(other, answer(said="REFUSED"))
    merge(other, customer)
    withdraws(customer)
    consents(customer, at=timezone.now(), recorded_at=timezone.now())

    page = client.get(address("receipt-list", customer))

    assert [bool(line.under) for line in page.context["receipts"]] == [False, True]
    assert cells(client, customer) == {("Marketing and solicitation", "Telephone"): "Given"}


def test_the_page_is_empty_where_nobody_asked():
    page = client_of(planner()).get(address("receipt-list", kept())).content.decode()
    assert "The customer was never asked" in page
    assert "The customer consents to nothing" in page


def test_answers_are_shown_as_changes_before_they_are_recorded():
    customer, staff = kept(), planner()
    client, form = client_of(staff), said(**{field(): "GIVEN", field(channel="SMS"): "REFUSED"})

    shown = client.post(address("receipt-record", customer), form)

    changes = [(each.of, each.before, each.after) for each in shown.context["changes"]]
    assert changes == [("Telephone", "Not asked", "Given"), ("Text message", "Not asked", "Refused")]
    assert Receipt.objects.count() == 0
    done = client.post(address("receipt-record", customer), form | {"seen": shown.context["mark"]})
    assert done.status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.taken_by, receipt.method, receipt.proof) == (staff, "PAPER", 2)
    assert Consent.objects.filter(answer="GIVEN").get().text.number == 1


def test_whoever_changes_the_form_after_that_is_shown_the_changes_again():
    customer, client = kept(), client_of(planner())
    form = said(**{field(): "GIVEN"})
    mark = client.post(address("receipt-record", customer), form).context["mark"]

    again = client.post(address("receipt-record", customer), form | {field(channel="SMS"): "GIVEN", "seen": mark})

    assert len(again.context["changes"]) == 2
    assert Receipt.objects.count() == 0


def test_a_form_that_is_sent_twice_is_one_receipt():
    customer, client = kept(), client_of(planner())
    form = said(**{field(): "GIVEN"})

    first, second = record(client, customer, form), record(client, customer, form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Receipt.objects.count() == 1


def test_what_stands_is_offered_to_be_withdrawn_and_the_rest_to_be_refused():
    customer, client = kept(), client_of(planner())
    consents(customer)

    form = client.get(address("receipt-record", customer)).context["form"]

    offered = [[value for value, _label in form.fields[field(channel=channel)].choices] for channel in ("PHONE", "SMS")]
    assert offered == [["", "GIVEN", "WITHDRAWN"], ["", "GIVEN", "REFUSED"]]
    assert record(client, customer, said(**{field(): "WITHDRAWN"})).status_code == 302
    assert says(customer) == "WITHDRAWN"


def test_a_provision_is_asked_for_each_recipient():
    customer, client = kept(), client_of(planner())
    form = client.get(address("receipt-record", customer)).context["form"]
    (line,) = [each for each in form.lines if each.purpose.code == "PROVISION_AFFILIATE"]

    answers = {cell.field.html_name: "GIVEN" for cell in line.cells if cell.of == "제휴 카드사"}
    record(client, customer, said(**answers))

    assert says(customer, "PROVISION_AFFILIATE", recipient="AFFILIATE_CARD") == "GIVEN"


@pytest.mark.parametrize(
    ("cells_", "field_", "sentence"),
    [
        ({}, None, "Nothing was answered"),
        ({"answered_at": "2999-01-01T10:00"}, "answered_at", "This instant has not come yet"),
        ({"answered_at": "2019-06-01T10:00"}, None, "The text was not in use at that instant"),
        ({"evidence_digest": "xyz"}, "evidence_digest", "A fingerprint has 64 digits"),
        ({"representative": "12"}, "representative", "There is no such customer that you may see"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cells_, field_, sentence):
    customer, client = kept(), client_of(planner())
    form = said(**({field(): "GIVEN"} if cells_ else {}), **cells_)

    page = record(client, customer, form)

    assert page.status_code == 200
    with translation.override("en"):
        errors = page.context["form"].errors
        assert sentence in " ".join(errors.get(field_ or "__all__", []))
    assert Receipt.objects.count() == 0


def test_the_page_warns_of_a_child_and_asks_for_the_representative():
    today = timezone.localdate()
    child, client = kept(birth_date=today.replace(year=today.year - 9, day=1)), client_of(planner())
    parent = kept(birth_date=today.replace(year=today.year - 40, day=1))

    assert "The customer is a child below 14" in client.get(address("receipt-record", child)).content.decode()
    refused = record(client, child, said(**{field(): "GIVEN"}))
    assert "representative" in refused.context["form"].errors
    more = {"by_role": "LEGAL_REP", "representative": parent.number}
    assert record(client, child, said(**{field(): "GIVEN"} | more)).status_code == 302
    assert Receipt.objects.get().representative == parent


def test_withdrawing_is_one_page_and_everything_unless_something_is_left_out():
    customer, client = kept(), client_of(planner())
    consents(customer, answer(), answer("INTEGRATED_USE"))
    page = client.get(address("consent-withdraw", customer))
    chosen = page.context["form"].fields["purposes"].initial
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")

    done = client.post(
        address("consent-withdraw", customer), {"purposes": chosen, "said_at": now, "method": "ORAL", "via": "전화"}
    )

    assert done.status_code == 302
    assert [says(customer), says(customer, "INTEGRATED_USE")] == ["WITHDRAWN", "WITHDRAWN"]
    assert "There is nothing to withdraw" in client.get(address("consent-withdraw", customer)).content.decode()


def test_a_withdrawal_of_nothing_or_to_come_is_refused():
    customer, client = kept(), client_of(planner())
    consents(customer)
    sent = {"said_at": "2999-01-01T10:00", "method": "ORAL", "purposes": [purpose().pk]}

    late = client.post(address("consent-withdraw", customer), sent)
    none = client.post(address("consent-withdraw", customer), {"said_at": "2026-01-01T10:00", "method": "ORAL"})

    assert (late.context["form"].errors.keys(), none.context["form"].errors.keys()) == ({"said_at"}, {"purposes"})
    assert says(customer) == "GIVEN"


@pytest.mark.parametrize("name", ["receipt-list", "receipt-record", "consent-withdraw"])
def test_strangers_see_nothing(name):
    mine, others, gone = kept(), make_customer(), make_retired(kept())
    client = client_of(planner())

    assert client.get(address(name, mine)).status_code == 200
    assert client.get(address(name, others)).status_code == 404
    assert client.get(address(name, gone)).status_code == 404
    assert client_of(make_staff("ADMINISTRATOR")).get(address(name, mine)).status_code == 403


def test_who_may_only_look_records_nothing():
    customer, client = make_customer(), client_of(make_staff("CAMPAIGN_MANAGER"))
    assert client.get(address("receipt-list", customer)).status_code == 200
    assert client.post(address("receipt-record", customer), said(**{field(): "GIVEN"})).status_code == 403
    assert client.post(address("consent-withdraw", customer), {}).status_code == 403


def test_the_panel_takes_two_queries_and_warns_where_nothing_may_be_used():
    customer, other, staff = kept(), kept(), planner()
    consents(customer, answer(), answer("PROVISION_AFFILIATE", recipient="AFFILIATE_CARD"))
    panels.consents(other, Staff.objects.get(pk=staff.pk))
    viewer = Staff.objects.get(pk=staff.pk)
    viewer.has_perm("consent.view_consent")
    panels.consents(other, viewer)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        panel = panels.consents(customer, viewer)

    assert len(queries) == 2
    assert (panel.count, panel.content.report.is_usable, panel.content.can_record) == (2, True, True)
    assert panels.consents(other, viewer).content.report.is_usable is False
    assert panels.consents(customer, make_staff("ADMINISTRATOR")) is None


def listed(client: Client, query: str = "") -> list[tuple[str, str, str]]:
    page = client.get(reverse("consent:consent-list") + query)
    return [(line.name, line.of, line.answer) for line in page.context["lines"]]


def test_the_list_tells_the_answers_that_count_and_can_be_narrowed():
    one, other, client = kept(name="김하나"), kept(name="박두리"), client_of(planner())
    now = timezone.now()
    consents(one, answer(), answer(channel="SMS"), at=now - DAY, recorded_at=now, evidence="스캔")
    withdraws(one, at=now, channel="SMS")
    consents(other, answer(), at=now - 715 * DAY, recorded_at=now, method="ORAL")
    consents(other, answer(channel="MAIL"), at=now - 800 * DAY, recorded_at=now)
    make_customer(name="남의손")

    assert listed(client) == [
        ("박두리", "Letter", "Lapsed"),
        ("박두리", "Telephone", "Given"),
        ("김하나", "Text message", "Withdrawn"),
        ("김하나", "Telephone", "Given"),
    ]
    assert listed(client, "?answer=GIVEN") == [("박두리", "Telephone", "Given"), ("김하나", "Telephone", "Given")]
    assert listed(client, "?answer=LAPSED") == [("박두리", "Letter", "Lapsed")]
    assert listed(client, "?is_expiring=on") == [("박두리", "Telephone", "Given")]
    assert listed(client, "?is_weak=on") == [("박두리", "Telephone", "Given")]
    assert listed(client, "?channel=SMS&purpose=MARKETING") == [("김하나", "Text message", "Withdrawn")]
    assert len(listed(client, "?purpose=NONSENSE&answer=x")) == 4
    assert listed(client, "?purpose=INTEGRATED_USE") == []


def test_the_list_measures_how_fast_withdrawals_stand_in_the_way():
    one, client = kept(), client_of(planner())
    now = timezone.now()
    consents(one, answer(), answer(channel="SMS"), answer(channel="MAIL"), at=now - 20 * DAY, recorded_at=now)
    for channel, hours in (("PHONE", 0), ("SMS", 3), ("MAIL", 50)):
        withdraws(one, at=now, channel=channel, said_at=now - timedelta(hours=hours))

    lags = client.get(reverse("consent:consent-list")).context["lags"]

    assert (lags.count, lags.median, lags.worst, lags.late) == (3, "3 hours", "2 days", 1)


def test_lists_take_as_many_queries_for_three_rows_as_for_one():
    client = client_of(make_staff("STEWARD_LEAD", language="en"))
    counts = {"consent:consent-list": [], "consent:conflict-list": []}
    for turn in (1, 2, 3):
        one, other = make_customer(), make_customer()
        consents(one, at=timezone.now(), recorded_at=timezone.now())
        consents(other, answer(said="REFUSED"))
        merge(other, one, at=timezone.now())
        for name, taken in counts.items():
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                page = client.get(reverse(name))
            taken.append(len(queries))
            assert len(page.context["lines"]) == turn * (2 if name == "consent:consent-list" else 1)

    assert [taken[0] == taken[2] for taken in counts.values()] == [True, True]


def test_the_page_of_a_customer_takes_as_many_queries_for_three_receipts_as_for_one():
    customer, client, taken = kept(), client_of(planner()), []
    for _turn in range(3):
        consents(customer, at=timezone.now(), recorded_at=timezone.now())
        client.get(address("receipt-list", customer))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("receipt-list", customer))
        taken.append(len(queries))

    assert taken[0] == taken[2]


def test_lists_are_empty_and_closed_to_strangers():
    lead = client_of(make_staff("STEWARD_LEAD", language="en"))
    empty = [lead.get(reverse(f"consent:{name}")).content.decode() for name in ("consent-list", "conflict-list")]

    assert ["Nobody has answered yet" in empty[0], "No conflict is open" in empty[1]] == [True, True]
    assert "No conflict is over yet" in lead.get(reverse("consent:conflict-list") + "?ended=1").content.decode()
    assert client_of(planner()).get(reverse("consent:conflict-list")).status_code == 403
    assert client_of(make_staff("ADMINISTRATOR")).get(reverse("consent:consent-list")).status_code == 403


def test_conflicts_tell_both_answers_and_what_holds():
    one, other = make_customer(name="하나"), make_customer()
    consents(one)
    consents(other, answer(said="REFUSED"))
    merge(other, one, at=timezone.now())
    client = client_of(make_staff("DATA_STEWARD", language="en"))

    (line,) = client.get(reverse("consent:conflict-list")).context["lines"]

    assert (line.name, line.of, line.own, line.other, line.holds) == (
        "하나",
        "Telephone",
        "Given",
        "Refused",
        "Refused",
    )
    assert "In 1 point the merged numbers" in client.get(address("receipt-list", one)).content.decode()
    consents(one, at=timezone.now() + DAY, recorded_at=timezone.now() + DAY)
    (over,) = client.get(reverse("consent:conflict-list") + "?ended=1").context["lines"]
    assert (over.outcome, over.holds) == ("Given", "Refused")


def test_pages_are_on_the_trail_with_whom_they_showed():
    customer, client = kept(), client_of(planner())
    client.get(address("receipt-list", customer))
    entry = AccessEntry.objects.order_by("pk").last()
    assert (entry.page, list(entry.customers)) == ("consent:receipt-list", [customer.pk])


def test_the_grid_has_a_cell_for_each_channel_of_a_purpose():
    customer, client = kept(), client_of(planner())
    consents(customer)
    lines = client.get(address("receipt-list", customer)).context["report"].lines
    shapes = {line.name: (len(line.cells), line.basis) for line in lines}
    assert shapes["Marketing and solicitation"] == (7, "")
    assert shapes["Service to the contract"] == (0, "Contract")
    assert Key(purpose().pk, "PHONE", None).channel == "PHONE"
