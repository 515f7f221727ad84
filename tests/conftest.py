"""Every run of the tests has databases, a broker, keys and folders of its own, on real servers.

The demonstration's data is never touched, and two runs at once, or the workers of one, never meet: each takes the
lowest free number ("slot"), held by a lock that the kernel frees even after a kill.
"""

import os
from collections.abc import Generator, Iterator

import pytest
from psycopg.pq import TransactionStatus

from config import embedded, env
from tests import slots
from tests.browsing import axe, browser, page
from tests.working import tell_log, worker

__all__ = ["axe", "browser", "django_db_modify_db_settings", "page", "worker"]

try:
    SLOT = slots.take()
except (embedded.EmbeddedProblem, env.EnvironmentProblem) as problem:
    raise pytest.UsageError(str(problem)) from None
# Children of a test, such as a loader to be killed, find the same databases and folders by these.
os.environ.update(SLOT.environment, DJANGO_SETTINGS_MODULE="config.settings")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Fit the settings to tests before Django is set up."""
    if not config.pluginmanager.hasplugin("django"):
        return
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = SLOT.database
    settings.DATABASES["default"]["CONN_MAX_AGE"] = (
        0  # or threads of a live server would keep the database from dropping
    )
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.LOGIN_IDLE_SECONDS = 24 * 60 * 60  # or a slow machine would end sessions, and count one write more
    settings.LOGIN_SECOND_FACTOR_ROLES = []  # as in the demonstration; tests of the second factor ask for it
    for folder in (settings.STATIC_ROOT, settings.MEDIA_ROOT):
        folder.mkdir(exist_ok=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config, specs: list[object]) -> None:
    """Let the workers of a parallel run find no settings but those of their own slots."""
    for name in ("DJANGO_SETTINGS_MODULE", *SLOT.environment):
        os.environ.pop(name, None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a failure stands the log of the worker, if the test had one."""
    report = yield
    tell_log(report, item)
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the slot back."""
    SLOT.release()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Make the test database a copy of a migrated one, which takes a tenth of a second instead of all migrations."""
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = slots.migrated_template(SLOT)
    yield


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No test meets what another one left: values in the cache (the catalogue of items, the rules of access), versions
    of the matching model, which differ between tests though never within an installation, and locks of the session,
    which outlive a test that is rolled back and would keep other connections waiting for ever."""
    from django.core.cache import cache
    from django.db import connection

    from customers import reading
    from customers.services import match_models

    cache.clear()
    reading.rules_version.cache_clear()
    match_models.model_of.cache_clear()
    yield
    held = connection.connection
    if held is not None and not held.closed and held.info.transaction_status != TransactionStatus.INERROR:
        held.execute("SELECT pg_advisory_unlock_all()")
