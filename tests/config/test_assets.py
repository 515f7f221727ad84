"""The frameworks' assets: whole, from this machine alone, and rebuilt only when they are made of something else."""

import re
import xml.etree.ElementTree as ET

import polib
import pytest

from config import catalogue, env
from config.assets import build, npm

STYLESHEETS = ["tabler/tabler.min.css", "pretendard/pretendard.css"]
SCRIPTS = ["tabler/tabler.min.js", "htmx/htmx.min.js", "cytoscape/cytoscape.min.js"]


def test_the_folder_holds_what_pages_use_and_is_not_built_twice():
    assert build.build() is False

    vendor = env.vendor_dir()
    found = {str(file.relative_to(vendor)) for file in vendor.rglob("*") if file.is_file()}
    fonts = {name for name in found if name.endswith(".woff2")}
    assert len(fonts) == 92
    assert found - fonts == {
        ".stamp",
        *STYLESHEETS,
        *SCRIPTS,
        "icons/sprite.svg",
        "cytoscape/LICENSE.txt",
        "icons/LICENSE.txt",
        "pretendard/LICENSE.txt",
    }


def test_the_sprite_has_a_symbol_for_every_name():
    sprite = ET.parse(env.vendor_dir() / "icons" / "sprite.svg").getroot()  # noqa: S314 - we wrote it

    assert [symbol.get("id") for symbol in sprite] == build.icon_names()
    assert [symbol.get("id") for symbol in sprite if len(symbol) == 0] == []
    assert build.icon_names() == sorted(set(build.icon_names()))


@pytest.mark.parametrize("name", [*STYLESHEETS, *SCRIPTS])
def test_an_asset_loads_nothing_from_elsewhere(name):
    written = (env.vendor_dir() / name).read_text("utf-8")

    assert re.findall(r"""url\(["']?(?:https?:)?//[^)]*|@import[^;]*|sourceMappingURL=\S*""", written) == []


def test_every_font_a_stylesheet_names_is_there():
    written = (env.vendor_dir() / "pretendard" / "pretendard.css").read_text("utf-8")

    named = re.findall(r"url\(([^)]*)\)", written)
    assert len(named) == 92
    assert [name for name in named if not (env.vendor_dir() / "pretendard" / name).is_file()] == []


def test_an_icon_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(npm.AssetProblem) as refusal:
        build._symbol(tmp_path, "no-such-icon")

    assert str(refusal.value) == "icons.txt names no-such-icon, which Tabler does not have."


def test_the_catalogue_is_compiled_when_it_has_changed(tmp_path):
    source = tmp_path / "django.po"
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="Customer", msgstr="고객"))
    entries.save(str(source))

    done = [catalogue.compile_catalogue(source), catalogue.compile_catalogue(source)]

    assert done == [True, False]
    compiled = polib.mofile(str(tmp_path / "django.mo"))
    assert [(entry.msgid, entry.msgstr) for entry in compiled] == [("Customer", "고객")]
