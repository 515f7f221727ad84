"""The queue: what a decision is worth, who gets which pair, and that no two ever get the same."""

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from customers.models import Act, Customer, Pair
from customers.services import deciding, proposals, queue, taking_back
from customers.services.deciding import mark_of
from customers.stewardship import Why
from tests.customers.builders import NOW
from tests.customers.matching import make_model
from tests.customers.pairs import current, customers_of, decide, steward, waiting
from tests.snapshots import MASTER

SOON, LATER = NOW + timedelta(minutes=14), NOW + timedelta(minutes=16)


def worth_of(pair: Pair) -> float | None:
    """What a decision on the pair is worth by now, to four places."""
    worth = Pair.objects.get(pk=pair.pk).worth
    return None if worth is None else round(worth, 4)


def ranked(number: int) -> list[Pair]:
    """So many pairs, the first of which is worth most."""
    pairs = waiting(number)
    for place, pair in enumerate(pairs):
        Pair.objects.filter(pk=pair.pk).update(worth=100 - place)
    return pairs


def take(by: object, at: object = NOW, **condition: str) -> Pair | None:
    return queue.take_next(by=by, at=at, condition=condition)


@pytest.mark.usefixtures("master")
class TestWorth:
    def test_an_unsure_pair_of_two_plain_customers(self):
        (pair,) = waiting()
        Pair.objects.update(weight=0.0)

        assert queue.reckon_worth() == 1

        assert worth_of(pair) == round(1.02 * (1 + math.log(3)), 4)

    @pytest.mark.parametrize(
        ("fields", "more"),
        [
            ({"grade": "VIP"}, 4),
            ({"grade": "GOLD"}, 2),
            ({"grade": "SILVER"}, 1),
            ({"grade": "GENERAL"}, 0),
            ({"marketing_consent_on": NOW}, 2),
            ({"record_count": 9}, math.log(11) - math.log(3)),
        ],
    )
    def test_what_hangs_on_a_pair_adds_to_it(self, fields, more):
        (pair,) = waiting()
        Pair.objects.update(weight=0.0)
        Customer.objects.filter(pk=customers_of(pair)[0].pk).update(**fields)

        queue.reckon_worth(pair_ids=[pair.pk])

        assert worth_of(pair) == round(1.02 * (1 + math.log(3) + more), 4)

    def test_the_surer_the_engine_is_the_less_it_is_worth(self):
        weights = dict(zip((-9.0, -3.0, 0.0, 3.0, None), waiting(5), strict=True))
        for weight, pair in weights.items():
            Pair.objects.filter(pk=pair.pk).update(weight=weight)

        queue.reckon_worth()

        worths = {weight: worth_of(pair) for weight, pair in weights.items()}
        assert worths[-9.0] < worths[-3.0] == worths[3.0] < worths[0.0] == worths[None]

    def test_the_cut_is_that_of_the_model_that_found_the_pair(self):
        (pair,) = waiting()
        model = make_model()
        definition = model.definition | {"cuts": {"*~*": [5.0, -6.0]}}
        type(model).objects.filter(pk=model.pk).update(definition=definition)
        Pair.objects.update(weight=5.0, model_version=model.version)

        queue.reckon_worth()

        assert worth_of(pair) == round(1.02 * (1 + math.log(3)), 4)

    def test_only_open_pairs_are_reckoned_and_only_those_asked_for(self):
        one, other, closed = waiting(3)
        Pair.objects.update(worth=None)
        Pair.objects.filter(pk=closed.pk).update(state="SAME", closed_at=NOW)

        assert queue.reckon_worth(pair_ids=[one.pk, closed.pk]) == 1

        assert [worth_of(pair) is None for pair in (one, other, closed)] == [False, True, True]

    def test_pairs_of_touched_customers_are_reckoned_in_their_transaction(self):
        one, other = waiting(2)
        Pair.objects.update(worth=None)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS touched_customer")
            cursor.execute("CREATE TEMP TABLE touched_customer (id bigint, is_new boolean) ON COMMIT DROP")
            cursor.execute("INSERT INTO touched_customer VALUES (%s, false)", [customers_of(one)[1].pk])

            assert queue.reckon_worth_of_touched() == 1

        assert [worth_of(pair) is None for pair in (one, other)] == [False, True]


@pytest.mark.usefixtures("master")
class TestTaking:
    def test_the_worthiest_comes_first_and_each_steward_gets_another(self):
        first, second, _third = ranked(3)
        one, other = steward(), steward()

        assert [take(one), take(other)] == [first, second]
        assert Pair.objects.get(pk=first.pk).assigned_to == one

    def test_what_a_steward_has_already_comes_first(self):
        first, _second = ranked(2)
        by = steward()

        assert [take(by), take(by, SOON)] == [first, first]

    def test_what_was_left_for_too_long_is_free(self):
        first, second = ranked(2)
        one, other = steward(), steward()
        take(one)

        assert [take(other, SOON), take(steward(), LATER)] == [second, first]

    def test_pairs_without_a_worth_get_theirs(self):
        (pair,) = waiting()
        Pair.objects.update(worth=None)

        assert take(steward()) == pair
        assert worth_of(pair) > 0

    def test_what_was_put_off_comes_back_on_its_day(self):
        (pair,) = waiting()
        by, today = steward(), NOW
        deciding.put_pair_off(
            pair=pair, until=today.date() + timedelta(days=1), seen=mark_of(current(pair)), by=by, at=NOW
        )
        Pair.objects.update(hold_until=today.date() + timedelta(days=36_500))
        assert take(by) is None

        Pair.objects.update(hold_until=today.date())
        assert take(by) == pair

    def test_what_is_before_a_second_person_is_not_taken_until_it_was_refused(self):
        (pair,) = waiting()
        by, second = steward(), steward()
        survivor, retired = customers_of(pair)
        proposal = proposals.propose_merge(
            survivor=survivor, retired=[retired], why=[Why.VALUE], pair=pair, by=by, at=NOW
        )
        assert take(by) is None

        proposals.refuse_merge(proposal=proposal, answer="no", by=second, at=NOW)
        assert take(by) == pair

    def test_a_filter_narrows_what_is_taken(self):
        pairs = ranked(2)
        Pair.objects.filter(pk=pairs[1].pk).update(reason="NAME_MOBILE")

        assert take(steward(), reason="NAME_MOBILE") == pairs[1]
        assert take(steward(), reason="SAME_NUMBER") is None
        assert take(steward(), reason="nonsense", state="SAME") == pairs[0]

    def test_a_decided_pair_is_nobodys(self):
        first, second = ranked(2)
        by = steward()
        decide(take(by), "DIFFERENT", by=by)

        assert take(by) == second
        assert Pair.objects.get(pk=first.pk).assigned_to is None

    def test_a_pair_given_back_is_free(self):
        (pair,) = ranked(1)
        one, other = steward(), steward()
        queue.release_pair(pair=take(one), by=one)

        assert take(other) == pair
        with pytest.raises(queue.NotYours):
            queue.release_pair(pair=pair, by=one)


@pytest.mark.usefixtures("master")
class TestLastDecision:
    def test_it_is_the_newest_that_was_not_taken_back(self):
        one, other, third = waiting(3)
        by, now = steward(), timezone.now()
        decide(one, "DIFFERENT", by=by, at=now)
        act = decide(other, "SAME", by=by, at=now + timedelta(seconds=1))
        decide(third, "DIFFERENT", by=steward(), at=now + timedelta(seconds=2))

        assert queue.last_decision(by=by) == act

        taking_back.take_back_act(act=act, by=by, at=now + timedelta(seconds=3))
        assert queue.last_decision(by=by).pair == one

    def test_a_proposal_is_a_decision_until_it_is_answered(self):
        one, other = waiting(2)
        by = steward()
        act = decide(one, "DIFFERENT", by=by)
        Customer.objects.filter(pk=customers_of(other)[0].pk).update(grade="VIP")
        proposal = decide(other, "SAME", by=by, at=NOW + timedelta(seconds=1))

        assert queue.last_decision(by=by) == proposal

        proposals.withdraw_proposal(proposal=proposal, by=by, at=NOW)
        assert queue.last_decision(by=by) == act

    def test_who_decided_nothing_has_none(self):
        assert queue.last_decision(by=steward()) is None


@pytest.mark.usefixtures("master")
def test_a_proposal_is_withdrawn_by_its_author_alone_and_once():
    (pair,) = waiting()
    by, survivor = steward(), customers_of(pair)
    proposal = proposals.propose_merge(
        survivor=survivor[0], retired=[survivor[1]], why=[Why.VALUE], pair=pair, by=by, at=NOW
    )
    with pytest.raises(proposals.NotYourProposal):
        proposals.withdraw_proposal(proposal=proposal, by=steward(), at=NOW)

    proposals.withdraw_proposal(proposal=proposal, by=by, at=NOW)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.act) == ("OVERTAKEN", by, None)
    with pytest.raises(proposals.AlreadyDecided):
        proposals.withdraw_proposal(proposal=proposal, by=by, at=NOW)
    assert Act.objects.count() == 0


def test_stewards_at_once_never_get_the_same_pair(transactional_db):
    MASTER.put()
    pairs = waiting(40)
    queue.reckon_worth()
    stewards = [steward() for _number in range(8)]

    def work(by: object) -> list[int]:
        """Take pairs, and rule each two, until there are none."""
        done = []
        try:
            while pair := take(by):
                done.append(pair.pk)
                decide(pair, "DIFFERENT", by=by)
        finally:
            connections.close_all()
        return done

    with ThreadPoolExecutor(len(stewards)) as pool:
        taken = [pk for done in pool.map(work, stewards) for pk in done]

    assert sorted(taken) == sorted(pair.pk for pair in pairs)
    assert Act.objects.filter(kind="DIFFERENT").count() == 40


def test_stewards_at_once_each_hold_another_pair(transactional_db):
    MASTER.put()
    waiting(12)
    stewards = [steward() for _number in range(12)]

    def hold(by: object) -> int:
        try:
            return take(by).pk
        finally:
            connections.close_all()

    queue.reckon_worth()
    with ThreadPoolExecutor(len(stewards)) as pool:
        held = list(pool.map(hold, stewards))

    assert len(set(held)) == 12
    assert set(Pair.objects.values_list("assigned_to", flat=True)) == {by.pk for by in stewards}
