"""Typed reads of the environment; a value that makes no sense is refused in one sentence that names its variable.

Nothing else in the house reads `os.environ`. Empty values count as not set.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
DATABASE_NAME = "hannun"
POSTGRESQL_SCHEMES = ("postgresql", "postgres")
REDIS_SCHEMES = ("redis", "rediss", "unix")
KEY_BYTES = 32
SECRET_KEY_LENGTH = 32
DEMONSTRATION = "demonstration"
YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


class EnvironmentProblem(Exception):
    """A variable is missing or holds nonsense; the message is one sentence for the person who sets it."""


def given(name: str) -> str | None:
    """The value of the variable without surrounding blanks, or None where it is missing or blank."""
    return os.environ.get(name, "").strip() or None


def text(name: str, default: str | None = None) -> str:
    """The variable as text; `default` where it is not set. Raises EnvironmentProblem if there is neither."""
    value = given(name) or default
    if value is None:
        raise EnvironmentProblem(f"{name} is not set.")
    return value


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """The comma-separated words of the variable, in order, blanks dropped."""
    value = given(name)
    if value is None:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]


def flag(name: str, default: bool = False) -> bool:
    """The variable as yes or no: 1/0, true/false, yes/no, on/off in any case."""
    value = given(name)
    if value is None:
        return default
    if value.lower() not in YES | NO:
        raise EnvironmentProblem(f"{name} must be 1 or 0 (also true/false, yes/no, on/off), but it is {value!r}.")
    return value.lower() in YES


def integer(name: str, default: int, minimum: int | None = None, maximum: int | None = None) -> int:
    """The variable as a whole number within the limits, both included."""
    value = given(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise EnvironmentProblem(f"{name} must be a whole number, but it is {value!r}.") from None
    if minimum is not None and number < minimum:
        raise EnvironmentProblem(f"{name} must be at least {minimum}, but it is {number}.")
    if maximum is not None and number > maximum:
        raise EnvironmentProblem(f"{name} must be at most {maximum}, but it is {number}.")
    return number


def networks(name: str) -> list[str]:
    """The comma-separated networks of the variable in CIDR notation (10.0.0.0/8, a single address too), in order."""
    read = []
    for word in words(name):
        try:
            read.append(str(ip_network(word)))
        except ValueError:
            raise EnvironmentProblem(f"{name} must be networks such as 10.0.0.0/8, but one is {word!r}.") from None
    return read


def some_of(name: str, known: Iterable[str], default: tuple[str, ...] = ()) -> list[str]:
    """The comma-separated words of the variable, each one of `known`; `none` alone stands for no word at all."""
    chosen = words(name, default)
    if chosen == ["none"]:
        return []
    if unknown := sorted(set(chosen) - set(known)):
        raise EnvironmentProblem(f"{name} must name some of {', '.join(known)}, but it names {', '.join(unknown)}.")
    return chosen


def path(name: str, default: Path) -> Path:
    """The variable as an absolute path, relative to the working folder, `~` expanded; it need not exist."""
    value = given(name)
    if value is None:
        return default
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise EnvironmentProblem(f"{name} names a home folder that does not exist: {value!r}.") from None


def is_production() -> bool:
    """Whether real data are here: a database server is named, and nobody says that this is a demonstration."""
    return given("DATABASE_URL") is not None and not flag("HANNUN_DEMO", default=False)


def debugging() -> bool:
    """Whether pages show how the program works inside. Raises EnvironmentProblem where real data are."""
    chosen = flag("HANNUN_DEBUG", default=False)
    if chosen and is_production():
        raise EnvironmentProblem("HANNUN_DEBUG must not be set where DATABASE_URL is: its pages show personal data.")
    return chosen


def local_dir() -> Path:
    """The folder of this installation's own data: database, broker, keys, logs, built assets."""
    return path("HANNUN_LOCAL", ROOT / ".local")


def vendor_dir() -> Path:
    """Where the frameworks' assets are built; it follows the checkout, as the virtual environment does."""
    return ROOT / ".local" / "vendor"


def uses_embedded_services() -> bool:
    """Whether the embedded PostgreSQL or the embedded Valkey is in use: not both addresses are given."""
    return not (given("DATABASE_URL") and given("REDIS_URL"))


def database_url() -> str:
    """DATABASE_URL, or the address of the embedded PostgreSQL."""
    if value := given("DATABASE_URL"):
        return value
    from config import embedded  # an installation with servers of its own needs none of this

    return embedded.database_url(DATABASE_NAME)


def database() -> dict[str, object]:
    """`database_url` as an entry of Django's DATABASES. Raises EnvironmentProblem."""
    return parsed_database(database_url())


def parsed_database(url: str) -> dict[str, object]:
    """A PostgreSQL address as an entry of Django's DATABASES; further parameters of libpq become OPTIONS.

    url: postgresql://user:password@host:port/name?host=/socket/folder&sslmode=verify-full, as libpq reads it.
    Raises EnvironmentProblem, whose message never repeats the address, which may hold a password.
    """
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    shape = "postgresql://user:password@host:port/name?sslmode=verify-full"
    problem = EnvironmentProblem(f"DATABASE_URL must read {shape}.")
    if url.partition("://")[0] not in POSTGRESQL_SCHEMES:
        raise problem
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        raise problem from None
    if not parts.get("port", "0").replace(",", "").isdecimal():
        raise problem
    if not parts.get("dbname"):
        raise EnvironmentProblem(f"DATABASE_URL names no database: {shape}.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def redis_url(db: int = 0) -> str:
    """REDIS_URL, or the address of the embedded Valkey, at its `db`-th database.

    The number in REDIS_URL is the first one used: redis://host/8 with db 2 is redis://host/10.
    """
    if value := given("REDIS_URL"):
        return shifted_redis(value, db)
    from config import embedded  # an installation with servers of its own needs none of this

    return embedded.redis_url(db)


def shifted_redis(url: str, db: int) -> str:
    """A Redis address with its database number raised by `db`. Raises EnvironmentProblem without repeating it."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    is_socket = parts.scheme == "unix"
    first = query.pop("db", "0") if is_socket else parts.path.strip("/") or "0"
    place = parts.path.strip("/") if is_socket else parts.hostname
    if parts.scheme not in REDIS_SCHEMES or not place or not first.isdecimal():
        raise EnvironmentProblem("REDIS_URL must read redis://host:port/0, rediss://… or unix:///socket?db=0.")
    number = int(first) + db
    if is_socket:
        return f"unix://{parts.netloc}{parts.path}?{urlencode({'db': number, **query})}"
    return urlunsplit(parts._replace(path=f"/{number}"))


def broker_url(db: int) -> str:
    """`redis_url(db)` in Celery's spelling: a socket is redis+socket:///path?virtual_host=1, not unix:///path?db=1."""
    url = redis_url(db)
    if not url.startswith("unix://"):
        return url
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


@dataclass(frozen=True)
class Keys:
    """The secrets of an installation; shown by `repr` as nothing but the name of the active key.

    encryption: {key id: 32 bytes}, of which `active` encrypts and all decrypt; index: 32 bytes for blind indexes.
    """

    active: str
    secret_key: str = field(repr=False)
    encryption: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


def keys() -> Keys:
    """The secrets from HANNUN_KEYS, or from the file HANNUN_KEYS_FILE, or of this demonstration.

    Only an installation on the embedded database makes secrets for itself, and none of those is accepted where real
    data are. Raises EnvironmentProblem.
    """
    if value := given("HANNUN_KEYS"):
        return _not_of_a_demonstration("HANNUN_KEYS", value)
    if given("HANNUN_KEYS_FILE"):
        named = path("HANNUN_KEYS_FILE", ROOT)
        try:
            written = named.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise EnvironmentProblem(f"HANNUN_KEYS_FILE names a file that cannot be read: {named}.") from None
        return _not_of_a_demonstration("HANNUN_KEYS_FILE", written)
    if given("DATABASE_URL"):
        raise EnvironmentProblem(
            "HANNUN_KEYS or HANNUN_KEYS_FILE must be set where DATABASE_URL is: real data never gets made-up keys."
        )
    return local_keys()


def _not_of_a_demonstration(name: str, written: str) -> Keys:
    """The secrets as `secret_keys` reads them; in production neither marked as a demonstration's nor those of ours."""
    found = secret_keys(name, written)
    if not is_production():
        return found
    file = local_dir() / "keys.json"
    ours = secret_keys(str(file), file.read_text("utf-8")) if file.is_file() else None
    if json.loads(written).get("made_for") == DEMONSTRATION or (ours and _share(found, ours)):
        raise EnvironmentProblem(f"{name} holds the keys of a demonstration: real data needs keys of its own.")
    return found


def _share(one: Keys, other: Keys) -> bool:
    """Whether two sets of secrets have any secret in common."""
    secret = [{keys.secret_key, keys.index, *keys.encryption.values()} for keys in (one, other)]
    return bool(secret[0] & secret[1])


def secret_keys(name: str, written: str) -> Keys:
    """Secrets as JSON: {"secret_key", "encryption": {"active", "keys": {id: base64}}, "index": base64}.

    name: the variable to blame. Raises EnvironmentProblem, whose message holds nothing of what was written.
    """
    try:
        content = json.loads(written)
        encryption = {str(key_id): _key(value) for key_id, value in content["encryption"]["keys"].items()}
        found = Keys(content["encryption"]["active"], content["secret_key"], encryption, _key(content["index"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise EnvironmentProblem(f"{name} must be JSON of secret_key, encryption (active, keys) and index.") from None
    if found.active not in encryption:
        raise EnvironmentProblem(f"{name}: the active encryption key is not among the keys.")
    if not isinstance(found.secret_key, str) or len(found.secret_key) < SECRET_KEY_LENGTH:
        raise EnvironmentProblem(f"{name}: secret_key must be a text of at least {SECRET_KEY_LENGTH} characters.")
    if {len(key) for key in (*encryption.values(), found.index)} != {KEY_BYTES}:
        raise EnvironmentProblem(f"{name}: every encryption key and the index key must be {KEY_BYTES} bytes in base64.")
    if found.index in encryption.values():
        raise EnvironmentProblem(f"{name}: the index key must differ from the encryption keys.")
    return found


def _key(written: str) -> bytes:
    return base64.b64decode(written, validate=True)


def new_keys(made_for: str = "") -> str:
    """Fresh random secrets, as the JSON that `secret_keys` reads; made_for: DEMONSTRATION or nothing, kept in it."""

    def key() -> str:
        return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")

    encryption = {"active": "k1", "keys": {"k1": key()}}
    content = {"secret_key": secrets.token_urlsafe(48), "encryption": encryption, "index": key()}
    return json.dumps(content | ({"made_for": made_for} if made_for else {}), indent=1)


def local_keys() -> Keys:
    """The demonstration's secrets in keys.json of the local folder, made at the first call, readable by us alone.

    Raises EnvironmentProblem, also where the database is there already: with new keys it could not be read.
    """
    file = local_dir() / "keys.json"
    try:
        if not file.exists():
            if (local_dir() / "pg").exists():
                raise EnvironmentProblem(f"{file} is missing: put it back, or move {local_dir() / 'pg'} away.")
            _write_once(file, new_keys(DEMONSTRATION))
        if file.stat().st_mode & 0o077:
            raise EnvironmentProblem(f"{file} can be read by others: run chmod 600 on it.")
        return secret_keys(str(file), file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise EnvironmentProblem(f"{file} cannot be used ({error}); HANNUN_LOCAL names another folder.") from None


def _write_once(file: Path, content: str) -> None:
    """Write the file whole with mode 0600, unless another process was first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return
    finally:
        draft.unlink()
