"""Set-up of what consent begins with. Repeatable: what compliance changed since is left alone."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from consent import seeds
from consent.models import Purpose, Recipient, Text
from consent.rules.texts import fingerprint


@transaction.atomic
def set_up_consent() -> dict[str, int]:
    """Make the purposes, recipients and first texts that are not there yet; returns how many were made of each."""
    return {"purposes": _purposes(), "recipients": _recipients(), "texts": _texts()}


def _purposes() -> int:
    made = 0
    for code, name, english, kind, basis, clause, required, gate, items, channels, kept, again in seeds.PURPOSES:
        _purpose, created = Purpose.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "english_name": english,
                "kind": kind,
                "basis": basis,
                "clause": clause,
                "is_required": required,
                "opens_gate": gate,
                "items": list(items),
                "channels": list(channels),
                "retention_months": kept,
                "reconfirm_months": again,
            },
        )
        made += created
    return made


def _recipients() -> int:
    made = 0
    for code, name, kind, country, task, answers in seeds.RECIPIENTS:
        defaults = {"name": name, "kind": kind, "country": country, "task": task, "answers": answers}
        _recipient, created = Recipient.objects.get_or_create(code=code, defaults=defaults)
        made += created
    return made


def _texts() -> int:
    """A first published version for every purpose that has none."""
    made, now = 0, timezone.now()
    for purpose in Purpose.objects.filter(texts=None).order_by("pk"):
        words = {
            "title": purpose.name,
            "body": seeds.BODY_WORDS.format(name=purpose.name, basis=seeds.BASIS_WORDS[purpose.basis]),
            "retention": seeds.RETENTION_WORDS,
            "refusal": seeds.REFUSAL_WORDS[purpose.is_required],
        }
        digest = fingerprint(**words, items=purpose.items)
        Text.objects.create(
            purpose=purpose, number=1, items=purpose.items, digest=digest, state=Text.State.PUBLISHED,
            drafted_at=now, published_at=now, **words,
        )  # fmt: skip
        made += 1
    return made
