"""PostgreSQL and Valkey from Python packages, started by the project itself; DATABASE_URL and REDIS_URL replace them.

Both listen on sockets in a private folder only, so there is no port to choose and none to collide. Their data lies
in the local folder (`env.local_dir`) and is never deleted here. They are for demonstration and tests: they trust
whoever can enter that folder. They run on after the command that started them, until `stop`.
"""

from contextlib import suppress

from config import env
from config.embedded import places, postgresql, valkey
from config.embedded.places import EmbeddedProblem

__all__ = ["EmbeddedProblem", "database_url", "is_alive", "redis_url", "start", "status", "stop"]

database_url = postgresql.database_url
redis_url = valkey.redis_url


def start() -> None:
    """Have those services answer that no address replaces, with a database `hannun`.

    Quick where they run already; safe where several processes call it at once; mends what a kill left behind.
    Raises EmbeddedProblem or EnvironmentProblem: one sentence that says what to do.
    """
    with places.locked():
        if not env.given("DATABASE_URL"):
            env.local_keys()  # before there is a database whose contents depend on them
            postgresql.start()
            postgresql.create_database(env.DATABASE_NAME)
        if not env.given("REDIS_URL"):
            valkey.start()


def is_alive() -> bool:
    """Whether every service that is ours to run answers; a quick look that mends nothing."""
    database = bool(env.given("DATABASE_URL")) or postgresql.replies()
    return database and (bool(env.given("REDIS_URL")) or valkey.answers())


def stop() -> None:
    """End both services of this local folder, whoever started them; nothing happens where none runs."""
    if not env.local_dir().is_dir():
        return
    with places.locked():
        valkey.stop()
        postgresql.stop()
        with suppress(OSError):  # something of the user's lies in it
            places.socket_dir().rmdir()


def status() -> dict[str, object]:
    """Whether each service answers, its address and the local folder."""
    return {
        "local": str(env.local_dir()),
        "postgresql": postgresql.answers(),
        "database_url": database_url(env.DATABASE_NAME),
        "valkey": valkey.answers(),
        "redis_url": redis_url(0),
    }
