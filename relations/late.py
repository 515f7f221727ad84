"""Pages of which some takes long to count: they answer with what is known, and ask for the whole by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from psycopg.errors import QueryCanceled

PART, ALL = "part", "all"
Found = TypeVar("Found")


def is_whole(request: HttpRequest) -> bool:
    """Whether everything is asked for, however long it takes."""
    return request.GET.get(PART) == ALL


def whole_url(request: HttpRequest) -> str:
    """The address of this page with everything on it."""
    words = request.GET.copy()
    words[PART] = ALL
    return f"{request.path}?{words.urlencode()}"


def within(seconds: float, found_by: Callable[[], Found]) -> Found | None:
    """What a query finds, or None where the database takes longer than these seconds; it then stops looking."""
    if seconds <= 0:
        return None
    try:
        with transaction.atomic():
            _limit(f"{int(seconds * 1000)}ms")
            found = found_by()
            _limit(None)
    except OperationalError as problem:
        if isinstance(problem.__cause__, QueryCanceled):
            return None
        raise
    return found


def _limit(time: str | None) -> None:
    """Let statements of this transaction take so long, None for as long as is usual."""
    with connection.cursor() as cursor:
        if time is None:
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        else:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [time])
