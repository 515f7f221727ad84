from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.home import cards_for
from customers.cards import punctuality_of_sources
from customers.models import FeedRun, SourceSystem
from tests.accounts.builders import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def make_run(code: str, hours_ago: int, **fields: object) -> FeedRun:
    ended = timezone.now() - timedelta(hours=hours_ago)
    defaults = {"layout": "customers", "file_name": "a.csv", "file_path": "a.csv", "state": "DONE"}
    source = SourceSystem.objects.get(code=code)
    return FeedRun.objects.create(source=source, requested_at=ended, finished_at=ended, **defaults | fields)


def states(card: object) -> dict[str, tuple[bool, bool]]:
    return {row.source.code: (row.last_at is not None, row.is_late) for row in card.content}


def test_a_source_is_late_when_its_last_file_is_older_than_its_lag():
    SourceSystem.objects.filter(code__in=["CORP", "ONLINE", "FP"]).update(is_active=False)
    make_run("POLICY", 30)
    make_run("POLICY", 23)
    make_run("BANCA", 25)

    card = punctuality_of_sources(make_staff("DATA_STEWARD"))

    assert states(card) == {"BANCA": (True, True), "POLICY": (True, False), "TM": (False, False)}


def test_neither_a_dry_run_nor_a_failed_one_counts_as_loaded():
    make_run("POLICY", 1, is_dry_run=True)
    make_run("POLICY", 1, state="FAILED")

    assert punctuality_of_sources(make_staff("DATA_STEWARD")) is None


def test_sources_on_time_are_shown_to_those_who_may_see_feeds_alone():
    make_run("POLICY", 1)

    assert "clock" in [card.icon for card in cards_for(make_staff("AUDITOR"))]
    assert punctuality_of_sources(make_staff("FP")) is None


def test_sources_on_time_take_one_query(django_assert_num_queries):
    make_run("POLICY", 1)
    staff = make_staff("DATA_STEWARD")
    staff.has_perm("customers.view_feedrun")

    with django_assert_num_queries(1):
        punctuality_of_sources(staff)
