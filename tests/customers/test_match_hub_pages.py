"""The pages of values on many people, and of truth checks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import paging
from customers.models import Customer, MatchRun, SourceRecord, TruthCheck
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, grant, person
from tests.customers.matching import english, login, make_run, words

pytestmark = pytest.mark.usefixtures("master")
HUBS, TRUTH = "/customers/matching/hubs/", "/customers/matching/truth/"
HELD = {
    "mobile": "010-1111-2222",
    "phone_home": "02-555-1234",
    "email": "shared@naver.com",
    "address": "서울 강남구 역삼로 1",
}


def record_of(**cells: str) -> SourceRecord:
    """A record that has just arrived."""
    feed([person(**cells)])
    return SourceRecord.objects.latest("pk")


def run_with(**hubs: list[list[int]]) -> MatchRun:
    """A finished run that counted these."""
    return make_run(hubs={"mobile": [], "phone": [], "email": [], "dwelling": []} | hubs)


def shown(client: object) -> dict[str, list[tuple[str, int, int, str]]]:
    """{kind: (value, names, records, name of the customer)} as the page tells them."""
    groups = client.get(HUBS).context["report"].groups
    return {group.kind: [(hub.text, hub.names, hub.records, hub.side.name) for hub in group.hubs] for group in groups}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (None, 403),
        ("FP", 403),
        ("BRANCH_MANAGER", 403),
        ("CAMPAIGN_MANAGER", 403),
        ("SERVICE_CLIENT", 403),
        ("ADMINISTRATOR", 200),
        ("AUDITOR", 200),
        ("COMPLIANCE_OFFICER", 200),
        ("PRIVACY_OFFICER", 200),
        ("DATA_STEWARD", 200),
    ],
)
def test_the_pages_are_shown_to_whom_the_role_opens_them(role, status):
    client = login(*[role] if role else [])

    assert [client.get(url).status_code for url in (HUBS, TRUTH)] == [status] * 2


def test_values_are_masked_even_for_a_steward():
    hub = [[record_of(name="오세훈", **HELD).pk, 12, 34]]
    run = run_with(mobile=hub, phone=hub, email=hub, dwelling=hub)
    client = login("DATA_STEWARD")

    assert shown(client) == {
        "mobile": [("010-****-2222", 12, 34, "오세훈")],
        "phone": [("02-***-1234", 12, 34, "오세훈")],
        "email": [("sh***@naver.com", 12, 34, "오세훈")],
        "dwelling": [("서울특별시 강남구 역삼로 ***", 12, 34, "오세훈")],
    }
    page = client.get(HUBS).content.decode()
    assert [value for value in HELD.values() if value in page] == []
    assert f'href="/customers/matching/runs/{run.pk}/"' in page


@pytest.mark.parametrize(
    ("cells", "mobile", "phone"),
    [
        ({"phone_home": "010-1111-2222"}, "010-****-2222", ""),
        ({"mobile": "02-555-1234"}, "", "02-***-1234"),
        ({"mobile": "02-555-1234", "phone_home": "010-1111-2222"}, "010-****-2222", "02-***-1234"),
    ],
)
def test_a_phone_is_told_from_whichever_column_it_stands_in(cells, mobile, phone):
    hub = [[record_of(**cells).pk, 5, 5]]
    run_with(**({"mobile": hub} if mobile else {}), **({"phone": hub} if phone else {}))

    told = shown(login("DATA_STEWARD"))

    assert ([text for text, *_rest in told["mobile"]], [text for text, *_rest in told["phone"]]) == (
        [mobile] if mobile else [],
        [phone] if phone else [],
    )


def test_whoever_sees_no_customers_sees_counts_alone():
    run_with(email=[[record_of(name="오세훈", **HELD).pk, 12, 34]])
    client = login("AUDITOR")

    assert shown(client)["email"] == [("", 12, 34, "")]
    assert "– 12 34 not visible to you" in words(client.get(HUBS))


def test_only_customers_in_scope_are_named():
    mine, other = (
        record_of(name="오세훈", email="mine@naver.com"),
        record_of(name="박서준", email="other@naver.com", birth_date="1971-04-04"),
    )
    run_with(email=[[mine.pk, 9, 9], [other.pk, 7, 8]])
    staff = make_staff("FP", "AUDITOR", language="en")
    grant(mine.link.customer, staff)
    client = login()
    client.force_login(staff)

    assert shown(client)["email"] == [("mi***@naver.com", 9, 9, "오세훈"), ("", 7, 8, "")]


def test_the_newest_finished_run_counts():
    record = record_of(email="shared@naver.com")
    run_with(email=[[record.pk, 9, 9]])
    newest = run_with(email=[[record.pk, 7, 8]])
    make_run(state="FAILED", step="WEIGHING")

    report = login("DATA_STEWARD").get(HUBS).context["report"]

    assert (report.run, [hub.names for hub in report.groups[2].hubs]) == (newest, [7])


def test_a_record_that_is_gone_is_left_out():
    run_with(email=[[10**12, 9, 9]])

    assert shown(login("DATA_STEWARD"))["email"] == []


def test_the_page_says_why_it_is_empty():
    client = login("AUDITOR")

    assert "Nothing was counted yet" in words(client.get(HUBS))
    run_with()
    assert words(client.get(HUBS)).count("No value of this kind stands under five names or more.") == 4


def test_the_page_needs_as_many_queries_for_three_values_as_for_one():
    client, counts = login("DATA_STEWARD"), []
    for number in (1, 3):
        records = [record_of(**HELD) for _record in range(number)]
        run_with(email=[[record.pk, 9, 9] for record in records], mobile=[[records[0].pk, 9, 9]])
        client.get(HUBS)
        with CaptureQueriesContext(connection) as queries:
            client.get(HUBS)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10
    assert Customer.objects.count() == 1


def make_check(**fields: object) -> TruthCheck:
    """A check as the bench leaves it."""
    defaults = {"name": "FEBRL 4", "records": 10000, "precision": 0.99981, "recall": 0.9931, "f1": 0.99644}
    return TruthCheck.objects.create(**defaults | {"cut": 0.5, "seconds": 1.304, "measured_at": NOW} | fields)


def test_truth_checks_stand_newest_first():
    make_check()
    make_check(name="demo", records=2204, model_version=3)

    answer = login("AUDITOR").get(TRUTH)

    assert [(line.check.name, line.precision, line.recall, line.f1, line.cut) for line in answer.context["lines"]] == [
        ("demo", "0.9998", "0.9931", "0.9964", "+0.5"),
        ("FEBRL 4", "0.9998", "0.9931", "0.9964", "+0.5"),
    ]
    assert "FEBRL 4 2026-11-23 09:00 10,000 0.9998 0.9931 0.9964 +0.5 shipped model 1.30 s" in words(answer)


def test_truth_checks_are_paged(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    checks = [make_check() for _number in range(3)][::-1]
    client = login("AUDITOR")

    pages = [
        client.get(f"{TRUTH}{query}") for query in ("", f"?older_than={checks[1].pk}", f"?newer_than={checks[2].pk}")
    ]

    assert [[line.check for line in page.context["lines"]] for page in pages] == [checks[:2], checks[2:], checks[:2]]


def test_without_a_check_the_command_is_told_that_makes_one():
    assert "The command “check_truth” measures the engine on the demo population and on FEBRL." in words(
        login("AUDITOR").get(TRUTH)
    )


def test_kinds_of_values_are_told_by_their_names():
    run_with()

    groups = login("DATA_STEWARD").get(HUBS).context["report"].groups

    assert [english(group.label) for group in groups] == ["Mobile", "Phone", "E-mail", "Address"]
