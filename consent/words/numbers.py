"""Numbers of the law in words: what they are about, and their units."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from customers.formats import amount

NOTICES: Mapping[str, Promise] = {
    "LEGAL_NUMBER_SET": _(
        "%(by)s set a number of the law. It holds from %(day)s. Object before that day if it is wrong."
    ),
}
GROUPS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (
        _("Contacting"),
        ("night_from", "night_until", "do_not_call_months", "contacts_per_month", "opt_out_answer_days"),
    ),
    (_("Consent"), ("reconfirm_months", "silence_keeps_consent", "guardian_age", "adult_age", "phone_notice_days")),
    (_("Gate and clean-up"), ("cleanup_days", "cleanup_separated_days")),
    (
        _("Rights of data subjects"),
        (
            *("access_days", "correction_days", "credit_correction_days", "stop_days", "withdrawal_days"),
            *("history_days", "history_years", "portability_days", "automated_days", "automated_extensions"),
            *("put_off_days", "pack_days", "credit_recipients_months"),
        ),
    ),
    (_("Retention and destruction"), ("destroy_within_days", "copy_answer_days", "rejected_rest_days", "claim_years")),
    (_("Laws and items"), ("law_task_days", "law_review_months", "item_owner_days")),
    (
        _("Breaches"),
        (
            *("breach_hours", "breach_report_people", "breach_report_people_credit", "breach_posting_days"),
            *("breach_first_warning_hours", "breach_last_warning_hours"),
        ),
    ),
)
"""(heading, names of numbers); numbers that stand nowhere come last, under a heading of their own."""
OTHERS = _("Others")
COUNTED: Mapping[str, Promise] = {
    "MINUTES": ngettext_lazy("%(count)s minute", "%(count)s minutes", "count"),
    "HOURS": ngettext_lazy("%(count)s hour", "%(count)s hours", "count"),
    "DAYS": ngettext_lazy("%(count)s day", "%(count)s days", "count"),
    "MONTHS": ngettext_lazy("%(count)s month", "%(count)s months", "count"),
    "YEARS": ngettext_lazy("%(count)s year", "%(count)s years", "count"),
}


def in_unit(value: int, unit: str) -> str:
    """A value with its unit: 72 hours, 21:00, yes."""
    if unit == "O_CLOCK":
        return f"{value:02}:00"
    if unit == "YES_NO":
        return _g("Yes") if value else _g("No")
    if unit in COUNTED:
        return str(COUNTED[unit] % {"count": value})
    return amount(value)
