"""What notices about customers say, by their kind."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Mapping[str, Promise] = {
    "GLASS_BROKEN": _(
        "Emergency access: %(by)s opened customer %(number)s until %(ends)s. Look whether the reason holds."
    ),
    "KEPT_GLASS_BROKEN": _("Emergency access: %(by)s opened your customer %(number)s until %(ends)s."),
    "CUSTOMER_GRANTED": _("You may see customer %(number)s until %(ends)s."),
    "GRANT_ENDED": _("%(by)s ended your access to customer %(number)s."),
    "VALUE_REVEALED": _("%(by)s opened a masked value of your customer %(number)s on %(day)s."),
    "PROPOSAL_APPROVED": _("%(by)s approved the merge that you proposed."),
    "PROPOSAL_REFUSED": _("%(by)s refused the merge that you proposed, and says why."),
}
"""{kind: sentence}. by: an employee number; number: as written; ends, day: in Korea's time."""
