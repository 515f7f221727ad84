"""Files made from lists: ceilings, a second person, what stands in them, who takes them, and their end."""

import csv
import hashlib
import io
import json
import stat
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from python_calamine import CalamineWorkbook

from accounts.exporting import cells
from accounts.exporting.cards import exported_files
from accounts.models import AccessEntry, AccessReview, Export, Notice, ReviewItem, Staff
from accounts.notice_words import sentence_of
from accounts.services import export_runs, exports, withdraw_role
from accounts.trail import append
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.exporting import REASON, NumbersExport, asked, made, path

pytestmark = pytest.mark.django_db
LIST = "/accounts/exports/"


@pytest.fixture(autouse=True)
def numbers(settings) -> None:
    settings.EXPORT_LISTS = settings.EXPORT_LISTS | {"numbers": "tests.accounts.exporting.NumbersExport"}
    settings.EXPORT_CEILINGS = {"DATA_STEWARD": 5, "STEWARD_LEAD": 5}


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page(export: Export, way: str = "") -> str:
    return f"{LIST}{export.pk}/{way}"


def entries(staff: Staff, kind: str = "EXPORT") -> list[AccessEntry]:
    return list(AccessEntry.objects.of_staff(staff).filter(kind=kind).order_by("at", "number"))


def told(staff: Staff) -> list[str]:
    return list(Notice.objects.filter(staff=staff).order_by("pk").values_list("kind", flat=True))


def rows_of(export: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path(export).read_text("utf-8-sig"), newline="")))


# Cells


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[(sign + "cmd|' /C calc'!A0", f"'{sign}cmd|' /C calc'!A0") for sign in "=+-@＝＋－＠"],
        ("\t=1+1", "' =1+1"),
        ("\r=1+1", "' =1+1"),
        ("\n=1+1", "' =1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("'=1+1", "''=1+1"),
        ('"=1+1', "'\"=1+1"),
        ("x;=1+1", "x; =1+1"),
        ("x|@SUM(A1)", "x| @SUM(A1)"),
        ("-1+cmd", "'-1+cmd"),
        ("+82-10-1234-5678", "'+82-10-1234-5678"),
        ("+82 10 1234 5678", "+82 10 1234 5678"),
        ("+821012345678", "+821012345678"),
        ("010-1234-5678", "010-1234-5678"),
        ("-1,234,567", "-1,234,567"),
        ("-1234.50", "-1234.50"),
        ("-", "-"),
        ("홍*동", "홍*동"),
        ("a@b.kr", "a@b.kr"),
        ("한\r\n줄", "한  줄"),
        ("\ud800\x00", "  "),
        ("", ""),
    ],
)
def test_a_cell_is_harmless_and_numbers_stay(text, written):
    assert cells.harmless(text) == written


def test_a_cell_is_no_longer_than_a_workbook_takes():
    assert len(cells.plain_text("가" * 40_000)) == 32_767


# Asking


def test_a_request_within_the_ceiling_is_queued_and_says_all_that_the_register_needs():
    by, now = make_staff("DATA_STEWARD"), timezone.now()

    export = asked(by, size=5, at=now)

    assert (export.state, export.row_count, export.requested_by, export.requested_at) == ("QUEUED", 5, by, now)
    assert (export.list_code, export.conditions, export.reason) == ("numbers", {"size": "5"}, REASON)


def test_above_the_ceiling_a_second_person_above_the_branch_is_told():
    office = make_branch()
    branch = make_branch(parent=office)
    by = make_staff("DATA_STEWARD", branch=branch)
    above = make_staff("PRIVACY_OFFICER", branch=office)
    own = make_staff("BRANCH_MANAGER", branch=branch)
    elsewhere = make_staff("BRANCH_MANAGER", branch=make_branch(parent=office))

    export = asked(by, size=6)

    assert export.state == "PROPOSED"
    assert [told(staff) for staff in (above, own, elsewhere, by)] == [
        ["EXPORT_TO_APPROVE"],
        ["EXPORT_TO_APPROVE"],
        [],
        [],
    ]
    assert by.employee_number in sentence_of(Notice.objects.get(staff=above))


@pytest.mark.parametrize(
    ("roles", "fields", "problem"),
    [
        (["FP"], {}, exports.NotExportable),  # no ceiling
        (["CAMPAIGN_MANAGER"], {}, exports.NotExportable),  # may not see the page
        (["DATA_STEWARD"], {"list_code": "nothing"}, exports.NotExportable),
        (["DATA_STEWARD"], {"purpose": "SALES"}, exports.NotYourPurpose),
        (["DATA_STEWARD"], {"reason": "  필요함    "}, exports.ReasonTooShort),
        (["DATA_STEWARD"], {"size": 0}, exports.NothingToExport),
        (["DATA_STEWARD"], {"size": 1_000_001}, exports.TooManyRows),
    ],
)
def test_a_request_is_refused(roles, fields, problem):
    with pytest.raises(problem):
        asked(make_staff(*roles), **fields)

    assert not Export.objects.exists()


def lock(staff: Staff) -> None:
    """Let a question of the review go unanswered."""
    now, today = timezone.now(), timezone.localdate()
    review = AccessReview.objects.create(month=today.replace(day=1), drawn_at=now)
    entry = {"month": today.replace(day=1), "lane": 0, "number": 1, "at": now}
    due_on = today - timedelta(days=1)
    ReviewItem.objects.create(review=review, staff=staff, state="ASKED", asked_at=now, due_on=due_on, **entry)


def test_whoever_owes_an_answer_to_the_review_asks_for_no_file_and_takes_none():
    by = make_staff("DATA_STEWARD")
    export = made(by)
    lock(by)

    with pytest.raises(exports.DownloadsLocked):
        asked(by)
    with pytest.raises(exports.DownloadsLocked):
        exports.take_export(export=export, by=by, at=timezone.now())
    answer = client_of(by).post(page(export, "download/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, page(export))


# Deciding


def proposed() -> tuple[Export, Staff]:
    """A request above the ceiling, and somebody who decides."""
    office = make_branch()
    return asked(make_staff("DATA_STEWARD", branch=office), size=6), make_staff("STEWARD_LEAD", branch=office)


def test_an_approved_file_is_made_and_says_who_approved(django_capture_on_commit_callbacks):
    export, lead = proposed()

    client_of(lead).post(page(export, "approve/"), {"comment": "확인함"})
    export_runs.make_export(export=export)

    assert (export.state, export.row_count, export.decided_by, export.decision) == ("READY", 6, lead, "확인함")
    assert told(export.requested_by) == ["EXPORT_APPROVED"]


def test_a_refusal_has_a_reason_and_is_told():
    export, lead = proposed()
    client = client_of(lead)

    client.post(page(export, "refuse/"), {"reason": "짧다"})
    assert Export.objects.get().state == "PROPOSED"
    client.post(page(export, "refuse/"), {"reason": "이 업무에는 필요하지 않습니다."})

    export.refresh_from_db()
    assert (export.state, export.decision) == ("REFUSED", "이 업무에는 필요하지 않습니다.")
    assert told(export.requested_by) == ["EXPORT_REFUSED"]
    assert export_runs.make_export(export=export).state == "REFUSED"


def test_nobody_decides_about_their_own_request_or_beside_their_branch_or_twice():
    office = make_branch()
    branches = [make_branch(parent=office) for _number in range(2)]
    lead = make_staff("STEWARD_LEAD", branch=branches[0])
    export, now = asked(lead, size=6), timezone.now()

    with pytest.raises(exports.OwnRequest):
        exports.approve_export(export=export, by=lead, at=now)
    with pytest.raises(exports.NotYoursToDecide):
        exports.approve_export(export=export, by=make_staff("STEWARD_LEAD", branch=branches[1]), at=now)
    with pytest.raises(exports.NotYoursToDecide):
        exports.refuse_export(export=export, by=make_staff("AUDITOR", branch=office), at=now, reason=REASON * 2)
    exports.approve_export(export=export, by=make_staff("STEWARD_LEAD", branch=office), at=now)
    with pytest.raises(exports.NotWaiting):
        exports.approve_export(export=export, by=make_staff("STEWARD_LEAD", branch=office), at=now)


# Making


def test_a_file_holds_watermark_heads_and_rows_and_only_its_owner_reads_it():
    by = make_staff("DATA_STEWARD", name="김하나", language="en")
    export = made(by)

    mark, heads, *rows = rows_of(export)
    number = f"HX-{export.pk:06d}"
    assert mark[0].startswith(f"# Hannun {number} · 김하나 ({by.employee_number}) · ")
    assert (heads, rows) == (
        ["Number", "Text", "Purpose"],
        [[str(number), "", "STEWARDSHIP"] for number in (1, 2, 3)],
    )
    content = path(export).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b'"\r\n')
    assert (export.fingerprint, export.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert stat.S_IMODE(path(export).stat().st_mode) == 0o600
    assert stat.S_IMODE(path(export).parent.stat().st_mode) == 0o700
    assert (export.expires_at - export.finished_at, export.rows_done) == (timedelta(hours=72), 3)
    assert export.destroy_by == timezone.localdate() + timedelta(days=30)


def test_a_workbook_holds_the_same_and_no_formula(monkeypatch):
    texts = ["=1+1", "+82-10-1234-5678", "@SUM(A1)"]
    monkeypatch.setattr(NumbersExport, "texts", texts)
    by = make_staff("DATA_STEWARD", name="A&B =1+1", language="en")
    export = made(by, format="XLSX")

    book = CalamineWorkbook.from_path(str(path(export)))
    rows = book.get_sheet_by_index(0).to_python()
    facts = dict(book.get_sheet_by_index(1).to_python())
    assert rows[0][0].startswith(f"Hannun HX-{export.pk:06d} · A&B =1+1 ({by.employee_number})")
    assert rows[1:] == [
        ["Number", "Text", "Purpose"],
        *([number, text, "STEWARDSHIP"] for number, text in enumerate(texts, 1)),
    ]
    assert (REASON in facts.values(), f"HX-{export.pk:06d}" in facts.values()) == (True, True)
    with zipfile.ZipFile(path(export)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    held = [[part in sheet for part in ("<f>", "A&amp;&amp;B", "oddFooter")] for sheet in sheets]
    assert held == [[False, True, True]] * 2
    assert stat.S_IMODE(path(export).stat().st_mode) == 0o600


def test_hostile_names_and_texts_break_neither_the_line_nor_the_file(monkeypatch):
    texts = ['=HYPERLINK("http://x","y")', 'a","b\r\n=1', "x" * 40_000]
    monkeypatch.setattr(NumbersExport, "texts", texts)
    by = make_staff("DATA_STEWARD", name='=cmd",\n;=1', language="en")

    rows = rows_of(made(by))

    assert [len(row) for row in rows] == [1, 3, 3, 3, 3]
    assert rows[0][0].startswith("# Hannun ") and '=cmd", ; =1 (' in rows[0][0]
    assert [row[1][:20] for row in rows[2:]] == ["'=HYPERLINK(\"http://", 'a","b  =1', "x" * 20]


def test_the_trail_names_every_customer_of_the_file_before_it_is_ready(monkeypatch):
    monkeypatch.setattr(export_runs, "CUSTOMERS_PER_ENTRY", 2)
    by = make_staff("DATA_STEWARD")
    export = made(by)

    found = entries(by)
    assert [entry.customers for entry in found] == [[1, 2], [3]]
    assert {(entry.page, entry.target, entry.purpose, entry.reason, entry.result) for entry in found} == {
        ("accounts:export-detail", f"pk={export.pk}", "STEWARDSHIP", REASON, 200)
    }
    assert export.fingerprint in found[0].conditions


def test_without_the_trail_there_is_no_file():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accessentry ADD CONSTRAINT closed CHECK (false) NOT VALID")
    by = make_staff("DATA_STEWARD")

    export = made(by)

    assert (export.state, export.error, export.file) == ("FAILED", "TRAIL", "")
    assert [file for file in (settings.MEDIA_ROOT / "exports").iterdir() if file.name.startswith(str(export.pk))] == []
    assert told(by) == ["EXPORT_FAILED"]


def deactivate(staff: Staff) -> None:
    Staff.objects.filter(pk=staff.pk).update(is_active=False)


@pytest.mark.parametrize("lose", [deactivate, lambda staff: withdraw_role(staff=staff, role="DATA_STEWARD")])
def test_whoever_lost_the_right_meanwhile_gets_no_file(lose: Callable[[Staff], None]):
    by = make_staff("DATA_STEWARD")
    export = asked(by)
    lose(by)

    export_runs.make_export(export=export)

    assert (export.state, export.error, entries(by)) == ("FAILED", "LOST_RIGHT", [])


def test_whoever_is_deactivated_while_the_file_is_made_gets_none(monkeypatch):
    by = make_staff("DATA_STEWARD")
    rows = NumbersExport.rows

    def rows_and_end(self: NumbersExport, staff: Staff, conditions: object) -> object:
        yield from rows(self, staff, conditions)
        deactivate(by)

    monkeypatch.setattr(NumbersExport, "rows", rows_and_end)
    export = made(by)

    assert (export.state, export.error, export.file) == ("FAILED", "LOST_RIGHT", "")


@pytest.mark.parametrize(
    ("size", "approved", "state"), [(6, False, "FAILED"), (21, True, "READY"), (22, True, "FAILED")]
)
def test_a_list_that_grew_beyond_what_may_be_taken_is_asked_for_again(size, approved, state):
    office = make_branch()
    export = asked(make_staff("DATA_STEWARD", branch=office), size=20 if approved else 5)
    if approved:
        lead = make_staff("STEWARD_LEAD", branch=office)
        exports.approve_export(export=export, by=lead, at=timezone.now())
    Export.objects.update(conditions={"size": str(size)})

    export_runs.make_export(export=export)

    assert (export.state, export.error) == (state, "" if state == "READY" else "GREW")


def test_an_unforeseen_problem_is_told_without_its_words(monkeypatch, caplog):
    def fail(*_words: object) -> object:
        raise ValueError(f"{Staff.objects.get().name} said so")
        yield

    monkeypatch.setattr(NumbersExport, "rows", fail)

    export = made()

    assert (export.state, export.error) == ("FAILED", "UNEXPECTED")
    assert "ValueError" in caplog.text and "김하나" not in caplog.text


def test_a_run_that_was_cut_off_begins_anew_and_a_made_one_stays():
    export = asked()
    Export.objects.update(state="RUNNING", rows_done=2)
    left = settings.MEDIA_ROOT / "exports" / f"{export.pk}.making"
    left.mkdir(parents=True)
    (left / f"{export.pk}.csv").write_text("half")

    assert export_runs.resume_exports() == [export.pk]
    export.refresh_from_db()
    first = export.fingerprint
    export_runs.make_export(export=export)

    assert (export.state, len(rows_of(export)), export.fingerprint) == ("READY", 5, first)
    assert (left.exists(), len(entries(export.requested_by))) == (False, 1)


def test_two_processes_never_make_one_file():
    export = asked()
    words = connection.get_connection_params()
    place = {word: words[word] for word in ("dbname", "host", "port", "user", "password") if word in words}
    with psycopg.connect(**place) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [export_runs.EXPORT_LOCK, export.pk])

        with pytest.raises(export_runs.ExportBusy):
            export_runs.make_export(export=export)


def test_a_long_file_costs_no_memory(settings):
    settings.EXPORT_CEILINGS = {"DATA_STEWARD": 100_000}
    by = make_staff("DATA_STEWARD")
    asked_for = [asked(by, size=60_000, format=kind) for kind in ("CSV", "XLSX")]
    tracemalloc.start()

    done = [export_runs.make_export(export=export) for export in asked_for]

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert ([export.state for export in done], peak < 40 * 1024**2) == (["READY", "READY"], True)


# Taking, expiring, destroying


def test_only_whoever_asked_downloads_and_each_time_counts_and_stands_on_the_trail():
    by = make_staff("DATA_STEWARD")
    export = made(by)
    client = client_of(by)

    answers = [client.post(page(export, "download/")) for _time in range(2)]

    assert [b"".join(answer) == path(export).read_bytes() for answer in answers] == [True, True]
    assert answers[0].headers["Content-Disposition"] == f'attachment; filename="HX-{export.pk:06d}.csv"'
    assert answers[0].headers["Cache-Control"] == "no-store"
    export.refresh_from_db()
    downloads = entries(by)[1:]
    assert (export.downloaded_count, [(entry.page, entry.count, entry.reason) for entry in downloads]) == (
        2,
        [("accounts:export-download", 3, REASON)] * 2,
    )
    overseer = client_of(make_staff("PRIVACY_OFFICER"))
    assert (overseer.get(page(export)).status_code, overseer.post(page(export, "download/")).status_code) == (200, 403)
    assert client.get(page(export, "download/")).status_code == 405


@pytest.mark.parametrize("state", ["PROPOSED", "QUEUED", "RUNNING", "FAILED", "EXPIRED", "REFUSED"])
def test_there_is_nothing_to_download_before_and_after(state):
    by = make_staff("DATA_STEWARD")
    export = asked(by)
    Export.objects.update(state=state)

    assert client_of(by).post(page(export, "download/")).status_code == 302
    assert client_of(by).get(page(export)).status_code == 200
    assert Export.objects.get().downloaded_count == 0


def test_a_file_ends_after_its_hours_and_strays_of_dead_processes_with_it():
    by = make_staff("DATA_STEWARD")
    export = made(by)
    later = export.expires_at + timedelta(hours=25)
    stray = settings.MEDIA_ROOT / "exports" / "1.making"
    stray.mkdir(exist_ok=True)
    (stray / "1.csv").write_text("half")

    with pytest.raises(exports.NotReady):
        exports.take_export(export=export, by=by, at=export.expires_at)
    assert exports.expire_exports(at=export.expires_at - timedelta(seconds=1)) == 0
    kept = path(export).exists()
    assert exports.expire_exports(at=later) == 1

    export.refresh_from_db()
    assert (kept, path(export).exists(), export.state, stray.exists()) == (True, False, "EXPIRED", False)
    assert exports.expire_exports(at=later) == 0


def test_whoever_took_a_copy_confirms_its_destruction_once(django_capture_on_commit_callbacks):
    by = make_staff("DATA_STEWARD")
    export, now = made(by), timezone.now()

    with pytest.raises(exports.NothingTaken):
        exports.confirm_destroyed(export=export, by=by, at=now)
    exports.take_export(export=export, by=by, at=now)
    with pytest.raises(exports.NotYours):
        exports.confirm_destroyed(export=export, by=make_staff("DATA_STEWARD"), at=now)
    with django_capture_on_commit_callbacks(execute=True):
        client_of(by).post(page(export, "destroyed/"))
    with pytest.raises(exports.AlreadyDestroyed):
        exports.confirm_destroyed(export=export, by=by, at=now)

    export.refresh_from_db()
    assert (export.state, export.destroyed_at is not None, path(export).exists()) == ("EXPIRED", True, False)


def test_a_copy_that_nobody_destroyed_in_time_is_told_once_to_its_holder_and_the_overseers():
    by, overseer = make_staff("DATA_STEWARD"), make_staff("PRIVACY_OFFICER")
    export, untouched = made(by), made(by)
    exports.take_export(export=export, by=by, at=timezone.now())
    last = timezone.now() + timedelta(days=30)

    assert exports.remind_of_destruction(at=last) == 0
    assert exports.remind_of_destruction(at=last + timedelta(days=1)) == 1
    assert exports.remind_of_destruction(at=last + timedelta(days=2)) == 0

    assert (told(by), told(overseer)) == (["EXPORT_OVERDUE"], ["EXPORT_OVERDUE_OF"])
    assert f"HX-{export.pk:06d}" in sentence_of(Notice.objects.get(staff=overseer))
    assert untouched.downloaded_count == 0


def test_the_card_tells_what_waits_and_hides_while_it_is_nothing():
    office = make_branch()
    by, lead = make_staff("DATA_STEWARD", branch=office, language="en"), make_staff("STEWARD_LEAD", branch=office)
    assert exported_files(by) is None
    made(by)
    asked(by, size=6)

    assert ("1" in exported_files(by).text, "1" in exported_files(lead).text) == (True, True)


# The register


def test_the_register_shows_own_files_and_all_of_them_by_right():
    by, other, overseer = make_staff("DATA_STEWARD"), make_staff("DATA_STEWARD"), make_staff("AUDITOR")
    exports_made = [made(by), made(other)]

    def shown(staff: Staff, query: str = "") -> list[Export]:
        return [line.export for line in client_of(staff).get(LIST + query).context["lines"]]

    assert (shown(by), shown(by, "?show=all"), shown(overseer)) == ([exports_made[0]], [exports_made[0]], [])
    assert shown(overseer, "?show=all") == exports_made[::-1]
    exports.take_export(export=exports_made[0], by=by, at=timezone.now())
    Export.objects.update(destroy_by=timezone.localdate() - timedelta(days=1))
    assert shown(overseer, "?show=overdue") == [exports_made[0]]


def test_what_somebody_typed_is_whole_only_to_them():
    by, overseer = make_staff("DATA_STEWARD"), make_staff("PRIVACY_OFFICER")
    export = made(by, conditions={"name": "김하나"})

    assert "name: 김하나" in client_of(by).get(page(export)).content.decode()
    for address in (page(export), LIST + "?show=all"):
        content = client_of(overseer).get(address).content.decode()
        assert ("name: ***" in content, "김하나</dd>" in content, "name: 김하나" in content) == (True, False, False)


def test_the_page_of_a_file_is_for_those_whom_it_concerns():
    office = make_branch()
    export = asked(make_staff("DATA_STEWARD", branch=office), size=6)
    decider, stranger = make_staff("STEWARD_LEAD", branch=office), make_staff("DATA_STEWARD", branch=office)
    beside = make_staff("BRANCH_MANAGER", branch=make_branch(parent=office))

    assert [client_of(staff).get(page(export)).status_code for staff in (decider, stranger, beside)] == [200, 404, 404]
    ways = ["approve/", "refuse/", "download/", "destroyed/"]
    assert [client_of(stranger).post(page(export, way)).status_code for way in ways] == [403, 403, 404, 404]
    assert [client_of(beside).post(page(export, way)).status_code for way in ways] == [404] * 4
    assert client_of(stranger).get(f"{LIST}999/").status_code == 404
    assert Client().get(page(export)).status_code == 302


@pytest.mark.parametrize("query", ["", "?show=all"])
def test_the_register_asks_as_often_for_one_file_as_for_three(query):
    by = make_staff("DATA_STEWARD", "PRIVACY_OFFICER")
    client = client_of(by)
    made(by, conditions={"name": "김하나"})
    client.get(LIST + query)

    with CaptureQueriesContext(connection) as one:
        client.get(LIST + query)
    for _file in range(2):
        made(by)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST + query)

    assert len(one) == len(three)


def test_the_register_is_paged_by_keys(monkeypatch):
    monkeypatch.setattr("accounts.exporting.register.PAGE_SIZE", 2)
    by = make_staff("DATA_STEWARD", language="en")
    files = [asked(by) for _file in range(3)][::-1]
    client = client_of(by)

    first = client.get(LIST)
    second = client.get(f"{LIST}?older_than={first.context['page'].older_than}")
    back = client.get(f"{LIST}?newer_than={second.context['page'].newer_than}")

    assert [list(answer.context["page"].rows) for answer in (first, second, back)] == [files[:2], files[2:], files[:2]]
    assert first.context["summary"] == "3 files"
    assert client.get(f"{LIST}?older_than={'9' * 5000}").status_code == 200


def test_an_empty_register_says_so():
    client = client_of(make_staff("DATA_STEWARD", language="en"))

    assert "You have not exported a list yet" in client.get(LIST).content.decode()


def test_a_fingerprint_or_the_file_itself_tells_which_file_it_is():
    by, overseer, stranger = make_staff("DATA_STEWARD"), make_staff("AUDITOR"), make_staff("DATA_STEWARD")
    export = made(by)
    content = path(export).read_bytes()
    address = f"{LIST}verify/"

    def found(staff: Staff, **fields: object) -> object:
        answer = client_of(staff).post(address, fields)
        return answer.context.get("line") and answer.context["line"].export

    written = ":".join(export.fingerprint[place : place + 2] for place in range(0, 64, 2)).upper()
    assert (found(by, fingerprint=written), found(overseer, fingerprint=export.fingerprint)) == (export, export)
    assert found(overseer, upload=io.BytesIO(content)) == export
    assert found(overseer, upload=io.BytesIO(content + b" ")) is None
    assert found(stranger, fingerprint=export.fingerprint) is None
    assert client_of(by).get(address).status_code == 200


@pytest.mark.parametrize("fields", [{}, {"fingerprint": "abc"}, {"fingerprint": "g" * 64}, {"upload": io.BytesIO(b"")}])
def test_what_is_no_fingerprint_is_said(fields):
    answer = client_of(make_staff("DATA_STEWARD")).post(f"{LIST}verify/", fields)

    assert (answer.status_code, bool(answer.context["form"].errors)) == (200, True)


# The page that asks


def test_the_page_asks_for_the_list_of_its_address():
    by = make_staff("DATA_STEWARD", language="en")
    client = client_of(by)
    address = f"{LIST}new/numbers/?size=4&after=7"

    shown = client.get(address)
    refused = client.post(address, {"format": "CSV", "purpose": "STEWARDSHIP", "reason": "짧다"})
    answer = client.post(address, {"format": "XLSX", "purpose": "STEWARDSHIP", "reason": REASON * 2})

    assert (shown.context["count"], shown.context["ceiling"], shown.context["told"]) == (4, 5, [("size", "4")])
    assert refused.context["form"].errors.keys() == {"reason"}
    export = Export.objects.get()
    assert (answer.headers["Location"], export.conditions, export.format) == (page(export), {"size": "4"}, "XLSX")


def test_the_page_says_why_nothing_can_be_asked_for():
    client = client_of(make_staff("DATA_STEWARD", language="en"))

    assert "the list has no rows" in client.get(f"{LIST}new/numbers/?size=0").content.decode()
    assert "second person has to approve" in client.get(f"{LIST}new/numbers/?size=6").content.decode()


def test_strangers_ask_for_nothing():
    assert client_of(make_staff("FP")).get(f"{LIST}new/numbers/").status_code == 403
    assert client_of(make_staff("FP")).post(f"{LIST}new/customers/").status_code == 403
    assert client_of(make_staff("DATA_STEWARD")).get(f"{LIST}new/nothing/").status_code == 404


def test_the_part_of_a_page_asks_again_until_the_file_is_made():
    by = make_staff("DATA_STEWARD")
    export = asked(by)
    client = client_of(by)
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "export"}

    before = client.get(page(export), **part).content.decode()
    export_runs.make_export(export=export)
    after = client.get(page(export), **part).content.decode()

    assert ("hx-get" in before, "hx-get" in after, "<html" in after) == (True, False, False)
    assert escape(page(export, "download/")) in after


# Print


def test_a_print_stands_on_the_trail_with_whom_the_page_showed():
    by = make_staff("DATA_STEWARD")
    client = client_of(by)
    shown = {"page": "accounts:session-list", "target": "", "result": 200, "employee_number": by.employee_number}
    append(at=timezone.now(), kind="VIEW", customers=[7, 8], **shown)

    answers = [
        client.post("/accounts/printed/", {"path": way}) for way in ("/accounts/sessions/", "/accounts/profile/")
    ]
    faults = [client.post("/accounts/printed/", {"path": way}).status_code for way in ("/nowhere/at/all/", "", "x")]

    assert ([answer.status_code for answer in answers], faults) == ([204, 204], [400, 400, 400])
    assert [(entry.customers, entry.count) for entry in entries(by, "PRINT")] == [([7, 8], 2), ([], 0)]
    assert "accounts:session-list" in entries(by, "PRINT")[0].conditions
    assert client.get("/accounts/printed/").status_code == 405


def test_what_opens_something_is_not_kept_with_a_print():
    by = make_staff("DATA_STEWARD")

    client_of(by).post("/accounts/printed/", {"path": "/accounts/password/MQ/secret-token/"})

    assert [json.loads(entry.conditions)["target"] for entry in entries(by, "PRINT")] == ["uidb64=MQ"]


def test_every_page_says_on_paper_who_printed_it():
    by = make_staff("DATA_STEWARD", name="김하나")

    content = client_of(by).get(LIST).content.decode()

    assert f"김하나({by.employee_number})" in content.replace(" (", "(")
    assert all(part in content for part in ("data-print-time", 'id="print-note"', "js/print.js"))
