"""The words of handovers: codes of rules, of refused rows and of those left out, and what notices say."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOTICES: Mapping[str, Promise] = {
    "HANDOVER_OFFERED": _("Customers are offered to you: %(count)s. They change keepers on %(day)s."),
    "HANDOVER_RETURNED": _("%(by)s returned customers that were offered: %(count)s."),
    "HANDOVER_REFUSED": _("A handover was not carried out: %(count)s customers would be without a keeper."),
    "HANDOVER_DONE": _("Customers were handed over to you: %(count)s."),
}
RULES: Mapping[str, Promise] = {
    "CAPACITY": _("Room left"),
    "TENURE": _("Two years of service and more"),
    "PERSISTENCY": _("Contracts stay in force"),
    "COMPLAINTS": _("Complaints"),
    "BRANCH": _("Same branch"),
    "REGION": _("Same region"),
    "HOUSEHOLD": _("Keeps others of the household"),
    "PROPOSED": _("Proposed by the one who leaves"),
    "TAKES_ALONG": _("Taken along to the new branch"),
    "NO_ROOM": _("Nobody has room left"),
    "NOBODY": _("There is nobody who may take the customer"),
}
"""{code of a rule: its words}; with points, why somebody was chosen."""
REFUSED_ROWS: Mapping[str, Promise] = {
    "NO_NUMBER": _("There is no employee number."),
    "UNKNOWN_KIND": _("The kind of transfer is not known. It is 퇴사, 전보 or 동반전보."),
    "NO_BRANCH": _("The new branch is missing."),
    "BAD_DAY": _("This is no day."),
    "OTHER_DAY": _("The day is another one than that of the handover."),
    "TWICE": _("The person stands in the file before."),
    "UNKNOWN_STAFF": _("Nobody has this employee number."),
    "UNKNOWN_BRANCH": _("There is no such branch."),
    "CLOSED_BRANCH": _("The branch is closed."),
    "OUT_OF_REACH": _("The person does not work in your branch or below it."),
    "IN_ANOTHER": _("The person is in another handover already."),
    "BEYOND_REACH": _(
        "Somebody who sees the customers of a branch is moved to a branch beyond your own by head office alone."
    ),
}
ITEM_STATES: Mapping[str, Promise] = {
    "PLANNED": _("Planned"),
    "OFFERED": _("Not answered"),
    "ACCEPTED": _("Accepted by the receiver"),
    "RETURNED": _("Returned"),
    "DONE": _("Done"),
}
"""How far a customer of a handover is."""
LEFT_OUT: Mapping[str, Promise] = {
    "CAME_SINCE": _("Came to the one who leaves after the plan was made"),
    "NO_RECEIVER": _("Has no receiver"),
    "RECEIVER_LEFT": _("The receiver does not work here any more"),
    "RETURNED": _("Was returned, and not offered to somebody else"),
    "NOT_ANSWERED": _("The receiver did not answer"),
}
COUNTS: Mapping[str, Promise] = {
    "customers": _("Customers"),
    "managed": _("As dedicated manager"),
    "contracts": _("Contracts in force"),
    "housemates": _("Others in their households"),
    "prospects": _("Prospects"),
    "offers": _("Offered to them"),
}
"""What a member of staff holds, by the keys of `StaffMove.counts`, in this order."""


def why(reasons: list[list[object]]) -> str:
    """Why somebody was chosen, the weightiest rule first: `Same branch +30 · Room left +12`."""
    ordered = sorted(reasons, key=lambda reason: -abs(reason[1]))
    told = [(str(RULES.get(code, code)), points) for code, points in ordered]
    return " · ".join(f"{rule} {points:+d}" if points else rule for rule, points in told)
