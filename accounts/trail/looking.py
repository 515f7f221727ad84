"""What one request or job shows, gathered while it works. Whoever shows or changes data of a customer calls `saw`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.models import AccessEntry, Branch, Staff
from accounts.purposes import purpose_of
from accounts.trail.appending import append

MOST_CUSTOMERS = 100_000
_current: ContextVar[Look | None] = ContextVar("look", default=None)
_branch_codes: dict[int, str] = {}
"""{id: code} of branches met in this process; a code stays for ever."""


@dataclass
class Look:
    """What is being looked at. customers: ids in the order in which they were shown, as keys."""

    kind: str = ""
    reason: str = ""
    purpose: str = ""
    conditions: Mapping[str, object] = field(default_factory=dict)
    count: int | None = None
    customers: dict[int, None] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)

    @property
    def is_about_something(self) -> bool:
        return bool(self.customers or self.kind)

    def append(
        self,
        *,
        staff: Staff | None,
        page: str,
        result: int,
        target: str = "",
        address: str = "",
        session: str = "",
        kind: str = AccessEntry.Kind.VIEW,
    ) -> None:
        """Write the entry. kind: where nobody described the look. Raises TrailUnavailable."""
        purpose = self.purpose or (purpose_of(staff) if staff else None) or ""
        append(
            at=timezone.now(),
            kind=self.kind or kind,
            page=page,
            result=result,
            staff_id=staff.pk if staff else None,
            employee_number=staff.employee_number if staff else "",
            branch_code=branch_code_of(staff),
            address=address,
            session=session,
            target=target,
            purpose=str(purpose),
            reason=self.reason,
            conditions=json.dumps(self.conditions, ensure_ascii=False, default=str) if self.conditions else "",
            items=self.items,
            customers=list(self.customers)[:MOST_CUSTOMERS],
            count=len(self.customers) if self.count is None else self.count,
        )


def branch_code_of(staff: Staff | None) -> str:
    """The code of the branch of `staff`, asked once per process, for every entry holds it; '' without a branch."""
    if staff is None or staff.branch_id is None:
        return ""
    code = _branch_codes.get(staff.branch_id)
    if code is None:
        code = Branch.objects.values_list("code", flat=True).get(pk=staff.branch_id)
        _branch_codes[staff.branch_id] = code
    return code


def current_look() -> Look | None:
    """The look that is open in this context, if any."""
    return _current.get()


def saw(customers: int | Iterable[int], items: Iterable[str] = ()) -> None:
    """Note that data of these customers, by id, are shown or changed. items: codes of values opened in full."""
    look = _current.get()
    if look is not None:
        look.customers.update(dict.fromkeys([customers] if isinstance(customers, int) else customers))
        look.items.update(dict.fromkeys(items))


def describe(
    *,
    kind: str = "",
    reason: str = "",
    purpose: str = "",
    conditions: Mapping[str, object] | None = None,
    count: int | None = None,
) -> None:
    """Say more of the look that is open: what kind of look it is, what was asked for, how many were found."""
    look = _current.get()
    if look is None:
        return
    look.kind, look.reason, look.purpose = kind or look.kind, reason or look.reason, purpose or look.purpose
    look.conditions = look.conditions if conditions is None else conditions
    look.count = look.count if count is None else count


def carry_on(customers: Iterable[int]) -> None:
    """Say that the look that is open goes on with one whose entry stands and holds these customers, so that no look
    counts twice: only others that came into view are noted, as a list, and where there are none there is no entry.
    """
    look = _current.get()
    if look is None:
        return
    for customer in customers:
        look.customers.pop(customer, None)
    if look.customers:
        look.kind = look.kind or AccessEntry.Kind.LIST


@contextmanager
def gathering(look: Look | None = None) -> Iterator[Look]:
    """Open a look, or that one again, without writing it; the caller appends it before anything is shown."""
    look = Look() if look is None else look
    token = _current.set(look)
    try:
        yield look
    finally:
        _current.reset(token)


@contextmanager
def looking(*, staff: Staff, page: str, kind: str, reason: str = "", target: str = "") -> Iterator[Look]:
    """A look outside a request, such as a job that makes a file; at its end the entry is written.

    Raises TrailUnavailable, upon which the result must not be handed out.
    """
    with gathering() as look:
        look.kind, look.reason = kind, reason
        yield look
    look.append(staff=staff, page=page, result=200, target=target)
