from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import tasks
from accounts.models import AccessCase, AccessEntry, Notice, Staff
from accounts.services import cases
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.trails import at, saw_them

pytestmark = pytest.mark.django_db
DAY = date(2031, 7, 9)  # a Wednesday
NEXT = at("2031-07-10 05:30")


@pytest.fixture
def suspect() -> Staff:
    return make_staff("FP", branch=make_branch(), name="김보람")


@pytest.fixture
def compliance() -> Staff:
    return make_staff("COMPLIANCE_OFFICER", name="한지우")


def make_case(staff: Staff, **fields: object) -> AccessCase:
    defaults = {
        "kind": "BREADTH",
        "day": DAY,
        "facts": {"searches": 80, "opened": 1},
        "customers": [1],
        "found_at": NEXT,
    }
    return AccessCase.objects.create(staff=staff, **defaults | fields)


def closed(staff: Staff, by: Staff, **fields: object) -> AccessCase:
    ended = {"state": "CLOSED", "finding": "MISUSE", "comment": "확인", "closed_by": by, "closed_at": NEXT}
    return make_case(staff, **ended | fields)


def test_detect_unusual_opens_each_case_once_and_tells_without_a_name(suspect, compliance):
    for minute in range(100):
        saw_them(suspect, f"2031-07-09 {10 + minute // 60}:{minute % 60:02}", [minute], "SEARCH")

    new = [cases.detect_unusual(day=DAY, at=NEXT) for _time in range(2)]

    assert new == [1, 0]
    [case] = AccessCase.objects.all()
    assert (case.kind, case.staff, case.day, case.facts) == ("BREADTH", suspect, DAY, {"searches": 100, "opened": 0})
    assert (case.state, len(case.customers)) == ("OPEN", 100)
    told = Notice.objects.values_list("staff", "kind", "what", "url")
    assert list(told) == [(compliance.pk, "CASES_FOUND", {"day": "2031-07-09", "count": 1}, "/accounts/cases/")]


def test_the_timetable_looks_at_the_last_three_days_once(suspect):
    today = timezone.localdate()
    for days in range(5):
        for minute in range(100):
            when = f"{today - timedelta(days=days)} {10 + minute // 60}:{minute % 60:02}"
            saw_them(suspect, when, [minute], "SEARCH")

    for _time in range(2):
        tasks.detect_unusual()

    found = AccessCase.objects.filter(kind="BREADTH").order_by("day").values_list("day", flat=True)
    assert list(found) == [today - timedelta(days=days) for days in (3, 2, 1)]


def test_detect_unusual_tells_nobody_of_nothing(compliance):
    assert (cases.detect_unusual(day=DAY, at=NEXT), Notice.objects.count()) == (0, 0)


def test_a_case_is_taken_handed_back_and_closed_by_who_took_it(suspect, compliance):
    case, other = make_case(suspect), make_staff("PRIVACY_OFFICER")
    cases.take_case(case=case, by=other, at=NEXT)
    with pytest.raises(cases.TakenByAnother):
        cases.take_case(case=case, by=compliance, at=NEXT)
    with pytest.raises(cases.NotTaken):
        cases.close_case(case=case, finding="EXPLAINED", comment="상담", by=compliance, at=NEXT)
    cases.hand_back_case(case=case, by=other)
    cases.take_case(case=case, by=compliance, at=NEXT)
    assert cases.take_case(case=case, by=compliance, at=NEXT).taken_by == compliance

    done = cases.close_case(case=case, finding="EXPLAINED", comment="상담", by=compliance, at=NEXT)

    assert (done.state, done.finding, done.comment, done.closed_by) == ("CLOSED", "EXPLAINED", "상담", compliance)
    with pytest.raises(cases.NotTaken):
        cases.close_case(case=case, finding="MISUSE", comment="다시", by=compliance, at=NEXT)


def test_a_finding_that_does_not_exist_is_refused(suspect, compliance):
    case = cases.take_case(case=make_case(suspect), by=compliance, at=NEXT)

    with pytest.raises(ValueError, match="FORGIVEN"):
        cases.close_case(case=case, finding="FORGIVEN", comment="", by=compliance, at=NEXT)


def test_nobody_works_a_case_about_themselves(compliance):
    with pytest.raises(cases.OwnCase):
        cases.take_case(case=make_case(compliance), by=compliance, at=NEXT)


# Pages


def logged_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def addresses(case: AccessCase) -> list[tuple[str, str]]:
    acts = ("take", "hand-back", "close")
    return [
        ("get", reverse("accounts:case-list")),
        ("get", reverse("accounts:case-detail", args=[case.pk])),
        *(("post", reverse(f"accounts:case-{act}", args=[case.pk])) for act in acts),
    ]


@pytest.mark.parametrize(
    ("role", "statuses"), [("FP", [403] * 5), ("AUDITOR", [200, 200, 403, 403, 403]), ("ADMINISTRATOR", [403] * 5)]
)
def test_a_stranger_is_refused_every_page_and_an_auditor_every_act(suspect, role, statuses):
    client = logged_in(make_staff(role))

    assert [getattr(client, method)(url).status_code for method, url in addresses(make_case(suspect))] == statuses


def test_a_case_about_oneself_is_not_to_be_seen(compliance):
    case, client = make_case(compliance), logged_in(compliance)

    answers = [getattr(client, method)(url).status_code for method, url in addresses(case)[1:]]

    assert answers == [404] * 4
    assert client.get(reverse("accounts:case-list")).context["lines"] == []


def test_the_list_names_nobody_before_a_case_is_opened(suspect, compliance):
    case, client = make_case(suspect), logged_in(compliance)

    listed = client.get(reverse("accounts:case-list")).content.decode()
    opened = client.get(reverse("accounts:case-detail", args=[case.pk])).content.decode()

    assert (suspect.name in listed, suspect.employee_number in listed, suspect.branch.name in listed) == (
        False,
        False,
        True,
    )
    assert (suspect.name in opened, suspect.employee_number in opened) == (True, True)


def test_the_shelves_part_open_mine_and_closed(suspect, compliance):
    free, done = make_case(suspect), closed(suspect, compliance, kind="VOLUME", facts={})
    mine = make_case(suspect, kind="HOURS", state="TAKEN", taken_by=compliance, taken_at=NEXT)
    AccessCase.objects.filter(pk=done.pk).update(kind="GONE")
    AccessCase.objects.filter(pk=mine.pk).update(kind="LOST")
    client = logged_in(compliance)

    def on(shelf: str) -> list[AccessCase]:
        return [line.case for line in client.get(reverse("accounts:case-list"), {"shelf": shelf}).context["lines"]]

    assert [on(shelf) for shelf in ("open", "mine", "closed", "?")] == [[mine, free], [mine], [done], [mine, free]]


def test_the_figures_count_by_branch(suspect, compliance):
    elsewhere = make_staff("FP", branch=make_branch())
    closed(suspect, compliance)
    make_case(suspect, day=date(2031, 7, 8))
    closed(elsewhere, compliance, finding="EXPLAINED")

    figures = logged_in(compliance).get(reverse("accounts:case-list")).context["figures"]

    assert [(row.branch, row.unfinished, row.explained, row.training, row.misuse) for row in figures] == [
        (suspect.branch.name, 1, 0, 0, 1),
        (elsewhere.branch.name, 0, 1, 0, 0),
    ]


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_asks_as_much_of_one_row_as_of_three(suspect, compliance):
    client, url = logged_in(compliance), reverse("accounts:case-list")
    make_case(suspect)
    one = queries_of(client, url)
    for _number in range(2):
        make_case(make_staff("FP", branch=make_branch()), state="TAKEN", taken_by=make_staff(), taken_at=NEXT)

    assert queries_of(client, url) == one


def test_a_case_asks_as_much_of_a_day_of_one_entry_as_of_three(suspect, compliance):
    client, url = logged_in(compliance), reverse("accounts:case-detail", args=[make_case(suspect).pk])
    saw_them(suspect, "2031-07-09 10:00", [1])
    one = queries_of(client, url)
    for hour in (11, 12):
        saw_them(suspect, f"2031-07-09 {hour}:00", [hour])

    assert queries_of(client, url) == one


def test_a_case_shows_the_day_of_that_person_alone_the_earliest_first(suspect, compliance):
    saw_them(suspect, "2031-07-09 15:00", [2], reason="통화 요청")
    saw_them(suspect, "2031-07-09 09:00", [1], "SEARCH")
    saw_them(suspect, "2031-07-10 00:00", [3])
    saw_them(make_staff("FP"), "2031-07-09 10:00", [4])
    url = reverse("accounts:case-detail", args=[make_case(suspect).pk])

    report = logged_in(compliance).get(url).context["report"]

    assert [(entry.at.astimezone(NEXT.tzinfo).hour, entry.reason) for entry in report.entries] == [
        (9, ""),
        (15, "통화 요청"),
    ]
    assert report.entry_count == 2


def test_opening_a_case_is_on_the_trail_with_whom_it_is_about(suspect, compliance):
    case = make_case(suspect)

    logged_in(compliance).get(reverse("accounts:case-detail", args=[case.pk]))

    entry = AccessEntry.objects.filter(staff_id=compliance.pk).newest_first().first()
    assert (entry.kind, suspect.employee_number in entry.conditions) == ("TRAIL", True)


def test_a_case_is_worked_from_taking_to_closing_on_its_page(suspect, compliance):
    case, client = make_case(suspect), logged_in(compliance)
    _list, _detail, (_, take), _back, (_, close) = addresses(case)

    client.post(take)
    short = client.post(close, {"finding": "MISUSE", "comment": ""})
    done = client.post(close, {"finding": "TRAINING", "comment": "지점장과 면담"})

    assert (short.status_code, list(short.context["form"].errors), done.status_code) == (200, ["comment"], 302)
    case.refresh_from_db()
    assert (case.state, case.finding, case.comment) == ("CLOSED", "TRAINING", "지점장과 면담")
    again = client.post(take, follow=True)
    assert [message.level_tag for message in again.context["messages"]][-1] == "warning"


def test_the_card_of_cases_counts_those_that_wait(suspect, compliance):
    assert [card for card in logged_in(compliance).get("/").context["cards"] if card.icon == "flag"] == []
    make_case(suspect)
    make_case(compliance)

    [card] = [card for card in logged_in(compliance).get("/").context["cards"] if card.icon == "flag"]

    assert "1" in card.figure
