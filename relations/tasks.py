"""Celery shells of relations: ids in, one service call."""

from celery import shared_task
from django.db import InterfaceError, OperationalError

# Of work that may be begun again at any time: a dead worker hands it on, an absent database is waited for.
RESUMABLE = {
    "acks_late": True,
    "ignore_result": True,
    "autoretry_for": (OperationalError, InterfaceError),
    "retry_backoff": 2,
    "max_retries": 10,
}


@shared_task(name="relations.follow_owners", acks_late=True, ignore_result=True)
def follow_owners() -> None:
    """Make golden values of organisations follow the owners of their items. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import organisation_owners

    organisation_owners.follow_owners(at=timezone.now())


@shared_task(name="relations.check_roster", **RESUMABLE)
def check_roster(*, roster_id: int) -> None:
    """Check a roster. Running it twice changes nothing more."""
    from relations.models import Roster
    from relations.services import rosters_checks

    roster = Roster.objects.select_related("organisation", "contract").get(pk=roster_id)
    try:
        rosters_checks.check_roster(roster=roster)
    except rosters_checks.RosterBusy:
        return


@shared_task(name="relations.apply_roster", **RESUMABLE)
def apply_roster(*, roster_id: int) -> None:
    """Apply a roster. Running it twice changes nothing more."""
    from relations.models import Roster
    from relations.services import rosters_applying, rosters_checks

    roster = Roster.objects.select_related("organisation", "contract").get(pk=roster_id)
    try:
        rosters_applying.apply_roster(roster=roster)
    except rosters_checks.RosterBusy:
        return


@shared_task(name="relations.infer_relationships", **RESUMABLE)
def infer_relationships(*, household_id: int) -> None:
    """Write down what the members of a household may be to one another. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.models import Household
    from relations.services import relationships

    household = Household.objects.get(pk=household_id)
    relationships.infer_relationships(household=household, at=timezone.now())


@shared_task(name="relations.match_members", acks_late=True, ignore_result=True)
def match_members(*, contract_id: int) -> None:
    """Compare new members of a group contract with the stock. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import groups_matching

    groups_matching.match_members(contract_id=contract_id, at=timezone.now())


@shared_task(name="relations.resume_rosters", ignore_result=True)
def resume_rosters() -> None:
    """Go on with rosters, and with members who were not compared yet, that a dead process left behind."""
    from django.utils import timezone

    from relations.services import groups_matching, rosters_applying

    rosters_applying.resume_rosters()
    groups_matching.resume_matching(at=timezone.now())


@shared_task(name="relations.tidy_rosters", ignore_result=True)
def tidy_rosters() -> None:
    """Remove what is kept of rosters for long enough, and end cover whose contract has ended."""
    from django.utils import timezone

    from relations.services import groups_ends, rosters

    rosters.remove_old_rosters(at=timezone.now())
    groups_ends.end_covers_of_contracts(at=timezone.now())


@shared_task(name="relations.adopt_keepers", acks_late=True, ignore_result=True)
def adopt_keepers() -> None:
    """Let assignments of keepers follow what the sources say. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import keepers_rows

    keepers_rows.adopt_keepers(at=timezone.now())


@shared_task(name="relations.plan_handover", **RESUMABLE)
def plan_handover(*, handover_id: int) -> None:
    """Plan a handover that waits for it. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.models import Handover
    from relations.services import handovers_planning

    try:
        handovers_planning.plan_handover(handover=Handover.objects.get(pk=handover_id), at=timezone.now())
    except handovers_planning.PlanningBusy:
        return


@shared_task(name="relations.resume_handover_plannings", ignore_result=True)
def resume_handover_plannings() -> None:
    """Take up the plannings of handovers that a dead process left behind."""
    from django.utils import timezone

    from relations.services import handovers_planning

    handovers_planning.resume_plannings(at=timezone.now())


@shared_task(name="relations.carry_out_handover", acks_late=True, ignore_result=True)
def carry_out_handover(*, handover_id: int, by_id: int | None) -> None:
    """Carry out a handover that somebody asked for. Running it twice changes nothing more."""
    from django.utils import timezone

    from accounts.models import Staff
    from relations.models import Handover
    from relations.services import handovers, handovers_carry

    by = Staff.objects.filter(pk=by_id).first()
    try:
        handovers_carry.carry_out_handover(handover=Handover.objects.get(pk=handover_id), by=by, at=timezone.now())
    except handovers.NotOpen:
        return  # another worker did it


@shared_task(name="relations.carry_out_due_handovers", acks_late=True, ignore_result=True)
def carry_out_due_handovers() -> None:
    """Carry out the handovers whose day has come. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import handovers_carry

    handovers_carry.carry_out_due(at=timezone.now())


@shared_task(name="relations.search_households", **RESUMABLE)
def search_households(*, run_id: int) -> None:
    """Search the stock for households. Running it twice changes nothing more."""
    from relations.models import HouseholdRun
    from relations.services import household_runs

    try:
        household_runs.do_search(run=HouseholdRun.objects.get(pk=run_id))
    except household_runs.SearchBusy:
        return


@shared_task(name="relations.resume_household_searches", ignore_result=True)
def resume_household_searches() -> None:
    """Take up the searches for households that a dead process left behind."""
    from relations.services import household_runs

    household_runs.resume_searches()


@shared_task(name="relations.expire_prospects", acks_late=True, ignore_result=True)
def expire_prospects() -> None:
    """End the prospects whose consent has run out. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import prospects_lives

    prospects_lives.follow_records()
    while prospects_lives.expire_prospects(at=timezone.now()):
        pass


@shared_task(name="relations.convert_prospects", acks_late=True, ignore_result=True)
def convert_prospects() -> None:
    """Make customers of prospects who have become party to a contract. Running it twice changes nothing more."""
    from django.utils import timezone

    from relations.services import prospects_lives

    while prospects_lives.convert_prospects(at=timezone.now()):
        pass
