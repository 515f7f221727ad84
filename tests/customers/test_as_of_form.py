"""A day or a minute, in Korea, to see a customer as of."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from customers.forms.as_of import AsOfForm
from tests.customers.builders import KST

NOW = datetime(2026, 11, 23, 5, 30, 20, tzinfo=UTC)  # 14:30:20 in Korea
LEAST = timedelta(microseconds=1)
NO_DAY = "This is no day. Write it as 2026-11-23, with a time as 2026-11-23T14:30."
NOT_YET = "This day has not come yet. Choose today or a day before it."


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-06-07", datetime(2025, 6, 8, tzinfo=KST) - LEAST),
        (" 2025-06-07 ", datetime(2025, 6, 8, tzinfo=KST) - LEAST),
        ("2025-06-07T14:30", datetime(2025, 6, 7, 14, 31, tzinfo=KST) - LEAST),
        ("1900-01-01", datetime(1900, 1, 2, tzinfo=KST) - LEAST),
        ("2026-11-23", NOW),
        ("2026-11-23T14:30", NOW),
    ],
)
def test_a_day_or_minute_is_its_last_instant_and_never_later_than_now(text, instant):
    form = AsOfForm({"as_of": text}, now=NOW)

    assert (form.is_valid(), form.cleaned_data.get("as_of")) == (True, instant)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("yesterday", NO_DAY),
        ("2025-02-30", NO_DAY),
        ("2025-6-7", NO_DAY),
        ("20250607", NO_DAY),
        ("2025-06-07T25:00", NO_DAY),
        ("2025-06-07T14:30:00", NO_DAY),
        ("２０２５-06-07", NO_DAY),
        ("1899-12-31", NO_DAY),
        ("0000-00-00", NO_DAY),
        ("9999-12-31", NO_DAY),
        ("2026-11-24", NOT_YET),
        ("2026-11-23T14:31", NOT_YET),
        ("9999-12-30", NOT_YET),
        ("  ", "This field is required."),
    ],
)
def test_nonsense_and_days_to_come_are_refused(text, fault):
    with translation.override("en"):
        assert AsOfForm({"as_of": text}, now=NOW).errors == {"as_of": [fault]}


@pytest.mark.parametrize(("text", "kind"), [("2025-06-07", "date"), ("2025-06-07T14:30", "datetime-local")])
def test_the_field_can_hold_what_was_asked_for(text, kind):
    written = str(AsOfForm({"as_of": text}, now=NOW)["as_of"])

    assert (f'type="{kind}"' in written, f'value="{text}"' in written) == (True, True)
