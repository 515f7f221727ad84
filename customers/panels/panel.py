"""A panel of the 360° page, and the run through all apps that provide one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import timezone
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
    """

    id: str
    title: str
    icon: str
    template: str
    content: object = None
    summary: str = ""
    sources: tuple[str, ...] = ()
    as_of: datetime | None = None
    count: int | None = None
    empty_reason: str = ""
    is_side: bool = False
    now: datetime = field(default_factory=timezone.now)

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


def panels_for(customer: Customer, viewer: Staff) -> list[Panel]:
    """Every panel that `viewer` may see, in the order of settings.CUSTOMER_PANELS; None hides one."""
    functions: list[PanelFunction] = [import_string(path) for path in settings.CUSTOMER_PANELS]
    return [panel for function in functions if (panel := function(customer, viewer)) is not None]
