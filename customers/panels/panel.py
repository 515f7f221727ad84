"""A panel of the 360° page, and the run through all apps that provide one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, wraps

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from accounts.models import Staff
from customers import formats, wording
from customers.models import Customer

EMPTY_TEMPLATE = "customers/_panel_empty.html"


@dataclass(frozen=True)
class Panel:
    """A titled card: what it shows, from which sources, how old, and where it is empty, why.

    template: rendered with `content`; replaced by a plain sentence where `empty_reason` says that there is nothing.
    summary: a few words for the head of the card. count: for the page's index. is_side: belongs in the narrow column.
    id, title, icon: those of its heading.
    """

    template: str
    content: object = None
    summary: str = ""
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    count: int | None = None
    empty_reason: str = ""
    is_side: bool = False
    now: datetime = field(default_factory=timezone.now)
    id: str = ""
    title: str = ""
    icon: str = ""

    def __post_init__(self) -> None:
        if self.empty_reason:
            object.__setattr__(self, "template", EMPTY_TEMPLATE)
            object.__setattr__(self, "content", self.empty_reason)

    @property
    def note(self) -> list[str]:
        """Summary, sources and age, the parts of one line."""
        parts = [self.summary] if self.summary else []
        if self.sources:
            parts.append(gettext("Source: %(names)s") % {"names": ", ".join(self.sources)})
        if self.as_of:
            parts.append(f"{formats.day(self.as_of)} ({wording.age(self.as_of, self.now)})")
        return parts


PanelFunction = Callable[[Customer, Staff], Panel | None]


@dataclass(frozen=True)
class Heading:
    """What a panel says of itself before it is asked for its content, so that nothing is read for the page's index.

    id: the anchor. leads: it comes with the page itself; the others come right after, in a second answer. is_certain:
    whoever may see it finds it on every page; the others are there where there is something to show.
    """

    id: str
    title: Promise
    icon: str
    leads: bool = False
    is_certain: bool = True


def heads(
    id: str,
    title: Promise,
    icon: str,
    *,
    opens: Callable[[Customer, Staff], bool] | None = None,
    leads: bool = False,
    is_certain: bool = True,
) -> Callable[[PanelFunction], PanelFunction]:
    """Puts a heading on a panel. opens: whether somebody may see it on the page of a customer; asks no query."""

    def headed(function: PanelFunction) -> PanelFunction:
        @wraps(function)
        def panel(customer: Customer, viewer: Staff) -> Panel | None:
            shown = function(customer, viewer) if opens is None or opens(customer, viewer) else None
            return None if shown is None else replace(shown, id=id, title=str(title), icon=icon)

        panel.heading = Heading(id, title, icon, leads, is_certain)
        panel.opens = opens
        return panel

    return headed


def to(permission: str) -> Callable[[Customer, Staff], bool]:
    """For `heads`: the panel is for those who have this permission."""
    return lambda _customer, viewer: viewer.has_perm(permission)


@cache
def _functions(paths: tuple[str, ...]) -> tuple[PanelFunction, ...]:
    return tuple(import_string(path) for path in paths)


def _all() -> tuple[PanelFunction, ...]:
    return _functions(tuple(settings.CUSTOMER_PANELS))


def panels_for(customer: Customer, viewer: Staff, *, leading: bool | None = None) -> list[Panel]:
    """Every panel that `viewer` may see, in the order of settings.CUSTOMER_PANELS; None hides one.

    leading: only those that come with the page itself, or only the others.
    """
    functions = [function for function in _all() if leading is None or function.heading.leads is leading]
    return [panel for function in functions if (panel := function(customer, viewer)) is not None]


@dataclass(frozen=True)
class IndexLine:
    """A line of the page's index. is_there: whether its panel is on the page, or is certain to come."""

    heading: Heading
    is_there: bool
    count: int | None = None


def index_of(customer: Customer, viewer: Staff, shown: list[Panel], *, leading: bool | None = None) -> list[IndexLine]:
    """The page's index, in the order of settings.CUSTOMER_PANELS, as far as `viewer` may see.

    shown: the panels known so far. leading: which of them those are, as for `panels_for`; the others may still come.
    """
    found = {panel.id: panel for panel in shown}
    lines = []
    for function in _all():
        heading, opens = function.heading, function.opens
        is_asked = leading is None or heading.leads is leading
        if is_asked and heading.id in found:
            lines.append(IndexLine(heading, is_there=True, count=found[heading.id].count))
        elif not is_asked and (opens is None or opens(customer, viewer)):
            lines.append(IndexLine(heading, is_there=heading.is_certain))
    return lines
