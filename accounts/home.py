"""The start page: cards that the settings compose, in order, from functions `(staff) -> Card | None`."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import admin
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.menu import permitted, url_of
from accounts.models import Notice, Staff
from accounts.notice_words import sentence_of

FEW_PAGES = 2  # the start page itself and one more
MOST_NOTICES = 10


@dataclass(frozen=True)
class CardLink:
    """One thing to do from a card."""

    title: str
    url: str
    icon: str = "chevron-right"


@dataclass(frozen=True)
class Card:
    """One card of the start page: what it is about, a figure or a text, and what can be done from here.

    template: rendered inside with `content` and `card`; icon: a line of config/assets/icons.txt.
    """

    title: str
    icon: str
    template: str = "accounts/_card.html"
    text: str = ""
    figure: str = ""
    links: list[CardLink] = field(default_factory=list)
    content: object = None
    is_wide: bool = False


def cards_for(staff: Staff) -> list[Card]:
    """What `staff` does first, in the order of `settings.HOME_CARDS`."""
    made = (import_string(path)(staff) for path in settings.HOME_CARDS)
    return [card for card in made if card is not None]


def links_to(pages: Iterable[tuple[str, str, str]]) -> list[CardLink]:
    """Links to those pages that exist. pages: title, name of the page, icon."""
    return [CardLink(title, url, icon) for title, name, icon in pages if (url := url_of(name))]


@dataclass(frozen=True)
class NoticeLine:
    """A notice in words."""

    notice: Notice
    text: str


def notices(staff: Staff) -> Card | None:
    """What this person is to know and has not read yet, the newest first; hidden while it is nothing."""
    unread = Notice.objects.filter(staff=staff, read_at=None).order_by("-at", "-pk")
    rows = list(unread[:MOST_NOTICES])
    if not rows:
        return None
    lines = [NoticeLine(notice, sentence_of(notice)) for notice in rows]
    links = [CardLink(_("All notices"), reverse("accounts:notice-list"), "list-details")]
    return Card(_("Notices"), "bell", "accounts/_notices_card.html", content=lines, links=links, is_wide=True)


def administration(staff: Staff) -> Card | None:
    """The tables an administrator keeps, each a link; None for everyone else."""
    if not staff.is_staff:
        return None
    links = [
        CardLink(str(model._meta.verbose_name_plural).capitalize(), _changelist(model), "table")
        for model in admin.site._registry
        if _may_view(staff, model)
    ]
    return Card(_("Administration"), "settings", text=_("Tables you keep up to date."), links=links)


def what_comes_next(staff: Staff) -> Card | None:
    """Explains an account whose roles open hardly a page yet, such as a system's; None for everyone else."""
    if len(permitted(staff)) > FEW_PAGES:
        return None
    return Card(
        _("Your account"),
        "id-badge-2",
        text=_("Your roles open few pages. What each of them allows stands on the page of your account."),
        links=links_to([(_("My account and roles"), "accounts:profile", "user-circle")]),
    )


def _may_view(staff: Staff, model: type) -> bool:
    return staff.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def _changelist(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
