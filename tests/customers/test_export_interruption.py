"""A file whose maker is killed, or that two make at once: nothing half made is handed out, and it is made then."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts import tasks
from accounts.models import AccessEntry, Export
from accounts.services import export_runs, exports
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer
from tests.customers.services.test_interruption import committed, is_held_up, launch, observer, until
from tests.working import wait_until

__all__ = ["committed", "launch", "observer"]
pytestmark = pytest.mark.usefixtures("committed")
ROWS = 40
RUN = "from accounts.models import Export; from accounts.services.export_runs import make_export; "
RUN += "make_export(export=Export.objects.get())"


@pytest.fixture
def export() -> Export:
    """A request that nobody is at yet."""
    for number in range(ROWS):
        make_customer(name=f"김{chr(0xAC00 + number)}")
    by = make_staff("DATA_STEWARD")
    given = {"list_code": "customers", "conditions": {}, "format": "CSV", "purpose": "STEWARDSHIP"}
    return exports.request_export(**given, reason="월말 데이터 점검 자료", by=by, at=timezone.now())


def files(export: Export) -> list[str]:
    """What lies in the folder of files because of this request."""
    folder = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(folder)) for path in folder.rglob(f"{export.pk}.*"))


def entries(export: Export) -> list[AccessEntry]:
    return list(AccessEntry.objects.of_staff(export.requested_by).filter(kind="EXPORT"))


# Where a maker is held up until it is killed: at the list, and when the file is written and the trail is to be.
@pytest.mark.parametrize("table", ["customers_customer", "accounts_trailhead"])
def test_a_killed_maker_has_handed_out_nothing_and_another_makes_it(observer, launch, export, table):
    entries_before = len(entries(export))
    mode = "ACCESS EXCLUSIVE" if table == "customers_customer" else "EXCLUSIVE"
    observer.execute("BEGIN")
    observer.execute(f"LOCK TABLE {table} IN {mode} MODE")
    maker = launch("shell", "-v0", "-c", RUN)
    until(lambda: is_held_up(observer), 60)
    maker.kill()
    maker.wait(10)
    observer.execute("ROLLBACK")
    export.refresh_from_db()
    assert (export.state, export.file, len(entries(export))) == ("RUNNING", "", entries_before)

    until(lambda: export_runs.resume_exports() == [export.pk], 30)

    export.refresh_from_db()
    assert (export.state, export.row_count, files(export)) == ("READY", ROWS, [export.file])
    assert [len(entry.customers) for entry in entries(export)[entries_before:]] == [ROWS]


def test_the_second_of_two_makers_leaves_it_to_the_first(observer, launch, export):
    observer.execute("BEGIN")
    observer.execute("LOCK TABLE customers_customer IN ACCESS EXCLUSIVE MODE")
    maker = launch("shell", "-v0", "-c", RUN)
    until(lambda: is_held_up(observer), 60)

    with pytest.raises(export_runs.ExportBusy):
        export_runs.make_export(export=export)
    assert export_runs.resume_exports() == []
    observer.execute("ROLLBACK")
    assert maker.wait(60) == 0

    export.refresh_from_db()
    assert (export.state, len(entries(export))) == ("READY", 1)


def test_a_worker_makes_it_and_beat_ends_it(worker, export):
    tasks.make_export.delay(export_id=export.pk)
    wait_until(lambda: Export.objects.get().state == "READY")
    assert files(export) == [Export.objects.get().file]

    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    tasks.expire_exports.delay()
    wait_until(lambda: Export.objects.get().state == "EXPIRED")

    assert files(export) == []
