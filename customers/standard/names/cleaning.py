"""Removal of what sources write into a name field beside the name."""

import re

from customers.standard.names.surnames import FREQUENT_SURNAMES, SURNAMES

_TITLES = (
    "부사장|이사장|사장|대표이사|대표|박사|선생|고객|회원|부회장|회장|본부장|부장|과장|차장|대리|주임|계장|국장|실장|팀장|"
    "지점장|센터장|원장|교수|여사|사모|이사|전무|상무|소장|반장|통장|이장|총무|목사|장로|권사|집사|약사|변호사|세무사|"
    "감사|할머니|할아버지|어르신|학생"
)
_NEWBORN = "아기|애기|태아|신생아"
_ROLES = "본인|계약자|피보험자|수익자|예금주|납입자"
_RELATIVES = (
    "배우자|남편|아내|자녀|아들|딸|손자|손녀|모친|부친|어머니|아버지|어머님|아버님|법정상속인|상속인|유족|가족|보호자|"
    "친권자|법정대리인|대리인|후견인"
)
_SHORT_RELATIVES = "모|부|처|자|녀"
_SHORT_ENDINGS = f"{_SHORT_RELATIVES}|앞"  # which may as well end a name that they are joined to
TITLE_WORDS: frozenset[str] = frozenset(_TITLES.split("|")) | {"귀하"}
NEWBORN_WORDS: frozenset[str] = frozenset(_NEWBORN.split("|"))
_PROBLEM_OF_ENDING: dict[str, str] = {
    **dict.fromkeys(_NEWBORN.split("|"), "NEWBORN"),
    **dict.fromkeys(_ROLES.split("|"), "NOTE"),
    **dict.fromkeys((*_RELATIVES.split("|"), *_SHORT_RELATIVES.split("|")), "RELATION"),
}
_SPACED_ENDING = re.compile(
    rf"(.*\S) ((?:{_TITLES})님?|씨|님|귀하|{_NEWBORN}|{_ROLES}|{_RELATIVES})|([가-힣]{{3,4}}) ({_SHORT_ENDINGS})"
)
_JOINED_ENDING = re.compile(
    rf"([가-힣]{{2,4}}?)((?:{_TITLES})님?|씨|님|귀하|{_NEWBORN})|([가-힣]{{3,5}}?)({_ROLES}|{_RELATIVES})"
)
_OF_WHOM = re.compile("(?<=[가-힣]{3})의$")
_DECEASED = re.compile(r"^(?:[(\[{<]?(?:故|고(?=[)\]}>]))[)\]}>]? ?)+|[(\[{<](?:故|고|망|사망|작고)[)\]}>]")
_FREQUENT = "".join(sorted(FREQUENT_SURNAMES))
_DECEASED_WORD = re.compile(rf"^(?:고|망) (?=[{_FREQUENT}][가-힣]{{2}}$)")
_BRACKETED = re.compile(r"[(\[{<]([^()\[\]{}<>]*)[)\]}>]?|^[가-힣]\)|[)\]}>]")
_MASK = re.compile(r"[*○●◯◎□■〇☆★?#]|(?<=[가-힣])ㅇ")
_MASKED_TITLE = re.compile("(?<=[*가-힣]) ?(?:고객님|님|씨)$")
_LETTER_MASK = re.compile(r"([가-힣])([OX]{1,2})([가-힣]?)", re.IGNORECASE)
_OTHERS = re.compile(r" ?외 ?\d+ ?[명인]?$")
_SEPARATOR = re.compile(r"[/,;&+|]| 및 | 외 ?[명인]?$")
_MIDDLE_DOT = re.compile("[·・ㆍ]")
_SUFFIX_LETTER = re.compile(r"(?<=[가-힣]) ?[A-Da-d]$")
_DIGITS = re.compile(r"\d+")
_HANGUL_NAME = re.compile("[가-힣]{2,}")


class Draft:
    """A name on its way to its standard form, and what was met on the way."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[str] = []
        self.is_deceased = False
        self.is_masked = False

    def note(self, problem: str) -> None:
        """Add the problem once."""
        if problem not in self.problems:
            self.problems.append(problem)

    def remove(self, pattern: re.Pattern[str], problem: str, by: str = "") -> None:
        """Replace every match and note the problem if there was one."""
        text, count = pattern.subn(by, self.text)
        if count:
            self.text = " ".join(text.split())
            self.note(problem)


def clean(text: str) -> Draft:
    """The draft of a tidy text without marks of death, brackets, second names, digits and suffix letters."""
    draft = Draft(text.strip(" ,/;.&+|-"))
    _take_deceased(draft)
    _take_brackets(draft)
    draft.remove(_OTHERS, "MULTIPLE")
    _take_masks(draft)
    _take_spaced_endings(draft)
    _take_first(draft)
    draft.remove(_DIGITS, "DIGITS")
    draft.remove(_SUFFIX_LETTER, "SUFFIX")
    _take_spaced_endings(draft)
    return draft


def _take_deceased(draft: Draft) -> None:
    text, count = _DECEASED.subn("", draft.text)
    if not count:
        text, count = _DECEASED_WORD.subn("", text)
    draft.text, draft.is_deceased = text.strip(), count > 0


def _take_brackets(draft: Draft) -> None:
    """Drop bracketed text; a Korean name in brackets behind another script, or alone, takes the name's place."""
    inside = [match[1] for match in _BRACKETED.finditer(draft.text) if match[1]]
    draft.remove(_BRACKETED, "BRACKETS", " ")
    korean = [text for text in inside if _is_korean(text)]
    if not draft.text and inside:
        draft.text = inside[0]
    elif korean and not re.search("[가-힣]", draft.text):
        draft.text = korean[0]


def _is_korean(text: str) -> bool:
    """Whether the text is a Hangul name of two to four syllables with a Korean surname."""
    name = text.replace(" ", "")
    return 2 <= len(name) <= 4 and _HANGUL_NAME.fullmatch(name) is not None and name[0] in SURNAMES


def _take_masks(draft: Draft) -> None:
    text = _MASKED_TITLE.sub("", draft.text)
    if letters := _LETTER_MASK.fullmatch(text):
        text = letters[1] + "*" * len(letters[2]) + letters[3]
    text = _MASK.sub("*", text)
    if "*" in text:
        if _MASKED_TITLE.search(draft.text):
            draft.note("TITLE")
        draft.text, draft.is_masked = text, True
        draft.note("MASKED")


def _take_first(draft: Draft) -> None:
    """Keep the first of several Hangul names."""
    parts = [part.strip() for part in _SEPARATOR.split(draft.text.strip(" ,/;&+|"))]
    first, last = parts[0].replace(" ", ""), parts[-1].replace(" ", "")
    if len(parts) > 1 and _HANGUL_NAME.match(first) and (not last or _HANGUL_NAME.match(last)):
        draft.text = parts[0]
        draft.note("MULTIPLE")
        return
    words, dotted = draft.text.split(" "), _MIDDLE_DOT.split(draft.text)
    if len(words) > 1 and all(len(word) == 3 and _is_korean(word) for word in words):
        draft.text = words[0]
        draft.note("MULTIPLE")
    elif len(dotted) > 1 and all(map(_is_korean, dotted)):
        draft.text = dotted[0].strip()
        draft.note("MULTIPLE")


def _take_spaced_endings(draft: Draft) -> None:
    """Drop titles, roles and relations written as words of their own."""
    while match := _SPACED_ENDING.fullmatch(draft.text):
        name, ending = match[1] or match[3], match[2] or match[4]
        _take_ending(draft, name.strip(), ending)


def take_joined_endings(draft: Draft) -> None:
    """Drop titles joined to a Hangul name of two syllables or more; note an end that may or may not be one."""
    while match := _JOINED_ENDING.fullmatch(draft.text):
        name, ending = match[1] or match[3], match[2] or match[4]
        if ending == "님" and len(name) == 2:
            draft.note("POSSIBLE_TITLE")
            return
        _take_ending(draft, name, ending)
        if len(name) == 2 and ending in TITLE_WORDS | NEWBORN_WORDS and ending != "귀하":
            draft.note("POSSIBLE_TITLE")
    if len(draft.text) == 2 and draft.text[1] in "씨님":
        _take_ending(draft, draft.text[0], draft.text[1])
    elif draft.text[1:] in NEWBORN_WORDS:
        draft.note("NEWBORN")
    elif draft.text[1:] in TITLE_WORDS:
        draft.note("POSSIBLE_TITLE")


def _take_ending(draft: Draft, name: str, ending: str) -> None:
    problem = _PROBLEM_OF_ENDING.get(ending, "TITLE")
    draft.text = name if problem == "TITLE" else _OF_WHOM.sub("", name)
    draft.note(problem)
