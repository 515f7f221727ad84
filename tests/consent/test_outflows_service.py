"""Transfers as systems tell them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from consent.models import Transfer
from tests.consent.outflowing import make_outflow
from tests.relations.test_api import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
URL = "/services/transfers/"


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def told(**more):
    sent = {"recipient": "CALL_CENTRE", "purpose": "CONTRACT_SERVICE", "customer_count": "1200", "reference": "T-1"}
    return sent | {"sent_at": (timezone.now() - timedelta(hours=1)).isoformat()} | more


def test_a_system_tells_a_transfer_once():
    outflow, system, sent = make_outflow(), System("consent.write"), told(digest="AB" * 32)

    answers = [system.send(URL, **sent), system.send(URL, **sent)]

    made = Transfer.objects.get()
    assert answers == [(201, {"id": made.pk, "sent_at": made.sent_at.isoformat()})] * 2
    assert (made.outflow, made.customer_count, made.digest) == (outflow, 1200, "ab" * 32)
    assert system.send(URL, **(sent | {"customer_count": "1"}))[1]["error"]["code"] == "REFERENCE_KNOWN"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"recipient": "NOBODY"}, 404, "UNKNOWN_OUTFLOW"),
        ({"purpose": "MARKETING"}, 404, "UNKNOWN_OUTFLOW"),
        ({"customer_count": "-1"}, 400, "FIELDS"),
        ({"customer_count": "many"}, 400, "FIELDS"),
        ({"reference": ""}, 400, "FIELDS"),
        ({"digest": "xyz"}, 400, "FIELDS"),
        ({"sent_at": "yesterday"}, 400, "FIELDS"),
        ({"sent_at": "2030-01-01T00:00:00+09:00"}, 422, "SENT_WRONG"),
        ({"sent_at": "2020-01-01T00:00:00+09:00"}, 422, "SENT_WRONG"),
    ],
)
def test_what_cannot_be_noted_is_refused_with_its_code(more, status, code):
    make_outflow()

    answered, body = System("consent.write").send(URL, **told(**more))

    assert (answered, body["error"]["code"]) == (status, code)
    assert Transfer.objects.count() == 0


def test_the_service_asks_for_its_scope():
    assert System("consent.read").send(URL, **told())[0] == 403
    assert Client().post(URL, "{}", "application/json").status_code == 401
