"""Korean surnames and the division of a Hangul name."""

SURNAMES: frozenset[str] = frozenset(
    "가간갈감강개견경계고곡공곽교구국군궁궉권근금기길김나남낭내노뇌누단담당대도돈동두라량려렴로룡류륙리림마망매맹명모목묘묵문미민"
    "박반방배백번범변복봉부비빈빙사삼상서석선설섭성소손송수순승시신심십아안애야양어엄여연염엽영예오옥온옹왕요용우운원위유육"
    "윤은음이인임자장저전점정제조종좌주준증지진차창채천초최추춘탁탄탕태판팽편평포표풍피필하한함해허현형호홍화환황후흥"
)
"""One-syllable surnames of the census, with the spellings that keep the initial ㄹ."""

COMPOUND_SURNAMES: frozenset[str] = frozenset(["남궁", "황보", "제갈", "선우", "사공", "서문", "독고", "동방"])
RARE_COMPOUND_SURNAMES: frozenset[str] = frozenset(["어금", "망절", "무본", "황목", "소봉", "강전", "장곡", "등정"])
_COMPOUND = COMPOUND_SURNAMES | RARE_COMPOUND_SURNAMES
# Their first syllable is itself a frequent surname: 남궁민 may be 남 + 궁민.
_AMBIGUOUS: frozenset[str] = frozenset(["남궁", "선우", "동방", "서문", "황보", "강전"])

FREQUENT_SURNAMES: frozenset[str] = frozenset("김이박최정강조윤장임")

GIVEN_SYLLABLES: frozenset[str] = frozenset(
    "가각간갈감강개거건걸검겸경계고곤공관광교구국군권귀규균극근금기길나낙난남내노누늘다단달담대덕도독돈동두득라락"
    "란람래량려련렬령례로록룡루류륜률리린림마만말매면명모목무묵문미민박반방배백범법벽변별병보복봉부분빈빛사산삼상"
    "새샘서석선설섭성세소솔송수숙순술숭슬승시식신실심아안암애야양억언업여연열염엽영예오옥온완외요용우욱운웅원월위"
    "유육윤율융은을음의이익인일임자장재전점정제조존종좌주준중지직진집찬창채천철청초총추춘출충치칠쾌탁탄태택토판팔"
    "평표풍필하학한항해행향허헌혁현형혜호홍화환황회효후훈휘흔흥희힘갑결끝녀름봄비"
)
"""Syllables of nearly all given names, to tell a name from letters that form syllables by chance."""


def split_hangul(name: str) -> tuple[str, str, bool]:
    """Surname, given name and whether the division is certain; surname and given name are '' if none is known."""
    first, pair = name[:1], name[:2]
    if pair in _COMPOUND:
        return _split_compound(name)
    if first in SURNAMES:
        return first, name[1:], 2 <= len(name) <= 3
    return "", "", False


def _split_compound(name: str) -> tuple[str, str, bool]:
    first, pair = name[0], name[:2]
    if len(name) > 3:
        return pair, name[2:], True
    is_single = first in SURNAMES and (len(name) == 2 or pair in RARE_COMPOUND_SURNAMES)
    if is_single:
        return first, name[1:], False
    return pair, name[2:], len(name) == 3 and pair not in _AMBIGUOUS


def split_spaced(first: str, rest: str) -> tuple[str, str, bool] | None:
    """The division that the writer's own space gives (남 궁민, 남궁 민); None if the first word is no surname."""
    if (first in SURNAMES or first in _COMPOUND) and rest:
        return first, rest, len(rest) <= 3
    return None
