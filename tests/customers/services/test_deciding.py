"""What stewards decide about pairs holds against every later run, and comes back only with new evidence."""

from datetime import date

import pytest
from django.utils import timezone

from customers.models import Act, Customer, Link, Pair, Proposal, Ruling
from customers.services import deciding, stock
from customers.services.deciding import Answer, Stale, decide_pair, mark_of, put_pair_off
from customers.services.taking_back import take_back_act
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")

PAIRS = Pair.objects.select_related("left__link", "right__link")
NAMED = {"name": "김지영", "birth_date": "1982-09-09"}
ONE = NAMED | {"mobile": "010-3477-3199", "address": "부산광역시 해운대구 센텀로 5, 3동 2호"}
OTHER = NAMED | {"mobile": "010-8477-3122", "address": "서울특별시 양천구 목동동로 100, 101동 1001호"}


def a_pair(one: dict[str, str] = ONE, other: dict[str, str] = OTHER) -> Pair:
    """Two records that the engine leaves to a person."""
    feed([person(source_key="K1", **one)], "POLICY")
    feed([person(source_key="K2", **other)], "BANCA")
    return PAIRS.get()


def customers_of(pair: Pair) -> list[int]:
    return list(Link.objects.filter(record__in=(pair.left_id, pair.right_id)).values_list("customer", flat=True))


def decide(pair: Pair, answer: str, **more: object) -> Act | Proposal:
    pair = PAIRS.get(pk=pair.pk)
    return decide_pair(pair=pair, answer=Answer(answer, **more), seen=mark_of(pair), by=make_staff(), at=timezone.now())


def told(pair: Pair) -> tuple[str, str, int | None]:
    pair.refresh_from_db()
    return pair.state, pair.reason, pair.contradicts_id


def test_one_customer_means_a_merge_into_the_older_number():
    pair = a_pair()
    older, younger = Customer.objects.order_by("pk")

    act = decide(pair, Ruling.Answer.SAME, reason_code="EVIDENCE")

    younger.refresh_from_db()
    assert (act.kind, act.pair_id, act.reason_code) == ("MERGE", pair.pk, "EVIDENCE")
    assert (younger.state, younger.merged_into_id, customers_of(pair)) == ("MERGED", older.pk, [older.pk] * 2)
    assert told(pair)[0] == "SAME"


def test_a_steward_may_choose_which_number_survives():
    pair = a_pair()
    older, younger = Customer.objects.order_by("pk")

    decide(pair, Ruling.Answer.SAME, survivor=younger)

    assert customers_of(pair) == [younger.pk] * 2
    assert Customer.objects.get(pk=older.pk).merged_into_id == younger.pk


def test_one_customer_stays_one_in_every_later_run():
    pair = a_pair()
    decide(pair, Ruling.Answer.SAME)
    before = customers_of(pair)

    for _run in range(3):
        stock.match_stock(at=NOW, by=None)

    assert customers_of(pair) == before
    assert told(pair)[0] == "SAME"


def test_two_customers_are_never_linked_in_ten_runs_and_come_back_once_with_a_number_that_agrees():
    pair = a_pair()
    act = decide(pair, Ruling.Answer.DIFFERENT, reason_code="DOCUMENT", comment="two passports")

    for _run in range(10):
        stock.match_stock(at=NOW, by=None)
        assert len(set(customers_of(pair))) == 2
        assert told(pair) == ("DIFFERENT", "NAME_BIRTH", None)

    for source, key, cells in (("POLICY", "K1", ONE), ("BANCA", "K2", OTHER)):
        feed([person(source_key=key, rrn=make_rrn("820909", 2), as_of="2026-11-05", **cells)], source)
    ruling = Ruling.objects.get(act=act)
    assert told(pair) == ("OPEN", "CONTRADICTED", ruling.pk)
    assert len(set(customers_of(pair))) == 2
    assert (ruling.withdrawn_at, Pair.objects.count()) == (None, 1)

    decide(pair, Ruling.Answer.DIFFERENT)
    stock.match_stock(at=NOW, by=None)
    assert told(pair)[0] == "DIFFERENT"
    assert len(set(customers_of(pair))) == 2


def test_a_number_that_differs_since_brings_a_decision_for_one_back():
    pair = a_pair()
    decide(pair, Ruling.Answer.SAME)

    for source, key, cells, serial in (("POLICY", "K1", ONE, 11111), ("BANCA", "K2", OTHER, 22222)):
        feed([person(source_key=key, rrn=make_rrn("820909", 2, serial), as_of="2026-11-05", **cells)], source)

    assert told(pair)[:2] == ("OPEN", "CONTRADICTED")
    assert len(set(customers_of(pair))) == 1
    stock.match_stock(at=NOW, by=None)
    assert told(pair)[:2] == ("OPEN", "CONTRADICTED")

    assert decide(pair, Ruling.Answer.DIFFERENT).kind == "DIFFERENT"
    assert len(set(customers_of(pair))) == 2
    assert told(pair)[0] == "DIFFERENT"


def test_legitimately_two_keeps_kind_dates_and_switches():
    pair = a_pair()

    act = decide(
        pair,
        Ruling.Answer.LEGITIMATE,
        kind="TWINS",
        starts_on=date(2026, 11, 1),
        ends_on=date(2030, 12, 31),
        is_one_for_service=True,
    )

    ruling = Ruling.objects.get(act=act)
    assert (ruling.answer, ruling.kind, ruling.starts_on, ruling.ends_on) == (
        *("LEGITIMATE", "TWINS"),
        date(2026, 11, 1),
        date(2030, 12, 31),
    )
    switches = (ruling.is_one_for_service, ruling.is_one_for_marketing, ruling.is_one_for_statistics)
    assert switches == (True, False, False)
    assert told(pair)[0] == "DIFFERENT"


def test_legitimately_two_takes_a_kind_and_nothing_else_does():
    pair = a_pair()

    for answer, kind in ((Ruling.Answer.LEGITIMATE, ""), (Ruling.Answer.DIFFERENT, "TWINS")):
        with pytest.raises(deciding.KindMissing):
            decide(pair, answer, kind=kind)
    assert (told(pair)[0], Act.objects.count()) == ("OPEN", 0)


def test_what_somebody_decided_meanwhile_is_not_decided_again():
    pair = a_pair()
    seen = mark_of(PAIRS.get())
    decide(pair, Ruling.Answer.DIFFERENT)

    with pytest.raises(Stale):
        decide_pair(pair=pair, answer=Answer(Ruling.Answer.SAME), seen=seen, by=make_staff(), at=NOW)

    assert (Act.objects.count(), len(set(customers_of(pair)))) == (1, 2)


def test_what_changed_meanwhile_is_not_decided():
    pair = a_pair()
    seen = mark_of(PAIRS.get())
    feed([person(source_key="K1", email="new@example.com", as_of="2026-11-05", **ONE)], "POLICY")

    with pytest.raises(Stale):
        put_pair_off(pair=pair, until=date(2027, 1, 1), seen=seen, by=make_staff(), at=NOW)

    assert Act.objects.count() == 0


def test_what_is_put_off_is_put_off_until_a_day_to_come():
    pair = PAIRS.get(pk=a_pair().pk)
    words = {"pair": pair, "seen": mark_of(pair), "by": make_staff(), "at": NOW}

    with pytest.raises(deciding.DateMissing):
        put_pair_off(until=NOW.date(), **words)
    put_pair_off(until=date(2026, 12, 1), **words)

    pair.refresh_from_db()
    assert (pair.state, pair.hold_until) == ("OPEN", date(2026, 12, 1))


@pytest.mark.parametrize("answer", [Ruling.Answer.SAME, Ruling.Answer.DIFFERENT])
def test_a_decision_taken_back_leaves_everything_as_it_was(answer):
    pair = a_pair()
    before = (told(pair), customers_of(pair), golden())
    act = decide(pair, answer)

    take_back_act(act=act, by=make_staff(), at=timezone.now())

    assert (told(pair), customers_of(pair), golden()) == before
    assert Ruling.objects.filter(withdrawn_at=None).count() == 0


def golden() -> list[tuple]:
    columns = [field.name for field in Customer._meta.concrete_fields if field.name != "updated_at"]
    return list(Customer.objects.order_by("pk").values_list(*columns))


def test_a_merge_of_value_is_proposed_to_a_second_person():
    pair = a_pair()
    Customer.objects.filter(pk=customers_of(pair)[0]).update(grade="VIP")

    proposal = decide(pair, Ruling.Answer.SAME, reason_code="EVIDENCE")

    assert (type(proposal), proposal.state, proposal.why, proposal.pair_id) == (Proposal, "OPEN", ["VALUE"], pair.pk)
    assert (told(pair)[0], len(set(customers_of(pair)))) == ("OPEN", 2)
