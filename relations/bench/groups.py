"""How long the list of a large employer takes: its check, its application, and comparing its members with the stock."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Staff
from customers import formats
from customers.models import Contract, Customer
from relations.models import GroupMember
from relations.rules.rosters import TITLES
from relations.services import groups_matching, rosters, rosters_applying, rosters_checks

MEMBERS = 10_000
SHARE = 2  # one of so many is a customer of the stock


def measure(*, staff: Staff, members: int = MEMBERS) -> dict[str, float | int]:
    """Seconds of each step for a list of so many employees, of whom every second is a customer; empty where the stock
    has no group contract. Nothing that it writes stays."""
    contract = _contract()
    if contract is None:
        return {}
    at = timezone.now()
    with transaction.atomic():
        upload = SimpleUploadedFile("bench.csv", _list(members).encode())
        roster = rosters.receive_roster(
            contract=contract,
            organisation=rosters.holder_of(contract),
            upload=upload,
            on=timezone.localdate(at) - timedelta(days=1),
            is_full=False,
            by=staff,
            at=at,
            is_queued=False,
        )
        told: dict[str, float | int] = {"members": members}
        told["check_seconds"] = _seconds(lambda: rosters_checks.check_roster(roster=roster))
        rosters.request_application(roster=roster, confirmed=None, by=staff, is_queued=False)
        told["apply_seconds"] = _seconds(lambda: rosters_applying.apply_roster(roster=roster))
        told["match_seconds"] = _seconds(lambda: groups_matching.match_members(contract_id=contract.pk, at=at))
        own = GroupMember.objects.filter(contract=contract, first_roster=roster)
        told["joined"], told["linked"] = own.count(), own.filter(customer__isnull=False).count()
        transaction.set_rollback(True)
    return told


def _contract() -> Contract | None:
    groups = Contract.objects.filter(product_group=Contract.ProductGroup.GROUP).select_related("source").order_by("pk")
    return next((each for each in groups[:50] if rosters.holder_of(each)), None)


def _list(members: int) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([TITLES[column] for column in ("employee_no", "name", "birth_date", "mobile")])
    writer.writerows(_rows(members))
    return written.getvalue()


def _rows(members: int) -> Iterator[tuple[str, str, str, str]]:
    """Customers as they are, and people who are none under the names of others."""
    known = Customer.objects.filter(kind="PERSON", state=Customer.State.ACTIVE, birth_date__isnull=False)
    for place, customer in enumerate(known.exclude(mobile="").order_by("pk")[: members // SHARE]):
        yield f"B{place:07}", customer.name, customer.birth_date.isoformat(), formats.phone(customer.mobile)
        born = customer.birth_date + timedelta(days=place % 3000 - 4000)
        yield f"N{place:07}", f"{customer.name[:1]}{customer.name[:0:-1]}", born.isoformat(), ""


def _seconds(act: object) -> float:
    began = time.perf_counter()
    act()
    return round(time.perf_counter() - began, 2)
