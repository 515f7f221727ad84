"""What happened to a session, in words for the person it happened to."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import StaffSession

Ending = StaffSession.Ending


def why_signed_out(ending: str) -> str:
    """Why the last session of this browser ended, one of `StaffSession.Ending`; '' where there is nothing to tell."""
    sentences = {
        Ending.IDLE: _(
            "You were signed out because nothing was done for %(minutes)s minutes. What you had begun to write is "
            "there again after you log in."
        ),
        Ending.TOO_LONG: _("You were signed out because a session ends after %(hours)s hours. Log in again."),
        Ending.TOO_MANY: _(
            "You were signed out here because you signed in at more than %(count)s places. If that was not you, change "
            "your password."
        ),
        Ending.BY_OWNER: _("You were signed out here from another place. If that was not you, change your password."),
        Ending.BY_ADMINISTRATOR: _("An administrator ended your session. Ask them if you do not know why."),
        Ending.PASSWORD_CHANGED: _(
            "You were signed out because your password was changed. If that was not you, tell an administrator at once."
        ),
        Ending.FACTOR_RESET: _(
            "You were signed out because your second factor was reset. If you did not ask for that, tell an "
            "administrator at once."
        ),
        Ending.DEACTIVATED: _("You were signed out because your account was closed. Ask an administrator."),
    }
    if ending not in sentences:
        return ""
    return sentences[ending] % {
        "minutes": -(-settings.LOGIN_IDLE_SECONDS // 60),
        "hours": settings.LOGIN_LONGEST_SECONDS // 3600,
        "count": settings.LOGIN_SESSIONS_AT_ONCE,
    }
