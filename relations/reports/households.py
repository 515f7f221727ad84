"""Households, suggestions and searches as their pages show them: everybody by name or as a silhouette."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats
from customers.access import Place
from customers.numbering import written_number
from relations.models import (
    Household,
    HouseholdEvent,
    HouseholdRefusal,
    HouseholdRun,
    HouseholdSuggestion,
    Membership,
    SuggestedMember,
)
from relations.people import Face, faces
from relations.words.households import (
    AGAINST,
    EVENT_ICONS,
    EVIDENCE,
    KIND_TONES,
    ROLES,
    RUN_COUNTS,
    RUN_TONES,
    TONES,
)
from relations.words.relationships import HIDDEN

MOST_EVENTS = 100
SHOWN = 4  # members that a line names before it counts the rest


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in a household. name, number and url are empty for a silhouette, of whom `hidden` says why it is one."""

    customer_id: int
    name: str
    number: str
    written: str
    url: str
    icon: str
    hidden: str
    birth: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A place in a household."""

    who: Who
    role: str
    is_primary: bool
    basis: str
    since: date | None
    until: date | None
    because: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to a household. by: a name, or Hannun itself."""

    icon: str
    what: str
    who: Who | None
    role: str
    because: str
    on: date | None
    by: str
    at: object
    comment: str
    other: Household | None
    household: Household


@dataclass(frozen=True)
class HouseholdLine:
    """A household in a list. more: how many members are not named."""

    household: Household
    tone: str
    people: tuple[Who, ...]
    more: int
    count: int


@dataclass(frozen=True)
class HouseholdReport:
    """A household: who is in it, who was, and what happened, the newest first."""

    household: Household
    tone: str
    now: tuple[MemberLine, ...]
    before: tuple[MemberLine, ...]
    events: tuple[EventLine, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Number and name of the members whom the reader may name."""
        return [(line.who.number, f"{line.who.name} ({line.role})") for line in self.now if line.who.number]


@dataclass(frozen=True)
class SuggestionLine:
    """A suggestion in a list."""

    suggestion: HouseholdSuggestion
    percent: int
    tone: str
    kind_tone: str
    people: tuple[Who, ...]
    more: int


@dataclass(frozen=True, slots=True)
class TieLine:
    """What ties two members. speaks_for, speaks_against: in words."""

    one: Who
    other: Who
    percent: int
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuggestedLine:
    """A member of a suggestion. is_inside: in the household already."""

    who: Who
    role: str
    is_inside: bool


@dataclass(frozen=True)
class SuggestionReport:
    """A suggestion with its reasons."""

    suggestion: HouseholdSuggestion
    percent: int
    tone: str
    kind_tone: str
    members: tuple[SuggestedLine, ...]
    ties: tuple[TieLine, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(line.who.number, line.who.name) for line in self.members if line.who.number]

    @property
    def is_whole(self) -> bool:
        """Whether the reader sees everybody; nobody decides about people whom they may not see."""
        return all(line.who.number for line in self.members)


@dataclass(frozen=True)
class Step:
    """A step of a search. place: done, now or ahead; seconds: '' where it has not ended."""

    label: str
    place: str
    seconds: str


@dataclass(frozen=True)
class RunReport:
    """A search. percent: of the way; figures: what was found, in words."""

    run: HouseholdRun
    tone: str
    icon: str
    percent: int
    is_at_work: bool
    steps: tuple[Step, ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RefusalLine:
    """Two whom no search puts together."""

    refusal: HouseholdRefusal
    first: Who
    second: Who


def household_lines(households: Sequence[Household], viewer: Staff) -> list[HouseholdLine]:
    """Households in lines, in three queries however many there are."""
    places = Membership.objects.still_open().filter(household__in=households, customer__state="ACTIVE").order_by("pk")
    by_household: dict[int, list[int]] = {}
    for household, customer in places.values_list("household", "customer"):
        by_household.setdefault(household, []).append(customer)
    shown = {customer for members in by_household.values() for customer in members[:SHOWN]}
    seen = faces(viewer, shown, Place.LIST)
    return [
        HouseholdLine(
            household,
            KIND_TONES[household.kind],
            tuple(who_is(seen[customer]) for customer in by_household.get(household.pk, [])[:SHOWN]),
            max(len(by_household.get(household.pk, [])) - SHOWN, 0),
            len(by_household.get(household.pk, [])),
        )
        for household in households
    ]


def household_report(household: Household, viewer: Staff) -> HouseholdReport:
    """A household as this reader may see it."""
    places = list(household.memberships.select_related("customer").order_by("pk"))
    events = list(household.events.select_related("by", "household").order_by("-pk")[:MOST_EVENTS])
    seen = faces(viewer, {place.customer_id for place in places} | {each.customer_id for each in events} - {None})
    # A place that stayed with a retired number waits there for an unmerge; its survivor has one of its own.
    now = [place for place in places if place.is_open and place.customer.is_active_customer]
    before = [place for place in places if not place.is_open and place.ended_because]
    return HouseholdReport(
        household,
        KIND_TONES[household.kind],
        tuple(_member(place, seen) for place in now),
        tuple(_member(place, seen) for place in reversed(before)),
        event_lines(events, seen),
    )


def event_lines(events: Sequence[HouseholdEvent], seen: Mapping[int, Face]) -> tuple[EventLine, ...]:
    """What happened in words. seen: the faces of everybody in them."""
    keys = {key for event in events for name, key in event.details.items() if name.endswith("_household")}
    others = Household.objects.in_bulk(keys) if keys else {}
    # What was seen or heard may name whoever is not shown.
    is_whole = not any(face.is_silhouette for face in seen.values())
    return tuple(_event(event, seen, others, is_whole=is_whole) for event in events)


def suggestion_lines(suggestions: Sequence[HouseholdSuggestion], viewer: Staff) -> list[SuggestionLine]:
    """Suggestions in lines, in three queries however many there are."""
    rows = SuggestedMember.objects.filter(suggestion__in=suggestions).order_by("suggestion", "position")
    by_suggestion: dict[int, list[int]] = {}
    for suggestion, customer in rows.values_list("suggestion", "customer"):
        by_suggestion.setdefault(suggestion, []).append(customer)
    shown = {customer for members in by_suggestion.values() for customer in members[:SHOWN]}
    seen = faces(viewer, shown, Place.LIST)
    return [
        SuggestionLine(
            each,
            percent_of(each.score),
            TONES[each.state],
            KIND_TONES[each.kind],
            tuple(who_is(seen[customer]) for customer in by_suggestion.get(each.pk, [])[:SHOWN]),
            max(each.size - SHOWN, 0),
        )
        for each in suggestions
    ]


def suggestion_report(suggestion: HouseholdSuggestion, viewer: Staff) -> SuggestionReport:
    """A suggestion with what ties its members, as this reader may see it."""
    members = list(suggestion.members.order_by("position"))
    seen = faces(viewer, [member.customer_id for member in members])
    inside = set()
    if suggestion.household_id:
        places = Membership.objects.still_open().filter(household=suggestion.household_id)
        inside = set(places.values_list("customer", flat=True))
    people = {member.position: who_is(seen[member.customer_id]) for member in members}
    return SuggestionReport(
        suggestion,
        percent_of(suggestion.score),
        TONES[suggestion.state],
        KIND_TONES[suggestion.kind],
        tuple(
            SuggestedLine(people[member.position], str(ROLES[member.role]), member.customer_id in inside)
            for member in members
        ),
        tuple(_ties(suggestion.ties, people)),
    )


def refusal_lines(refusals: Sequence[HouseholdRefusal], viewer: Staff) -> list[RefusalLine]:
    """Refusals in lines, in two queries however many there are."""
    seen = faces(viewer, {side for each in refusals for side in (each.first_id, each.second_id)}, Place.LIST)
    return [RefusalLine(each, who_is(seen[each.first_id]), who_is(seen[each.second_id])) for each in refusals]


def run_report(run: HouseholdRun) -> RunReport:
    """A search with its progress, then its outcome."""
    names = [step.value for step in HouseholdRun.Step]
    at = names.index(run.step) if run.step in names else len(names) if run.state == "DONE" else -1
    steps = tuple(
        Step(
            step.label,
            "done" if place < at else "now" if place == at else "ahead",
            localize(round(run.seconds[step.value], 1)) if step.value in run.seconds else "",
        )
        for place, step in enumerate(HouseholdRun.Step)
    )
    tone, icon = RUN_TONES[run.state]
    return RunReport(
        run,
        tone,
        icon,
        percent=100 * max(at, 0) // len(names),
        is_at_work=run.state in (HouseholdRun.State.WAITING, HouseholdRun.State.RUNNING),
        steps=steps,
        figures=tuple(
            (str(label), formats.amount(run.counts[name])) for name, label in RUN_COUNTS.items() if name in run.counts
        ),
    )


def who_is(face: Face) -> Who:
    """Somebody as a line shows them."""
    icon = "user-off" if face.is_silhouette else "user"
    if face.is_silhouette:
        return Who(face.customer_id, str(HIDDEN[face.hidden]), "", "", "", icon, str(HIDDEN[face.hidden]))
    birth, address = (face.reading[item].text for item in ("birth_date", "address"))
    return Who(
        face.customer_id,
        face.name or _("(no name)"),
        face.number,
        written_number(face.number),
        face.url,
        icon,
        "",
        birth,
        address,
    )


def percent_of(score: float) -> int:
    """A number from 0 to 1 as a whole percentage, never 100 for what is not certain."""
    return min(round(score * 100), 99)


def _member(place: Membership, seen: Mapping[int, Face]) -> MemberLine:
    return MemberLine(
        who_is(seen[place.customer_id]),
        str(ROLES[place.role]),
        place.is_primary,
        place.get_basis_display(),
        place.started_on,
        place.ended_on,
        "" if seen[place.customer_id].is_silhouette else place.get_ended_because_display(),
    )


def _event(
    event: HouseholdEvent, seen: Mapping[int, Face], others: Mapping[int, Household], *, is_whole: bool
) -> EventLine:
    other = [key for name, key in event.details.items() if name.endswith("_household")]
    role = event.details.get("role", "")
    is_told = event.customer_id not in seen or not seen[event.customer_id].is_silhouette
    return EventLine(
        EVENT_ICONS[event.kind],
        event.get_kind_display(),
        who_is(seen[event.customer_id]) if event.customer_id in seen else None,
        str(ROLES[role]) if role else "",
        event.get_because_display() if is_told else "",
        event.on,
        event.by.name if event.by else _("Hannun itself"),
        event.at,
        event.comment if is_whole else "",
        others.get(other[0]) if other else None,
        event.household,
    )


def _ties(ties: Iterable[Sequence[object]], people: Mapping[int, Who]) -> Iterable[TieLine]:
    for one, other, score, codes in sorted(ties, key=lambda tie: (-tie[2], tie[0], tie[1])):
        known = [code for code in codes if code in EVIDENCE]
        yield TieLine(
            people[one],
            people[other],
            percent_of(score),
            tuple(str(EVIDENCE[code]) for code in known if code not in AGAINST),
            tuple(str(EVIDENCE[code]) for code in known if code in AGAINST),
        )
