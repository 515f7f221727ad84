"""The report of a monthly review: its text in numbers and lines, its digest, its signature, and whether all still fits.

The report itself is Korean whoever signs it, as those who inspect it are.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from hmac import compare_digest

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import AccessReview, ReviewItem
from accounts.reviews.risks import names
from accounts.trail import chain

State = ReviewItem.State


def report_of(review: AccessReview) -> str:
    """The text to be signed. review: with remark, signed_by and signed_at set."""
    items = _items(review)
    with override("ko"):
        parts = [
            _("Review of access, month %(month)s") % {"month": f"{review.month:%Y-%m}"},
            *_numbers(review, items),
            "",
            _("Reasons of the entries drawn (of all entries of the month with this reason)"),
            *_reasons(review, items),
            "",
            _("Handed on as cases"),
            *_findings(items),
            "",
            _("Entries reviewed"),
            *(_line(item) for item in items),
            "",
            _("Remark: %(remark)s") % {"remark": review.remark or "-"},
            _("Fingerprint of questions, answers and findings (SHA-256): %(digest)s")
            % {"digest": _texts(review, items)},
            _("Signed by %(name)s (%(number)s) at %(at)s")
            % {
                "name": review.signed_by.name,
                "number": review.signed_by.employee_number,
                "at": _moment(review.signed_at),
            },
        ]
    return "\n".join(parts) + "\n"


def digest_of(report: str) -> bytes:
    """SHA-256 of the text of a report."""
    return hashlib.sha256(report.encode()).digest()


def signature_of(review: AccessReview) -> bytes:
    """The signature of a report with the key of the trail. review: with digest and signed_by set."""
    key = chain.trail_key(settings.KEYS.index)
    return chain.signature_of(key, "review", review.month.isoformat(), review.signed_by_id, bytes(review.digest))


def faults_of(review: AccessReview) -> list[str]:
    """What of a signed review does not fit any more: REPORT, SIGNATURE, ENTRIES; nothing where all is as signed."""
    faults = []
    if not compare_digest(digest_of(review.report), bytes(review.digest)):
        faults.append("REPORT")
    if not compare_digest(signature_of(review), bytes(review.signature or b"")):
        faults.append("SIGNATURE")
    if _texts(review, _items(review)) not in review.report:
        faults.append("ENTRIES")
    return faults


def _items(review: AccessReview) -> Sequence[ReviewItem]:
    return list(review.items.select_related("staff", "decided_by").order_by("at", "pk"))


def _numbers(review: AccessReview, items: Sequence[ReviewItem]) -> Iterable[str]:
    counts, states = review.counts, Counter(item.state for item in items)
    asked = [item for item in items if item.asked_at]
    late = [item for item in asked if item.answered_at and timezone.localdate(item.answered_at) > item.due_on]
    people = sorted({f"{item.staff.name} ({item.staff.employee_number})" for item in asked})
    facts = {
        "at": _moment(review.drawn_at),
        "seed": counts.get("seed", ""),
        "entries": counts.get("entries", 0),
        "people": counts.get("people", 0),
        "drawn": len(items),
        "accepted": states[State.ACCEPTED],
        "escalated": states[State.ESCALATED],
        "asked": len(asked),
        "late": len(late),
        "unanswered": sum(item.answered_at is None for item in asked),
        "names": ", ".join(people) or "-",
    }
    yield _("Drawn at %(at)s, seed %(seed)s") % facts
    yield _("Entries of the month: %(entries)s, by people: %(people)s, drawn: %(drawn)s") % facts
    yield _("Accepted: %(accepted)s, handed on as cases: %(escalated)s") % facts
    yield _("Questions: %(asked)s, answered late: %(late)s, unanswered: %(unanswered)s") % facts
    yield _("Asked: %(names)s") % facts


def _reasons(review: AccessReview, items: Sequence[ReviewItem]) -> Iterable[str]:
    drawn = Counter(code for item in items for code in item.weights)
    of_all = review.counts.get("by_reason", {})
    for code, name in names().items():
        if drawn[code]:
            yield f"- {name}: {drawn[code]} ({of_all.get(code, '-')})"


def _findings(items: Sequence[ReviewItem]) -> Iterable[str]:
    found = [item for item in items if item.state == State.ESCALATED]
    for item in found:
        yield f"- {_name(item)} {_moment(item.at)} {item.staff.employee_number}: {' '.join(item.finding.split())}"
    if not found:
        yield "-"


def _line(item: ReviewItem) -> str:
    called = names()
    reasons = ", ".join(str(called.get(code, code)) for code in item.weights)
    asked = _("asked, answered") if item.answered_at else _("asked, not answered") if item.asked_at else _("not asked")
    by = item.decided_by.employee_number if item.decided_by else "-"
    who = f"{_name(item)} {_moment(item.at)} {item.staff.employee_number}"
    return f"- {who} [{reasons}] {item.risk} / {asked} / {item.get_state_display()} ({by})"


def _name(item: ReviewItem) -> str:
    return f"{item.month:%Y-%m}/{item.lane}/{item.number}"


def _moment(at: object) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _texts(review: AccessReview, items: Sequence[ReviewItem]) -> str:
    """The fingerprint of what was written about the entries until the review was signed."""
    said = [
        [
            *(_name(item), item.staff_id, item.weights, item.question, str(item.asked_at), str(item.due_on)),
            item.answer if item.answered_at and item.answered_at <= review.signed_at else "",
            *(item.state, item.finding, item.decided_by_id, str(item.decided_at)),
        ]
        for item in items
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
