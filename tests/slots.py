"""A slot: the database, the broker's databases, the keys and the folder that one run of the tests has to itself."""

import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from config import embedded, env

SLOTS = 64
FIRST_REDIS_DATABASE = 16  # the demonstration uses those below
REDIS_DATABASES = 4
FIRST_KEY = 20_000


@dataclass(frozen=True)
class Slot:
    """One run's own place; environment: the variables by which it and its children find it."""

    database: str
    environment: dict[str, str]
    folder: Path
    lock: io.TextIOWrapper

    def release(self) -> None:
        """Let another run have it."""
        self.lock.close()


def take() -> Slot:
    """Start the services and take the lowest free slot, its folder and broker emptied."""
    # A worker of a parallel run inherits the slot of its parent, and goes back to what that started from.
    home = Path(os.environ.setdefault("HANNUN_TEST_HOME", str(env.local_dir())))
    os.environ["HANNUN_LOCAL"] = str(home)
    os.environ.pop("REDIS_URL", None)
    server = os.environ.get("HANNUN_TEST_SERVER") or env.given("DATABASE_URL") or ""
    os.environ["HANNUN_TEST_SERVER"] = server
    os.environ["DATABASE_URL"] = server
    embedded.start()
    number, lock = _lowest_free(home / "tests")
    database = f"test_hannun_{number}"
    address = embedded.redis_url(FIRST_REDIS_DATABASE + REDIS_DATABASES * number)
    folder = _emptied(home / "tests" / f"slot-{number}")
    for offset in range(REDIS_DATABASES):
        with redis.Redis.from_url(env.shifted_redis(address, offset)) as broker:
            broker.flushdb()
    environment = {
        "DATABASE_URL": renamed(env.database_url(), database),
        "REDIS_URL": address,
        "HANNUN_KEYS": env.new_keys(),
        "HANNUN_LOCAL": str(folder),
    }
    return Slot(database, environment, folder, lock)


def renamed(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def migrated_template(slot: Slot) -> str:
    """The name of a database with all migrations applied, made if there is none for the present migrations."""
    name = f"template_hannun_{_migrations()}"
    address = slot.environment["DATABASE_URL"]
    with (slot.folder.parent / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(renamed(address, "postgres"), autocommit=True) as server:
            present = {row[0] for row in server.execute("SELECT datname FROM pg_database")}
            if name in present:
                return name
            for old in present:
                if old.startswith("template_hannun_"):
                    with suppress(psycopg.errors.ObjectInUse):  # another run is copying it
                        server.execute(f'DROP DATABASE IF EXISTS "{old}"')
            server.execute(f'CREATE DATABASE "{name}_new"')
            _migrate(renamed(address, f"{name}_new"))
            _begin_high(renamed(address, f"{name}_new"))
            server.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def _migrate(address: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    done = subprocess.run(
        command, cwd=env.ROOT, env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stderr[-2000:]}")


def _begin_high(address: str) -> None:
    """Count every table's keys from a number of five digits: a page that prints one with a separator is found out."""
    with psycopg.connect(address, autocommit=True) as database:
        for (sequence,) in database.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'").fetchall():
            database.execute(f"SELECT setval(%s, nextval(%s) + {FIRST_KEY}, false)", (sequence, sequence))


def _migrations() -> str:
    """A hash of what the tables are made by: this module, our migrations, and the versions of all packages."""
    total = hashlib.sha256((env.ROOT / "requirements.txt").read_bytes() + Path(__file__).read_bytes())
    for file in sorted(env.ROOT.glob("*/migrations/*.py")):
        total.update(f"{file.relative_to(env.ROOT)}\n".encode() + file.read_bytes())
    return total.hexdigest()[:12]


def _lowest_free(folder: Path) -> tuple[int, io.TextIOWrapper]:
    folder.mkdir(exist_ok=True)
    for number in range(SLOTS):
        lock = (folder / f"slot-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return number, lock
    raise embedded.EmbeddedProblem(f"All {SLOTS} test slots of {folder} are in use.")


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder
