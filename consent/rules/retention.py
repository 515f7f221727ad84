"""How long each class of data is kept, and what is due on a day. Pure.

A person is live while one role anywhere is; then kept apart; then destroyed when the last class that concerns them is
over. Source: domain.md 1.5 (개인정보 보호법 제21조, 신용정보법 제20조의2, 상법 제33조 …); README, decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from consent.rules.roles_end import add_months

LONGEST_MONTHS = 1_200
LONGEST_CLAUSE = 100


class Trigger(StrEnum):
    """What a period begins with."""

    RELATIONSHIP_END = "RELATIONSHIP_END"  # the last claim of the last contract lapsed
    CONTRACT_END = "CONTRACT_END"  # the last contract ended
    CONSENT_END = "CONSENT_END"  # the last consent of somebody who was party to a contract ended
    PROSPECT_CONSENT_END = "PROSPECT_CONSENT_END"  # the last consent of somebody who never was party to one
    FIRST_SEEN = "FIRST_SEEN"  # of somebody who never was party to a contract, and never consented


class Action(StrEnum):
    SEPARATE = "SEPARATE"
    DESTROY = "DESTROY"


class Grade(StrEnum):
    """How sure the period is: read in the law, read elsewhere, from memory, a decision of the company."""

    READ = "V"
    SECOND_HAND = "V2"
    MEMORY = "M"
    DECIDED = "D"


class Policy(NamedTuple):
    """How long a class of data is kept after its trigger, and what happens then. months: of the calendar."""

    code: str
    trigger: Trigger
    months: int
    action: Action
    clause: str
    grade: Grade


class Due(NamedTuple):
    """Why a customer is to be separated or destroyed: the class that decided it, since when, from which day on."""

    data_class: str
    clause: str
    ended_on: date | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Life:
    """The days that decide about one customer. first_seen_on: when the customer came to be; relationship_on and
    contract_on: None while a role is live and where there never was one (`has_roles`); consent_on: when the last
    consent ended, None where there was none; consent_holds: one is in force that keeps the data where they are: of a
    prospect any, of a party to contracts that to marketing, for the others end with the relationship."""

    first_seen_on: date
    has_roles: bool = False
    is_live: bool = False
    relationship_on: date | None = None
    contract_on: date | None = None
    consent_on: date | None = None
    consent_holds: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """A version of the rules; 0 is the one that Hannun brings."""

    version: int
    policies: Mapping[str, Policy] = field(default_factory=dict)


class RulesUnfit(Exception):
    """A definition cannot be used. faults: `class:CODE`, each once."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = sorted(set(faults))
        super().__init__(", ".join(self.faults))


_SHIPPED = (
    Policy(
        "LIVE_DATA", Trigger.RELATIONSHIP_END, 3, Action.SEPARATE,
        "신용정보법 제20조의2 제1항, 시행령 제17조의2", Grade.SECOND_HAND,
    ),
    Policy("ESSENTIAL", Trigger.RELATIONSHIP_END, 60, Action.DESTROY, "신용정보법 제20조의2 제2항", Grade.READ),
    Policy("CONTRACT_BOOKS", Trigger.CONTRACT_END, 120, Action.DESTROY, "상법 제33조 제1항", Grade.SECOND_HAND),
    Policy("SALES_RECORDS", Trigger.CONTRACT_END, 120, Action.DESTROY, "금소법 제28조, 시행령 제26조", Grade.MEMORY),
    Policy("IDENTITY_CHECKS", Trigger.RELATIONSHIP_END, 60, Action.DESTROY, "특금법 제5조의4", Grade.MEMORY),
    Policy("E_FINANCE", Trigger.CONTRACT_END, 60, Action.DESTROY, "전자금융거래법 제22조", Grade.SECOND_HAND),
    Policy(
        "CONSENT_PROOF", Trigger.CONSENT_END, 60, Action.DESTROY,
        "신용정보법 제32조 제11항, 내부 기준", Grade.DECIDED,
    ),
    Policy(
        "CONSENTED_PROSPECT", Trigger.PROSPECT_CONSENT_END, 0, Action.DESTROY,
        "개인정보 보호법 제21조 제1항, 제37조 제3항", Grade.READ,
    ),
    Policy(
        "PROSPECT", Trigger.FIRST_SEEN, 12, Action.DESTROY,
        "개인정보 보호법 제21조 제1항, 내부 기준", Grade.DECIDED,
    ),
)  # fmt: skip
SHIPPED = Rules(0, {policy.code: policy for policy in _SHIPPED})
CLASSES = tuple(SHIPPED.policies)


def rules_of(version: int, definition: object) -> Rules:
    """The rules of a definition `{"classes": {code: {"months": …, "clause": …, "grade": …}}}`.

    Trigger and action of a class are fixed; a class that is not named is as Hannun brings it. Raises RulesUnfit.
    """
    classes = definition.get("classes") if isinstance(definition, Mapping) else None
    if not isinstance(classes, Mapping):
        raise RulesUnfit(["definition:SHAPE"])
    if faults := [fault for code, said in classes.items() for fault in _faults(code, said)]:
        raise RulesUnfit(faults)
    changed = {code: _changed(SHIPPED.policies[code], said) for code, said in classes.items()}
    return Rules(version, {**SHIPPED.policies, **changed})


def definition_of(rules: Rules) -> dict[str, object]:
    """The definition that `rules_of` makes the same rules of."""
    return {
        "classes": {
            code: {"months": policy.months, "clause": policy.clause, "grade": str(policy.grade)}
            for code, policy in rules.policies.items()
        }
    }


def changed_classes(rules: Rules, other: Rules) -> list[str]:
    """The classes that the two do not treat alike."""
    return [code for code in CLASSES if rules.policies[code] != other.policies[code]]


def due_to_destroy(life: Life, rules: Rules) -> Due | None:
    """When everything of a customer is to be destroyed, and by which class; None while a role is live or a consent
    holds, and where no day is known.

    Of all classes that concern the customer the last one decides: what another law still asks for keeps the rest.
    """
    if life.is_live or life.consent_holds or (life.has_roles and life.relationship_on is None):
        return None
    triggers = _triggers(life)
    dues = [
        Due(policy.code, policy.clause, triggers[policy.trigger], add_months(triggers[policy.trigger], policy.months))
        for policy in rules.policies.values()
        if policy.action == Action.DESTROY and triggers.get(policy.trigger)
    ]
    return max(dues, key=lambda due: due.due_on, default=None)


def due_to_separate(life: Life, rules: Rules) -> Due | None:
    """When the data of a customer whose relationship ended are to be kept apart. A consent that the customer still
    gives keeps them where they are (신용정보법 제20조의2 제2항 단서: own wish)."""
    if life.is_live or life.consent_holds or life.relationship_on is None:
        return None
    policy = next(policy for policy in rules.policies.values() if policy.action == Action.SEPARATE)
    return Due(policy.code, policy.clause, life.relationship_on, add_months(life.relationship_on, policy.months))


def due_on(day: date, life: Life, rules: Rules, *, is_apart: bool) -> tuple[Action, Due] | None:
    """What is due on a day: destruction before separation; nothing before its day has come. is_apart: the data are
    kept apart already."""
    destroy = due_to_destroy(life, rules)
    if destroy and destroy.due_on <= day:
        return Action.DESTROY, destroy
    separate = None if is_apart else due_to_separate(life, rules)
    if separate and separate.due_on <= day:
        return Action.SEPARATE, separate
    return None


def written_life(life: Life | None) -> dict[str, object]:
    """The days of a life in plain values, nothing of None."""
    if life is None:
        return {}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(life).items()}


def read_life(written: Mapping[str, object]) -> Life | None:
    """The life of plain values, whatever else stands among them; None where there is none."""
    days = {name: value for name, value in written.items() if name in Life.__slots__}
    if "first_seen_on" not in days:
        return None
    return Life(
        **{name: date.fromisoformat(value) if isinstance(value, str) else value for name, value in days.items()}
    )


def _triggers(life: Life) -> dict[Trigger, date | None]:
    """The days that periods begin with, of a party to contracts or of a prospect, who never was one. What a prospect
    agreed to stays as proof under the number alone, so it keeps nothing else."""
    if life.has_roles:
        return {
            Trigger.RELATIONSHIP_END: life.relationship_on,
            Trigger.CONTRACT_END: life.contract_on,
            Trigger.CONSENT_END: life.consent_on,
        }
    if life.consent_on is not None:
        return {Trigger.PROSPECT_CONSENT_END: life.consent_on}
    return {Trigger.FIRST_SEEN: life.first_seen_on}


def _faults(code: object, said: object) -> Iterable[str]:
    if code not in SHIPPED.policies or not isinstance(said, Mapping):
        yield f"{code}:UNKNOWN"
        return
    months, clause = said.get("months"), said.get("clause", SHIPPED.policies[code].clause)
    if type(months) is not int or not 0 <= months <= LONGEST_MONTHS:
        yield f"{code}:MONTHS"
    if not isinstance(clause, str) or not clause.strip() or len(clause) > LONGEST_CLAUSE:
        yield f"{code}:CLAUSE"
    if said.get("grade", Grade.READ) not in set(Grade):
        yield f"{code}:GRADE"


def _changed(policy: Policy, said: Mapping[str, object]) -> Policy:
    return policy._replace(
        months=said["months"],
        clause=str(said.get("clause", policy.clause)).strip(),
        grade=Grade(said.get("grade", policy.grade)),
    )
