"""One decision on many pairs: what the dry run tells, what is done, stopped and taken back, and who may begin it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Act, BulkAct, Customer, Pair, Proposal, Ruling, SecondLook, SourceRecord
from customers.services import bulk, bulk_runs, locks
from customers.services.taking_back import take_back_act
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, company, contract, feed, grant, party
from tests.customers.many_pairs import decide, make_pair_of, make_pairs, make_records, someone

pytestmark = pytest.mark.usefixtures("master")


def prepare(answer: str = "DIFFERENT", **more: object) -> BulkAct:
    """A dry run over all open pairs, made now."""
    by = more.pop("by", None) or make_staff("DATA_STEWARD")
    given = {"condition": {}, "reason_code": "EVIDENCE", "comment": "일괄", "at": timezone.now()}
    return bulk.prepare_bulk(answer=answer, by=by, **given | more)


def start(prepared: BulkAct) -> BulkAct:
    return bulk.start_bulk(bulk=prepared, by=prepared.requested_by, at=timezone.now())


def done(answer: str = "DIFFERENT", **more: object) -> BulkAct:
    """A bulk action over all open pairs, done."""
    return bulk_runs.run_bulk(bulk=start(prepare(answer, **more)))


def take_back(one: BulkAct, **more: object) -> BulkAct:
    """The action taken back to the end."""
    given = {"by": make_staff("DATA_STEWARD"), "at": timezone.now()}
    return bulk_runs.run_bulk(bulk=bulk.take_back_bulk(bulk=one, **given | more))


def states() -> dict[int, str]:
    return dict(Pair.objects.values_list("pk", "state"))


def mixed() -> list[Pair]:
    """Pairs of every kind: two plain ones, three within one trio, and those about which a person must be asked."""
    plain = make_pairs(2)
    trio = make_records(*(someone() for _person in range(3)))
    within = [make_pair_of(trio[one], trio[other]) for one, other in ((0, 1), (1, 2), (0, 2))]
    valued, numbered, ruled, spoken = make_pairs(4)
    Customer.objects.filter(pk=valued.left.link.customer_id).update(grade="VIP")
    SourceRecord.objects.filter(pk=numbered.left_id).update(rrn_index=b"1")
    SourceRecord.objects.filter(pk=numbered.right_id).update(rrn_index=b"2")
    Ruling.objects.create(
        left=ruled.left, right=ruled.right, answer="DIFFERENT", ruled_by=make_staff("DATA_STEWARD"), ruled_at=NOW
    )
    Pair.objects.filter(pk=spoken.pk).update(reason="CONTRADICTED")
    (man,) = make_records(someone())
    feed([company(source_key="C1")], "BANCA")
    apart = make_pair_of(man, SourceRecord.objects.get(source_key="C1"))
    return [*plain, *within, valued, numbered, ruled, spoken, apart]


OUTCOMES = {
    "SAME": {"MERGED": 4, "OVERTAKEN": 1, "SECOND_PERSON": 3, "DECIDED_BEFORE": 1, "KINDS_DIFFER": 1},
    "DIFFERENT": {"RULED_TWO": 9, "DECIDED_BEFORE": 1},
}


@pytest.mark.parametrize("answer", OUTCOMES)
def test_what_the_dry_run_tells_is_what_is_then_done(answer):
    pairs = mixed()
    prepared = prepare(answer)
    expected = prepared.counts["forecast"]
    before = states()

    finished = bulk_runs.run_bulk(bulk=start(prepared))

    assert set(before.values()) == {"OPEN"}
    assert (finished.state, finished.done_upto, finished.pair_ids) == ("DONE", 10, sorted(pair.pk for pair in pairs))
    assert expected == finished.counts["outcomes"] == OUTCOMES[answer]
    kind = "MERGE" if answer == "SAME" else "DIFFERENT"
    assert list(finished.acts.values_list("kind", "by", "reason_code", "comment").distinct()) == [
        (kind, finished.requested_by_id, "EVIDENCE", "일괄")
    ]
    assert finished.acts.count() == expected.get("MERGED", 0) + expected.get("RULED_TWO", 0)
    assert not Proposal.objects.exists()
    assert not SecondLook.objects.exists()


def test_the_dry_run_writes_nothing_but_itself():
    mixed()
    before = states()

    prepared = prepare("SAME")

    assert (prepared.state, prepared.done_upto, prepared.finished_at) == ("DRY", 0, None)
    assert (states(), Act.objects.count()) == (before, 0)


def test_the_price_tells_what_hangs_on_the_customers():
    (pair,) = make_pairs(1)
    key = pair.left.source_key
    feed([contract(contract_no=number) for number in ("P-1", "P-2")], layout="contracts")
    parties = [party(contract_no=number, party_source_key=key, role=role) for number, role in ROLES]
    feed(parties, layout="parties")
    make_pairs(1)

    price = prepare("SAME").counts["price"]

    assert price == {"merged": 2, "customers": 4, "records": 4, "contracts": 2, "vips": 0}


ROLES = [("P-1", "POLICYHOLDER"), ("P-1", "INSURED"), ("P-2", "POLICYHOLDER")]


def test_customers_of_high_value_are_counted_where_they_are_ruled_to_be_two():
    (pair,) = make_pairs(1)
    Customer.objects.filter(pk=pair.left.link.customer_id).update(grade="VIP")

    assert [prepare(answer).counts["price"]["vips"] for answer in ("SAME", "DIFFERENT")] == [0, 1]


def test_only_the_pairs_of_the_filter_are_taken():
    wanted = make_pairs(2, reason="NAME_MOBILE")
    make_pairs(1)
    make_pairs(1, reason="NAME_MOBILE", state="SAME")

    assert prepare(condition={"reason": "NAME_MOBILE"}).pair_ids == [pair.pk for pair in wanted]


def test_pairs_of_customers_that_one_may_not_see_are_not_taken():
    seen, half_seen, _hidden = make_pairs(3)
    by = make_staff("FP")
    for record in (seen.left, seen.right, half_seen.left):
        grant(record.link.customer, by)

    assert prepare(by=by).pair_ids == [seen.pk]


def test_of_too_many_pairs_the_oldest_are_taken_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(bulk, "MOST_PAIRS", 2)
    pairs = make_pairs(5)

    prepared = prepare()

    assert (prepared.pair_ids, prepared.counts["left_out"]) == ([pair.pk for pair in pairs[:2]], 3)


def test_nothing_is_prepared_where_no_pair_fits():
    with pytest.raises(bulk.NoPairs):
        prepare()


@pytest.mark.parametrize("answer", ["LEGITIMATE", "", "PERHAPS"])
def test_only_one_or_two_is_answered_in_bulk(answer):
    make_pairs(1)

    with pytest.raises(bulk.UnfitAnswer):
        prepare(answer)


def test_it_is_begun_by_whoever_saw_the_dry_run_and_soon():
    make_pairs(1)
    prepared = prepare()

    with pytest.raises(bulk.NotYours):
        bulk.start_bulk(bulk=prepared, by=make_staff("DATA_STEWARD"), at=timezone.now())
    with pytest.raises(bulk.Outdated):
        bulk.start_bulk(bulk=prepared, by=prepared.requested_by, at=timezone.now() + timedelta(hours=25))
    start(prepared)
    with pytest.raises(bulk.NotNow):
        start(prepared)


def test_what_was_decided_or_has_changed_since_the_dry_run_is_left_alone():
    decided, changed, plain = make_pairs(3)
    prepared = prepare("SAME")
    decide(decided, "DIFFERENT")
    SourceRecord.objects.filter(pk=changed.left_id).update(loaded_at=timezone.now())

    finished = bulk_runs.run_bulk(bulk=start(prepared))

    assert finished.counts["outcomes"] == {"OVERTAKEN": 1, "CHANGED": 1, "MERGED": 1}
    assert states() == {decided.pk: "DIFFERENT", changed.pk: "OPEN", plain.pk: "SAME"}


def test_a_pair_that_fails_leaves_no_trace_and_does_not_hold_up_the_others(settings):
    make_pairs(2)
    settings.CUSTOMER_MERGE_PARTICIPANTS = [f"{__name__}.Raising", *settings.CUSTOMER_MERGE_PARTICIPANTS]

    finished = done("SAME")

    assert (finished.state, finished.counts["outcomes"]) == ("DONE", {"FAILED": 2})
    assert (set(states().values()), Act.objects.count()) == ({"OPEN"}, 0)


class Raising:
    """A participant that fails in the middle of every merge."""

    moves = ()

    def count(self, customers: object) -> dict[str, dict[int, int]]:
        return {}

    def move(self, merges: object, at: object) -> list[object]:
        raise ArithmeticError

    def give_back(self, moved: object, at: object) -> list[object]:
        return []


def test_a_run_stops_after_the_pair_in_hand_and_goes_on_where_it_was():
    make_pairs(4)
    started, seen = start(prepare()), []

    def stop() -> None:
        seen.append(1)
        if len(seen) == 2:
            bulk.stop_bulk(bulk=started, by=make_staff("DATA_STEWARD"), at=NOW)

    stopped = bulk_runs.run_bulk(bulk=started, on_progress=stop)
    assert (stopped.state, stopped.done_upto, stopped.finished_at, Act.objects.count()) == ("STOPPED", 2, NOW, 2)
    with pytest.raises(bulk.NotNow):
        bulk.stop_bulk(bulk=started, by=make_staff("DATA_STEWARD"), at=NOW)

    finished = bulk_runs.run_bulk(bulk=start(stopped))

    assert (finished.state, finished.done_upto, finished.counts["outcomes"]) == ("DONE", 4, {"RULED_TWO": 4})


def test_doing_again_what_is_done_changes_nothing():
    make_pairs(2)
    finished = done()

    again = bulk_runs.run_bulk(bulk=finished)

    assert (again.counts, Act.objects.count()) == (finished.counts, 2)


@pytest.mark.parametrize("answer", OUTCOMES)
def test_taken_back_all_is_as_it_was(answer):
    mixed()
    before, customers = states(), list(Customer.objects.order_by("pk").values_list("pk", "state"))
    links = list(SourceRecord.objects.order_by("pk").values_list("pk", "link__customer"))
    finished = done(answer)
    lead = make_staff("STEWARD_LEAD")

    back = take_back(finished, by=lead)

    assert (back.state, back.counts["taken_back"], back.counts["kept"]) == ("TAKEN_BACK", finished.acts.count(), {})
    assert states() == before
    assert list(Customer.objects.order_by("pk").values_list("pk", "state")) == customers
    assert list(SourceRecord.objects.order_by("pk").values_list("pk", "link__customer")) == links
    assert not finished.acts.in_force().exists()
    assert set(Act.objects.filter(kind="TAKE_BACK").values_list("by", flat=True)) == {lead.pk}


def test_what_later_decisions_rest_on_is_kept_and_told_and_may_be_tried_again():
    pairs = make_pairs(2)
    finished = done("SAME")
    (other,) = make_records(someone())
    later = decide(make_pair_of(pairs[0].left, other), "SAME", at=timezone.now())
    resting = finished.acts.get(pair=pairs[0])

    back = take_back(finished)

    assert (back.counts["taken_back"], back.counts["kept"]) == (1, {"LATER_ACTS": 1})
    assert back.counts["kept_acts"] == [[resting.pk, "LATER_ACTS"]]
    assert list(finished.acts.in_force()) == [resting]

    take_back_act(act=later, by=later.by, at=timezone.now())
    again = take_back(back)

    assert (again.counts["taken_back"], again.counts["kept"], again.counts["kept_acts"]) == (1, {}, [])
    with pytest.raises(bulk.NothingInForce):
        take_back(again)


def test_it_is_taken_back_within_its_days_and_when_it_has_ended():
    make_pairs(1)
    prepared = prepare()
    for each in (prepared, start(prepared)):
        with pytest.raises(bulk.NotNow):
            take_back(each)
    finished = bulk_runs.run_bulk(bulk=prepared)

    with pytest.raises(bulk.TooLate):
        take_back(finished, at=finished.finished_at + timedelta(days=30, seconds=1))
    assert take_back(finished, at=finished.finished_at + timedelta(days=30)).state == "TAKEN_BACK"
    with pytest.raises(bulk.NotNow):
        start(finished)


def test_a_stopped_run_that_was_taken_back_does_not_go_on():
    make_pairs(2)
    started = start(prepare())
    stopped = bulk_runs.run_bulk(
        bulk=started, on_progress=lambda: bulk.stop_bulk(bulk=started, by=make_staff("DATA_STEWARD"), at=timezone.now())
    )
    back = take_back(stopped)

    with pytest.raises(bulk.NotNow):
        start(back)


def test_while_the_stock_is_written_a_run_waits(monkeypatch):
    make_pairs(1)
    monkeypatch.setattr(bulk_runs, "PAUSE_SECONDS", 0)
    busy = [True, True, False]
    hold = locks.hold_golden_soon

    def hold_or_refuse() -> None:
        if busy.pop(0):
            raise locks.StockBusy
        hold()

    started = start(prepare())
    monkeypatch.setattr(bulk_runs.locks, "hold_golden_soon", lambda: hold_or_refuse() if busy else hold())

    assert bulk_runs.run_bulk(bulk=started).counts["outcomes"] == {"RULED_TWO": 1}
