"""Why somebody sees so much of an item of a customer, step by step, by the very functions that every page asks.

No value of the customer is read. `visible_to`, `disclosure` and `verdict` give the answers; the ways that lead into the
scope are told beside them, and a test holds that both agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.purposes import Purpose, purpose_of, purposes_of, roles_of
from accounts.roles import role_name
from customers import access_words as words
from customers import wording
from customers.access import Level, Place, Scope, Verdict
from customers.models import Customer
from customers.numbering import written_number
from customers.reading import (
    CatalogueItem,
    Disclosure,
    catalogue,
    disclosure,
    graded,
    limits_of,
    live_rules,
    standing_limits,
    verdict,
    verdict_within,
)
from customers.reports.effective_scope import is_protected, is_visible, ways_to


class Outcome(StrEnum):
    """What a step does: it opens, it closes, or it only tells."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    TOLD = "TOLD"


@dataclass(frozen=True)
class Step:
    """One step of the answer in a sentence, with what it rests on."""

    outcome: Outcome
    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemLine:
    """How much of an item is shown, in words by column of the table, and why on the customer's own page."""

    code: str
    label: str
    grade: str
    cells: tuple[tuple[str, str], ...]
    because: str

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(level for _column, level in self.cells)


@dataclass(frozen=True)
class Explanation:
    """All that the page tells. number: as it is written, '' where no customer was asked for; answer: the result in a
    sentence, '' where nothing single was asked for; columns: heads of the table of all items."""

    staff: Staff
    number: str
    item: str
    steps: tuple[Step, ...]
    answer: str
    is_shown: bool
    columns: tuple[str, ...]
    lines: tuple[ItemLine, ...]


def explain(
    staff: Staff,
    customer: Customer | None,
    item: str = "",
    *,
    purpose: Purpose | None = None,
    place: Place = Place.PROFILE,
) -> Explanation:
    """Why `staff`, freshly read, sees so much of this item of this customer; without an item of all of them; without a
    customer of customers as such. purpose: where their roles begin, when not given or not theirs."""
    items = catalogue()
    used = purpose if purpose in purposes_of(staff) else purpose_of(staff)
    steps = [*_person(staff), _purpose(staff, used, purpose)]
    answer, is_shown = "", False
    if customer is None:
        columns, lines = _columns_within(staff), tuple(_lines_within(staff))
    else:
        is_seen = is_visible(staff, customer)
        steps.append(_scope(staff, customer, is_seen=is_seen))
        if item in items:
            found = disclosure(items[item], staff, customer, place, used)
            steps += _decision(staff, customer, items[item], place, used, found)
            is_shown = is_seen and found.level is not Level.NOTHING
            answer = _answer(items[item], found, is_seen=is_seen)
        columns = tuple(words.place(one) for one in Place)
        lines = tuple(_lines_of(staff, customer, used, is_seen=is_seen))
    return Explanation(
        staff=staff,
        number=written_number(customer.number) if customer else "",
        item=items[item].label if item in items else "",
        steps=tuple(steps),
        answer=answer,
        is_shown=is_shown,
        columns=columns,
        lines=lines,
    )


def _person(staff: Staff) -> Iterator[Step]:
    """The account, its roles, and what lets it see customers at all."""
    if staff.is_active:
        yield Step(Outcome.OPEN, _("The account is active."))
    else:
        yield Step(Outcome.CLOSED, _("The account is closed, so nothing is shown."))
    roles = [role_name(role) for role in roles_of(staff)]
    if roles:
        yield Step(Outcome.OPEN, _("Roles: %(roles)s.") % {"roles": ", ".join(roles)})
    else:
        yield Step(Outcome.CLOSED, _("The person holds no role, and rules speak of roles."))
    if staff.has_perm("customers.view_customer"):
        yield Step(
            Outcome.OPEN, _("The right to see customers is given by: %(source)s.") % {"source": source_of(staff)}
        )
    else:
        yield Step(Outcome.CLOSED, _("No role gives the right to see customers."))


def source_of(staff: Staff, codename: str = "view_customer") -> str:
    """What gives a right of the master that `staff` has: roles, or what stands beside them."""
    if staff.is_superuser:
        return _("an account with every right")
    permission = {"permissions__codename": codename, "permissions__content_type__app_label": "customers"}
    groups = staff.groups.filter(**permission)
    names = [role_name(name) for name in groups.order_by("name").values_list("name", flat=True)]
    return ", ".join(names) or _("a single permission beside the roles")


def _purpose(staff: Staff, used: Purpose | None, asked: Purpose | None) -> Step:
    own = [str(one.label) for one in purposes_of(staff)]
    if used is None:
        return Step(Outcome.CLOSED, _("No role of the person works for any purpose."))
    notes = [_("Open to the person: %(purposes)s.") % {"purposes": ", ".join(own)}]
    if asked and asked != used:
        wrong = _("Not open to the person: %(purpose)s. So the purpose where their role begins was taken.")
        notes.append(wrong % {"purpose": Purpose(asked).label})
    return Step(Outcome.TOLD, _("Purpose: %(purpose)s.") % {"purpose": used.label}, tuple(notes))


def _scope(staff: Staff, customer: Customer, *, is_seen: bool) -> Step:
    """Whether the person sees the customer at all, by which ways, and which are closed."""
    ways = list(ways_to(staff, customer, source_of=source_of))
    notes = [way.text for way in sorted(ways, key=lambda way: not way.is_open)]
    if is_protected(customer):
        notes.append(_("The customer is protected: only the keeper, people named and holders of the right see it."))
    if is_seen:
        return Step(Outcome.OPEN, _("The customer is within what the person sees."), tuple(notes))
    return Step(
        Outcome.CLOSED,
        _("The customer is outside of what the person sees, so every page says that it is not found."),
        tuple(notes),
    )


def _decision(
    staff: Staff, customer: Customer, item: CatalogueItem, place: Place, purpose: Purpose | None, found: Disclosure
) -> Iterator[Step]:
    """Grade, rule, and limit of the channel."""
    grade = words.grade(graded(item, live_rules())[0])
    yield Step(Outcome.TOLD, _("Grade of the item: %(grade)s.") % {"grade": grade})
    decided = verdict(item, staff, customer, place, purpose)
    others = tuple(_by_role(staff, customer, item, place, purpose))
    if decided.rule is None:
        yield Step(
            Outcome.CLOSED, _("No rule of the roles speaks of this, and what no rule allows is not shown."), others
        )
    else:
        outcome = Outcome.CLOSED if decided.rule.level is Level.NOTHING else Outcome.OPEN
        yield Step(outcome, _("Rule that decided: %(rule)s.") % {"rule": words.rule(decided.rule)}, others)
    yield from _channel(staff, customer, item, decided)
    if found.because == "ORGANISATION":
        yield Step(Outcome.OPEN, wording.disclosed(found.because))


def _by_role(
    staff: Staff, customer: Customer, item: CatalogueItem, place: Place, purpose: Purpose | None
) -> Iterator[str]:
    """What each role of the person would give alone."""
    for role in roles_of(staff):
        alone = verdict(item, staff, customer, place, purpose, roles=[role])
        said = {"role": role_name(role), "level": words.level(alone.rule)}
        yield _("%(role)s alone: %(level)s") % said


def _channel(staff: Staff, customer: Customer, item: CatalogueItem, decided: Verdict) -> Iterator[Step]:
    if staff.channel is None:
        yield Step(Outcome.TOLD, _("The person works in no channel, so no limit of a channel holds."))
        return
    said = {"channel": str(staff.channel)}
    concerned = [limit for limit in limits_of(staff) if item.code in limit.items]
    if not concerned:
        yield Step(Outcome.TOLD, _("Channel: %(channel)s. No limit of it speaks of this item.") % said)
    elif decided.limit is not None:
        text = _("Channel: %(channel)s. Its limit takes away down to: %(level)s.")
        said["level"] = str(words.LEVELS[decided.limit.level])
        yield Step(Outcome.CLOSED, text % said, (wording.disclosed("CHANNEL", decided.limit),))
    elif any(limit in standing_limits(staff, customer) for limit in concerned):
        yield Step(Outcome.TOLD, _("Channel: %(channel)s. Its limit takes nothing away here.") % said)
    else:
        text = _("Channel: %(channel)s. Its limit is lifted, for one of its systems brought the customer.")
        yield Step(Outcome.OPEN, text % said)


def _answer(item: CatalogueItem, found: Disclosure, *, is_seen: bool) -> str:
    if not is_seen:
        return _("%(item)s: not shown, because the customer is not found for this person.") % {"item": item.label}
    said = {"item": item.label, "level": _level(found), "because": wording.disclosed(found.because, found.limit)}
    return _("%(item)s: %(level)s. %(because)s") % said


def _level(found: Disclosure) -> str:
    return str(words.LEVELS[words.REVEAL if found.may_reveal else found.level])


def _lines_of(staff: Staff, customer: Customer, purpose: Purpose | None, *, is_seen: bool) -> Iterator[ItemLine]:
    """Every item of this customer, in every place."""
    rules = live_rules()
    for code, item in catalogue().items():
        found = [disclosure(item, staff, customer, place, purpose) for place in Place]
        hidden = str(words.LEVELS[Level.NOTHING])
        levels = [_level(one) if is_seen else hidden for one in found]
        cells = tuple(zip(map(words.place, Place), levels, strict=True))
        because = wording.disclosed(found[0].because, found[0].limit) if is_seen else ""
        yield ItemLine(code, item.label, words.grade(graded(item, rules)[0]), cells, because)


def _columns_within(staff: Staff) -> tuple[str, ...]:
    """A column per purpose of the person and scope."""
    return tuple(f"{purpose.label}, {words.scope(scope)}" for purpose in purposes_of(staff) for scope in words.SCOPES)


def _lines_within(staff: Staff) -> Iterator[ItemLine]:
    """Every item of customers as such, on their own page; limits of the channel count where nothing would lift them."""
    rules, limits, columns = live_rules(), limits_of(staff), _columns_within(staff)
    may_see = staff.is_active and staff.has_perm("customers.view_customer")
    for code, item in catalogue().items():
        levels = []
        for purpose in purposes_of(staff):
            for scope in words.SCOPES:
                found = verdict_within(item, staff, Scope(scope), Place.PROFILE, purpose, limits=limits)
                cell = words.REVEAL if found.may_reveal else found.level
                levels.append(str(words.LEVELS[cell if may_see else Level.NOTHING]))
        yield ItemLine(
            code, item.label, words.grade(graded(item, rules)[0]), tuple(zip(columns, levels, strict=True)), ""
        )
