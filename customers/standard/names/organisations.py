"""Names of organisations and their legal forms."""

import re
from typing import NamedTuple

from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE
from customers.standard.placeholders import is_tidy_placeholder
from customers.standard.text import tidy


class _Form(NamedTuple):
    code: str
    short: str  # how the form is written in a standard name
    words: str  # the ways to write it, as an expression
    marks: str = ""  # what stands in brackets for it


_FORMS: tuple[_Form, ...] = (
    _Form("AGRICULTURAL", "농업회사법인", "농업회사법인|농업 회사법인", "농"),
    _Form("AGRICULTURAL", "영농조합법인", "영농조합법인|영농조합 법인"),
    _Form("LLC", "유한책임회사", "유한책임 ?회사", "유책"),
    _Form("STOCK", "(주)", "주식 ?회사", "주"),
    _Form("LIMITED", "(유)", "유한 ?회사", "유"),
    _Form("LIMITED_PARTNERSHIP", "합자회사", "합자 ?회사", "합자"),
    _Form("GENERAL_PARTNERSHIP", "합명회사", "합명 ?회사", "합명"),
    _Form("FOUNDATION", "(재)", "재단 ?법인", "재"),
    _Form("ASSOCIATION", "(사)", "사단 ?법인", "사"),
    _Form("SCHOOL", "(학)", "학교 ?법인", "학"),
    _Form("MEDICAL", "(의)", "의료 ?법인", "의"),
    _Form("WELFARE", "(복)", "사회복지 ?법인|복지법인", "복"),
)
_BY_TEXT: dict[str, _Form] = {
    text: form
    for form in _FORMS
    for text in (*re.sub(r"\b(\S+) \?(\S+)", r"\1\2", form.words).replace(" ", "").split("|"), form.marks)
    if text
}
_WORDS = "|".join(form.words for form in _FORMS)
_MARKS = "|".join(sorted((form.marks for form in _FORMS if form.marks), key=len, reverse=True))
_FRONT = re.compile(rf"(?:({_WORDS})(?=.)|[(\[] ?({_MARKS}) ?[)\]]|[(\[]?({_MARKS})[)\]]|[(\[]({_MARKS})(?= ))[ .,]*")
_BACK = re.compile(rf"[ .,]*(?:(?<=.)({_WORDS})|[(\[] ?({_MARKS}) ?[)\]]?)$")
_COOPERATIVE = re.compile(r"(.{2,}?) ?(?:(?:사회적|소비자생활|소비자) ?)?협동조합$")
_NAMED_COOPERATIVE = re.compile("(?:농업|신용|수산업|축산업|산림|신용사업) ?협동조합$")
_FOREIGN = re.compile(
    r"[ ,.]+(CO\.?,? ?LTD|CO\.? LIMITED|INC|INCORPORATED|CORP|CORPORATION|LTD|LIMITED|LLC|L\.L\.C|PLC|GMBH|AG|S\.?A"
    r"|PTE\.? LTD|K\.K|B\.V)[ .]*$"
)
_CITIES = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_OFFICE = "지점|지사|영업소|출장소|사업소|대리점|본점|본사|공장|사업부|지부"
_BRANCH = re.compile(rf"(.+?)(?: +([^ ()]*(?:{_OFFICE}))| ?((?:{_CITIES})[^ ()]{{0,4}}(?:{_OFFICE})))$")
_BRANCH_BEHIND_MARK = re.compile(rf"(.+[(\[](?:{_MARKS})[)\]]|.+(?:{_WORDS})) ?([^ ()]+(?:{_OFFICE}))$")
_READINGS = 4  # after which a mixture counts as junk
_EDGE = " .,-/·"
_LETTERS_ONLY = re.compile(r"[\W_]+")

_LOOKS = re.compile(
    r"[㈜㈔㈕㈖㈗]|[(（\[]\s?(?:주|유|재|사|학|의|복|합|유책|합자|합명)\s?[)）\]]|^\s*[주유][)）]|주식\s?회사|유한\s?회사|유한책임|합[자명]\s?회사|[재사]단\s?법인"
    r"|(?:학교|의료|복지|조합|회사)\s?법인|협동조합"
    r"|[가-힣\w]{2,}\s?(?:은행|병원|의원|약국|교회|성당|학교|유치원|어린이집|조합|법인|재단|협회|공사|공단|상사|물산|건설|산업|전자|식당|상회|마트|회사|시청|구청|군청|금고|지점|영업소)$"
    r"|\b(?:co\.?,?\s?ltd|inc|corp|corporation|llc|ltd|limited|gmbh|plc|company)\b\.?\s*$",
    re.IGNORECASE,
)


class OrganisationName(NamedTuple):
    """An organisation's name with its legal form in short, where it stood.

    core: the name without form and branch. legal_form: STOCK, LIMITED, LLC, GENERAL_PARTNERSHIP, LIMITED_PARTNERSHIP,
    FOUNDATION, ASSOCIATION, SCHOOL, MEDICAL, WELFARE, COOPERATIVE, AGRICULTURAL, FOREIGN or NONE.
    form_position: 'front', 'back' or ''. key: the core without spaces and punctuation, for comparison.
    """

    value: str
    certainty: int
    problems: tuple[str, ...]
    core: str
    legal_form: str
    form_position: str
    key: str
    branch: str


def looks_like_organisation(raw: str | None) -> bool:
    """Whether a name has the marks of an organisation; a cheap test that knows only frequent words."""
    return bool(raw) and _LOOKS.search(str(raw)) is not None


def organisation_name(raw: str | None) -> OrganisationName:
    """The standard form of an organisation's name."""
    result = _read(tidy(raw))
    for _ in range(_READINGS):
        if result.value in ("", raw) or (again := _read(result.value)).value == result.value:
            return result
        result = again._replace(problems=tuple(dict.fromkeys((*result.problems, *again.problems))))
    return _unusable("FORM")


def _read(text: str) -> OrganisationName:
    if not text:
        return OrganisationName("", EMPTY, (), "", "NONE", "", "", "")
    if is_tidy_placeholder(text):
        return _unusable("PLACEHOLDER")
    text, branch = _take_branch(text.strip(_EDGE))
    text, front = _take_front(text)
    text, back = _take_back(text)
    core = text.strip(_EDGE)
    key = _LETTERS_ONLY.sub("", core).casefold()
    if not key:
        return _unusable("FORM_ONLY" if front or back else "FORM")
    if core.replace(" ", "") in _BY_TEXT and not front and not back:
        return _unusable("FORM_ONLY")
    if not front and not back:
        return _without_mark(core, key, branch)
    value = _written(front, after=" ") + core + _written(back, before=" ")
    return _finish(value, core, key, (*front, *back), "front" if front else "back", branch)


def _unusable(problem: str) -> OrganisationName:
    return OrganisationName("", UNUSABLE, (problem,), "", "NONE", "", "", "")


def _take_branch(text: str) -> tuple[str, str]:
    match = _BRANCH_BEHIND_MARK.match(text) or _BRANCH.match(text)
    if not match or not _LETTERS_ONLY.sub("", match[1]):
        return text, ""
    return match[1].strip(), next(group for group in match.groups()[1:] if group)


def _take_front(text: str) -> tuple[str, list[_Form]]:
    forms: list[_Form] = []
    while match := _FRONT.match(text):
        forms.append(_form_of(match))
        text = text[match.end() :]
    return text, forms


def _take_back(text: str) -> tuple[str, list[_Form]]:
    forms: list[_Form] = []
    while match := _BACK.search(text):
        forms.insert(0, _form_of(match))
        text = text[: match.start()]
    return text, forms


def _form_of(match: re.Match[str]) -> _Form:
    return _BY_TEXT[next(group for group in match.groups() if group).replace(" ", "")]


def _written(forms: list[_Form], before: str = "", after: str = "") -> str:
    """The short forms in a row; a form written as a word is set off by a space."""
    return "".join(form.short if form.short[0] == "(" else before + form.short + after for form in forms)


def _without_mark(core: str, key: str, branch: str) -> OrganisationName:
    """A name whose form is part of its words (협동조합), foreign, or not stated."""
    if match := _COOPERATIVE.match(core):
        bare = core if _NAMED_COOPERATIVE.search(core) else match[1]
        return _assemble(core, CERTAIN, [], bare, "COOPERATIVE", "back", _LETTERS_ONLY.sub("", bare).casefold(), branch)
    upper = core.upper()
    if (match := _FOREIGN.search(upper)) and (bare := upper[: match.start()].strip(" .,")):
        value = f"{bare} {match[1].replace('.', '').replace(',', ' ').replace('  ', ' ')}"
        return _assemble(value, CERTAIN, [], bare, "FOREIGN", "back", _LETTERS_ONLY.sub("", bare).casefold(), branch)
    return _assemble(core, PLAUSIBLE, ["NO_LEGAL_FORM"], core, "NONE", "", key, branch)


def _finish(value: str, core: str, key: str, forms: tuple[_Form, ...], position: str, branch: str) -> OrganisationName:
    codes = {form.code for form in forms}
    main = "AGRICULTURAL" if "AGRICULTURAL" in codes else forms[0].code
    # A farming company is itself a stock or limited company, so that pair is no contradiction.
    is_mixed = len(codes - {"AGRICULTURAL"}) > 1
    problems = ["MIXED_FORMS"] if is_mixed else []
    return _assemble(value, DOUBTFUL if is_mixed else CERTAIN, problems, core, main, position, key, branch)


def _assemble(
    value: str, certainty: int, problems: list[str], core: str, form: str, position: str, key: str, branch: str
) -> OrganisationName:
    if branch:
        value, problems = f"{value} {branch}", [*problems, "BRANCH"]
    return OrganisationName(value, certainty, tuple(problems), core, form, position, key, branch)
