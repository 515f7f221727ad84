"""The pages of the matching models: what a version tells, how it is learned and put to use."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.dedup.prior import prior_model
from customers.dedup.storing import to_json
from customers.models import MatchModel
from tests.customers.matching import MODELS, TRAINING, english, login, make_learning, make_model, said, words

pytestmark = pytest.mark.usefixtures("master")


def test_the_models_stand_newest_first_down_to_the_shipped_one():
    make_model(state="RETIRED")
    make_model(state="LIVE")
    make_model()

    answer = login("AUDITOR").get(MODELS)

    shown = [(line.version, line.state, line.records, line.precision) for line in answer.context["lines"]]
    assert shown == [
        (3, "DRAFT", 20000, "99.2%"),
        (2, "LIVE", 20000, "99.2%"),
        (1, "RETIRED", 20000, "99.2%"),
        (0, "RETIRED", None, "–"),
    ]


def test_a_model_tells_how_good_it_is():
    report = login("AUDITOR").get(f"{MODELS}{make_model().version}/").context["report"]

    (judged,) = report.judged
    assert (judged.pairs, judged.same) == (400, 100)
    assert judged.cuts == (("−4.0", "90.0%", "100.0%"), ("0.0", "99.2%", "97.5%"), ("+4.0", "–", "0.0%"))
    assert judged.bands == (("−4.0", 30, "25.0%", "20.0%"), ("0.0", 0, "–", "–"))
    assert [len(line.points.split()) for line in judged.shares.lines] == [3, 2]
    assert [dot.text for dot in judged.calibration.dots] == ["25.0%"]
    assert {english(label): count for label, count in report.training}["Pairs that taught"] == 1600


def test_a_model_tells_what_each_level_weighs():
    report = login("AUDITOR").get(f"{MODELS}{make_model().version}/").context["report"]

    persons, organisations = report.kinds
    names = [(english(level.label), level.bits) for level in persons.fields[0].levels]
    assert names[:3] == [
        ("Unknown on one side", "0.0"),
        ("Same", "+9.0"),
        ("One letter or a usual spelling apart", "+6.0"),
    ]
    assert [english(field.label) for field in organisations.fields] == [
        *("Name", "Business number", "Corporate number", "Phone", "Mobile", "E-mail", "Address"),
    ]
    assert [(cut.first, cut.second, cut.auto, cut.review) for cut in report.cuts] == [
        ("All others", "All others", "0.0", "−6.0")
    ]


def test_a_model_tells_its_cuts_by_the_names_of_the_sources():
    definition = to_json(prior_model()) | {"cuts": {"*~*": [0, -6], "BANCA~FP": [2.5, -3]}}

    report = login("AUDITOR").get(f"{MODELS}{make_model(definition=definition).version}/").context["report"]

    assert [(cut.first, cut.second, cut.auto, cut.review) for cut in report.cuts] == [
        ("Bancassurance", "FP prospects", "+2.5", "−3.0"),
        ("All others", "All others", "0.0", "−6.0"),
    ]


def test_what_weighs_together_is_told_with_the_strongest_first():
    definition = to_json(prior_model())
    definition["person"]["together"] = {"name~mobile": [[0] * 5 for _level in range(8)]}
    definition["person"]["together"]["name~mobile"][1][1:3] = [-2.5, 1.0]

    report = login("AUDITOR").get(f"{MODELS}{make_model(definition=definition).version}/").context["report"]

    told = [(*map(english, pair.first), *map(english, pair.second), pair.bits) for pair in report.kinds[0].together]
    assert told == [
        ("Name", "Same", "Mobile", "Same", "−2.5"),
        ("Name", "Same", "Mobile", "Same last seven digits", "+1.0"),
    ]


def test_the_shipped_model_was_never_measured():
    assert "The quality of this version was not measured" in words(login("AUDITOR").get(f"{MODELS}0/"))


def test_learning_is_left_to_a_worker():
    client = login("DATA_STEWARD")

    answer = client.post(f"{MODELS}request/", follow=True)

    model = MatchModel.objects.get()
    assert answer.redirect_chain == [(f"{MODELS}1/", 302)]
    assert (model.state, model.created_by.pk) == ("LEARNING", int(client.session["_auth_user_id"]))
    assert said(answer) == ["A new version is being learned. It is a draft until it is put to use."]


def test_a_second_request_leads_to_the_version_that_is_being_learned():
    make_learning()

    answer = login("DATA_STEWARD").post(f"{MODELS}request/", follow=True)

    assert (answer.redirect_chain, MatchModel.objects.count()) == ([(f"{MODELS}1/", 302)], 1)
    assert said(answer) == ["A version is being learned already; this is it."]


def test_a_version_asks_for_itself_until_it_has_been_learned():
    model, client = make_learning(), login("AUDITOR")
    as_part = {"HX-Request": "true", "HX-Target": "match-model"}

    alive = client.get(f"{MODELS}1/", headers=as_part).content.decode()
    MatchModel.objects.update(state="DRAFT", definition=to_json(prior_model()), training=TRAINING)
    over = client.get(f"{MODELS}{model.version}/", headers=as_part).content.decode()

    assert (alive.count(f'hx-get="{MODELS}1/"'), over.count("hx-get")) == (1, 0)
    assert "<html" not in alive + over
    assert ("Learning has ended: Draft." in alive, "Learning has ended: Draft." in over) == (False, True)
    assert ('id="weights-1"' in alive, 'id="weights-1"' in over) == (False, True)


@pytest.mark.parametrize(("minutes", "is_told"), [(4, False), (6, True)])
def test_a_version_that_nobody_learns_says_so(minutes, is_told):
    make_learning(created_at=timezone.now() - timedelta(minutes=minutes))

    assert ("more than five minutes ago" in words(login("AUDITOR").get(f"{MODELS}1/"))) == is_told


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            "TooLittleToLearn",
            "There was too little to learn from: it takes 2,000 pairs of one person and as many of two, told apart by"
            " resident number or CI. The model in use stays.",
        ),
        ("MemoryError", "The memory of the machine did not suffice."),
        ("KeyError", "An unexpected error (KeyError) ended the learning. The log of the worker tells the place."),
    ],
)
def test_a_version_that_could_not_be_learned_says_why(error, sentence):
    make_learning(state="FAILED", error=error)
    client = login("ADMINISTRATOR")

    page = client.get(f"{MODELS}1/")

    assert sentence in words(page)
    assert b"/publish/" not in page.content
    assert [(line.state, line.precision) for line in client.get(MODELS).context["lines"]] == [
        ("FAILED", "–"),
        ("LIVE", "–"),
    ]


@pytest.mark.parametrize("state", ["LEARNING", "FAILED"])
def test_a_version_without_weights_is_not_put_to_use(state):
    make_learning(state=state)

    answer = login("ADMINISTRATOR").post(f"{MODELS}1/publish/", follow=True)

    assert said(answer) == ["This version has no weights that could be put to use."]
    assert MatchModel.objects.get().state == state


def test_a_draft_is_put_to_use_in_place_of_the_live_version():
    make_model(state="LIVE")
    draft = make_model()
    client = login("ADMINISTRATOR")

    answer = client.post(f"{MODELS}{draft.version}/publish/", follow=True)

    assert dict(MatchModel.objects.values_list("version", "state")) == {1: "RETIRED", 2: "LIVE"}
    assert said(answer) == ["The version was put to use. The next run weighs all links by it."]
    assert b"/publish/" not in answer.content


def test_a_retired_version_does_not_come_back():
    model = make_model(state="RETIRED")

    answer = login("ADMINISTRATOR").post(f"{MODELS}{model.version}/publish/", follow=True)

    assert said(answer) == ["This version was replaced already and does not come back."]
    assert MatchModel.objects.get().state == "RETIRED"
