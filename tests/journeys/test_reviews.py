"""The monthly review from the sample to the signed report, and a case from unusual access to its finding: in a real
browser."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import AccessCase, AccessReview, ReviewItem, Staff
from accounts.reviews.workdays import month_before
from accounts.services import cases
from customers.models import Customer
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.accounts.trails import saw_them
from tests.customers.builders import make_customer
from tests.journeys.test_feeds import login, settled
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page


def day_of(month: object, day: int, clock: str) -> str:
    return f"{month:%Y-%m}-{day:02} {clock}"


@pytest.fixture
def planner(transactional_db: None) -> Staff:
    """A planner who took a file at night, opened a value on a Saturday and did usual work in the month before."""
    MASTER.put()
    head = make_branch("H900", kind="HEAD_OFFICE")
    branch = make_branch("B900", parent=head)
    for number, role, name in (
        ("compliance", "COMPLIANCE_OFFICER", "한지우"),
        ("privacy", "PRIVACY_OFFICER", "서유진"),
    ):
        make_staff(role, employee_number=number, name=name, password=PASSWORD, branch=head)
    fp = make_staff("FP", employee_number="fp", name="김보람", password=PASSWORD, branch=branch, job="FP")
    customers = [make_customer(name="박서준").pk for _number in range(8)]
    month = month_before(timezone.localdate())
    more = {"address": "10.20.30.40"}
    saw_them(
        fp,
        day_of(month, 6, "22:10"),
        customers,
        "EXPORT",
        reason="월말 실적 정리",
        page="customers:customer-list",
        **more,
    )
    saw_them(
        fp, day_of(month, 7, "10:00"), customers[:1], "REVEAL", reason="통화 요청", page="customers:reveal", **more
    )
    saw_them(fp, day_of(month, 7, "11:00"), customers[1:2], **more)
    return fp


def leave(page: "Page") -> None:
    page.context.clear_cookies()


def test_a_review_goes_from_the_sample_to_the_signed_report(page: "Page", axe, live_server, planner):
    login(page, live_server.url, "compliance")
    page.click("a[href='/accounts/reviews/'] >> nth=0")
    settled(page, axe)
    page.click("form[action$='/reviews/draw/'] button")
    page.wait_for_selector("#items")
    settled(page, axe)
    review = AccessReview.objects.get()
    assert page.locator("#items tbody tr").count() == review.items.count() == 3

    page.click(".feed-top a.btn-primary")
    page.wait_for_selector("form[action$='/ask/']")
    settled(page, axe)
    page.fill("form[action$='/ask/'] textarea", "밤 10시에 파일을 받은 업무를 설명해 주십시오.")
    page.click("form[action$='/ask/'] button")
    page.wait_for_selector(".alert-success")
    page.fill("form[action$='/escalate/'] textarea", "업무 신고 없이 열람")
    page.click("form[action$='/escalate/'] button")
    page.wait_for_selector(".alert-success")
    page.click("form[action$='/accept/'] button")
    page.wait_for_selector("#items")
    settled(page, axe)
    assert sorted(ReviewItem.objects.values_list("state", flat=True)) == ["ACCEPTED", "ASKED", "ESCALATED"]

    leave(page)
    login(page, live_server.url, "fp")
    page.click("main a[href='/accounts/questions/'] >> nth=0")
    page.wait_for_selector("form[action$='/answer/']")
    settled(page, axe)
    page.fill("textarea[name=answer]", "월말 실적을 정리했습니다. 지점장이 알고 있습니다.")
    page.click("form[action$='/answer/'] button")
    page.wait_for_selector(".alert-success")
    settled(page, axe)

    leave(page)
    login(page, live_server.url, "privacy")
    page.goto(f"{live_server.url}/accounts/reviews/{review.pk}/?state=ANSWERED")
    page.click("#items tbody a >> nth=0")
    page.wait_for_selector("form[action$='/accept/']")
    settled(page, axe)
    page.fill("form[action$='/accept/'] textarea", "지점장 확인함")
    page.click("form[action$='/accept/'] button")
    page.wait_for_selector("form[action$='/sign/']")
    settled(page, axe)
    page.fill("textarea[name=remark]", "특이사항 1건은 사례로 넘김")
    page.click("form[action$='/sign/'] button")
    page.wait_for_selector(".review-report")
    settled(page, axe)
    page.reload()

    review.refresh_from_db()
    assert (review.state, review.signed_by.employee_number) == ("SIGNED", "privacy")
    assert page.locator("main .alert-danger").count() == 0
    assert "업무 신고 없이 열람" in page.text_content(".review-report")


def test_unusual_access_becomes_a_case_and_is_closed_with_a_finding(page: "Page", axe, live_server, planner):
    yesterday = timezone.localdate() - timedelta(days=1)
    seen = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    for minute in range(100):
        saw_them(
            planner,
            f"{yesterday} {10 + minute // 60}:{minute % 60:02}",
            seen[minute % 8 :][:1],
            "SEARCH",
            page="customers:search",
        )
    cases.detect_unusual(day=yesterday, at=timezone.now())

    login(page, live_server.url, "compliance")
    page.click("a[href='/accounts/cases/'] >> nth=0")
    page.wait_for_selector("#cases")
    settled(page, axe)
    assert "김보람" not in page.text_content("main")
    page.click("#cases tbody tr:has-text('100') a")
    page.wait_for_selector("#entries")
    settled(page, axe)
    assert "김보람" in page.text_content("main")
    page.click("form[action$='/take/'] button")
    page.wait_for_selector("form[action$='/close/']")
    settled(page, axe)
    page.select_option("select[name=finding]", "TRAINING")
    page.fill("textarea[name=comment]", "필요한 고객만 찾도록 지점장과 함께 알렸습니다.")
    page.click("form[action$='/close/'] button")
    page.wait_for_selector(".alert-success")
    settled(page, axe)

    case = AccessCase.objects.get(kind="BREADTH")
    assert (case.state, case.finding, case.closed_by.employee_number) == ("CLOSED", "TRAINING", "compliance")
