"""Files that hold destroyed customers: they go with them, once the destruction is committed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import AccessEntry, Export
from accounts.trail import append
from customers.models import Customer, FeedRun
from customers.services.destroying import destroy_customers
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, feed, make_customer, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
AT = datetime(2027, 3, 1, 1, tzinfo=UTC)


def file_of(*customers: Customer, reason: str = "가나다 고객 문의") -> Export:
    """A file for use outside in which these customers stand, as the trail tells."""
    export = Export.objects.create(
        list_code="customers", conditions={"name": "가나다"}, format="CSV", purpose="SERVICE", reason=reason,
        requested_by=make_staff(), requested_at=NOW, state="READY", fingerprint="0" * 64,
        expires_at=NOW + timedelta(days=3),
    )  # fmt: skip
    export.file = f"exports/{export.pk}.csv"
    export.save()
    path = Path(settings.MEDIA_ROOT) / export.file
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text("가나다")
    append(
        at=NOW, kind=AccessEntry.Kind.EXPORT, page="accounts:export-detail", result=200, target=f"pk={export.pk}",
        customers=[one.pk for one in customers], reason="", conditions="",
    )  # fmt: skip
    return export


def test_a_file_that_the_customer_stands_in_goes_and_others_stay(django_capture_on_commit_callbacks):
    gone, stays = make_customer(), make_customer()
    first, second = file_of(gone, stays), file_of(stays)

    with django_capture_on_commit_callbacks(execute=True):
        destroy_customers(customers=[gone.pk], at=AT)

    paths = [Path(settings.MEDIA_ROOT) / export.file for export in (first, second)]
    assert [path.exists() for path in paths] == [False, True]
    assert list(Export.objects.order_by("pk").values_list("state", "reason", "conditions")) == [
        ("EXPIRED", "", {}),
        ("READY", "가나다 고객 문의", {"name": "가나다"}),
    ]


def test_rows_of_the_customer_leave_the_reject_files(django_capture_on_commit_callbacks):
    feed([person(source_key="X", name="가나다")])
    run = feed([person(source_key="X", as_of="어제", mobile="01012345678"), person(source_key="Z", as_of="어제")])
    path = Path(FeedRun.objects.get(pk=run.pk).reject_path)
    age = path.stat().st_mtime
    gone = Customer.objects.get(links__record__source_key="X")

    with django_capture_on_commit_callbacks(execute=True):
        destroy_customers(customers=[gone.pk], at=AT)

    rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "01012345678" not in "".join(rows)
    assert path.stat().st_mtime == age
    assert path.stat().st_mode & 0o077 == 0
