"""Names of organisations and their legal forms."""

import re
from typing import NamedTuple
from unicodedata import normalize

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
_FRONT_COOPERATIVE = re.compile(r"((?:사회적|소비자생활|소비자)?) ?협동조합 ?(?!중앙회|연합회)(.{2,})$")
_FOREIGN = re.compile(
    r"[ ,.]+(CO\.?,? ?LTD|CO\.? LIMITED|INC|INCORPORATED|CORP|CORPORATION|LTD|LIMITED|LLC|L\.L\.C|PLC|GMBH|AG|S\.?A"
    r"|PTE\.? LTD|K\.K|B\.V)[ .]*$"
)
_CITIES = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_OFFICE = "지점|지사|영업소|출장소|사업소|사업장|캠퍼스|본점|본사|공장|사업부|지부"
_BANKS = "은행|생명|화재|증권|보험|금고|농협|신협|수협|카드"
_HEAD_OFFICES = frozenset(("본점", "본사"))
_BRANCH = re.compile(rf"(.+?)(?: +([^ ()]*(?:{_OFFICE}))| ?((?:{_CITIES})[^ ()]{{0,4}}(?:{_OFFICE})))$")
_SPACED_BRANCH = re.compile(rf"(.+?) ([^ ()]+ (?:{_OFFICE}))$")
_BRANCH_OF_BANK = re.compile(rf"(.+(?:{_BANKS}))([가-힣]{{2,5}}(?:{_OFFICE}))$")
_BRANCH_BEHIND_MARK = re.compile(rf"(.+[(\[](?:{_MARKS})[)\]]|.+(?:{_WORDS})) ?([^ ()]+(?:{_OFFICE}))$")
_BRANCHES = (_SPACED_BRANCH, _BRANCH_BEHIND_MARK, _BRANCH, _BRANCH_OF_BANK)
_BRACKETED_NOTE = re.compile(r" ?[(\[](?:(?:구|舊|前|대표이사|대표자?)[ .:,][^()]*|[A-Za-z][A-Za-z .,&'-]*)[)\]]$")
_REPRESENTATIVE = re.compile(r" 대표(?:이사|자)?[ :]+[가-힣]{2,4}$")
_READINGS = 4  # after which a mixture counts as junk
_EDGE = " .,-/·"
_LETTERS_ONLY = re.compile(r"[\W_]+")

_LOOKS = re.compile(
    r"[㈜㈔㈕㈖㈗]|[(（\[]\s?(?:주|유|재|사|학|의|복|합|유책|합자|합명)\s?[)）\]]|^\s*[주유][)）]|주식\s?회사|유한\s?회사|유한책임|합[자명]\s?회사|[재사]단\s?법인"
    r"|(?:학교|의료|복지|조합|회사)\s?법인|협동조합"
    r"|[가-힣\w]{2,}\s?(?:은행|병원|의원|치과|약국|교회|성당|학교|학원|유치원|어린이집|조합|법인|재단|협회|공사|공단|상사|물산|건설"
    r"|산업|전자|식당|상회|마트|회사|시청|구청|군청|금고|지점|지사|영업소|대리점|사무소|관리소|대표회의|부동산|미용실|세탁소|카페)$"
    r"|^(?:법무|세무|회계|노무|특허|관세|감정평가)\s?법인"
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
    return bool(raw) and _LOOKS.search(normalize("NFC", str(raw))) is not None


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
    text, notes = _take_notes(text)
    text, branch = _take_branch(text.strip(_EDGE))
    if branch in _HEAD_OFFICES:
        branch, notes = "", [*notes, "NOTE"]
    result = _read_parts(text, branch)
    return result._replace(problems=(*notes, *result.problems)) if notes else result


def _read_parts(text: str, branch: str) -> OrganisationName:
    """The name of a text without notes and branch."""
    text, front = _take_front(text)
    text, back = _take_back(text)
    back = [form for form in back if form not in front]
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


def _take_notes(text: str) -> tuple[str, list[str]]:
    """The text with forms in Hangul and without an earlier name, a Roman spelling or a person behind the name."""
    notes: list[str] = []
    if "株" in text:
        text = text.replace("株式會社", "주식회사").replace("(株)", "(주)")
    for pattern, problem in ((_BRACKETED_NOTE, "BRACKETS"), (_REPRESENTATIVE, "NOTE")):
        bare = pattern.sub("", text)
        if bare != text and _has_core(bare):
            text = bare
            notes.append(problem)
    return text, notes


def _take_branch(text: str) -> tuple[str, str]:
    """The text without its branch, and the branch in one word."""
    for pattern in _BRANCHES:
        match = pattern.match(text)
        if match and _has_core(match[1]):
            return match[1].strip(), next(group for group in match.groups()[1:] if group).replace(" ", "")
    return text, ""


def _has_core(text: str) -> bool:
    """Whether more than legal forms and punctuation stands in the text."""
    rest = _take_back(_take_front(text.strip(_EDGE))[0])[0].strip(_EDGE)
    return _LETTERS_ONLY.sub("", rest) != "" and rest.replace(" ", "") not in _BY_TEXT


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
    if match := _FRONT_COOPERATIVE.match(core):
        kind, bare = f"{match[1]}협동조합", match[2]
        key = _LETTERS_ONLY.sub("", bare).casefold()
        return _assemble(f"{kind} {bare}", CERTAIN, [], bare, "COOPERATIVE", "front", key, branch)
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
