"""The numbers of the law that are not beyond doubt: what each means, its unit, where it is said, what it is by default.

A compliance officer sets another value from a day on (`consent.services.numbers`); whoever needs one asks
`numbers_on(day)` and never writes it into code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.models.numbers import LegalNumber


class Meaning(NamedTuple):
    """default: in `unit` (DAYS, MONTHS, YEARS, HOURS, MINUTES, O_CLOCK, COUNT, YES_NO with 0 or 1)."""

    title: Promise
    default: int
    unit: str
    clause: str


NUMBERS: Mapping[str, Meaning] = {
    # contact
    "night_from": Meaning(
        _("No contact from this hour"), 21, "O_CLOCK", "금소법 제21조의2 제3항, 정보통신망법 제50조 제3항"
    ),
    "night_until": Meaning(
        _("No contact before this hour"), 8, "O_CLOCK", "금소법 제21조의2 제3항, 정보통신망법 제50조 제3항"
    ),
    "do_not_call_months": Meaning(_("A do-not-call number holds"), 24, "MONTHS", "금융권 두낫콜 운영기준"),
    "contacts_per_month": Meaning(_("Solicitations of one customer a month at most"), 4, "COUNT", "내부 기준"),
    "opt_out_answer_days": Meaning(
        _("The result of a refusal is told within"), 14, "DAYS", "정보통신망법 제50조 제7항"
    ),
    # consents
    "reconfirm_months": Meaning(
        _("Consent to advertisements is confirmed again after"), 24, "MONTHS", "정보통신망법 제50조 제8항"
    ),
    "silence_keeps_consent": Meaning(
        _("Whoever does not answer the confirmation is taken to keep the consent"), 0, "YES_NO", "내부 기준"
    ),
    "guardian_age": Meaning(
        _("Below this age the legal representative answers"), 14, "YEARS", "개인정보 보호법 제22조의2"
    ),
    "adult_age": Meaning(_("From this age somebody answers for others"), 19, "YEARS", "민법 제4조"),
    "phone_notice_days": Meaning(
        _("After a consent by phone its words are sent within"), 30, "DAYS", "신용정보법 시행령 제28조 제3항"
    ),
    # gate
    "cleanup_days": Meaning(_("Unverified or unconsented stock is cleaned up within"), 180, "DAYS", "내부 기준"),
    "cleanup_separated_days": Meaning(_("and is kept apart for, before it is destroyed"), 365, "DAYS", "내부 기준"),
    # rights
    "access_days": Meaning(_("Access is answered within"), 10, "DAYS", "개인정보 보호법 시행령 제41조 제4항"),
    "correction_days": Meaning(
        _("Correction or deletion is answered within"), 10, "DAYS", "개인정보 보호법 시행령 제43조"
    ),
    "credit_correction_days": Meaning(
        _("Correction of credit information is answered within"), 7, "DAYS", "신용정보법 제38조"
    ),
    "stop_days": Meaning(
        _("A stop of processing is answered within"), 10, "DAYS", "개인정보 보호법 시행령 제44조 제2항"
    ),
    "withdrawal_days": Meaning(_("A withdrawal is carried out within"), 0, "DAYS", "개인정보 보호법 제37조 제3항"),
    "history_days": Meaning(_("The history of use and provision is given within"), 10, "DAYS", "신용정보법 제35조"),
    "history_years": Meaning(_("The history of use and provision reaches back"), 3, "YEARS", "신용정보법 제35조"),
    "portability_days": Meaning(
        _("Data to be carried along are given within"), 10, "DAYS", "개인정보 보호법 제35조의2"
    ),
    "automated_days": Meaning(
        _("An automated decision is explained within"), 30, "DAYS", "개인정보 보호법 시행령 제44조의3"
    ),
    "automated_extensions": Meaning(_("and may be put off so often"), 2, "COUNT", "개인정보 보호법 시행령 제44조의3"),
    "put_off_days": Meaning(
        _("An answer is put off by at most"), 30, "DAYS", "개인정보 보호법 시행령 제41조 제5항, 내부 기준"
    ),
    "pack_days": Meaning(_("An answer pack is destroyed after"), 30, "DAYS", "내부 기준"),
    "credit_recipients_months": Meaning(
        _("Who received credit information so long ago is told of its correction"),
        6,
        "MONTHS",
        "신용정보법 제38조 제5항",
    ),
    # retention and destruction
    "destroy_within_days": Meaning(_("What is due is destroyed within"), 5, "DAYS", "표준 개인정보 보호지침"),
    "copy_answer_days": Meaning(_("Whoever keeps a copy answers within"), 5, "DAYS", "내부 기준"),
    "rejected_rest_days": Meaning(_("A rejected proposal of destruction rests for"), 90, "DAYS", "내부 기준"),
    "claim_years": Meaning(_("A claim to benefits lapses after"), 3, "YEARS", "상법 제662조"),
    # laws
    "law_task_days": Meaning(_("What hangs on a changed clause is looked at within"), 30, "DAYS", "내부 기준"),
    "law_review_months": Meaning(_("A law is looked at again after"), 6, "MONTHS", "내부 기준"),
    "item_owner_days": Meaning(_("Who owns an item is decided within"), 30, "DAYS", "신용정보법 제20조 제1항"),
    # breach
    "breach_hours": Meaning(
        _("A breach is told and reported within"), 72, "HOURS", "개인정보 보호법 제34조, 시행령 제39조·제40조"
    ),
    "breach_report_people": Meaning(
        _("A breach of so many people is reported"), 1_000, "COUNT", "개인정보 보호법 시행령 제40조"
    ),
    "breach_report_people_credit": Meaning(
        _("A breach of the credit information of so many people is reported"),
        10_000,
        "COUNT",
        "신용정보법 시행령 제34조의4",
    ),
    "breach_posting_days": Meaning(
        _("A breach is posted on the website for, where somebody cannot be reached"),
        30,
        "DAYS",
        "개인정보 보호법 시행령 제39조 제3항",
    ),
    "breach_first_warning_hours": Meaning(
        _("The privacy officer is warned so long before that time is over"), 24, "HOURS", "내부 기준"
    ),
    "breach_last_warning_hours": Meaning(_("and once more so long before"), 6, "HOURS", "내부 기준"),
}


def numbers_on(day: date) -> dict[str, int]:
    """The value of every number on a day, {name: value}, in one query."""
    values = {name: meaning.default for name, meaning in NUMBERS.items()}
    said = LegalNumber.objects.filter(starts_on__lte=day).order_by("starts_on", "pk")
    values.update(pair for pair in said.values_list("name", "value") if pair[0] in values)
    return values
