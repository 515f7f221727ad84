"""Documents as one HTML file that looks the same wherever it is opened: it brings its style and asks for nothing."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from consent.packs import Document


def as_html(document: Document) -> bytes:
    """The document, in Korean."""
    with translation.override("ko"):
        return render_to_string("consent/pack_paper.html", {"document": document, "style": _style()}).encode()


@cache
def _style() -> SafeString:
    """The style sheet of packs as an element, since a file that is sent to somebody cannot fetch one."""
    rules = (settings.BASE_DIR / "static" / "css" / "pack.css").read_text("utf-8")
    return mark_safe(f"<style>{rules}</style>")  # noqa: S308 - a file of the project
