"""A steward loads a file with broken rows, an administrator brings a draft of a mapping into use: in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from customers.demo.layouts import MAPPINGS
from customers.models import FeedRun, Mapping, SourceRecord
from tests.accounts.builders import PASSWORD, make_branch, make_staff
from tests.customers.builders import make_mapping, make_rrn, write_file
from tests.snapshots import MASTER

if TYPE_CHECKING:
    from playwright.sync_api import Page

DESK, HAND = {"width": 1440, "height": 960}, {"width": 390, "height": 844}
HEADER = (
    "고객번호,고객구분,고객명,생년월일,성별,주민등록번호,휴대폰,자택전화,이메일,우편번호,기본주소,상세주소,직장명,"
    "사업자번호,실명확인일,마케팅동의일,기준일"
)


@pytest.fixture
def master_in_use(transactional_db: None) -> Mapping:
    """An installation with one mapping in use, a steward and an administrator."""
    MASTER.put()
    branch = make_branch()
    for number, role in (("steward", "DATA_STEWARD"), ("admin", "ADMINISTRATOR")):
        make_staff(role, employee_number=number, password=PASSWORD, branch=branch)
    return make_mapping(MAPPINGS["policy-customers"], name="policy-customers")


def row(key: int, **cells: str) -> str:
    """A row of the file that the mapping reads."""
    values = dict.fromkeys(HEADER.split(","), "")
    values |= {"고객번호": f"{key}", "고객구분": "1", "고객명": "김하나", "생년월일": f"1985{key % 12 + 1:02}02"}
    values |= {"성별": "2", "휴대폰": "010-2345-6789", "기준일": "20261101"}
    values |= {"기본주소": "경기도 성남시 분당구 판교역로192번길 14-2", "상세주소": "107동 3004호"}
    return ",".join((values | cells).values())


def broken_file() -> Path:
    """Ten good rows and five that are broken in five ways, in CP949."""
    rows = [row(key).encode("cp949") for key in range(1, 11)]
    rows += [row(11, 고객명="").encode("cp949"), row(12, 생년월일="19851345").encode("cp949")]
    rows += [row(13, 주민등록번호="12345").encode("cp949"), row(14).encode("cp949") + b",too,many"]
    rows += [row(15, 이메일="@@").encode("cp949").replace(b"@@", b"\xff\xff")]
    return write_file(b"\n".join([HEADER.encode("cp949"), *rows, b""]))


def login(page: "Page", url: str, number: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=username]", number)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def settled(page: "Page", accessible: Callable[["Page"], None]) -> None:
    """At desk and in hand the page keeps the rules of accessibility and fits the window."""
    for size in (HAND, DESK):
        page.set_viewport_size(size)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_file_with_five_broken_rows_is_tried_loaded_and_corrected(page, axe, live_server, worker, master_in_use):
    login(page, live_server.url, "steward")
    page.goto(f"{live_server.url}/customers/feeds/")
    settled(page, axe)

    page.click("a[href$='/feeds/upload/']")
    page.wait_for_url("**/feeds/upload/")
    with page.expect_response("**/feeds/upload/?*"):  # the mappings follow the source
        page.select_option("[name=source]", str(master_in_use.source_id))
    page.wait_for_selector(".htmx-settling", state="detached")
    page.select_option("[name=mapping]", str(master_in_use.pk))
    page.set_input_files("[name=upload]", broken_file())
    settled(page, axe)
    page.click("form[enctype] button[type=submit]")
    page.wait_for_selector("#feed-run")
    page.wait_for_selector("#run-outcome", timeout=60_000)
    settled(page, axe)
    assert SourceRecord.objects.count() == 0  # it was a dry run

    page.click("form[action$='/repeat/'] button")
    page.wait_for_url("**/feeds/*/")
    page.wait_for_selector("#run-outcome", timeout=60_000)
    run = FeedRun.objects.latest("pk")
    assert (run.state, run.is_dry_run, run.rows_new, run.rows_rejected) == ("DONE", False, 10, 5)
    with page.expect_download() as download:
        page.click("a[download]")
    lines = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["오류행", "12", "13", "14", "15", "16"]

    page.click(f"a[href*='mapping={master_in_use.pk}']")
    page.set_input_files("[name=upload]", corrected(lines))
    page.uncheck("[name=is_dry_run]")
    page.click("form[enctype] button[type=submit]")
    page.wait_for_selector("#run-outcome", timeout=60_000)
    run = FeedRun.objects.latest("pk")
    assert (run.state, run.rows_new, run.rows_rejected, SourceRecord.objects.count()) == ("DONE", 5, 0, 15)


def corrected(lines: list[str]) -> Path:
    """The reject file as somebody sends it back who has mended every row."""
    starts = [",".join(line.split(",")[:4]) for line in lines[1:]]
    mended = [f"{start},{row(key)}" for key, start in enumerate(starts, 11)]
    return write_file("\n".join([lines[0], *mended, ""]).encode("utf-8-sig"))


def test_an_administrator_brings_a_new_draft_into_use(page, axe, live_server, master_in_use):
    login(page, live_server.url, "admin")
    page.goto(f"{live_server.url}/customers/feeds/mappings/")
    settled(page, axe)

    page.click("text=policy-customers")
    settled(page, axe)
    page.click("form[action$='/copy/'] button")
    page.wait_for_selector("text=policy-customers~2")
    page.click("a[href$='/edit/']")
    page.wait_for_selector("#edit-rules")
    settled(page, axe)
    page.fill("[name=sex-values]", "1 = M\n2 = F\n남 = M")
    page.click("form[data-once] button[type=submit]")
    page.wait_for_selector("#mapping-title")
    assert Mapping.objects.get(state="DRAFT").definition["columns"]["sex"]["values"]["남"] == "M"
    rrn = make_rrn("850302", 2)
    content = "\n".join([HEADER, row(1, 주민등록번호=rrn), row(2, 고객명=""), ""]).encode("cp949")
    page.set_input_files("[name=sample]", write_file(content))
    page.click("form[enctype] button[type=submit]")
    page.wait_for_selector("#sample-rows")
    settled(page, axe)
    assert rrn[8:] not in page.content()

    page.click("form[action$='/publish/'] button")
    page.wait_for_selector(".alert-success")
    settled(page, axe)
    assert dict(Mapping.objects.values_list("name", "state")) == {
        "policy-customers": "LIVE",
        "policy-customers~3": "RETIRED",
    }

    page.click("form[action$='/retire/'] button")
    with page.expect_navigation():  # the message of the publication still stands on the page that is left
        page.click("#retire button[value=yes]")
    page.wait_for_selector(".alert-success")
    assert Mapping.objects.filter(state="LIVE").count() == 0
    assert list((settings.FEED_DIR / "samples").iterdir()) == []
