"""Holds, proposals and looks in a merge, in what is given out, and in a destruction."""

import pytest

from accounts.models import Staff
from consent.bench.retention import measure
from consent.holds import held_back, obstacles
from consent.models import DestructionItem, Hold, Recipient, SeparatedUse
from consent.services import batches_running, holds, retention_batches
from customers import holding
from customers.models import Customer
from customers.reports.pair_previews import REFUSALS, preview_report
from customers.services import merges
from customers.services.bulk_forecasts import forecast
from tests.accounts.builders import make_staff
from tests.consent.consenting import merge as joined
from tests.consent.consenting import unmerge as came_back
from tests.consent.retaining import LATELY, LONG_AGO, hold, propose, sent
from tests.customers.builders import NOW
from tests.customers.pairs import customers_of, waiting
from tests.customers.stewarding import merge

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


@pytest.fixture
def privacy() -> Staff:
    return make_staff("PRIVACY_OFFICER")


@pytest.fixture(autouse=True)
def _nobody_else_keeps_copies(purposes: None) -> None:
    Recipient.objects.update(answers=False)


def test_a_hold_keeps_the_survivor_of_what_a_run_joined_and_goes_back_with_its_number() -> None:
    survivor, retired = sent("K1"), sent("K2")
    hold(retired)

    joined(retired, survivor)
    assert (set(held_back([survivor.pk])), set(held_back([retired.pk]))) == ({survivor.pk}, set())
    came_back(retired)

    assert (set(held_back([survivor.pk])), set(held_back([retired.pk]))) == (set(), {retired.pk})


@pytest.mark.parametrize("held", [0, 1])
def test_nobody_merges_across_a_hold_until_it_is_released(held: int, privacy: Staff) -> None:
    customers, steward = [sent("K1"), sent("K2")], make_staff("DATA_STEWARD")
    standing = hold(customers[held])

    with pytest.raises(merges.OnHold) as refused:
        merge(*customers, by=steward)
    report = preview_report(customers[0], customers[1:], steward, NOW)
    assert refused.value.numbers == (customers[held].number,)
    assert report.refusal == str(REFUSALS[merges.OnHold])
    assert not Customer.objects.filter(state="MERGED").exists()

    holds.release_hold(hold=standing, because="판결 확정", by=privacy, at=NOW)
    merge(*customers, by=steward)
    assert Customer.objects.filter(state="MERGED").count() == 1


def test_many_pairs_at_once_leave_out_what_is_held() -> None:
    pairs = waiting(3)
    hold(customers_of(pairs[1])[1])

    told = forecast(pair_ids=[pair.pk for pair in pairs], answer="SAME")

    assert told.outcomes == {"MERGED": 2, "ON_HOLD": 1}


def test_a_number_that_was_merged_meanwhile_is_left_out_of_its_batch(privacy: Staff) -> None:
    survivor, retired = sent("K1"), sent("K2")
    batch = propose([retired])
    merge(survivor, retired, by=make_staff("DATA_STEWARD"))

    retention_batches.approve_batch(batch=batch, by=privacy, at=NOW)
    batch = batches_running.run_batch(batch=batch)

    assert (batch.items.get().refusal, batch.done_count) == ("MERGED", 0)
    survivor.refresh_from_db()
    assert survivor.state == "ACTIVE"


def test_a_person_is_told_of_holds_proposals_and_looks(privacy: Staff) -> None:
    customer = sent("K1")
    holds.release_hold(hold=hold(customer), because="판결 확정", by=privacy, at=NOW)
    propose([customer])
    SeparatedUse.objects.create(
        customer=customer, reason="분쟁 확인", clause="신용정보법", used_by=privacy, used_at=NOW
    )

    told = holding.export(customer.pk)

    assert [row["released_because"] for row in told["consent.Hold"]] == ["판결 확정"]
    assert [row["state"] for row in told["consent.DestructionItem"]] == ["WAITING"]
    assert [row["reason"] for row in told["consent.SeparatedUse"]] == ["분쟁 확인"]


def test_of_the_destroyed_proof_stays_and_nothing_that_tells_of_them(privacy: Staff) -> None:
    customer = sent("K1")
    holds.release_hold(hold=hold(customer), because="판결 확정", by=privacy, at=NOW)
    SeparatedUse.objects.create(
        customer=customer, reason="분쟁 확인", clause="신용정보법", used_by=privacy, used_at=NOW
    )
    batch = propose([customer])
    retention_batches.approve_batch(batch=batch, by=privacy, at=NOW)

    batch = batches_running.run_batch(batch=batch)

    assert batch.done_count == 1
    assert (batch.counts["consent.Hold"], batch.counts["consent.SeparatedUse"]) == ([1, 0], [1, 0])
    assert Hold.objects.count() == 0
    use = SeparatedUse.objects.get()
    assert (use.customer, use.reason, use.used_by) == (customer, "", privacy)
    assert DestructionItem.objects.get().state == "DONE"


def test_a_cover_of_an_employer_is_a_live_role(settings) -> None:
    customer = sent("K1", ended=LONG_AGO)
    settings.CUSTOMER_LIVE_ROLES = ["tests.consent.test_retention_holding.everybody"]
    assert set(obstacles([customer.pk], action="DESTROY")) == {customer.pk}


def everybody(customers: list[int]) -> set[int]:
    """A role that all have."""
    return set(customers)


def test_the_measure_of_the_night_keeps_nothing() -> None:
    sent("K1", ended=LATELY)
    found = measure(make_staff("ADMINISTRATOR"))
    assert (found["proposed"], found["customers"]) == (1, 1)
    assert DestructionItem.objects.count() == 0
