"""The trail (접속기록): what everybody saw or changed, in chains of hashes that show every change, gap and deletion.

`looking` opens the look of one request or job, `saw` and `describe` say what it shows, and its end appends one entry;
without that entry nothing is shown.
"""

from accounts.trail.appending import TrailUnavailable, append, check_available
from accounts.trail.looking import Look, carry_on, current_look, describe, looking, saw

__all__ = [
    "Look",
    "TrailUnavailable",
    "append",
    "carry_on",
    "check_available",
    "current_look",
    "describe",
    "looking",
    "saw",
]
