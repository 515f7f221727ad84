"""What happens to values on their way into a file: slips of the hand, habits of clerks, spreadsheets and systems."""

import re
import unicodedata
from collections.abc import Callable, Mapping

import numpy as np

from .draws import some
from .text import table

Spoil = Callable[[np.random.Generator, np.ndarray], np.ndarray]

PLACEHOLDER_MOBILES = ("010-0000-0000", "010-1234-5678", "010-1111-1111")
_WIDE = str.maketrans("0123456789- ()", "０１２３４５６７８９－　（）")
_VOWELS = {1: 5, 5: 1, 3: 7, 7: 3, 6: 4, 4: 6, 19: 20, 20: 19, 11: 10, 10: 11}  # ㅐㅔ ㅒㅖ ㅕㅓ ㅢㅣ ㅚㅙ
_FINALS = {4: 21, 21: 4, 16: 17, 17: 16}  # ㄴㅇ ㅁㅂ
_SURNAMES = dict(pair for a, b in ("유류", "임림", "나라", "노로", "이리") for pair in ((a, b), (b, a)))
_TITLES = ("님", "씨", " 사장", " 사장님", " 고객님", " 과장", "(사모님)", " 대표", " 선생님", "A")
_MAIL_TYPOS = {
    "naver.com": ("naver.con", "nave.com", "naver,com"),
    "gmail.com": ("gmial.com", "gamil.com", "gmail.con"),
    "hanmail.net": ("hanmail.com", "hanmai.net"),
    "daum.net": ("daum.com", "duam.net"),
}


def damage(rng: np.random.Generator, columns: dict[str, np.ndarray], rates: Mapping[str, float]) -> None:
    """Spoil values in place; rates: share of the filled values per kind of damage (0–1)."""
    for kind, rate in rates.items():
        column, spoil = KINDS[kind]
        filled = np.flatnonzero(columns[column] != "")
        rows = filled[some(rng, rate, len(filled))]
        if len(rows):
            columns[column] = columns[column].copy()
            columns[column][rows] = spoil(rng, columns[column][rows])


def _each(change: Callable[[str], str]) -> Spoil:
    return lambda rng, texts: table(change(text) for text in texts)


def _one_of(*choices: str) -> Spoil:
    return lambda rng, texts: table(choices)[rng.integers(0, len(choices), len(texts))]


def _keyed(change: Callable[[str, int], str]) -> Spoil:
    """A change that draws one number below a million for every value."""
    return lambda rng, texts: table(map(change, texts, rng.integers(0, 10**6, len(texts)).tolist()))


def _mistype(name: str, draw: int) -> str:
    """One vowel or final consonant for its likeness, else two letters of a Roman name exchanged."""
    for step in range(len(name)):
        place = (draw + step) % len(name)
        code = ord(name[place]) - 0xAC00
        if not 0 <= code < 11_172:
            continue
        initial, vowel, final = code // 588, code % 588 // 28, code % 28
        if vowel in _VOWELS or final in _FINALS:
            if vowel in _VOWELS:
                vowel = _VOWELS[vowel]
            else:
                final = _FINALS[final]
            return name[:place] + chr(0xAC00 + initial * 588 + vowel * 28 + final) + name[place + 1 :]
    place = draw % max(len(name) - 1, 1)
    return name[:place] + name[place : place + 2][::-1] + name[place + 2 :] if name.isascii() else name


def _space(name: str) -> str:
    return name[0] + " " + name[1:] if len(name) < 4 and not name.isascii() else name


def _other_surname(name: str) -> str:
    return _SURNAMES.get(name[0], name[0]) + name[1:]


def _title(name: str, draw: int) -> str:
    return name if name.isascii() else name + _TITLES[draw % len(_TITLES)]


def _one_digit(text: str, draw: int) -> str:
    """Another digit in one of the last four places."""
    places = [place for place, letter in enumerate(text) if letter.isdigit()][-4:]
    if not places:
        return text
    place = places[draw % len(places)]
    return text[:place] + str((int(text[place]) + 1 + draw // 4 % 8) % 10) + text[place + 1 :]


def _birth_digit(text: str, draw: int) -> str:
    """The day is up to eight days off, within the month; lunar dates stay."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    return text[:8] + f"{(int(text[8:]) + draw % 8) % 28 + 1:02d}"


def _words(text: str) -> str:
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(.*)", text)
    return f"{found[1]}년 {int(found[2])}월 {int(found[3])}일{found[4]}" if found else text


def _wrong_check(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _wrong_sex(code: str) -> str:
    return "F" if code == "M" else "M"


def _country_code(text: str) -> str:
    return "+82-" + text.removeprefix("0")


def _brackets(text: str) -> str:
    head, _, tail = text.partition("-")
    return f"({head}){tail}" if tail else text


def _mail_typo(address: str, draw: int) -> str:
    local, _, domain = address.rpartition("@")
    typos = _MAIL_TYPOS.get(domain)
    return f"{local}@{typos[draw % len(typos)]}" if typos else address


def _old_postcode(text: str, draw: int) -> str:
    """Six digits in two groups, as before August 2015."""
    return f"{100 + draw % 700}-{draw // 700 % 1_000:03d}"


def _lost_zeros(text: str) -> str:
    return text.replace("-", "").lstrip("0")


def _lost_front_zeros(number: str) -> str:
    """A registration number of someone born in 2000–2009, read as a number by a spreadsheet."""
    return _lost_zeros(number) if number.startswith("0") else number


def _short_date(text: str) -> str:
    return text[2:] if re.match(r"\d{4}-", text) else text


def _wide(text: str) -> str:
    return text.translate(_WIDE)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


KINDS: dict[str, tuple[str, Spoil]] = {
    "name_typo": ("name", _keyed(_mistype)),
    "name_surname": ("name", _each(_other_surname)),
    "name_spaced": ("name", _each(_space)),
    "name_title": ("name", _keyed(_title)),
    "name_nfd": ("name", _each(_decomposed)),
    "name_wide": ("name", _each(lambda text: text + "　")),
    "birth_placeholder": ("birth_date", _one_of("1900-01-01")),
    "birth_digit": ("birth_date", _keyed(_birth_digit)),
    "birth_short": ("birth_date", _each(_short_date)),
    "birth_year": ("birth_date", _each(lambda text: text[:4] if re.match(r"\d{4}-", text) else text)),
    "birth_dotted": ("birth_date", _each(lambda text: text.replace("-", "."))),
    "birth_words": ("birth_date", _each(_words)),
    "sex_wrong": ("sex", _each(_wrong_sex)),
    "rrn_check": ("rrn", _each(_wrong_check)),
    "rrn_lost_zero": ("rrn", _each(_lost_front_zeros)),
    "mobile_placeholder": ("mobile", _one_of(*PLACEHOLDER_MOBILES)),
    "mobile_digit": ("mobile", _keyed(_one_digit)),
    "mobile_plain": ("mobile", _each(lambda text: text.replace("-", ""))),
    "mobile_spaced": ("mobile", _each(lambda text: text.replace("-", " "))),
    "mobile_dotted": ("mobile", _each(lambda text: text.replace("-", "."))),
    "mobile_country": ("mobile", _each(_country_code)),
    "mobile_bracket": ("mobile", _each(_brackets)),
    "mobile_wide": ("mobile", _each(_wide)),
    "mobile_lost_zero": ("mobile", _each(_lost_zeros)),
    "home_placeholder": ("phone_home", _one_of("없음", "000-000-0000", "02-000-0000")),
    "email_typo": ("email", _keyed(_mail_typo)),
    "email_placeholder": ("email", _one_of("없음", "test@test.com", "no@no.com", "a@a.a")),
    "postcode_old": ("postcode", _keyed(_old_postcode)),
    "postcode_lost_zero": ("postcode", _each(lambda text: text.lstrip("0"))),
    "address_placeholder": ("address", _one_of("없음", "모름", "-")),
    "address_spaces": ("address", _each(lambda text: text.replace(" ", "  "))),
    "address_nfd": ("address", _each(_decomposed)),
    "company_wide": ("company_name", _each(_wide)),
    "employee_lost_zero": ("employee_no", _each(_lost_zeros)),
}
