"""What the tests of the pages of matching share: readers, what they see, and rows as they stand in the history."""

import re

from django.test import Client
from django.utils import translation

from customers.dedup.prior import prior_model
from customers.dedup.storing import to_json
from customers.models import MatchModel, MatchRun
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW

HOME, RUNS, MODELS = "/customers/matching/", "/customers/matching/runs/", "/customers/matching/models/"
JUDGED = {
    "pairs": 400,
    "same": 100,
    "cuts": [
        {"cut": -4, "precision": 0.9, "recall": 1.0},
        {"cut": 0, "precision": 0.992, "recall": 0.975},
        {"cut": 4, "precision": None, "recall": 0.0},
    ],
    "calibration": [
        {"from": -4, "pairs": 30, "same": 0.25, "expected": 0.2},
        {"from": 0, "pairs": 0, "same": None, "expected": None},
    ],
}
TRAINING = {"records": 20000, "pairs": 1600, "same": 700, "held_out": 400, "common_names": 12}


def login(*roles: str, **fields: object) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, language="en", **fields))
    return client


def words(response: object) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def said(response: object) -> list[str]:
    """The messages on the page that a form led to."""
    return [str(message) for message in response.context["messages"]]


def english(text: object) -> str:
    """A text of a report as a reader of English sees it."""
    with translation.override("en"):
        return str(text)


def make_run(**fields: object) -> MatchRun:
    """A run that is over."""
    defaults = {"state": "DONE", "step": "FINISHED", "started_at": NOW, "finished_at": NOW, "records": 20000}
    return MatchRun.objects.create(**defaults | fields)


def make_model(**fields: object) -> MatchModel:
    """A draft with the weights that learning starts from."""
    newest = MatchModel.objects.order_by("-version").first()
    defaults = {"version": newest.version + 1 if newest else 1, "definition": to_json(prior_model())}
    defaults |= {"training": TRAINING, "quality": {"all": JUDGED}, "created_at": NOW}
    return MatchModel.objects.create(**defaults | fields)


def make_learning(**fields: object) -> MatchModel:
    """A version that a worker is to learn."""
    return make_model(**{"state": "LEARNING", "definition": {}, "training": {}, "quality": {}} | fields)
