"""What is looked for no longer than a page may wait."""

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import Branch
from relations.late import within
from tests.accounts.builders import make_branch

pytestmark = pytest.mark.django_db


def selected(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def test_within_gives_what_is_found_in_time_and_nothing_of_what_takes_longer():
    before = selected("SHOW statement_timeout")

    assert within(5, lambda: selected("SELECT 7")) == 7
    assert within(0.05, lambda: selected("SELECT 7 FROM pg_sleep(5)")) is None
    assert within(0, lambda: selected("SELECT 7")) is None
    assert selected("SHOW statement_timeout") == before


def test_within_leaves_the_transaction_around_it_whole():
    with transaction.atomic():
        make_branch("B001")
        within(0.05, lambda: selected("SELECT 7 FROM pg_sleep(5)"))
        make_branch("B002")

    assert list(Branch.objects.order_by("code").values_list("code", flat=True)) == ["B001", "B002"]


def test_within_hides_no_other_problem():
    def away() -> object:
        raise OperationalError

    with pytest.raises(OperationalError):
        within(5, away)
