"""May many customers be contacted: their facts are gathered in sets, and each kind of facts is judged once by the same
`decide` that judges one customer, so that the answers cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Staff
from consent.models import ContactAsk, ContactStop, Purpose
from consent.numbers import numbers_on
from consent.reports.contact_facts import TAKEN_BACK, PurposeRef, ref_of, solicitations_of
from consent.rules.contact import (
    CALLED,
    CHANNELS,
    KOREA,
    POINTS,
    UNTIMED,
    DoNotCall,
    Facts,
    Verdict,
    born_after,
    decide,
    is_night,
    is_service,
)
from consent.services.do_not_call_phones import holders_of
from consent.state import HELD, HELD_OF, held_words

ANSWERS = ("", "GIVEN", "REFUSED", "WITHDRAWN", "LAPSED")
STATES = ("ACTIVE", "MERGED", "SEPARATED", "DESTROYED")
# Facts that are yes or no, each a bit of a number; above them the answer, then the state.
FLAGS = (
    "is_deceased", "has_refused_contact", "has_credit_stop", "has_opted_out", "is_in_scope", "is_child",
    "is_by_representative", "has_complaint", "has_claim", "has_night_consent", "has_point", "is_point_dead",
    "is_capped", "is_on_register", "is_registration_over",
)  # fmt: skip
ANSWER_PLACE = len(FLAGS)
STATE_PLACE = ANSWER_PLACE + 3
# Whatever stands under a number counts for the number itself and for the customer that it was merged into.
HOLDERS = "CROSS JOIN LATERAL (VALUES (member.id), (member.merged_into_id)) holder(id)"
CIRCUMSTANCES = f"""
LEFT JOIN (
    SELECT holder.id AS customer_id, bool_or(circumstance.kind = 'DECEASED') AS is_deceased,
        bool_or(circumstance.kind = 'COMPLAINT') AS complaint, bool_or(circumstance.kind = 'CLAIM') AS claim,
        bool_or(circumstance.kind = 'DEAD_CONTACT' AND circumstance.channel IN ('ANY', %(channel)s)) AS is_dead
    FROM consent_circumstance circumstance
    JOIN customers_customer member ON member.id = circumstance.customer_id {HOLDERS}
    WHERE circumstance.ended_at IS NULL AND holder.id IS NOT NULL GROUP BY holder.id
) circumstance ON circumstance.customer_id = customer.id
"""  # noqa: S608 - constants
REFUSALS = f"""
LEFT JOIN (
    SELECT holder.id AS customer_id, bool_or(refusal.kind = 'DO_NOT_CONTACT') AS wants_none,
        bool_or(refusal.kind = 'CREDIT_STOP') AS stops, bool_or(refusal.kind = 'OPT_OUT') AS opts_out
    FROM consent_contactrefusal refusal
    JOIN customers_customer member ON member.id = refusal.customer_id {HOLDERS}
    WHERE refusal.lifted_at IS NULL AND refusal.channel IN ('ANY', %(channel)s) AND holder.id IS NOT NULL
        AND NOT (holder.id <> member.id AND {TAKEN_BACK})
    GROUP BY holder.id
) refusal ON refusal.customer_id = customer.id
"""  # noqa: S608 - constants
REGISTER = f"""
LEFT JOIN (
    SELECT customer_id, max(expires_on) AS expires_on FROM (
        SELECT holder.id AS customer_id, listed.expires_on FROM consent_donotcallnumber listed
        JOIN customers_customer member ON member.id = listed.customer_id {HOLDERS}
        WHERE listed.released_at IS NULL AND holder.id IS NOT NULL
        UNION ALL SELECT customer_id, expires_on FROM contact_phones) found
    GROUP BY customer_id
) register ON register.customer_id = customer.id
"""  # noqa: S608 - constants
CAPPED = "LEFT JOIN unnest(%(capped)s::bigint[]) capped(customer_id) ON capped.customer_id = customer.id"
BY_REPRESENTATIVE = """
customer.birth_date > %(youngest)s AND EXISTS (SELECT FROM consent_consent consent
    JOIN consent_receipt receipt ON receipt.id = consent.receipt_id
    WHERE consent.id = {consent} AND receipt.by_role = 'LEGAL_REP')
"""
GATHER = """
CREATE TEMPORARY TABLE contact_facts ON COMMIT DROP AS
SELECT customer.id AS customer_id, ({flags}) + ({answer}) * {answer_weight} + ({state}) * {state_weight} AS facts
FROM customers_customer customer {joins} WHERE {whom}
"""
DECIDE = """
INSERT INTO consent_contactdecision
    (ask_id, customer_id, purpose_id, channel, contact_at, is_allowed, reason, decided_at)
SELECT %s, gathered.customer_id, %s, %s, %s, verdict.is_allowed, verdict.reason, %s
FROM contact_facts gathered
JOIN unnest(%s::integer[], %s::boolean[], %s::text[]) verdict(facts, is_allowed, reason)
    ON verdict.facts = gathered.facts
"""
OPEN_NUMBERS = "SELECT phone_digest, expires_on FROM consent_donotcallnumber WHERE released_at IS NULL"


class NobodyAsked(Exception):
    """There is nobody among whom to ask."""


class Question(NamedTuple):
    """What is asked of everybody alike. ids: None for all active customers; numbers: of the law on the day; nights:
    purposes by which somebody agrees to the night, where it is night."""

    ids: list[int] | None
    purpose: PurposeRef
    channel: str
    at: datetime
    numbers: Mapping[str, int]
    nights: tuple[int, ...]
    is_stopped: bool

    @property
    def day(self) -> date:
        return self.at.astimezone(KOREA).date()

    @property
    def is_service(self) -> bool:
        return is_service(self.purpose.kind, self.purpose.basis)

    @property
    def whom(self) -> str:
        return "customer.state = 'ACTIVE'" if self.ids is None else "customer.id = ANY(%(customers)s)"


@transaction.atomic
def may_contact_many(
    *,
    customers: Iterable[int] | None,
    channel: str,
    purpose: Purpose,
    at: datetime,
    by: Staff | None,
    asked_for: str = "",
    now: datetime | None = None,
) -> ContactAsk:
    """Ask of many customers what `may_contact` asks of one; the answers are the decisions of the returned question, and
    how many there were of each reason in its counts.

    customers: ids, or None for every active customer. asked_for: what it is for, such as the code of a campaign. Raises
    NobodyAsked, ValueError for a channel by which nobody is reached.
    """
    if channel not in CHANNELS:
        raise ValueError(f"nobody is contacted by {channel}")
    now = now or timezone.now()
    question = _question(None if customers is None else sorted(set(customers)), channel, ref_of(purpose), at)
    ask = ContactAsk.objects.create(
        purpose=purpose, channel=channel, contact_at=at, asked_for=asked_for, asked_by=by, asked_at=now
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS contact_facts, contact_phones")  # where several ask in one transaction
        if question.channel in CALLED and not question.is_service:
            _match_phones(question)
        cursor.execute(*_gathering(question))
        cursor.execute("SELECT facts, count(*) FROM contact_facts GROUP BY facts")
        counted = dict(cursor.fetchall())
        verdicts = {facts: decide(_facts(facts, question)) for facts in counted}
        rows = [(facts, verdict.is_allowed, str(verdict.reason)) for facts, verdict in verdicts.items()]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], []]
        fixed = [ask.pk, purpose.pk, channel, at, now]
        cursor.execute(DECIDE, [*fixed, *columns])
    ask.counts = _counts(counted, verdicts)
    if not ask.counts:
        raise NobodyAsked
    ask.save(update_fields=["counts"])
    return ask


def _question(ids: list[int] | None, channel: str, purpose: PurposeRef, at: datetime) -> Question:
    day = at.astimezone(KOREA).date()
    numbers = numbers_on(day)
    nights: tuple[int, ...] = ()
    if channel not in UNTIMED and is_night(at, numbers["night_from"], numbers["night_until"]):
        known = [ref_of(each) for each in Purpose.objects.filter(kind=Purpose.Kind.NIGHT).order_by("pk")]
        nights = tuple(each.id for each in known if not each.is_closed(day) and channel in each.channels)
    stops = ContactStop.objects.filter(ended_at=None, channel__in=("ANY", channel))
    is_stopped = any(stop in (None, purpose.id) for stop in stops.values_list("purpose", flat=True))
    return Question(ids, purpose, channel, at, numbers, nights, is_stopped)


def _counts(counted: Mapping[int, int], verdicts: Mapping[int, Verdict]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for facts, count in counted.items():
        reason = str(verdicts[facts].reason)
        counts[reason] = counts.get(reason, 0) + count
    return counts


def _facts(packed: int, question: Question) -> Facts:
    """What `_gathering` packed, as the rules read it."""
    told = {name: bool(packed >> place & 1) for place, name in enumerate(FLAGS)}
    is_listed, is_over = told.pop("is_on_register"), told.pop("is_registration_over")
    return Facts(
        channel=question.channel,
        at=question.at,
        is_service=question.is_service,
        clause=question.purpose.clause,
        state=STATES[packed >> STATE_PLACE],
        is_stopped=question.is_stopped,
        is_purpose_closed=question.purpose.is_closed(question.day),
        do_not_call=DoNotCall.ON if is_listed else DoNotCall.EXPIRED if is_over else DoNotCall.NOT_ON,
        consent=ANSWERS[packed >> ANSWER_PLACE & 7],
        night_consent="GIVEN" if told.pop("has_night_consent") else "",
        night_from=question.numbers["night_from"],
        night_until=question.numbers["night_until"],
        **told,
    )


def _gathering(question: Question) -> tuple[str, dict[str, object]]:
    """The statement that packs the facts of everybody, and its words. A service asks for no more than the rules do."""
    words: dict[str, object] = {"channel": question.channel, "customers": question.ids, "day": question.day}
    flags = {"is_deceased": "circumstance.is_deceased", "is_point_dead": "circumstance.is_dead"}
    points = POINTS[question.channel]
    flags["has_point"] = " OR ".join(f"customer.{point} <> ''" for point in points) or "false"
    joins, answer = [CIRCUMSTANCES], "''"
    if not question.is_service:
        more, answer = _solicitation(question, joins, words)
        flags |= more
    statement = GATHER.format(
        flags=" + ".join(f"CASE WHEN {test} THEN {1 << FLAGS.index(name)} ELSE 0 END" for name, test in flags.items()),
        answer=_place_of(answer, ANSWERS),
        answer_weight=1 << ANSWER_PLACE,
        state=_place_of("customer.state", STATES),
        state_weight=1 << STATE_PLACE,
        joins=" ".join(joins),
        whom=question.whom,
    )
    return statement, words


def _place_of(value: str, values: Sequence[str]) -> str:
    cases = " ".join(f"WHEN '{each}' THEN {place}" for place, each in enumerate(values))
    return f"CASE coalesce({value}, '') {cases} END"


def _solicitation(question: Question, joins: list[str], words: dict[str, object]) -> tuple[dict[str, str], str]:
    """The tests that only solicitation asks for, and the answer to the purpose; adds to joins and words."""
    joins += [REFUSALS, CAPPED]
    words |= {
        "youngest": born_after(question.day, question.numbers["guardian_age"]),
        "capped": _capped(question),
    }
    answer, consent = _answers(question.purpose, question, "said", joins, words)
    nights = [
        _answers(ref_of(night), question, f"night{place}", joins, words)[0]
        for place, night in enumerate(Purpose.objects.filter(pk__in=question.nights).order_by("pk"))
    ]
    flags = {
        "has_refused_contact": "refusal.wants_none",
        "has_credit_stop": "refusal.stops",
        "has_opted_out": "refusal.opts_out",
        "is_in_scope": "customer.gate = 'IN_SCOPE'",
        "is_child": "customer.birth_date > %(youngest)s",
        "is_by_representative": BY_REPRESENTATIVE.format(consent=consent),
        "has_complaint": "circumstance.complaint",
        "has_claim": "circumstance.claim",
        "is_capped": "capped.customer_id IS NOT NULL",
        "has_night_consent": " OR ".join(f"{night} = 'GIVEN'" for night in nights) or "false",
    }
    if question.channel in CALLED:
        joins.append(REGISTER)
        flags["is_on_register"] = "register.expires_on > %(day)s"
        flags["is_registration_over"] = "register.expires_on <= %(day)s"
    return flags, answer


def _capped(question: Question) -> list[int]:
    times = solicitations_of(question.ids, question.at)
    return sorted(customer for customer, count in times.items() if count >= question.numbers["contacts_per_month"])


def _answers(
    purpose: PurposeRef, question: Question, name: str, joins: list[str], words: dict[str, object]
) -> tuple[str, str]:
    """The answer to a purpose, and the id of its consent, in SQL; as `contact_facts.answer_for` chooses between that
    for the channel and that for none in particular."""
    _join_answers(purpose, "ANY", question, name, joins, words)
    if not purpose.channels:
        return f"{name}.answer", f"{name}.consent_id"
    own = f"{name}_own"
    _join_answers(purpose, question.channel, question, own, joins, words)
    rules = f"{own}.answer IS NULL OR coalesce({name}.answer <> 'GIVEN' AND {name}.since >= {own}.since, false)"
    chosen = f"CASE WHEN {rules} THEN {name}.{{column}} ELSE {own}.{{column}} END"
    return f"({chosen.format(column='answer')})", f"({chosen.format(column='consent_id')})"


def _join_answers(
    purpose: PurposeRef, channel: str, question: Question, name: str, joins: list[str], words: dict[str, object]
) -> None:
    """Join everybody's answer to a purpose and channel as `name`; its placeholders get names of their own."""
    statement = HELD if question.ids is None else HELD_OF
    filled = held_words(at=question.at, purpose_id=purpose.id, channel=channel, customers=question.ids or ())
    for word, value in filled.items():
        own = f"{name}_{word}"
        statement = statement.replace(f"%({word})s", f"%({own})s")
        words[own] = value
    joins.append(f"LEFT JOIN ({statement}) {name} ON {name}.customer_id = customer.id")


def _match_phones(question: Question) -> None:
    """Note whose telephone numbers stand on the do-not-call register, which knows them by their keyed hashes alone."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE contact_phones (customer_id bigint, expires_on date) ON COMMIT DROP")
        cursor.execute(OPEN_NUMBERS)
        listed = {bytes(digest): expires_on for digest, expires_on in cursor.fetchall()}
        if not listed:
            return
        found = holders_of(listed, question.whom, {"customers": question.ids})
        with cursor.copy("COPY contact_phones FROM STDIN") as copy:
            for customer, digest in found:
                copy.write_row((customer, listed[digest]))
