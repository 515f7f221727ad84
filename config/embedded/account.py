"""Under which account PostgreSQL runs: it refuses to be root, and a container often has no other user."""

import functools
import os
import pwd
import subprocess
from dataclasses import dataclass

from config.embedded.places import EmbeddedProblem

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """How to run a program as someone else than root.

    prefix: words before the command. uid, gid: set only where the files must belong to another account, because
    then data and program have to lie outside the folders of root.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def is_other(self) -> bool:
        return self.uid is not None


@functools.cache
def account() -> Account:
    """Ourselves; as root a user namespace, where files stay root's; where those are forbidden, another account.

    Raises EmbeddedProblem if there is none.
    """
    if os.geteuid() != 0:
        return Account()
    if _runs(*NAMESPACE, "true"):
        return Account(NAMESPACE)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        prefix = ("setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--")
        if _runs(*prefix, "true"):
            return Account(prefix, entry.pw_uid, entry.pw_gid)
    raise EmbeddedProblem(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (package util-linux) works here: "
        "run as another user, or set DATABASE_URL."
    )


def _runs(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
