"""Notices in words. `settings.NOTICE_WORDS` lists the tables of all apps, so that an app above brings its own."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice

WORDS: Mapping[str, Promise] = {
    "RIGHTS_PASSWORD_HANDED_OVER": _("%(by)s handed a new password over for the account %(staff)s."),
    "RIGHTS_PASSWORD_LINK_ISSUED": _("%(by)s issued a link to choose a password for the account %(staff)s."),
    "RIGHTS_SECOND_FACTOR_RESET": _("%(by)s reset the second factor of the account %(staff)s."),
}
"""{kind of a notice: its sentence, with the values of `Notice.what` by name}."""
UNKNOWN = _("There is news for you.")


def sentence_of(notice: Notice) -> str:
    """The notice as a sentence; a plain one where no app has words for its kind."""
    sentence = next((words[notice.kind] for words in _tables() if notice.kind in words), UNKNOWN)
    try:
        return str(sentence) % notice.what
    except KeyError:  # a notice of an earlier version, which said less
        return str(UNKNOWN)


def _tables() -> list[Mapping[str, Promise]]:
    return [import_string(path) for path in settings.NOTICE_WORDS]
