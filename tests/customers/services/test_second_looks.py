"""Second looks: which decisions are drawn, who gets them, and what comes of a disagreement."""

from datetime import timedelta

import pytest

from customers.models import Act, BulkAct, Duty, SecondLook
from customers.services import second_looks
from customers.services.taking_back import take_back_act
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW
from tests.customers.many_pairs import decide, make_pairs

pytestmark = pytest.mark.usefixtures("master")


@pytest.fixture(autouse=True)
def _everything_is_drawn(settings) -> None:
    settings.SECOND_LOOK_PERCENT = 100


def drawn(answer: str = "DIFFERENT", **more: object) -> SecondLook:
    """A decision of a steward that chance has drawn."""
    (pair,) = make_pairs(1)
    return second_looks.draw_second_look(act=decide(pair, answer, **more), at=more.get("at", NOW))


def answered(look: SecondLook, answer: str, **more: object) -> SecondLook:
    by = more.pop("by", None) or make_staff("DATA_STEWARD")
    return second_looks.answer_second_look(look=look, answer=answer, by=by, at=NOW, **more)


@pytest.mark.parametrize("answer", ["SAME", "DIFFERENT", "LEGITIMATE"])
def test_every_answer_on_a_pair_may_be_drawn(answer):
    look = drawn(answer)

    assert (look.drawn_at, look.looked_by, look.answer) == (NOW, None, "")


def test_an_act_is_drawn_once():
    look = drawn()

    assert second_looks.draw_second_look(act=look.act, at=NOW + timedelta(days=1)) == look
    assert SecondLook.objects.get().drawn_at == NOW


def test_only_decisions_of_persons_on_single_pairs_are_drawn():
    (pair,) = make_pairs(1)
    by = make_staff("DATA_STEWARD")
    bulk = BulkAct.objects.create(answer="DIFFERENT", reason_code="EVIDENCE", requested_by=by, requested_at=NOW)
    others = [
        Act.objects.create(kind="LATER", by=by, at=NOW, pair=pair),
        Act.objects.create(kind="MERGE", by=by, at=NOW),
        Act.objects.create(kind="MERGE", at=NOW, pair=pair),
        Act.objects.create(kind="DIFFERENT", by=by, at=NOW, pair=pair, bulk=bulk),
    ]

    assert [second_looks.draw_second_look(act=act, at=NOW) for act in others] == [None] * 4


@pytest.mark.parametrize("percent", [0, 5, 40, 100])
def test_the_share_that_is_drawn_is_that_of_the_settings(settings, percent):
    settings.SECOND_LOOK_PERCENT = percent

    count = sum(second_looks.is_drawn(number) for number in range(20_000))

    assert abs(count / 200 - percent) < 1


def test_another_key_draws_others(settings):
    settings.SECOND_LOOK_PERCENT = 20
    before = [second_looks.is_drawn(number) for number in range(500)]

    settings.SECRET_KEY = "another"

    assert [second_looks.is_drawn(number) for number in range(500)] != before


def test_nobody_is_given_their_own_decision():
    look = drawn()

    assert second_looks.take_second_look(by=look.act.by) is None
    with pytest.raises(second_looks.OwnDecision):
        answered(look, "SAME", by=look.act.by)


def test_the_oldest_look_that_is_before_nobody_is_given_and_stays_until_it_is_answered():
    newer, older = drawn(at=NOW + timedelta(hours=1)), drawn(at=NOW)
    one, other, third = (make_staff("DATA_STEWARD") for _staff in range(3))

    assert [second_looks.take_second_look(by=by) for by in (one, other, one, third)] == [older, newer, older, older]
    answered(older, "DIFFERENT", by=third)
    assert second_looks.take_second_look(by=one) == newer


def test_a_decision_that_was_taken_back_is_looked_at_no_more():
    look = drawn()
    take_back_act(act=look.act, by=look.act.by, at=NOW)

    assert second_looks.take_second_look(by=make_staff("DATA_STEWARD")) is None
    with pytest.raises(second_looks.NothingToLookAt):
        answered(look, "SAME")


def test_a_look_is_given_once():
    look = drawn()
    answered(look, "SAME")

    with pytest.raises(second_looks.AlreadyLooked):
        answered(look, "DIFFERENT")
    assert SecondLook.objects.get().answer == "SAME"


def test_an_answer_that_is_none_is_refused():
    with pytest.raises(second_looks.UnknownAnswer):
        answered(drawn(), "PERHAPS")


@pytest.mark.parametrize(
    ("first", "second", "is_told"),
    [
        ("SAME", "SAME", False),
        ("SAME", "DIFFERENT", True),
        ("SAME", "LEGITIMATE", True),
        ("DIFFERENT", "SAME", True),
        ("DIFFERENT", "DIFFERENT", False),
        ("DIFFERENT", "LEGITIMATE", False),
        ("LEGITIMATE", "SAME", True),
        ("LEGITIMATE", "DIFFERENT", False),
        ("LEGITIMATE", "LEGITIMATE", False),
    ],
)
def test_the_first_steward_is_told_of_a_disagreement(first, second, is_told):
    look = answered(drawn(first), second, comment="같은 주소")

    assert second_looks.agrees(look) != is_told
    assert Act.objects.filter(second_looks.AGREED).exists() != is_told
    duties = Duty.objects.values_list("staff", "act", "text_code", "since", "created_at")
    assert list(duties) == ([(look.act.by_id, look.act_id, "SECOND_LOOK_DIFFERS", NOW, NOW)] if is_told else [])
    assert (look.looked_at, look.comment) == (NOW, "같은 주소")
