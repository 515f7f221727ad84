"""Rotating keys: the resident numbers of group members are sealed anew under the active key."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from customers.sealing import CannotOpen, Sealer, key_id_of
from customers.services.sealing import KeyMissing, Rotation, ValueBroken
from relations.models import GroupMember
from relations.services.rosters_applying import rrn_place

BATCH_ROWS = 5_000


def rotate_keys_of_members() -> Rotation:
    """Seal everything under the active key, batch by batch; may be cut off and called again at any time.

    The cells of lists that nobody applied yet are not touched: they are removed within days. Raises KeyMissing,
    ValueBroken.
    """
    sealer, after, rows = Sealer(settings.KEYS), 0, 0
    while True:
        batch = _batch(sealer, after)
        if not batch:
            return Rotation(sealer.active, rows, rows)
        after, rows = batch[-1], rows + len(batch)


@transaction.atomic
def _batch(sealer: Sealer, after: int) -> list[int]:
    """The ids of the next members that hold a value under another key, sealed anew."""
    head = bytes([len(sealer.active.encode())]) + sealer.active.encode()
    sealed = GroupMember.objects.select_for_update().filter(pk__gt=after, rrn_sealed__isnull=False).order_by("pk")
    found = sealed.extra(where=["substring(rrn_sealed FOR %s) <> %s"], params=[len(head), head])
    members = list(found[:BATCH_ROWS])
    for member in members:
        member.rrn_sealed = _sealed_anew(member, sealer)
    GroupMember.objects.bulk_update(members, ["rrn_sealed"])
    return [member.pk for member in members]


def _sealed_anew(member: GroupMember, sealer: Sealer) -> bytes:
    if not sealer.knows(key_id_of(member.rrn_sealed)):
        raise KeyMissing(key_id_of(member.rrn_sealed))
    place = rrn_place(member.pk)
    try:
        return sealer.seal(sealer.open(member.rrn_sealed, place), place)
    except CannotOpen:
        raise ValueBroken(GroupMember._meta.db_table, member.pk) from None
