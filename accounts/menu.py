"""The entries of the menu that a member of staff may use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from accounts.models import Staff


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu. title: in the language of the reader; icon: a line of config/assets/icons.txt; section: the
    heading above the line, where a new one begins."""

    title: str
    url: str
    icon: str
    is_active: bool = False
    section: str = ""


def entries_for(staff: Staff, path: str) -> list[MenuEntry]:
    """The menu of `staff` while the page at `path` is shown; one entry at most is active."""
    entries = list(_entries(staff))
    active = _active_url(_lit(path), [entry.url for entry in entries])
    return [replace(entry, is_active=entry.url == active) for entry in entries]


def _entries(staff: Staff) -> Iterator[MenuEntry]:
    """The lines whose pages exist, the first of each section with its heading."""
    begun = ""
    for section, lines in settings.MENU:
        for title, name, permission, icon in lines:
            url = url_of(name) if _opens(staff, permission) else None
            if url:
                yield MenuEntry(gettext(title), url, icon, section=gettext(section) if section != begun else "")
                begun = section


def permitted(staff: Staff) -> list[tuple[str, str, str, str]]:
    """The lines of `settings.MENU` that the roles of `staff` open, whether or not the page exists."""
    return [line for _section, lines in settings.MENU for line in lines if _opens(staff, line[2])]


def _opens(staff: Staff, permission: str) -> bool:
    if permission == "is_staff":
        return staff.is_staff
    return staff.has_perms(permission.split())


def url_of(name: str) -> str | None:
    """The address of a page by its name, None if there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _lit(path: str) -> str:
    """The path that the menu goes by: for a page that is a tab beside another, that of the other."""
    tabs = {url_of(page): url_of(lit) for page, lit in settings.MENU_TABS.items()}
    return tabs.get(path) or path


def _active_url(path: str, urls: Iterable[str]) -> str | None:
    """The longest address that `path` stands below; the start page only counts for itself."""
    above = [url for url in urls if path == url or (path.startswith(url) and url != reverse("home"))]
    return max(above, key=len, default=None)
