"""Rotating keys: answer packs are sealed anew under the active key."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from consent.models import AnswerPack
from consent.services.packs import place_of_pack
from customers.sealing import CannotOpen, Sealer, key_id_of
from customers.services.sealing import KeyMissing, Rotation, ValueBroken

BATCH_ROWS = 100


def rotate_keys_of_packs() -> Rotation:
    """Seal every pack under the active key; may be cut off and called again at any time.

    Raises KeyMissing, ValueBroken.
    """
    sealer, after, rows = Sealer(settings.KEYS), 0, 0
    while batch := _batch(sealer, after):
        after, rows = batch[-1], rows + len(batch)
    return Rotation(sealer.active, rows, rows)


@transaction.atomic
def _batch(sealer: Sealer, after: int) -> list[int]:
    """The ids of the next packs, sealed anew."""
    held = AnswerPack.objects.select_for_update(of=("self",)).filter(pk__gt=after, sealed__isnull=False)
    packs = list(held.select_related("request").order_by("pk")[:BATCH_ROWS])
    for pack in packs:
        if key_id_of(pack.sealed) != sealer.active:
            pack.sealed = _sealed_anew(pack, sealer)
            pack.save(update_fields=["sealed"])
    return [pack.pk for pack in packs]


def _sealed_anew(pack: AnswerPack, sealer: Sealer) -> bytes:
    if not sealer.knows(key_id_of(pack.sealed)):
        raise KeyMissing(key_id_of(pack.sealed))
    place = place_of_pack(pack.request.number)
    try:
        return sealer.seal(sealer.open(bytes(pack.sealed), place), place)
    except CannotOpen:
        raise ValueBroken(AnswerPack._meta.db_table, pack.pk) from None
