"""What leaves an entry on the trail, what it says, and that nothing is shown without it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from accounts.models import AccessEntry, Staff
from accounts.trail import TrailUnavailable, append, describe, looking, saw
from accounts.trail_middleware import session_of
from tests.accounts.builders import PASSWORD, make_branch, make_staff

pytestmark = pytest.mark.django_db
LOGIN, LOGOUT = "/accounts/login/", "/accounts/logout/"


def shows(request: HttpRequest) -> HttpResponse:
    saw([3, 1, 2, 3], items=["mobile"])
    describe(reason="상담", conditions={"q": "김"}, count=40)
    return HttpResponse("SECRET")


def shows_nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


def fails(request: HttpRequest) -> HttpResponse:
    saw(1)
    raise RuntimeError("failed")


def hides(request: HttpRequest, number: str, token: str) -> HttpResponse:
    raise Http404


def streams(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        for customer in (1, 2):
            saw(customer)
            yield f"{customer}\n".encode()
        yield b"end"

    return StreamingHttpResponse(parts())


def sends_a_file(request: HttpRequest) -> FileResponse:
    describe(kind=AccessEntry.Kind.EXPORT, count=7)
    return FileResponse(Path(__file__).open("rb"))


def writes_by_itself(request: HttpRequest) -> HttpResponse:
    raise TrailUnavailable


urlpatterns = [
    path("shows/", shows),
    path("nothing/", shows_nothing),
    path("fails/", fails),
    path("hides/<str:number>/<str:token>/", hides, name="hides"),
    path("streams/", streams),
    path("file/", sends_a_file),
    path("writes/", writes_by_itself),
    path("", include("config.urls")),
]


@pytest.fixture
def staff(settings) -> Staff:
    settings.ROOT_URLCONF = __name__
    return make_staff("FP", branch=make_branch("B55"), password=PASSWORD)


@pytest.fixture
def client(staff) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(staff)
    return client


def entries(staff: Staff) -> list[AccessEntry]:
    return list(AccessEntry.objects.of_staff(staff).order_by("at", "number"))


def told(staff: Staff) -> list[tuple[str, str, int]]:
    return [(entry.kind, entry.page, entry.result) for entry in entries(staff)]


def test_an_entry_says_who_saw_whom_when_from_where_and_what_for(client, staff):
    before = timezone.now()
    client.get("/shows/", REMOTE_ADDR="10.9.8.7")

    (entry,) = entries(staff)
    assert (entry.staff_id, entry.employee_number, entry.branch_code) == (staff.pk, staff.employee_number, "B55")
    assert (entry.customers, entry.items, entry.count) == ([3, 1, 2], ["mobile"], 40)
    assert (entry.kind, entry.purpose, entry.reason) == ("VIEW", "SERVICE", "상담")
    assert (entry.address, json.loads(entry.conditions), entry.result) == ("10.9.8.7", {"q": "김"}, 200)
    assert before <= entry.at <= timezone.now()
    assert len(entry.session) == 16


def test_a_page_that_shows_nobody_leaves_nothing(client, staff):
    client.get("/nothing/")

    assert entries(staff) == []


def test_a_head_counts_as_a_look(client, staff):
    client.head("/shows/")

    assert [entry.customers for entry in entries(staff)] == [[3, 1, 2]]


def test_a_page_that_fails_leaves_its_entry(client, staff):
    assert client.get("/fails/").status_code == 500

    (entry,) = entries(staff)
    assert (entry.result, entry.customers) == (500, [1])


def test_what_was_refused_leaves_an_entry_without_secrets(client, staff):
    client.get("/hides/0000000001/s3cret/")
    client.get("/nowhere/")
    client.get("/accounts/trail/")

    assert [(entry.page, entry.result, entry.target) for entry in entries(staff)] == [
        ("hides", 404, "number=0000000001"),
        ("", 404, ""),
        ("accounts:trail-list", 403, ""),
    ]


def test_each_part_of_a_stream_is_written_down_before_it_leaves(client, staff):
    answer = client.get("/streams/")
    stream = iter(answer.streaming_content)
    seen = []
    for _part in stream:
        seen.append([entry.customers for entry in entries(staff)])

    assert seen == [[[1]], [[1], [2]], [[1], [2]]]


def test_a_file_is_sent_as_it_is(client, staff):
    answer = client.get("/file/")

    assert b"".join(answer.streaming_content) == Path(__file__).read_bytes()
    assert [(entry.kind, entry.count) for entry in entries(staff)] == [("EXPORT", 7)]


def test_a_sign_of_life_leaves_nothing(client, staff):
    client.post("/accounts/stay/")

    assert entries(staff) == []


def test_a_change_leaves_an_entry(client, staff):
    client.post("/accounts/language/", {"language": "en"})

    assert told(staff) == [("CHANGE", "accounts:language", 302)]


def test_logins_and_logouts_are_on_the_trail(staff):
    client = Client()

    client.post(LOGIN, {"username": staff.employee_number, "password": "wrong"})
    client.post(LOGIN, {"username": staff.employee_number, "password": PASSWORD})
    mark = entries(staff)[-1].session
    client.post(LOGOUT)

    assert told(staff) == [
        ("LOGIN", "accounts:login", 401),
        ("LOGIN", "accounts:login", 302),
        ("LOGIN", "accounts:logout", 302),
    ]
    assert (entries(staff)[-1].session, len(mark)) == (mark, 16)


def test_what_is_nobodys_number_is_not_kept(staff):
    before = AccessEntry.objects.filter(kind="LOGIN").count()
    for typed in (PASSWORD, "x" * 300, "null\0", ""):
        Client().post(LOGIN, {"username": typed, "password": "x"}, REMOTE_ADDR="10.66.0.1")

    found = AccessEntry.objects.filter(kind="LOGIN", address="10.66.0.1")
    assert AccessEntry.objects.filter(kind="LOGIN").count() == before + 4
    assert {(entry.employee_number, entry.staff_id, entry.result) for entry in found} == {("", None, 401)}


def test_a_locked_login_is_on_the_trail(staff):
    client = Client()
    for _time in range(settings.AXES_FAILURE_LIMIT + 1):
        client.post(LOGIN, {"username": staff.employee_number, "password": "wrong"})

    assert {entry.result for entry in entries(staff)} == {401, 429}


def test_the_address_is_told_by_the_last_proxy_of_ours(client, staff, settings):
    settings.PROXY_COUNT = 1
    client.get("/shows/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4, 172.16.5.6"})

    assert [entry.address for entry in entries(staff)] == ["172.16.5.6"]


def test_the_mark_of_a_session_does_not_open_it():
    request = HttpRequest()
    request.session = Client().session
    request.session.save()

    assert request.session.session_key not in session_of(request)
    assert session_of(HttpRequest()) == ""


def break_trail() -> None:
    """As when the disk is full or somebody took the tables away: within this transaction nothing can be written."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_trailhead RENAME TO elsewhere")


def mend_trail() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO accounts_trailhead")


@pytest.fixture
def broken(transactional_db: None, client: Client) -> Iterator[None]:
    """The trail cannot be written while the test lasts."""
    break_trail()
    yield
    mend_trail()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/shows/", "/streams/", "/fails/", "/hides/0000000001/x/", "/writes/"])
def test_without_the_trail_nothing_is_shown(broken, client, address):
    answer = client.get(address)

    if address == "/streams/":
        with pytest.raises(TrailUnavailable):
            b"".join(answer.streaming_content)
        return
    assert answer.status_code == 503
    assert b"SECRET" not in answer.content
    assert "accounts/trail_unavailable.html" in {template.name for template in answer.templates}


@pytest.mark.django_db(transaction=True)
def test_without_the_trail_nothing_is_changed(broken, client, staff):
    answer = client.post("/accounts/language/", {"language": "en"})

    staff.refresh_from_db()
    assert (answer.status_code, staff.language) == (503, "ko")


@pytest.mark.django_db(transaction=True)
def test_without_the_trail_nobody_signs_in(broken, staff):
    client = Client()

    answer = client.post(LOGIN, {"username": staff.employee_number, "password": PASSWORD})

    assert (answer.status_code, client.get("/").status_code) == (503, 302)


@pytest.mark.django_db(transaction=True)
def test_without_the_trail_pages_without_data_are_shown(broken, client):
    assert client.get("/nothing/").content == b"nothing"


def test_a_job_that_cannot_be_written_down_hands_nothing_out(staff, monkeypatch):
    with looking(staff=staff, page="job", kind="EXPORT", reason="월말 보고"):
        saw([5, 6])

    (entry,) = entries(staff)
    assert (entry.kind, entry.page, entry.customers, entry.reason) == ("EXPORT", "job", [5, 6], "월말 보고")
    with pytest.raises(RuntimeError), looking(staff=staff, page="job", kind="EXPORT"):
        raise RuntimeError
    assert len(entries(staff)) == 1


def test_an_entry_costs_one_query(staff, django_assert_num_queries):
    append(at=timezone.now(), kind="VIEW", page="x", result=200)

    with django_assert_num_queries(1):
        append(at=timezone.now(), kind="VIEW", page="x", result=200)


def test_the_log_does_not_quote_what_could_not_be_written(client, staff, caplog):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_trailwords ADD CHECK (reason <> '상담')")

    answer = client.get("/shows/")

    assert answer.status_code == 503
    assert ("IntegrityError" in caplog.text, "상담" in caplog.text, "김" in caplog.text) == (True, False, False)
