"""The pages of feeds: who may do what, what a form refuses, what a run shows while it is at work and afterwards."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from customers import paging
from customers.feeds.mapping import canonical_definition
from customers.models import FeedRun, SourceSystem
from customers.services import feeds
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, as_text, feed, make_feed_run, make_mapping, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
LIST, UPLOAD, PICK_UP = "/customers/feeds/", "/customers/feeds/upload/", "/customers/feeds/pick-up/"


def login(*roles: str) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(make_staff(*roles, language="en"))
    return client


def page(run: FeedRun, way: str = "") -> str:
    return f"{LIST}{run.pk}/{way}"


def source(code: str = "POLICY") -> SourceSystem:
    return SourceSystem.objects.get(code=code)


def send(client: Client, content: bytes | None = None, name: str = "customers.csv", **fields: object) -> object:
    """Send the upload form; fields given replace its own, those that are None are left out."""
    content = as_text([person()], person()).encode() if content is None else content
    data = {"source": source().pk, "layout": "customers", "upload": SimpleUploadedFile(name, content)} | fields
    return client.post(UPLOAD, {key: value for key, value in data.items() if value is not None})


def errors(response: object) -> dict[str, list[str]]:
    """{field: what is wrong with it, in English}."""
    with translation.override("en"):
        return {name: list(problems) for name, problems in response.context["form"].errors.items()}


def words(response: object) -> str:
    """What a reader sees of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    ("role", "views", "loads", "downloads"),
    [
        (None, 403, 403, 403),
        ("FP", 403, 403, 403),
        ("BRANCH_MANAGER", 403, 403, 403),
        ("CAMPAIGN_MANAGER", 403, 403, 403),
        ("SERVICE_CLIENT", 403, 403, 403),
        ("AUDITOR", 200, 403, 403),
        ("COMPLIANCE_OFFICER", 200, 403, 403),
        ("PRIVACY_OFFICER", 200, 403, 403),
        ("DATA_STEWARD", 200, 200, 200),
        ("ADMINISTRATOR", 200, 200, 200),
    ],
)
def test_each_role_may_do_what_it_may(role, views, loads, downloads):
    run, client = feed([person(name="")]), login(*[role] if role else [])

    assert [client.get(url).status_code for url in (LIST, page(run))] == [views] * 2
    assert [client.get(url).status_code for url in (UPLOAD, PICK_UP)] == [loads] * 2
    assert client.post(page(run, "repeat/")).status_code == {200: 302, 403: 403}[loads]
    answer = client.get(page(run, "rejects/"))
    assert (answer.status_code, b"".join(answer)[:3] == b"\xef\xbb\xbf") == (downloads, downloads == 200)
    assert send(client).status_code == {200: 302, 403: 403}[loads]


def test_what_changes_something_is_not_done_by_a_link():
    run = make_feed_run()

    assert login("DATA_STEWARD").get(page(run, "repeat/")).status_code == 405


def test_an_unknown_run_is_not_found():
    client = login("DATA_STEWARD")

    assert [client.get(f"{LIST}{pk}/{way}").status_code for pk in (1, 10**30) for way in ("", "rejects/")] == [404] * 4


def test_the_history_shows_the_newest_run_first_with_an_honest_count():
    runs = [make_feed_run(file_name=f"{number}.csv") for number in range(3)]

    answer = login("AUDITOR").get(LIST)

    assert list(answer.context["page"].rows) == runs[::-1]
    assert answer.context["summary"] == "3 runs"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["dry", "failed", "contracts", "bank"]),
        ("?source=BANCA", ["bank"]),
        ("?layout=contracts", ["contracts"]),
        ("?state=FAILED", ["failed"]),
        ("?dry=1", ["dry"]),
        ("?dry=0&state=DONE", ["contracts", "bank"]),
        ("?source=BANCA&state=FAILED", []),
        ("?state=NONSENSE&source=NOBODY", ["dry", "failed", "contracts", "bank"]),
    ],
)
def test_the_history_is_narrowed_in_the_address(query, expected):
    make_feed_run("BANCA", file_name="bank")
    make_feed_run(layout="contracts", file_name="contracts")
    make_feed_run(state="FAILED", file_name="failed")
    make_feed_run(is_dry_run=True, file_name="dry")

    answer = login("AUDITOR").get(f"{LIST}{query}")

    assert [run.file_name for run in answer.context["page"].rows] == expected


def test_the_history_is_paged_in_both_directions_and_keeps_its_filters(monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    runs = [make_feed_run(state="FAILED") for _number in range(5)][::-1]
    make_feed_run()
    client = login("AUDITOR")

    def step(answer: object, way: str) -> object:
        return client.get(
            LIST + re.search(f'rel="{way}" href="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")
        )

    first = client.get(f"{LIST}?state=FAILED")
    second = step(first, "next")
    third = step(second, "next")
    back = step(step(third, "prev"), "prev")

    shown = [list(answer.context["page"].rows) for answer in (first, second, third, back)]
    assert shown == [runs[:2], runs[2:4], runs[4:], runs[:2]]
    assert [b'rel="next"' in answer.content for answer in (first, second, third, back)] == [True, True, False, True]
    assert [b'rel="prev"' in answer.content for answer in (first, second, third, back)] == [False, True, True, False]


def test_the_history_says_why_it_is_empty():
    client = login("DATA_STEWARD")
    assert "Nothing has been fed yet" in words(client.get(LIST))
    assert "No run matches these filters" in words(client.get(f"{LIST}?state=FAILED"))


@pytest.mark.parametrize("url", [LIST, "/customers/feeds/mappings/"])
def test_a_list_needs_as_many_queries_for_three_rows_as_for_one(url):
    client, counts = login("ADMINISTRATOR"), []
    for number in (1, 2):
        for _row in range(number):
            make_feed_run(requested_by=make_staff())
            make_mapping(canonical_definition("customers"))
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 11


def test_an_upload_becomes_a_waiting_run_of_the_one_who_sent_it():
    client = login("DATA_STEWARD")
    mapping = make_mapping(canonical_definition("customers"))

    answer = send(client, is_dry_run="on", mapping=mapping.pk)

    run = FeedRun.objects.get()
    assert answer.headers["Location"] == page(run)
    assert (run.state, run.is_dry_run, run.mapping, run.file_name, run.requested_by.pk) == (
        "WAITING",
        True,
        mapping,
        "customers.csv",
        int(client.session["_auth_user_id"]),
    )
    assert Path(run.file_path).read_bytes().startswith(b"source_key,")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"upload": None}, {"upload": ["Choose a file."]}),
        ({"content": b""}, {"upload": ["The file is empty."]}),
        (
            {"name": "customers.exe"},
            {"upload": ["A file of this kind cannot be read. Send one of: csv, tsv, txt, ods, xls, xlsb, xlsm, xlsx."]},
        ),
        (
            {"content": b"x" * 1_000_001},
            {"upload": ["The file is larger than 1 MB. Cut it into several files, or put it into the inbox folder."]},
        ),
        ({"source": None}, {"source": ["This field is required."]}),
        ({"layout": "nonsense"}, {"layout": ["Select a valid choice. nonsense is not one of the available choices."]}),
    ],
)
def test_an_upload_that_cannot_be_a_feed_is_refused_in_words(settings, fields, expected):
    settings.FEED_UPLOAD_MEGABYTES = 1

    answer = send(login("DATA_STEWARD"), **fields)

    assert (errors(answer), FeedRun.objects.count()) == (expected, 0)


def test_the_largest_upload_is_a_setting(settings):
    settings.FEED_UPLOAD_MEGABYTES = 2
    client = login("DATA_STEWARD")

    send(client, b"x" * 2_000_000)
    refused = send(client, b"x" * 2_000_001)

    assert list(FeedRun.objects.values_list("file_size", flat=True)) == [2_000_000]
    assert list(errors(refused)) == ["upload"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "BANCA"}, "This mapping belongs to another source."),
        ({"layout": "parties"}, "This mapping is for rows of another kind."),
        ({"state": "DRAFT"}, "Select a valid choice. That choice is not one of the available choices."),
        ({"state": "RETIRED"}, "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_a_mapping_must_be_live_and_of_the_source_and_layout(fields, expected):
    mapping = make_mapping(canonical_definition("customers"), **fields)

    answer = send(login("DATA_STEWARD"), mapping=mapping.pk)

    assert (errors(answer), FeedRun.objects.count()) == ({"mapping": [expected]}, 0)


def test_a_source_that_is_closed_sends_nothing():
    SourceSystem.objects.filter(code="POLICY").update(is_active=False)

    assert list(errors(send(login("DATA_STEWARD")))) == ["source"]


def test_the_form_offers_the_mappings_of_the_chosen_source_and_layout():
    wanted = make_mapping(canonical_definition("customers"), name="wanted")
    make_mapping(canonical_definition("customers"), "BANCA", name="of-another-source")
    make_mapping(canonical_definition("parties"), layout="parties", name="of-another-layout")
    make_mapping(canonical_definition("customers"), name="draft", state="DRAFT")
    client = login("DATA_STEWARD")

    def offered(query: str) -> set[str]:
        field = client.get(f"{UPLOAD}{query}").context["form"].fields["mapping"]
        return set(field.queryset.values_list("name", flat=True))

    assert offered(f"?source={wanted.source_id}&layout=customers") == {"wanted"}
    assert offered(f"?source={wanted.source_id}&layout=parties") == {"of-another-layout"}
    assert offered("") == offered("?source=x") == {"wanted", "of-another-source", "of-another-layout"}
    part = client.get(f"{UPLOAD}?source={wanted.source_id}", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="mapping-field")
    assert words(part) == "Mapping None: the file has the canonical columns wanted (Customers)"


def test_a_file_of_the_inbox_is_picked_up_by_its_name():
    settings.FEED_INBOX.mkdir(exist_ok=True)
    path = settings.FEED_INBOX / "nightly.csv"
    path.write_text(as_text([person()], person()))
    client = login("ADMINISTRATOR")
    fields = {"source": source().pk, "layout": "customers", "name": "nightly.csv"}

    shown = words(client.get(PICK_UP))
    client.post(PICK_UP, fields)
    path.unlink()

    assert "nightly.csv (" in shown
    run = FeedRun.objects.get()
    assert (run.file_name, run.file_path, run.is_dry_run) == ("nightly.csv", str(path), False)
    assert list(errors(client.post(PICK_UP, fields))) == ["name"]
    assert "The inbox folder is empty" in words(client.get(PICK_UP))


def test_a_run_that_is_not_over_asks_for_itself_again_and_stops_when_it_is():
    run = make_feed_run(state="RUNNING", finished_at=None)
    client, htmx = login("AUDITOR"), {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "feed-run"}

    alive = client.get(page(run), **htmx)
    FeedRun.objects.filter(pk=run.pk).update(state="DONE", finished_at=NOW)
    over = client.get(page(run), **htmx)

    assert [answer.templates[0].name for answer in (alive, over)] == ["customers/_feed_run.html"] * 2
    assert [b"hx-trigger" in answer.content for answer in (alive, over)] == [True, False]
    assert "The run is over: " in words(over)
    assert "The run is over: " not in words(client.get(page(run)))


def test_a_run_at_work_shows_how_far_it_is_though_its_transaction_is_open():
    run = make_feed_run(state="RUNNING", finished_at=None, file_size=1000)
    run.bytes_done, run.rows_read, run.rows_rejected, run.step = 400, 1_234, 5, "LINKING"
    feeds._tell(run, lambda run: None)

    answer = login("AUDITOR").get(page(run))

    report = answer.context["report"]
    assert (report.percent, report.read_count, report.rejected_count) == (40, 1234, 5)
    assert [step.place for step in report.steps] == ["done", "now", "next"]
    assert "40 % of the file read · rows: 1,234 · rejected: 5" in words(answer)
    cache.clear()


def test_a_run_whose_process_has_ended_says_so():
    run = make_feed_run(state="RUNNING", finished_at=None)
    client, sentence = login("AUDITOR"), "The process that loaded this file has ended."

    assert sentence in words(client.get(page(run)))
    with feeds._exclusive(run):
        assert sentence not in words(client.get(page(run)))


def test_a_run_that_waits_for_another_of_its_source_names_it():
    first = make_feed_run(state="RUNNING", file_name="first.csv", finished_at=None)
    later = NOW + timezone.timedelta(seconds=1)
    second = make_feed_run(state="RUNNING", finished_at=None, started_at=later)
    make_feed_run("BANCA", state="RUNNING", finished_at=None)
    client = login("AUDITOR")

    assert client.get(page(second)).context["report"].waits_for == first
    assert client.get(page(first)).context["report"].waits_for is None


@pytest.mark.parametrize(("seconds", "is_long"), [(30, False), (90, True)])
def test_a_run_that_no_worker_takes_up_says_so_after_a_minute(seconds, is_long):
    asked = timezone.now() - timezone.timedelta(seconds=seconds)
    run = make_feed_run(state="WAITING", started_at=None, finished_at=None, requested_at=asked)

    assert login("AUDITOR").get(page(run)).context["report"].waits_long is is_long


def test_the_outcome_is_told_in_counts_and_words():
    run = feed([person(mobile="010-1234-5678"), person(name=""), person(birth_date="1985-13-01", mobile="1")])

    answer = login("DATA_STEWARD").get(page(run))

    report = answer.context["report"]
    assert [figure.count for figure in report.rows] == [3, 1, 0, 0, 0, 2]
    assert [figure.count for figure in report.customers] == [1, 0, 0, 0]
    assert dict(report.reasons) == {
        "This column must not be empty.": 1,
        "The birth date does not exist in the calendar.": 1,
    }
    shown = words(answer)
    assert all(reason in shown for reason in dict(report.reasons))
    assert "Download rejects" in shown
    assert "Download rejects" not in words(login("AUDITOR").get(page(run)))


def test_a_failure_is_told_in_a_sentence():
    run = make_feed_run(state="FAILED", error="The file policy.csv has no header line.")

    assert "The file policy.csv has no header line." in words(login("AUDITOR").get(page(run)))


def test_a_dry_run_is_run_for_real_by_one_button_once():
    client = login("DATA_STEWARD")
    send(client, is_dry_run="on")
    dry = feeds.run_feed(run=FeedRun.objects.get())

    before = words(client.get(page(dry)))
    answer = client.post(page(dry, "repeat/"))
    second = client.post(page(dry, "repeat/"), follow=True)

    assert "Run it for real" in before
    real = FeedRun.objects.exclude(pk=dry.pk).get()
    assert (answer.headers["Location"], real.is_dry_run, real.file_path) == (page(real), False, dry.file_path)
    assert "This file was loaded already, or its run was requested before." in words(second)
    assert "Run it for real" not in words(client.get(page(dry)))


def test_the_reject_file_is_kept_by_nobody_on_the_way_and_named_without_the_sender_s_words():
    rrn = make_rrn()
    run = feed([person(source_key="K1", name="", rrn=rrn)])

    answer = login("DATA_STEWARD").get(page(run, "rejects/"))

    body = b"".join(answer).decode("utf-8-sig")
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"], answer.headers["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        f'attachment; filename="rejects-{run.pk}.csv"',
        "no-store",
    )
    assert body.splitlines()[0].startswith("오류행,오류항목,오류값,오류사유,source_key")
    assert ("K1" in body, rrn in body) == (True, True)


def test_a_run_without_rejects_has_no_reject_file():
    assert login("DATA_STEWARD").get(page(feed([person()]), "rejects/")).status_code == 404


def test_the_way_to_feed_corrected_rejects_keeps_source_layout_and_mapping():
    mapping = make_mapping(canonical_definition("customers"))
    run = make_feed_run(mapping=mapping, rows_rejected=2)
    client = login("DATA_STEWARD")

    url = re.search(r'href="([^"]*upload/\?[^"]*)"', client.get(page(run)).content.decode())[1].replace("&amp;", "&")

    assert client.get(url).context["form"].initial == {
        "source": str(run.source_id),
        "layout": "customers",
        "mapping": str(mapping.pk),
    }


@pytest.mark.parametrize("word", ["older_than", "newer_than"])
def test_an_id_beyond_all_measure_is_no_place_in_the_history(word):
    assert login("DATA_STEWARD").get(f"/customers/feeds/?{word}={'9' * 5000}").status_code == 200


def test_a_source_beyond_all_measure_is_no_source():
    assert login("DATA_STEWARD").get(f"/customers/feeds/upload/?source={'9' * 5000}").status_code == 200
