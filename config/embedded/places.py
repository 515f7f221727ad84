"""Where the embedded services keep things: the local folder, the private folder of sockets, the wheels' programs."""

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from config import env

ANOTHER = "or let HANNUN_LOCAL name another folder"
MEGABYTE = 1024 * 1024


class EmbeddedProblem(Exception):
    """An embedded service cannot run here; the message is one sentence that says what to do."""


def local_dir() -> Path:
    """The local folder, made if need be. Raises EmbeddedProblem if it is not a writable folder of our own."""
    local = env.local_dir()
    try:
        local.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = local.stat().st_uid
    except (FileExistsError, NotADirectoryError):
        raise EmbeddedProblem(f"{local} is not a folder: move it away, {ANOTHER}.") from None
    except OSError as error:
        raise EmbeddedProblem(unwritable(local, error)) from None
    if owner != os.geteuid():
        raise EmbeddedProblem(
            f"{local} belongs to user {owner}, but this is user {os.geteuid()}: run as that user, {ANOTHER}."
        )
    return local


def unwritable(place: Path, error: OSError) -> str:
    """One sentence on a failed write: the disk is full, or the reason that the system gives."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {place} is full: free some space, {ANOTHER}."
    return f"{place} cannot be written ({error.strerror}): mend its permissions, {ANOTHER}."


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Hold the local folder for starting and stopping; the kernel frees it even if the holder is killed."""
    lock = local_dir() / "lock"
    try:
        stream = lock.open("w")
    except OSError as error:
        raise EmbeddedProblem(unwritable(lock, error)) from None
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def require_space(place: Path, megabytes: int) -> None:
    """Raise EmbeddedProblem if the disk of `place` has less free space."""
    free = shutil.disk_usage(place).free // MEGABYTE
    if free < megabytes:
        raise EmbeddedProblem(
            f"The disk of {place} has {free} MB free, but {megabytes} MB are needed: free some space, {ANOTHER}."
        )


def socket_dir() -> Path:
    """The private folder of this local folder's sockets.

    It depends on nothing but the user and the local folder, so that every process finds it, and lies in /tmp,
    because an address of a socket may have 107 bytes only. Raises EmbeddedProblem if it is another user's.
    """
    key = hashlib.sha256(os.fsencode(env.local_dir().resolve())).hexdigest()[:12]
    folder = Path(f"/tmp/hannun-{os.geteuid()}-{key}")  # noqa: S108 - private, and its owner is checked
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EmbeddedProblem(unwritable(folder, error)) from None
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise EmbeddedProblem(f"{folder} must be a folder that only this user can enter: remove it.")
    return folder


def package_dir(name: str) -> Path:
    """The folder of an installed package, without importing it. Raises EmbeddedProblem if it is not installed."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedProblem(f"The Python package {name} is not installed: run make setup.")
    return Path(spec.submodule_search_locations[0])


def replies(address: Path, question: bytes, answer: bytes) -> bool:
    """Whether the server at this socket answers the question with bytes that begin so."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(address))
            connection.sendall(question)
            return connection.recv(len(answer)) == answer
    except OSError:
        return False


def last_line(log: Path) -> str:
    """The last line of a log that says something, or a sentence that there is none."""
    try:
        lines = [line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    return lines[-1] if lines else "it wrote no log"


def says_full(log: Path, start: int) -> bool:
    """Whether the log, from the byte `start` on, tells of a full disk."""
    try:
        written = log.read_bytes()[start:]
    except OSError:
        return False
    return b"No space left on device" in written or b"Disk quota exceeded" in written


def size(log: Path) -> int:
    """The length of a log in bytes; 0 where there is none."""
    return log.stat().st_size if log.exists() else 0
