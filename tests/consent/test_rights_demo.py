"""The requests of the demonstration."""

import pytest
from django.utils import timezone

from consent.demo.rights import STORIES, seed
from consent.models import RightsRequest
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]


def test_the_demonstration_has_requests_of_every_kind_once():
    make_staff("PRIVACY_OFFICER", employee_number="privacy")
    feed(
        [
            person(name=f"김{chr(0xAC00 + 280 * place)}나", birth_date=f"19{60 + place}-03-{place % 28 + 1:02}")
            for place in range(3 * len(STORIES))
        ]
    )

    first = seed(timezone.now())

    assert first == {"rights requests": len(STORIES)}
    assert seed(timezone.now()) == {"rights requests": 0}
    assert set(RightsRequest.objects.values_list("kind", flat=True)) == set(RightsRequest.Kind.values)
    assert set(RightsRequest.objects.values_list("state", flat=True)) == set(RightsRequest.State.values)


def test_without_anybody_who_answers_there_are_none():
    assert seed(timezone.now()) == {"rights requests": 0}
