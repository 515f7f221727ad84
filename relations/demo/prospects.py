"""Prospects of the demonstration: of several planners, some running out soon, one claimed, one to be reviewed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Q
from django.utils import timezone

from accounts.models import Staff
from customers.demo.names import GIVEN, draw_surnames
from customers.models import Customer
from relations.models import Prospect, ProspectDispute
from relations.services.prospects import Acquisition, register_prospect
from relations.services.prospects_lives import record_contact, release_prospect

PLANNERS, EACH = 4, 6
DAYS_LEFT = (1, 6, 13, 45, 120, 250)
"""How long the consents of one planner's prospects still hold."""
PATHS = ("REFERRAL", "ACQUAINTANCE", "EVENT", "WEB", "CALL", "VISIT")
METHODS = ("PAPER", "PHONE", "WEB", "MESSAGE")
STREETS = (
    "서울특별시 종로구 새문안로",
    "서울특별시 마포구 월드컵로",
    "경기도 수원시 영통구 광교로",
    "부산광역시 해운대구 센텀로",
)
CLAIM = "지난 세미나에서 먼저 상담한 분입니다. 방문 기록이 있습니다."
REVIEW = "이름과 휴대폰이 같은 가족으로 보입니다. 다른 분입니다."


def seed(at: datetime) -> dict[str, int]:
    """Register prospects of a few planners, and bring two before the desk; nothing where there are any already."""
    planners = _planners()
    if Prospect.objects.exists() or len(planners) < PLANNERS:
        return {"prospects": 0, "disputes": 0}
    today, people = timezone.localdate(at), _people(PLANNERS * EACH)
    made: list[Prospect] = []
    for planner in planners:
        for place in range(EACH):
            cells = next(people)
            given = _acquisition(random.Random(cells["mobile"]), today, DAYS_LEFT[place])  # noqa: S311 - no secret
            done = register_prospect(cells=cells, acquisition=given, by=planner, at=at)
            made += [done.prospect] if done.prospect else []
    _live_on(made, today, at)
    _dispute(made, planners, today, at)
    return {"prospects": Prospect.objects.count(), "disputes": ProspectDispute.objects.count()}


def _planners() -> list[Staff]:
    """Planners, the demonstration's own account first, of different branches as far as there are so many."""
    keepers = Customer.objects.filter(keeper__isnull=False).values("keeper")
    working = Staff.objects.filter(is_active=True, branch__isnull=False).order_by("employee_number")
    found = working.filter(Q(groups__name="FP") | Q(employee_number__in=keepers)).distinct()
    ranked = sorted(found.select_related("branch"), key=lambda staff: not staff.has_usable_password())
    by_branch = {staff.branch_id: staff for staff in reversed(ranked)}
    chosen = [staff for staff in ranked if by_branch[staff.branch_id].pk == staff.pk]
    return (chosen + [staff for staff in ranked if staff not in chosen])[:PLANNERS]


def _people(count: int) -> Iterator[dict[str, str]]:
    """Persons who are nobody's customers, the same each time."""
    rng, draw = np.random.default_rng(6), random.Random(6)  # noqa: S311 - no secret
    surnames = draw_surnames(rng, 2 * count)
    for place, surname in enumerate(surnames.tolist()):
        is_woman = place % 2
        name = f"{surname}{rng.choice(GIVEN[is_woman][5].names)}"
        born = date(1971, 1, 1) + timedelta(days=draw.randrange(9_000))
        yield {
            "name": name,
            "birth_date": born.isoformat(),
            "sex": "FM"[not is_woman],
            "mobile": f"010-{draw.randrange(2100, 9900)}-{draw.randrange(1000, 9999)}",
            "email": f"prospect{place + 1:02}@naver.com" if place % 3 else "",
            "address": f"{STREETS[place % len(STREETS)]} {draw.randrange(1, 180)}" if place % 4 == 0 else "",
        }


def _acquisition(draw: random.Random, today: date, days_left: int) -> Acquisition:
    ends = today + timedelta(days=days_left)
    consented = min(today, ends - timedelta(days=draw.randrange(90, 360)))
    return Acquisition(
        path=draw.choice(PATHS),
        acquired_on=consented,
        consented_on=consented,
        method=draw.choice(METHODS),
        evidence=f"동의서 {draw.randrange(1000, 9999)}호",
        items=("name", "birth_date", "sex", "mobile", "email", "address"),
        expires_on=ends,
    )


def _live_on(made: Sequence[Prospect], today: date, at: datetime) -> None:
    """Contacts of a third, and one that was given up."""
    for prospect in made[::3]:
        record_contact(prospect=prospect, on=today, by=prospect.fp, at=at)
    release_prospect(prospect=made[4], by=made[4].fp, at=at)


def _dispute(made: Sequence[Prospect], planners: Sequence[Staff], today: date, at: datetime) -> None:
    """The last planner claims a prospect of the first, and asks for the review of somebody similar."""
    by, first, second = planners[-1], made[0], made[1]
    cells = {"sex": "", "email": "", "address": ""}
    typed = {"name": first.name, "birth_date": str(first.birth_date), "mobile": first.mobile}
    given = _acquisition(random.Random(1), today, 200)  # noqa: S311 - no secret
    register_prospect(cells=cells | typed, acquisition=given, by=by, at=at, statement=CLAIM)
    other = {"name": second.name, "birth_date": "1998-05-21", "mobile": second.mobile}
    register_prospect(cells=cells | other, acquisition=given, by=by, at=at, statement=REVIEW)
