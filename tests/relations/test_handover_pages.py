"""Pages of handovers: for whoever plans, for receivers, for those who leave; who sees what, and what it costs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from customers.models import Customer
from relations import keeper_cards, tasks
from relations.models import Handover, HandoverItem
from relations.services import handovers, handovers_answers, handovers_carry
from tests.accounts.builders import make_staff
from tests.relations.keeping import browser_of, make_company, make_kept, make_planner, plan, plan_again, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def address(name: str, *keys: object) -> str:
    return reverse(f"relations:{name}", args=keys)


@pytest.fixture
def company(master: None) -> dict[str, object]:
    """A branch with a manager and two planners, and two customers of the first of them."""
    return make_company(2)


def planned(company: dict[str, object], *, is_offered: bool = True, days: int = 5) -> Handover:
    now = timezone.now()
    day = timezone.localdate() + timedelta(days=days)
    handover = plan((company["F1"], "LEAVES"), by=company["manager"], takes_effect_on=day, at=now)
    return handovers.offer_handover(handover=handover, at=now) if is_offered else handover


def sent(**fields: object) -> dict[str, object]:
    return {"title": "12월 인사", "takes_effect_on": f"{timezone.localdate() + timedelta(days=5)}"} | fields


def test_strangers_see_and_do_nothing(company):
    handover = planned(company)
    item = handover.items.first()
    planner, outsider = browser_of(company["F2"]), browser_of(make_staff("BRANCH_MANAGER", branch=company["far"]))
    steward, auditor = browser_of(make_staff("DATA_STEWARD")), browser_of(make_staff("AUDITOR"))

    assert planner.get(address("handover-detail", handover.pk)).status_code == 404
    assert outsider.get(address("handover-detail", handover.pk)).status_code == 404
    assert outsider.get(address("handover-item-list", handover.pk)).status_code == 404
    assert auditor.get(address("handover-list")).status_code == 403
    assert planner.get(address("handover-plan")).status_code == 403
    for name in ("offer", "again", "carry-out", "cancel", "accept-for"):
        assert planner.post(address(f"handover-{name}", handover.pk)).status_code == 403
        assert steward.post(address(f"handover-{name}", handover.pk)).status_code == 403
        assert outsider.post(address(f"handover-{name}", handover.pk)).status_code == 404
    assert steward.get(address("handover-detail", handover.pk)).status_code == 200
    assert browser_of(company["F1"]).post(address("handover-answer", handover.pk)).status_code == 404
    assert planner.get(address("handover-item-prepare", item.pk)).status_code == 404
    assert planner.get(address("handover-letter", item.pk)).status_code == 404
    assert outsider.post(address("handover-letter-sent", item.pk)).status_code == 404


def test_a_file_is_planned_and_its_bad_rows_are_told(company):
    rows = "사번,구분,발령지점,발령일\nF1,퇴사,,\nX9,퇴사,,\nF2,승진,,\nF1,퇴사,,\n"
    upload = SimpleUploadedFile("transfers.csv", rows.encode("cp949"))
    manager = browser_of(company["manager"])

    answer = manager.post(address("handover-plan"), sent(upload=upload))

    handover = Handover.objects.get()
    assert answer.url == address("handover-detail", handover.pk)
    tasks.plan_handover(handover_id=handover.pk)
    assert (handover.file_name, handover.items.count(), handover.branch) == ("transfers.csv", 2, company["one"])
    page = manager.get(answer.url)
    assert [row[:2] for row in page.context["board"].refused_rows] == [(3, "X9"), (4, "F2"), (5, "F1")]
    assert "Nobody has this employee number." in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lines": ""}, "Choose a file, or type who goes; not both."),
        ({"lines": "F8, 퇴사"}, "The person does not work in your branch or below it."),
        ({"lines": "F1, 퇴사", "takes_effect_on": "2020-01-01"}, "This day is over."),
        ({"upload": SimpleUploadedFile("a.csv", b"name,day\nx,y\n")}, "The file lacks columns: 사번, 구분."),
        ({"upload": SimpleUploadedFile("a.pdf", b"%PDF")}, "A file of this kind cannot be read."),
        ({"upload": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "cannot be opened as an Excel workbook"),
    ],
)
def test_what_cannot_be_planned_is_told(company, fields, said):
    make_planner("F8", company["far"])
    answer = browser_of(company["manager"]).post(address("handover-plan"), sent(**fields))

    assert (answer.status_code, said in answer.content.decode()) == (200, True)
    assert Handover.objects.count() == 0


def test_the_manager_offers_and_the_receiver_accepts_and_returns_without_knowing_whom(company):
    handover = planned(company, is_offered=False)
    manager, receiver = browser_of(company["manager"]), browser_of(company["F2"])
    assert b"Nothing is offered to you" in receiver.get(address("handover-offered")).content
    manager.post(address("handover-offer", handover.pk))
    item, other = handover.items.order_by("pk")
    HandoverItem.objects.filter(pk=item.pk).update(note="오후 통화 선호")

    page = receiver.get(address("handover-offered")).content.decode()

    assert "오후 통화 선호" in page
    assert "A customer who is not yours yet" in page
    for customer in company["kept"]:
        assert customer.name not in page
        assert customer.number not in page
    with translation.override("en"):
        assert keeper_cards.handovers(company["F2"]).text == "Offered to you: 2"
    answer = address("handover-answer", handover.pk)
    assert receiver.post(answer, {"answer": "return", "item": item.pk, "reason": "아니"}).status_code == 200
    receiver.post(answer, {"answer": "return", "item": item.pk, "reason": "담당 고객이 많음"})
    receiver.post(answer, {"answer": "accept", "all": "1"})
    assert [each.state for each in handover.items.order_by("pk")] == ["RETURNED", "ACCEPTED"]
    board = manager.get(address("handover-detail", handover.pk)).context["board"]
    assert (board.answered, board.total, board.percent, board.days_left) == (2, 2, 50, 5)
    listed = manager.get(address("handover-item-list", handover.pk) + "?state=RETURNED")
    assert "담당 고객이 많음" in listed.content.decode()
    assert receiver.post(answer, {"answer": "accept", "item": other.pk}).status_code == 404


def test_the_board_tells_who_would_be_left_out_and_the_manager_accepts_for_the_receiver(company):
    handover = planned(company)
    Handover.objects.update(takes_effect_on=timezone.localdate())
    manager = browser_of(company["manager"])
    now = timezone.now()

    handovers_carry.carry_out_handover(handover=handover, by=None, at=now)

    page = manager.get(address("handover-detail", handover.pk))
    assert [row.reason for row in page.context["board"].left_out] == ["The receiver did not answer"] * 2
    assert company["kept"][0].name in page.content.decode()
    with translation.override("en"):
        assert keeper_cards.handovers(company["manager"]).text == "Handovers that were refused: 1"
    accept = address("handover-accept-for", handover.pk)
    manager.post(accept, {"receiver": company["F2"].pk, "reason": ""})
    assert handover.items.filter(state="ACCEPTED").count() == 0
    manager.post(accept, {"receiver": company["F2"].pk, "reason": "휴가 중 대신 수락"})
    assert handover.items.filter(state="ACCEPTED").count() == 2
    assert manager.post(accept, {"receiver": "x", "reason": "휴가 중 대신 수락"}).status_code == 404
    manager.post(address("handover-carry-out", handover.pk))
    assert Handover.objects.get().state == "RUNNING"
    part = manager.get(address("handover-detail", handover.pk), headers={"HX-Request": "true"})
    assert b"every 2s" in part.content
    assert b"<html" not in part.content

    tasks.carry_out_handover(handover_id=handover.pk, by_id=company["manager"].pk)
    tasks.carry_out_handover(handover_id=handover.pk, by_id=None)

    assert Handover.objects.get().state == "DONE"
    assert {customer.keeper_id for customer in Customer.objects.all()} == {"F2"}
    received = browser_of(company["F2"]).get(address("handover-offered")).content.decode()
    assert company["kept"][0].name in received


def test_too_early_and_called_off_are_told(company):
    handover = planned(company)
    manager = browser_of(company["manager"])

    early = manager.post(address("handover-carry-out", handover.pk), follow=True)
    assert b"The day of the handover has not come." in early.content
    manager.post(address("handover-cancel", handover.pk))
    again = manager.post(address("handover-again", handover.pk), follow=True)

    assert b"The handover is not open any more." in again.content
    assert Handover.objects.get().state == "CANCELLED"


def test_the_leaver_prepares_and_tells_the_customer(company):
    handover = planned(company)
    item = handover.items.order_by("pk").first()
    leaver = browser_of(company["F1"])

    with translation.override("en"):
        assert keeper_cards.handovers(company["F1"]).text == "You hand over: 2"
    page = leaver.get(address("handover-leaving")).content.decode()
    assert all(customer.name in page for customer in company["kept"])
    prepare = address("handover-item-prepare", item.pk)
    assert leaver.get(prepare).status_code == 200
    bad = leaver.post(prepare, {"note": "", "proposed": "F1"})
    assert b"or is yourself" in bad.content
    day = timezone.localdate() + timedelta(days=2)
    leaver.post(prepare, {"note": "오후 통화 선호", "proposed": "F2", "joint_visit_on": f"{day}"})
    item.refresh_from_db()
    assert (item.note, item.proposed_staff, item.joint_visit_on) == ("오후 통화 선호", company["F2"], day)
    letter = leaver.get(address("handover-letter", item.pk)).content.decode()
    assert "담당자 변경 안내" in letter
    assert item.customer.name in letter
    leaver.post(address("handover-letter-sent", item.pk))
    item.refresh_from_db()
    assert item.notice_sent_on == timezone.localdate()
    nobody = browser_of(make_planner("F7", company["one"], language="en"))
    assert b"You hand nobody over" in nobody.get(address("handover-leaving")).content


@pytest.mark.parametrize("name", ["handover-list", "handover-detail", "handover-item-list", "handover-leaving"])
def test_pages_cost_the_same_for_few_and_for_many(company, name):
    handover = planned(company)
    viewer = browser_of(company["F1" if name == "handover-leaving" else "manager"])
    keys = [handover.pk] if name in ("handover-detail", "handover-item-list") else []
    before = queries_of(viewer, address(name, *keys))
    make_kept("F1", "B001", 3)
    plan_again(handover, timezone.now())

    assert queries_of(viewer, address(name, *keys)) == before


def test_what_is_offered_costs_the_same_for_one_and_for_three(company):
    handover = planned(company)
    receiver, url = browser_of(company["F2"]), address("handover-offered")
    before = queries_of(receiver, url)
    make_kept("F1", "B001", 3)
    plan_again(handover, timezone.now())
    handovers_answers.accept_items(
        handover=handover, staff=company["F2"], at=timezone.now(), item_ids=[handover.items.first().pk]
    )

    assert queries_of(receiver, url) == before


def test_without_plans_the_list_says_what_to_do(company):
    page = browser_of(company["manager"]).get(address("handover-list")).content.decode()

    assert "No handover is planned" in page
    assert address("handover-plan") in page
