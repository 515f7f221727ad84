"""Set-up of the registry of laws. Repeatable: what compliance changed since is left alone."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from consent.law_seeds import LAWS, NOTES, OWNERS, READ_ON, UNREAD_NOTE
from consent.law_seeds_clauses import CLAUSES
from consent.models import Clause, ClauseLink, Law
from consent.numbers import NUMBERS
from consent.rules.laws import next_review


@transaction.atomic
def set_up_laws() -> dict[str, int]:
    """Make the laws, clauses and links that are not there yet; returns how many were made of each."""
    made = {"laws": _laws(), "clauses": 0, "links": 0}
    laws = {law.code: law for law in Law.objects.all()}
    known = set(Clause.objects.values_list("law__code", "article"))
    for code, article, grade, summary, links in CLAUSES:
        if (code, article) in known:
            continue
        _clause(laws[code], article, grade, summary)
        made["clauses"] += 1
        made["links"] += _links(laws[code], article, links)
    return made


def _laws() -> int:
    there = set(Law.objects.values_list("code", flat=True))
    read_on = date.fromisoformat(READ_ON)
    review_by = next_review(read_on, NUMBERS["law_review_months"].default)
    new = [
        Law(
            code=code,
            name=name,
            cited_as=cited_as,
            area=area,
            version=version,
            in_force_on=in_force_on,
            repealed_on=repealed_on,
            reviewed_on=read_on if version else None,
            review_by=review_by if version else read_on,
            note=NOTES.get(code, "" if version else UNREAD_NOTE),
        )
        for code, name, cited_as, area, _successor, version, in_force_on, repealed_on in LAWS
        if code not in there
    ]
    made = {law.code: law for law in Law.objects.bulk_create(new)}
    all_laws = {law.code: law for law in Law.objects.all()}
    for code, _name, _cited_as, _area, successor, *_rest in LAWS:
        if code in made and successor:
            made[code].successor = all_laws[successor]
    Law.objects.bulk_update([law for law in made.values() if law.successor_id], ["successor"])
    return len(new)


def _clause(law: Law, article: str, grade: str, summary: str) -> None:
    Clause.objects.create(
        law=law,
        article=article,
        summary=summary,
        grade=grade,
        starts_on=law.in_force_on or READ_ON,
        recorded_at=timezone.now(),
    )


def _links(law: Law, article: str, links: str) -> int:
    rows = []
    for link in links.split():
        kind, _colon, key = link.partition(":")
        rows.append(ClauseLink(law=law, article=article, kind=kind, key=key, owner_role=OWNERS[kind]))
    return len(ClauseLink.objects.bulk_create(rows))
