"""Where a retired number went: each merge on the way to the customer of today, when it was, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import Staff
from customers import formats, masking, wording
from customers.models import Customer, Link, Merge, MovedChild
from customers.numbering import written_number


@dataclass(frozen=True, slots=True)
class Step:
    """One merge on the way. number, into: ten digits; by: '' for a rule; why: in words; comment: of a person, for those
    who may read histories."""

    number: str
    into: str
    at: datetime
    by: str = ""
    why: str = ""
    comment: str = ""

    @property
    def author(self) -> str:
        """Who merged, in words for either."""
        return self.by or _("automatic, by rule")

    @property
    def told(self) -> str:
        """When, into which, by whom and why, in sentences."""
        merged = _("%(old)s was merged into %(new)s on %(day)s.") % {
            "old": written_number(self.number),
            "new": written_number(self.into),
            "day": formats.day(self.at),
        }
        because = _("By: %(by)s. Why: %(why)s.") % {"by": self.author, "why": self.why.rstrip(".")}
        return f"{merged} {because}"


@dataclass(frozen=True, slots=True)
class Retirement:
    """What became of a retired number. steps: from the number itself to the survivor, at least one."""

    number: str
    survivor: Customer
    steps: tuple[Step, ...]

    @property
    def first(self) -> Step:
        """The merge that retired the number."""
        return self.steps[0]

    @property
    def is_chain(self) -> bool:
        """Whether the customer that it was merged into was merged itself later."""
        return len(self.steps) > 1


def retirement_of(number: str, survivor: Customer, viewer: Staff) -> Retirement:
    """What became of a number that `survivor`, whom `viewer` may see, has absorbed. Five queries at most."""
    absorbed = list(survivor.absorbed.only("number", "merged_into", "merged_at"))
    numbers = {customer.pk: customer.number for customer in (*absorbed, survivor)}
    steps = {one.number: Step(one.number, survivor.number, one.merged_at) for one in absorbed}
    by_acts = _of_acts(numbers, survivor, viewer)
    before_acts = [one.pk for one in absorbed if one.number not in by_acts]
    steps |= _of_history(before_acts, numbers, survivor) | by_acts
    return Retirement(number, survivor, tuple(_with_rules(_way(number, steps), numbers, survivor)))


def _of_acts(numbers: Mapping[int, str], survivor: Customer, viewer: Staff) -> dict[str, Step]:
    """{number: its merge} as acts tell it. numbers: {customer id: number}, the survivor's among them."""
    opens_comments = viewer.has_perm("customers.view_customer_history")
    merges = Merge.objects.filter(retired__in=numbers, ended_by=None).select_related("act__by")
    return {
        numbers[merge.retired_id]: Step(
            numbers[merge.retired_id],
            numbers.get(merge.survivor_id, survivor.number),
            merge.act.at,
            str(merge.act.by) if merge.act.by else "",
            merge.act.get_reason_code_display(),
            masking.without_resident_numbers(merge.act.comment) if opens_comments else "",
        )
        for merge in merges
    }


def _of_history(retired: Iterable[int], numbers: Mapping[int, str], survivor: Customer) -> dict[str, Step]:
    """{number: its merge} from before there were acts: the first history row of its present retirement."""
    kept = Customer.history.filter(id__in=retired).select_related("history_user").order_by("history_date", "history_id")
    found: dict[int, models.Model] = {}
    for row in kept:
        if row.state != Customer.State.MERGED:
            found.pop(row.id, None)
        else:
            found.setdefault(row.id, row)
    return {
        numbers[row.id]: Step(
            numbers[row.id],
            numbers.get(row.merged_into_id, survivor.number),
            row.merged_at,
            str(row.history_user) if row.history_user else "",
            row.history_change_reason or "",
        )
        for row in found.values()
    }


def _way(number: str, steps: Mapping[str, Step]) -> Iterator[Step]:
    """The merges from a number to the survivor; none twice, whatever was kept."""
    passed: set[str] = set()
    while number in steps and number not in passed:
        passed.add(number)
        yield steps[number]
        number = steps[number].into


def _with_rules(way: Iterable[Step], numbers: Mapping[int, str], survivor: Customer) -> Iterator[Step]:
    """The steps; one by rule gives as its reason the rules that tied records of the retired to others then."""
    way = list(way)
    by_rule = {step.number for step in way if not (step.by or step.why)}
    moved = _moved_from([pk for pk, number in numbers.items() if number in by_rule], numbers)
    links = Link.objects.filter(customer=survivor, linked_at__in=[one.at for one in way if one.number in by_rule])
    made = list(links.exclude(rule=Link.Rule.FIRST).filter(linked_by=None).order_by("rule", "pk"))
    for step in way:
        tying = (link for link in made if link.linked_at == step.at and _ties(link, moved.get(step.number)))
        yield step if step.why else replace(step, why=_because(step, tying))


def _moved_from(retired: Iterable[int], numbers: Mapping[int, str]) -> dict[str, set[int]]:
    """{number: ids of the records that its merge moved}."""
    noted = MovedChild.objects.filter(
        act__merges__retired__in=retired, from_id=F("act__merges__retired"), kind=Link._meta.label
    )
    moved: dict[str, set[int]] = {}
    for customer, record in noted.values_list("from_id", "object_id"):
        moved.setdefault(numbers[customer], set()).add(record)
    return moved


def _ties(link: Link, own: set[int] | None) -> bool:
    """Whether a link is between a record of the retired and another one. own: None where nobody noted which moved."""
    return own is None or (link.record_id in own) != (link.evidence_record_id in own)


def _because(step: Step, tying: Iterable[Link]) -> str:
    if step.by:
        return _("No reason was given.")
    rules = dict.fromkeys(link.get_rule_display() for link in tying)
    return wording.listed(list(rules)) or _("A source record tied the two together.")
