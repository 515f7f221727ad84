"""`manage.py match_rehearse`: the counts of a rehearsal, and why there is none."""

import pytest

from customers.dedup.drafting import ALL_OTHERS
from customers.dedup.model import Cut
from customers.models import MatchModel, Rehearsal
from customers.services.match_drafts import draft_match_model
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, person
from tests.customers.matching import make_model
from tests.customers.test_commands import refused, run

pytestmark = pytest.mark.usefixtures("master")


def test_match_rehearse_tells_what_would_change():
    feed([person(mobile="010-2345-6789"), person(mobile="010-2345-6789")])
    draft_match_model(by=make_staff("DATA_STEWARD"), at=NOW, cuts={ALL_OTHERS: Cut(60.0, 60.0)})

    told = run("match_rehearse", "--model", 1)

    assert told | {"seconds": 0} == {
        **{"rehearsal": Rehearsal.objects.get().pk, "records": 2, "records_linked": 0, "records_moved": 1},
        **{"customers_created": 1, "customers_merged": 0, "links_gained": 0, "links_lost": 1},
        **{"customers_split": 1, "customers_joined": 0, "pairs_found": 0, "pairs_closed": 0, "pairs_reopened": 0},
        **{"pairs_open_before": 0, "pairs_open_after": 0, "seconds": 0},
    }


def test_match_rehearse_refuses_what_is_no_draft():
    make_model(state="LIVE")

    for version in (1, 9):
        sentence, told = refused("match_rehearse", "--model", version)
        assert told == {"error": sentence}
    assert Rehearsal.objects.count() == 0


def test_match_rehearse_fails_where_the_rehearsal_fails():
    feed([person()])
    make_model()
    MatchModel.objects.update(definition={})

    sentence, told = refused("match_rehearse", "--model", 1)

    assert told == {"error": sentence}
    assert Rehearsal.objects.get().error == "KeyError"
