"""The Korean catalogue: how texts are found, what counts as a fault, and that ours has none."""

from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from config.messages import Text, faults, renewed, texts_in

MODULE = '''
from django.utils.translation import gettext_lazy as _, gettext_noop, ngettext, pgettext

TITLES = {"one": _("Title"), "two": gettext_noop("Marked only.")}
LONG = _(
    "The first half "
    "and the second."
)


def say(count: int) -> str:
    """_("Text of a docstring.")"""
    context = pgettext("kind of branch", "Region")
    return context + ngettext("%(count)s row", "%(count)s rows", count) % {"count": count} + str(LONG)
'''
TEMPLATE = """{% load i18n %}
    {% translate "Title" %}
  {% if title == _("In a tag") %}{% translate "As a variable" as name %}{% endif %}
{% comment %}{% translate "Left out" %}{% endcomment %}
{% blocktranslate with name=user.name %}Hello, {{ name }}{% endblocktranslate %}
      {% blocktranslate trimmed count rows=rows|length %}
        {{ rows }} row was
        read.
      {% plural %}
        {{ rows }} rows were read.
      {% endblocktranslate %}
"""
KNOWN = Text("%(name)s came.")


def planted(root: Path, files: dict[str, str]) -> Path:
    """A tree of these files."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return root


def entry(text: Text = KNOWN, translation: str = "%(name)s 님이 왔습니다.", **fields: object) -> polib.POEntry:
    """A sound entry of the catalogue, unless told otherwise."""
    return polib.POEntry(msgid=text.singular, msgctxt=text.context or None, msgstr=translation, **fields)


def test_texts_are_found_in_modules_and_templates(tmp_path):
    files = {"app/__init__.py": "", "app/deep/rules.py": MODULE, "templates/app/page.html": TEMPLATE}

    found = texts_in(planted(tmp_path, files))

    module, template = ["app/deep/rules.py"], ["templates/app/page.html"]
    assert found == {
        Text("%(count)s row", "%(count)s rows"): module,
        Text("%(rows)s row was read.", "%(rows)s rows were read."): template,
        Text("As a variable"): template,
        Text("Hello, %(name)s"): template,
        Text("In a tag"): template,
        Text("Marked only."): module,
        Text("Region", context="kind of branch"): module,
        Text("The first half and the second."): module,
        Text("Title"): [*module, *template],
    }
    assert list(found) == sorted(found)


def test_texts_of_tests_and_of_folders_that_are_no_packages_do_not_count(tmp_path):
    files = {"tests/__init__.py": "", "tests/test_app.py": MODULE, ".venv/app.py": MODULE, "loose.py": MODULE}

    assert texts_in(planted(tmp_path, files)) == {}


@pytest.mark.parametrize(
    ("catalogue", "fault"),
    [
        ([entry()], []),
        ([entry(translation="{name} 님이 왔습니다.")], ["Placeholders differ"]),
        ([entry(translation="누군가 왔습니다.")], ["Placeholders differ"]),
        ([entry(translation="%(name)s came.")], ["Not Korean"]),
        ([entry(translation="%(name)s은 왔습니다.")], ["A particle depends on a placeholder"]),
        ([entry(translation="“%(name)s”이 왔습니다.")], ["A particle depends on a placeholder"]),
        ([entry(translation=" ")], ["Empty"]),
        ([entry(flags=["fuzzy"])], ["Fuzzy"]),
        ([entry(obsolete=True)], ["Missing"]),
        ([], ["Missing"]),
    ],
)
def test_a_fault_of_an_entry_is_named(catalogue, fault):
    assert faults(catalogue, [KNOWN]) == [f'{kind}: "{KNOWN.singular}"' for kind in fault]


def test_an_entry_used_by_nobody_is_a_fault_and_so_is_one_of_another_context():
    other = entry(Text(KNOWN.singular, context="greeting"))

    assert faults([entry(), other], [KNOWN]) == [f'Used by nobody: "{KNOWN.singular}" (greeting)']


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        ({0: "%(count)s행"}, []),
        ({0: ""}, ["Empty"]),
        ({0: "여러 행"}, ["Placeholders differ"]),
        ({0: "%(count)s행", 1: "%(count)s행"}, ["Not one plural form"]),
        ({}, ["Not one plural form"]),
    ],
)
def test_a_plural_has_one_whole_form(forms, fault):
    text = Text("%(count)s row", "%(count)s rows")
    plural = polib.POEntry(msgid=text.singular, msgid_plural=text.plural, msgstr_plural=forms)

    assert faults([plural], [text]) == [f'{kind}: "{text.singular}"' for kind in fault]


@pytest.mark.parametrize(("translation", "fault"), [("VIP", []), ("Vip", ["Not Korean"])])
def test_only_names_that_korean_writes_in_latin_letters_may_stay(translation, fault):
    assert faults([entry(Text("VIP"), translation)], [Text("VIP")]) == [f'{kind}: "VIP"' for kind in fault]


def test_renewing_keeps_what_is_used_adds_what_is_new_and_drops_the_rest():
    old = [entry(Text("B"), "나", tcomment="said at the counter"), entry(Text("Gone"), "없음"), entry(Text("A"), "가")]
    texts = {Text("A"): ["a.py"], Text("B"): ["a.py", "b.html"], Text("C", "Cs"): ["c.py"]}

    fresh = renewed(old, texts)

    assert [(e.msgid, e.msgstr, e.msgstr_plural, e.tcomment) for e in fresh] == [
        ("A", "가", {}, ""),
        ("B", "나", {}, "said at the counter"),
        ("C", "", {0: ""}, ""),
    ]
    assert [e.occurrences for e in fresh] == [[("a.py", "")], [("a.py", ""), ("b.html", "")], [("c.py", "")]]
    assert str(renewed(fresh, texts)) == str(fresh)


def test_the_check_fails_where_the_catalogue_and_the_code_do_not_agree(settings, tmp_path, capsys):
    settings.BASE_DIR = planted(tmp_path, {"app/__init__.py": "", "app/views.py": '_("Never translated.")'})

    with pytest.raises(CommandError, match=r"Faults of the catalogue: \d+\."):
        call_command("check_catalogue")
    assert 'Missing: "Never translated."' in capsys.readouterr().err.splitlines()


def test_our_catalogue_is_complete_sound_and_in_order(capsys):
    call_command("check_catalogue")

    assert capsys.readouterr().out.startswith("The catalogue is complete: ")
