"""Plain builders of what keepers need: branches, planners, customers with contracts, handovers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Branch, Staff
from customers.models import Customer
from relations.models import Handover
from relations.services import handovers, handovers_planning
from relations.services.handovers import PlannedMove
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, contract, feed, party, person

NUMBERS = count(1)
DAY = date(2026, 11, 30)
NAMES = "강남도라마바사아자차카타파하"


def make_places() -> dict[str, Branch]:
    """A head office with two regions: one of two branches, one of one."""
    head = make_branch("H01")
    south, north = make_branch("R01", parent=head, kind="REGION"), make_branch("R02", parent=head, kind="REGION")
    return {
        "head": head,
        "one": make_branch("B001", parent=south),
        "two": make_branch("B002", parent=south),
        "far": make_branch("B003", parent=north),
    }


def make_company(customers: int) -> dict[str, object]:
    """A branch with a manager and two planners who read English, and so many customers of the first of them ("kept"),
    beside the places."""
    found: dict[str, object] = dict(make_places())
    found["manager"] = make_staff("BRANCH_MANAGER", branch=found["one"], employee_number="M1", language="en")
    for number in ("F1", "F2"):
        found[number] = make_planner(number, found["one"], language="en")
    found["kept"] = make_kept("F1", "B001", customers)
    return found


def make_planner(number: str, branch: Branch, **fields: object) -> Staff:
    """Somebody who keeps customers."""
    return make_staff("FP", employee_number=number, branch=branch, name="박담당", job="FP", **fields)


def make_kept(
    planner: str, branch: str, number: int = 1, *, with_contracts: bool = True, **cells: str
) -> list[Customer]:
    """So many customers whom the sources give to this planner, with a contract in force each, the oldest first."""
    keys = [f"K-{next(NUMBERS):04}" for _each in range(number)]
    rows = []
    for key in keys:
        serial = int(key[2:])
        born = f"{1950 + serial % 50}-{serial % 12 + 1:02}-{serial % 27 + 1:02}"
        name = NAMES[serial % 14] + NAMES[serial // 14 % 14] + NAMES[serial * 5 % 14]
        rows.append(person(source_key=key, name=name, birth_date=born, branch_code=branch, fp_code=planner, **cells))
    feed(rows)
    if with_contracts:
        deals = {key: f"P-{key}" for key in keys}
        feed(
            [contract(contract_no=no, branch_code=branch, fp_code=planner) for no in deals.values()], layout="contracts"
        )
        feed([party(contract_no=no, party_source_key=key) for key, no in deals.items()], layout="parties")
    return [Customer.objects.get(links__record__source_key=key) for key in keys]


def draft(*moves: tuple[object, ...], by: Staff, branch: Branch | None = None, **fields: object) -> Handover:
    """A handover of these moves, (staff, kind, to branch), that waits to be planned."""
    given = {"title": "12월 인사", "takes_effect_on": DAY, "at": NOW, "branch": branch or by.branch} | fields
    return handovers.draft_handover(moves=[PlannedMove(*move) for move in moves], by=by, is_queued=False, **given)


def plan(*moves: tuple[object, ...], by: Staff, branch: Branch | None = None, **fields: object) -> Handover:
    """A handover of these moves, planned."""
    return planned(draft(*moves, by=by, branch=branch, **fields), fields.get("at", NOW))


def plan_again(handover: Handover, at: datetime = NOW) -> Handover:
    """The handover with receivers for those who had none."""
    return planned(handovers_planning.request_planning(handover=handover, is_queued=False), at)


def planned(handover: Handover, at: datetime = NOW) -> Handover:
    """What a worker makes of a handover that waits; it must not fail."""
    done = handovers_planning.plan_handover(handover=handover, at=at)
    assert done.planning == ""
    return done


def later(days: int = 8) -> object:
    """An instant so many days after NOW; eight of them lie behind DAY."""
    return NOW + timedelta(days=days)


def browser_of(staff: Staff) -> Client:
    """A browser in which this member of staff is logged in."""
    client = Client()
    client.force_login(staff)
    return client


def queries_of(client: Client, url: str) -> int:
    """How many queries a page takes, once it was shown before."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
