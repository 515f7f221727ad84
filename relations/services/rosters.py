"""Rosters: keeping the list that a company sent, letting it be applied, cancelling it, and removing what is over."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Staff
from accounts.trail import saw
from customers.masking import without_resident_numbers
from customers.models import Contract, Customer
from customers.services.receiving import keep_upload
from relations import tasks
from relations.models import GroupMember, Roster, RosterRow

log = logging.getLogger(__name__)
FOLDER = "rosters"  # below FEED_DIR: our own copies, which hold resident numbers in the clear
CONTRACT_LOCK = 4_208_601  # the class of locks on the members of one contract
RUN_LOCK = CONTRACT_LOCK + 1  # the class of locks on single rosters at work
CANCELLABLE = (Roster.State.WAITING, Roster.State.CHECKED, Roster.State.FAILED)


class NotGroupContract(Exception):
    """Only a group contract of this organisation has members."""


class DayToCome(Exception):
    """A list tells of a day that is there."""


class OlderRoster(Exception):
    """A list of a later day was applied already; `on` is that day."""

    def __init__(self, on: date) -> None:
        super().__init__(on)
        self.on = on


class DiskFull(Exception):
    """The file could not be kept."""


class NotNow(Exception):
    """The state of the roster does not allow this: it is at work, or somebody applied or cancelled it meanwhile."""


class LeaversNotConfirmed(Exception):
    """More than half of the members would leave, and nobody said that `count` of them do."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def receive_roster(
    *,
    contract: Contract,
    organisation: Customer,
    upload: UploadedFile,
    on: date,
    is_full: bool,
    by: Staff | None,
    at: datetime,
    is_queued: bool = True,
) -> Roster:
    """Keep an uploaded list and let a worker check it. on: the day that it tells of.

    Raises NotGroupContract, DayToCome, OlderRoster, DiskFull.
    """
    if holder_of(contract) != organisation:
        raise NotGroupContract
    if on > timezone.localdate(at):
        raise DayToCome
    refuse_older(contract.pk, on)
    path = _kept(upload, at)
    with transaction.atomic():
        roster = Roster.objects.create(
            organisation=organisation,
            contract=contract,
            file_name=without_resident_numbers(Path(upload.name).name)[:200],
            file_path=str(path),
            file_digest=hashlib.sha256(path.read_bytes()).hexdigest(),
            on=on,
            is_full=is_full,
            uploaded_by=by,
            uploaded_at=at,
        )
        if is_queued:
            tasks.check_roster.delay_on_commit(roster_id=roster.pk)
    saw(organisation.pk)
    log.info("Roster %s was received by staff %s", roster.pk, by.pk if by else None)
    return roster


def _kept(upload: UploadedFile, at: datetime) -> Path:
    try:
        return keep_upload(upload, settings.FEED_DIR / FOLDER, at)
    except OSError as problem:
        raise DiskFull from problem


def holder_of(contract: Contract) -> Customer | None:
    """The organisation that holds a group contract, None where no source has named it."""
    if contract.product_group != Contract.ProductGroup.GROUP:
        return None
    held = Customer.objects.raw(HOLDER, [contract.source_id, contract.contract_no])
    return next(iter(held), None)


HOLDER = """
SELECT customer.* FROM customers_contractparty party
JOIN customers_sourcerecord record ON record.source_id = party.source_id AND record.source_key = party.party_source_key
JOIN customers_link link ON link.record_id = record.id
JOIN customers_customer customer ON customer.id = link.customer_id AND customer.kind = 'ORG'
WHERE party.source_id = %s AND party.contract_no = %s AND party.role = 'POLICYHOLDER'
ORDER BY party.id LIMIT 1
"""


def refuse_older(contract_id: int, on: date) -> None:
    """A list of an earlier day would undo what a later one said. Raises OlderRoster."""
    newest = _later(contract_id, on).order_by("-on").values_list("on", flat=True).first()
    if newest:
        raise OlderRoster(newest)


def is_overtaken(roster: Roster) -> bool:
    """Whether a list of a later day was applied since this one was let go."""
    return _later(roster.contract_id, roster.on).exists()


def _later(contract_id: int, on: date) -> QuerySet[Roster]:
    return Roster.objects.filter(contract=contract_id, state=Roster.State.APPLIED, on__gt=on)


@transaction.atomic
def request_application(*, roster: Roster, confirmed: int | None, by: Staff | None, is_queued: bool = True) -> Roster:
    """Let a worker apply a checked list whole. confirmed: how many leave, as the person typed it, where it takes that.

    Raises NotNow, OlderRoster, LeaversNotConfirmed.
    """
    roster = _locked(roster)
    if roster.state != Roster.State.CHECKED:
        raise NotNow
    refuse_older(roster.contract_id, roster.on)
    leaving = roster.counts.get("LEAVE", 0)
    if roster.counts.get("takes_confirmation") and confirmed != leaving:
        raise LeaversNotConfirmed(leaving)
    roster.state, roster.applied_by, roster.problem = Roster.State.APPLYING, by, ""
    roster.save(update_fields=["state", "applied_by", "problem"])
    saw(roster.organisation_id)
    log.info("Roster %s is to be applied by staff %s", roster.pk, by.pk if by else None)
    if is_queued:
        tasks.apply_roster.delay_on_commit(roster_id=roster.pk)
    return roster


@transaction.atomic
def cancel_roster(*, roster: Roster, by: Staff | None) -> Roster:
    """Give a list up: nothing of it holds, and what it said is removed. Raises NotNow."""
    roster = _locked(roster)
    if roster.state not in CANCELLABLE:
        raise NotNow
    roster.state = Roster.State.CANCELLED
    roster.save(update_fields=["state"])
    forget_contents(roster)
    saw(roster.organisation_id)
    log.info("Roster %s was cancelled by staff %s", roster.pk, by.pk if by else None)
    return roster


def forget_contents(roster: Roster) -> None:
    """Remove the cells of a list and our copy of its file."""
    RosterRow.objects.filter(roster=roster).update(content_sealed=None)
    remove_file(roster)


def remove_file(roster: Roster) -> None:
    """Remove our copy of a list; what is sealed of it stands in its rows."""
    path = Path(roster.file_path)
    if roster.file_path and path.parent == settings.FEED_DIR / FOLDER:
        path.unlink(missing_ok=True)


def remove_old_rosters(*, at: datetime) -> int:
    """Cancel lists that nobody applied for `settings.FEED_REJECT_DAYS`, and remove copies older than
    `settings.FEED_COPY_HOURS`; returns how many lists were cancelled."""
    limit = at - timedelta(days=settings.FEED_REJECT_DAYS)
    cancelled = 0
    for roster in Roster.objects.filter(state__in=CANCELLABLE, uploaded_at__lt=limit).order_by("pk"):
        with suppress(NotNow):
            cancel_roster(roster=roster, by=None)
            cancelled += 1
    folder, oldest = settings.FEED_DIR / FOLDER, at - timedelta(hours=settings.FEED_COPY_HOURS)
    at_work = (Roster.State.WAITING, Roster.State.CHECKING)
    needed = set(Roster.objects.filter(state__in=at_work).values_list("file_path", flat=True))
    for path in folder.iterdir() if folder.is_dir() else ():
        if str(path) not in needed and path.stat().st_mtime < oldest.timestamp():
            path.unlink(missing_ok=True)
    return cancelled


def hold_contract(contract_id: int) -> None:
    """Wait until nobody else changes the members of this contract, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CONTRACT_LOCK, contract_id])


def take_roster(roster_id: int) -> bool:
    """Be the only process at a roster until `leave_roster` or until it dies; False where another one is."""
    return _ask("SELECT pg_try_advisory_lock(%s, %s)", roster_id)


def leave_roster(roster_id: int) -> None:
    """End `take_roster`; where the connection is gone, the lock went with it."""
    if connection.connection is not None:
        _ask("SELECT pg_advisory_unlock(%s, %s)", roster_id)


def _ask(query: str, roster_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [RUN_LOCK, roster_id])
        return cursor.fetchone()[0]


def _locked(roster: Roster) -> Roster:
    return Roster.objects.select_for_update(of=("self",)).get(pk=roster.pk)


def open_members(contract_id: int) -> int:
    """How many members of a contract nobody has said to leave."""
    return GroupMember.objects.filter(contract=contract_id, cover_until=None).count()
