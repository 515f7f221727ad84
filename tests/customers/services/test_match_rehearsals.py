"""Rehearsing a draft of the matching model: it writes nothing, and what it counts is what publishing then does."""

from itertools import count

import pytest
from django.db import connection

from accounts.models import Staff
from customers.dedup.blocking import OPTIONAL_KEYS
from customers.dedup.drafting import ALL_OTHERS
from customers.dedup.model import Cut
from customers.demo import generate
from customers.models import Link, MatchModel, Pair, Rehearsal, Ruling, SourceRecord
from customers.services import demonstration, locks, match_models, match_rehearsals, stock
from customers.services.match_drafts import draft_match_model
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.customers.dedup import rows
from tests.customers.ruling import rule_pair
from tests.customers.services.test_interruption import committed, observer
from tests.customers.services.test_matching import pairs_of, partition
from tests.working import wait_until

__all__ = ["committed", "observer"]
CUSTOMERS, SEED = 200, 5
NUMBERS = count(1)
MOBILE = "010-2345-6789"
SAME_WORDS = ("records_linked", "records_moved", "customers_created", "customers_merged", "pairs_found")
TABLES = ("link", "pair", "customer", "historicalcustomer", "changeevent", "matchmodel", "matchrun", "matchpart")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of a small population."""
    made = tmp_path_factory.mktemp("population")
    generate(CUSTOMERS, SEED, made)
    return made


def colleague(role: str) -> Staff:
    """Somebody with a number that no member of the demonstration's staff has."""
    return make_staff(role, employee_number=f"X{next(NUMBERS)}")


def draft(auto: float = 0.0, review: float = -6.0) -> MatchModel:
    """A draft with these cuts for all sources."""
    return draft_match_model(by=colleague("DATA_STEWARD"), at=NOW, cuts={ALL_OTHERS: Cut(auto, review)}, comment="시험")


def rehearsed(model: MatchModel) -> Rehearsal:
    """A rehearsal of a draft, done."""
    rehearsal = match_rehearsals.request_rehearsal(model=model, by=None, at=NOW, is_queued=False)
    return match_rehearsals.rehearse(rehearsal=rehearsal)


def publish(model: MatchModel) -> MatchModel:
    """The draft put to use by a second person."""
    return match_models.publish_model(model=model, by=colleague("ADMINISTRATOR"), at=NOW)


def digests() -> dict[str, tuple]:
    """What the tables hold, by table."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM customers_{table} t")  # noqa: S608 - our own tables
            found[table] = cursor.fetchone()
        return found


def states() -> dict[int, str]:
    return dict(Pair.objects.values_list("pk", "state"))


@pytest.mark.usefixtures("master")
def test_what_is_predicted_is_what_publishing_then_does(folder):
    demonstration.load_demo(folder=folder)
    stock.match_stock(at=NOW, by=None)
    kept = {"SAME", "DIFFERENT"}

    # Looser, stricter, asking more, asking less, and back: each on the links that the one before has made.
    for auto, review in [(-3.0, -6.0), (8.0, -6.0), (0.0, -9.0), (12.0, -2.0), (0.0, -6.0)]:
        before, pairs_before = pairs_of(partition()), states()
        model = draft(auto, review)
        predicted = rehearsed(model).counts
        publish(model)
        run = stock.match_stock(at=NOW, by=None)

        after, pairs_after = pairs_of(partition()), states()
        assert {name: predicted[name] for name in SAME_WORDS} == {name: run.counts[name] for name in SAME_WORDS}
        assert (predicted["links_gained"], predicted["links_lost"]) == (len(after - before), len(before - after))
        turned = [(state, pairs_after[pk]) for pk, state in pairs_before.items() if pairs_after[pk] != state]
        assert turned.count(("OPEN", "OVERTAKEN")) == predicted["pairs_closed"]
        assert turned.count(("OVERTAKEN", "OPEN")) == predicted["pairs_reopened"]
        assert not kept & {state for state, _now in turned}
        assert list(pairs_before.values()).count("OPEN") == predicted["pairs_open_before"]
        assert list(pairs_after.values()).count("OPEN") == predicted["pairs_open_after"]
        assert any(predicted[name] for name in ("links_gained", "links_lost", "pairs_found", "pairs_closed"))


@pytest.mark.usefixtures("master")
def test_a_stock_that_was_never_linked_is_predicted_too(folder):
    demonstration.load_demo(folder=folder)
    Pair.objects.all().delete()
    Link.objects.all().delete()
    model = draft(1.0)

    predicted = rehearsed(model).counts
    publish(model)
    counts = stock.match_stock(at=NOW, by=None).counts

    assert {name: predicted[name] for name in SAME_WORDS} == {name: counts[name] for name in SAME_WORDS}
    assert predicted["records_linked"] == SourceRecord.objects.count()
    assert predicted["links_gained"] == len(pairs_of(partition()))


@pytest.mark.usefixtures("master")
def test_a_rehearsal_writes_nothing_but_itself(folder):
    demonstration.load_demo(folder=folder)
    model = draft(6.0)
    before = digests()

    rehearsal = rehearsed(model)

    assert digests() == before
    assert (rehearsal.state, rehearsal.done_share, rehearsal.error) == ("DONE", 1.0, "")
    assert rehearsal.counts["records"] == SourceRecord.objects.count()
    assert Rehearsal.objects.count() == 1


@pytest.mark.usefixtures("master")
def test_samples_hold_ids_and_weights_alone(folder):
    demonstration.load_demo(folder=folder)

    samples = rehearsed(draft(6.0)).samples

    records = set(SourceRecord.objects.values_list("pk", flat=True))
    customer_of = dict(Link.objects.values_list("record", "customer"))
    assert samples["split"] and samples["lost"]
    for sample in samples["split"]:
        assert {customer_of[record] for part in sample["parts"] for record in part} == {sample["customer"]}
        assert len(sample["parts"]) == len(sample["sizes"]) > 1
    for kind in samples.values():
        assert len(kind) <= 50
        for sample in kind:
            left, right, weight, pattern = sample["pair"]
            assert {left, right} <= records
            assert (type(weight), type(pattern)) == (float, int)
    held = {type(value) for kind in samples.values() for sample in kind for value in sample.values()}
    assert held <= {list, int, str}
    assert {sample["reason"] for sample in samples["review"]} <= set(Pair.Reason.values)


@pytest.mark.usefixtures("master")
def test_two_rehearsals_of_one_stock_choose_the_same_samples(folder):
    demonstration.load_demo(folder=folder)
    model = draft(-3.0)

    one, other = rehearsed(model), rehearsed(model)

    assert (one.counts, one.samples, one.watermark) == (other.counts, other.samples, other.watermark)
    assert one.pk != other.pk


@pytest.mark.usefixtures("master")
def test_a_split_is_told_with_the_records_that_part():
    feed([person(source_key="K1", mobile=MOBILE), person(source_key="K2", mobile=MOBILE)])
    one, other = SourceRecord.objects.order_by("source_key")
    held = Link.objects.get(record=one).customer_id

    rehearsal = rehearsed(draft(60.0, 60.0))

    assert rehearsal.counts | {"records": 2} == {
        **{"records": 2, "records_linked": 0, "records_moved": 1, "customers_created": 1, "customers_merged": 0},
        **{"links_gained": 0, "links_lost": 1, "customers_split": 1, "customers_joined": 0},
        **{"pairs_found": 0, "pairs_closed": 0, "pairs_reopened": 0, "pairs_open_before": 0, "pairs_open_after": 0},
    }
    (split,) = rehearsal.samples["split"]
    assert (split["customer"], split["parts"], split["sizes"]) == (held, [[one.pk], [other.pk]], [1, 1])
    assert split["pair"][:2] == [one.pk, other.pk]
    assert [sample["pair"][:2] for sample in rehearsal.samples["lost"]] == [[one.pk, other.pk]]


@pytest.mark.usefixtures("master")
def test_what_people_ruled_is_kept_in_a_rehearsal():
    feed([person(source_key="K1", mobile=MOBILE), person(source_key="K2", mobile=MOBILE)])
    one, other = SourceRecord.objects.order_by("source_key")
    rule_pair(one=one, other=other, answer="DIFFERENT", reason="명의 도용", by=colleague("DATA_STEWARD"), at=NOW)

    counts = rehearsed(draft(-12.0, -12.0)).counts

    assert (counts["links_gained"], counts["customers_merged"]) == (0, 0)


@pytest.mark.usefixtures("master")
def test_keys_that_are_left_out_find_nobody():
    feed([person(source_key="K1", mobile=MOBILE), person(source_key="K2", mobile=MOBILE, birth_date="")])
    stock.match_stock(at=NOW, by=None)
    together = Link.objects.values("customer").distinct().count() == 1 or Pair.objects.filter(state="OPEN").exists()
    model = draft_match_model(
        by=colleague("DATA_STEWARD"),
        at=NOW,
        cuts=match_models.live_model().cuts,
        keys_off=OPTIONAL_KEYS,
        comment="시험",
    )

    predicted = rehearsed(model).counts
    publish(model)
    counts = stock.match_stock(at=NOW, by=None).counts

    assert together
    assert predicted["links_lost"] + predicted["pairs_closed"] == 1
    assert {name: predicted[name] for name in SAME_WORDS} == {name: counts[name] for name in SAME_WORDS}


@pytest.mark.usefixtures("master")
@pytest.mark.parametrize("answer", ["DIFFERENT", "SAME"])
def test_a_decision_that_new_evidence_contradicts_is_predicted_to_come_back(answer):
    cells = {"mobile": MOBILE, "rrn": make_rrn("850302")} if answer == "DIFFERENT" else {"mobile": MOBILE}
    feed([person(source_key="K1", **cells), person(source_key="K2", **cells)])
    one, other = SourceRecord.objects.order_by("source_key")
    ruling = rule_pair(one=one, other=other, answer=answer, reason="확인", by=colleague("DATA_STEWARD"), at=NOW)
    Ruling.objects.filter(pk=ruling.pk).update(pattern=rows.pattern(name="exact", birth="exact"))
    if answer == "SAME":
        for key, serial in (("K1", 23456), ("K2", 23457)):
            feed([person(source_key=key, mobile=MOBILE, rrn=make_rrn("850302", 2, serial), as_of="2026-11-20")])
        Pair.objects.update(state="SAME")
    model = draft(3.0)

    predicted = rehearsed(model).counts
    publish(model)
    before = states()
    counts = stock.match_stock(at=NOW, by=None).counts

    after = states()
    opened = sum(before.get(pk) != state for pk, state in after.items() if state == "OPEN")
    assert predicted["pairs_found"] == counts["pairs_found"]
    assert predicted["pairs_found"] + predicted["pairs_reopened"] == opened == 1
    assert predicted["pairs_open_after"] == list(after.values()).count("OPEN")


@pytest.mark.usefixtures("master")
def test_an_empty_stock_is_rehearsed():
    rehearsal = rehearsed(draft(3.0))

    assert (rehearsal.state, set(rehearsal.counts.values())) == ("DONE", {0})
    assert set(map(len, rehearsal.samples.values())) == {0}


@pytest.mark.usefixtures("master")
def test_progress_is_told_on_the_way():
    feed([person(mobile=MOBILE), person(mobile=MOBILE)])
    rehearsal = match_rehearsals.request_rehearsal(model=draft(3.0), by=None, at=NOW, is_queued=False)
    told = []

    match_rehearsals.rehearse(rehearsal=rehearsal, on_progress=lambda now: told.append((now.state, now.done_share)))

    assert told[0] == ("RUNNING", 0.0)
    assert told[-1] == ("DONE", 1.0)
    assert [share for _state, share in told] == sorted({share for _state, share in told})


@pytest.mark.usefixtures("master")
def test_a_rehearsal_that_failed_says_so():
    feed([person()])
    model = draft(3.0)
    MatchModel.objects.filter(pk=model.pk).update(definition={})

    rehearsal = rehearsed(model)

    assert (rehearsal.state, rehearsal.error, rehearsal.counts) == ("FAILED", "KeyError", {})
    assert rehearsal.finished_at is not None
    assert match_models.valid_rehearsal(model) is None


@pytest.mark.usefixtures("master")
def test_only_drafts_are_rehearsed():
    model = draft(3.0)
    rehearsed(model)
    publish(model)

    with pytest.raises(match_rehearsals.NotADraft):
        match_rehearsals.request_rehearsal(model=model, by=None, at=NOW)


@pytest.mark.usefixtures("master")
def test_a_rehearsal_that_waits_is_returned_instead_of_another():
    model = draft(3.0)
    one = match_rehearsals.request_rehearsal(model=model, by=None, at=NOW, is_queued=False)

    other = match_rehearsals.request_rehearsal(model=model, by=None, at=NOW, is_queued=False)

    assert (one.pk, Rehearsal.objects.count()) == (other.pk, 1)


@pytest.mark.usefixtures("master")
def test_a_rehearsal_that_was_left_behind_is_given_up():
    model = draft(3.0)
    left = match_rehearsals.request_rehearsal(model=model, by=None, at=NOW, is_queued=False)
    Rehearsal.objects.update(state="RUNNING")

    new = match_rehearsals.request_rehearsal(model=model, by=None, at=NOW, is_queued=False)

    left.refresh_from_db()
    assert (left.state, left.error, new.state) == ("FAILED", "Interrupted", "WAITING")


@pytest.mark.usefixtures("committed")
def test_a_rehearsal_is_done_by_one_process(observer):
    rehearsal = match_rehearsals.request_rehearsal(model=draft(3.0), by=None, at=NOW, is_queued=False)
    observer.execute("SELECT pg_advisory_lock(%s, %s)", [locks.REHEARSAL_LOCK, rehearsal.pk])
    Rehearsal.objects.update(state="RUNNING")

    with pytest.raises(match_rehearsals.RehearsalBusy):
        match_rehearsals.rehearse(rehearsal=rehearsal)

    same = match_rehearsals.request_rehearsal(model=rehearsal.match_model, by=None, at=NOW, is_queued=False)
    assert (same.pk, same.state) == (rehearsal.pk, "RUNNING")


@pytest.mark.usefixtures("committed")
def test_a_worker_rehearses_while_somebody_else_writes_links(observer, worker):
    feed([person(mobile=MOBILE), person(mobile=MOBILE)])
    observer.execute("SELECT pg_advisory_lock(%s)", [locks.GOLDEN_LOCK])

    rehearsal = match_rehearsals.request_rehearsal(model=draft(60.0, 60.0), by=None, at=NOW)

    wait_until(lambda: Rehearsal.objects.get(pk=rehearsal.pk).state not in ("WAITING", "RUNNING"))
    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.counts["links_lost"]) == ("DONE", 1)


@pytest.mark.usefixtures("master")
def test_a_draft_alone_does_not_keep_the_first_run_from_learning():
    syllables = "김이박최정강조윤장임하서은민준지우연수아"
    people = [
        {
            "name": syllables[n % 10] + syllables[10 + n % 9] + syllables[10 + n * 7 % 10],
            "birth_date": f"19{50 + n % 50}-{1 + n % 12:02}-{1 + n % 28:02}",
            "mobile": f"010-{2000 + n * 37 % 7000}-{n:04}",
        }
        for n in range(600)
    ]
    feed([person(**cells) for cells in people for _twice in range(2)])
    draft(3.0)

    run = stock.match_stock(at=NOW, by=None)

    assert dict(MatchModel.objects.values_list("version", "state")) == {1: "DRAFT", 2: "LIVE"}
    assert run.model_version == 2
