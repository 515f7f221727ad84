"""Relationships of planted customers, near ones with far ones, so that each is a silhouette to somebody."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from tests.planting import Population
from tests.relations.relating import make_relationship

# What is `own`'s has it first: a row is that of both, and a walk that asks for those of others looks at the first.
PAIRS = (("own", "far", "REFERRER"), ("own", "vip", "PAYER"), ("far", "vip", "CONTACT"), ("vip", "far", "GUARDIAN"))


def plant(planted: Population) -> None:
    """A relationship of each pair, one that ended, one that a system sent, and one that was inferred."""
    notable, fp = planted.notable, planted.viewers["FP"]
    for one, other, kind in PAIRS:
        make_relationship(notable[one], notable[other], kind=kind, recorded_by=fp)
    make_relationship(notable["own"], notable["near"], kind="PARENT", basis="INFERRED")
    client = planted.viewers["SERVICE_CLIENT"]
    make_relationship(notable["own"], notable["near"], kind="PAYER", basis="SYSTEM", recorded_by=client)
    make_relationship(
        notable["own"],
        notable["far"],
        kind="CONTACT",
        ended_on=date(2026, 1, 1),
        ended_at=timezone.now(),
        ended_because="OTHER",
        ended_by=fp,
    )
