"""Who is in scope: what the registers say outranks the sources, at once, with history, event and reason."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from consent.models import CleanupAsk, GateChange, Purpose
from consent.services.consents import Answer, record_receipt, withdraw
from consent.services.gate import regate_after
from consent.tasks import follow_gate
from customers.gates import missing_proofs
from customers.models import ChangeEvent, Customer
from customers.services import gating
from customers.services.locks import GOLDEN_LOCK
from tests.accounts.builders import make_staff
from tests.consent.gating import TODAY, answer, sent, verify
from tests.customers.builders import NOW, make_customer, make_retired
from tests.customers.stewarding import merge, unmerge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
DAY = "2026-01-05"
BEFORE, LATER = NOW - timedelta(days=400), NOW + timedelta(hours=1)


def regated(customer: Customer, *, at: object = NOW) -> str:
    gating.regate(customers=[customer.pk], at=at, because="NIGHT")
    return Customer.objects.get(pk=customer.pk).gate


def changes() -> list[tuple[str, str, str]]:
    return list(GateChange.objects.order_by("pk").values_list("before", "after", "because"))


# What the source says of name and consent, what was answered here, what was verified here, and where that leads.
CASES = [
    ("a source alone says both", DAY, DAY, [], [], "IN_SCOPE"),
    ("a source alone says nothing", "", "", [], [], "NEITHER"),
    ("a consent given here is enough", DAY, "", ["GIVEN"], [], "IN_SCOPE"),
    ("a consent withdrawn here outranks the source", DAY, DAY, ["GIVEN", "WITHDRAWN"], [], "NO_CONSENT"),
    ("a consent refused here outranks the source", DAY, DAY, ["REFUSED"], [], "NO_CONSENT"),
    ("who withdrew may give it again", DAY, "", ["GIVEN", "WITHDRAWN", "GIVEN"], [], "IN_SCOPE"),
    ("a name verified here is enough", "", DAY, [], [True], "IN_SCOPE"),
    ("a name that did not agree outranks the source", DAY, DAY, [], [False], "UNVERIFIED"),
    ("the last attempt counts when it fails", "", DAY, [], [True, False], "UNVERIFIED"),
    ("the last attempt counts when it succeeds", "", DAY, [], [False, True], "IN_SCOPE"),
    ("both registers against the source", DAY, DAY, ["REFUSED"], [False], "NEITHER"),
    ("both registers without the source", "", "", ["GIVEN"], [True], "IN_SCOPE"),
]


@pytest.mark.parametrize(("verified", "consented", "answers", "attempts", "gate"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_a_register_outranks_the_source_where_it_speaks(verified, consented, answers, attempts, gate):
    customer = sent(verified=verified, consented=consented)
    for place, said in enumerate(answers):
        answer(customer, said, at=BEFORE + timedelta(days=place))
    for place, is_verified in enumerate(attempts):
        verify(customer, is_verified=is_verified, mismatch="" if is_verified else "NAME",
               verified_at=BEFORE + timedelta(days=place))  # fmt: skip

    assert regated(customer) == gate


@pytest.mark.parametrize(
    ("days", "gate"),
    [(1, "IN_SCOPE"), (0, "UNVERIFIED"), (-1, "UNVERIFIED")],
    ids=["one day left", "on the day itself", "the day after"],
)
def test_a_verification_holds_until_the_day_it_expires(days, gate):
    customer = sent(verified="", consented=DAY)
    verify(customer, expires_on=TODAY + timedelta(days=30))

    assert regated(customer, at=NOW + timedelta(days=30 - days)) == gate


@pytest.mark.parametrize(("days", "gate"), [(1, "IN_SCOPE"), (0, "NO_CONSENT"), (-1, "NO_CONSENT")])
def test_a_consent_holds_until_the_day_it_expires(days, gate):
    customer = sent(verified=DAY)
    answer(customer, at=BEFORE, expires_on=TODAY + timedelta(days=days))

    assert regated(customer) == gate


def test_another_purpose_says_nothing_about_the_gate():
    customer = sent(verified=DAY, consented=DAY)
    answer(customer, "REFUSED", purpose="PROVISION_AFFILIATE")

    assert regated(customer) == "IN_SCOPE"


def test_a_change_has_its_history_its_event_and_its_reason():
    customer = sent(verified=DAY, consented=DAY)
    known = ChangeEvent.objects.count()
    answer(customer, "WITHDRAWN")

    assert regate_after(customers=[customer.pk], at=LATER, because="CONSENT_WITHDRAWN") == 1
    assert regate_after(customers=[customer.pk], at=LATER, because="CONSENT_WITHDRAWN") == 0

    assert changes() == [("IN_SCOPE", "NO_CONSENT", "CONSENT_WITHDRAWN")]
    event = ChangeEvent.objects.order_by("sequence").last()
    assert (ChangeEvent.objects.count() - known, event.kind, event.items) == (1, "GATE", ["gate"])
    last = customer.history.order_by("history_id").last()
    assert (last.gate, last.history_date, last.name, last.history_type) == ("NO_CONSENT", LATER, "김하나", "~")
    with translation.override("en"):
        assert missing_proofs([customer]) == {customer.pk: ["consent was withdrawn"]}


def test_projecting_again_never_undoes_what_the_register_says():
    customer = sent(verified=DAY, consented=DAY, mobile="010-2345-6789")
    answer(customer, "WITHDRAWN")
    regated(customer)

    again = sent(verified=DAY, consented="2026-11-02", mobile="010-2345-6780", as_of="2026-11-20",
                 at=NOW + timedelta(days=1))  # fmt: skip

    assert (again.pk, again.mobile, again.gate) == (customer.pk, "01023456780", "NO_CONSENT")
    assert len(changes()) == 1


def test_what_a_source_changes_is_told_with_the_source_as_reason():
    customer = sent(verified="", consented=DAY)

    sent(verified=DAY, consented=DAY, as_of="2026-11-20", at=NOW + timedelta(days=1))

    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"
    assert changes() == [("UNVERIFIED", "IN_SCOPE", "SOURCES")]


def test_the_first_gate_of_a_customer_is_no_change():
    sent(verified=DAY, consented=DAY)

    assert changes() == []


def test_a_projection_that_changes_the_gate_alone_is_an_event_of_the_gate():
    customer = sent(verified=DAY, consented=DAY)
    answer(customer, "WITHDRAWN")
    sent(verified=DAY, consented=DAY, name="김두나", as_of="2026-11-20", at=NOW + timedelta(days=1))
    kinds = ChangeEvent.objects.filter(customer=customer).order_by("sequence").values_list("kind", "items")

    assert list(kinds)[-1] == ("CHANGED", ["gate", "name"])


def test_of_a_merged_number_it_is_the_gate_of_the_survivor():
    survivor = make_customer(gate="IN_SCOPE", real_name_verified_on=date(2026, 1, 5))
    retired = make_retired(survivor, gate="IN_SCOPE")
    answer(retired, "WITHDRAWN", at=BEFORE)

    assert regate_after(customers=[retired.pk], at=NOW, because="CONSENT_WITHDRAWN") == 1

    assert [Customer.objects.get(pk=one.pk).gate for one in (survivor, retired)] == ["NO_CONSENT", "IN_SCOPE"]


def test_an_unmerge_gives_each_its_own_gate_back():
    steward = make_staff("DATA_STEWARD")
    one = sent(key="A", verified=DAY, name="한여름")
    other = sent(key="B", verified=DAY, name="박가을", birth_date="1970-07-07")
    answer(one, "GIVEN")
    answer(other, "WITHDRAWN")
    gating.regate(customers=[one.pk, other.pk], at=NOW, because="NIGHT")
    gates = dict(Customer.objects.values_list("pk", "gate"))

    merge(one, other, by=steward)
    assert Customer.objects.get(pk=one.pk).gate == "NO_CONSENT"
    unmerge(other, by=steward)

    assert gates == {one.pk: "IN_SCOPE", other.pk: "NO_CONSENT"}
    assert dict(Customer.objects.values_list("pk", "gate")) == gates


def test_all_customers_are_found_anew_piece_by_piece(monkeypatch):
    monkeypatch.setattr(gating, "PIECE", 2)
    stale = [make_customer(gate="NEITHER", real_name_verified_on=date(2026, 1, 5)) for _each in range(5)]
    make_customer(gate="NEITHER")
    make_customer(gate="IN_SCOPE", state="SEPARATED", separated_at=NOW)

    assert gating.regate_all(at=NOW, because="NIGHT") == 5
    assert gating.regate_all(at=NOW, because="NIGHT") == 0

    assert set(Customer.objects.filter(pk__in=[one.pk for one in stale]).values_list("gate", flat=True)) == {
        "NO_CONSENT"
    }
    assert set(changes()) == {("NEITHER", "NO_CONSENT", "NIGHT")}


def test_while_the_stock_is_written_nobody_waits_and_a_worker_does_it_later(django_capture_on_commit_callbacks):
    customer = make_customer(gate="IN_SCOPE", real_name_verified_on=date(2026, 1, 5))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [GOLDEN_LOCK])
        with django_capture_on_commit_callbacks() as callbacks:
            assert regate_after(customers=[customer.pk], at=NOW, because="CONSENT_WITHDRAWN") == 0
    finally:
        other.close()

    assert len(callbacks) == 1
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"


def test_the_register_is_asked_as_often_for_three_as_for_one(django_assert_num_queries):
    ones = [make_customer() for _each in range(3)]
    for customer in ones:
        answer(customer, "GIVEN")

    for asked in (ones[:1], ones):
        with django_assert_num_queries(1):
            assert len(missing_proofs(asked)) == len(asked)


def test_of_two_attempts_in_one_minute_the_one_recorded_later_counts():
    customer = sent(consented=DAY)
    verify(customer, is_verified=False, mismatch="PHONE")
    verify(customer)
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"

    verify(customer, is_verified=False, mismatch="PHONE")

    assert Customer.objects.get(pk=customer.pk).gate == "UNVERIFIED"


def test_of_several_verifications_one_that_holds_is_enough():
    customer = sent(consented=DAY)
    verify(customer, verified_at=BEFORE)
    verify(customer, expires_on=TODAY + timedelta(days=1))

    assert regated(customer, at=NOW + timedelta(days=9)) == "IN_SCOPE"


def test_a_receipt_brings_in_scope_and_a_withdrawal_takes_out_at_once():
    customer, staff = sent(verified=DAY), make_staff("DATA_STEWARD")
    words = {"customer": customer, "by": staff}
    given = [Answer(Purpose.objects.get(code="INTEGRATED_USE"), "GIVEN")]

    record_receipt(answers=given, method="PAPER", answered_at=timezone.now(), at=timezone.now(), **words)
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"
    withdraw(at=timezone.now(), **words)

    assert Customer.objects.get(pk=customer.pk).gate == "NO_CONSENT"
    assert [because for _before, _after, because in changes()] == ["CONSENT_GIVEN", "CONSENT_WITHDRAWN"]


def test_the_night_finds_what_has_lapsed_and_asks_for_it():
    customer = sent(verified=DAY)
    answer(customer, at=BEFORE, expires_on=timezone.localdate())
    Customer.objects.update(gate="IN_SCOPE")

    follow_gate()
    follow_gate()

    assert changes() == [("IN_SCOPE", "NO_CONSENT", "CONSENT_LAPSED")]
    assert list(CleanupAsk.objects.values_list("customer", "kind", "state")) == [(customer.pk, "ASK_CONSENT", "OPEN")]
