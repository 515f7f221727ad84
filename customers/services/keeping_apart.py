"""What people ruled about records: written, withdrawn, and kept whole when a later decision takes a part of it away.

A ruling may hold for further records on either side. Where such a one gives way on some pairs only, what is left of it
is ruled anew, so that nobody's decision is lost by another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from accounts.models import Staff
from customers.models import Act, Link, Ruling

CARRIED = (
    *("answer", "kind", "reason", "pattern", "starts_on", "ends_on"),
    *("is_one_for_service", "is_one_for_marketing", "is_one_for_statistics"),
)
"""What a ruling hands on to that which is left of it."""


def rulings_between(customers: Sequence[int]) -> list[int]:
    """Ids of the rulings in force that keep any two of these customers apart."""
    held = dict(Link.objects.filter(customer__in=customers).values_list("record_id", "customer_id"))
    return [ruling.pk for ruling in rulings_across(held)]


def rulings_across(group_of: Mapping[int, int]) -> list[Ruling]:
    """The rulings in force that keep records of different groups apart. group_of: {record: its group}."""
    ids = list(group_of)
    found = (
        Ruling.objects.filter(Q(left__in=ids) | Q(left_also__overlap=ids), withdrawn_at=None)
        .filter(Q(right__in=ids) | Q(right_also__overlap=ids))
        .exclude(answer=Ruling.Answer.SAME)
    )
    return [ruling for ruling in found.order_by("pk") if _is_across(ruling, group_of)]


def _is_across(ruling: Ruling, group_of: Mapping[int, int]) -> bool:
    left, right = ({group_of[record] for record in side if record in group_of} for side in sides_of(ruling))
    return bool(left and right) and len(left | right) > 1


def sides_of(ruling: Ruling) -> tuple[set[int], set[int]]:
    """The records on either side."""
    return {ruling.left_id, *ruling.left_also}, {ruling.right_id, *ruling.right_also}


def withdraw_rulings(act: Act, rulings: Sequence[int], at: datetime) -> None:
    """Withdraw rulings because of an act, which remembers them in its details; the caller saves the act."""
    Ruling.objects.filter(pk__in=rulings).update(withdrawn_at=at)
    act.details.setdefault("withdrew", []).extend(rulings)


def withdraw_within(act: Act, rulings: Iterable[Ruling], joined: Collection[int], *, by: Staff, at: datetime) -> None:
    """Withdraw what keeps records apart that have become one customer, and rule what is left of it. joined: the records
    of that customer. The caller saves the act."""
    joined = set(joined)
    for ruling in rulings:
        left, right = sides_of(ruling)
        withdraw_rulings(act, [ruling.pk], at)
        _rule_rest(ruling, [(left - joined, right), (left & joined, right - joined)], act, by, at)


def rule(*, left: int, right: int, answer: str, act: Act, by: Staff, at: datetime, **fields: object) -> Ruling:
    """Write a ruling on two records, in either order; one in force on them is withdrawn, but for what it says of other
    records. The caller saves the act."""
    left, right = sorted((left, right))
    replaced = Ruling.objects.filter(left=left, right=right, withdrawn_at=None).first()
    if replaced:
        withdraw_rulings(act, [replaced.pk], at)
    ruling = Ruling.objects.create(
        left_id=left, right_id=right, answer=answer, act=act, ruled_by=by, ruled_at=at, **fields
    )
    if replaced and replaced.answer != Ruling.Answer.SAME:
        one, other = sides_of(replaced)
        _rule_rest(replaced, [(one - {left}, other), ({left}, other - {right})], act, by, at)
    return ruling


def _rule_rest(
    ruling: Ruling, rest: Iterable[tuple[Collection[int], Collection[int]]], act: Act, by: Staff, at: datetime
) -> None:
    """Rule what is left of a ruling that gave way; the act remembers what stands for it now."""
    fields = {name: getattr(ruling, name) for name in CARRIED}
    made = [rule_apart(one, other, act=act, by=by, at=at, **fields) for one, other in rest if one and other]
    if any(made):
        act.details.setdefault("parts", {})[str(ruling.pk)] = [each.pk for each in made if each]


def rule_apart(
    one: Collection[int], other: Collection[int], *, act: Act, by: Staff, at: datetime, **fields: object
) -> Ruling | None:
    """Rule that none of these records is one customer with any of the others; None where every single pair of them is
    ruled upon already. The caller saves the act."""
    records = [*one, *other]
    ruled = set(
        Ruling.objects.filter(left__in=records, right__in=records, withdrawn_at=None).values_list("left_id", "right_id")
    )
    pairs = ((first, second) for first in sorted(one) for second in sorted(other))
    free = next((pair for pair in pairs if tuple(sorted(pair)) not in ruled), None)
    if free is None:
        return None
    sides = sorted((lead, sorted(set(side) - {lead})) for lead, side in zip(free, (one, other), strict=True))
    (left, left_also), (right, right_also) = sides
    fields = {"answer": Ruling.Answer.DIFFERENT, "left_also": left_also, "right_also": right_also} | fields
    return Ruling.objects.create(left_id=left, right_id=right, act=act, ruled_by=by, ruled_at=at, **fields)


def let_hold_again(act: Act, at: datetime) -> list[int]:
    """Let what an act withdrew hold again, but for what would part a customer of now, and for decisions that were taken
    back themselves; returns the ids.

    What the act ruled in its place is withdrawn.
    """
    restored = []
    withdrew = Ruling.objects.filter(pk__in=act.details.get("withdrew", ()), act__taken_back_by=None)
    for ruling in withdrew.order_by("pk"):
        if ruling.withdrawn_at is None or _parts_a_customer(ruling):
            continue
        parts = act.details.get("parts", {}).get(str(ruling.pk), ())
        Ruling.objects.filter(pk__in=parts, withdrawn_at=None).update(withdrawn_at=at)
        if not Ruling.objects.filter(left=ruling.left_id, right=ruling.right_id, withdrawn_at=None).exists():
            Ruling.objects.filter(pk=ruling.pk).update(withdrawn_at=None)
            restored.append(ruling.pk)
    return restored


def _parts_a_customer(ruling: Ruling) -> bool:
    if ruling.answer == Ruling.Answer.SAME:
        return False
    left, right = sides_of(ruling)
    customer_of = dict(Link.objects.filter(record__in=left | right).values_list("record_id", "customer_id"))
    return not {customer_of.get(record) for record in left}.isdisjoint(customer_of.get(record) for record in right)


def undo_rulings(act: Act, taking: Act, at: datetime) -> None:
    """Undo what an act did to rulings: what it made or let hold again is withdrawn, and what it withdrew holds again.

    The caller saves `taking`, the act that takes it back.
    """
    Ruling.objects.filter(act=act, withdrawn_at=None).update(withdrawn_at=at)
    again = Ruling.objects.filter(pk__in=act.details.get("restored", ()), withdrawn_at=None)
    withdraw_rulings(taking, list(again.order_by("pk").values_list("pk", flat=True)), at)
    taking.details.setdefault("restored", []).extend(let_hold_again(act, at))


def part_from(own: Collection[int], others: Collection[int], act: Act, *, by: Staff, at: datetime) -> None:
    """Withdraw what ruled these records to be one with the others, which are two from now on. What only they held
    together among the others stays together. The caller saves the act."""
    crossing = Ruling.objects.filter(
        Q(left__in=own, right__in=others) | Q(left__in=others, right__in=own),
        answer=Ruling.Answer.SAME,
        withdrawn_at=None,
    )
    crossing = list(crossing.order_by("pk"))
    withdraw_rulings(act, [ruling.pk for ruling in crossing], at)
    left_behind = sorted({record for each in crossing for record in (each.left_id, each.right_id)} - set(own))
    for other in left_behind[1:]:
        rule(left=left_behind[0], right=other, answer=Ruling.Answer.SAME, act=act, by=by, at=at)


def followers_of(records: Iterable[int]) -> list[int]:
    """The records of corrections that belong wherever these records do."""
    bound = Ruling.objects.filter(
        left__in=list(records), answer=Ruling.Answer.SAME, act__kind=Act.Kind.CORRECT, withdrawn_at=None
    )
    return sorted(bound.values_list("right_id", flat=True))
