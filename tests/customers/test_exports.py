"""The lists of customers as files: the rows, order, columns and masks of the page, for the reader of the job."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from accounts.exporting.lists import export_list
from accounts.models import AccessEntry, Export, Staff
from accounts.services import export_runs, exports
from customers import tables
from customers.models import Customer, Protection
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, feed, grant, make_customer, make_feed_run, make_retired, person
from tests.customers.many_pairs import decide, make_pairs

pytestmark = pytest.mark.usefixtures("master")
PURPOSES = {"DATA_STEWARD": "STEWARDSHIP", "STEWARD_LEAD": "STEWARDSHIP", "BRANCH_MANAGER": "SERVICE"}
PURPOSES |= {"CAMPAIGN_MANAGER": "CAMPAIGN", "PRIVACY_OFFICER": "OVERSIGHT"}


def person_of(role: str, **fields: object) -> Staff:
    return make_staff(role, **{"language": "en"} | fields)


def asked(by: Staff, code: str = "customers", **words: object) -> Export:
    """A request for a list. words: of the address of its page."""
    role = by.groups.get().name
    conditions = {word: value if isinstance(value, list) else [value] for word, value in words.items()}
    given = {"list_code": code, "conditions": conditions, "format": "CSV", "purpose": PURPOSES[role]}
    return exports.request_export(**given, reason="월말 데이터 점검 자료", by=by, at=timezone.now())


def rows_of(export: Export) -> list[list[str]]:
    """Heads and rows of a made file."""
    text = (Path(settings.MEDIA_ROOT) / export.file).read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def taken(by: Staff, code: str = "customers", **words: object) -> list[list[str]]:
    export = export_runs.make_export(export=asked(by, code, **words))
    assert (export.state, export.error) == ("READY", "")
    return rows_of(export)


def names(rows: list[list[str]]) -> list[str]:
    return [row[1] for row in rows[1:]]


def shown_to(entry_of: Staff) -> set[int]:
    entries = AccessEntry.objects.of_staff(entry_of).filter(kind="EXPORT")
    return {customer for entry in entries for customer in entry.customers}


def test_the_file_of_the_customer_list_is_its_page_in_all_its_pages():
    held = ("한결", "강산", "나래")
    people = [make_customer(name=name, mobile=f"0102345678{place}") for place, name in enumerate(held)]
    make_retired(people[0], name="마루")
    by = person_of("DATA_STEWARD")
    columns = ["mobile", "sources"]
    client = Client()
    client.force_login(by)
    page = client.get("/customers/?sort=-name&columns=mobile&columns=sources")

    rows = taken(by, sort="-name", columns=columns)

    with translation.override("en"):
        assert rows[0] == [str(head["column"].label) for head in page.context["heads"]]
    assert rows[1:] == [[cell.text for cell in row["cells"]] for row in page.context["rows"]]
    assert names(rows) == ["한결", "나래", "강산"]
    assert shown_to(by) == {one.pk for one in people}


def test_filters_narrow_the_file_and_unknown_words_do_not():
    make_customer(name="한결", grade="VIP"), make_customer(name="강산")
    by = person_of("DATA_STEWARD")

    assert names(taken(by, grade="VIP", nonsense="x", after="1")) == ["한결"]
    assert names(taken(by, name="ㄱㅅ")) == ["강산"]
    export = asked(by, grade="NONSENSE", born_from="x", sort="evil", columns=["evil", "email"])
    assert export.conditions == {"columns": ["number", "name", "email"]}


@pytest.mark.parametrize(
    ("role", "mobile"),
    [
        ("DATA_STEWARD", "010-2345-6789"),
        ("BRANCH_MANAGER", "010-****-6789"),
        ("CAMPAIGN_MANAGER", "010-****-6789"),
        ("PRIVACY_OFFICER", "010-****-6789"),
    ],
)
def test_the_masks_are_those_of_the_page(role, mobile):
    branch = make_branch("B001")
    held = {"mobile": "01023456789", "email": "hong@example.kr", "address": "서울특별시 강남구 테헤란로 1"}
    make_customer(name="홍길동", main_branch=branch, birth_date=date(1980, 1, 2), **held)
    by, columns = person_of(role, branch=branch), [*tables.BY_CODE]
    client = Client()
    client.force_login(by)
    page = client.get("/customers/?" + "&".join(f"columns={column}" for column in columns))

    row = taken(by, columns=columns)[1]

    assert row == [cell.text for cell in page.context["rows"][0]["cells"]]
    assert mobile in row


def test_only_customers_of_the_scope_are_in_the_file_of_a_branch_manager():
    branch = make_branch("B001")
    own, granted, other = (make_customer(name=name) for name in ("가람", "나래", "다솜"))
    Customer.objects.filter(pk=own.pk).update(main_branch="B001")
    manager = person_of("BRANCH_MANAGER", branch=branch)
    grant(granted, manager)
    protected = make_customer(name="보호", main_branch=branch)
    Protection.objects.create(customer=protected, kind="VIP", reason="x", protected_at=NOW)

    rows = taken(manager)

    assert names(rows) == ["가람", "나래"]
    assert shown_to(manager) == {own.pk, granted.pk}
    assert other.pk not in shown_to(manager)


def test_scope_and_masks_are_those_of_the_job_and_not_of_the_request():
    branch = make_branch("B001")
    customer = make_customer(name="홍길동", main_branch=branch)
    manager = person_of("BRANCH_MANAGER", branch=branch)
    export = asked(manager)
    Protection.objects.create(customer=customer, kind="VIP", reason="x", protected_at=NOW)

    export_runs.make_export(export=export)

    assert (export.state, rows_of(export)[1:], shown_to(manager)) == ("READY", [], set())


def test_what_others_read_in_the_register_is_masked():
    by = person_of("DATA_STEWARD")
    make_customer(name="홍길동", mobile="01023456789")
    conditions = asked(by, name="홍길동", phone="23456789", state="", grade="").conditions
    told = export_list("customers").in_words

    assert [value for _label, value in told(conditions, is_whole=True)] == ["홍길동", "23456789", "전체"]
    assert [value for _label, value in told(conditions, is_whole=False)] == ["홍*동", "****6789", "전체"]


def test_no_resident_number_is_kept_as_a_condition():
    by = person_of("DATA_STEWARD")
    understood = export_list("customers").understood({"name": ["900101-1234567"], "phone": ["9001011234567"]}, by)

    assert understood | {"columns": []} == {"name": "900101-1******", "phone": "9001011******", "columns": []}


def test_hostile_values_stay_texts():
    make_customer(name="=cmd|' /C calc'!A0", email="@SUM(1)@x.kr", address="-2+3+cmd")
    rows = taken(person_of("DATA_STEWARD"), columns=["email", "address"])

    assert rows[1][1:] == ["'=cmd|' /C calc'!A0", "'-2+3+cmd", "'@SUM(1)@x.kr"]


def test_the_file_of_the_pairs_holds_both_records_worthiest_first():
    pairs = make_pairs(3)
    for worth, pair in enumerate(pairs):
        pair.worth = float(worth)
        pair.save(update_fields=["worth"])
    by = person_of("DATA_STEWARD")

    heads, *rows = taken(by, "pairs")

    assert heads[:3] + heads[5:6] == ["Reason", "Worth", "Weight", "First record: Name"]
    assert [row[1] for row in rows] == ["2.0", "1.0", "0.0"]
    assert [row[5] for row in rows] == [pair.left.link.customer.name for pair in pairs[::-1]]
    assert len(shown_to(by)) == 6
    with pytest.raises(exports.NothingToExport):
        asked(by, "pairs", state="SAME")


def test_the_file_of_the_decisions_tells_what_the_page_tells():
    by = person_of("DATA_STEWARD")
    one, other = make_pairs(2)
    decide(one, by=by), decide(other)

    everything, mine = taken(by, "acts"), taken(by, "acts", mine="on")

    assert (len(everything), len(mine)) == (3, 2)
    assert mine[1][2] == str(by)
    assert mine[1][3].count("C-") == 2
    assert {one.left.link.customer_id, one.right.link.customer_id} <= shown_to(by)
    assert export_list("acts").in_words({"mine": "on"}, is_whole=True) == [("내 처리만", "")]


def test_the_file_of_the_protected_is_for_the_privacy_officer():
    customer = make_customer(name="홍길동")
    officer = person_of("PRIVACY_OFFICER")
    by = {"protected_by": officer, "protected_at": NOW}
    Protection.objects.create(customer=customer, kind="VIP", reason="고액 계약 900101-1234567", **by)

    rows = taken(officer, "protected")

    assert [rows[1][0], *rows[1][2:4]] == ["홍길동", "VIP", "고액 계약 900101-1******"]
    assert shown_to(officer) == {customer.pk}
    with pytest.raises(exports.NotExportable):
        asked(person_of("DATA_STEWARD"), "protected")


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        ("DATA_STEWARD", [True, True, True]),
        ("BRANCH_MANAGER", [True, None, None]),
        ("FP", [False, None, None]),
        ("AUDITOR", [None, False, False]),
    ],
)
def test_the_button_is_for_those_who_may(role, buttons):
    client = Client()
    client.force_login(person_of(role))

    answers = [client.get(f"/customers/{way}") for way in ("?name=x", "pairs/", "acts/")]

    found = ["/accounts/exports/new/" in answer.content.decode() for answer in answers]
    assert [None if answer.status_code == 403 else has for answer, has in zip(answers, found, strict=True)] == buttons


def test_the_button_keeps_the_words_of_the_list():
    make_customer(name="한결", grade="VIP")
    client = Client()
    client.force_login(person_of("DATA_STEWARD"))
    url = client.get("/customers/?grade=VIP&columns=number&columns=name&sort=-name").context["export_url"]

    answer = client.get(url)

    assert url == "/accounts/exports/new/customers/?grade=VIP&columns=number&columns=name&sort=-name"
    assert (answer.context["count"], answer.context["columns"]) == (1, ["Customer number", "Name"])
    assert answer.context["told"] == [("Grade", "VIP")]
    assert answer.context["back_url"].startswith("/customers/?grade=VIP")


def test_rejects_stand_on_the_trail():
    run = feed([person(name="")])
    steward = person_of("DATA_STEWARD")
    client = Client()
    client.force_login(steward)

    assert b"".join(client.get(f"/customers/feeds/{run.pk}/rejects/"))
    assert client.get(f"/customers/feeds/{make_feed_run().pk}/rejects/").status_code == 404

    entry = AccessEntry.objects.of_staff(steward).get(kind="EXPORT")
    assert (entry.page, entry.count) == ("customers:feed-rejects", 1)
    assert entry.conditions == f'{{"rejects_of_run": {run.pk}}}'


def test_whoever_owes_an_answer_to_the_review_takes_no_rejects(monkeypatch):
    monkeypatch.setattr("customers.views.feeds.why_locked", lambda staff, on: "Not today.")
    run = feed([person(name="")])
    client = Client()
    client.force_login(person_of("DATA_STEWARD"))

    assert client.get(f"/customers/feeds/{run.pk}/rejects/").headers["Location"] == f"/customers/feeds/{run.pk}/"
