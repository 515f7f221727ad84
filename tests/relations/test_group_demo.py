"""The lists of the demonstration: made through the services, once, with one left to be sent by hand."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.models import Contract
from relations.demo.groups import seed
from relations.models import CoverEnd, GroupMember, Roster
from relations.services import rosters, rosters_checks
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_rrn, party, person
from tests.relations.rosters import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def staffed() -> Contract:
    """A group contract with ten employees that the group business knows."""
    group = make_group("G1")
    rows = [
        person(
            source_key=f"E{number}",
            name=f"{'김이박최정강조윤장임'[number]}하나",
            birth_date=f"19{70 + number}-03-02",
            rrn=make_rrn(f"{70 + number}0302", 1),
            employee_no=f"00{100 + number}",
            company_name="(주)한빛상사",
        )
        for number in range(10)
    ]
    feed(rows, "CORP")
    feed(
        [party(contract_no="G1", role="INSURED", party_source_key=row["source_key"]) for row in rows], "CORP", "parties"
    )
    return group


def test_lists_are_applied_once_and_one_is_left_for_the_hand(settings, tmp_path):
    settings.LOCAL_DIR = tmp_path
    make_staff("DATA_STEWARD", employee_number="steward")
    group = staffed()

    counts, again = seed(NOW), seed(NOW)

    assert counts == {
        "rosters": 2,
        "group members": GroupMember.objects.count(),
        "ends of group cover": CoverEnd.objects.count(),
    }
    assert set(again.values()) == {0}
    assert list(Roster.objects.order_by("pk").values_list("state", flat=True)) == ["APPLIED", "APPLIED"]
    assert [roster.counts["REJECT"] for roster in Roster.objects.all()] == [0, 0]
    assert GroupMember.objects.filter(customer__isnull=False).count() == 10
    assert CoverEnd.objects.count() >= 1

    (path,) = (tmp_path / "demo" / "rosters").glob("*.xlsx")
    roster = rosters.receive_roster(
        contract=group,
        organisation=rosters.holder_of(group),
        upload=SimpleUploadedFile(path.name, path.read_bytes()),
        on=(NOW + timedelta(days=0)).date(),
        is_full=True,
        by=None,
        at=NOW,
        is_queued=False,
    )
    rosters_checks.check_roster(roster=roster)
    found = {code for codes in roster.rows.values_list("problems", flat=True) for code in codes}
    assert found == {"TWICE", "BAD_BIRTH_DATE", "BAD_RRN", "NO_EMPLOYEE"}
    assert (roster.counts["JOIN"], roster.counts["LEAVE"] > 0, roster.counts["takes_confirmation"]) == (2, True, False)


def test_without_group_contracts_nothing_is_made():
    assert seed(NOW) == {"rosters": 0, "group members": 0, "ends of group cover": 0}
