"""The installation's secrets: made for a demonstration only, kept private, never shown."""

import json
import re
import stat

import pytest

from config import env, startup
from tests.accounts.builders import make_staff


def changed(**changes):
    """Fresh keys as JSON with some entries replaced."""
    return json.dumps(json.loads(env.new_keys()) | changes)


def test_the_first_call_makes_a_file_for_us_alone_and_later_calls_read_it(bare_environment):
    first = env.keys()

    file = bare_environment / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(bare_environment.stat().st_mode) == 0o700
    assert env.keys() == first
    assert [entry.name for entry in bare_environment.iterdir()] == ["keys.json"]


def test_keys_hold_what_the_file_says_and_show_nothing_of_it(bare_environment):
    found = env.keys()

    written = json.loads((bare_environment / "keys.json").read_text())
    assert found.secret_key == written["secret_key"]
    assert found.active == "k1"
    assert [len(key) for key in (*found.encryption.values(), found.index)] == [32, 32]
    assert repr(found) == "Keys(active='k1')"


def test_a_real_database_without_keys_is_refused(bare_environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    assert str(refusal.value) == (
        "HANNUN_KEYS or HANNUN_KEYS_FILE must be set where DATABASE_URL is: real data never gets made-up keys."
    )
    assert not bare_environment.exists()


@pytest.mark.parametrize("name", ["HANNUN_KEYS", "HANNUN_KEYS_FILE"])
def test_keys_are_read_from_the_variable_or_the_file_it_names(bare_environment, monkeypatch, tmp_path, name):
    written = env.new_keys()
    (tmp_path / "secrets.json").write_text(written)
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv(name, written if name == "HANNUN_KEYS" else str(tmp_path / "secrets.json"))

    assert env.keys() == env.secret_keys("x", written)


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("not json", "must be JSON of secret_key, encryption (active, keys) and index."),
        ("[]", "must be JSON of secret_key, encryption (active, keys) and index."),
        (changed(encryption={"active": "k1"}), "must be JSON of secret_key, encryption (active, keys) and index."),
        (changed(index="%%%"), "must be JSON of secret_key, encryption (active, keys) and index."),
        (changed(index="c2hvcnQ="), "every encryption key and the index key must be 32 bytes in base64."),
        (changed(secret_key="short"), "secret_key must be a text of at least 32 characters."),
        (changed(secret_key=12), "secret_key must be a text of at least 32 characters."),
        (
            changed(encryption={"active": "k9", "keys": {"k1": "A" * 43 + "="}}),
            "the active encryption key is not among the keys.",
        ),
        (
            changed(encryption={"active": "k1", "keys": {"k1": "A" * 43 + "="}}, index="A" * 43 + "="),
            "the index key must differ from the encryption keys.",
        ),
    ],
)
def test_faulty_keys_are_refused_without_being_repeated(bare_environment, monkeypatch, written, end):
    monkeypatch.setenv("HANNUN_KEYS", written)

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    assert str(refusal.value).removeprefix("HANNUN_KEYS").removeprefix(":").strip() == end
    assert refusal.value.__cause__ is None


def test_a_key_file_that_others_can_read_is_refused(bare_environment):
    env.keys()
    (bare_environment / "keys.json").chmod(0o640)

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    assert str(refusal.value) == f"{bare_environment / 'keys.json'} can be read by others: run chmod 600 on it."


def test_a_lost_key_file_is_not_replaced_where_there_is_a_database(bare_environment):
    (bare_environment / "pg").mkdir(parents=True)

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    missing = bare_environment / "keys.json"
    assert str(refusal.value) == f"{missing} is missing: put it back, or move {bare_environment / 'pg'} away."
    assert not missing.exists()


def test_a_key_file_that_is_named_but_missing_is_refused(bare_environment, monkeypatch, tmp_path):
    monkeypatch.setenv("HANNUN_KEYS_FILE", str(tmp_path / "none.json"))

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    assert str(refusal.value) == f"HANNUN_KEYS_FILE names a file that cannot be read: {tmp_path / 'none.json'}."


def test_nonsense_in_the_environment_is_told_by_every_command_in_one_sentence(installation):
    given = {"DATABASE_URL": "postgresql:///nowhere", "REDIS_URL": "redis://nowhere/0"}
    installation.environment.update(given)

    ended = installation.run("manage.py", "check")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert re.fullmatch(r"hannun: HANNUN_KEYS or HANNUN_KEYS_FILE must be set .*[.]\n", ended.stderr)


@pytest.mark.parametrize("name", ["HANNUN_KEYS", "HANNUN_KEYS_FILE"])
def test_the_keys_of_a_demonstration_are_refused_for_real_data(bare_environment, monkeypatch, name):
    env.keys()
    file = bare_environment / "keys.json"
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv(name, file.read_text() if name == "HANNUN_KEYS" else str(file))

    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.keys()

    assert str(refusal.value) == f"{name} holds the keys of a demonstration: real data needs keys of its own."


@pytest.mark.parametrize("shared", ["secret_key", "index", "encryption"])
def test_one_secret_of_the_demonstration_is_enough_to_refuse_keys(bare_environment, monkeypatch, shared):
    env.keys()
    ours = json.loads((bare_environment / "keys.json").read_text())
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv("HANNUN_KEYS", changed(**{shared: ours[shared]}))

    with pytest.raises(env.EnvironmentProblem):
        env.keys()


def test_keys_marked_as_those_of_another_demonstration_are_refused_for_real_data(bare_environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv("HANNUN_KEYS", env.new_keys(env.DEMONSTRATION))

    with pytest.raises(env.EnvironmentProblem):
        env.keys()


def test_a_demonstration_on_a_server_of_its_own_may_keep_its_keys(bare_environment, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv("HANNUN_DEMO", "1")
    monkeypatch.setenv("HANNUN_KEYS", env.new_keys(env.DEMONSTRATION))

    assert env.keys().active == "k1"


@pytest.mark.parametrize(("demo", "allowed"), [("1", True), ("0", False), ("", False)])
def test_pages_for_programmers_are_refused_where_real_data_are(bare_environment, monkeypatch, demo, allowed):
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@db/n")
    monkeypatch.setenv("HANNUN_DEMO", demo)
    monkeypatch.setenv("HANNUN_DEBUG", "1")

    if allowed:
        assert env.debugging() is True
        return
    with pytest.raises(env.EnvironmentProblem) as refusal:
        env.debugging()
    assert str(refusal.value) == ("HANNUN_DEBUG must not be set where DATABASE_URL is: its pages show personal data.")


@pytest.mark.django_db
def test_the_web_server_refuses_to_start_while_an_account_of_the_demonstration_is_open(settings):
    settings.IS_DEMONSTRATION = False
    make_staff(employee_number="lead", password="something-else-1")
    make_staff(employee_number="admin", password=settings.DEMO_PASSWORD, is_active=False)
    startup.refuse_demonstration_accounts()
    make_staff(employee_number="steward", password=settings.DEMO_PASSWORD)

    with pytest.raises(startup.OpenDemonstration) as refusal:
        startup.refuse_demonstration_accounts()

    assert str(refusal.value) == (
        "These accounts are open with the password of the demonstration: steward. Close them, or set HANNUN_DEMO=1 if "
        "this is a demonstration."
    )


@pytest.mark.django_db
def test_a_demonstration_starts_with_its_accounts(settings):
    settings.IS_DEMONSTRATION = True
    make_staff(employee_number="steward", password=settings.DEMO_PASSWORD)

    startup.refuse_demonstration_accounts()
