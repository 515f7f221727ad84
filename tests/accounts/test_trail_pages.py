"""The pages of the trail: who may read it, what they find, and that the reading is on it."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEntry, Staff
from accounts.trail import append
from tests.accounts.builders import make_staff
from tests.accounts.test_strangers import ALL
from tests.customers.matching import words

pytestmark = pytest.mark.django_db
TRAIL = "/accounts/trail/"
AT = datetime(2026, 10, 5, 3, tzinfo=timezone.get_fixed_timezone(0))
OF_OCTOBER = "first=2026-10-01&last=2026-10-31"


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def officer() -> Staff:
    return make_staff("PRIVACY_OFFICER", language="en")


@pytest.fixture
def client(officer) -> Client:
    return client_of(officer)


def looked(staff: Staff | None = None, *, at: datetime = AT, **more: object) -> tuple[date, int, int]:
    """An entry of October."""
    fields = {"kind": "VIEW", "page": "customers:customer-detail", "result": 200} | more
    who = {"staff_id": staff.pk, "employee_number": staff.employee_number} if staff else {}
    return append(at=at, **who, **fields)


def shown(client: Client, query: str = OF_OCTOBER) -> list[tuple[str, str]]:
    lines = client.get(f"{TRAIL}?{query}").context["lines"]
    return [(line.who, line.page) for line in lines]


@pytest.mark.parametrize(("role", "status"), [("FP", 403), ("DATA_STEWARD", 403), ("ADMINISTRATOR", 403)])
def test_the_trail_is_closed_to_whom_no_role_opens_it(role, status):
    month, lane, number = looked()
    client = client_of(make_staff(role))

    assert client.get(TRAIL).status_code == status
    assert client.get(f"{TRAIL}{month:%Y-%m}/{lane}/{number}/").status_code == status


@pytest.mark.parametrize("role", ["COMPLIANCE_OFFICER", "PRIVACY_OFFICER", "AUDITOR"])
def test_the_trail_is_open_to_oversight(role):
    month, lane, number = looked()
    client = client_of(make_staff(role))

    assert client.get(TRAIL).status_code == 200
    assert client.get(f"{TRAIL}{month:%Y-%m}/{lane}/{number}/").status_code == 200


def test_the_list_tells_who_looked_at_what_the_newest_first(client):
    one, other = make_staff(name="김하나"), make_staff(name="이두리")
    looked(one)
    looked(other, at=AT + timedelta(seconds=1), page="customers:search", kind="SEARCH")

    assert shown(client) == [
        (f"이두리 ({other.employee_number})", "Quick search"),
        (f"김하나 ({one.employee_number})", "Customer page"),
    ]


def test_the_list_is_narrowed_by_person_kind_and_days(client):
    one, other = make_staff(name="김하나"), make_staff(name="이두리")
    looked(one)
    looked(other, kind="CHANGE", at=AT + timedelta(days=10))

    found = {
        query: [who.split(" ")[0] for who, _page in shown(client, query)]
        for query in (
            f"{OF_OCTOBER}&staff={other.employee_number}",
            f"{OF_OCTOBER}&kind=VIEW",
            "first=2026-10-05&last=2026-10-05",
            "first=2026-10-06&last=2026-10-14",
            f"{OF_OCTOBER}&staff=nobody",
        )
    }

    assert list(found.values()) == [["이두리"], ["김하나"], ["김하나"], [], []]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("customer=C-000000000-1", "customer"),
        ("customer=x", "customer"),
        ("first=2026-10-02&last=2026-10-01", "last"),
        ("first=1999-01-01", "first"),
        ("last=9999-12-31", "last"),
        ("first=never", "first"),
        ("kind=x", "kind"),
        ("staff=" + "x" * 21, "staff"),
        ("staff=%00", None),
    ],
)
def test_what_cannot_be_searched_for_is_said(client, query, field):
    answer = client.get(f"{TRAIL}?{query}")

    if field is None:
        assert answer.status_code in (200, 400)
        return
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["lines"] == []


def test_without_days_it_is_the_last_month(client):
    form = client.get(TRAIL).context["form"]

    first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    assert (last, (last - first).days) == (timezone.localdate(), 30)


def test_the_list_is_paged_by_place(client, monkeypatch):
    monkeypatch.setattr("accounts.trail_reports.PAGE_SIZE", 2)
    staff = make_staff()
    expected = [looked(staff, at=AT + timedelta(seconds=step // 2)) for step in range(5)][::-1]

    pages = [client.get(f"{TRAIL}?{OF_OCTOBER}").context["page"]]
    while pages[-1].older_than:
        pages.append(client.get(f"{TRAIL}?{OF_OCTOBER}&older_than={pages[-1].older_than}").context["page"])
    back = client.get(f"{TRAIL}?{OF_OCTOBER}&newer_than={pages[-1].newer_than}").context["page"]

    assert [(entry.month, entry.lane, entry.number) for page in pages for entry in page.entries] == expected
    assert (back.entries, pages[0].newer_than) == (pages[1].entries, None)


@pytest.mark.parametrize("place", ["x", "1-2", "1-2-x", "9" * 18 + "-1-1", "1-99999999-1"])
def test_a_place_that_is_none_leads_to_a_page(client, place):
    assert client.get(f"{TRAIL}?{OF_OCTOBER}&older_than={place}").status_code == 200


def test_the_list_says_why_it_is_empty(client):
    assert "Nothing on the trail is like this" in words(client.get(f"{TRAIL}?{OF_OCTOBER}&staff=nobody"))


def test_an_entry_is_told_in_full(client):
    staff = make_staff(name="박세라")
    month, lane, number = looked(
        staff,
        kind="SEARCH",
        page="customers:search",
        purpose="SERVICE",
        reason="전화 상담",
        conditions=json.dumps({"q": "김하나"}, ensure_ascii=False),
        address="10.1.2.3",
        items=["mobile"],
        count=12_345,
    )

    told = words(client.get(f"{TRAIL}{month:%Y-%m}/{lane}/{number}/"))

    expected = ("박세라", "10.1.2.3", "Quick search", "Policy service", "전화 상담", "김하나", "mobile", "12,345")
    assert [text for text in expected if text not in told] == []
    assert f"{month:%Y-%m} / {lane} / {number}" in told


@pytest.mark.parametrize("place", ["2026-10/9/1", "2026-13/0/1", "x/0/1", "2026-10/0/99999999999999999999"])
def test_an_entry_that_is_not_there_is_not_found(client, place):
    assert client.get(f"{TRAIL}{place}/").status_code == 404


def test_reading_the_trail_is_on_the_trail(client, officer):
    month, lane, number = looked()
    client.get(f"{TRAIL}?{OF_OCTOBER}&kind=VIEW")
    client.get(f"{TRAIL}{month:%Y-%m}/{lane}/{number}/")

    entries = AccessEntry.objects.of_staff(officer).filter(kind="TRAIL").order_by("number")

    assert [(entry.page, entry.target, json.loads(entry.conditions or "{}")) for entry in entries] == [
        ("accounts:trail-list", "", {"first": "2026-10-01", "last": "2026-10-31", "kind": "VIEW"}),
        ("accounts:trail-detail", f"month={month:%Y-%m} lane={lane} number={number}", {}),
    ]


def test_what_was_typed_is_shown_as_text(client):
    month, lane, number = looked(kind="SEARCH", conditions=json.dumps({"q": "<b>x</b>"}))

    for address in (f"{TRAIL}?{OF_OCTOBER}", f"{TRAIL}{month:%Y-%m}/{lane}/{number}/"):
        assert b"&lt;b&gt;x&lt;/b&gt;" in client.get(address).content


def test_every_page_has_words_and_every_word_a_page():
    own = {name for name in ALL if not name.startswith("admin:")} - {"healthz", "readyz"}

    assert own - settings.TRAIL_PAGES.keys() == set()
    assert settings.TRAIL_PAGES.keys() - own == set()
