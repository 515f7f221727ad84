"""Input of the page that shows a customer as of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import formats
from customers.filters import DateInput

OLDEST_YEAR = 1900
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MINUTE = re.compile(_DAY.pattern + r"T[0-9]{2}:[0-9]{2}", re.ASCII)
_LEAST = timedelta(microseconds=1)


class AsOfForm(forms.Form):
    """A day, 2026-11-23, or a minute, 2026-11-23T14:30, in Korea; cleaned to its last instant, of today to now."""

    as_of = forms.CharField(label=gettext_lazy("Day"), widget=DateInput, max_length=40)

    def __init__(self, data: Mapping[str, str], *, now: datetime) -> None:
        super().__init__(data)
        self.now = now
        self.text = data.get("as_of", "").strip()
        widget = self.fields["as_of"].widget
        is_minute = _MINUTE.fullmatch(self.text) is not None
        widget.input_type = "datetime-local" if is_minute else "date"
        widget.attrs["max"] = now.astimezone(formats.KOREA).strftime("%Y-%m-%dT%H:%M" if is_minute else "%Y-%m-%d")
        styled(self)

    def clean_as_of(self) -> datetime:
        span = _span(self.cleaned_data["as_of"])
        if span is None:
            raise forms.ValidationError(_("This is no day. Write it as 2026-11-23, with a time as 2026-11-23T14:30."))
        begins, ends = span
        if begins > self.now:
            raise forms.ValidationError(_("This day has not come yet. Choose today or a day before it."))
        return min(ends, self.now)


def _span(text: str) -> tuple[datetime, datetime] | None:
    """The first and the last instant of a day or minute in Korea; None where the text is neither."""
    if _DAY.fullmatch(text):
        length = timedelta(days=1)
    elif _MINUTE.fullmatch(text):
        length = timedelta(minutes=1)
    else:
        return None
    try:
        begins = datetime.fromisoformat(text).replace(tzinfo=formats.KOREA)
    except ValueError:
        return None
    if begins.year < OLDEST_YEAR or begins.date() == date.max:
        return None
    return begins, begins + length - _LEAST
