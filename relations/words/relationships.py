"""The words of relationships: what somebody is to a customer, who says so, and why it was refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from relations.people import Hidden
from relations.rules.relationships import Impossible, Unlikely
from relations.rules.ties import Origin

SEEN_AS: Mapping[str, Promise] = {
    "SPOUSE": _("Spouse"),
    "PARENT": _("Parent"),
    "CHILD": _("Son or daughter"),
    "GRANDPARENT": _("Grandparent"),
    "GRANDCHILD": _("Grandchild"),
    "SIBLING": _("Brother or sister"),
    "RELATIVE": _("Other relative"),
    "COHABITANT": _("Lives with the customer"),
    "LEGAL_REP": _("Legal representative"),
    "REPRESENTED": _("Represented by the customer"),
    "GUARDIAN": _("Guardian"),
    "WARD": _("Ward"),
    "REFERRER": _("Referred the customer"),
    "REFERRED": _("Referred by the customer"),
    "PAYER": _("Pays the customer's premiums"),
    "PAID_FOR": _("The customer pays the premiums"),
    "CONTACT": _("Contact for the customer"),
    "CONTACTED": _("Reached through the customer"),
    "ACQUAINTANCE": _("Acquaintance"),
    "POLICYHOLDER": _("Policyholder for the customer"),
    "INSURED": _("Insured by the customer"),
    "BENEFICIARY": _("Beneficiary of the customer"),
    "ENDOWER": _("The customer is beneficiary"),
    "CLAIM_AGENT": _("Designated claim agent"),
    "CLAIMANT": _("The customer is claim agent"),
}
"""What the other is to the customer whose page it is."""
OF_CONTRACTS = ("POLICYHOLDER", "INSURED", "BENEFICIARY", "ENDOWER", "CLAIM_AGENT", "CLAIMANT")
WRITABLE = tuple(code for code in SEEN_AS if code not in OF_CONTRACTS)
"""What a person can register; the rest contracts alone give."""
ORIGINS: Mapping[str, Promise] = {
    Origin.CONTRACT: _("Contract"),
    Origin.PERSON: _("Told by the person"),
    Origin.DOCUMENT: _("Seen in a document"),
    Origin.STEWARD: _("Known to the steward"),
    Origin.SYSTEM: _("Sent by a system"),
    Origin.INFERRED: _("Inferred"),
}
HIDDEN: Mapping[str, Promise] = {
    Hidden.SCOPE: _("Not one of your customers"),
    Hidden.CONSENT: _("Has not consented"),
}
"""Why somebody is a silhouette."""
IMPOSSIBLE: Mapping[str, Promise] = {
    Impossible.ONESELF: _("Nobody is related to themselves."),
    Impossible.MERGED: _("One of the two was merged into another customer. Take the number that holds now."),
    Impossible.ORGANISATION: _("This relationship holds between persons alone."),
    Impossible.ALREADY: _("This relationship is registered already."),
    Impossible.TOO_YOUNG: _("A parent is at least 12 years older than the child, a grandparent 24 years."),
    Impossible.LINE_TOO_YOUNG: _("With the relatives that are known, the generations would lie too close together."),
    Impossible.CYCLE: _("One would be a parent of an own forebear."),
    Impossible.SECOND_SPOUSE: _("One of the two has a spouse already. End that relationship first."),
    Impossible.SPOUSE_IN_LINE: _("Relatives in the direct line are no spouses."),
    Impossible.ADULT_REPRESENTED: _(
        "An adult has a representative only by a court. Choose the document as basis, and say which."
    ),
    Impossible.STARTS_LATER: _("The beginning lies in the future."),
    Impossible.STARTS_BEFORE_BIRTH: _("The beginning lies before the birth of one of the two."),
    Impossible.BELIEVED_NO_MORE: _("The day until which it is believed is over."),
    Impossible.BELIEVED_TOO_LONG: _("On this basis nothing is believed that long. Choose an earlier day."),
}
UNLIKELY: Mapping[str, Promise] = {
    Unlikely.PARENT_YOUNG: _("The parent was younger than 16 at the birth."),
    Unlikely.PARENT_OLD: _("The parent was older than 60 at the birth."),
    Unlikely.AGE_UNKNOWN: _("The birth date of one of the two is not known, so the ages were not checked."),
    Unlikely.THIRD_PARENT: _("Two parents are known already."),
    Unlikely.SPOUSE_MINOR: _("One of the spouses is younger than 18."),
    Unlikely.FAR_APART: _("The two are 40 years apart or more."),
    Unlikely.MINOR_REPRESENTS: _("The representative is a minor."),
}
