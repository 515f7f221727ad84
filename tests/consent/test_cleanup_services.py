"""The standing clean-up: questions open and close by what the gate says, and whom it lets go in the end."""

from datetime import date, timedelta

import pytest

from consent.models import CleanupAsk, DestructionBatch, DestructionItem
from consent.reports.gate import customers_to_let_go
from consent.rules.retention import Due
from consent.services import cleanup
from customers.models import Customer
from customers.services import gating
from tests.accounts.builders import make_staff
from tests.consent.gating import TODAY, answer, make_ask, receipt, sent, verify
from tests.customers.builders import NOW, contract, feed, make_customer, make_retired, party

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
DAY, CLAUSE = "2026-01-05", "개인정보 보호법 제21조 제1항"
NOTHING = {"gone": 0, "late": 0, "opened": 0, "of_age": 0}


def days(number: int) -> timedelta:
    return timedelta(days=number)


def asks(customer: Customer) -> list[tuple[str, str]]:
    return list(CleanupAsk.objects.filter(customer=customer).order_by("pk").values_list("kind", "state"))


@pytest.mark.parametrize(
    ("gate", "born", "kinds"),
    [
        ("IN_SCOPE", date(1980, 1, 1), []),
        ("UNVERIFIED", date(1980, 1, 1), ["VERIFY_NAME"]),
        ("NO_CONSENT", date(1980, 1, 1), ["ASK_CONSENT"]),
        ("NO_CONSENT", None, ["ASK_CONSENT"]),
        ("NEITHER", date(1980, 1, 1), ["ASK_CONSENT", "VERIFY_NAME"]),
        ("NO_CONSENT", TODAY.replace(year=2012), ["ASK_CONSENT"]),
        ("NO_CONSENT", TODAY.replace(year=2012) + days(1), ["GUARDIAN"]),
        ("NEITHER", date(2020, 1, 1), ["GUARDIAN", "VERIFY_NAME"]),
    ],
)
def test_everybody_is_asked_what_is_missing_and_of_a_child_the_representative(gate, born, kinds):
    customer = make_customer(gate=gate, birth_date=born)

    assert cleanup.follow_asks(at=NOW) == NOTHING | {"opened": len(kinds)}
    assert cleanup.follow_asks(at=NOW) == NOTHING

    assert sorted(CleanupAsk.objects.filter(customer=customer).values_list("kind", flat=True)) == kinds
    assert set(CleanupAsk.objects.values_list("opened_on", "due_on")) <= {(TODAY, TODAY + days(180))}


def test_a_question_knows_source_and_branch():
    customer = sent(branch_code="B001")
    cleanup.follow_asks(at=NOW)

    known = CleanupAsk.objects.filter(customer=customer).values_list("source__code", "branch_code").distinct()
    assert list(known) == [("POLICY", "B001")]


def test_a_question_is_gone_at_once_when_the_proof_comes():
    customer = sent(consented=DAY)
    cleanup.follow_asks(at=NOW)

    verify(customer)

    assert asks(customer) == [("VERIFY_NAME", "GONE")]


def test_whoever_was_asked_and_brings_the_proof_has_done_it():
    customer, staff = sent(consented=DAY), make_staff("FP")
    cleanup.follow_asks(at=NOW)
    ask = cleanup.answer_ask(ask=CleanupAsk.objects.get(), outcome="NOT_REACHED", by=staff, at=NOW)

    assert (ask.state, ask.tries, ask.asked_by, ask.closed_on) == ("OPEN", 1, staff, None)
    verify(customer)
    assert asks(customer) == [("VERIFY_NAME", "DONE")]


def test_a_merged_or_separated_customer_is_asked_no_more():
    ones = [make_customer(gate="UNVERIFIED") for _each in range(2)]
    cleanup.follow_asks(at=NOW)
    Customer.objects.filter(pk=ones[0].pk).update(state="SEPARATED", separated_at=NOW)
    Customer.objects.filter(pk=ones[1].pk).update(state="MERGED", merged_into=make_customer(gate="IN_SCOPE"),
                                                  merged_at=NOW)  # fmt: skip

    assert cleanup.follow_asks(at=NOW) == NOTHING | {"gone": 2}


def test_what_is_not_answered_by_its_last_day_was_not_reached_and_is_not_asked_again():
    customer = make_customer(gate="UNVERIFIED")
    cleanup.follow_asks(at=NOW)

    assert cleanup.follow_asks(at=NOW + days(180)) == NOTHING
    assert cleanup.follow_asks(at=NOW + days(181)) == NOTHING | {"late": 1}
    assert cleanup.follow_asks(at=NOW + days(300)) == NOTHING
    assert asks(customer) == [("VERIFY_NAME", "UNREACHED")]


def test_whoever_proves_it_late_is_asked_anew_when_the_proof_goes_again():
    customer = sent(consented=DAY)
    cleanup.follow_asks(at=NOW)
    cleanup.follow_asks(at=NOW + days(181))
    verify(customer, at=NOW + days(190), expires_on=TODAY + days(200))
    assert asks(customer) == [("VERIFY_NAME", "GONE")]

    gating.regate_all(at=NOW + days(201), because="NIGHT")
    cleanup.follow_asks(at=NOW + days(201))

    newest = CleanupAsk.objects.order_by("pk").last()
    assert (newest.state, newest.due_on) == ("OPEN", TODAY + days(381))


def test_done_without_a_proof_is_asked_again_after_a_week_with_the_old_deadline():
    make_customer(gate="UNVERIFIED")
    cleanup.follow_asks(at=NOW)
    cleanup.answer_ask(ask=CleanupAsk.objects.get(), outcome="DONE", by=make_staff("FP"), at=NOW)

    assert cleanup.follow_asks(at=NOW + days(6)) == NOTHING
    assert cleanup.follow_asks(at=NOW + days(7)) == NOTHING | {"opened": 1}
    assert CleanupAsk.objects.get(state="OPEN").due_on == TODAY + days(180)


def test_what_was_refused_is_settled_and_cannot_be_answered_again():
    make_customer(gate="UNVERIFIED")
    cleanup.follow_asks(at=NOW)
    ask, staff = CleanupAsk.objects.get(), make_staff("FP")
    cleanup.answer_ask(ask=ask, outcome="REFUSED", by=staff, at=NOW)

    with pytest.raises(cleanup.AskClosed):
        cleanup.answer_ask(ask=ask, outcome="DONE", by=staff, at=NOW)
    with pytest.raises(ValueError, match="PERHAPS"):
        cleanup.answer_ask(ask=ask, outcome="PERHAPS", by=staff, at=NOW)
    assert cleanup.follow_asks(at=NOW + days(30)) == NOTHING


@pytest.mark.parametrize(
    ("born", "by_role", "has_answered", "of_age"),
    [
        (TODAY.replace(year=2012), "LEGAL_REP", False, 1),
        (TODAY.replace(year=2012) + days(1), "LEGAL_REP", False, 0),
        (TODAY.replace(year=2012) - days(59), "LEGAL_REP", False, 1),
        (TODAY.replace(year=2012) - days(60), "LEGAL_REP", False, 0),
        (TODAY.replace(year=2012), "SELF", False, 0),
        (TODAY.replace(year=2012), "LEGAL_REP", True, 0),
    ],
)
def test_on_the_fourteenth_birthday_the_customer_is_asked_in_person(born, by_role, has_answered, of_age):
    customer = make_customer(gate="IN_SCOPE", birth_date=born)
    words = {} if by_role == "SELF" else {"representative": make_customer(gate="IN_SCOPE")}
    answer(customer, receipt=receipt(customer, by_role=by_role, at=NOW - days(400), **words))
    if has_answered:
        receipt(customer)

    assert cleanup.follow_asks(at=NOW) == NOTHING | {"of_age": of_age}
    assert cleanup.follow_asks(at=NOW) == NOTHING
    if of_age:
        receipt(customer, at=NOW + days(1))
        assert cleanup.follow_asks(at=NOW + days(1)) == NOTHING | {"gone": 1}


def test_many_are_asked_at_once_and_nobody_twice():
    ones = [make_customer() for _each in range(3)]
    gone = make_retired(ones[0])
    words = {"kind": "RECONFIRM", "customers": [*(one.pk for one in ones), gone.pk], "due_on": TODAY + days(30)}

    assert cleanup.open_asks(**words, at=NOW) == 3
    assert cleanup.open_asks(**words, at=NOW) == 0


def test_whom_the_clean_up_did_not_reach_is_let_go_the_day_after_the_deadline():
    unreached, refused = make_customer(gate="UNVERIFIED"), make_customer(gate="NO_CONSENT")
    proven, waiting = make_customer(gate="IN_SCOPE"), make_customer(gate="NEITHER")
    due = TODAY - days(1)
    make_ask(unreached, state="UNREACHED", opened_on=TODAY - days(181), due_on=due, closed_on=TODAY)
    make_ask(refused, "ASK_CONSENT", state="REFUSED", due_on=due, closed_on=TODAY - days(50))
    make_ask(proven, state="UNREACHED", due_on=due, closed_on=TODAY)
    make_ask(waiting, state="OPEN", due_on=due)
    make_ask(make_customer(gate="NO_CONSENT"), state="UNREACHED", due_on=due, closed_on=TODAY)

    assert customers_to_let_go(TODAY - days(1)) == {}
    assert customers_to_let_go(TODAY) == {
        unreached.pk: Due("GATE", CLAUSE, TODAY - days(181), due),
        refused.pk: Due("GATE", CLAUSE, TODAY, due),
    }


@pytest.mark.parametrize(("status", "told"), [("IN_FORCE", []), ("GRACE", []), ("SURRENDERED", ["GATE_PARTY"])])
def test_a_live_role_in_a_contract_keeps_the_customer(status, told):
    customer = sent(key="K1")
    feed([contract(contract_no="P-9", status=status)], layout="contracts")
    feed([party(contract_no="P-9", party_source_key="K1")], layout="parties")
    make_ask(customer, state="UNREACHED", due_on=TODAY - days(1), closed_on=TODAY)

    assert [due.data_class for due in customers_to_let_go(TODAY).values()] == told


@pytest.mark.parametrize(
    ("data_class", "origin", "passed", "is_due"),
    [
        ("GATE", "GATE", 365, True),
        ("GATE", "GATE", 364, False),
        ("GATE_PARTY", "GATE", 365, False),
        ("GATE", "RETENTION", 365, False),
    ],
)
def test_whoever_was_kept_apart_long_enough_is_destroyed_next(data_class, origin, passed, is_due):
    separated_at = NOW - days(passed)
    customer = make_customer(state="SEPARATED", separated_at=separated_at, gate="NEITHER")
    batch = DestructionBatch.objects.create(
        number=f"D-{passed}-{data_class}"[:20], action="SEPARATE", origin=origin, state="CLOSED", basis="x",
        proposed_at=separated_at,
    )  # fmt: skip
    DestructionItem.objects.create(
        batch=batch, customer=customer, data_class=data_class, clause=CLAUSE, due_on=TODAY, state="DONE",
        ended_on=date(2025, 1, 1),
    )  # fmt: skip

    due = {customer.pk: Due("GATE", CLAUSE, date(2025, 1, 1), TODAY)} if is_due else {}
    assert customers_to_let_go(TODAY) == due
