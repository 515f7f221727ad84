"""The words of households: what ties somebody to a household, what happened to it, and why it was refused."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from relations.models import Household, HouseholdEvent, HouseholdRun, LifeEvent, Membership
from relations.services import household_places as places
from relations.services import household_runs as runs
from relations.services import household_suggestions as suggestions
from relations.services import households

EVIDENCE: Mapping[str, Promise] = {
    "HOME": _("Same address"),
    "ZONE": _("Same unit and postcode"),
    "BUILDING": _("Same building, unit unknown"),
    "FORMER_HOME": _("One lives where the other is, or was, registered by a source"),
    "DISTRICT": _("Same unit number in the same district"),
    "ELSEWHERE": _("Different addresses"),
    "FLAT": _("A flat with block and number"),
    "CROWDED": _("Many persons at this address"),
    "FRESH": _("Both addresses confirmed lately"),
    "PHONE": _("Same home phone"),
    "MOBILE": _("Same mobile"),
    "CONTRACT": _("On one contract"),
    "PAYS": _("One pays for the other"),
    "GUARDIAN": _("Legal representative on a contract"),
    "SURNAME": _("Same surname"),
    "COUPLE": _("Ages and sexes fit a couple"),
    "CHILD": _("Ages fit parent and child"),
    "GROWN_CHILD": _("Ages fit parent and grown-up child"),
    "PEERS": _("Ages fit brothers and sisters"),
    "FAR_APART": _("Ages fit grandparent and grandchild"),
    "SELDOM": _("Seldom so many, or so few, years apart"),
    "NO_AGE": _("The age of one is unknown"),
}
"""Codes of `relations.rules.household_ties.Tie`."""
AGAINST = ("ELSEWHERE", "CROWDED", "SELDOM", "NO_AGE")
"""Evidence that speaks against one household."""

ROLES: Mapping[str, Promise] = dict(Membership.Role.choices) | {"CHILD": _("Son or daughter")}
"""What a member is. A child of the family, not a child by age."""
TONES: Mapping[str, str] = {"OPEN": "azure", "CONFIRMED": "green", "REFUSED": "red", "OVERTAKEN": "secondary"}
KIND_TONES: Mapping[str, str] = {"LIVING": "blue", "REGISTERED": "green", "PAYER": "yellow"}
LEAVING = (
    LifeEvent.MOVED_OUT,
    LifeEvent.MARRIAGE,
    LifeEvent.DIVORCE,
    LifeEvent.DEATH,
    LifeEvent.MISTAKE,
    LifeEvent.OTHER,
)
ENTERING = (LifeEvent.MOVED_IN, LifeEvent.MARRIAGE, LifeEvent.BIRTH, LifeEvent.OTHER)
SPLITTING = (LifeEvent.SPLIT, LifeEvent.DIVORCE, LifeEvent.MARRIAGE, LifeEvent.MOVED_OUT, LifeEvent.OTHER)
JOINING = (LifeEvent.JOINED, LifeEvent.MARRIAGE, LifeEvent.MOVED_IN, LifeEvent.MISTAKE, LifeEvent.OTHER)
CLOSING = (LifeEvent.DEATH, LifeEvent.DIVORCE, LifeEvent.MOVED_OUT, LifeEvent.MISTAKE, LifeEvent.OTHER)
BASES_BY_HAND = (Membership.Basis.PERSON, Membership.Basis.REGISTER, Membership.Basis.STEWARD)
EVENT_ICONS: Mapping[str, str] = {
    HouseholdEvent.Kind.OPENED: "plus",
    HouseholdEvent.Kind.ENTERED: "chevron-right",
    HouseholdEvent.Kind.LEFT: "chevron-left",
    HouseholdEvent.Kind.ROLE: "pencil",
    HouseholdEvent.Kind.PRIMARY: "star",
    HouseholdEvent.Kind.SPLIT: "arrows-exchange",
    HouseholdEvent.Kind.JOINED: "git-merge",
    HouseholdEvent.Kind.CLOSED: "x",
}
REFUSED: Mapping[type[Exception], Promise] = {
    places.Retired: _("One of these customers was merged into another one meanwhile. Nothing was done."),
    places.NotAPerson: _("An organisation has no household."),
    places.AlreadyMember: _("This customer is in the household on some of these days already."),
    places.NotAMember: _("This customer is not in the household any more."),
    places.PrimaryTaken: _("This customer has another primary household on some of these days."),
    places.HeadTaken: _("The household has a head. Give the head another role first."),
    places.TooEarly: _("This day lies before what it ends, or changes, began."),
    places.TooLate: _("This day has not come yet."),
    places.HouseholdClosed: _("This household has closed. Nothing was done."),
    households.Unproven: _("Who is registered together is taken from the register or from the persons alone."),
    households.Nobody: _("Choose at least one member."),
    households.TooMany: _("These are more persons than a household holds."),
    households.NobodyStays: _("Somebody has to stay. Where all leave, close the household."),
    households.KindsDiffer: _("Only households of one kind are joined."),
    households.WithItself: _("A household is not joined with itself."),
    households.SameRole: _("The member has this role already."),
    households.AlreadyPrimary: _("This is the member's primary household already."),
    suggestions.AlreadyDecided: _("This suggestion was decided, or overtaken, meanwhile. Nothing was done."),
    suggestions.TooFew: _("Choose at least two members."),
    suggestions.NotSuggested: _("Choose among the suggested members."),
    suggestions.AlreadyWithdrawn: _("This refusal was withdrawn meanwhile."),
}
"""Why a verb did nothing, by the exception that said so."""
RUN_REFUSED: Mapping[type[Exception], Promise] = {
    runs.AlreadyOver: _("The search had ended already."),
    runs.NotStopped: _("This search cannot go on; another one may be at work."),
}
RUN_TONES: Mapping[str, tuple[str, str]] = {
    HouseholdRun.State.WAITING: ("azure", "clock"),
    HouseholdRun.State.RUNNING: ("azure", "refresh"),
    HouseholdRun.State.DONE: ("green", "circle-check"),
    HouseholdRun.State.STOPPED: ("yellow", "player-pause"),
    HouseholdRun.State.FAILED: ("red", "circle-x"),
}
RUN_COUNTS: Mapping[str, Promise] = {
    "persons": _("Persons compared"),
    "ties": _("Pairs with something in common"),
    "living": _("Who seem to live together"),
    "payer": _("Where one pays for the others"),
    "written": _("New suggestions"),
    "kept": _("Suggestions that waited already"),
    "overtaken": _("Suggestions no longer true"),
}
SUGGESTED_KINDS = [(kind.value, kind.label) for kind in (Household.Kind.LIVING, Household.Kind.PAYER)]
SUGGESTION_STATES = {
    "OPEN": _("Waiting"),
    "CONFIRMED": _("Confirmed"),
    "REFUSED": _("Refused"),
    "OVERTAKEN": _("Overtaken"),
}
SCORES = {"0.95": _("Nearly certain"), "0.8": _("Very likely"), "0.6": _("Likely")}
