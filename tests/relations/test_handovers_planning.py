"""Planning handovers in the background: whole or not at all, once at a time, taken up when it was left behind."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.processes import Children
from relations import tasks
from relations.models import Handover, HandoverItem
from relations.rules.distribution import WEIGHTS
from relations.services import handovers, handovers_answers, handovers_carry, handovers_planning
from tests.at_once import beside
from tests.customers.builders import NOW
from tests.relations.keeping import browser_of, draft, later, make_company, make_kept, plan, planned
from tests.working import wait_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


@pytest.fixture
def company(master: None) -> dict[str, object]:
    """A branch with a manager and two planners, and three customers of the first of them."""
    return make_company(3)


def drafted(company: dict[str, object]) -> Handover:
    return draft((company["F1"], "LEAVES"), by=company["manager"])


def failed(company: dict[str, object]) -> Handover:
    """A handover whose planning failed, by weights of rules that nobody can add up."""
    handover = drafted(company)
    Handover.objects.filter(pk=handover.pk).update(rules=WEIGHTS | {"CAPACITY": "much"})
    return handovers_planning.plan_handover(handover=handover, at=NOW)


def detail(handover: Handover) -> str:
    return reverse("relations:handover-detail", args=[handover.pk])


def test_nothing_happens_to_a_handover_until_its_plan_is_there(company):
    handover = drafted(company)
    item = HandoverItem(handover=handover)
    assert (handover.state, handover.planning, handover.items.count()) == ("DRAFT", "WAITING", 0)

    for verb in (
        lambda: handovers.offer_handover(handover=handover, at=NOW),
        lambda: handovers.cancel_handover(handover=handover, at=NOW),
        lambda: handovers_planning.request_planning(handover=handover),
        lambda: handovers_answers.prepare_item(item=item, staff=company["F1"], at=NOW),
    ):
        with pytest.raises(handovers.BeingPlanned):
            verb()
    with pytest.raises(handovers.InAnotherHandover):
        drafted(company)

    assert planned(handover).counts == {"given": 3, "nobody": 0, "conflicts": 0}
    assert handovers.offer_handover(handover=handover, at=NOW).state == "OFFERED"


def test_receivers_and_the_day_wait_while_receivers_are_chosen_again(company):
    handover = handovers.offer_handover(handover=plan((company["F1"], "LEAVES"), by=company["manager"]), at=NOW)

    handovers_planning.request_planning(handover=handover, is_queued=False)

    with pytest.raises(handovers.BeingPlanned):
        handovers_answers.accept_items(handover=handover, staff=company["F2"], at=NOW)
    with pytest.raises(handovers.BeingPlanned):
        handovers_carry.request_carrying_out(handover=handover, by=company["manager"], at=later())
    planned(handover)
    assert handovers_answers.accept_items(handover=handover, staff=company["F2"], at=NOW) == 3


def test_a_handover_that_was_carried_out_first_is_not_planned(company):
    handover = handovers.offer_handover(handover=plan((company["F1"], "LEAVES"), by=company["manager"]), at=NOW)
    handovers_answers.accept_items(handover=handover, staff=company["F2"], at=NOW)
    handovers_planning.request_planning(handover=handover, is_queued=False)

    assert handovers_carry.carry_out_due(at=later()) == [handover.pk]

    done = planned(handover, later())
    assert (done.state, done.planning, done.done) == ("DONE", "", 3)


def test_a_planning_that_fails_writes_nothing_says_what_to_do_and_can_be_repeated(company):
    handover = failed(company)

    assert (handover.state, handover.planning, handover.items.count(), handover.counts) == ("DRAFT", "FAILED", 0, {})
    manager = browser_of(company["manager"])
    page = manager.get(detail(handover)).content.decode()
    assert "Let it be planned again." in page
    assert "Plan again" in page
    assert "Offer to the receivers" not in page
    assert "Planning failed" in manager.get(reverse("relations:handover-list")).content.decode()
    with pytest.raises(handovers.NobodyToOffer):
        handovers.offer_handover(handover=handover, at=NOW)
    Handover.objects.filter(pk=handover.pk).update(rules=dict(WEIGHTS))
    manager.post(reverse("relations:handover-again", args=[handover.pk]))
    tasks.plan_handover(handover_id=handover.pk)
    tasks.plan_handover(handover_id=handover.pk)

    handover.refresh_from_db()
    assert (handover.planning, handover.counts["given"], handover.items.count()) == ("", 3, 3)


def test_a_planning_that_failed_can_be_called_off(company):
    assert handovers.cancel_handover(handover=failed(company), at=NOW).state == "CANCELLED"
    assert planned(drafted(company)).counts["given"] == 3


def test_a_failed_choice_leaves_the_earlier_plan_as_it_was(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])
    rows = list(HandoverItem.objects.order_by("pk").values())
    make_kept("F1", "B001", 1)
    Handover.objects.update(rules=WEIGHTS | {"CAPACITY": "much"})

    handovers_planning.request_planning(handover=handover, is_queued=False)
    after = handovers_planning.plan_handover(handover=handover, at=NOW)

    assert (after.planning, after.counts) == ("FAILED", handover.counts)
    assert list(HandoverItem.objects.order_by("pk").values()) == rows
    page = browser_of(company["manager"]).get(detail(handover)).content.decode()
    assert "Let it be planned again." in page
    assert "Offer to the receivers" in page


def test_what_a_dead_process_left_behind_is_taken_up(company):
    handover = drafted(company)
    Handover.objects.filter(pk=handover.pk).update(planning="RUNNING")

    tasks.resume_handover_plannings()

    handover.refresh_from_db()
    assert (handover.planning, handover.counts["given"]) == ("", 3)
    assert handovers_planning.resume_plannings(at=NOW) == []


def test_the_page_asks_for_itself_until_the_plan_is_there(company):
    manager = browser_of(company["manager"])
    url = reverse("relations:handover-plan")
    answer = manager.post(url, {"title": "인사", "takes_effect_on": f"{timezone.localdate()}", "lines": "F1, 퇴사"})
    handover = Handover.objects.get()

    page = manager.get(answer.url).content.decode()
    assert "every 2s" in page
    assert "Waits until a worker is free." in page
    assert "Who goes, and what they hold" not in page
    assert "Offer to the receivers" not in page
    again = manager.post(reverse("relations:handover-again", args=[handover.pk]), follow=True)
    assert "being planned at this moment" in again.content.decode()
    tasks.plan_handover(handover_id=handover.pk)

    part = manager.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part
    assert "Offer to the receivers" in part
    assert "Who goes, and what they hold" in part


@pytest.mark.django_db(transaction=True)
def test_a_worker_plans_what_was_asked_for_on_the_page(company, worker: Children):
    manager = browser_of(company["manager"])
    url = reverse("relations:handover-plan")

    manager.post(url, {"title": "인사", "takes_effect_on": f"{timezone.localdate()}", "lines": "F1, 퇴사"})

    wait_until(lambda: Handover.objects.get().planning == "")
    assert Handover.objects.get().counts == {"given": 3, "nobody": 0, "conflicts": 0}


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_plan_a_handover_once(company):
    handover = drafted(company)
    outcomes: list[str] = []

    def work() -> None:
        try:
            outcomes.append(handovers_planning.plan_handover(handover=handover, at=NOW).planning)
        except handovers_planning.PlanningBusy:
            outcomes.append("BUSY")
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) in (["", ""], ["", "BUSY"])
    assert (Handover.objects.get().counts["given"], HandoverItem.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_again_at_once_one_is_told_that_it_is_on_the_way(company):
    handover = plan((company["F1"], "LEAVES"), by=company["manager"])

    def ask() -> None:
        handovers_planning.request_planning(handover=handover, is_queued=False)

    with beside(ask), pytest.raises(handovers.BeingPlanned):
        ask()

    assert Handover.objects.get().planning == "WAITING"
