"""The set-up's sentences for what is missing on a machine, and the locks it installs from."""

import re
import sys

import pytest

from config import bootstrap, env
from config.assets import npm

LOCKS = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-bootstrap.txt",
    "config/assets/package-lock.json",
    "config/assets/browser/package-lock.json",
]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_no_address(name):
    written = (env.ROOT / name).read_text("utf-8")

    assert re.findall(r"https?://\S+", written) == []
    assert re.findall(r"sha(?:256|512)[:-]\S{40}", written) != []


def test_an_old_python_without_a_newer_one_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(bootstrap.SetupProblem) as refusal:
        bootstrap.require_python()

    assert str(refusal.value) == (
        f"Python 3.11 or newer is needed, but {sys.executable} is 3.9: "
        "install one, or name it as in make demo PYTHON=/path/to/python3.12."
    )


def test_this_python_is_new_enough():
    assert bootstrap.require_python() is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError: Failed to establish'",
            "The package registry cannot be reached: check the network, or name a mirror "
            "(UV_DEFAULT_INDEX for uv, PIP_INDEX_URL for pip).",
        ),
        (
            "error: Failed to fetch\n  Caused by: error sending request for url\n  Caused by: dns error",
            "The package registry cannot be reached: check the network, or name a mirror "
            "(UV_DEFAULT_INDEX for uv, PIP_INDEX_URL for pip).",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk of {root} is full: free some space.",
        ),
        ("failed to write: disk (os error 28)", "The disk of {root} is full: free some space."),
        ("one\nhash mismatch\n\n", "It failed: hash mismatch (log: {log})."),
        ("", "It failed: it said nothing (log: {log})."),
    ],
)
def test_a_failed_installation_is_explained(monkeypatch, tmp_path, said, sentence):
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "setup.log")
    bootstrap.LOG.write_text(said)

    assert bootstrap.failure("It failed") == sentence.format(root=env.ROOT, log=bootstrap.LOG)


def test_a_local_folder_that_is_a_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "LOCAL", tmp_path / "local")
    monkeypatch.setattr(bootstrap, "LOG", tmp_path / "local" / "logs" / "setup.log")
    bootstrap.LOCAL.write_text("")

    with pytest.raises(bootstrap.SetupProblem) as refusal, bootstrap.only_one():
        pass

    assert str(refusal.value) == f"{bootstrap.LOCAL} or its folder logs is not a folder: move it away."


def test_a_disk_with_too_little_room_is_named(monkeypatch):
    monkeypatch.setattr(bootstrap, "MEGABYTES", 10**9)

    with pytest.raises(bootstrap.SetupProblem, match=r"MB free, but 1000000000 MB are needed: free some space\.$"):
        bootstrap.require_space()


def test_an_npm_registry_out_of_reach_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")

    with pytest.raises(npm.AssetProblem) as refusal:
        npm.install(npm.HERE, tmp_path / "node")

    assert str(refusal.value) == (
        "The npm registry cannot be reached (ECONNREFUSED): check the network, or set npm_config_registry to a mirror."
    )
