"""A private installation for tests that break things: a local folder of its own, and no variable from outside."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import env


@dataclass(frozen=True)
class Installation:
    """Our checkout with another local folder."""

    local: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `python` with the words to its end."""
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=env.ROOT, env=self.environment, capture_output=True, text=True, timeout=120)

    def launch(self, *words: str) -> subprocess.Popen[str]:
        """Run `python` with the words in the background."""
        command = [sys.executable, *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=env.ROOT, env=self.environment, **pipes)

    def embedded(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the embedded services."""
        return self.run("-m", "config.embedded", command)

    def status(self) -> dict[str, object]:
        """What the embedded services say of themselves."""
        return json.loads(self.embedded("status").stdout)

    def pid(self, file: str) -> int:
        """The first number in a file of the local folder."""
        return int((self.local / file).read_text().split()[0])


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No variable of ours is set but HANNUN_LOCAL, whose folder is returned; it does not exist yet."""
    for name in list(os.environ):
        if name.startswith("HANNUN_") or name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HANNUN_LOCAL", str(tmp_path / "local"))
    return tmp_path / "local"


@pytest.fixture
def installation(bare_environment: Path) -> Iterator[Installation]:
    """A private installation, nothing of it started; its services are ended afterwards."""
    made = Installation(bare_environment, dict(os.environ))
    yield made
    if made.local.is_dir():
        made.embedded("stop")
    if (made.local / "pg").is_symlink():
        shutil.rmtree((made.local / "pg").resolve().parent)
