"""What stands for and against contacting one customer, read in two queries: the standing of the customer, and consents.

What was said under a number that was merged counts for its survivor; rows stay where they were said. A refusal under a
merged number counts until the survivor's customer takes the same refusal back after the merge (README, decision).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from consent.models import Purpose
from consent.numbers import NUMBERS
from consent.rules.contact import KOREA, POINTS, DoNotCall, Facts, born_after, is_service
from consent.state import Held, Key, held
from customers.models import Customer
from customers.sealing import Sealer

YOUNG = 20  # years below which it is looked up who consented for whom
NUMBERS_USED = ("night_from", "night_until", "guardian_age", "contacts_per_month")
PHONE_ITEM = "phone"  # of the blind index, the same for mobile and home phone
# A refusal that somebody took back under a customer that its number was part of by then; `refusal` and `member` are the
# merged number's. A number goes where it was merged into, and with that one to whom it points at now.
TAKEN_BACK = """
EXISTS (SELECT FROM consent_contactrefusal later
    WHERE later.kind = refusal.kind AND later.channel = refusal.channel
        AND (later.customer_id = member.merged_into_id AND later.lifted_at > greatest(member.merged_at, (
                SELECT max(act.at) FROM customers_movedchild moved JOIN customers_act act ON act.id = moved.act_id
                WHERE moved.kind = 'customers.Customer' AND moved.object_id = member.id
                    AND moved.into_id = member.merged_into_id))
            OR later.lifted_at > member.merged_at AND later.customer_id IN (
                SELECT merge.survivor_id FROM customers_merge merge
                WHERE merge.retired_id = member.id AND merge.ended_by_id IS NULL)))
"""
STANDING = f"""
WITH customer AS (SELECT * FROM customers_customer WHERE id = %(customer)s),
member AS (
    SELECT id, merged_into_id, merged_at FROM customer
    UNION ALL
    SELECT id, merged_into_id, merged_at FROM customers_customer
    WHERE merged_into_id = %(customer)s
)
SELECT customer.state, survivor.number, customer.gate, customer.birth_date,
    array_remove(ARRAY[CASE WHEN customer.mobile <> '' THEN 'mobile' END,
        CASE WHEN customer.phone_home <> '' THEN 'phone_home' END,
        CASE WHEN customer.email <> '' THEN 'email' END,
        CASE WHEN customer.address <> '' THEN 'address' END], NULL),
    coalesce((SELECT array_agg(DISTINCT circumstance.kind || ' ' || circumstance.channel)
        FROM consent_circumstance circumstance JOIN member ON member.id = circumstance.customer_id
        WHERE circumstance.ended_at IS NULL), ARRAY[]::text[]),
    coalesce((SELECT array_agg(DISTINCT refusal.kind || ' ' || refusal.channel)
        FROM consent_contactrefusal refusal JOIN member ON member.id = refusal.customer_id
        WHERE refusal.lifted_at IS NULL AND NOT (member.id <> %(customer)s AND {TAKEN_BACK})), ARRAY[]::text[]),
    (SELECT max(number.expires_on) FROM (
        SELECT listed.expires_on FROM consent_donotcallnumber listed JOIN member ON member.id = listed.customer_id
        WHERE listed.released_at IS NULL
        UNION ALL
        SELECT listed.expires_on FROM consent_donotcallnumber listed
        WHERE listed.phone_digest = ANY(%(digests)s::bytea[]) AND listed.released_at IS NULL) number),
    coalesce((SELECT array_agg(coalesce(stop.purpose_id::text, '') || ' ' || stop.channel)
        FROM consent_contactstop stop WHERE stop.ended_at IS NULL), ARRAY[]::text[]),
    (SELECT jsonb_agg(jsonb_build_array(purpose.id, purpose.code, purpose.kind, purpose.basis, purpose.clause,
        purpose.channels, purpose.closed_on) ORDER BY purpose.id)
        FROM consent_purpose purpose WHERE purpose.kind IN ('MARKETING', 'NIGHT', 'SERVICE')),
    (SELECT jsonb_object_agg(number.name, number.value) FROM (
        SELECT DISTINCT ON (name) name, value FROM consent_legalnumber
        WHERE name = ANY(%(names)s) AND starts_on <= %(day)s ORDER BY name, starts_on DESC, id DESC) number),
    CASE WHEN customer.birth_date > %(young)s THEN (SELECT array_agg(consent.id)
        FROM consent_consent consent JOIN member ON member.id = consent.customer_id
        JOIN consent_receipt receipt ON receipt.id = consent.receipt_id WHERE receipt.by_role = 'LEGAL_REP') END,
    NOT EXISTS (SELECT FROM customers_customer retired WHERE retired.merged_into_id = %(customer)s)
FROM customer LEFT JOIN customers_customer survivor ON survivor.id = customer.merged_into_id
"""  # noqa: S608 - constants


class PurposeRef(NamedTuple):
    """What the rules need of a purpose."""

    id: int
    code: str
    kind: str
    basis: str
    clause: str
    channels: tuple[str, ...]
    closed_on: date | None

    def is_closed(self, day: date) -> bool:
        return self.closed_on is not None and self.closed_on <= day


def ref_of(purpose: Purpose) -> PurposeRef:
    """The purpose as the rules read it."""
    channels = tuple(purpose.channels)
    names = ("pk", "code", "kind", "basis", "clause")
    return PurposeRef(*(getattr(purpose, name) for name in names), channels, purpose.closed_on)


@dataclass(frozen=True)
class Standing:
    """What holds of one customer whatever the channel and purpose. survivor: number of whom it was merged into.

    circumstances, refusals, stops: pairs (kind, channel) or (purpose id or '', channel). purposes: of solicitation, of
    service and for the night. by_representative: ids of consents that a legal representative gave for somebody young.
    is_lone: nobody was merged into the customer.
    """

    customer_id: int
    at: datetime
    state: str
    survivor: str
    gate: str
    birth_date: date | None
    points: frozenset[str]
    circumstances: frozenset[tuple[str, str]]
    refusals: frozenset[tuple[str, str]]
    do_not_call: DoNotCall
    stops: frozenset[tuple[str, str]]
    purposes: tuple[PurposeRef, ...]
    numbers: Mapping[str, int]
    by_representative: frozenset[int]
    is_lone: bool

    @property
    def night(self) -> tuple[PurposeRef, ...]:
        """The purposes by which somebody agrees to be reached at night."""
        return tuple(each for each in self.purposes if each.kind == "NIGHT" and not each.is_closed(self.day))

    @property
    def day(self) -> date:
        return self.at.astimezone(KOREA).date()

    def refuses(self, kind: str, channel: str) -> bool:
        return (kind, channel) in self.refusals or (kind, "ANY") in self.refusals


def digests_of(phones: Iterable[str]) -> list[bytes]:
    """The keyed hashes of telephone numbers as the master writes them; empty ones are left out."""
    sealer = Sealer(settings.KEYS)
    return [sealer.index(PHONE_ITEM, phone) for phone in dict.fromkeys(phones) if phone]


def standing_of(customer: Customer, at: datetime) -> Standing:
    """How a customer stands to a contact at `at`. One query. Raises Customer.DoesNotExist for one that is not kept."""
    day = at.astimezone(KOREA).date()
    words = {
        "customer": customer.pk,
        "digests": digests_of((customer.mobile, customer.phone_home)),
        "names": list(NUMBERS_USED),
        "day": day,
        "young": born_after(day, YOUNG),
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDING, words)
        row = cursor.fetchone()
    if row is None:
        raise Customer.DoesNotExist
    return _standing(customer.pk, at, day, row)


def _standing(customer_id: int, at: datetime, day: date, row: Sequence[object]) -> Standing:
    state, survivor, gate, born, points, circumstances, refusals, expires_on, stops, purposes, numbers, *rest = row
    by_representative, is_lone = rest
    return Standing(
        customer_id=customer_id,
        at=at,
        state=state,
        survivor=survivor or "",
        gate=gate,
        birth_date=born,
        points=frozenset(points),
        circumstances=_pairs(circumstances),
        refusals=_pairs(refusals),
        do_not_call=_register(expires_on, day),
        stops=_pairs(stops),
        purposes=tuple(map(_purpose, _loaded(purposes) or ())),
        numbers={name: NUMBERS[name].default for name in NUMBERS_USED} | (_loaded(numbers) or {}),
        by_representative=frozenset(by_representative or ()),
        is_lone=is_lone,
    )


def _pairs(written: Iterable[str]) -> frozenset[tuple[str, str]]:
    return frozenset(tuple(each.split(" ", 1)) for each in written)


def _loaded(told: object) -> object:
    return json.loads(told) if isinstance(told, str) else told


def _purpose(told: Sequence[object]) -> PurposeRef:
    *names, channels, closed_on = told
    return PurposeRef(*names, tuple(channels), date.fromisoformat(closed_on) if closed_on else None)


def _register(expires_on: date | None, day: date) -> DoNotCall:
    """What the register says where the longest registration ends on this day."""
    if expires_on is None:
        return DoNotCall.NOT_ON
    return DoNotCall.EXPIRED if expires_on <= day else DoNotCall.ON


def facts_of(
    standing: Standing, consents: Mapping[Key, Held], purpose: PurposeRef, channel: str, *, is_capped: bool = False
) -> Facts:
    """The facts of one channel and purpose. consents: what `consent.state.held` says of the customer."""
    answer = answer_for(consents, purpose, channel)
    nights = [answer_for(consents, night, channel) for night in standing.night]
    numbers = standing.numbers
    circumstances = {kind for kind, _channel in standing.circumstances}
    return Facts(
        channel=channel,
        at=standing.at,
        is_service=is_service(purpose.kind, purpose.basis),
        clause=purpose.clause,
        state=standing.state,
        is_deceased="DECEASED" in circumstances,
        is_stopped=_is_stopped(standing, purpose, channel),
        is_purpose_closed=purpose.is_closed(standing.day),
        do_not_call=standing.do_not_call,
        has_refused_contact=standing.refuses("DO_NOT_CONTACT", channel),
        has_credit_stop=standing.refuses("CREDIT_STOP", channel),
        has_opted_out=standing.refuses("OPT_OUT", channel),
        consent=answer.answer if answer else "",
        is_in_scope=standing.gate == Customer.Gate.IN_SCOPE,
        is_child=_is_child(standing),
        is_by_representative=answer is not None and answer.consent_id in standing.by_representative,
        has_complaint="COMPLAINT" in circumstances,
        has_claim="CLAIM" in circumstances,
        night_consent="GIVEN" if any(night and night.answer == "GIVEN" for night in nights) else "",
        has_point=any(point in standing.points for point in POINTS.get(channel, ())),
        is_point_dead=_is_dead(standing, channel),
        is_capped=is_capped,
        night_from=numbers["night_from"],
        night_until=numbers["night_until"],
    )


def _is_stopped(standing: Standing, purpose: PurposeRef, channel: str) -> bool:
    places = ((word, way) for word in ("", str(purpose.id)) for way in ("ANY", channel))
    return any(place in standing.stops for place in places)


def _is_child(standing: Standing) -> bool:
    youngest = born_after(standing.day, standing.numbers["guardian_age"])
    return standing.birth_date is not None and standing.birth_date > youngest


def _is_dead(standing: Standing, channel: str) -> bool:
    return any(("DEAD_CONTACT", way) in standing.circumstances for way in ("ANY", channel))


def answer_for(consents: Mapping[Key, Held], purpose: PurposeRef, channel: str) -> Held | None:
    """The answer that holds for a channel: its own, unless a newer one for no channel in particular takes it away."""
    general = consents.get(Key(purpose.id, "ANY", None))
    own = consents.get(Key(purpose.id, channel, None)) if purpose.channels else None
    if own is None:
        return general
    takes_away = general is not None and general.answer != "GIVEN" and general.since >= own.since
    return general if takes_away else own


def consents_of(standing: Standing, purposes: Iterable[PurposeRef]) -> Mapping[Key, Held]:
    """What the customer answered to these purposes and to those of the night, at the instant asked for. One query."""
    ids = sorted({each.id for each in (*purposes, *standing.night)})
    return held([standing.customer_id], standing.at, ids, are_lone=standing.is_lone)[standing.customer_id]


def solicitations_of(customers: Sequence[int] | None, at: datetime) -> Mapping[int, int]:
    """How often customers were solicited in the month of `at`, {customer id: times}, by settings.CONTACT_CAPS.

    customers: None for all. Each entry is `(customers, at) -> {customer id: times}`; their sums count.
    """
    counted: dict[int, int] = {}
    for path in settings.CONTACT_CAPS:
        for customer, times in import_string(path)(customers, at).items():
            counted[customer] = counted.get(customer, 0) + times
    return counted
