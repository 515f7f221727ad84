"""Proposals, decisions, runs, copies and certificates of destruction."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notice, Staff
from consent.holds import Obstacle, Why, held_back, obstacles
from consent.models import DestructionBatch, DestructionItem, Recipient, RetentionRules, RightsRequest
from consent.reports.batches import verify
from consent.rules.certificates import numbers_digest
from consent.rules.retention import RulesUnfit
from consent.services import batches_closing, batches_copies, batches_running, holds, retention_batches
from consent.services import retention_proposals as proposals
from consent.services import retention_rules as rules
from customers import holding
from customers.models import Customer
from customers.services import rule_versions
from tests.accounts.builders import make_staff
from tests.consent.gating import answer
from tests.consent.retaining import LATELY, LONG_AGO, TODAY, hold, propose, sent
from tests.customers.builders import NOW, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
LATER = NOW + timedelta(days=1)


@pytest.fixture
def privacy() -> Staff:
    return make_staff("PRIVACY_OFFICER")


@pytest.fixture(autouse=True)
def _no_own_systems(purposes: None) -> None:
    """Nobody but the sources keeps copies, so that batches close when these have answered."""
    Recipient.objects.update(answers=False)


def run(batch: DestructionBatch, by: Staff) -> DestructionBatch:
    """Approve and carry out."""
    retention_batches.approve_batch(batch=batch, by=by, at=NOW)
    return batches_running.run_batch(batch=batch)


def answered(batch: DestructionBatch, by: Staff) -> DestructionBatch:
    """Every copy destroyed."""
    for copy in batch.copies.all():
        batches_copies.answer_copy(copy=copy, by=by, at=LATER)
    batch.refresh_from_db()
    return batch


# proposals of the night


def test_the_night_proposes_whose_period_is_over_by_the_class_that_decides() -> None:
    old, lately, live = sent("K1", ended=LONG_AGO), sent("K2", ended=LATELY), sent("K3", ended="live")
    new = sent("K4")

    batches = proposals.propose_due(day=TODAY, at=NOW)

    found = {item.customer_id: item for item in DestructionItem.objects.select_related("batch")}
    assert {pk: (item.batch.action, item.data_class) for pk, item in found.items()} == {
        old.pk: ("DESTROY", "CONTRACT_BOOKS"),
        lately.pk: ("SEPARATE", "LIVE_DATA"),
    }
    assert (found[old.pk].ended_on, found[old.pk].due_on) == (date(2010, 5, 1), date(2020, 5, 1))
    assert [batch.state for batch in batches] == ["PROPOSED", "PROPOSED"]
    assert found.keys().isdisjoint({live.pk, new.pk})
    assert proposals.propose_due(day=TODAY, at=NOW) == []


def test_the_night_separates_three_months_after_claims_lapsed() -> None:
    lately = sent("K2", ended=LATELY)  # claims lapsed on 2025-05-01

    assert proposals.propose_due(day=date(2025, 7, 31), at=NOW) == []
    (batch,) = proposals.propose_due(day=date(2025, 8, 1), at=NOW)

    item = batch.items.get()
    assert (batch.action, item.customer_id, item.data_class) == ("SEPARATE", lately.pk, "LIVE_DATA")
    assert item.life["contract_on"] == LATELY


def test_a_live_role_on_any_contract_keeps_the_person() -> None:
    customer = sent("K1", ended=LONG_AGO)
    sent("K1", ended="live")

    assert proposals.propose_due(day=TODAY, at=NOW) == []
    assert obstacles([customer.pk], action="DESTROY") == {customer.pk: Obstacle(Why.LIVE_ROLE)}


def test_a_consent_to_marketing_keeps_a_former_customer_and_its_withdrawal_lets_go() -> None:
    customer = sent("K1", ended=LONG_AGO)
    answer(customer, purpose="MARKETING", at=NOW - timedelta(days=90))
    assert proposals.propose_due(day=TODAY, at=NOW) == []

    answer(customer, "WITHDRAWN", purpose="MARKETING", at=NOW - timedelta(days=1))
    (batch,) = proposals.propose_due(day=TODAY, at=NOW)  # apart, for the proof of it is kept for five years
    assert [(batch.action, item.life["consent_on"]) for item in batch.items.all()] == [("SEPARATE", "2026-11-22")]


def test_a_prospect_whose_consent_was_withdrawn_is_due_at_once_and_one_who_never_consented_after_a_year() -> None:
    withdrew, never, holds_on = sent("K1"), sent("K2"), sent("K3")
    Customer.objects.filter(pk=never.pk).update(created_at=NOW - timedelta(days=366))
    answer(withdrew, at=NOW - timedelta(days=20))
    answer(withdrew, "WITHDRAWN", at=NOW - timedelta(days=10))
    answer(holds_on, at=NOW - timedelta(days=20))

    proposals.propose_due(day=TODAY, at=NOW)

    items = DestructionItem.objects.values_list("customer", "data_class", "batch__action")
    assert set(items) == {(withdrew.pk, "CONSENTED_PROSPECT", "DESTROY"), (never.pk, "PROSPECT", "DESTROY")}


def test_the_consent_of_a_number_that_was_merged_keeps_the_survivor() -> None:
    survivor = sent("K1")
    Customer.objects.filter(pk=survivor.pk).update(created_at=NOW - timedelta(days=400))
    retired = make_retired(survivor, at=NOW - timedelta(days=5))
    answer(retired, at=NOW - timedelta(days=20))

    assert proposals.propose_due(day=TODAY, at=NOW) == []
    answer(retired, "WITHDRAWN", at=NOW - timedelta(days=10))
    assert [batch.action for batch in proposals.propose_due(day=TODAY, at=NOW)] == ["DESTROY"]


def test_holds_requests_and_rejections_keep_people_out_of_proposals(privacy: Staff) -> None:
    held, asking, free = (sent(f"K{n}", ended=LONG_AGO) for n in range(3))
    hold(held)
    RightsRequest.objects.create(
        number="R1", kind="ACCESS", via="LETTER", customer=asking, wording="열람", received_on=TODAY, due_on=TODAY,
        recorded_at=NOW,
    )  # fmt: skip

    (batch,) = proposals.propose_due(day=TODAY, at=NOW)
    assert [item.customer_id for item in batch.items.all()] == [free.pk]

    retention_batches.reject_batch(batch=batch, by=privacy, at=NOW, reason="다시 확인합니다")
    assert proposals.propose_due(day=TODAY, at=NOW) == []
    (again,) = proposals.propose_due(day=TODAY, at=NOW + timedelta(days=91))
    assert [item.customer_id for item in again.items.all()] == [free.pk]


# proposing and deciding


def test_propose_batch_refuses_who_is_held_live_gone_or_waits_already() -> None:
    held, live, free = sent("K1"), sent("K2", ended="live"), sent("K3")
    destroyed = make_customer(state="DESTROYED", destroyed_at=NOW)
    kept = hold(held)

    with pytest.raises(retention_batches.InTheWay) as refused:
        propose([held, live, free, destroyed])

    assert refused.value.args[0] == {
        held.pk: Obstacle(Why.HOLD, kept.clause, kept.review_on),
        live.pk: Obstacle(Why.LIVE_ROLE),
        destroyed.pk: Obstacle(Why.GONE_ALREADY),
    }
    propose([free])
    with pytest.raises(retention_batches.AlreadyProposed) as twice:
        propose([free])
    assert twice.value.args[0] == [free.pk]
    with pytest.raises(retention_batches.NobodyToGo):
        propose([])


def test_the_database_lets_nobody_wait_in_two_batches() -> None:
    item = propose([sent("K1")]).items.get()
    other = propose([sent("K2")])
    with pytest.raises(IntegrityError), transaction.atomic():
        DestructionItem.objects.create(batch=other, customer_id=item.customer_id, due_on=TODAY)


def test_whoever_proposes_does_not_decide(privacy: Staff) -> None:
    batch = propose([sent("K1")], by=privacy)
    with pytest.raises(retention_batches.OwnProposal):
        retention_batches.approve_batch(batch=batch, by=privacy, at=NOW)
    with pytest.raises(retention_batches.OwnProposal):
        retention_batches.reject_batch(batch=batch, by=privacy, at=NOW, reason="아닙니다")

    other = make_staff("PRIVACY_OFFICER")
    assert retention_batches.approve_batch(batch=batch, by=other, at=NOW).state == "APPROVED"
    with pytest.raises(retention_batches.NotProposed):
        retention_batches.approve_batch(batch=batch, by=other, at=NOW)


def test_the_privacy_officer_is_told_of_a_proposal(privacy: Staff) -> None:
    batch = propose([sent("K1"), sent("K2")])
    notice = Notice.objects.get(staff=privacy, kind="DESTRUCTION_PROPOSED")
    assert (notice.what, notice.url) == ({"count": 2}, f"/consent/destruction/{batch.pk}/")


# running


def test_a_run_destroys_counts_and_waits_for_the_source(privacy: Staff) -> None:
    customer, other = sent("K1", ended=LONG_AGO, name="김하나"), sent("K2", name="박두리", birth_date="1970-01-01")
    counted = {kind: rows[customer.pk] for kind, rows in holding.counts([customer.pk]).items() if rows.get(customer.pk)}

    batch = run(propose([customer]), privacy)

    customer.refresh_from_db()
    assert (customer.state, customer.name, batch.state, batch.done_count) == ("DESTROYED", "", "DONE", 1)
    assert {kind: before for kind, (before, _after) in batch.counts.items()} == counted
    assert all(after == 0 for _before, after in batch.counts.values())
    assert [(copy.source.code, copy.customers) for copy in batch.copies.all()] == [("POLICY", [customer.pk])]
    assert batch.copies.get().due_on > timezone.localdate()
    assert Customer.objects.get(pk=other.pk).name == "박두리"
    item = batch.items.get()
    assert (item.state, item.life, item.counts) == ("DONE", {}, counted)


def test_a_hold_that_was_placed_meanwhile_leaves_the_customer_out(privacy: Staff) -> None:
    held, free = sent("K1"), sent("K2")
    batch = propose([held, free])
    retention_batches.approve_batch(batch=batch, by=privacy, at=NOW)
    hold(held)
    sent("K3")

    batch = batches_running.run_batch(batch=batch)

    assert dict(batch.items.values_list("customer", "refusal")) == {held.pk: "HOLD", free.pk: ""}
    assert (batch.done_count, batch.skipped_count) == (1, 1)
    held.refresh_from_db()
    assert held.state == "ACTIVE"


def test_a_live_role_that_appeared_meanwhile_leaves_the_customer_out(privacy: Staff) -> None:
    customer = sent("K1", ended=LONG_AGO)
    batch = propose([customer])
    sent("K1", ended="live")

    batch = run(batch, privacy)

    assert (batch.state, batch.items.get().refusal) == ("CLOSED", "LIVE_ROLE")
    assert (batch.certificate["customers"], batch.certificate["skipped"]) == (0, {"LIVE_ROLE": 1})


def test_a_released_hold_lets_the_approved_erasure_be_done_overnight(privacy: Staff) -> None:
    customer = sent("K1")
    batch = propose([customer], origin="SERVICE")
    standing = hold(customer)
    batch = run(batch, privacy)
    assert proposals.continue_suspended(at=LATER) == []

    holds.release_hold(hold=standing, because="판결 확정", by=privacy, at=LATER)
    (continued,) = proposals.continue_suspended(at=LATER)

    assert (continued.state, continued.origin, continued.decided_by) == ("APPROVED", "SERVICE", privacy)
    batches_running.resume_batches()
    customer.refresh_from_db()
    assert customer.state == "DESTROYED"
    assert proposals.continue_suspended(at=LATER) == []


def test_a_run_again_changes_nothing(privacy: Staff) -> None:
    batch = run(propose([sent("K1")]), privacy)
    again = batches_running.run_batch(batch=batch)
    assert (again.state, again.counts, again.done_count) == (batch.state, batch.counts, 1)


def test_separation_closes_at_once_and_destruction_follows_from_what_was_noted(privacy: Staff) -> None:
    customer = sent("K2", ended=LATELY)
    (batch,) = proposals.propose_due(day=TODAY, at=NOW)
    batch = run(batch, privacy)
    customer.refresh_from_db()
    assert (customer.state, customer.name, batch.state, batch.copies.count()) == ("SEPARATED", "", "CLOSED", 0)
    assert batch.digest

    assert proposals.propose_due(day=date(2032, 4, 30), at=NOW) == []
    (destruction,) = proposals.propose_due(day=date(2032, 5, 1), at=NOW)
    assert (destruction.action, destruction.items.get().data_class) == ("DESTROY", "CONTRACT_BOOKS")
    destruction = run(destruction, privacy)
    assert [copy.source.code for copy in destruction.copies.all()] == ["POLICY"]
    customer.refresh_from_db()
    assert customer.state == "DESTROYED"
    assert list(DestructionItem.objects.filter(customer=customer).exclude(life={})) == []


# copies and the certificate


def test_a_silent_copy_keeps_the_batch_open_and_the_last_answer_certifies_it(privacy: Staff) -> None:
    first, second = sent("K1"), sent("K2")
    batch = run(propose([first, second]), privacy)
    with pytest.raises(batches_closing.CopiesSilent):
        batches_closing.close_batch(batch=batch, at=NOW)

    batch = answered(batch, privacy)

    assert (batch.state, batch.closed_at) == ("CLOSED", LATER)
    assert batch.certificate["customers"] == 2
    assert batch.certificate["numbers_digest"] == numbers_digest([second.number, first.number])
    assert batch.certificate["counts"] == batch.counts
    assert [(copy["who"], copy["state"], copy["destroyed"]) for copy in batch.certificate["copies"]] == [
        ("POLICY", "DESTROYED", 2)
    ]
    assert verify(batch.digest.upper()).is_true


def test_a_changed_certificate_is_found_out(privacy: Staff) -> None:
    batch = answered(run(propose([sent("K1")]), privacy), privacy)
    assert verify("0" * 64).batch is None

    DestructionBatch.objects.filter(pk=batch.pk).update(certificate=batch.certificate | {"customers": 2})
    assert (verify(batch.digest).is_whole, verify(batch.digest).has_same_customers) == (False, True)

    DestructionBatch.objects.filter(pk=batch.pk).update(certificate=batch.certificate)
    batch.items.all().delete()
    assert (verify(batch.digest).is_whole, verify(batch.digest).has_same_customers) == (True, False)


def test_answer_copy_takes_all_customers_or_says_which_are_missing(privacy: Staff) -> None:
    first, second = sent("K1"), sent("K2")
    copy = run(propose([first, second]), privacy).copies.get()
    kept = {second.pk: batches_copies.Kept("소송 증거", date(2027, 1, 1))}

    with pytest.raises(batches_copies.NotComplete) as missing:
        batches_copies.answer_copy(copy=copy, told=[first.pk], by=privacy, at=NOW)
    with pytest.raises(batches_copies.NotAsked) as odd:
        batches_copies.answer_copy(copy=copy, told=[first.pk, second.pk, 1], by=privacy, at=NOW)
    with pytest.raises(batches_copies.ReasonMissing):
        batches_copies.answer_copy(copy=copy, kept={second.pk: batches_copies.Kept(" ")}, by=privacy, at=NOW)
    assert (missing.value.args[0], odd.value.args[0]) == ([second.pk], [1])

    told = batches_copies.answer_copy(copy=copy, told=[first.pk], kept=kept, by=privacy, at=NOW)

    assert (told.state, told.count_told, told.reason, told.until) == ("KEPT", 1, "소송 증거", date(2027, 1, 1))
    assert told.kept == {str(second.pk): ["소송 증거", "2027-01-01"]}
    with pytest.raises(batches_copies.AlreadyAnswered):
        batches_copies.answer_copy(copy=copy, by=privacy, at=NOW)


def test_a_silent_copy_is_reminded_of_once_after_its_day(privacy: Staff) -> None:
    batch = run(propose([sent("K1")]), privacy)
    copy = batch.copies.get()
    on_the_day = timezone.now() + timedelta(days=5)
    assert copy.due_on == timezone.localdate(on_the_day)

    assert batches_copies.remind_of_copies(at=on_the_day) == 0
    assert batches_copies.remind_of_copies(at=on_the_day + timedelta(days=1)) == 1
    assert batches_copies.remind_of_copies(at=on_the_day + timedelta(days=2)) == 0
    assert Notice.objects.get(staff=privacy, kind="COPIES_SILENT").what == {"number": batch.number, "count": 1}


def test_recipients_and_systems_of_our_own_are_asked(privacy: Staff) -> None:
    Recipient.objects.filter(code="WAREHOUSE").update(answers=True)
    batch = run(propose([sent("K1")]), privacy)
    named = {copy.recipient.code if copy.recipient else copy.source.code for copy in batch.copies.all()}
    assert named == {"POLICY", "WAREHOUSE"}


# holds


def test_place_hold_follows_a_merged_number_and_refuses_the_gone_and_days_past() -> None:
    survivor, gone = sent("K1"), make_customer(state="DESTROYED", destroyed_at=NOW)
    retired = make_retired(survivor)

    placed = hold(retired)

    assert placed.customer == survivor
    assert held_back([survivor.pk, gone.pk])[survivor.pk].clause == placed.clause
    with pytest.raises(holds.CustomerGone):
        hold(gone)
    with pytest.raises(holds.ReviewInThePast):
        hold(survivor, days=0)


def test_a_hold_on_destruction_alone_lets_the_data_be_kept_apart(privacy: Staff) -> None:
    customer = sent("K1", ended=LATELY)
    hold(customer, scope="DESTRUCTION")
    batch = run(propose([customer], action="SEPARATE"), privacy)
    assert batch.done_count == 1
    assert set(held_back([customer.pk])) == {customer.pk}
    assert set(obstacles([customer.pk], action="DESTROY")) == {customer.pk}


def test_release_hold_refuses_a_second_time(privacy: Staff) -> None:
    placed = hold(sent("K1"))
    released = holds.release_hold(hold=placed, because="끝났습니다", by=privacy, at=LATER)
    assert (released.released_at, released.released_by) == (LATER, privacy)
    with pytest.raises(holds.AlreadyReleased):
        holds.release_hold(hold=placed, because="끝났습니다", by=privacy, at=LATER)
    with pytest.raises(holds.AlreadyReleased):
        holds.extend_hold(hold=placed, review_on=TODAY + timedelta(days=90), by=privacy, at=LATER)


def test_the_reviewers_are_told_of_holds_on_their_day(privacy: Staff) -> None:
    hold(sent("K1"), days=3)
    assert holds.remind_of_holds(day=TODAY + timedelta(days=2), at=NOW) == 0
    assert holds.remind_of_holds(day=TODAY + timedelta(days=3), at=NOW) == 1
    assert Notice.objects.filter(staff=privacy, kind="HOLDS_TO_REVIEW").count() == 1


# rules


def test_a_draft_is_counted_and_put_to_use_by_another_person(privacy: Staff) -> None:
    sent("K1", ended=LATELY)
    author = make_staff("COMPLIANCE_OFFICER")
    definition = {"classes": {"CONTRACT_BOOKS": {"months": 36}, "SALES_RECORDS": {"months": 36}}}
    draft = rules.draft_retention_rules(by=author, at=NOW, definition=definition, comment="짧게")
    with pytest.raises(rules.NotRehearsed):
        rules.publish_retention_rules(rules=draft, by=privacy, at=NOW)

    rules.rehearse_retention_rules(rules=draft, at=NOW)
    assert draft.rehearsal["counts"] == {"SEPARATE": [1, 1], "DESTROY": [0, 0]}
    with pytest.raises(rule_versions.OwnDraft):
        rules.publish_retention_rules(rules=draft, by=author, at=NOW)

    rules.publish_retention_rules(rules=draft, by=privacy, at=NOW)
    assert (rules.live_rules().version, rules.live_rules().policies["CONTRACT_BOOKS"].months) == (1, 36)
    with pytest.raises(rule_versions.NotADraft):
        rules.rehearse_retention_rules(rules=RetentionRules.objects.get(), at=NOW)


def test_a_draft_that_says_nothing_new_or_cannot_be_used_is_refused(privacy: Staff) -> None:
    with pytest.raises(rule_versions.NothingChanged):
        rules.draft_retention_rules(by=privacy, at=NOW, definition={"classes": {}})
    with pytest.raises(RulesUnfit):
        rules.draft_retention_rules(by=privacy, at=NOW, definition={"classes": {"PROSPECT": {"months": -1}}})
