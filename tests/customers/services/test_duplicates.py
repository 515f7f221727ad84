"""Is somebody a customer already? What is found, what is told to whom, and what is not."""

import csv
import json
import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Staff
from customers.dedup.model import Cut
from customers.dedup.storing import shipped_model, to_json
from customers.demo import generate
from customers.models import Code, Customer, MatchModel, SourceRecord
from customers.services import duplicates
from customers.services.demonstration import load_demo
from customers.services.duplicates import Advice, Blind, Check, Match, check_duplicates
from customers.typed import COMPARED, LONGEST, Problem
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, company, feed, grant, make_brn, make_ci, make_rrn, person
from tests.snapshots import MASTER

HOME = "서울특별시 양천구 목동동로 100, 101동 1001호"
HA = {
    **{"name": "김하나", "birth_date": "1985-03-02", "mobile": "010-3477-3122", "phone_home": "02-2653-7701"},
    **{"email": "hana85@naver.com", "address": HOME, "postcode": "07995", "rrn": make_rrn("850302", 2)},
    **{"ci": make_ci(1), "company_no": make_brn(7), "employee_no": "A-17"},
}
NAMES = [
    "이영희",
    "박민준",
    "최서연",
    "정하준",
    "강지우",
    "조도윤",
    "윤서준",
    "장하은",
    "임지호",
    "한유진",
    "오수아",
    "서건우",
]
master = pytest.mark.usefixtures("master")


def check(asked_by: Staff | None = None, **typed: str) -> Check:
    return check_duplicates(record=typed, asked_by=asked_by, at=NOW)


def advice(answer: Check) -> dict[str, str]:
    """{name of a customer that was told: what to do with it}, in order."""
    names = dict(Customer.objects.values_list("pk", "name"))
    return {names[match.customer_id]: str(match.advice) for match in answer.matches}


def blind(answer: Check) -> tuple[str, str | None]:
    return str(answer.blind), answer.ask.code if answer.ask else None


def planner() -> Staff:
    """A planner who keeps nobody."""
    return make_staff("FP", branch=make_branch())


@master
def test_check_duplicates_tells_the_customer_its_best_record_and_why():
    feed([person(**HA), person(name="김하나", birth_date="1985-03-02", mobile=HA["mobile"])])
    best, _other = SourceRecord.objects.order_by("pk")
    customer = Customer.objects.get()

    answer = check(**HA)

    (match,) = answer.matches
    assert answer == Check(
        matches=(Match(customer.pk, best.pk, match.weight, match.pattern, Advice.LINK),),
        blind=Blind.NONE,
        ask=None,
        problems=(),
        model_version=0,
    )
    assert match.weight > 20


@master
@pytest.mark.parametrize(
    "typed",
    [
        {"rrn": HA["rrn"]},
        {"ci": HA["ci"]},
        {"mobile": "+82 10 3477 3122"},
        {"phone_home": HA["mobile"]},
        {"email": "HANA85@naver.com"},
        {"name": "김 하나", "birth_date": "850302"},
        {"birth_date": "1985-03-02", "mobile": "011-477-3122"},
        {"name": "김하나", "postcode": "07995"},
        {"name": "김하나", "address": "서울 양천구 목동동로 100"},
        {"name": "김하나", "phone_home": "0226537701"},
        {"company_no": HA["company_no"], "employee_no": " A-17 "},
        {"name": "김하나"},
    ],
    ids=lambda typed: "+".join(typed),
)
def test_each_key_finds_the_customer(typed):
    feed([person(**HA), person(name="박영희", birth_date="1971-01-09", mobile="010-8254-9071")])

    assert list(advice(check(**typed))) == ["김하나"]


@master
@pytest.mark.parametrize("typed", [{"company_no": make_brn(3)}, {"crn": "110111-1234569"}, {"name": "한빛상사"}])
def test_an_organisation_is_found_by_its_numbers_and_its_name(typed):
    feed([company(company_no=make_brn(3), crn="110111-1234569"), person(**HA | {"company_no": make_brn(3)})])

    assert list(advice(check(kind="법인", **typed))) == ["(주)한빛상사"]


@master
def test_whoever_shares_only_the_name_comes_last_and_is_never_advised():
    feed([person(name="김하나", birth_date=""), person(name="박영희", birth_date="", mobile=HA["mobile"])])

    answer = check(name="김하나", mobile=HA["mobile"])

    assert advice(answer) == {"박영희": "NO", "김하나": "NO"}
    assert answer.matches[0].weight < 0 < answer.matches[1].weight


@master
def test_nobody_and_nothing():
    feed([person(**HA)])

    assert check(name="박영희", birth_date="1971-01-09") == Check((), Blind.NONE, None, (), 0)
    assert check() == Check((), Blind.NONE, None, (), 0)


@master
def test_at_most_ten_customers_are_told_the_heaviest_first():
    feed([person(name=name, birth_date="", mobile=HA["mobile"]) for name in NAMES], source="FP")
    feed([person(**HA)])

    answer = check(**HA)

    assert Customer.objects.count() == 13
    assert len(answer.matches) == 10
    assert list(advice(answer))[0] == "김하나"
    assert [match.weight for match in answer.matches] == sorted((m.weight for m in answer.matches), reverse=True)


@master
def test_cuts_of_the_live_model_decide_from_the_next_question_on():
    feed([person(**HA)])
    typed = {"name": "김하나", "birth_date": "1985-03-02", "mobile": HA["mobile"]}
    before = check(**typed)
    weight = before.matches[0].weight
    found = []

    for version, cut in enumerate((Cut(weight, weight), Cut(weight + 1, weight), Cut(weight + 2, weight + 1)), start=1):
        MatchModel.objects.update(state="RETIRED")
        definition = to_json(replace(shipped_model(), cuts={("*", "*"): cut}))
        MatchModel.objects.create(version=version, state="LIVE", definition=definition, created_at=NOW)
        answer = check(**typed)
        found.append((answer.model_version, answer.matches[0].advice))

    assert before.matches[0].advice == Advice.LINK
    assert found == [(1, Advice.LINK), (2, Advice.REVIEW), (3, Advice.NO)]


@master
def test_a_change_of_the_regions_counts_a_minute_later():
    feed([person(name="김하나", birth_date="", address=HOME)])
    typed = {"name": "김하나", "address": "한양시 양천구 목동동로 100"}
    before = check(**typed)

    Code.objects.filter(table="REGION", code="11").update(aliases="서울시,한양시")
    later = check_duplicates(record=typed, asked_by=None, at=NOW + timedelta(minutes=1))

    assert (before.matches[0].pattern, later.matches[0].pattern) != (
        later.matches[0].pattern,
        before.matches[0].pattern,
    )
    assert later.matches[0].weight > before.matches[0].weight


# Who is told what.


@master
@pytest.mark.parametrize(
    ("role", "is_own_branch", "told", "hidden"),
    [
        ("DATA_STEWARD", False, ["김하나"], ("NONE", None)),
        ("CAMPAIGN_MANAGER", False, ["김하나"], ("NONE", None)),
        ("BRANCH_MANAGER", True, ["김하나"], ("NONE", None)),
        ("BRANCH_MANAGER", False, [], ("EXISTS", "B-HOME")),
        ("FP", True, [], ("EXISTS", "B-HOME")),
        ("SERVICE_CLIENT", True, [], ("EXISTS", "B-HOME")),
    ],
)
def test_each_role_is_told_of_the_own_scope_and_a_word_of_the_rest(role, is_own_branch, told, hidden):
    home, elsewhere = make_branch("B-HOME"), make_branch()
    feed([person(**HA)])
    Customer.objects.update(main_branch=home)

    answer = check(make_staff(role, branch=home if is_own_branch else elsewhere), **HA)

    assert (list(advice(answer)), blind(answer)) == (told, hidden)


@master
def test_the_keeper_and_whoever_was_granted_the_customer_are_told():
    feed([person(**HA)])
    keeper, granted = planner(), planner()
    Customer.objects.update(keeper=keeper)
    grant(Customer.objects.get(), granted)

    assert [advice(check(staff, **HA)) for staff in (keeper, granted)] == [{"김하나": "LINK"}] * 2


@master
def test_without_a_branch_there_is_nobody_to_ask():
    feed([person(**HA)])

    assert blind(check(planner(), **HA)) == ("EXISTS", None)


@master
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "EXISTS"),
        ({"mobile": "010-3477-3123"}, "SIMILAR"),
        ({"mobile": "010-9052-8846"}, "SIMILAR"),
        ({"name": "김하니"}, "SIMILAR"),
        ({"name": "박영희"}, "SIMILAR"),
        ({"birth_date": "1985-03-03"}, "SIMILAR"),
        ({"birth_date": "1951-07-19"}, "SIMILAR"),
        ({"name": "김하니", "mobile": "010-3477-3123"}, "NONE"),
        ({"birth_date": "", "mobile": "010-3477-3123"}, "NONE"),
        ({"birth_date": "", "mobile": ""}, "NONE"),
    ],
)
def test_a_misspelt_probe_tells_the_blind_no_more_than_a_wrong_one(changed, expected):
    feed([person(name="김하나", birth_date="1985-03-02", mobile=HA["mobile"])])
    typed = {"name": "김하나", "birth_date": "1985-03-02", "mobile": HA["mobile"]} | changed

    assert blind(check(planner(), **typed)) == (expected, None)


@master
def test_the_blind_hear_of_the_best_hidden_customer_only():
    twin = {"rrn": make_rrn("850302", 2, serial=77777), "ci": make_ci(2)}
    feed([person(name="김하나", birth_date="1985-03-02", **twin), person(**HA)])
    for place, customer in enumerate(Customer.objects.order_by("pk")):
        Customer.objects.filter(pk=customer.pk).update(main_branch=make_branch(f"B-{place}"))

    assert blind(check(planner(), **HA)) == ("EXISTS", "B-1")
    assert blind(check(planner(), name="김하나", birth_date="1985-03-02")) == ("SIMILAR", "B-0")


@master
def test_hidden_customers_change_nothing_of_those_who_are_visible():
    own = planner()
    feed([person(name="김하나", birth_date="", mobile=HA["mobile"])])
    Customer.objects.update(keeper=own)
    alone = check(own, name="김하나", mobile=HA["mobile"])

    feed([person(name=name, birth_date="", mobile=HA["mobile"]) for name in NAMES], source="FP")

    assert check(own, name="김하나", mobile=HA["mobile"]) == alone


@master
def test_an_answer_that_may_be_blind_takes_as_long_whatever_was_found():
    feed([person(**HA)])
    own = planner()
    taken = []

    for typed in (HA, {"name": "박영희"}):
        began = time.monotonic()
        check(own, **typed)
        taken.append(time.monotonic() - began >= duplicates.BLIND_SECONDS)

    assert taken == [True, True]


# What is typed.


@master
def test_what_cannot_be_read_is_told_and_left_out():
    feed([person(**HA)])

    answer = check(
        **HA
        | {"birth_date": "1985-02-30", "rrn": "850302-2", "kind": "사람", "email": "x" * (LONGEST + 1), "shoes": "250"},
        mobile_=7,
    )

    assert set(answer.problems) == {
        Problem("kind", "UNKNOWN_CODE", is_used=False),
        Problem("email", "TOO_LONG", is_used=False),
        Problem("shoes", "UNKNOWN_COLUMN", is_used=False),
        Problem("mobile_", "UNKNOWN_COLUMN", is_used=False),
        Problem("birth_date", "IMPOSSIBLE_DATE", is_used=False),
        Problem("rrn", "PARTIAL", is_used=False),
    }
    assert advice(answer) == {"김하나": "LINK"}


@master
def test_an_empty_cell_counts_as_none():
    feed([person(**HA)])
    typed = {"name": "김하나", "rrn": HA["rrn"]}

    answer = check(**typed)

    assert answer.matches[0].weight > 0
    assert check(**dict.fromkeys(COMPARED, "") | typed) == answer
    assert check(**dict.fromkeys(COMPARED, "  ") | typed) == answer


@master
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("김\x00하나", "CONTROL_CHARACTER"),
        ("김\x1b[2J", "CONTROL_CHARACTER"),
        ("\ud800", "CONTROL_CHARACTER"),
        ("가" * 10_000_000, "TOO_LONG"),
        (7, "NOT_TEXT"),
        (None, "NOT_TEXT"),
        ({"$ne": ""}, "NOT_TEXT"),
    ],
)
def test_hostile_values_are_told_for_every_column(value, code):
    answer = check_duplicates(record=dict.fromkeys(COMPARED, value), asked_by=None, at=NOW)

    assert answer == Check((), Blind.NONE, None, tuple(Problem(column, code, is_used=False) for column in COMPARED), 0)


@master
@pytest.mark.parametrize("value", ["'; DROP TABLE customers_customer; --", "%s %(x)s {}", "\\x00", "🙂" * 300])
def test_odd_text_is_only_text(value):
    feed([person(**HA)])

    answer = check_duplicates(record=dict.fromkeys(COMPARED, value) | {"kind": ""}, asked_by=None, at=NOW)

    assert answer.matches == ()


@master
def test_a_resident_number_in_another_cell_is_masked_as_feeds_do():
    feed([person(**HA)])

    assert check(name=f"김하나 {HA['rrn']}", birth_date="1985-03-02") == check(
        name="김하나 850302-2******", birth_date="1985-03-02"
    )


# How it asks.


@master
def test_the_service_needs_as_many_queries_for_three_as_for_one():
    steward, own = make_staff("DATA_STEWARD"), planner()
    feed([person(**HA)])
    counts = []

    for more in ([], NAMES[:2]):
        feed([person(name=name, birth_date="", mobile=HA["mobile"]) for name in more], source="FP")
        for asked_by in (None, steward, own):
            check(asked_by, **HA)
            counts.append(queries(asked_by))

    # neighbours; for a person also the customers of these that are visible; for a planner grants, and the branch of the
    # hidden one
    assert counts == [1, 2, 4] * 2


def queries(asked_by: Staff | None) -> int:
    asked = []

    def count(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        check(asked_by, **HA)
    return len(asked)


@master
def test_the_database_plans_the_question_once_per_connection():
    feed([person(**HA)])

    for typed in (HA, {"name": "김하나"}, {"kind": "ORG", "company_no": make_brn()}, {}):
        check(**typed)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%string_agg%'")
        assert cursor.fetchall() == [(1,)]


@master
def test_the_database_has_no_reason_to_plan_anew_for_other_values():
    feed([person(**HA)])
    plans = []

    with connection.cursor() as cursor:
        for value in (None, "1"):
            cursor.execute(f"EXPLAIN {duplicates.NEAR}", [value] * len(duplicates.LOOKUPS))
            plans.append(cursor.fetchall())

    assert plans[0] == plans[1]


@master
def test_nothing_of_what_is_typed_is_logged(caplog):
    feed([person(**HA)])
    own = planner()

    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as captured:
        check(own, **HA)

    written = f"{caplog.text} {captured.captured_queries}"
    held = SourceRecord.objects.get()
    typed = [*HA.values(), "01034773122", str(held.name_birth_key), held.rrn_index.hex()]
    assert [value for value in typed if value in written] == []


# A population.


@pytest.fixture(scope="module")
def population(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[list[dict[str, str]], Path]]:
    """A loaded population of which one record of every second person was held back, and these records."""
    folder = tmp_path_factory.mktemp("population")
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        MASTER.put()
        generate(300, 5, folder, canonical=True, today=date(2026, 11, 23))
        kept_back = hold_back(folder)
        load_demo(folder=folder)
        yield kept_back, folder
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


def truth_of(folder: Path) -> dict[tuple[str, str], str]:
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        return {(row["source"], row["source_key"]): row["person_id"] for row in csv.DictReader(file)}


def hold_back(folder: Path) -> list[dict[str, str]]:
    """Take the last record of every second person with more than one out of the files."""
    records = defaultdict(list)
    for key, whom in truth_of(folder).items():
        records[whom].append(key)
    chosen = {keys[-1]: whom for whom, keys in list(records.items())[::2] if len(keys) > 1}
    kept_back = []
    for entry in json.loads((folder / "manifest.json").read_text(encoding="utf-8")):
        if entry["layout"] != "customers":
            continue
        path = folder / entry["file"]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            for row in rows:
                whom = chosen.get((entry["source"], row["source_key"]))
                if whom is None:
                    writer.writerow(row)
                else:
                    kept_back.append(row | {"whom": whom})
    return kept_back


def test_records_held_back_find_their_person_among_the_ten(population, db):
    kept_back, folder = population
    truth, known = truth_of(folder), defaultdict(set)
    for source, key, customer in SourceRecord.objects.values_list("source__code", "source_key", "link__customer"):
        known[truth[source, key]].add(customer)

    found = [
        any(
            match.customer_id in known[row["whom"]]
            for match in check(**{c: row.get(c) or "" for c in COMPARED}).matches
        )
        for row in kept_back
    ]

    assert len(found) > 40
    assert sum(found) / len(found) >= 0.97
