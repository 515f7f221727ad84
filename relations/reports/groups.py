"""Group contracts: their list, and one with its members, their dependants and what they hold themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Staff
from customers import formats, masking
from customers.access import RANKS, Level, Place
from customers.models import Contract, Customer
from customers.panels.holdings import TONES
from customers.querysets import sees_everyone
from customers.reading import Reading, read
from relations.models import GroupMember, Roster
from relations.people import Face, Hidden, faces
from relations.querysets import GroupMemberQuerySet
from relations.rules.rosters import SELF
from relations.words import rosters as words

ITEM = "group_cover"
MASKS = {
    "name": masking.name,
    "birth_date": masking.birth_date,
    "mobile": masking.phone,
    "email": masking.email,
}
MOST_CONTRACTS = 3
HOLDER = """(
SELECT link.customer_id FROM customers_contractparty party
JOIN customers_sourcerecord record ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
JOIN customers_customer held ON held.id = link.customer_id AND held.kind = 'ORG'
WHERE party.source_id = customers_contract.source_id AND party.contract_no = customers_contract.contract_no
    AND party.role = 'POLICYHOLDER'
ORDER BY party.id LIMIT 1)
"""
# What people hold themselves, those in force first; of a group contract they are members and hold nothing.
PERSONAL = """
SELECT DISTINCT contract.id, contract.product_group, contract.product_name, contract.status, link.customer_id
FROM customers_link link
JOIN customers_sourcerecord record ON record.id = link.record_id
JOIN customers_contractparty party
    ON party.source_id = record.source_id AND party.party_source_key = record.source_key
JOIN customers_contract contract
    ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
WHERE link.customer_id = ANY(%s) AND contract.product_group <> 'GROUP' AND contract.status = ANY(%s)
ORDER BY contract.id DESC
"""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group contract in the list. face: of its organisation, None where no source named it."""

    contract: Contract
    face: Face | None
    status: str
    tone: str
    covered: int
    linked: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How many members a contract has. doubtful: who may be a customer, for a person to look at; waiting: who was not
    compared with the customers yet."""

    employees: int
    dependants: int
    ended: int
    linked: int
    doubtful: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PersonalContract:
    """A contract that a member holds, insures or is insured by, outside the group."""

    product: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as the reader may see them. face: the customer that they are, where that is known and may be shown;
    more_contracts: how many are not listed; dependants: of an employee."""

    relation: str
    employee_no: str
    name: str
    birth_date: str
    contact: str
    cover: str
    is_over: bool
    is_linked: bool
    is_doubtful: bool
    face: Face | None
    contracts: tuple[PersonalContract, ...]
    more_contracts: int
    dependants: tuple[MemberLine, ...] = ()


def visible_groups(viewer: Staff) -> QuerySet[Contract]:
    """The group contracts of organisations that the viewer may see, with `holder_id`."""
    groups = Contract.objects.filter(product_group=Contract.ProductGroup.GROUP)
    groups = groups.annotate(holder_id=RawSQL(HOLDER, []))  # noqa: S611 - words of our own
    if sees_everyone(viewer):
        return groups
    return groups.filter(holder_id__in=Customer.objects.visible_to(viewer).values("pk"))


def group_lines(contracts: Sequence[Contract], members: GroupMemberQuerySet, viewer: Staff) -> list[GroupLine]:
    """The lines of some contracts of `visible_groups`."""
    shown = faces(viewer, [each.holder_id for each in contracts if each.holder_id], Place.LIST)
    ids = [each.pk for each in contracts]
    is_open = Q(cover_until=None)
    counted = members.filter(contract__in=ids).values_list("contract")
    counted = counted.annotate(
        covered=Count("pk", filter=is_open), linked=Count("pk", filter=is_open & Q(customer__isnull=False))
    ).order_by()
    figures = {contract: (count, known) for contract, count, known in counted}
    applied = Roster.objects.filter(contract__in=ids, state=Roster.State.APPLIED)
    newest = dict(applied.values_list("contract").annotate(newest=Max("on")).order_by())
    return [
        GroupLine(
            each,
            shown.get(each.holder_id),
            each.get_status_display(),
            TONES.get(each.status, "secondary"),
            *figures.get(each.pk, (0, 0)),
            newest.get(each.pk),
        )
        for each in contracts
    ]


def figures_of(members: GroupMemberQuerySet) -> GroupFigures:
    """The figures of the members of one contract."""
    is_open = Q(cover_until=None)
    return GroupFigures(
        **members.aggregate(
            employees=Count("pk", filter=is_open & Q(relation=SELF)),
            dependants=Count("pk", filter=is_open & ~Q(relation=SELF)),
            ended=Count("pk", filter=~is_open),
            linked=Count("pk", filter=is_open & Q(customer__isnull=False)),
            doubtful=Count("pk", filter=is_open & Q(customer=None, match_weight__isnull=False)),
            waiting=Count("pk", filter=Q(matched_at=None)),
        )
    )


def narrowed(members: GroupMemberQuerySet, *, state: str, relation: str, match: str) -> GroupMemberQuerySet:
    """Members by whether they are covered, by relation, and by whether they are customers; '' for any."""
    if state:
        members = members.filter(cover_until__isnull=state == "COVERED")
    if relation:
        members = members.filter(relation=relation)
    if match == "LINKED":
        return members.filter(customer__isnull=False)
    if match == "UNLINKED":
        return members.filter(customer=None)
    if match == "DOUBTFUL":
        return members.filter(customer=None, match_weight__isnull=False)
    return members


def may_see_members(organisation: Customer, viewer: Staff) -> bool:
    """Whether the viewer sees who the members are, and not only how many."""
    return _rank(read(organisation, viewer, Place.LIST), ITEM) >= RANKS[Level.MASKED]


def member_lines(
    members: Iterable[GroupMember], dependants: Iterable[GroupMember], organisation: Customer, viewer: Staff
) -> list[MemberLine]:
    """Members with their dependants; values that the employer gave are shown by the rules of group cover, and never
    better than the item itself would be; none of a customer whom the reader may not see, nor of their dependants."""
    members, dependants = list(members), list(dependants)
    known = [each.customer_id for each in (*members, *dependants) if each.customer_id]
    shown = faces(viewer, known, Place.LIST)
    held = _personal(shown, viewer)
    reading = read(organisation, viewer, Place.LIST)
    out_of_sight = {customer for customer, face in shown.items() if face.hidden is Hidden.SCOPE}
    hidden = {each.pk for each in members if each.customer_id in out_of_sight}
    hidden |= {each.pk for each in dependants if each.customer_id in out_of_sight or each.principal_id in hidden}
    below: dict[int, list[MemberLine]] = defaultdict(list)
    for each in dependants:
        below[each.principal_id].append(_line(each, _seen(reading, each, hidden), shown, held))
    return [_line(each, _seen(reading, each, hidden), shown, held, tuple(below.get(each.pk, ()))) for each in members]


def _line(
    member: GroupMember,
    seen: Mapping[str, str],
    shown: Mapping[int, Face],
    held: Mapping[int, Sequence[PersonalContract]],
    dependants: tuple[MemberLine, ...] = (),
) -> MemberLine:
    face = shown.get(member.customer_id)
    contracts = held.get(member.customer_id, ())
    return MemberLine(
        relation=words.relation(member.relation),
        employee_no=seen.get("employee_no", ""),
        name=seen.get("name", ""),
        birth_date=seen.get("birth_date", ""),
        contact=seen.get("mobile") or seen.get("email", ""),
        cover=period(member.cover_from, member.cover_until),
        is_over=member.cover_until is not None,
        is_linked=member.customer_id is not None,
        is_doubtful=member.customer_id is None and member.match_weight is not None,
        face=face if face and not face.is_silhouette else None,
        contracts=tuple(contracts[:MOST_CONTRACTS]),
        more_contracts=max(0, len(contracts) - MOST_CONTRACTS),
        dependants=dependants,
    )


def _seen(reading: Reading, member: GroupMember, hidden: Set[int]) -> dict[str, str]:
    """The values of a member as the reader may see them; none of those whose ids are `hidden`."""
    if member.pk in hidden:
        return {}
    return {
        "employee_no": member.employee_no if _rank(reading, ITEM) >= RANKS[Level.MASKED] else "",
        "name": _as_seen(reading, "name", member.name),
        "birth_date": _as_seen(reading, "birth_date", formats.day(member.birth_date)),
        "mobile": _as_seen(reading, "mobile", formats.phone(member.mobile)),
        "email": _as_seen(reading, "email", member.email),
    }


def period(begins: date | None, ends: date | None) -> str:
    """2026-01-01 ~ 2026-11-01, open where no end is known."""
    return f"{formats.day(begins)} ~ {formats.day(ends)}".strip()


def _as_seen(reading: Reading, item: str, text: str) -> str:
    """A value that the employer gave: no better than group cover is shown, nor than the item is."""
    rank = min(_rank(reading, ITEM), _rank(reading, item))
    if rank == RANKS[Level.FULL]:
        return text
    return MASKS[item](text) if text and rank == RANKS[Level.MASKED] else ""


def _rank(reading: Reading, item: str) -> int:
    return RANKS[reading.decide(item).level]


def _personal(shown: Mapping[int, Face], viewer: Staff) -> dict[int, list[PersonalContract]]:
    """{customer id: what they hold themselves}, of customers who are shown by name, as their contracts are shown."""
    wanted = [customer for customer, face in shown.items() if not face.is_silhouette]
    if not wanted or not viewer.has_perm("customers.view_contract"):
        return {}
    found: dict[int, list[PersonalContract]] = defaultdict(list)
    for row in Contract.objects.raw(PERSONAL, [wanted, list(Contract.LIVE_STATUSES)]):
        product = shown[row.customer_id].reading.show("contract", row.product_name or row.get_product_group_display())
        found[row.customer_id].append(
            PersonalContract(product.text, row.get_status_display(), TONES.get(row.status, "secondary"))
        )
    return found


def told(figures: GroupFigures) -> str:
    """The figures of a contract in a line."""
    employees = ngettext("%(count)s employee", "%(count)s employees", figures.employees) % {
        "count": formats.amount(figures.employees)
    }
    dependants = ngettext("%(count)s dependant", "%(count)s dependants", figures.dependants) % {
        "count": formats.amount(figures.dependants)
    }
    return _("Covered: %(employees)s and %(dependants)s") % {"employees": employees, "dependants": dependants}
