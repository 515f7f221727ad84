"""The pages of matching: who may do what, what a run tells, what happens to the buttons' requests."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import paging
from customers.models import MatchPart, MatchRun
from customers.services import locks, stock
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_feed_run, person
from tests.customers.matching import HOME, MODELS, RUNS, english, login, make_model, make_run, said, words

pytestmark = pytest.mark.usefixtures("master")


@pytest.mark.parametrize(
    ("role", "views", "runs", "learns", "publishes"),
    [
        (None, 403, 403, 403, 403),
        ("FP", 403, 403, 403, 403),
        ("BRANCH_MANAGER", 403, 403, 403, 403),
        ("CAMPAIGN_MANAGER", 403, 403, 403, 403),
        ("SERVICE_CLIENT", 403, 403, 403, 403),
        ("AUDITOR", 200, 403, 403, 403),
        ("COMPLIANCE_OFFICER", 200, 403, 403, 403),
        ("PRIVACY_OFFICER", 200, 403, 403, 403),
        ("DATA_STEWARD", 200, 302, 302, 403),
        ("ADMINISTRATOR", 200, 403, 302, 302),
    ],
)
def test_each_role_may_do_what_it_may(role, views, runs, learns, publishes):
    run, model, client = make_run(state="STOPPED", step="WEIGHING"), make_model(), login(*[role] if role else [])

    pages = [HOME, f"{RUNS}{run.pk}/", MODELS, f"{MODELS}0/", f"{MODELS}{model.version}/"]
    assert [client.get(url).status_code for url in pages] == [views] * 5
    acts = [f"{RUNS}request/", f"{RUNS}{run.pk}/stop/", f"{RUNS}{run.pk}/resume/"]
    assert [client.post(url).status_code for url in acts] == [runs] * 3
    assert client.post(f"{MODELS}request/").status_code == learns
    assert client.post(f"{MODELS}{model.version}/publish/").status_code == publishes


def test_what_changes_something_is_not_done_by_a_link():
    run, model, client = make_run(), make_model(), login("DATA_STEWARD", "ADMINISTRATOR")
    acts = [f"{RUNS}request/", f"{RUNS}{run.pk}/stop/", f"{RUNS}{run.pk}/resume/"]
    acts += [f"{MODELS}request/", f"{MODELS}{model.version}/publish/"]

    assert [client.get(url).status_code for url in acts] == [405] * 5


def test_what_is_unknown_is_not_found():
    client = login("DATA_STEWARD", "ADMINISTRATOR")
    pages = [f"{RUNS}1/", f"{RUNS}{10**30}/", f"{MODELS}1/", f"{MODELS}{10**30}/"]
    acts = [f"{RUNS}1/stop/", f"{RUNS}1/resume/", f"{MODELS}1/publish/", f"{MODELS}0/publish/"]

    assert [client.get(url).status_code for url in pages] == [404] * 4
    assert [client.post(url).status_code for url in acts] == [404] * 4


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        ("AUDITOR", []),
        ("DATA_STEWARD", ["runs/request", "models/request", "models/1/rehearse"]),
        ("ADMINISTRATOR", ["models/request", "models/1/rehearse", "models/1/publish"]),
    ],
)
def test_only_buttons_that_work_are_shown(role, buttons):
    make_model()
    client = login(role)

    pages = b"".join(client.get(url).content for url in (HOME, MODELS, f"{MODELS}1/")).decode()

    assert re.findall(r'action="/customers/matching/([^"]+)/"', pages) == buttons


@pytest.mark.parametrize(("role", "is_there"), [("AUDITOR", True), ("ADMINISTRATOR", True), ("FP", False)])
def test_the_menu_leads_to_matching_where_it_may_be_seen(role, is_there):
    assert (f'href="{HOME}"' in login(role).get("/").content.decode()) == is_there


def test_the_home_shows_the_model_in_use_and_the_newest_run_first():
    runs = [make_run() for _number in range(3)]
    make_model(state="RETIRED")
    make_model(state="LIVE", published_at=NOW, published_by=make_staff(name="조민재"))

    answer = login("AUDITOR").get(HOME)

    assert list(answer.context["page"].rows) == runs[::-1]
    assert answer.context["summary"] == "3 match runs"
    assert "Model in use version 2 In use since 2026-11-23 09:00 Put to use by 조민재" in words(answer)
    assert "Precision at its cut 99.2% Recall at its cut 97.5%" in words(answer)


def test_without_a_version_of_its_own_an_installation_uses_the_prior_model():
    assert "Model in use shipped model In use since with Hannun" in words(login("AUDITOR").get(HOME))


def test_the_home_says_why_it_is_empty():
    assert "The whole stock was never matched" in words(login("AUDITOR").get(HOME))


def test_the_runs_are_paged_in_both_directions(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    runs = [make_run() for _number in range(3)][::-1]
    client = login("AUDITOR")

    first = client.get(HOME)
    second = client.get(f"{HOME}?older_than={runs[1].pk}")
    back = client.get(f"{HOME}?newer_than={runs[2].pk}")

    assert [list(answer.context["page"].rows) for answer in (first, second, back)] == [runs[:2], runs[2:], runs[:2]]
    assert [b'rel="next"' in answer.content for answer in (first, second, back)] == [True, False, True]
    assert [b'rel="prev"' in answer.content for answer in (first, second, back)] == [False, True, False]


@pytest.mark.parametrize("url", [HOME, MODELS])
def test_a_list_needs_as_many_queries_for_three_rows_as_for_one(url):
    client, counts = login("ADMINISTRATOR"), []
    for number in (1, 2):
        for _row in range(number):
            make_run(requested_by=make_staff())
            make_model(created_by=make_staff(), published_by=make_staff())
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 11


def test_a_run_needs_as_many_queries_for_three_parts_as_for_one():
    client, run, counts = login("DATA_STEWARD"), make_run(), []
    for numbers in ((0,), (1, 2)):
        for number in numbers:
            MatchPart.objects.create(run=run, number=number, is_done=True)
        client.get(f"{RUNS}{run.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{RUNS}{run.pk}/")
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10


def test_a_request_becomes_a_run_of_the_one_who_asked():
    client = login("DATA_STEWARD")

    answer = client.post(f"{RUNS}request/", follow=True)

    run = MatchRun.objects.get()
    assert answer.redirect_chain == [(f"{RUNS}{run.pk}/", 302)]
    assert (run.state, run.step, run.requested_by.pk) == ("RUNNING", "WAITING", int(client.session["_auth_user_id"]))
    assert said(answer) == ["The match run was queued."]


def test_a_second_request_leads_to_the_run_that_is_waiting():
    run = make_run(state="RUNNING", step="WAITING")

    answer = login("DATA_STEWARD").post(f"{RUNS}request/", follow=True)

    assert answer.redirect_chain == [(f"{RUNS}{run.pk}/", 302)]
    assert MatchRun.objects.count() == 1
    assert said(answer) == ["A run was waiting or at work already; this is it."]


@pytest.mark.parametrize(
    ("act", "state", "expected"),
    [
        ("stop", "RUNNING", ("RUNNING", True, "The run was asked to stop. What is done is kept.")),
        ("stop", "DONE", ("DONE", False, "The run had ended already.")),
        ("stop", "STOPPED", ("STOPPED", False, "The run had ended already.")),
        ("resume", "STOPPED", ("RUNNING", False, "The run goes on.")),
        ("resume", "FAILED", ("FAILED", False, "The run had ended already.")),
    ],
)
def test_a_run_is_stopped_and_goes_on(act, state, expected):
    run = make_run(state=state, step="WEIGHING")

    answer = login("DATA_STEWARD").post(f"{RUNS}{run.pk}/{act}/", follow=True)

    run.refresh_from_db()
    assert (run.state, run.is_stop_wanted, *said(answer)) == expected


@pytest.mark.parametrize(
    ("state", "buttons"),
    [("RUNNING", ["stop"]), ("STOPPED", ["resume"]), ("DONE", ["request"]), ("FAILED", ["request"])],
)
def test_a_run_offers_what_its_state_allows(state, buttons):
    run = make_run(state=state, step="WEIGHING")

    page = login("DATA_STEWARD").get(f"{RUNS}{run.pk}/").content.decode()

    assert re.findall(r'action="/customers/matching/runs/(?:\d+/)?(\w+)/"', page) == buttons


def test_a_run_at_work_shows_its_step_and_its_parts():
    run = make_run(state="RUNNING", step="READING", seconds={"READING": 1.25})
    cache.set(f"match-progress-{run.pk}", "WEIGHING", 60)
    MatchPart.objects.create(run=run, number=0, is_done=True, pairs=52000, seconds=2.5, worker="one:17")
    MatchPart.objects.create(run=run, number=1)

    answer = login("AUDITOR").get(f"{RUNS}{run.pk}/")

    report = answer.context["report"]
    assert [(step.place, step.seconds) for step in report.steps] == [
        ("done", "1.25 s"),
        ("now", ""),
        *[("next", "")] * 3,
    ]
    assert report.percent == 50
    assert "Parts compared: 1 of 2 · records: 20,000" in words(answer)
    assert "1 one:17 52,000 2.50 s 2 not done yet – –" in words(answer)


def test_a_run_at_work_asks_for_itself_until_it_has_ended():
    run, client = make_run(state="RUNNING", step="WEIGHING"), login("AUDITOR")
    as_part = {"HX-Request": "true", "HX-Target": "match-run"}

    alive = client.get(f"{RUNS}{run.pk}/", headers=as_part).content.decode()
    MatchRun.objects.update(state="DONE", step="FINISHED")
    over = client.get(f"{RUNS}{run.pk}/", headers=as_part).content.decode()

    assert (alive.count(f'hx-get="{RUNS}{run.pk}/"'), over.count("hx-get")) == (1, 0)
    assert "<html" not in alive + over
    assert ("The run has ended: Done." in alive, "The run has ended: Done." in over) == (False, True)


def test_a_waiting_run_says_what_it_waits_for():
    run = make_run(state="RUNNING", step="WAITING", started_at=timezone.now())
    loading = make_feed_run(state="RUNNING", file_name="policy-big.csv")

    page = login("AUDITOR").get(f"{RUNS}{run.pk}/")

    assert "Waits for its turn" in words(page)
    assert f"A file is being loaded now: {loading.file_name}" in words(page)
    assert "more than a minute" not in words(page)


def test_a_run_that_waits_long_says_so():
    run = make_run(state="RUNNING", step="WAITING", started_at=timezone.now() - timedelta(seconds=61))

    assert "It has waited for more than a minute" in words(login("AUDITOR").get(f"{RUNS}{run.pk}/"))


@pytest.mark.parametrize(
    ("state", "step", "is_led", "is_told"),
    [
        ("RUNNING", "WEIGHING", False, True),
        ("RUNNING", "WEIGHING", True, False),
        ("RUNNING", "WAITING", False, False),
        ("STOPPED", "WEIGHING", False, False),
    ],
)
def test_a_run_that_nobody_leads_says_so(state, step, is_led, is_told):
    run = make_run(state=state, step=step)
    if is_led:
        locks.take_match_run(run.pk)
    try:
        page = words(login("AUDITOR").get(f"{RUNS}{run.pk}/"))
    finally:
        locks.leave_match_run(run.pk)

    assert ("Nobody is at it now." in page) == is_told


def test_a_run_that_is_to_stop_says_when():
    run = make_run(state="RUNNING", step="WEIGHING", is_stop_wanted=True)

    answer = login("DATA_STEWARD").get(f"{RUNS}{run.pk}/")

    assert "It stops when the parts in hand are done." in words(answer)
    assert b"/stop/" not in answer.content


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("StockChanged", "The stock changed while it was being read. Start the run again."),
        ("KeyError", "An unexpected error (KeyError) ended the run. The log of the worker tells the place."),
    ],
)
def test_a_failed_run_says_why_in_words(error, sentence):
    run = make_run(state="FAILED", step="DECIDING", error=error, seconds={"READING": 1, "WEIGHING": 2})

    answer = login("AUDITOR").get(f"{RUNS}{run.pk}/")

    assert sentence in words(answer)
    assert [step.place for step in answer.context["report"].steps] == ["done", "done", "ended", "next", "next"]


@pytest.mark.django_db(transaction=True)
def test_a_run_over_a_real_stock_tells_what_it_did():
    feed(
        [person(mobile="010-2345-6789"), person(mobile="010-2345-6789"), person(name="박서준", birth_date="1971-04-04")]
    )
    run = stock.match_stock(at=NOW, by=None)

    answer = login("AUDITOR").get(f"{RUNS}{run.pk}/")

    assert [step.place for step in answer.context["report"].steps] == ["done"] * 5
    assert {english(label): count for label, count in answer.context["report"].counts} == {
        "Records linked for the first time": 0,
        "Records moved to another customer": 0,
        "Customers created": 0,
        "Customers merged": 0,
        "Customers changed": 0,
        "New pairs for review": 0,
    }
