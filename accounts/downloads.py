"""Whether somebody may take files today: `settings.DOWNLOAD_LOCKS` lists what may forbid it.

Each is a function `(staff, day) -> sentence`, empty where it forbids nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Staff
from accounts.services.reviews import downloads_locked

DownloadLock = Callable[[Staff, date], str]


def why_locked(staff: Staff, on: date) -> str:
    """Why `staff` may take no files on that day, in a sentence that says what to do; empty where they may."""
    locks: list[DownloadLock] = [import_string(path) for path in settings.DOWNLOAD_LOCKS]
    return next((why for lock in locks if (why := lock(staff, on))), "")


def owes_an_answer(staff: Staff, on: date) -> str:
    """The lock of the review: a question of it is unanswered after its time."""
    if not downloads_locked(staff, on):
        return ""
    return _("You owe an answer to the review of access. Until you give it, you take no files.")
