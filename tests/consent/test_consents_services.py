"""Recording answers and taking them back: what is written, what is refused, and by whom at once."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from consent.models import Consent, Purpose, Receipt, Recipient, Text
from consent.services import consents_checks as checks
from consent.services.consents import Answer, KeyUsed, withdraw
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.consenting import (
    answer,
    back_date_texts,
    consents,
    merge,
    purpose,
    rows,
    says,
    withdraws,
)
from tests.customers.builders import KST, NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _texts(purposes: None) -> None:
    back_date_texts()


def test_an_answer_is_a_receipt_with_a_row_for_each_purpose_and_channel():
    customer, by = make_customer(), make_staff()

    receipt = consents(
        customer, answer(), answer(channel="SMS", said="REFUSED"), answer("INTEGRATED_USE"), by=by, evidence="스캔 1"
    )

    assert (receipt.customer, receipt.method, receipt.proof, receipt.taken_by) == (customer, "PAPER", 1, by)
    assert receipt.number.startswith("R")
    assert rows(customer) == [
        ("MARKETING", "PHONE", "GIVEN"),
        ("MARKETING", "SMS", "REFUSED"),
        ("INTEGRATED_USE", "ANY", "GIVEN"),
    ]
    given = Consent.objects.get(channel="PHONE")
    assert (given.text, given.at, given.expires_on) == (Text.objects.get(purpose=purpose()), NOW, date(2028, 11, 23))
    assert Consent.objects.get(channel="ANY").expires_on is None
    assert Consent.objects.get(channel="SMS").expires_on is None


def test_advertisements_are_confirmed_again_by_the_law_where_the_purpose_says_later():
    Purpose.objects.filter(code="MARKETING").update(reconfirm_months=60)
    customer = make_customer()

    consents(customer)

    assert Consent.objects.get().expires_on == date(2028, 11, 23)


def test_resident_numbers_are_not_kept_as_evidence():
    receipt = consents(make_customer(), evidence="신분증 900101-1234567")
    assert receipt.evidence == "신분증 900101-1******"


def _child() -> Customer:
    return make_customer(birth_date=date(2012, 11, 24))  # 13 on the day of NOW


def _refusals() -> list:
    """(what is wrong, exception, answers, fields)"""
    foreign = {"source": None}
    return [
        ("in the future", checks.AnsweredInFuture, [answer()], {"at": NOW + HOUR, "recorded_at": NOW}),
        ("in the future elsewhere", checks.AnsweredInFuture, [answer()],
         {"at": datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC), "recorded_at": NOW}),
        ("twice", checks.AnsweredTwice, [answer(), answer(said="REFUSED")], foreign),
        ("lapsing", checks.NotAnAnswer, [answer(said="LAPSED")], {}),
        ("by a channel of another purpose", checks.WrongChannel, [answer("NIGHT_ADVERTISING", channel="MAIL")], {}),
        ("by no channel", checks.WrongChannel, [answer(channel="ANY")], {}),
        ("by a channel where there is none", checks.WrongChannel, [answer("INTEGRATED_USE", channel="SMS")], {}),
        ("without recipient", checks.WrongRecipient, [answer("PROVISION_AFFILIATE")], {}),
        ("to a recipient for nothing", checks.WrongRecipient, [answer(recipient="AFFILIATE_CARD")], {}),
        ("to a processor", checks.WrongRecipient, [answer("PROVISION_AFFILIATE", recipient="CALL_CENTRE")], {}),
        ("abroad to one at home", checks.WrongRecipient, [answer("TRANSFER_ABROAD", recipient="AFFILIATE_CARD")], {}),
        ("before the text", checks.TextUnfit, [answer()], {"at": datetime(2019, 12, 31, 23, 59, tzinfo=KST)}),
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(12))
def test_what_cannot_be_recorded_is_refused_by_name(place):
    customer = make_customer()
    _what, refusal, answers, fields = _refusals()[place]

    with pytest.raises(refusal), transaction.atomic():
        consents(customer, *answers, **fields)

    assert (Receipt.objects.count(), Consent.objects.count()) == (0, 0)


def test_nothing_answered_is_refused():
    with pytest.raises(checks.NothingAnswered):
        checks.check_answers([])


def test_an_instant_is_compared_as_such_in_every_zone():
    customer = make_customer()
    consents(customer, at=datetime(2026, 11, 23, 0, 0, tzinfo=UTC), recorded_at=NOW)
    assert Consent.objects.get().at == NOW


def test_on_the_edge_of_a_day_it_runs_out_by_korean_days():
    late, early = make_customer(), make_customer()
    consents(late, at=datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC))  # 23:59:59 on the 22nd in Korea
    consents(early, at=datetime(2026, 11, 22, 15, 0, tzinfo=UTC))  # midnight of the 23rd

    assert [Consent.objects.get(customer=each).expires_on.day for each in (late, early)] == [22, 23]


def test_a_text_of_another_purpose_a_draft_and_one_that_retired_are_refused():
    customer, other = make_customer(), Text.objects.get(purpose__code="INTEGRATED_USE")
    asked = purpose()
    draft = Text.objects.create(
        purpose=asked, number=2, title="t", body="b", retention="r", refusal="f", drafted_at=NOW
    )
    published = Text.objects.get(purpose=asked, number=1)

    for text in (other, draft):
        with pytest.raises(checks.TextUnfit):
            consents(customer, Answer(asked, "GIVEN", "SMS", text=text))
    Text.objects.filter(pk=published.pk).update(state="RETIRED", retired_at=NOW - HOUR)
    with pytest.raises(checks.TextUnfit):
        consents(customer, answer())
    consents(customer, answer(said="REFUSED"))  # a refusal needs no words
    consents(customer, answer(), at=NOW - 2 * HOUR)  # the words were in use then

    assert [row.text for row in Consent.objects.order_by("pk")] == [None, published]


def test_a_provision_is_for_a_recipient_that_its_text_names():
    customer = make_customer()
    other = Recipient.objects.create(code="OTHER", name="다른 제휴사", kind="THIRD_PARTY", task="-")
    Text.objects.get(purpose__code="PROVISION_AFFILIATE").recipients.add(Recipient.objects.get(code="AFFILIATE_CARD"))

    consents(customer, answer("PROVISION_AFFILIATE", recipient="AFFILIATE_CARD"))
    with pytest.raises(checks.WrongRecipient):
        consents(customer, answer("PROVISION_AFFILIATE", recipient=other.code))

    assert says(customer, "PROVISION_AFFILIATE", recipient="AFFILIATE_CARD") == "GIVEN"
    assert says(customer, "PROVISION_AFFILIATE", recipient="OTHER") == ""


def test_of_a_child_the_legal_representative_consents_and_the_child_alone_refuses():
    child, parent = _child(), make_customer(birth_date=date(1985, 1, 1))

    with pytest.raises(checks.GuardianNeeded):
        consents(child)
    with pytest.raises(checks.GuardianNeeded):
        consents(child, by_role="LEGAL_REP")
    with pytest.raises(checks.GuardianNeeded):
        consents(child, by_role="PROXY", representative=parent)
    consents(child, answer(said="REFUSED"))
    receipt = consents(child, by_role="LEGAL_REP", representative=parent, at=NOW + HOUR)

    assert receipt.representative == parent
    assert says(child) == "GIVEN"


def test_on_the_fourteenth_birthday_somebody_consents_alone():
    grown = make_customer(birth_date=date(2012, 11, 23))
    consents(grown)
    assert says(grown) == "GIVEN"


@pytest.mark.parametrize(
    ("who", "by_role"),
    [("self", "LEGAL_REP"), ("organisation", "LEGAL_REP"), ("minor", "LEGAL_REP"), ("retired", "LEGAL_REP"),
     ("fit", "SELF")],
)  # fmt: skip
def test_a_representative_is_another_person_of_age(who, by_role):
    child = _child()
    ones = {
        "self": child,
        "organisation": make_customer(kind="ORG", name="한빛상사"),
        "minor": make_customer(birth_date=date(2008, 1, 1)),
        "retired": make_retired(make_customer()),
        "fit": make_customer(birth_date=date(1985, 1, 1)),
    }
    with pytest.raises(checks.RepresentativeUnfit):
        consents(child, by_role=by_role, representative=ones[who])


def test_a_merged_customer_says_where_it_went():
    survivor = make_customer()
    retired = make_retired(survivor)

    with pytest.raises(checks.MergedAway) as refused:
        consents(retired)
    with pytest.raises(checks.MergedAway):
        withdraws(retired)

    assert refused.value.into == survivor.number


@pytest.mark.parametrize("state", ["SEPARATED", "DESTROYED"])
def test_of_a_customer_who_is_gone_nothing_is_recorded(state):
    when = {"separated_at": NOW} | ({"destroyed_at": NOW} if state == "DESTROYED" else {})
    gone = make_customer(state=state, **when)

    with pytest.raises(checks.CustomerGone) as refused:
        consents(gone)
    with pytest.raises(checks.CustomerGone):
        withdraws(gone)

    assert refused.value.state == state


def test_a_message_that_is_sent_again_is_one_receipt():
    customer, by = make_customer(), make_staff()

    first = consents(customer, by=by, key="7")
    again = consents(customer, answer(said="REFUSED"), by=by, key="7", at=NOW + HOUR)
    of_another_sender = consents(customer, by=make_staff(), key="7")

    assert again == first
    assert of_another_sender != first
    assert Receipt.objects.count() == 2
    with pytest.raises(KeyUsed):
        consents(make_customer(), by=by, key="7")


def test_a_withdrawal_takes_back_what_stands_and_nothing_else():
    customer, by = make_customer(), make_staff()
    consents(customer, answer(), answer(channel="SMS", said="REFUSED"), answer("INTEGRATED_USE"))

    receipt = withdraws(customer, at=NOW + HOUR, by=by, via="전화")

    assert rows(customer)[3:] == [("INTEGRATED_USE", "ANY", "WITHDRAWN"), ("MARKETING", "PHONE", "WITHDRAWN")]
    assert (receipt.method, receipt.proof, receipt.evidence, receipt.taken_by) == ("ORAL", 4, "전화", by)
    assert withdraws(customer, at=NOW + 2 * HOUR, by=by) is None


def test_a_withdrawal_of_one_channel_or_purpose_leaves_the_others():
    customer = make_customer()
    consents(customer, answer(), answer(channel="SMS"), answer("INTEGRATED_USE"), answer("SENSITIVE_HEALTH"))

    withdraws(customer, at=NOW + HOUR, channel="SMS")
    withdraws(customer, at=NOW + HOUR, purposes=[purpose("SENSITIVE_HEALTH")])

    assert [says(customer, channel="PHONE"), says(customer, channel="SMS")] == ["GIVEN", "WITHDRAWN"]
    assert [says(customer, code) for code in ("INTEGRATED_USE", "SENSITIVE_HEALTH")] == ["GIVEN", "WITHDRAWN"]


def test_a_withdrawal_that_is_recorded_late_holds_from_when_it_was_said():
    customer = make_customer()
    consents(customer)

    withdraws(customer, at=NOW + 3 * HOUR, said_at=NOW + HOUR)

    assert says(customer, at=NOW + HOUR - timedelta(seconds=1)) == "GIVEN"
    assert says(customer, at=NOW + HOUR) == "WITHDRAWN"
    with pytest.raises(checks.AnsweredInFuture):
        withdraw(customer=customer, by=None, at=NOW, said_at=NOW + HOUR)


def test_what_a_retired_number_consented_to_is_withdrawn_with_the_survivor():
    one, other = make_customer(), make_customer()
    consents(one, answer(said="REFUSED"))
    consents(other)
    merge(other, one, at=NOW + HOUR)

    withdraws(one, at=NOW + 2 * HOUR)

    assert rows(other) == [("MARKETING", "PHONE", "GIVEN"), ("MARKETING", "PHONE", "WITHDRAWN")]
    assert rows(one)[-1] == ("MARKETING", "PHONE", "WITHDRAWN")


@pytest.mark.parametrize("statement", ["UPDATE consent_consent SET answer = 'GIVEN'", "DELETE FROM consent_consent"])
def test_no_row_is_ever_changed(statement):
    consents(make_customer(), answer(said="REFUSED"))
    refused = pytest.raises((IntegrityError, DatabaseError), match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_withdrawals_in_the_same_second_are_one():
    customer = make_customer()
    consents(customer)
    ready, made = Barrier(2), []

    def act() -> None:
        ready.wait()
        try:
            made.append(withdraws(customer, at=NOW + HOUR))
        finally:
            connections.close_all()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(receipt is None for receipt in made) == [False, True]
    assert rows(customer) == [("MARKETING", "PHONE", "GIVEN"), ("MARKETING", "PHONE", "WITHDRAWN")]
    assert says(customer) == "WITHDRAWN"


@pytest.mark.django_db(transaction=True)
def test_a_message_that_arrives_twice_at_once_is_one_receipt():
    customer, by = make_customer(), make_staff()
    ready, made = Barrier(2), []

    def act() -> None:
        ready.wait()
        try:
            made.append(consents(customer, by=by, key="same"))
        finally:
            connections.close_all()

    threads = [Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({receipt.pk for receipt in made}) == 1
    assert len(rows(customer)) == 1
