"""`python -m config.assets.build` builds the folder of frameworks' assets that pages use, unless it is up to date.

What is copied (names as pages see them, after {% static 'vendor/… %}):
tabler/tabler.min.css, tabler/tabler.min.js, htmx/htmx.min.js, cytoscape/cytoscape.min.js, pretendard/pretendard.css
with its subsets, icons/sprite.svg with one symbol for each line of icons.txt.
"""

import hashlib
import re
import shutil
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from config import env
from config.assets import npm
from config.embedded import places

HERE = Path(__file__).resolve().parent
SVG = "{http://www.w3.org/2000/svg}"
# Maps of sources are not shipped, and a mention of one would be looked for when static files are collected.
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
DRAWN = {"fill": "none", "stroke": "currentColor", "stroke-width": "2"}
ROUND = {"stroke-linecap": "round", "stroke-linejoin": "round"}


def icon_names() -> list[str]:
    """The names in icons.txt, in order."""
    lines = (HERE / "icons.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def font_file() -> Path:
    """The whole font, beside the folder of the pages' assets; pages themselves use its subsets."""
    return env.vendor_dir().with_name("fonts") / "PretendardVariable.ttf"


def build() -> bool:
    """Build the folder if anything it is made of has changed; whether it did. Raises AssetProblem."""
    vendor = env.vendor_dir()
    stamp = vendor / ".stamp"
    if stamp.is_file() and stamp.read_text() == _ingredients():
        return False
    try:
        packages = npm.install(HERE, vendor.parent / "node")
        draft = vendor.with_name("vendor.new")
        shutil.rmtree(draft, ignore_errors=True)
        _fill(draft, packages)
        (draft / ".stamp").write_text(_ingredients())
        _copy_font(packages)
        shutil.rmtree(vendor, ignore_errors=True)
        draft.rename(vendor)
        shutil.rmtree(packages)
    except OSError as error:
        raise npm.AssetProblem(places.unwritable(vendor, error)) from None
    return True


def _ingredients() -> str:
    """A hash of all that the folder is made of."""
    total = hashlib.sha256()
    for file in (HERE / "package-lock.json", HERE / "icons.txt", Path(__file__), _htmx()):
        total.update(file.read_bytes())
    return total.hexdigest()


def _htmx() -> Path:
    return places.package_dir("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"


def _fill(draft: Path, packages: Path) -> None:
    tabler, fonts = packages / "@tabler" / "core" / "dist", packages / "pretendard" / "dist"
    _copy(tabler / "css" / "tabler.min.css", draft / "tabler" / "tabler.min.css")
    _copy(tabler / "js" / "tabler.min.js", draft / "tabler" / "tabler.min.js")
    _copy(_htmx(), draft / "htmx" / "htmx.min.js")
    _copy(packages / "cytoscape" / "dist" / "cytoscape.min.js", draft / "cytoscape" / "cytoscape.min.js")
    _copy(packages / "cytoscape" / "LICENSE", draft / "cytoscape" / "LICENSE.txt")
    _copy(fonts / "LICENSE.txt", draft / "pretendard" / "LICENSE.txt")
    web = fonts / "web" / "variable"
    _copy(web / "pretendardvariable-dynamic-subset.css", draft / "pretendard" / "pretendard.css")
    shutil.copytree(web / "woff2-dynamic-subset", draft / "pretendard" / "woff2-dynamic-subset")
    icons = packages / "@tabler" / "icons"
    _copy(icons / "LICENSE", draft / "icons" / "LICENSE.txt")
    (draft / "icons" / "sprite.svg").write_text(_sprite(icons / "icons"), "utf-8")


def _copy_font(packages: Path) -> None:
    """The whole font, for a browser on a machine that has none."""
    target = font_file()
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(packages / "pretendard" / "dist" / "public" / "variable" / target.name, target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(SOURCE_MAP.sub(b"\n", source.read_bytes()))


def _sprite(drawings: Path) -> str:
    """One SVG of symbols named as the icons; a page shows one by <use href="…/sprite.svg#name">."""
    ET.register_namespace("", SVG.strip("{}"))
    sprite = ET.Element(f"{SVG}svg")
    for name in icon_names():
        sprite.append(_symbol(drawings, name))
    return ET.tostring(sprite, encoding="unicode")


def _symbol(drawings: Path, name: str) -> ET.Element:
    is_filled = name.endswith("-filled")
    file = drawings / ("filled" if is_filled else "outline") / f"{name.removesuffix('-filled')}.svg"
    if not file.is_file():
        raise npm.AssetProblem(f"icons.txt names {name}, which Tabler does not have.")
    look = {"fill": "currentColor", "stroke": "none"} if is_filled else DRAWN | ROUND
    symbol = ET.Element(f"{SVG}symbol", {"id": name, "viewBox": "0 0 24 24", **look})
    drawing = ET.parse(file).getroot()  # noqa: S314 - from a package locked by hash
    symbol.extend(shape for shape in drawing if shape.get("d") != "M0 0h24v24H0z")
    return symbol


if __name__ == "__main__":
    try:
        build()
    except (npm.AssetProblem, places.EmbeddedProblem) as problem:
        sys.exit(f"hannun: {problem}")
