"""What is measured of group contracts, on a small stock; and the rotation of the keys of members."""

from dataclasses import replace

import pytest

from customers.sealing import Sealer, key_id_of
from relations.bench.groups import measure
from relations.models import GroupMember, Roster
from relations.services.groups_keys import rotate_keys_of_members
from relations.services.rosters_applying import rrn_place
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.relations.rosters import applied, employee, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_the_measurement_leaves_nothing_behind():
    steward = make_staff("DATA_STEWARD")
    assert measure(staff=steward) == {}
    feed([person(birth_date=f"19{year}-03-02", mobile=f"010-27{year}-9381") for year in range(60, 70)])
    make_group()

    told = measure(staff=steward, members=20)

    assert (told["members"], told["joined"], told["linked"]) == (20, 20, 10)
    assert (GroupMember.objects.count(), Roster.objects.count()) == (0, 0)


def test_keys_of_members_are_rotated(settings):
    rrn = make_rrn("850302", 2)
    applied(make_group(), [employee(주민등록번호=rrn), employee("2", "박두리")], by=make_staff("DATA_STEWARD"))
    keys = settings.KEYS
    settings.KEYS = replace(keys, active="new", encryption={**keys.encryption, "new": b"n" * 32})

    assert [rotate_keys_of_members().values, rotate_keys_of_members().values] == [1, 0]

    member = GroupMember.objects.exclude(rrn_sealed=None).get()
    assert key_id_of(member.rrn_sealed) == "new"
    assert Sealer(settings.KEYS).open(member.rrn_sealed, rrn_place(member.pk)) == rrn.replace("-", "")
