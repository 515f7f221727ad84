"""`python -m config.catalogue` compiles the Korean catalogue, if it has changed, without any program of gettext."""

import sys
from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parent / "locale" / "ko" / "LC_MESSAGES" / "django.po"


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside the .po unless it is as young; whether it did. Raises OSError if the .po has a fault."""
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return False
    draft = compiled.with_suffix(".mo.new")
    polib.pofile(str(source)).save_as_mofile(str(draft))
    draft.rename(compiled)
    return True


if __name__ == "__main__":
    if CATALOGUE.exists():
        try:
            compile_catalogue(CATALOGUE)
        except OSError as fault:
            sys.exit(f"hannun: the catalogue cannot be read: {fault}")
