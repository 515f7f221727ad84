"""Versions of the rules of survivorship: drafted, rehearsed on today's stock, published by another, rolled back."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import Staff
from customers import tasks
from customers.golden.explain import explain
from customers.golden.projection import GOLDEN_COLUMNS
from customers.golden.rules import SHIPPED, RulesUnfit
from customers.golden.survivorship import ITEMS, Reason
from customers.models import ChangeEvent, Customer, GoldenRules, Rehearsal, SourceRecord, SourceSystem
from customers.services import golden_rehearsals, golden_rules, golden_stock, projection, rule_versions, wishes
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
BY_TRUST = {"mobile": ["TRUST", "RECENCY", "CERTAINTY"]}
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Versions of one number differ between tests, though never within an installation."""
    golden_rules.version_of.cache_clear()


@pytest.fixture
def author() -> Staff:
    return make_staff("DATA_STEWARD")


@pytest.fixture
def publisher() -> Staff:
    return make_staff("ADMINISTRATOR")


@pytest.fixture
def stock() -> list[Customer]:
    """Six customers: of each the TM record is the newest and the POLICY record the most trusted; of half of them both
    say the same."""
    for number in range(6):
        rrn = make_rrn("850302", 2, 30000 + number)
        mobile = f"010-2111-22{number:02}"
        feed([person(source_key=f"P{number}", name=f"김하{'가나다라마바'[number]}", rrn=rrn, mobile=mobile)])
        other = mobile if number % 2 else f"010-4333-44{number:02}"
        row = person(source_key=f"T{number}", name=f"김하{'가나다라마바'[number]}", rrn=rrn, mobile=other)
        feed([row | {"as_of": "2026-11-03"}], "TM")
    return list(Customer.objects.order_by("pk"))


def golden() -> list[dict[str, object]]:
    """Every column of every golden row."""
    return list(Customer.objects.order_by("pk").values(*GOLDEN_COLUMNS, "number", "state"))


def drafted(author: Staff, definition: dict[str, object] = BY_TRUST) -> GoldenRules:
    return golden_rules.draft_rules(by=author, at=NOW, definition=definition, comment="신뢰도를 앞세움")


def rehearsed(rules: GoldenRules, by: Staff) -> Rehearsal:
    """A rehearsal that a worker has done."""
    request = golden_rehearsals.request_golden_rehearsal(rules=rules, by=by, at=NOW)
    return golden_rehearsals.rehearse_golden(rehearsal=request)


def published(author: Staff, publisher: Staff, definition: dict[str, object] = BY_TRUST) -> GoldenRules:
    """A version in use, and the stock as it has it."""
    rules = drafted(author, definition)
    rehearsed(rules, author)
    golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    golden_stock.project_stock(at=LATER)
    return GoldenRules.objects.get(pk=rules.pk)


def changes_since(sequence: int) -> tuple[int, dict[str, int]]:
    """How many customers changed since an event, and how many of them in each item."""
    events = ChangeEvent.objects.filter(sequence__gt=sequence)
    return events.count(), dict(Counter(item for event in events for item in event.items))


def newest_event() -> int:
    return ChangeEvent.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def test_without_a_version_the_shipped_rules_are_in_use():
    assert golden_rules.live_rules() == SHIPPED


def test_a_draft_is_a_version_of_its_own_and_changes_nothing(author, stock):
    before = golden()

    rules = drafted(author)

    assert (rules.version, rules.state, rules.created_by, rules.comment) == (1, "DRAFT", author, "신뢰도를 앞세움")
    assert (rules.definition["mobile"], rules.definition["name"]) == (BY_TRUST["mobile"], "IDENTITY")
    assert (golden_rules.live_rules(), golden_stock.project_stock(at=LATER), golden()) == (SHIPPED, 0, before)


def test_a_draft_with_faults_is_refused(author):
    with pytest.raises(RulesUnfit):
        drafted(author, {"mobile": ["LATEST_VALUE"]})
    with pytest.raises(rule_versions.NothingChanged):
        drafted(author, {"mobile": ["CERTAINTY", "RECENCY", "TRUST"]})
    assert GoldenRules.objects.count() == 0


def test_a_rehearsal_counts_and_samples_and_writes_nothing(author, stock):
    before, events = golden(), newest_event()

    rehearsal = rehearsed(drafted(author), author)

    assert (rehearsal.state, rehearsal.done_share, rehearsal.error) == ("DONE", 1, "")
    assert rehearsal.counts == {"of": 6, "customers": 3, "items": {"mobile": 3}}
    keys = dict(SourceRecord.objects.values_list("pk", "source_key"))
    samples = [(customer, keys[old], keys[new]) for customer, old, new in rehearsal.samples["mobile"]]
    assert sorted(samples) == [(stock[number].pk, f"T{number}", f"P{number}") for number in (0, 2, 4)]
    assert (golden(), newest_event()) == (before, events)


@pytest.mark.parametrize("piece", [2, 20_000])
def test_publishing_changes_exactly_what_the_rehearsal_told(author, publisher, stock, monkeypatch, piece):
    monkeypatch.setattr(golden_rehearsals, "PIECE_CUSTOMERS", piece)
    monkeypatch.setattr(golden_stock, "BLOCK_CUSTOMERS", piece)
    definition = BY_TRUST | {"name": ["RECENCY"], "rrn": ["RECENCY", "TRUST"]}
    feed([person(source_key="N", name="김하자", rrn=make_rrn("850302", 2, 30000), as_of="2026-11-05")], "ONLINE")
    rules, events = drafted(author, definition), newest_event()
    told = rehearsed(rules, author).counts

    golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    changed = golden_stock.project_stock(at=LATER)

    assert (told["customers"], told["items"]) == changes_since(events)
    assert told["customers"] == 3
    assert changed >= told["customers"]
    assert told["items"] == {"mobile": 3, "name": 1}
    assert golden_stock.project_stock(at=LATER) == 0


def test_processes_count_the_same(author, stock, monkeypatch):
    monkeypatch.setattr(golden_rehearsals, "PIECE_CUSTOMERS", 2)
    monkeypatch.setattr(golden_rehearsals, "ONE_PROCESS_UP_TO", 1)

    assert rehearsed(drafted(author), author).counts == {"of": 6, "customers": 3, "items": {"mobile": 3}}


def test_published_rules_hold_for_new_deliveries_and_explanations(author, publisher, stock):
    published(author, publisher)

    feed([person(source_key="T0", name="김하가", rrn=make_rrn("850302", 2, 30000), mobile="010-9999-0000")], "TM")

    customer = Customer.objects.get(pk=stock[0].pk)
    won, reason = customer.provenance["mobile"]
    assert (SourceRecord.objects.get(pk=won).source_key, Reason(reason)) == ("P0", Reason.TRUST)
    assert golden_rules.live_rules().version == 1


@pytest.mark.parametrize(
    "definition",
    [
        {"mobile": ["RECENCY"], "name": ["TRUST"], "email": ["VERIFIED", "RECENCY"]},
        {"real_name_verified_on": ["TRUST"], "marketing_consent_on": ["LATEST_VALUE", "RECENCY"]},
        {item.code: ["RECENCY", "TRUST", "CERTAINTY", "VERIFIED"] for item in ITEMS},
    ],
)
def test_one_customer_is_explained_as_the_stock_was_chosen(author, publisher, stock, definition):
    dates = {"marketing_consent_on": "2025-05-05", "real_name_verified_on": "2026-06-06"}
    feed(
        [person(source_key="V", name="김하가", rrn=make_rrn("850302", 2, 30000), email="v@example.kr", **dates)],
        "BANCA",
    )
    pin = {"item": "mobile", "record": SourceRecord.objects.get(source_key="T2"), "at": NOW, "reason_code": "DOCUMENT"}
    wishes.pin_value(customer=stock[2], by=author, **pin)
    tm = SourceSystem.objects.get(code="TM")
    wishes.prefer_source(customer=stock[4], source=tm, by=author, at=NOW, reason_code="DOCUMENT")

    published(author, publisher, definition)

    trusts = dict(SourceSystem.objects.values_list("pk", "trust"))
    for customer in Customer.objects.all():
        records = list(SourceRecord.objects.filter(link__customer=customer).order_by("pk"))
        wanted = [wishes.wanted(wish) for wish in wishes.wishes_in_force(customer, on=NOW.date())]
        found = explain(records, trusts, golden_rules.live_rules(), wanted)
        told = {code: [each.winner.record.pk, int(each.reason)] for code, each in found.items()}
        assert told == customer.provenance


def test_the_tasks_do_what_was_asked_for(author, publisher, stock):
    rules = drafted(author)
    rehearsal = golden_rehearsals.request_golden_rehearsal(rules=rules, by=author, at=NOW)

    tasks.rehearse_golden(rehearsal_id=rehearsal.pk)
    golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    tasks.project_stock()

    rehearsal.refresh_from_db()
    assert (rehearsal.state, rehearsal.counts["customers"]) == ("DONE", 3)
    assert Customer.objects.get(pk=stock[0].pk).mobile == "01021112200"


def test_wishes_hold_under_other_rules_too(author, publisher, stock):
    record = SourceRecord.objects.get(source_key="T0")
    pin = {"item": "mobile", "record": record, "by": author, "at": NOW, "reason_code": "DOCUMENT"}
    wishes.pin_value(customer=stock[0], **pin)
    rules = drafted(author)

    assert rehearsed(rules, author).counts["items"] == {"mobile": 2}

    golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    golden_stock.project_stock(at=LATER)
    assert Customer.objects.get(pk=stock[0].pk).mobile == "01043334400"


def test_a_draft_is_published_by_a_second_person_after_a_rehearsal(author, publisher, stock):
    rules = drafted(author)

    with pytest.raises(golden_rules.NotRehearsed):
        golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    rehearsed(rules, author)
    with pytest.raises(rule_versions.OwnDraft):
        golden_rules.publish_rules(rules=rules, by=author, at=NOW)
    rules = golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    assert (rules.state, rules.published_by, rules.published_at) == ("LIVE", publisher, NOW)
    with pytest.raises(rule_versions.NotADraft):
        golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)
    with pytest.raises(golden_rehearsals.NotADraft):
        golden_rehearsals.request_golden_rehearsal(rules=rules, by=author, at=NOW)


def test_a_failed_rehearsal_says_why_and_publishes_nothing(author, publisher, stock):
    rules = drafted(author)
    GoldenRules.objects.filter(pk=rules.pk).update(definition={"mobile": ["LUCK"]})

    rehearsal = rehearsed(rules, author)

    assert (rehearsal.state, rehearsal.error, rehearsal.counts) == ("FAILED", "RulesUnfit", {})
    with pytest.raises(golden_rules.NotRehearsed):
        golden_rules.publish_rules(rules=rules, by=publisher, at=NOW)


def test_a_rehearsal_that_waits_is_not_asked_for_twice(author):
    rules = drafted(author)

    first, second = (golden_rehearsals.request_golden_rehearsal(rules=rules, by=author, at=NOW) for _number in range(2))

    assert (first, Rehearsal.objects.count()) == (second, 1)


def test_a_rehearsal_left_behind_is_given_up_when_it_is_asked_for_again(author, stock):
    rules = drafted(author)
    left = golden_rehearsals.request_golden_rehearsal(rules=rules, by=author, at=NOW)
    Rehearsal.objects.filter(pk=left.pk).update(state="RUNNING", done_share=0.5)

    fresh = golden_rehearsals.request_golden_rehearsal(rules=rules, by=author, at=LATER)

    left.refresh_from_db()
    assert (left.state, left.error, fresh.state) == ("FAILED", "Interrupted", "WAITING")


def test_a_rehearsal_that_is_over_is_not_done_again(author, stock):
    rehearsal = rehearsed(drafted(author), author)
    finished_at = rehearsal.finished_at

    assert golden_rehearsals.rehearse_golden(rehearsal=rehearsal).finished_at == finished_at


def test_rolling_back_restores_every_golden_row_in_one_step(author, publisher, stock):
    before = golden()
    published(author, publisher)
    assert golden() != before

    rules = golden_rules.roll_back_rules(by=publisher, at=LATER)
    golden_stock.project_stock(at=LATER)

    assert golden() == before
    assert (rules.version, rules.state, rules.created_by, rules.published_by, rules.published_at, rules.comment) == (
        *(2, "LIVE", publisher, publisher, LATER),
        "↩ v0",
    )
    assert GoldenRules.objects.get(version=1).state == "RETIRED"


def test_rolling_back_goes_to_the_version_that_was_in_use_before(author, publisher, stock):
    first = published(author, publisher)
    published(author, publisher, {"mobile": ["RECENCY"]})

    rules = golden_rules.roll_back_rules(by=author, at=LATER)

    assert (rules.comment, rules.definition) == ("↩ v1", first.definition)


def test_the_first_rules_cannot_be_rolled_back(author):
    with pytest.raises(rule_versions.NothingBefore):
        golden_rules.roll_back_rules(by=author, at=NOW)


def test_the_stock_is_projected_again_with_what_has_changed_since(stock):
    SourceSystem.objects.filter(code="TM").update(trust=100)
    SourceRecord.objects.filter(source_key__startswith="P").update(as_of=NOW)
    steps = []

    changed = golden_stock.project_stock(at=LATER, on_progress=lambda done, total: steps.append((done, total)))

    assert (changed, steps, golden_stock.stock_progress()) == (6, [(6, 6)], None)
    assert projection.project_again(customer_ids=[customer.pk for customer in stock], at=LATER) == 0
