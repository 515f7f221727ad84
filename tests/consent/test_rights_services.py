"""A request from the letter to the answer."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from consent.models import AnswerPack, Channel, ContactRefusal, DestructionBatch, Purpose, RightsItem, RightsRequest
from consent.numbers import numbers_on
from consent.reports.rights_stopped import stopped_items
from consent.rules.rights import CannotPutOff
from consent.services import packs, rights, rights_items, rights_notices
from consent.services.consents import Answer, record_receipt
from consent.services.rights import Asked
from consent.services.rights_effects import KeptByLaw, NoValue
from consent.state import held
from customers.holding import export
from customers.models import Customer
from customers.services import destroying
from tests.accounts.builders import make_staff
from tests.consent.consenting import back_date_texts
from tests.consent.desk import TODAY, accepted, asker, decisions, granted, recorded
from tests.customers.builders import NOW, contract, feed, party
from tests.customers.stewarding import merge, people, unmerge

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(purposes):
    return make_staff("PRIVACY_OFFICER", employee_number="privacy")


def test_record_request_gives_a_number_and_a_last_day(desk):
    request = recorded("ACCESS", "DATA", "LOOKS", by=desk, received_on=date(2026, 11, 20))

    assert request.number == f"RIGHT-2026-{request.pk:06}"
    assert request.due_on == date(2026, 11, 30)
    assert decisions(request) == [("DATA", "OPEN", False), ("LOOKS", "OPEN", False)]


def test_record_request_keeps_no_resident_number(desk):
    request = recorded("CORRECTION", Asked("name", "900101-1234567"), by=desk, wording="저는 900101-1234567 입니다")

    assert "234567" not in request.wording + request.items.get().wish


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, rights.ReceivedLater),
        ({"wording": "  "}, rights.NothingSaid),
        ({"items": []}, rights.NothingAsked),
        ({"items": [Asked("DATA"), Asked("DATA")]}, rights.NothingAsked),
    ],
)
def test_record_request_refuses_what_cannot_be(desk, fields, problem):
    values = {"kind": "ACCESS", "via": "WEB", "wording": "열람", "items": [Asked("DATA")], "received_on": TODAY}

    with pytest.raises(problem):
        rights.record_request(**values | fields, by=desk, at=NOW)


def test_a_request_is_accepted_only_when_somebody_was_identified(desk):
    request = recorded(by=desk)

    with pytest.raises(rights.NotIdentified):
        rights.accept_request(request=request, by=desk, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.filter(pk=request.pk).update(state="ACCEPTED")


def test_check_identity_refuses_a_number_that_is_no_customer_any_more(desk):
    survivor, retired = people(2)
    merge(survivor, retired, by=desk)

    with pytest.raises(rights.CustomerGone):
        rights.check_identity(request=recorded(by=desk), customer=retired, how="신분증", by=desk, at=NOW)


def test_accept_request_freezes_the_rules_of_the_day(desk):
    request = accepted(customer=asker(), by=desk)

    assert request.policy["numbers"] == numbers_on(TODAY)
    assert request.policy["texts"]["MARKETING"] == 1
    assert request.policy["day"] == "2026-11-23"


def test_a_correction_stops_the_use_of_what_it_is_about_until_it_is_decided(desk):
    customer = asker()
    request = accepted("CORRECTION", Asked("mobile", "010-9999-0001"), customer=customer, by=desk)

    assert stopped_items([customer.pk]) == {customer.pk: ["mobile"]}

    granted(request, desk)

    assert stopped_items([customer.pk]) == {}
    assert Customer.objects.get(pk=customer.pk).mobile == "01099990001"


def test_taking_back_ends_the_stop(desk):
    customer = asker()
    request = accepted("CORRECTION", Asked("mobile", "010-9999-0001"), customer=customer, by=desk)

    rights.take_back_request(request=request, how="전화", by=desk, at=NOW)

    assert stopped_items([customer.pk]) == {}
    assert Customer.objects.get(pk=customer.pk).mobile == "01073910624"


def test_a_correction_without_a_value_is_not_granted(desk):
    request = accepted("CORRECTION", "mobile", customer=asker(), by=desk)

    with pytest.raises(NoValue):
        granted(request, desk)

    assert decisions(request) == [("mobile", "OPEN", True)]


def test_refuse_item_says_clause_reason_and_until_when(desk):
    request = accepted(customer=asker(), by=desk)
    item = request.items.get()

    with pytest.raises(rights.NothingSaid):
        rights_items.refuse_item(item=item, clause="", explanation="까닭", by=desk, at=NOW)
    with pytest.raises(rights_items.UntilIsOver):
        rights_items.refuse_item(
            item=item, clause="제35조", explanation="까닭", until=TODAY - timedelta(days=1), by=desk, at=NOW
        )
    rights_items.refuse_item(item=item, clause="제35조", explanation="까닭", until=TODAY, by=desk, at=NOW)

    item.refresh_from_db()
    assert (item.decision, item.clause, item.explanation, item.until) == ("REFUSED", "제35조", "까닭", TODAY)
    with pytest.raises(rights_items.AlreadyDecided):
        rights_items.grant_item(item=item, by=desk, at=NOW)


def test_the_answer_is_told_when_everything_is_decided_and_the_pack_is_made(desk):
    request = accepted("ACCESS", "DATA", customer=asker(), by=desk)

    with pytest.raises(rights.StillOpen):
        rights.tell_answer(request=request, how="등기우편", by=desk, at=NOW)
    granted(request, desk)
    with pytest.raises(rights.PackMissing):
        rights.tell_answer(request=request, how="등기우편", by=desk, at=NOW)
    packs.make_pack(request=request, by=desk, at=NOW)
    rights.tell_answer(request=request, how="등기우편 1-1", by=desk, at=NOW)

    request.refresh_from_db()
    assert (request.state, request.told_how, request.answered_by) == ("ANSWERED", "등기우편 1-1", desk)
    with pytest.raises(rights.NotWaiting):
        rights.tell_answer(request=request, how="또", by=desk, at=NOW)


def test_a_request_all_of_which_is_refused_is_refused(desk):
    request = accepted(customer=asker(), by=desk)
    rights_items.refuse_item(item=request.items.get(), clause="제35조", explanation="까닭", by=desk, at=NOW)

    rights.tell_answer(request=request, how="전자우편", by=desk, at=NOW)

    request.refresh_from_db()
    assert request.state == "REFUSED"


def test_put_off_keeps_the_reason_and_the_frozen_numbers_count(desk):
    request = accepted(customer=asker(), by=desk)

    rights.put_off_request(request=request, reason="자료를 모으는 중", until=date(2026, 12, 20), by=desk, at=NOW)

    request.refresh_from_db()
    assert (request.due_on, request.extension_count) == (date(2026, 12, 20), 1)
    assert request.extension_reason == "자료를 모으는 중"


def test_a_late_request_is_not_put_off_to_a_day_that_is_over(desk):
    request = accepted(customer=asker(), by=desk)
    late = NOW + timedelta(days=30)

    with pytest.raises(CannotPutOff) as refused:
        rights.put_off_request(
            request=request, reason="자료를 모으는 중", until=request.due_on + timedelta(days=1), by=desk, at=late
        )

    assert refused.value.reason == "PAST"


def test_withdrawal_is_carried_out_when_it_is_granted(desk):
    back_date_texts()
    customer = asker()
    marketing = Purpose.objects.get(code="MARKETING")
    record_receipt(
        customer=customer,
        answers=[Answer(marketing, "GIVEN", channel=Channel.SMS)],
        method="PAPER",
        answered_at=NOW - timedelta(days=9),
        by=desk,
        at=NOW - timedelta(days=9),
    )

    granted(accepted("WITHDRAWAL", "MARKETING", customer=customer, by=desk), desk)

    state = held([customer.pk], NOW + timedelta(seconds=1))[customer.pk]
    assert {one.answer for key, one in state.items() if key.purpose_id == marketing.pk} == {"WITHDRAWN"}


def test_a_stop_of_solicitation_becomes_a_refusal_once(desk):
    customer = asker()

    granted(accepted("STOP", "SOLICITATION", customer=customer, by=desk), desk)
    granted(accepted("STOP", "SOLICITATION", customer=customer, by=desk), desk)

    assert list(ContactRefusal.objects.values_list("customer", "kind")) == [(customer.pk, "CREDIT_STOP")]


def test_deletion_of_somebody_without_contracts_is_proposed_and_waits_for_a_second_person(desk):
    customer = asker()

    request = granted(accepted("DELETION", "ALL", customer=customer, by=desk), desk)

    batch = DestructionBatch.objects.get()
    assert (batch.origin, batch.action, batch.state) == ("RIGHT", "DESTROY", "PROPOSED")
    assert request.number in batch.basis
    assert list(batch.items.values_list("customer", flat=True)) == [customer.pk]


def test_deletion_is_refused_while_a_contract_lives(desk):
    customer = asker(source_key="K1")
    feed([contract()], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")

    with pytest.raises(KeptByLaw) as kept:
        granted(accepted("DELETION", "ALL", customer=customer, by=desk), desk)

    assert [(one.clause, one.until) for one in kept.value.kept] == [
        ("개인정보 보호법 제36조 제1항 단서, 상법 제33조", None)
    ]
    assert not DestructionBatch.objects.exists()


def test_deletion_is_refused_until_the_day_on_which_the_law_lets_go_of_ended_contracts(desk):
    customer = asker(source_key="K1")
    feed([contract(status="MATURED", ends_on="2024-05-01", as_of="2024-06-01")], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")

    with pytest.raises(KeptByLaw) as kept:
        granted(accepted("DELETION", "ALL", customer=customer, by=desk), desk)

    assert [(one.clause, one.until) for one in kept.value.kept] == [("상법 제33조 제1항", date(2034, 5, 1))]


def test_a_merged_customer_is_answered_under_the_survivor_and_back_again(desk):
    survivor, retired = people(2)
    request = accepted(customer=retired, by=desk)

    merge(survivor, retired, by=desk)
    request.refresh_from_db()
    assert request.customer_id == survivor.pk

    unmerge(retired, by=desk)
    request.refresh_from_db()
    assert request.customer_id == retired.pk


def test_what_is_held_of_a_request_is_given_out_in_words_and_destroyed_to_its_number(desk):
    from consent.holding.rights import Requests

    customer = asker()
    request = accepted("CORRECTION", Asked("mobile", "010-9999-0001"), customer=customer, by=desk)

    (row,) = export(customer.pk)["consent.RightsRequest"]
    assert row["wording"] == "제 정보를 보여 주세요."
    assert "010-9999-0001" in row["items"][0]

    assert Requests().count([customer.pk]) == {"consent.RightsRequest": {customer.pk: 1}}
    assert Requests().erase([customer.pk], NOW) == {"consent.RightsRequest": 1}
    assert Requests().count([customer.pk]) == {"consent.RightsRequest": {}}
    request.refresh_from_db()
    assert (request.customer, request.wording, request.identified_how) == (None, "", "")
    assert RightsItem.objects.get(request=request).wish == ""


def test_privacy_officers_learn_what_is_due(desk):
    recorded(by=desk, received_on=TODAY - timedelta(days=10))
    recorded(by=desk)

    assert rights_notices.note_due_requests(at=NOW) == 1
    assert list(desk.notices.values_list("kind", "what")) == [("RIGHTS_DUE", {"count": 1})]


def test_a_request_is_kept_apart_given_back_exactly_and_destroyed_to_its_number(desk):
    customer = asker()
    request = granted(accepted("ACCESS", "DATA", customer=customer, by=desk), desk)
    packs.make_pack(request=request, by=desk, at=NOW)
    before = everything()

    destroying.separate_customers(customers=[customer.pk], at=NOW)
    assert list(RightsRequest.objects.values_list("customer", "wording")) == [(None, "")]
    assert AnswerPack.objects.get().sealed is None
    destroying.return_customers(customers=[customer.pk], at=NOW)
    assert everything() == before
    gone = destroying.destroy_customers(customers=[customer.pk], at=NOW)

    assert gone.before["consent.RightsRequest"] == {customer.pk: 1}
    assert gone.after["consent.RightsRequest"] == {}
    assert list(RightsRequest.objects.values_list("number", "customer", "wording")) == [(request.number, None, "")]
    assert AnswerPack.objects.get().sealed is None


def everything() -> list[object]:
    """All that is held of requests."""
    packs_ = [(pack.digest, bytes(pack.sealed)) for pack in AnswerPack.objects.order_by("pk")]
    return [list(RightsRequest.objects.values()), list(RightsItem.objects.order_by("pk").values()), packs_]
