"""What Hannun says to people: the texts in code and templates, and the faults of the catalogue that translates them.

Texts are found by Babel, so that no program of gettext is needed. Babel is a development tool: only the two commands
on the catalogue and their tests import this module.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

# Functions that mark a text, and which of their arguments are the text, its plural and its context ("c").
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
METADATA = {
    "Project-Id-Version": "Hannun",
    "Language": "ko",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
WIDTH = 110
# Names and abbreviations that Korean writes in Latin letters.
LATIN = frozenset(
    "VIP FP CI CSV TSV Excel JSON UTF-8 CP949 EUC-KR ID IP URL PDF English".split(),
)
PLACEHOLDER = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-z]|%[#0 +-]*[\d.]*[a-z%]|\{\w*\}")
HANGUL = re.compile(r"[ㄱ-ㆎ가-힣]")
WORD = re.compile(r"[^\W\d_](?:[\w-]*\w)?")
# Particles that change with the sound before them, standing right after a placeholder whose sound nobody knows.
PARTICLE = re.compile(r"(?:%\(\w+\)[a-z]|\{\w*\})[\"'”’」]*(?:은|는|이|가|을|를|과|와|으로|로|이라|라)(?![가-힣])")


class Text(NamedTuple):
    """A text as the code writes it. plural, context: empty for most."""

    singular: str
    plural: str = ""
    context: str = ""


def texts_in(root: Path) -> dict[Text, list[str]]:
    """Every text of the packages and templates under `root`, with the files that say it, in order."""
    found: dict[Text, set[str]] = {}
    for path in _sources(root):
        for text in texts_of(path):
            found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    return {text: sorted(found[text]) for text in sorted(found)}


def texts_of(path: Path) -> Iterator[Text]:
    """The texts of one module or template."""
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        source = _as_python(source, path)
    for _line, message, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        singular, plural = (message, "") if isinstance(message, str) else message
        yield Text(singular, plural, context or "")


def _sources(root: Path) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if folder.name != "tests" and (folder / "__init__.py").exists():
            yield from sorted(folder.rglob("*.py"))
    yield from sorted((root / "templates").rglob("*.html"))


def _as_python(source: str, path: Path) -> str:
    """A template's texts as calls; indentation would mean something to a reader of Python, so it goes."""
    return "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())


def renewed(catalogue: Iterable[polib.POEntry], texts: dict[Text, list[str]]) -> polib.POFile:
    """The catalogue with an entry for each of `texts` in order, known translations kept and all else dropped."""
    known = {text_of(entry): entry for entry in catalogue if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=WIDTH)
    fresh.metadata = METADATA
    for text, files in texts.items():
        fresh.append(_entry(text, files, known.get(text)))
    return fresh


def _entry(text: Text, files: list[str], known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.singular, msgctxt=text.context or None, occurrences=[(file, "") for file in files])
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = known.msgstr_plural if known else {0: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    if known:
        entry.flags, entry.tcomment = known.flags, known.tcomment
    return entry


def text_of(entry: polib.POEntry) -> Text:
    """The text that an entry of the catalogue translates."""
    return Text(entry.msgid, entry.msgid_plural, entry.msgctxt or "")


def faults(catalogue: Iterable[polib.POEntry], texts: Iterable[Text]) -> list[str]:
    """What is wrong with the catalogue, a sentence each; empty if it is complete and sound."""
    entries = {text_of(entry): entry for entry in catalogue if not entry.obsolete}
    missing = [f"Missing: {_name(text)}" for text in texts if text not in entries]
    unused = [f"Used by nobody: {_name(text)}" for text in entries if text not in set(texts)]
    unsound = [f"{fault}: {_name(text)}" for text, entry in entries.items() for fault in _faults_of(entry)]
    return [*missing, *unused, *unsound]


def _name(text: Text) -> str:
    return f'"{text.singular}"' + (f" ({text.context})" if text.context else "")


def _faults_of(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield "Fuzzy"
    if entry.msgid_plural and set(entry.msgstr_plural) != {0}:
        yield "Not one plural form"
    model = entry.msgid_plural or entry.msgid
    for translation in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        if not translation.strip():
            yield "Empty"
        else:
            yield from _faults_between(model, translation)


def _faults_between(original: str, translation: str) -> Iterator[str]:
    if set(PLACEHOLDER.findall(original)) != set(PLACEHOLDER.findall(translation)):
        yield "Placeholders differ"
    if not HANGUL.search(translation) and not foreign_words(PLACEHOLDER.sub("", translation)) <= LATIN:
        yield "Not Korean"
    if PARTICLE.search(translation):
        yield "A particle depends on a placeholder"


def foreign_words(shown: str) -> set[str]:
    """The words of a shown text that are not Korean."""
    return {word for word in WORD.findall(shown) if not HANGUL.search(word)}
