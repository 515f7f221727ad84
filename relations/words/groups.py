"""What is told of ends of group cover."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WHY_NOT: dict[str, Promise] = {
    "NO_CUSTOMER": _("The person is no customer."),
    "PROTECTED": _("The customer is protected."),
    "NO_CONSENT": _("The customer has not consented to offers."),
    "NO_KEEPER": _("Nobody who is at work keeps the customer."),
}
"""By code: why nobody may tell a person that their cover ends."""
ASKED: dict[str, Promise] = {
    "group-list": _("Group contracts"),
    "group-detail": _("Members of a group contract"),
    "roster-rejects": _("Rows of a list of members"),
    "panel": _("Group cover of a customer"),
}
"""By code: what was asked for at the purpose wall."""
# The clause stands in the settings; here it is only named, so that the catalogue has its translation.
CLAUSE = _(
    "Personal Information Protection Act, article 18 (no use beyond the purpose); Commercial Act, article 735-3 (group "
    "insurance); Enforcement Decree of the Insurance Business Act, article 102 (what a group contract takes)"
)


def asked(code: str) -> str:
    """What was asked for at the wall."""
    return str(ASKED.get(code, code))


def clause(text: str) -> str:
    """The clause in the reader's language; one that the catalogue lacks as it stands in the settings."""
    return gettext(text)
