"""A database of its own for whatever is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

DATABASE = "bench_hannun"


@contextmanager
def own_database() -> Iterator[None]:
    """Everything inside happens in a fresh database, dropped at the end."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("setup", verbosity=0)
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)
