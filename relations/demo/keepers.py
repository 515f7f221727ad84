"""Keepers of the demonstration: assignments as the sources say, terms, managers of top grades, managed customers, a
handover of a branch under way, and nobody without a keeper who is not explained."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from accounts.models import Branch, Staff
from customers.models import Customer
from relations.models import Handover, HandoverItem, Keeper, KeeperTerms, OrphanNote, StaffMove
from relations.reports.orphans import orphans_among
from relations.rules.distribution import region_of
from relations.services import handovers, handovers_answers, handovers_planning, keepers, keepers_rows, orphans
from relations.services.handovers import PlannedMove

TITLE = "12월 정기 인사이동"
LEAD, MANAGER = "lead", "manager"
DAYS_AHEAD = 10
MOST_GOERS = 3
ROOMY = 450  # for the account of the planner, who keeps the most and is offered some more
MANAGED = 5  # customers registered with a plan, of the account of the planner
PURPOSES = ("만기 안내", "보장 점검", "생일 인사", "주소 확인", "연금 개시 상담")
NOTES = ("오후 통화 선호", "보장 분석 진행 중", "자동이체 계좌 변경 예정", "자녀 보험 문의")


def seed(at: datetime) -> dict[str, int]:
    """What the demonstration shows of keepers; none of it where some of it is there already."""
    counts = {"keepers": keepers_rows.adopt_keepers(at=at).begun}
    if Handover.objects.exists() or Keeper.objects.filter(why=Keeper.Why.GRADE).exists():
        return counts | dict.fromkeys(("terms", "managers", "managed", "explained", "given out", "handed over"), 0)
    lead = Staff.objects.filter(employee_number=LEAD, is_active=True).first()
    counts["terms"] = _terms(at)
    if lead is None:
        return counts
    counts["managers"] = _managers(at, lead)
    counts["managed"] = _managed(at)
    counts["explained"], counts["given out"] = _orphans(at, lead)
    counts["handed over"] = _handover(at, lead)
    return counts


def _terms(at: datetime) -> int:
    """Capacities and records of all planners, drawn by their numbers. Only where nobody has any."""
    if KeeperTerms.objects.exists():
        return 0
    rows = []
    for staff in keepers.planners().order_by("employee_number"):
        draw = random.Random(f"terms {staff.employee_number}")  # noqa: S311 - no secret
        rows.append(
            KeeperTerms(
                staff=staff,
                capacity=ROOMY if staff.has_usable_password() else draw.choice((220, 250, 250, 300, 350)),
                persistency_percent=Decimal(draw.randint(680, 960)) / 10 if draw.random() < 0.9 else None,
                complaint_count=draw.choice((0, 0, 0, 0, 1, 1, 2)),
                changed_at=at,
            )
        )
    return len(KeeperTerms.objects.bulk_create(rows, batch_size=5_000))


def _managers(at: datetime, by: Staff) -> int:
    """Half of the customers of top grades get the manager of their branch."""
    bosses = {
        code: staff
        for staff in keepers.who_may_keep(Keeper.Kind.MANAGER).filter(job="지점장").select_related("branch")
        if (code := staff.branch.code if staff.branch else "")
    }
    top = Customer.objects.filter(state=Customer.State.ACTIVE, grade__in=settings.KEEPER_MANAGER_GRADES)
    rows = top.order_by("pk").values_list("pk", "main_branch_id")
    given = [(pk, branch) for place, (pk, branch) in enumerate(rows) if place % 2 == 0 and branch in bosses]
    wanted = [keepers_rows.Row(pk, bosses[branch].pk, Keeper.Kind.MANAGER) for pk, branch in given]
    keepers_rows.replace_rows(wanted, keepers_rows.Basis(Keeper.Why.GRADE, at, by))
    return len(wanted)


def _planner() -> Staff | None:
    """The account of the planner: the one who can log in."""
    staff = Staff.objects.filter(groups__name="FP", is_active=True).order_by("pk")
    return next((one for one in staff if one.has_usable_password()), None)


def _managed(at: datetime) -> int:
    """Some customers of the planner's account, with a plan."""
    planner = _planner()
    if planner is None:
        return 0
    kept = Customer.objects.filter(state=Customer.State.ACTIVE, keeper=planner.employee_number).order_by("pk")
    today = timezone.localdate(at)
    for place, customer in enumerate(kept[:MANAGED]):
        keepers.register_managed_customer(
            customer=customer,
            contact_on=today + timedelta(days=3 * place + 2),
            purpose=PURPOSES[place % len(PURPOSES)],
            by=planner,
            at=at,
        )
    return min(MANAGED, len(kept))


def _orphans(at: datetime, by: Staff) -> tuple[int, int]:
    """Every third of those whom nobody keeps is explained, the others are given out; whoever then finds nobody is
    explained too."""
    today = timezone.localdate(at)
    found = list(orphans_among(Customer.objects.visible_to(by), on=today).order_by("pk").values_list("pk", flat=True))
    digital = found[::3]
    explained = _explained(digital, OrphanNote.Why.DIGITAL, at, by)
    given = 0
    if others := sorted(set(found) - set(digital)):
        given = orphans.assign_orphans(customer_ids=others, by=by, at=at).assigned
    left = orphans_among(Customer.objects.visible_to(by), on=today).filter(is_explained=False)
    explained += _explained(list(left.values_list("pk", flat=True)), OrphanNote.Why.BEING_ASSIGNED, at, by)
    return explained, given


def _explained(customers: Sequence[int], why: str, at: datetime, by: Staff) -> int:
    if not customers:
        return 0
    until = timezone.localdate(at) + timedelta(days=min(60, settings.ORPHAN_NOTE_DAYS))
    return orphans.explain_orphans(customer_ids=customers, why=why, until=until, by=by, at=at)


def _handover(at: datetime, lead: Staff) -> int:
    """A handover of the branch of the manager's account that is offered and partly answered: two leave, one moves."""
    manager = Staff.objects.filter(employee_number=MANAGER, is_active=True).select_related("branch").first()
    by = manager or lead
    branch = by.branch
    goers = _goers(branch) if branch else []
    if not goers:
        return 0
    others = Branch.objects.filter(kind=Branch.Kind.BRANCH, closed_on=None).exclude(pk=branch.pk)
    other = others.order_by("code").first()
    moves = [PlannedMove(staff, StaffMove.Kind.LEAVES) for staff in goers[:2]]
    moves += [PlannedMove(staff, StaffMove.Kind.MOVES, other) for staff in goers[2:3] if other]
    drafted = handovers.draft_handover(
        title=TITLE,
        takes_effect_on=timezone.localdate(at) + timedelta(days=DAYS_AHEAD),
        moves=moves,
        branch=branch,
        by=by,
        at=at,
        is_queued=False,
    )
    handover = handovers_planning.plan_handover(handover=drafted, at=at)
    if handover.counts["given"]:
        handovers.offer_handover(handover=handover, at=at)
        _answer(handover, at)
    return HandoverItem.objects.filter(handover=handover).count()


def _goers(branch: Branch) -> list[Staff]:
    """Some of the branch who cannot log in, so that no account of the demonstration loses its customers, and never more
    than half of them; in a small company some of the region, or of the whole."""
    for place in (branch.path, region_of(branch.path), "/"):
        staff = keepers.planners().filter(branch__path__startswith=place).order_by("-employee_number")
        found = [one for one in staff if not one.has_usable_password()]
        if len(found) > 1:
            return found[: min(MOST_GOERS, len(found) // 2)]
    return []


def _answer(handover: Handover, at: datetime) -> None:
    """Some notes were left; every second receiver accepts all, every fifth returns one, others have not answered."""
    items = HandoverItem.objects.filter(handover=handover, state=HandoverItem.State.OFFERED)
    receivers = list(items.order_by("to_staff").values_list("to_staff", flat=True).distinct())
    planner = _planner()
    for place, item in enumerate(items.select_related("handover", "from_staff").order_by("pk")[:8]):
        note = NOTES[place % len(NOTES)]
        handovers_answers.prepare_item(item=item, staff=item.from_staff, at=at, note=note)
    for place, staff in enumerate(Staff.objects.filter(pk__in=receivers).order_by("pk")):
        if planner is not None and staff.pk == planner.pk:
            continue  # the account that is shown has something to answer
        if place % 5 == 4:
            first = items.filter(to_staff=staff).order_by("pk").first()
            handovers_answers.return_items(
                handover=handover, staff=staff, reason="담당 고객이 이미 많음", at=at, item_ids=[first.pk]
            )
        elif place % 2 == 0:
            handovers_answers.accept_items(handover=handover, staff=staff, at=at)
