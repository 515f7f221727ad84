"""The tree of branches: opening, moving, renaming, closing. Paths follow the tree.

Who leads a branch sees the customers of all below it, so that what moves in the tree goes into the record of rights.
"""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Branch, Staff
from accounts.services.rights import record_change

# One statement for any number of moved branches: paths are read off the tree, and only wrong ones are written.
REWRITE_PATHS = """
WITH RECURSIVE tree (id, path) AS (
    SELECT id, '/' || code || '/' FROM accounts_branch WHERE parent_id IS NULL
    UNION ALL
    SELECT below.id, tree.path || below.code || '/' FROM accounts_branch below JOIN tree ON below.parent_id = tree.id
)
UPDATE accounts_branch SET path = tree.path FROM tree
WHERE accounts_branch.id = tree.id AND accounts_branch.path <> tree.path
"""


class BranchMisplaced(Exception):
    """Only a head office stands alone; nothing stands below itself."""


class BranchClosed(Exception):
    """A closed branch takes in neither branches nor staff."""


class BranchInUse(Exception):
    """Open branches or active staff are still there, and would be left without a place."""


def hold_tree() -> None:
    """Let nobody else change the tree until the end of the transaction; without it two moves could make a ring."""
    list(Branch.objects.select_for_update().filter(parent__isnull=True).order_by("pk").values_list("pk"))


def rewrite_paths() -> int:
    """Make every path follow the tree; how many were wrong."""
    with connection.cursor() as cursor:
        cursor.execute(REWRITE_PATHS)
        return cursor.rowcount


def check_place(*, kind: str, parent: Branch | None, branch: Branch | None = None) -> None:
    """Refuse a place in the tree. branch: the one that would move, None for a new one.

    Raises BranchMisplaced, BranchClosed.
    """
    if parent is None:
        if kind != Branch.Kind.HEAD_OFFICE:
            raise BranchMisplaced
        return
    if branch is not None and parent.path.startswith(branch.path):
        raise BranchMisplaced
    if parent.closed_on is not None:
        raise BranchClosed


def is_in_use(*, branch: Branch) -> bool:
    """Whether open branches stand below `branch` or active staff work in it."""
    below = Branch.objects.subtree_of(branch).filter(closed_on__isnull=True).exclude(pk=branch.pk)
    return below.exists() or Staff.objects.filter(branch=branch, is_active=True).exists()


@transaction.atomic
def open_branch(
    *,
    code: str,
    name: str,
    kind: str,
    parent: Branch | None = None,
    by: Staff | None = None,
    at: datetime | None = None,
) -> Branch:
    """Open a branch below `parent`. by: None for the command line; at: now, if not given.

    Raises BranchMisplaced, BranchClosed.
    """
    hold_tree()
    above = Branch.objects.get(pk=parent.pk) if parent is not None else None
    check_place(kind=kind, parent=above)
    path = f"{above.path if above else '/'}{code}/"
    branch = Branch.objects.create(code=code, name=name, kind=kind, parent=above, path=path)
    _record(by, at, "BRANCH_OPENED", branch=code, path=path)
    return branch


@transaction.atomic
def move_branch(
    *, branch: Branch, parent: Branch | None, by: Staff | None = None, at: datetime | None = None
) -> Branch:
    """Place `branch`, and all below it, under `parent`. by, at: as in `open_branch`.

    Raises BranchMisplaced, BranchClosed.
    """
    hold_tree()
    branch = Branch.objects.get(pk=branch.pk)
    above = Branch.objects.get(pk=parent.pk) if parent is not None else None
    check_place(kind=branch.kind, parent=above, branch=branch)
    before = branch.path
    branch.parent = above
    branch.save(update_fields=["parent"])
    rewrite_paths()
    branch.refresh_from_db(fields=["path"])
    if branch.path != before:
        _record(by, at, "BRANCH_MOVED", branch=branch.code, **{"from": before, "to": branch.path})
    return branch


@transaction.atomic
def rename_branch(*, branch: Branch, name: str) -> Branch:
    """Give `branch` another name; its code stays for ever."""
    branch = Branch.objects.select_for_update().get(pk=branch.pk)
    branch.name = name
    branch.save(update_fields=["name"])
    return branch


@transaction.atomic
def close_branch(*, branch: Branch, on: date, by: Staff | None = None, at: datetime | None = None) -> Branch:
    """Close `branch` from that day; its customers keep naming it. by, at: as in `open_branch`.

    Raises BranchInUse, BranchClosed.
    """
    hold_tree()
    branch = Branch.objects.select_for_update().get(pk=branch.pk)
    if branch.closed_on is not None:
        raise BranchClosed
    if is_in_use(branch=branch):
        raise BranchInUse
    branch.closed_on = on
    branch.save(update_fields=["closed_on"])
    _record(by, at, "BRANCH_CLOSED", branch=branch.code, day=on.isoformat())
    return branch


@transaction.atomic
def reopen_branch(*, branch: Branch, by: Staff | None = None, at: datetime | None = None) -> Branch:
    """Undo a closing that was a mistake. by, at: as in `open_branch`.

    Raises BranchClosed where the branch above is closed.
    """
    hold_tree()
    branch = Branch.objects.get(pk=branch.pk)
    check_place(kind=branch.kind, parent=branch.parent)
    branch.closed_on = None
    branch.save(update_fields=["closed_on"])
    _record(by, at, "BRANCH_REOPENED", branch=branch.code)
    return branch


def _record(by: Staff | None, at: datetime | None, kind: str, **what: str) -> None:
    record_change(staff=None, by=by, at=at or timezone.now(), kind=kind, what=what)
