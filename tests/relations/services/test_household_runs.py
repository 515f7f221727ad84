"""The search over a stock that came by feeds: what it writes, keeps and overtakes."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from customers.demo import generate
from customers.models import Customer
from customers.services.demonstration import load_entry, manifest_of
from relations import tasks
from relations.bench import households as bench
from relations.models import HouseholdRefusal, HouseholdRun, HouseholdSuggestion, SuggestedMember
from relations.rules.household_search import search
from relations.rules.household_ties import ties_of
from relations.services import household_runs as runs
from relations.services import household_suggestions as services
from relations.services import households
from relations.services.household_places import Deed
from relations.services.household_stock import read_decided, read_stock
from relations.services.household_writing import write_suggestions
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, contract, feed, make_customer, party, person
from tests.customers.stewarding import merge
from tests.relations.housing import TODAY, deed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
FLAT = "서울특별시 강남구 테헤란로 12, 101동 1203호 (역삼동, 한빛아파트)"
AWAY = "부산광역시 해운대구 좌동로 91, 102동 502호 (좌동)"
FAMILY = [
    {"source_key": "FATHER", "name": "김한결", "birth_date": "1980-01-02", "sex": "M", "address": FLAT},
    {"source_key": "MOTHER", "name": "이두리", "birth_date": "1982-03-04", "sex": "F", "address": FLAT},
    {"source_key": "SON", "name": "김세찬", "birth_date": "2012-05-06", "sex": "M", "address": FLAT},
    {"source_key": "GRANNY", "name": "박온누리", "birth_date": "1950-07-08", "sex": "F", "address": AWAY},
]


def stock() -> dict[str, Customer]:
    """A family of three, and a grandmother elsewhere who pays for the son."""
    feed([person(**row) for row in FAMILY])
    feed([contract()], layout="contracts")
    roles = (("POLICYHOLDER", "GRANNY"), ("INSURED", "SON"), ("PAYER", "GRANNY"))
    feed([party(role=role, party_source_key=key) for role, key in roles], layout="parties")
    return {row["source_key"]: Customer.objects.get(links__record__source_key=row["source_key"]) for row in FAMILY}


def searched() -> HouseholdRun:
    run = runs.do_search(run=runs.request_search(by=None, at=NOW, is_queued=False))
    assert (run.state, run.problem) == ("DONE", "")
    return run


def waiting() -> dict[int, tuple[str, list[tuple[int, str]]]]:
    """Kind, and members with roles, of every suggestion that waits."""
    return {
        each.pk: (each.kind, list(each.members.order_by("position").values_list("customer", "role")))
        for each in HouseholdSuggestion.objects.filter(state="OPEN").order_by("pk")
    }


def test_a_search_writes_what_it_finds():
    held = stock()

    run = searched()

    father, mother, son, granny = (held[row["source_key"]].pk for row in FAMILY)
    living, payer = waiting().values()
    assert living == ("LIVING", [(father, "HEAD"), (mother, "SPOUSE"), (son, "CHILD")])
    assert payer == ("PAYER", [(granny, "HEAD"), (son, "GRANDCHILD")])
    assert {name: run.counts[name] for name in ("persons", "living", "payer", "written", "kept", "overtaken")} == {
        "persons": 4,
        "living": 1,
        "payer": 1,
        "written": 2,
        "kept": 0,
        "overtaken": 0,
    }
    assert set(run.seconds) == set(HouseholdRun.Step.values)
    suggestion = HouseholdSuggestion.objects.get(kind="LIVING")
    assert (suggestion.size, suggestion.run, suggestion.household) == (3, run, None)
    assert all({"HOME", "FLAT"} <= set(codes) for _one, _other, _score, codes in suggestion.ties)


def test_the_same_stock_gives_the_same_suggestions_again():
    stock()
    searched()
    before = waiting()

    run = searched()

    assert waiting() == before
    assert (run.counts["written"], run.counts["kept"], run.counts["overtaken"]) == (0, 2, 0)


def test_what_is_no_longer_true_is_overtaken():
    stock()
    searched()
    feed([person(**FAMILY[2] | {"address": AWAY, "as_of": "2026-11-20"})])

    run = searched()

    assert run.counts["overtaken"] >= 1
    living = [members for kind, members in waiting().values() if kind == "LIVING"]
    assert all(len(members) == 2 for members in living)


def written_after(act: Callable[[dict[str, Customer]], object]) -> tuple[int, list[str]]:
    """How many suggestions are written where `act` happens after the stock was compared, and their kinds."""
    held, run = stock(), runs.request_search(by=None, at=NOW, is_queued=False)
    compared = read_stock(today=TODAY)
    found = search(compared, ties_of(compared), read_decided(compared))
    act(held)
    written = write_suggestions(run=run, ids=compared.ids, found=found, at=NOW)
    return written.new, [kind for kind, _members in waiting().values()]


def test_nothing_is_written_of_whoever_was_merged_meanwhile():
    steward = make_staff("DATA_STEWARD")

    assert written_after(lambda held: merge(held["MOTHER"], held["FATHER"], by=steward)) == (1, ["PAYER"])


def test_nothing_is_written_of_whoever_was_put_into_a_household_meanwhile():
    def open_household(held: dict[str, Customer]) -> None:
        entries = [households.Entry(held["FATHER"], "HEAD"), households.Entry(held["MOTHER"], "SPOUSE")]
        households.open_household(kind="LIVING", entries=entries, basis="PERSON", deed=deed())

    assert written_after(open_household) == (1, ["PAYER"])


def test_the_confirmed_and_the_refused_are_not_suggested_again():
    stock()
    searched()
    living, payer = HouseholdSuggestion.objects.order_by("kind")
    services.confirm_suggestion(suggestion=living, deed=deed())
    services.refuse_suggestion(suggestion=payer, deed=deed())

    run = searched()

    assert waiting() == {}
    assert run.counts["written"] == 0


def test_a_withdrawn_refusal_is_suggested_again():
    stock()
    searched()
    services.refuse_suggestion(suggestion=HouseholdSuggestion.objects.get(kind="PAYER"), deed=deed())
    services.withdraw_refusal(refusal=HouseholdRefusal.objects.get(), by=make_staff("DATA_STEWARD"), at=NOW)

    searched()

    assert [kind for kind, _members in waiting().values()] == ["LIVING", "PAYER"]


def test_whoever_left_is_not_suggested_back():
    held = stock()
    searched()
    home = services.confirm_suggestion(suggestion=HouseholdSuggestion.objects.get(kind="LIVING"), deed=deed(on=None))
    households.remove_member(household=home, customer=held["SON"], deed=deed(because="MOVED_OUT"))

    searched()

    assert [kind for kind, _members in waiting().values()] == ["PAYER"]


def test_a_household_that_was_opened_by_hand_grows():
    held = stock()
    entries = [households.Entry(held["FATHER"], "HEAD"), households.Entry(held["MOTHER"], "SPOUSE")]
    home = households.open_household(kind="LIVING", entries=entries, basis="PERSON", deed=deed(on=date(2015, 1, 1)))

    searched()

    suggestion = HouseholdSuggestion.objects.get(kind="LIVING")
    assert suggestion.household == home
    services.confirm_suggestion(suggestion=suggestion, deed=Deed(None, NOW, TODAY))
    assert home.memberships.count() == 3


def test_protected_customers_are_in_no_search():
    from customers.services.protections import protect_customer

    held = stock()
    protect_customer(customer=held["MOTHER"], kind="VIP", reason="a reason", by=make_staff("PRIVACY_OFFICER"), at=NOW)

    searched()

    assert not SuggestedMember.objects.filter(customer=held["MOTHER"]).exists()


def test_one_search_at_a_time_is_asked_for():
    first = runs.request_search(by=None, at=NOW, is_queued=False)

    assert runs.request_search(by=None, at=NOW, is_queued=False) == first


def test_a_stopped_search_writes_nothing_and_may_begin_again():
    steward = make_staff("DATA_STEWARD")
    stock()
    run = runs.request_search(by=steward, at=NOW, is_queued=False)

    runs.stop_search(run=run, by=steward, at=NOW)
    assert runs.do_search(run=run).state == "STOPPED"
    assert not HouseholdSuggestion.objects.exists()
    runs.resume_search(run=run, by=steward, is_queued=False)
    tasks.search_households(run_id=run.pk)

    run.refresh_from_db()
    assert run.state == "DONE"
    with pytest.raises(runs.NotStopped):
        runs.resume_search(run=run, by=steward)
    with pytest.raises(runs.AlreadyOver):
        runs.stop_search(run=run, by=steward, at=NOW)


def test_a_search_that_is_stopped_while_it_runs_ends(monkeypatch):
    stock()
    run = runs.request_search(by=None, at=NOW, is_queued=False)

    def stopped(of: object) -> object:
        HouseholdRun.objects.filter(pk=run.pk).update(state="STOPPED", finished_at=NOW)
        return {}

    monkeypatch.setattr(runs, "read_decided", stopped)
    monkeypatch.setattr(runs, "search", lambda *given: [])

    assert runs.do_search(run=run).state == "STOPPED"
    assert not HouseholdSuggestion.objects.exists()


def test_a_search_that_fails_says_so(monkeypatch):
    run = runs.request_search(by=None, at=NOW, is_queued=False)
    monkeypatch.setattr(runs, "read_stock", lambda **given: 1 / 0)

    assert (runs.do_search(run=run).state, run.problem) == ("FAILED", "ZeroDivisionError")


def test_a_search_left_behind_is_taken_up():
    stock()
    run = runs.request_search(by=None, at=NOW, is_queued=False)
    HouseholdRun.objects.filter(pk=run.pk).update(state="RUNNING")

    tasks.resume_household_searches()

    run.refresh_from_db()
    assert run.state == "DONE"
    assert runs.resume_searches() == []


def test_an_empty_stock_is_searched():
    assert searched().counts["written"] == 0
    make_customer()
    assert searched().counts["persons"] == 1


@pytest.mark.parametrize("seed", [11, 12])
def test_households_are_found_as_the_truth_has_them(tmp_path, seed, capsys):
    from accounts.services import load_organisation

    generate(2_500, seed, tmp_path, canonical=True)
    load_organisation(tmp_path / "branches.csv", tmp_path / "staff.csv")
    for entry in manifest_of(tmp_path):
        load_entry(tmp_path, entry)

    call_command("check_households", truth=tmp_path / "truth_households.csv", json=True)

    told = json.loads(capsys.readouterr().out)
    assert told["LIVING"]["precision"] >= 0.94
    assert told["LIVING"]["recall"] >= 0.79
    assert told["PAYER"]["precision"] >= 0.95
    assert not HouseholdSuggestion.objects.exists()
    assert bench.measure()["persons"] == Customer.objects.filter(kind="PERSON", state="ACTIVE").count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM relations_suggestedmember")
        assert cursor.fetchone()[0] > 1_000


def test_a_file_that_is_no_truth_is_refused(tmp_path):
    from django.core.management.base import CommandError

    (tmp_path / "other.csv").write_text("source,source_key\nPOLICY,1\n")
    feed([person(source_key="1")])

    for name in ("other.csv", "missing.csv"):
        with pytest.raises(CommandError):
            call_command("check_households", truth=tmp_path / name)
