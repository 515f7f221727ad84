"""What a decision did not know: levels that are other ones by now."""

import pytest

from customers.dedup.news import News, news_since
from tests.customers.dedup.rows import pattern

THEN = pattern(name="near", birth="other", mobile="same")


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        (THEN, THEN, ()),
        (THEN, pattern(name="near", birth="other", mobile="same", rarity="rare"), ()),
        (
            THEN,
            pattern(name="exact", birth="other", mobile="same", rrn="same"),
            (News("name", "near", "exact"), News("rrn", "unknown", "same")),
        ),
        (None, THEN, ()),
        (THEN, None, ()),
    ],
)
def test_only_fields_that_agree_otherwise_are_news(before, now, news):
    assert news_since(before, now) == news
