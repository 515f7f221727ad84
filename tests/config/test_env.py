"""Reads of the environment: what is understood, and the sentence for what is not."""

from pathlib import Path

import pytest

from config import env

pytestmark = pytest.mark.usefixtures("bare_environment")


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        (" on ", True),
        ("0", False),
        ("False", False),
        ("no", False),
        ("off", False),
        ("", None),
        ("  ", None),
    ],
)
def test_flag_understands(monkeypatch, written, understood):
    monkeypatch.setenv("HANNUN_X", written)

    defaults = [env.flag("HANNUN_X", default) for default in (False, True)]

    assert defaults == ([False, True] if understood is None else [understood, understood])


@pytest.mark.parametrize(
    ("read", "written", "sentence"),
    [
        (
            lambda: env.flag("HANNUN_X"),
            "maybe",
            "HANNUN_X must be 1 or 0 (also true/false, yes/no, on/off), but it is 'maybe'.",
        ),
        (lambda: env.integer("HANNUN_X", 5), "ten", "HANNUN_X must be a whole number, but it is 'ten'."),
        (lambda: env.integer("HANNUN_X", 5), "1.5", "HANNUN_X must be a whole number, but it is '1.5'."),
        (lambda: env.integer("HANNUN_X", 5, minimum=1), "0", "HANNUN_X must be at least 1, but it is 0."),
        (lambda: env.integer("HANNUN_X", 5, maximum=9), "10", "HANNUN_X must be at most 9, but it is 10."),
        (lambda: env.text("HANNUN_X"), "", "HANNUN_X is not set."),
        (
            lambda: env.path("HANNUN_X", Path("/x")),
            "~nobodyatall/x",
            "HANNUN_X names a home folder that does not exist: '~nobodyatall/x'.",
        ),
    ],
)
def test_nonsense_is_refused_in_one_sentence(monkeypatch, read, written, sentence):
    monkeypatch.setenv("HANNUN_X", written)

    with pytest.raises(env.EnvironmentProblem) as refusal:
        read()

    assert str(refusal.value) == sentence


def test_integer_text_words_and_path_are_read(monkeypatch):
    monkeypatch.setenv("HANNUN_NUMBER", " 7 ")
    monkeypatch.setenv("HANNUN_WORDS", "a, b ,,c")
    monkeypatch.setenv("HANNUN_PATH", "some/../folder")

    read = (
        env.integer("HANNUN_NUMBER", 5, minimum=7, maximum=7),
        env.integer("HANNUN_NONE", 5),
        env.text("HANNUN_NUMBER"),
        env.text("HANNUN_NONE", "x"),
        env.words("HANNUN_WORDS"),
        env.words("HANNUN_NONE", ("z",)),
        env.path("HANNUN_PATH", Path("/x")),
        env.path("HANNUN_NONE", Path("/x")),
    )

    assert read == (7, 5, "7", "x", ["a", "b", "c"], ["z"], Path.cwd() / "some/../folder", Path("/x"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@/n?host=/run/pg", ("n", "u", "", "/run/pg", "", {})),
        ("postgres://u:p@db:5433/n", ("n", "u", "p", "db", "5433", {})),
        ("postgresql://u:p%40%2F@db/n?sslmode=verify-full", ("n", "u", "p@/", "db", "", {"sslmode": "verify-full"})),
        (
            "postgresql://u@[::1]:1/n?sslmode=require&connect_timeout=3",
            ("n", "u", "", "::1", "1", {"sslmode": "require", "connect_timeout": "3"}),
        ),
        (
            "postgresql://a:1,b:2/n?target_session_attrs=read-write",
            ("n", "", "", "a,b", "1,2", {"target_session_attrs": "read-write"}),
        ),
        ("postgresql:///n", ("n", "", "", "", "", {})),
    ],
)
def test_database_url_becomes_djangos_entry(monkeypatch, url, expected):
    monkeypatch.setenv("DATABASE_URL", url)

    found = env.database()

    assert found.pop("ENGINE") == "django.db.backends.postgresql"
    assert tuple(found.values()) == expected
    assert list(found) == ["NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS"]


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@db/n",
        "u:secret@db/n",
        "dbname=n password=secret",
        "postgresql://u:secret@db/n?nonsense=1",
        "postgresql://u:secret@db:port/n",
        "postgresql://u:secret@db",
        "postgresql://u:secret@db/",
    ],
)
def test_a_faulty_database_url_is_refused_without_repeating_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(env.EnvironmentProblem, match="^DATABASE_URL ") as refusal:
        env.database()

    assert "secret" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "db", "expected", "broker"),
    [
        ("redis://h:1/0", 2, "redis://h:1/2", "redis://h:1/2"),
        ("redis://h", 1, "redis://h/1", "redis://h/1"),
        ("redis://:p%40@h:1/8", 2, "redis://:p%40@h:1/10", "redis://:p%40@h:1/10"),
        ("rediss://h/3?ssl_cert_reqs=required", 0, *["rediss://h/3?ssl_cert_reqs=required"] * 2),
        ("unix:///run/v.sock", 1, "unix:///run/v.sock?db=1", "redis+socket:///run/v.sock?virtual_host=1"),
        ("unix:///run/v.sock?db=4", 2, "unix:///run/v.sock?db=6", "redis+socket:///run/v.sock?virtual_host=6"),
        (
            "unix://u:p@/run/v.sock?db=4",
            0,
            "unix://u:p@/run/v.sock?db=4",
            "redis+socket://u:p@/run/v.sock?virtual_host=4",
        ),
    ],
)
def test_redis_url_counts_from_its_own_number(monkeypatch, url, db, expected, broker):
    monkeypatch.setenv("REDIS_URL", url)

    assert (env.redis_url(db), env.broker_url(db)) == (expected, broker)


@pytest.mark.parametrize(
    "url", ["h:6379", "http://h/0", "redis://", "redis://:secret@h/zero", "unix://", "unix:///s?db=x"]
)
def test_a_faulty_redis_url_is_refused(monkeypatch, url):
    monkeypatch.setenv("REDIS_URL", url)

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.redis_url(0)

    assert str(refusal.value) == "REDIS_URL must read redis://host:port/0, rediss://… or unix:///socket?db=0."


def test_without_addresses_the_embedded_services_are_used():
    database, broker = env.database(), env.broker_url(1)

    assert (database["NAME"], database["USER"], env.uses_embedded_services()) == ("hannun", "postgres", True)
    assert broker == f"redis+socket://{database['HOST']}/valkey.sock?virtual_host=1"


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"DATABASE_URL": "postgresql:///n"}, True), ({"REDIS_URL": "redis://h"}, True), ({}, True)],
)
def test_one_address_alone_leaves_an_embedded_service(monkeypatch, given, expected):
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert env.uses_embedded_services() is expected


def test_both_addresses_leave_none(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///n")
    monkeypatch.setenv("REDIS_URL", "redis://h")

    assert env.uses_embedded_services() is False
