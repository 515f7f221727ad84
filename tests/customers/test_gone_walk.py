"""Every page of the house, opened after those whom it was about are gone: none breaks, none shows anything of them."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from customers.models import Customer
from customers.services.destroying import destroy_customers, separate_customers
from tests.addresses import Filler, NobodyCanFill, all_views
from tests.customers.test_destroying import of, with_merged
from tests.planting import Population
from tests.population import plant

pytestmark = pytest.mark.django_db
AT = datetime(2027, 3, 1, 1, tzinfo=UTC)
GONE = ("own", "near", "set", "stay", "vip", "banca", "split", "granted")
ITEMS = ("mobile", "email", "address")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A refusal is a line in the log; of many nobody reads any."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def addresses(planted: Population) -> list[str]:
    """Addresses of every view whose variables can be filled, while everybody is still there."""
    numbers = [planted.notable[word].number for word in (*GONE, "retired", "far")]
    filler, found = Filler(numbers, most=2), []
    for view in all_views():
        try:
            found += [view.address(words) for words in filler.words(view)]
        except (NobodyCanFill, LookupError):
            continue  # walked elsewhere
    return sorted(set(found))


@pytest.mark.parametrize(
    ("act", "role"), [(destroy_customers, "STEWARD_LEAD"), (separate_customers, "COMPLIANCE_OFFICER")]
)
def test_no_page_breaks_or_shows_who_is_gone(act, role):
    planted = plant()
    gone = [planted.notable[word].pk for word in GONE]
    values = [text for item, text in of(planted, with_merged(gone)) if item in ITEMS]
    walked = addresses(planted)

    act(customers=gone, at=AT)

    broken, shown = [], []
    client = Client(raise_request_exception=False)
    client.force_login(planted.viewers[role])
    for address in walked:
        answer = client.get(address)
        broken += [address] if answer.status_code >= 500 else []
        text = b"" if answer.streaming else answer.content
        shown += [f"{address} {value}" for value in values if value.encode() in text]
    assert len(walked) > 100
    assert len(values) > 15
    assert (broken, shown) == ([], [])
    assert Customer.objects.filter(pk__in=gone, state="ACTIVE").count() == 0
