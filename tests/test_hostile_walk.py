"""Each role tries every address with what is not theirs, by every method, with and without the token of the forms.

What comes back is a table of role, view, method and status, printed at the end. No answer fails, nothing is changed
without the token or against a refusal, and what a person may not see answers as what does not exist.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from os.path import commonprefix

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from psycopg import sql

from accounts.models import Staff
from customers.models import Customer
from customers.numbering import customer_number, written_number
from tests.addresses import Filler, View, Words, all_views
from tests.customers.profiles import AS_PART
from tests.planting import Population
from tests.population import plant

BACKEND = "django.contrib.auth.backends.ModelBackend"
SAFE, UNSAFE = ("get", "head", "options"), ("post", "put", "patch", "delete")
TOKEN = "n" * 32
MASKED_TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")
ABSENT_NUMBER, ABSENT_KEY = customer_number(99_999_937), 999_999_937
UNSEEN = ("far", "vip", "retired far", "ended")
# Rows that any request may write: who is signed in, what was looked at, what failed to sign in, what the wall refused.
LIVELY = re.compile(r"accounts_(accessentry|trail\w*|staffsession)|axes_\w+|django_session|relations_wallhit")
CHECKSUM = sql.SQL(
    "SELECT count(*), coalesce(sum(hashtextextended((to_jsonb(t) - 'last_login')::text, 0)), 0)::text FROM {} t"
)
# Views without a permission of their own, and why that is right.
FOR_EVERYBODY: Mapping[str, str] = {
    "home": "each card of it asks for its own permission",
    "healthz": "tells that the process lives",
    "readyz": "tells that database and cache answer",
    "customers:duty-finish": "a duty of one's own; that of another is not found",
    "consent:law-task-list": "tasks of one's own role; whoever has none and keeps no registry is refused",
    "consent:law-task-finish": "a task of one's own role; that of another is not found",
    "customers:pair-list-moved": "leads to where the pairs are now, which asks",
    "customers:pair-detail-moved": "leads to where the pair is now, which asks",
}
# Views that ask inside: any of these permissions opens them.
ANY_OF: Mapping[str, tuple[str, ...]] = {
    "accounts:rights-list": ("accounts.explain_rights", "accounts.view_trail"),
    "consent:rights-receipt": ("consent.view_rightsrequest", "consent.record_rightsrequest"),
    "customers:mapping-test": ("customers.view_mapping", "customers.change_mapping"),
}
OWN_ACCOUNT = re.compile(
    r"accounts:(login|logout|language|stay|idle|profile|password-(change|first)|second-factor(-set-up)?|purpose|"
    r"recovery-codes-renew|sessions?-(list|end)|sessions-end|notices?-(list|read)|notices-read|print-noted|"
    r"question-(list|answer)|export-\w+)"
)
"""One's own account, notices, questions and files: whoever is signed in has these, and sees no other's."""
# Views that refuse a row to somebody who may know of it: who has one of these permissions finds it in a list as well.
KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    "accounts:export-download": ("accounts.approve_export", "accounts.view_every_export"),
    "accounts:export-destroyed": ("accounts.approve_export", "accounts.view_every_export"),
    "customers:act-take-back": ("customers.view_act",),
}
# Views that are asked for another customer by number, in words of the address.
ASKED_FOR: Mapping[str, str] = {
    "customers:merge-preview": "?with={}",
    "customers:record-move": "?into={}",
    "customers:search": "?q={}",
}
# Views that answer in parts, by words of the address, of which whoever may not have the one gets none.
PARTS: Mapping[str, tuple[str, ...]] = {"customers:customer-detail": ("?part=below", "?part=all")}
# The role that tries every method without a token; the check stands before all views and knows no roles.
THOROUGH = "DATA_STEWARD"


@dataclass
class Table:
    """What was answered. rows: `{(view, method): {status: roles}}`; failed: addresses that broke."""

    rows: dict[tuple[str, str], dict[int, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    failed: list[str] = field(default_factory=list)

    def note(self, view: View, method: str, viewer: str, response: HttpResponse) -> None:
        self.rows[view.name, method].setdefault(response.status_code, set()).add(viewer)
        if response.status_code >= 500:
            self.failed.append(f"{viewer} {method} {response.request['PATH_INFO']}: {response.status_code}")

    def __str__(self) -> str:
        """A line for each view and group of methods that are answered alike."""
        alike: dict[tuple[str, str], list[str]] = defaultdict(list)
        for (view, method), statuses in sorted(self.rows.items()):
            told = "; ".join(f"{status}: {_roles(roles)}" for status, roles in sorted(statuses.items()))
            alike[view, told].append(method)
        return "\n".join(f"{view:44} {' '.join(methods):40} {told}" for (view, told), methods in alike.items())


def _roles(roles: set[str]) -> str:
    return "all" if len(roles) == len(settings.ROLES) else " ".join(sorted(roles))


TABLE = Table()


@pytest.fixture(scope="module")
def population(django_db_setup, django_db_blocker) -> Iterator[Population]:
    """The planted population, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)
    print(f"\n{TABLE}")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A refusal is a line in the log; of thousands nobody reads any."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


class Walker:
    """Somebody signed in who tries addresses; what is done against a refusal stays done, all else is taken back."""

    def __init__(self, population: Population, viewer: str) -> None:
        self.viewer, self.staff = viewer, Staff.objects.get(pk=population.viewers[viewer].pk)
        self.client = self._signed_in()

    def _signed_in(self) -> Client:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(self.staff, backend=BACKEND)
        client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        client.get(reverse("healthz"))  # opens a session, which no later answer takes back
        return client

    def ask(
        self,
        view: View,
        words: Words,
        method: str,
        query: str = "",
        *,
        has_token: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """What is answered; a change that was let through is rolled back. headers: beside that of the token."""
        headers = {**(headers or {}), **({"X-CSRFToken": TOKEN} if has_token and method in UNSAFE else {})}
        send: Callable[..., HttpResponse] = getattr(self.client, method)
        with transaction.atomic():
            response = send(view.address(words) + query, headers=headers)
            body = response.getvalue() if not response.streaming else b"".join(response.streaming_content)
            transaction.set_rollback(response.status_code < 400)
        self.client.cookies.pop("messages", None)  # what was said of one answer is not to stand in the next
        if method in UNSAFE and SESSION_KEY not in self.client.session:
            self.client = self._signed_in()
        response.told = body.decode("utf-8", "replace")
        TABLE.note(view, method if has_token else f"{method}*", self.viewer, response)
        return response


def foreign(population: Population, staff: Staff) -> list[str]:
    """Numbers of customers whom this person does not see."""
    visible = Customer.objects.visible_to(staff)
    chosen = [population.notable[word].pk for word in UNSEEN]
    seen = set(visible.filter(pk__in=chosen).values_list("pk", flat=True))
    seen |= set(visible.filter(absorbed__in=chosen).values_list("absorbed", flat=True))
    return [population.notable[word].number for word in UNSEEN if population.notable[word].pk not in seen]


def absent(words: Words) -> Words:
    """The same words of what does not exist."""
    gone = dict(words)
    if "number" in gone and isinstance(gone["number"], str):
        gone["number"] = ABSENT_NUMBER
    elif "written" in gone:
        gone["written"] = written_number(ABSENT_NUMBER)
    elif "pk" in gone:
        gone["pk"] = ABSENT_KEY
    elif "version" in gone:
        gone["version"] = ABSENT_KEY
    return gone


def told(response: HttpResponse, words: Words) -> tuple[int, str, str]:
    """Status, where it leads and what it says, without tokens and without what was asked for."""
    texts = [response.headers.get("Location", ""), response.told]
    asked = {str(each) for each in words.values()}
    asked |= {written_number(each) for each in asked if re.fullmatch(r"\d{10}", each)}
    for value in sorted(asked, key=len, reverse=True):
        if len(value) > 4:
            texts = [text.replace(value, "·") for text in texts]
    texts = [MASKED_TOKEN.sub("", text) for text in texts]
    return response.status_code, *texts


def difference(one: tuple[int, str, str], other: tuple[int, str, str]) -> str:
    """Where two answers begin to differ; '' if they do not."""
    for left, right in zip(map(str, one), map(str, other), strict=True):
        place = len(commonprefix((left, right)))
        if left != right:
            return f"{left[max(0, place - 40) : place + 40]!r} is {right[max(0, place - 40) : place + 40]!r}"
    return ""


def permissions_of(view: View) -> tuple[str, ...] | None:
    """The permissions that a view declares, by its class or its decorator; None where it declares none."""
    named = getattr(getattr(view.callback, "view_class", None), "permission_required", None)
    if named:
        return (named,) if isinstance(named, str) else tuple(named)
    function, found = view.callback, []
    while function is not None:
        for cell in function.__closure__ or ():
            held = cell.cell_contents
            if getattr(held, "__name__", "") == "check_perms":
                found += dict(zip(held.__code__.co_freevars, held.__closure__, strict=True))["perms"].cell_contents
        function = getattr(function, "__wrapped__", None)
    return tuple(found) or None


def is_house(view: View) -> bool:
    """Whether the view is ours and a person's: not of the back office, not a service, not a system's check."""
    return not view.name.startswith(("admin:", "services:"))


def checksums() -> dict[str, tuple[int, str]]:
    """{table: (rows, checksum)} of all that no mere request may change."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not LIVELY.fullmatch(table):
                cursor.execute(CHECKSUM.format(sql.Identifier(table)))
                found[table] = cursor.fetchone()
    return found


@pytest.mark.parametrize("viewer", settings.ROLES)
def test_nothing_is_open_to_a_role_that_it_is_not_for(population, db, viewer):
    walker = Walker(population, viewer)
    filler = Filler(foreign(population, walker.staff) or [ABSENT_NUMBER], most=1)
    before = checksums()
    wrong: list[str] = []

    for view in all_views():
        if view.name.startswith("admin:") and not walker.staff.is_staff:
            wrong += _sent_to_the_login_of_the_back_office(walker, view, filler.words(view)[0])
            continue
        for place, words in enumerate(filler.words(view)):
            answers = {method: walker.ask(view, words, method) for method in ("get", "post")}
            wrong += _told_apart(walker, view, words, answers)
            wrong += _parts_told_apart(walker, view, words)
            if not place:
                wrong += _let_through(walker, view, words, answers)
        wrong += _told_beside(walker, view, population)

    assert [each for each in TABLE.failed if each.startswith(f"{viewer} ")] == []
    assert not wrong, "\n".join(wrong)
    assert {table: (before[table], now) for table, now in checksums().items() if before[table] != now} == {}


def _sent_to_the_login_of_the_back_office(walker: Walker, view: View, words: Words) -> Iterator[str]:
    """Where the back office does anything else for somebody who has no business there."""
    for method in ("get", "post"):
        response = walker.ask(view, words, method)
        if response.status_code not in (302, 403, 404, 405):
            yield f"{method} {view.name}: {response.status_code}"


def _told_apart(walker: Walker, view: View, words: Words, answers: Mapping[str, HttpResponse]) -> Iterator[str]:
    """Where what is another's answers otherwise than what is not there. Of what only a permission guards, such as an
    act, those who have it may know that it exists."""
    gone = absent(words)
    if gone == words:
        return
    for method, there in answers.items():
        not_there = walker.ask(view, gone, method)
        unlike = difference(told(there, words), told(not_there, gone))
        is_customer = "number*" in view.variables or "written*" in view.variables
        is_known = any(map(walker.staff.has_perm, KNOWN_BY.get(view.name, ())))
        is_hidden = is_customer or (there.status_code in (403, 404) and not is_known)
        if is_hidden and unlike:
            yield f"{method} {view.address(words)} ({view.name}): {unlike}"


def _parts_told_apart(walker: Walker, view: View, words: Words) -> Iterator[str]:
    """Where a part of what is another's answers otherwise than that of what is not there, to a page or without one."""
    for query, headers in product(PARTS.get(view.name, ()), ({}, AS_PART)):
        there, not_there = (walker.ask(view, each, "get", query, headers=headers) for each in (words, absent(words)))
        if there.status_code == 200 or difference(told(there, words), told(not_there, absent(words))):
            yield f"{view.address(words)}{query}: {there.status_code}"


def _told_beside(walker: Walker, view: View, population: Population) -> Iterator[str]:
    """Where the page of a customer, or a search, tells a record or a customer of others from one that is not there."""
    filler = Filler([population.notable["own"].number], most=1)
    hidden = foreign(population, walker.staff)
    tries: list[tuple[Words, str, Words, str]] = []
    if "number*" in view.variables and "pk*" in view.variables:
        words = filler.words(view)[0]
        for pk in Filler(hidden).keys_of_customers(view):
            tries.append((words | {"pk": pk}, "", words | {"pk": ABSENT_KEY}, ""))
    if query := ASKED_FOR.get(view.name):
        words = filler.words(view)[0]
        tries += [(words, query.format(number), words, query.format(ABSENT_NUMBER)) for number in hidden]
    for there, asked, absent_words, absent_asked in tries:
        one = told(walker.ask(view, there, "get", asked), there | {"asked": asked.rpartition("=")[2]})
        other = walker.ask(view, absent_words, "get", absent_asked)
        if unlike := difference(one, told(other, absent_words | {"asked": absent_asked.rpartition("=")[2]})):
            yield f"get {view.address(there)}{asked} ({view.name}): {unlike}"


def _let_through(walker: Walker, view: View, words: Words, answers: Mapping[str, HttpResponse]) -> Iterator[str]:
    """Where a method is let through that should not be: without the permission, the token, or the key of a service."""
    needed, either = permissions_of(view), ANY_OF.get(view.name, ())
    is_permitted = any(map(walker.staff.has_perm, either)) if either else walker.staff.has_perms(needed or ())
    is_service = view.name.startswith("services:")
    # What a view does with the rarer methods does not hang on the role, so one of them tries all.
    for method in (*SAFE, *UNSAFE) if walker.viewer == THOROUGH else ("get", "post"):
        status = (answers.get(method) or walker.ask(view, words, method)).status_code
        if is_house(view) and not is_permitted and status not in (403, 405):
            yield f"{method} {view.name} needs {needed or either}, and answers {status}"
        if is_service and status != 401:
            yield f"{method} {view.name} with no key: {status}"
    for method in UNSAFE if walker.viewer == THOROUGH and not is_service else ("post",) * (not is_service):
        status = walker.ask(view, words, method, has_token=False).status_code
        if status != 403:
            yield f"{method} without a token {view.name}: {status}"


def test_every_view_declares_its_permission_or_is_for_everybody():
    undeclared = {view.name for view in all_views() if is_house(view) and permissions_of(view) is None}

    explained = FOR_EVERYBODY.keys() | ANY_OF.keys()
    assert {name for name in undeclared - explained if not OWN_ACCOUNT.fullmatch(name)} == set()
    assert explained <= undeclared


def test_numbers_too_large_for_any_table_are_absent(population, db):
    walker = Walker(population, "DATA_STEWARD")
    filler = Filler([population.notable["own"].number], most=1)

    answered = {}
    for view in all_views():
        words = filler.words(view)[0]
        if "pk" in words and view.name.startswith("customers:"):
            huge = words | {"pk": "9" * 18}
            answered[view.name] = walker.ask(view, huge, "get").status_code

    assert {name: status for name, status in answered.items() if status not in (302, 403, 404, 405)} == {}
