"""The pages of bulk actions: who opens them, what the dry run and the outcome tell, and what cannot be done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, BulkAct, Pair
from customers.services import bulk_runs
from tests.accounts.builders import make_staff
from tests.customers.builders import make_rrn
from tests.customers.many_pairs import decide, make_pair_of, make_pairs, make_records, someone
from tests.customers.matching import english, login, said, words

pytestmark = pytest.mark.usefixtures("master")
BULK = "/customers/pairs/bulk/"
PREPARE = f"{BULK}prepare/"
ANSWER = {"answer": "DIFFERENT", "reason_code": "EVIDENCE", "comment": ""}


@pytest.fixture
def steward() -> Staff:
    return make_staff("DATA_STEWARD", language="en", name="정다은")


@pytest.fixture
def client(steward: Staff) -> Client:
    opened = Client()
    opened.force_login(steward)
    return opened


def prepared(client: Client, query: str = "", **answer: str) -> BulkAct:
    """A dry run made by the page."""
    response = client.post(f"{PREPARE}{query}", ANSWER | answer)
    assert response.status_code == 302
    return BulkAct.objects.latest("pk")


def post(client: Client, bulk: BulkAct, verb: str) -> list[str]:
    """What a button of the page led to is said."""
    return said(client.post(f"{BULK}{bulk.pk}/{verb}/", follow=True))


@pytest.mark.parametrize("role", [None, "FP", "BRANCH_MANAGER", "AUDITOR", "COMPLIANCE_OFFICER", "ADMINISTRATOR"])
def test_bulk_actions_are_for_stewards_alone(client, role):
    make_pairs(1)
    bulk = prepared(client)
    stranger = login(*[role] if role else [])

    opened = [stranger.get(url).status_code for url in (BULK, PREPARE, f"{BULK}{bulk.pk}/")]
    sent = [stranger.post(f"{BULK}{bulk.pk}/{verb}/").status_code for verb in ("start", "stop", "take-back")]

    assert (opened, sent, stranger.post(PREPARE, ANSWER).status_code) == ([403] * 3, [403] * 3, 403)
    assert BulkAct.objects.get().state == "DRY"


def test_an_unknown_action_is_not_found(client):
    assert client.get(f"{BULK}1/").status_code == 404
    assert [client.post(f"{BULK}1/{verb}/").status_code for verb in ("start", "stop", "take-back")] == [404] * 3
    assert [client.get(f"{BULK}1/{verb}/").status_code for verb in ("start", "stop", "take-back")] == [405] * 3


def test_the_list_and_the_form_say_why_they_are_empty(client):
    assert "No bulk action was prepared yet" in words(client.get(BULK))
    assert "No open pair fits this filter" in words(client.get(PREPARE))
    make_pairs(1, state="SAME")
    assert "No open pair fits this filter" in words(client.get(f"{PREPARE}?state=SAME"))


def test_the_form_counts_the_pairs_of_the_filter_and_tells_it(client):
    make_pairs(2, reason="NAME_MOBILE")
    make_pairs(1)

    response = client.get(f"{PREPARE}?reason=NAME_MOBILE")

    assert (response.context["count"], response.context["is_exact"]) == (2, True)
    assert "Reason: Same name and mobile, birth date unknown" in words(response)


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"answer": ""}, "Choose an answer."),
        ({"answer": "LEGITIMATE"}, "Select a valid choice."),
        ({"reason_code": ""}, "Choose a reason."),
        ({"reason_code": "OTHER"}, "Say the reason in your own words."),
    ],
)
def test_what_is_missing_in_the_form_is_said(client, answer, complaint):
    make_pairs(1)

    response = client.post(PREPARE, ANSWER | answer)

    assert response.status_code == 200
    assert complaint in words(response)
    assert not BulkAct.objects.exists()


def test_pairs_that_are_gone_when_the_form_is_sent_are_said_to_be(client):
    response = client.post(PREPARE, ANSWER)

    assert "No open pair fits this filter any more." in english(response.context["form"].non_field_errors())


def test_the_dry_run_tells_what_would_happen(client, steward):
    pairs = make_pairs(3, reason="NAME_MOBILE")
    Pair.objects.filter(pk=pairs[0].pk).update(contradicts=None, reason="CONTRADICTED")
    make_pairs(1, reason="ALIKE")
    bulk = prepared(client, answer="SAME", comment="같은 휴대전화")

    page = client.get(f"{BULK}{bulk.pk}/")

    report, text = page.context["report"], words(page)
    assert [(english(label), count) for label, count in report.forecast.done] == [("Merged", 3)]
    assert [(english(label), count) for label, count in report.price] == [
        ("Customers that would be merged away", 3),
        ("Customers concerned", 6),
        ("Their source records", 6),
        ("Their contracts", 0),
        ("VIPs among them", 0),
    ]
    assert "One customer: 4 pairs Tried, not begun" in text
    assert "Decide 3 pairs now" in text
    assert "같은 휴대전화" in text
    assert "Left alone They contradict an earlier decision, so each is looked at by itself 1" in text
    assert (bulk.requested_by, bulk.condition) == (steward, {"state": "OPEN"})


def test_an_action_goes_from_its_dry_run_to_its_taking_back(client):
    make_pairs(2)
    bulk = prepared(client, "?reason=ALIKE")

    assert post(client, bulk, "start") == ["The bulk action was queued."]
    running = client.get(f"{BULK}{bulk.pk}/")
    assert 'hx-trigger="every 1500ms"' in running.content.decode()
    assert "Pairs done: 0 of 2" in words(running)
    assert "Nobody is at it now." in words(running)

    bulk_runs.run_bulk(bulk=bulk)
    ended = client.get(f"{BULK}{bulk.pk}/", headers={"HX-Request": "true", "HX-Target": "bulk-run"})
    assert "hx-trigger" not in ended.content.decode()
    assert "The bulk action has ended: Done." in words(ended)
    assert "Ruled to be two customers 2" in words(ended)
    assert "Can be taken back until" in words(ended)

    assert post(client, bulk, "take-back") == ["The decisions are being taken back, the newest first."]
    bulk_runs.run_bulk(bulk=bulk)
    assert "What was taken back Outcome Decisions Taken back 2" in words(client.get(f"{BULK}{bulk.pk}/"))
    assert set(Pair.objects.values_list("state", flat=True)) == {"OPEN"}


def test_a_resident_number_in_the_comment_is_masked(client):
    make_pairs(1)
    rrn = make_rrn("850302", 2)
    bulk = prepared(client, comment=f"예: {rrn}")

    page = client.get(f"{BULK}{bulk.pk}/")

    assert "예: 850302-2******" in words(page)
    assert rrn not in page.content.decode()


def test_what_was_kept_is_told_with_its_reason(client):
    (pair,) = make_pairs(1)
    bulk = prepared(client, answer="SAME")
    post(client, bulk, "start")
    bulk_runs.run_bulk(bulk=bulk)
    (other,) = make_records(someone())
    decide(make_pair_of(pair.left, other), "SAME", at=timezone.now())

    post(client, bulk, "take-back")
    bulk_runs.run_bulk(bulk=bulk)

    page = client.get(f"{BULK}{bulk.pk}/")
    assert "Kept Later decisions rest on it; take those back first 1" in words(page)
    assert [(line.act_id, english(line.why)) for line in page.context["report"].kept_acts] == [
        (Act.objects.get(bulk=bulk).pk, "Later decisions rest on it; take those back first")
    ]


def test_a_run_is_stopped_and_goes_on(client):
    make_pairs(2)
    bulk = prepared(client)
    post(client, bulk, "start")

    assert post(client, bulk, "stop") == ["The bulk action was stopped. What is decided holds."]
    assert "Go on" in words(client.get(f"{BULK}{bulk.pk}/"))
    assert post(client, bulk, "start") == ["The bulk action was queued."]


def test_what_cannot_be_done_is_said(client):
    make_pairs(1)
    bulk = prepared(client)

    assert post(client, bulk, "stop") == [
        "Somebody began, stopped or took it back meanwhile. This is how it stands now."
    ]
    other = login("STEWARD_LEAD")
    assert post(other, bulk, "start") == ["Whoever made the dry run begins it. Make one of your own."]
    assert "Whoever made the dry run begins it." in words(other.get(f"{BULK}{bulk.pk}/"))
    BulkAct.objects.update(requested_at=timezone.now() - timedelta(hours=25))
    assert post(client, bulk, "start") == ["The dry run is more than a day old. Make a new one."]
    assert "The dry run is more than a day old." in words(client.get(f"{BULK}{bulk.pk}/"))
    BulkAct.objects.update(state="DONE", finished_at=timezone.now())
    assert post(client, bulk, "take-back") == [
        "None of its decisions holds any more, so there is nothing to take back."
    ]
    BulkAct.objects.update(finished_at=timezone.now() - timedelta(days=31))
    assert post(client, bulk, "take-back") == ["The days in which it could be taken back are over."]


def test_a_dry_run_that_would_decide_nothing_is_not_begun(client):
    make_pairs(1, reason="CONTRADICTED")

    page = words(client.get(f"{BULK}{prepared(client).pk}/"))

    assert "Nothing would be decided, so there is nothing to begin." in page


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_the_list_needs_as_many_queries_for_three_actions_as_for_one(client):
    make_pairs(1)
    counts = []
    for number in (1, 2):
        for _action in range(number):
            prepared(client)
        counts.append(queries(client, BULK))

    assert counts[0] == counts[1] <= 11
    assert "3 bulk actions" in words(client.get(BULK))


def test_an_action_needs_as_many_queries_for_three_pairs_as_for_one(client):
    counts = []
    for number in (1, 2):
        make_pairs(number)
        bulk = prepared(client)
        post(client, bulk, "start")
        bulk_runs.run_bulk(bulk=bulk)
        Pair.objects.update(state="OPEN", closed_at=None)
        counts.append(queries(client, f"{BULK}{bulk.pk}/"))

    assert counts[0] == counts[1] <= 15
