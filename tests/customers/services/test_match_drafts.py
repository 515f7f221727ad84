"""Models changed by hand: what a draft takes over, who puts it to use, and how it is rolled back."""

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from customers.dedup import drafting
from customers.dedup.drafting import ALL_OTHERS
from customers.dedup.model import Cut
from customers.dedup.storing import shipped_model
from customers.models import Link, MatchModel, MatchRun
from customers.services import match_drafts, match_models, match_rehearsals, stock
from customers.services.match_drafts import draft_match_model
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, person
from tests.customers.matching import JUDGED, make_learning, make_model, make_run

pytestmark = pytest.mark.usefixtures("master")
CUTS = {ALL_OTHERS: Cut(0.0, -6.0)}


def draft(cuts: dict | None = None, **more: object) -> MatchModel:
    """A draft by a steward."""
    author = more.pop("by", None) or make_staff("DATA_STEWARD")
    return draft_match_model(by=author, at=NOW, cuts=cuts or {ALL_OTHERS: Cut(3.0, -6.0)}, **more)


def rehearse(model: MatchModel) -> None:
    """Rehearse a draft now."""
    rehearsal = match_rehearsals.request_rehearsal(model=model, by=None, at=timezone.now(), is_queued=False)
    match_rehearsals.rehearse(rehearsal=rehearsal)


def publish(model: MatchModel) -> MatchModel:
    """Put a rehearsed draft to use."""
    rehearse(model)
    return match_models.publish_model(model=model, by=make_staff("ADMINISTRATOR"), at=timezone.now())


def states() -> dict[int, str]:
    return dict(MatchModel.objects.values_list("version", "state"))


def test_a_draft_keeps_what_it_was_made_from_and_what_it_changed():
    make_model(state="LIVE")
    before = match_models.live_model()

    model = draft(
        {ALL_OTHERS: Cut(2.5, -4.0), ("TM", "FP"): Cut(6.0, -3.0)},
        weights={"person": {"name": {"exact": 10.5, "near": float(before.person.single["name"][2])}}},
        comment="TM 명의 확인",
    )

    assert (model.version, model.state, model.quality) == (2, "DRAFT", {})
    assert model.training == {
        "base": 1,
        "comment": "TM 명의 확인",
        "changes": {
            "cuts": {"*~*": [[0.0, -6.0], [2.5, -4.0]], "FP~TM": [None, [6.0, -3.0]]},
            "weights": {"person": {"name": {"exact": [9.0, 10.5]}}},
            "keys": {},
        },
    }
    made = match_models.model_of(2)
    assert made.cuts == {ALL_OTHERS: Cut(2.5, -4.0), ("FP", "TM"): Cut(6.0, -3.0)}
    assert made.person.single["name"][1] == 10.5
    assert (made.person.single["birth"] == before.person.single["birth"]).all()
    assert (match_models.live_model().version, before.person.single["name"][1]) == (1, 9.0)


def test_the_quality_of_the_base_holds_while_no_weight_is_changed():
    make_model(state="LIVE")

    assert draft().quality == {"all": JUDGED}


def test_a_draft_is_made_from_the_shipped_model_where_nothing_was_learned():
    model = draft()

    assert (model.version, model.training["base"]) == (1, 0)
    assert match_models.model_of(1).organisation.base == pytest.approx(shipped_model().organisation.base, abs=0.001)


def test_a_draft_is_made_from_another_draft():
    make_model(state="LIVE")
    first = draft({ALL_OTHERS: Cut(3.0, -6.0)})

    second = draft({ALL_OTHERS: Cut(3.0, -5.0)}, base=first.version)

    assert second.training["base"] == 2
    assert second.training["changes"]["cuts"] == {"*~*": [[3.0, -6.0], [3.0, -5.0]]}


@pytest.mark.parametrize(
    ("cuts", "weights", "refusal"),
    [
        ({("FP", "TM"): Cut(1.0, 0.0)}, {}, drafting.NoDefaultCut),
        ({ALL_OTHERS: Cut(-7.0, -6.0)}, {}, drafting.CutsCrossed),
        ({ALL_OTHERS: Cut(math.nan, -6.0)}, {}, drafting.CutOutOfRange),
        ({ALL_OTHERS: Cut(math.inf, -6.0)}, {}, drafting.CutOutOfRange),
        ({ALL_OTHERS: Cut(0.0, -12.5)}, {}, drafting.CutOutOfRange),
        (CUTS | {("FP", "NOBODY"): Cut(1.0, 0.0)}, {}, match_drafts.UnknownSource),
        (CUTS, {"robot": {}}, drafting.UnknownLevel),
        (CUTS, {"person": {"shoe": {"same": 1.0}}}, drafting.UnknownLevel),
        (CUTS, {"person": {"name": {"louder": 1.0}}}, drafting.UnknownLevel),
        (CUTS, {"person": {"name": {"exact": math.nan}}}, drafting.WeightOutOfRange),
        (CUTS, {"person": {"name": {"exact": 61.0}}}, drafting.WeightOutOfRange),
        (CUTS, {}, match_drafts.NothingChanged),
    ],
)
def test_what_makes_no_model_is_refused(cuts, weights, refusal):
    make_model(state="LIVE")

    with pytest.raises(refusal):
        draft(cuts, weights=weights)

    assert MatchModel.objects.count() == 1


@pytest.mark.parametrize("version", [1, 9])
def test_a_version_without_weights_is_no_base(version):
    make_learning()

    with pytest.raises(match_drafts.NoWeights):
        draft(base=version)


def test_a_draft_is_put_to_use_by_a_second_person_after_a_rehearsal():
    make_model(state="LIVE")
    author, second = make_staff("ADMINISTRATOR"), make_staff("ADMINISTRATOR")
    model = draft(by=author)

    with pytest.raises(match_models.OwnDraft):
        match_models.publish_model(model=model, by=author, at=NOW)
    with pytest.raises(match_models.OwnDraft):
        match_models.publish_model(model=model, by=None, at=NOW)
    with pytest.raises(match_models.NotRehearsed):
        match_models.publish_model(model=model, by=second, at=NOW)
    assert states() == {1: "LIVE", 2: "DRAFT"}
    rehearse(model)
    live = match_models.publish_model(model=model, by=second, at=NOW)

    assert (states(), live.published_by) == ({1: "RETIRED", 2: "LIVE"}, second)


def test_a_rehearsal_before_a_match_run_is_not_enough():
    model = draft()
    rehearse(model)
    make_run(finished_at=timezone.now() + timedelta(seconds=1))

    with pytest.raises(match_models.NotRehearsed):
        match_models.publish_model(model=model, by=make_staff("ADMINISTRATOR"), at=NOW)

    MatchRun.objects.update(finished_at=timezone.now() - timedelta(hours=1))
    assert publish(model).state == "LIVE"


def test_a_learned_version_needs_no_rehearsal():
    model = make_model()

    assert match_models.publish_model(model=model, by=make_staff("ADMINISTRATOR"), at=NOW).state == "LIVE"


def test_a_version_is_rolled_back_in_one_step():
    make_model(state="LIVE", published_at=NOW)
    publish(draft())
    publish(draft({ALL_OTHERS: Cut(5.0, -6.0)}))
    admin = make_staff("ADMINISTRATOR")

    back = match_models.roll_back_match_model(by=admin, at=timezone.now())
    assert (back.version, back.published_by, states()) == (2, admin, {1: "RETIRED", 2: "LIVE", 3: "RETIRED"})
    again = match_models.roll_back_match_model(by=admin, at=timezone.now())
    assert (again.version, states()) == (1, {1: "LIVE", 2: "RETIRED", 3: "RETIRED"})
    assert match_models.live_model().version == 1


def test_rolling_back_leads_to_what_was_in_use_before_and_not_to_what_was_rolled_back():
    make_model(state="LIVE", published_at=NOW)
    publish(draft())
    match_models.roll_back_match_model(by=None, at=timezone.now())
    publish(draft({ALL_OTHERS: Cut(5.0, -6.0)}))

    assert match_models.roll_back_match_model(by=None, at=timezone.now()).version == 1
    assert states() == {1: "LIVE", 2: "RETIRED", 3: "RETIRED"}


def test_the_first_version_is_rolled_back_to_what_hannun_brings():
    publish(draft())

    assert match_models.roll_back_match_model(by=None, at=NOW) is None
    assert (states(), match_models.live_model().version) == ({1: "RETIRED"}, 0)
    with pytest.raises(match_models.NothingToRollBack):
        match_models.roll_back_match_model(by=None, at=NOW)


def test_links_keep_the_version_they_were_made_by():
    feed([person(mobile="010-2345-6789"), person(mobile="010-2345-6789")])
    publish(draft({ALL_OTHERS: Cut(60.0, 60.0)}))
    stock.match_stock(at=NOW, by=None)
    apart = set(Link.objects.values_list("model_version", flat=True))

    match_models.roll_back_match_model(by=None, at=timezone.now())
    stock.match_stock(at=NOW, by=None)

    assert apart == {0, 1}
    assert set(Link.objects.values_list("model_version", flat=True)) == {0}
    assert Link.objects.values("customer").distinct().count() == 1


def test_drafts_at_the_same_time_get_numbers_of_their_own(transactional_db):
    authors = [make_staff("DATA_STEWARD") for _number in range(4)]
    ready = threading.Barrier(len(authors))

    def write(by: object) -> int:
        try:
            ready.wait()
            return draft(by=by).version
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(authors)) as pool:
        versions = list(pool.map(write, authors))

    assert sorted(versions) == [1, 2, 3, 4]
