"""What a customer must prove before the company may use the data: a verified real name and a consent (A58).

The sources say of both; registers of the apps above, listed in settings.CUSTOMER_GATES, outrank them wherever they say
anything of a customer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from customers.golden.projection import GATES
from customers.models import Customer


class Proof(StrEnum):
    """What has to be proven."""

    NAME = "NAME"
    CONSENT = "CONSENT"


class Said(NamedTuple):
    """What a register says of one proof of one customer. because: a code, 30 characters at most; words: what is
    missing, as part of a sentence; empty where nothing is."""

    is_held: bool
    because: str
    words: str | Promise = ""


class GateMove(NamedTuple):
    """A customer came in scope or left it. before, after: of `Customer.Gate`; because: the code of whoever said so."""

    customer_id: int
    before: str
    after: str
    because: str


Told = Mapping[int, Mapping[Proof, Said]]
Gate = Callable[[Sequence[int], date], Told]
LACKING: Mapping[Proof, Promise] = {
    Proof.NAME: _("the real name was not verified"),
    Proof.CONSENT: _("no consent to marketing"),
}
PROOFS = {state: proofs for proofs, state in GATES.items()}
"""{state of the gate: (is the name verified, is a consent held)}."""


def told_by_registers(customer_ids: Sequence[int], day: date) -> dict[int, dict[Proof, Said]]:
    """What the registers say on a day: {customer id: {proof: said}}, without the customers that none of them knows.

    Of two registers that speak of one proof the later in settings.CUSTOMER_GATES counts. A query per register.
    """
    told: dict[int, dict[Proof, Said]] = {}
    if not customer_ids:
        return told
    for path in settings.CUSTOMER_GATES:
        gate: Gate = import_string(path)
        for customer_id, said in gate(customer_ids, day).items():
            told[customer_id] = {**told.get(customer_id, {}), **said}
    return told


def state_of(is_verified: bool, has_consent: bool, said: Mapping[Proof, Said]) -> str:
    """The state of the gate. is_verified, has_consent: what the sources say."""
    name, consent = said.get(Proof.NAME), said.get(Proof.CONSENT)
    return GATES[is_verified if name is None else name.is_held, has_consent if consent is None else consent.is_held]


def why(before: str, after: str, said: Mapping[Proof, Said], otherwise: str) -> str:
    """The code of what moved a customer from one state to another: of the first proof that came or went.

    otherwise: the code where no register speaks of that proof.
    """
    for proof, held, holds in zip(Proof, PROOFS[before], PROOFS[after], strict=True):
        if held != holds:
            return said[proof].because if proof in said else otherwise
    return otherwise


def missing_proofs(customers: Iterable[Customer]) -> dict[int, list[str | Promise]]:
    """{customer id: what is missing today, in words}, the name first; only those who lack some."""
    asked = list(customers)
    told = told_by_registers([customer.pk for customer in asked], timezone.localdate())
    missing: dict[int, list[str | Promise]] = {}
    for customer in asked:
        days = (customer.real_name_verified_on, customer.marketing_consent_on)
        for proof, day in zip(Proof, days, strict=True):
            said = told.get(customer.pk, {}).get(proof)
            if said is None and day is None:
                missing.setdefault(customer.pk, []).append(LACKING[proof])
            elif said is not None and not said.is_held:
                missing.setdefault(customer.pk, []).append(said.words or LACKING[proof])
    return missing
