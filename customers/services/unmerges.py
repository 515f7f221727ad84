"""Taking a merge back: exactly what moved goes back, and what came since is asked one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from accounts.models import Staff
from customers.lineage import lineage_of, still_brought_by
from customers.merging import Links, absorb, children, move_links, restore
from customers.models import Act, Customer, Duty, Link, Merge, Ruling
from customers.services import locks, projection
from customers.services.acting import begin_act
from customers.services.keeping_apart import followers_of, let_hold_again, part_from, rule_apart
from customers.services.newcomers import Newcomer, fitted, newcomers_of, records_of
from customers.services.weighing import strongest_pattern


class NotMerged(Exception):
    """The customer is not merged into another one: it never was, or it came back already."""


class NothingLeft(Exception):
    """Persons have moved every record of the merge elsewhere since, so none goes back; or none would be left behind."""


class AnswersMissing(Exception):
    """Records that came since the merge have no answer yet. records: their ids."""

    def __init__(self, records: Sequence[int]) -> None:
        super().__init__(*records)
        self.records = tuple(records)


@dataclass(frozen=True)
class UnmergePreview:
    """What taking a merge back would do.

    merge: with act, retired and survivor; holder: the customer that has its children now; counts: {kind of child: how
    many go back}; newcomers: records that came since, to be asked one by one; witnesses: who acted on the merged view
    since, {staff id: (code of what they did, since when)}; after: the two customers as they would be.
    """

    merge: Merge
    holder: Customer
    counts: Mapping[str, int]
    newcomers: tuple[Newcomer, ...]
    witnesses: Mapping[int, tuple[str, datetime]]
    after: tuple[Customer, Customer]


def merge_in_force(retired: Customer) -> Merge:
    """The merge that retired a customer. Raises NotMerged."""
    merge = Merge.objects.filter(retired=retired, ended_by=None).select_related("act__by", "survivor").first()
    if merge is None:
        raise NotMerged
    merge.retired = Customer.objects.get(pk=retired.pk)
    return merge


@transaction.atomic
def unmerge_customer(
    *,
    retired: Customer,
    by: Staff,
    at: datetime,
    answers: Mapping[int, bool],
    reason_code: str = "",
    comment: str = "",
    keep_apart: bool = True,
    into_act: Act | None = None,
) -> Act:
    """Let a retired customer live again with exactly what its merge moved. All or nothing.

    answers: {record that came since: whether it goes with the customer that comes back}. keep_apart: rule the two to be
    two, so that no later run joins them again; without it the rules may. into_act: the act that this is a part of.
    Raises NotMerged, NothingLeft, AnswersMissing, locks.StockBusy.
    """
    locks.hold_golden_soon()
    merge = merge_in_force(retired)
    holder = merge.retired.merged_into_id
    newcomers = newcomers_of(merge)
    missing = sorted(set(newcomers) - answers.keys())
    if missing:
        raise AnswersMissing(missing)
    act = into_act or begin_act(kind=Act.Kind.UNMERGE, by=by, at=at, reason_code=reason_code, comment=comment)
    strays = [row.object_id for row in still_brought_by(merge) if row.kind == Links.model]
    returned = restore(merges=[merge], at=at, act=act)
    if not any(one.kind == Links.model for one in returned):
        _fetch(strays, retired.pk, at, act)
    going = [record for record in newcomers if answers[record]]
    move_links(records=going, into=retired.pk, at=at, act=act)
    _let_follow(retired.pk, holder, at, act)
    own, others = records_of(retired.pk), records_of(holder)
    if not own or not others:
        raise NothingLeft
    _undo_rulings_of(merge, own, others, act, by, at)
    if keep_apart:
        _keep_apart(own, others, act, by, at, comment)
    else:
        reopen_pairs([*merge.act.details.get("closed", ()), *([merge.act.pair_id] if merge.act.pair_id else ())])
    act.details["merge"] = merge.pk
    act.save(update_fields=["details"])
    _give_duties(act, merge, holder, at)
    projection.project_again(customer_ids=[retired.pk, holder], at=at, by=by)
    return act


def preview_unmerge(*, retired: Customer, by: Staff, at: datetime) -> UnmergePreview:
    """The unmerge itself, with the engine's answers for what came since, rolled back. Raises as the unmerge does."""
    with transaction.atomic():
        locks.hold_golden_soon()
        merge = merge_in_force(retired)
        holder = Customer.objects.with_holders().get(pk=merge.retired.merged_into_id)
        newcomers = fitted([merge])
        witnesses = witnesses_of(holder, merge)
        answers = {one.record.pk: one.fits == retired.pk for one in newcomers}
        unmerge_customer(retired=retired, by=by, at=at, answers=answers)
        counts = {kind: of.get(retired.pk, 0) for kind, of in children([retired.pk]).items()}
        held = Customer.objects.with_holders().in_bulk([holder.pk, retired.pk])
        transaction.set_rollback(True)
    return UnmergePreview(merge, holder, counts, newcomers, witnesses, (held[holder.pk], held[retired.pk]))


def witnesses_of(holder: Customer, merge: Merge) -> dict[int, tuple[str, datetime]]:
    """Who acted on the merged view since the merge: {staff id: (code of what they did, since when)}.

    `settings.CUSTOMER_WITNESSES` lists functions `(customer, since) -> {staff id: (code, instant)}`.
    """
    found: dict[int, tuple[str, datetime]] = {}
    since = lineage_of(merge)[0].act.at
    for path in settings.CUSTOMER_WITNESSES:
        for staff, seen in import_string(path)(holder, since).items():
            found.setdefault(staff, seen)
    return found


def stewards_who_acted(customer: Customer, since: datetime) -> dict[int, tuple[str, datetime]]:
    """Those who decided something about the customer since then."""
    acts = Act.objects.in_force().filter(customers__customer=customer, at__gt=since, by__isnull=False)
    return {by: ("DECIDED", at) for by, at in acts.order_by("-at").values_list("by", "at")}


def keeper_of(customer: Customer, since: datetime) -> dict[int, tuple[str, datetime]]:
    """The keeper, who may have called the customer under the merged view."""
    return {customer.keeper.pk: ("KEEPS", since)} if customer.keeper_id and customer.keeper else {}


def keep_records_apart(
    own: Sequence[int], others: Sequence[int], *, act: Act, by: Staff, at: datetime, reason: str = ""
) -> Ruling | None:
    """Rule that none of these records is one customer with any of the others. The caller saves the act."""
    pattern = strongest_pattern(*sorted((own, others)))
    return rule_apart(own, others, act=act, by=by, at=at, reason=reason, pattern=pattern)


def _fetch(records: Sequence[int], into: int, at: datetime, act: Act) -> None:
    """Bring back what rules alone have taken elsewhere since, and whom that leaves without a record. Raises NothingLeft
    where persons did."""
    moved = move_links(records=records, into=into, at=at, act=act)
    if not moved:
        raise NothingLeft
    left = {one.from_id for one in moved}
    emptied = left - set(Link.objects.filter(customer__in=left).values_list("customer", flat=True))
    absorb(merges=[(customer, into) for customer in sorted(emptied)], at=at, act=act)
    projection.project_again(customer_ids=left - emptied, at=at, by=act.by)


def _let_follow(into: int, holder: int, at: datetime, act: Act) -> None:
    """Corrections that were typed since go with the records that they are bound to."""
    bound = set(followers_of(records_of(into))) & set(records_of(holder))
    move_links(records=sorted(bound), into=into, at=at, act=act)


def _keep_apart(own: Sequence[int], others: Sequence[int], act: Act, by: Staff, at: datetime, reason: str) -> None:
    """Rule the two apart. Links that rest on a record of the other side rest on this decision from now on; what they
    rested on is remembered, so that the act can be taken back exactly."""
    keep_records_apart(own, others, act=act, by=by, at=at, reason=reason)
    resting = Link.objects.filter(record__in=own, evidence_record__in=others)
    act.details["links"] = [[link.pk, basis_of(link)] for link in resting.order_by("pk")]
    resting.update(**ruled_by(by, at))


def basis_of(link: Link) -> dict[str, object]:
    """What a link rests on, as an act remembers it."""
    return {
        "rule": link.rule,
        "model_version": link.model_version,
        "weight": link.weight,
        "pattern": link.pattern,
        "evidence_record_id": link.evidence_record_id,
        "linked_by_id": link.linked_by_id,
        "linked_at": link.linked_at.isoformat(),
    }


def ruled_by(by: Staff, at: datetime) -> dict[str, object]:
    """What a link rests on that a person decided."""
    nothing = {"weight": None, "pattern": None, "evidence_record": None}
    return {"rule": Link.Rule.RULING, "linked_by": by, "linked_at": at, **nothing}


def _undo_rulings_of(
    merge: Merge, own: Collection[int], others: Collection[int], act: Act, by: Staff, at: datetime
) -> None:
    """Withdraw what ruled these records to be one with the others, and let hold again what the merge had withdrawn."""
    part_from(own, others, act, by=by, at=at)
    for made in reversed(lineage_of(merge)):
        act.details.setdefault("restored", []).extend(let_hold_again(made.act, at))


def reopen_pairs(wanted: Sequence[int]) -> list[int]:
    """Open these pairs again where their records belong to two customers; returns the ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_pair pair SET state = 'OPEN', overtaken_by = '', closed_at = NULL, "
            "assigned_to_id = NULL, assigned_at = NULL, hold_until = NULL "
            "FROM customers_link one, customers_link other "
            "WHERE pair.id = ANY(%s) AND one.record_id = pair.left_id AND other.record_id = pair.right_id "
            "AND one.customer_id <> other.customer_id RETURNING pair.id",
            [list(wanted)],
        )
        return sorted(pk for (pk,) in cursor.fetchall())


def _give_duties(act: Act, merge: Merge, holder: int, at: datetime) -> None:
    """Tell everybody who acted on the merged view that it is two again, each once."""
    found = witnesses_of(Customer.objects.select_related("keeper").get(pk=holder), merge)
    Duty.objects.bulk_create(
        [
            Duty(staff_id=staff, act=act, customer_id=holder, text_code=code, since=since, created_at=at)
            for staff, (code, since) in sorted(found.items())
            if staff != act.by_id
        ],
        ignore_conflicts=True,
    )
