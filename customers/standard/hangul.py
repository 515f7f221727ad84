"""Hangul taken apart and put together: initial sounds, jamo, keyboard mode, spelling variants."""

import re
from unicodedata import normalize

_FIRST, _LAST = 0xAC00, 0xD7A3
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_MEDIALS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


def _parts(code: int) -> tuple[str, str, str]:
    """Initial, medial and final of the syllable with this code point."""
    index = code - _FIRST
    return _INITIALS[index // 588], _MEDIALS[index % 588 // 28], _FINALS[index % 28]


_TO_INITIAL: dict[int, str] = {code: _parts(code)[0] for code in range(_FIRST, _LAST + 1)}
_TO_JAMO: dict[int, str] = {code: "".join(_parts(code)) for code in range(_FIRST, _LAST + 1)}

_CONSONANT_KEYS = dict(zip("qwertasdfgzxcvQWERT", "ㅂㅈㄷㄱㅅㅁㄴㅇㄹㅎㅋㅌㅊㅍㅃㅉㄸㄲㅆ", strict=True))
_VOWEL_KEYS = dict(zip("yuiophjklbnmOP", "ㅛㅕㅑㅐㅔㅗㅓㅏㅣㅠㅜㅡㅒㅖ", strict=True))
_VOWEL_PAIRS = {"hk": "ㅘ", "ho": "ㅙ", "hl": "ㅚ", "nj": "ㅝ", "np": "ㅞ", "nl": "ㅟ", "ml": "ㅢ"}
_FINAL_PAIRS = dict(
    zip("rt sw sg fr fa fq ft fx fv fg qt".split(), "ㄳ ㄵ ㄶ ㄺ ㄻ ㄼ ㄽ ㄾ ㄿ ㅀ ㅄ".split(), strict=True)
)
_KEYS = _CONSONANT_KEYS | _VOWEL_KEYS
_VOWELS = _VOWEL_KEYS | _VOWEL_PAIRS
_CLOSINGS = {key: jamo for key, jamo in _CONSONANT_KEYS.items() if jamo in _FINALS} | _FINAL_PAIRS
# A consonant closes a syllable only if no vowel follows; else it opens the next one.
_TYPED_SYLLABLE = re.compile(
    f"([{''.join(_CONSONANT_KEYS)}])({'|'.join(_VOWEL_PAIRS)}|[{''.join(_VOWEL_KEYS)}])"
    f"((?:{'|'.join(_FINAL_PAIRS)}|[{''.join(_CLOSINGS.keys() - _FINAL_PAIRS.keys())}])"
    f"(?![{''.join(_VOWEL_KEYS)}]))?|(.)"
)
_SHIFTED = set("QWERTOP")

_SPELLING = dict(zip("리류림라로량려렴룡륙", "이유임나노양여염용육", strict=True))


def initials(text: str) -> str:
    """The initial sound of each syllable (김철수 → ㄱㅊㅅ); other letters and digits upper-case, the rest dropped."""
    return "".join(filter(str.isalnum, normalize("NFC", text))).upper().translate(_TO_INITIAL)


def jamo(text: str) -> str:
    """The text with every syllable as two or three compatibility jamo (강 → ㄱㅏㅇ), the rest unchanged."""
    return normalize("NFC", text).translate(_TO_JAMO)


def from_keyboard(text: str) -> str:
    """Hangul from letters typed on a two-set keyboard in English mode (rlacjftn → 김철수).

    Capitals throughout come of the lock or of a system, not of the shift key.
    """
    text = text.lower() if text.isupper() else text
    keys = "".join(key if key in _SHIFTED else key.lower() for key in text)
    return _TYPED_SYLLABLE.sub(_typed, keys)


def _typed(match: re.Match[str]) -> str:
    initial, medial, final, other = match.groups()
    if other is not None:
        return _KEYS.get(other, other)
    index = _INITIALS.index(_CONSONANT_KEYS[initial]) * 588 + _MEDIALS.index(_VOWELS[medial]) * 28
    return chr(_FIRST + index + (_FINALS.index(_CLOSINGS[final]) if final else 0))


def fold_spelling(name: str) -> str:
    """The name with its first syllable as the initial sound rule writes it (류진 → 유진), for comparison only.

    A family may register either spelling of its surname since 2007.
    """
    return _SPELLING.get(name[:1], name[:1]) + name[1:]
