"""A database of its own for whatever is measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from customers.services.match_models import model_of

DATABASE = "bench_hannun"


@contextmanager
def own_database() -> Iterator[None]:
    """Everything inside happens in a fresh database, dropped at the end. Its versions of the matching model are its
    own: one of the same number, of another database, is forgotten before and after."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    model_of.cache_clear()
    try:
        call_command("setup", verbosity=0)
        yield
    finally:
        model_of.cache_clear()
        connection.creation.destroy_test_db(usual, verbosity=0)
