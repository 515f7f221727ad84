"""What only the master knows about access: protected customers, emergencies, VIPs, the own family, former customers.

`settings.ACCESS_RISKS`, `ACCESS_DETECTORS`, `ACCESS_WORK` and `ACCESS_REFERENCES` name what is here. Of a member of
staff Hannun knows neither address nor family: both come from the customer who bears the same name and either the same
employee number or the mark of a member of staff, and so only for staff who are customers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from django.db import connection
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.reviews.detecting import MOST_CUSTOMERS, Detector, Found, Reference, Work
from accounts.reviews.periods import parameters
from accounts.reviews.risks import IN_PERIOD, Risk
from customers.declared_work import written_work
from customers.models import Act, ActCustomer, Contract, Customer, CustomerStaffGrant, Reveal
from customers.numbering import written_number
from customers.reading import catalogue, label

LEAST_VIPS, LEAST_VIP_PERCENT = 5, 30
LEAST_FORMER = 10
LIVE = list(Contract.LIVE_STATUSES)
MOST_WORK, MOST_OF_ACT = 200, 10

SEEN_IN_EMERGENCY = f"""
(entry.month, entry.lane, entry.number) IN (
    SELECT seen.month, seen.lane, seen.number
    FROM accounts_rightschange glass
    JOIN accounts_staff holder ON holder.id = glass.staff_id
    JOIN customers_customer named ON named.number = glass.what->>'customer'
    JOIN accounts_accessentry seen ON seen.employee_number = holder.employee_number AND seen.at >= glass.at
        AND seen.at <= (glass.what->>'ends_at')::timestamptz
        AND seen.customers && ARRAY[named.id, named.merged_into_id]
    WHERE glass.kind = 'GLASS_BROKEN' AND glass.at < %(end)s AND {IN_PERIOD.format(alias="seen")}
)
"""  # noqa: S608 - constants of our own
SEEN_PROTECTED = f"""
(entry.month, entry.lane, entry.number) IN (
    SELECT seen.month, seen.lane, seen.number FROM accounts_accessentry seen
    WHERE {IN_PERIOD.format(alias="seen")} AND seen.customers && ARRAY(SELECT customer_id FROM customers_protection)
)
"""  # noqa: S608 - constants of our own
OPENED_WITHOUT_WORK = """
entry.kind = 'REVEAL' AND EXISTS (
    SELECT FROM customers_reveal reveal
    WHERE reveal.staff_id = entry.staff_id AND reveal.customer_id = ANY(entry.customers) AND reveal.work = ''
        AND reveal.at BETWEEN entry.at - interval '1 minute' AND entry.at
)
"""
# Who opened whom that day without keeping them and without having decided anything about them.
OPENED = f"""
WITH looked AS (
    SELECT DISTINCT entry.staff_id, entry.employee_number, entry.customers[1] AS customer_id
    FROM accounts_accessentry entry
    WHERE {IN_PERIOD.format(alias="entry")} AND entry.result < 400 AND entry.staff_id IS NOT NULL
        AND entry.kind IN ('VIEW', 'REVEAL', 'CHANGE', 'PRINT') AND cardinality(entry.customers) = 1
), opened AS (
    SELECT looked.staff_id, customer.* FROM looked
    JOIN customers_customer customer ON customer.id = looked.customer_id
    WHERE customer.keeper_id IS DISTINCT FROM looked.employee_number AND NOT EXISTS (
        SELECT FROM customers_actcustomer about JOIN customers_act act ON act.id = about.act_id
        WHERE about.customer_id = customer.id AND act.by_id = looked.staff_id
            AND act.at >= %(start)s AND act.at < %(end)s
    )
)
"""  # noqa: S608 - constants of our own
COLLECTED = f"(array_agg(opened.id ORDER BY opened.id))[:{MOST_CUSTOMERS}]"
PROTECTED_OPENED = f"""
{OPENED}
SELECT opened.staff_id, count(*), {COLLECTED},
    (SELECT count(*) FROM accounts_rightschange glass WHERE glass.staff_id = opened.staff_id
        AND glass.kind = 'GLASS_BROKEN' AND glass.at >= %(start)s AND glass.at < %(end)s)
FROM opened
WHERE EXISTS (SELECT FROM customers_protection protection WHERE protection.customer_id = opened.id)
    AND NOT EXISTS (
        SELECT FROM customers_customerstaffgrant granted
        WHERE granted.user_id = opened.staff_id AND granted.content_object_id = opened.id AND granted.kind = 'NAMED'
    )
GROUP BY opened.staff_id
"""  # noqa: S608 - constants of our own
VIPS_OPENED = f"""
{OPENED}
SELECT opened.staff_id, count(*) FILTER (WHERE opened.grade = 'VIP'),
    (array_agg(opened.id ORDER BY opened.id) FILTER (WHERE opened.grade = 'VIP'))[:{MOST_CUSTOMERS}], count(*)
FROM opened GROUP BY opened.staff_id
HAVING count(*) FILTER (WHERE opened.grade = 'VIP') >= {LEAST_VIPS}
    AND count(*) FILTER (WHERE opened.grade = 'VIP') * 100 >= count(*) * {LEAST_VIP_PERCENT}
"""  # noqa: S608 - constants of our own
FORMER_OPENED = f"""
{OPENED}, contracts AS (
    SELECT opened.staff_id, opened.id, bool_or(contract.status = ANY(%(live)s)) AS has_live
    FROM opened
    JOIN customers_link link ON link.customer_id = opened.id
    JOIN customers_sourcerecord record ON record.id = link.record_id
    JOIN customers_contractparty party ON party.source_id = record.source_id
        AND party.party_source_key = record.source_key
    JOIN customers_contract contract ON contract.source_id = party.source_id
        AND contract.contract_no = party.contract_no
    GROUP BY opened.staff_id, opened.id
)
SELECT opened.staff_id, count(*), {COLLECTED}, 0 FROM contracts opened WHERE NOT opened.has_live
GROUP BY opened.staff_id HAVING count(*) >= {LEAST_FORMER}
"""  # noqa: S608 - constants of our own
THEMSELVES = """
SELECT DISTINCT staff.id AS staff_id, own.id, own.sort_name, own.address, own.phone_home, own.mobile
FROM accounts_staff staff
JOIN customers_customer own ON own.name = staff.name AND own.state = 'ACTIVE' AND own.kind = 'PERSON'
WHERE staff.id IN (SELECT staff_id FROM looked) AND (own.employee_no = staff.employee_number OR EXISTS (
    SELECT FROM customers_protection protection WHERE protection.customer_id = own.id AND protection.kind = 'STAFF'
))
"""
OWN_OPENED = f"""
{OPENED}, own AS ({THEMSELVES})
SELECT opened.staff_id, count(*), {COLLECTED}, 0 FROM opened JOIN own USING (staff_id, id) GROUP BY opened.staff_id
"""  # noqa: S608 - constants of our own
FAMILY_OPENED = f"""
{OPENED}, own AS ({THEMSELVES}), family AS (
    SELECT DISTINCT opened.staff_id, opened.id FROM opened JOIN own
        ON own.staff_id = opened.staff_id AND own.id <> opened.id AND left(own.sort_name, 1) = left(opened.sort_name, 1)
    WHERE (own.address <> '' AND own.address = opened.address)
        OR (own.phone_home <> '' AND own.phone_home = opened.phone_home)
        OR (own.mobile <> '' AND own.mobile = opened.mobile)
)
SELECT opened.staff_id, count(*), {COLLECTED}, 0 FROM family opened GROUP BY opened.staff_id
"""  # noqa: S608 - constants of our own


def risks() -> list[Risk]:
    """What makes an entry worth a look in the monthly review, beyond what the entry itself shows."""
    return [
        Risk("UNDECLARED", 60, gettext_lazy("A value was opened without declared work"), OPENED_WITHOUT_WORK),
        Risk("EMERGENCY", 80, gettext_lazy("Seen by emergency access"), SEEN_IN_EMERGENCY),
        Risk("PROTECTED", 40, gettext_lazy("A protected customer was seen"), SEEN_PROTECTED),
    ]


def _detector(code: str, name: object, query: str, explain: Callable[[Mapping[str, object]], str]) -> Detector:
    """A detector by a query that gives staff id, how many customers, their ids, and another number."""

    def find(day: date) -> Iterator[Found]:
        with connection.cursor() as cursor:
            cursor.execute(query, {**parameters(day, day), "live": LIVE})
            rows = cursor.fetchall()
        for staff, amount, customers, other in rows:
            yield Found(staff, {"amount": amount, "other": other}, tuple(customers))

    return Detector(code, name, find, explain)


def _say_protected(facts: Mapping[str, object]) -> str:
    sentence = _(
        "Protected customers opened without keeping them, without being a named person and without any decision about "
        "them: %(amount)s. Emergency accesses of the day: %(other)s."
    )
    return sentence % facts


def _say_vips(facts: Mapping[str, object]) -> str:
    sentence = _(
        "Of %(other)s customers opened without keeping them or deciding anything about them, %(amount)s are of the "
        "grade VIP."
    )
    return sentence % facts


def _say_own(facts: Mapping[str, object]) -> str:
    return _(
        "The person opened the customer who bears their name and has their employee number or is marked as a member of "
        "staff."
    )


def _say_family(facts: Mapping[str, object]) -> str:
    sentence = _(
        "Customers opened that have the family name of the person, and the address or a phone number of the person's "
        "own customer record: %(amount)s."
    )
    return sentence % facts


def _say_former(facts: Mapping[str, object]) -> str:
    sentence = _("Customers opened whose contracts have all ended, without any decision about them: %(amount)s.")
    return sentence % facts


PROTECTED = _detector("PROTECTED", gettext_lazy("Protected customers"), PROTECTED_OPENED, _say_protected)
VIPS = _detector("VIPS", gettext_lazy("VIPs picked out"), VIPS_OPENED, _say_vips)
OWN = _detector("OWN", gettext_lazy("Own record"), OWN_OPENED, _say_own)
FAMILY = _detector("FAMILY", gettext_lazy("Own name and family"), FAMILY_OPENED, _say_family)
FORMER = _detector("FORMER", gettext_lazy("Former customers"), FORMER_OPENED, _say_former)


def work_of(staff: Staff, day: date) -> Iterator[Work]:
    """What `staff` decided that day, which values they opened and for what work, and whom they were granted singly."""
    start, end = (parameters(day, day)[name] for name in ("start", "end"))
    span = {"at__gte": start, "at__lt": end}
    about = Prefetch("customers", ActCustomer.objects.order_by("customer"))
    for act in Act.objects.filter(by=staff, **span).prefetch_related(about).order_by("at", "pk")[:MOST_WORK]:
        kind = _("Decision: %(kind)s") % {"kind": act.get_kind_display()}
        yield Work(act.at, kind, tuple(row.customer_id for row in act.customers.all()[:MOST_OF_ACT]))
    items = catalogue()
    for reveal in Reveal.objects.filter(staff=staff, **span).order_by("at", "pk")[:MOST_WORK]:
        work = written_work(reveal.work) or _("no declared work")
        text = _("Opened: %(item)s (%(work)s)") % {"item": label(reveal.item, items), "work": work}
        yield Work(reveal.at, text, (reveal.customer_id,), is_declared=bool(reveal.work))
    held = CustomerStaffGrant.objects.filter(user=staff, granted_at__lt=end).exclude(reason="")
    for grant in held.filter(Q(ends_at=None) | Q(ends_at__gt=start)).order_by("granted_at", "pk")[:MOST_WORK]:
        text = _("Single customer granted: %(kind)s") % {"kind": grant.get_kind_display()}
        yield Work(grant.granted_at, text, (grant.content_object_id,))


def references(customers: Collection[int], viewer: Staff) -> Mapping[int, Reference]:
    """The numbers of these customers by id, each with an address where `viewer` may see the customer."""
    visible = set(Customer.objects.visible_to(viewer).filter(pk__in=customers).values_list("pk", flat=True))
    rows = Customer.objects.filter(pk__in=customers).only("number")
    return {row.pk: Reference(written_number(row.number), _url(row, visible)) for row in rows}


def _url(customer: Customer, visible: Iterable[int]) -> str:
    return customer.get_absolute_url() if customer.pk in visible else ""
