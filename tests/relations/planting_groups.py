"""Group contracts in the population of the walks: one of a near and one of a far organisation, with members of whom
some are planted customers, a protected one among them, and lists in several states.

Nouns of addresses: `group` → customers.Contract, `roster` → Roster, `cover-end` → CoverEnd, `wall-hit` → WallHit.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from customers.models import Contract
from relations.models import CoverEnd, GroupMember
from relations.services import groups_ends, rosters, rosters_checks
from relations.services.groups_walls import note_refusal
from tests.customers.builders import NOW, company, contract, feed, make_brn, make_rrn, party
from tests.planting import Planted, Population
from tests.relations.rosters import applied, as_upload, employee

ON = date(2026, 11, 1)
LINKED = {"near": ("NEAR", "own"), "far": ("FAR", "vip")}
"""Per organisation the planted customers who are employees of it: a source key, and a word of `notable`."""


def plant(planted: Population) -> None:
    """Two group contracts, their members, an end of cover, lists that wait, are checked and failed, a refusal."""
    own, other = planted.viewers["FP"].employee_number, planted.others["keeper"].employee_number
    for place, (word, keeper) in enumerate((("near", own), ("far", other))):
        key, branch = f"GRP{word.upper()}", planted.branches[word].code
        held = {"branch_code": branch, "fp_code": keeper}
        name = f"(주)뷔{'단체'[place]}상회"
        feed(
            [company(source_key=key, name=name, company_no=make_brn(8200 + place), as_of="2026-11-01", **held)], "CORP"
        )
        feed([contract(contract_no=f"GP-{key}", product_group="GROUP", **held)], "CORP", "contracts")
        feed([party(contract_no=f"GP-{key}", party_source_key=key)], "CORP", "parties")
        planted.notable[key.lower()] = planted.customer(key)
        _insure(planted, place, word, key)
    campaign = planted.viewers["CAMPAIGN_MANAGER"]
    clause = settings.PURPOSE_WALL_CLAUSE
    note_refusal(by=campaign, purpose="CAMPAIGN", asked="group-list", clause=clause, at=timezone.now())


def _insure(planted: Population, place: int, word: str, key: str) -> None:
    """Members whose values stand nowhere else, applied; and lists that are not."""
    steward, group = planted.others["steward"], Contract.objects.get(contract_no=f"GP-{key}")
    rows = [_row(planted, place, number, key) for number in range(4)]
    applied(group, rows, by=steward, on=ON - timedelta(days=30))
    applied(group, [*rows[:3], rows[3] | {"퇴사일": "2026-10-20"}], by=steward, on=ON)
    members = list(GroupMember.objects.filter(contract=group, relation="SELF").order_by("pk"))
    for member, known in zip(members, LINKED[word], strict=False):
        member.customer = planted.notable.get(known) or planted.customer(known)
        member.save(update_fields=["customer"])
    members[0].cover_until = ON
    members[0].save(update_fields=["cover_until"])
    groups_ends.note_cover_ends(members=members[:1], because={members[0].pk: "LEFT"}, at=NOW)
    CoverEnd.objects.filter(member=members[0]).update(fp=planted.viewers["FP"], why_not="")
    for cells in ({"생년월일": "1990-02-30"}, {}):
        upload = as_upload([_row(planted, place, 9, f"{key}BAD") | cells])
        roster = rosters.receive_roster(
            contract=group,
            organisation=rosters.holder_of(group),
            upload=upload,
            on=ON,
            is_full=False,
            by=steward,
            at=timezone.now(),
            is_queued=False,
        )
        if cells:
            rosters_checks.check_roster(roster=roster)


def _row(planted: Population, place: int, number: int, key: str) -> dict[str, str]:
    """A row of a list, whose values are the organisation's to show or not."""
    serial = 10 * place + number
    born = date(1960 + serial, 3, 2)
    values = {
        "rrn": make_rrn(f"{born:%y%m%d}", 1, 69000 + serial),
        "mobile": f"010-78{serial:02}-{serial * 37 % 1000:03}6",
        "email": f"roster{serial:02}petal@planted.example",
    }
    known = {value.text for value in planted.values}
    planted.values += [Planted(item, text, "CORP", key) for item, text in values.items() if text not in known]
    name = f"뷔{'갑둘꽃눈담볕샘숲쑥찬'[number]}{'닻놀'[place]}"
    cells = {"주민등록번호": values["rrn"], "휴대전화": values["mobile"], "이메일": values["email"]}
    return employee(f"7{serial:03}", name, born.isoformat(), **cells)
