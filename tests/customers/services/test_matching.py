"""Matching the whole stock: the same outcome however the work is cut, who does it, and what dies on the way."""

import json
import signal
from itertools import combinations

import pytest
from django.db import connection

from customers.demo import generate
from customers.models import Customer, Link, MatchFinding, MatchPart, MatchRun, Pair, SourceRecord
from customers.services import demonstration, locks, matching, stock
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person
from tests.customers.ruling import rule_pair, withdraw_ruling
from tests.customers.services.test_interruption import committed, launch, observer, until
from tests.working import wait_until

__all__ = ["committed", "launch", "observer"]
CUSTOMERS, SEED = 400, 5
MOBILE = "010-2345-6789"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files of a small population."""
    made = tmp_path_factory.mktemp("population")
    generate(CUSTOMERS, SEED, made)
    return made


def partition() -> set[frozenset[int]]:
    """Which records are one customer."""
    groups: dict[int, set[int]] = {}
    for customer, record in Link.objects.values_list("customer", "record"):
        groups.setdefault(customer, set()).add(record)
    return {frozenset(group) for group in groups.values()}


def pairs_of(groups: set[frozenset[int]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def forget_links() -> None:
    """The records alone, as if none had ever been linked."""
    with connection.cursor() as cursor:
        for table in ("link", "pair", "movedchild", "merge", "actcustomer", "act", "customer"):
            cursor.execute(f"DELETE FROM customers_{table}")  # noqa: S608 - our own tables


@pytest.mark.usefixtures("master")
def test_the_outcome_is_the_same_in_one_part_and_in_many(folder):
    demonstration.load_demo(folder=folder)
    found = []
    for parts in (1, 2, 8):
        forget_links()
        run = stock.match_stock(at=NOW, by=None, parts=parts)
        links = set(Link.objects.values_list("record", "rule", "evidence_record", "pattern", "model_version"))
        pairs = set(Pair.objects.values_list("left", "right", "reason", "pattern", "state"))
        found.append((run.state, partition(), links, pairs))

    assert found[0][0] == "DONE"
    assert found[0] == found[1] == found[2]
    assert len(pairs_of(found[0][1])) > 200
    assert MatchFinding.objects.count() == 0


@pytest.mark.usefixtures("master")
def test_feed_by_feed_comes_to_nearly_the_same_as_the_whole_stock_at_once(folder):
    demonstration.load_demo(folder=folder)
    by_feeds = pairs_of(partition())

    stock.match_stock(at=NOW, by=None)

    at_once = pairs_of(partition())
    assert len(by_feeds & at_once) / len(by_feeds | at_once) > 0.97


@pytest.mark.usefixtures("master")
def test_a_second_run_moves_nothing_and_writes_nothing(folder):
    demonstration.load_demo(folder=folder)
    stock.match_stock(at=NOW, by=None)
    before = [list(model.objects.order_by("pk").values()) for model in (Customer, Link, Pair)]

    again = stock.match_stock(at=NOW, by=None)

    assert set(again.counts.values()) == {0}
    assert [list(model.objects.order_by("pk").values()) for model in (Customer, Link, Pair)] == before


@pytest.mark.usefixtures("committed")
def test_workers_take_parts_and_the_outcome_is_the_same(folder, worker):
    demonstration.load_demo(folder=folder)
    forget_links()
    alone = stock.match_stock(at=NOW, by=None, parts=12)
    expected = partition()
    forget_links()

    run = matching.request_match_run(by=None, at=NOW)

    wait_until(lambda: MatchRun.objects.get(pk=run.pk).is_over)
    run.refresh_from_db()
    assert (run.state, partition()) == ("DONE", expected)
    assert alone.parts.count() == 12
    assert {part.worker.partition(":")[2] for part in run.parts.all()} != {""}


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("step", ["READING", "WEIGHING", "PROJECTING"])
def test_a_killed_leader_leaves_a_run_that_is_taken_up_to_the_same_end(folder, launch, observer, step):
    demonstration.load_demo(folder=folder)
    forget_links()
    with connection.cursor() as cursor:  # the leader waits where we hold what it needs
        cursor.execute("BEGIN")
        table = {"READING": "customers_sourcerecord", "WEIGHING": "customers_matchfinding"}.get(step, "customers_link")
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        leader = launch("match_stock", "--parts", "3")
        is_waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE %s"
        until(lambda: observer.execute(is_waiting, [f"%{table}%"]).fetchone()[0])
        leader.send_signal(signal.SIGKILL)
        leader.wait(10)
        cursor.execute("ROLLBACK")
    run = MatchRun.objects.get()
    until(lambda: not locks.is_match_run_taken(run.pk))
    assert (run.state, Link.objects.count()) == ("RUNNING", 0)

    assert matching.resume_match_runs() == [run.pk]

    run.refresh_from_db()
    found = partition()
    forget_links()
    stock.match_stock(at=NOW, by=None)
    assert (run.state, found) == ("DONE", partition())


@pytest.mark.usefixtures("master")
def test_a_run_stops_when_asked_and_goes_on_where_it_was(folder):
    demonstration.load_demo(folder=folder)
    forget_links()
    run = matching.request_match_run(by=None, at=NOW, is_queued=False)

    def stop_after_two(now: MatchRun) -> None:
        if now.parts.filter(is_done=True).count() == 2:
            matching.stop_match_run(run=now, by=None)

    stopped = matching.lead_match_run(run=run, parts=5, on_progress=stop_after_two)
    done = set(MatchPart.objects.filter(is_done=True).values_list("number", "seconds"))
    assert (stopped.state, len(done), Link.objects.count()) == ("STOPPED", 2, 0)
    resumed = matching.lead_match_run(run=matching.resume_match_run(run=stopped, by=None))

    assert resumed.state == "DONE"
    assert done < set(MatchPart.objects.values_list("number", "seconds"))
    assert Link.objects.count() == SourceRecord.objects.count()


@pytest.mark.usefixtures("master")
def test_a_stopped_run_over_another_stock_begins_anew():
    feed([person(mobile=MOBILE), person(mobile=MOBILE)])
    run = matching.request_match_run(by=None, at=NOW, is_queued=False)
    matching.stop_match_run(run=run, by=None)
    stopped = matching.lead_match_run(run=run, parts=2)
    feed([person(name="박두리", birth_date="1970-01-05", mobile="010-7777-1234")])

    resumed = matching.lead_match_run(run=matching.resume_match_run(run=stopped, by=None))

    assert (stopped.state, resumed.state, resumed.records) == ("STOPPED", "DONE", 3)


@pytest.mark.usefixtures("committed")
def test_a_run_has_one_leader(observer):
    run = matching.request_match_run(by=None, at=NOW, is_queued=False)
    observer.execute("SELECT pg_advisory_lock(%s, %s)", [locks.MATCH_LOCK, run.pk])

    with pytest.raises(matching.RunBusy):
        matching.lead_match_run(run=run)

    assert matching.resume_match_runs() == []
    assert MatchRun.objects.get().state == "RUNNING"


@pytest.mark.usefixtures("master")
@pytest.mark.parametrize("again", ["feed", "stock"])
def test_people_outrank_the_rules(again):
    feed([person(source_key="K1", mobile=MOBILE), person(source_key="K2", mobile=MOBILE)])
    feed([person(source_key="K3", name="박두리", birth_date="1970-01-05")])
    one, other, third = SourceRecord.objects.order_by("source_key")
    steward = make_staff("DATA_STEWARD")

    rule_pair(one=one, other=other, answer="DIFFERENT", reason="쌍둥이 아님, 명의 도용", by=steward, at=NOW)
    rule_pair(one=third, other=one, answer="SAME", reason="개명", by=steward, at=NOW)
    if again == "feed":
        feed([person(source_key="K2", mobile=MOBILE, as_of="2026-11-20"), person(source_key="K4", mobile=MOBILE)])
    else:
        stock.match_stock(at=NOW, by=None)

    links = {link.record.source_key: link for link in Link.objects.select_related("record")}
    assert links["K1"].customer_id == links["K3"].customer_id != links["K2"].customer_id
    assert links["K3"].rule == "RULED" or links["K1"].rule == "RULED"


@pytest.mark.usefixtures("master")
def test_a_ruling_that_is_withdrawn_leaves_the_rules_to_decide():
    feed([person(source_key="K1", mobile=MOBILE), person(source_key="K2", mobile=MOBILE)])
    one, other = SourceRecord.objects.order_by("source_key")
    ruling = rule_pair(one=other, other=one, answer="LEGITIMATE", kind="TWINS", by=make_staff("DATA_STEWARD"), at=NOW)
    apart = partition()

    withdraw_ruling(ruling, NOW)

    assert (len(apart), len(partition())) == (2, 1)


@pytest.mark.usefixtures("master")
def test_a_number_on_many_names_is_told_as_a_hub():
    names = ("김하나", "박두리", "최세라", "정네모", "오대양", "육대주")
    feed(
        [
            person(name=name, birth_date=f"19{60 + n}-03-0{n + 1}", mobile=MOBILE, rrn=make_rrn(f"{60 + n}030{n + 1}"))
            for n, name in enumerate(names)
        ]
    )

    run = stock.match_stock(at=NOW, by=None)

    ((record, under_names, records),) = run.hubs["mobile"]
    assert (SourceRecord.objects.get(pk=record).mobile, under_names, records) == ("01023456789", 6, 6)
    assert json.dumps(run.hubs).count(MOBILE) == 0
