"""Names of persons as the files of an insurer hold them, each with its standard form."""

import unicodedata

import pytest

from customers.standard import person_name
from customers.standard.certainty import CERTAIN, DOUBTFUL, PLAUSIBLE, UNUSABLE

# Raw, value, certainty, problems, division (+ certain, ? not), F foreign and D deceased, key.
CASES = [
    # as it should be
    ("김철수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("이산", "이산", CERTAIN, "", "이+산", "", "이산"),
    ("김봄", "김봄", CERTAIN, "", "김+봄", "", "김봄"),
    ("박차오름", "박차오름", CERTAIN, "", "박?차오름", "", "박차오름"),
    ("황보관", "황보관", CERTAIN, "", "황보?관", "", "황보관"),
    ("류현진", "류현진", CERTAIN, "", "류+현진", "", "유현진"),
    ("가은주", "가은주", CERTAIN, "", "가+은주", "", "가은주"),
    # spaces, widths, invisible characters and signs
    ("김 철수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("김  철 수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("\u3000김철수 ", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("\ufeff김철수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("김철수\n", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("김.철.수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("김·철수", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ('"김철수"', "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("김철수\u200b", "김철수", CERTAIN, "", "김+철수", "", "김철수"),
    ("(김철수)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    # surnames of two syllables; a space tells the division, three syllables may not
    ("남궁민", "남궁민", CERTAIN, "", "남궁?민", "", "남궁민"),
    ("남궁 민", "남궁민", CERTAIN, "", "남궁+민", "", "남궁민"),
    ("남 궁민", "남궁민", CERTAIN, "", "남+궁민", "", "남궁민"),
    ("남궁민수", "남궁민수", CERTAIN, "", "남궁+민수", "", "남궁민수"),
    ("제갈량", "제갈량", CERTAIN, "", "제갈+량", "", "제갈량"),
    ("사공일", "사공일", CERTAIN, "", "사공+일", "", "사공일"),
    ("독고영재", "독고영재", CERTAIN, "", "독고+영재", "", "독고영재"),
    ("선우은", "선우은", CERTAIN, "", "선우?은", "", "선우은"),
    ("황보", "황보", CERTAIN, "", "황?보", "", "황보"),
    ("어금니", "어금니", CERTAIN, "", "어?금니", "", "어금니"),
    ("망절일랑", "망절일랑", CERTAIN, "", "망절+일랑", "", "망절일랑"),
    ("강전우", "강전우", CERTAIN, "", "강?전우", "", "강전우"),
    # titles and forms of address
    ("김철수님", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("이철수씨", "이철수", PLAUSIBLE, "TITLE", "이+철수", "", "이철수"),
    ("김철수 사장님", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("김철수고객님", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("김철수 대표이사", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("김영희 여사", "김영희", PLAUSIBLE, "TITLE", "김+영희", "", "김영희"),
    ("김영희사모님", "김영희", PLAUSIBLE, "TITLE", "김+영희", "", "김영희"),
    ("김영희 할머니", "김영희", PLAUSIBLE, "TITLE", "김+영희", "", "김영희"),
    ("김철수 귀하", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("김철수 앞", "김철수", PLAUSIBLE, "TITLE", "김+철수", "", "김철수"),
    ("남궁 원장", "남궁", DOUBTFUL, "TITLE SURNAME_ONLY", "남?궁", "", ""),
    ("남궁민수님", "남궁민수", PLAUSIBLE, "TITLE", "남궁+민수", "", "남궁민수"),
    ("김씨", "김", DOUBTFUL, "TITLE SURNAME_ONLY", "김?", "", ""),
    ("이영님", "이영님", DOUBTFUL, "POSSIBLE_TITLE", "이+영님", "", "이영님"),
    ("박사장", "박사장", DOUBTFUL, "POSSIBLE_TITLE", "박+사장", "", "박사장"),
    ("김사장님", "김사장", DOUBTFUL, "TITLE POSSIBLE_TITLE", "김+사장", "", "김사장"),
    ("이대표", "이대표", DOUBTFUL, "POSSIBLE_TITLE", "이+대표", "", "이대표"),
    ("강전무", "강전무", DOUBTFUL, "POSSIBLE_TITLE", "강?전무", "", "강전무"),
    ("박사랑", "박사랑", CERTAIN, "", "박+사랑", "", "박사랑"),
    ("최고은", "최고은", CERTAIN, "", "최+고은", "", "최고은"),
    # what is written to tell namesakes apart
    ("김철수A", "김철수", PLAUSIBLE, "SUFFIX", "김+철수", "", "김철수"),
    ("김철수 B", "김철수", PLAUSIBLE, "SUFFIX", "김+철수", "", "김철수"),
    ("김철수1", "김철수", PLAUSIBLE, "DIGITS", "김+철수", "", "김철수"),
    ("김철수-2", "김철수", PLAUSIBLE, "DIGITS", "김+철수", "", "김철수"),
    ("김철수(피)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("피)김철수", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("구)김철수", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("김철수(개명:김민준)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("김철수[부산]", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("김철수 (010-9234-5678)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    # the dead
    ("故김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("故 김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("(故)김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("고)김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("(고)김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("고 김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("망 김철수", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("김철수(사망)", "김철수", CERTAIN, "", "김+철수", "D", "김철수"),
    ("고철수", "고철수", CERTAIN, "", "고+철수", "", "고철수"),
    # children without a name of their own
    ("김철수아기", "김철수", DOUBTFUL, "NEWBORN", "김+철수", "", ""),
    ("김철수 아기2", "김철수", DOUBTFUL, "DIGITS NEWBORN", "김+철수", "", ""),
    ("김영희태아", "김영희", DOUBTFUL, "NEWBORN", "김+영희", "", ""),
    ("김영희의 태아", "김영희", DOUBTFUL, "NEWBORN", "김+영희", "", ""),
    ("김아기", "김아기", DOUBTFUL, "NEWBORN", "김+아기", "", ""),
    ("태아", "", UNUSABLE, "NEWBORN", "", "", ""),
    ("신생아", "", UNUSABLE, "NEWBORN", "", "", ""),
    # roles and relations
    ("김철수 본인", "김철수", PLAUSIBLE, "NOTE", "김+철수", "", "김철수"),
    ("김철수 피보험자", "김철수", PLAUSIBLE, "NOTE", "김+철수", "", "김철수"),
    ("김철수 배우자", "김철수", DOUBTFUL, "RELATION", "김+철수", "", ""),
    ("김철수의 배우자", "김철수", DOUBTFUL, "RELATION", "김+철수", "", ""),
    ("김철수 모", "김철수", DOUBTFUL, "RELATION", "김+철수", "", ""),
    ("김철수상속인", "김철수", DOUBTFUL, "RELATION", "김+철수", "", ""),
    ("이영희(처)", "이영희", PLAUSIBLE, "BRACKETS", "이+영희", "", "이영희"),
    ("법정상속인", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("법정 상속인", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("본인", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("수익자", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    # several names
    ("김철수, 이영희", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김 철수, 이 영희", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수/이영희", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수·이영희", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수 이영희", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수 외 1", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수 외 2명", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("김철수외1인", "김철수", DOUBTFUL, "MULTIPLE", "김+철수", "", "김철수"),
    ("박 영 자 외1", "박영자", DOUBTFUL, "MULTIPLE", "박+영자", "", "박영자"),
    ("김OO 외 3명", "김**", DOUBTFUL, "MULTIPLE MASKED", "김?", "", ""),
    # masks
    ("김*수", "김*수", DOUBTFUL, "MASKED", "김?", "", ""),
    ("김○수", "김*수", DOUBTFUL, "MASKED", "김?", "", ""),
    ("김O수", "김*수", DOUBTFUL, "MASKED", "김?", "", ""),
    ("이OO", "이**", DOUBTFUL, "MASKED", "이?", "", ""),
    ("김철*", "김철*", DOUBTFUL, "MASKED", "김?", "", ""),
    ("김**님", "김**", DOUBTFUL, "TITLE MASKED", "김?", "", ""),
    ("김○수 고객님", "김*수", DOUBTFUL, "TITLE MASKED", "김?", "", ""),
    # placeholders and specimen names
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("모름", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("미상", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("성명미상", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("무명", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("테스트", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("테스트고객", "", UNUSABLE, "TITLE PLACEHOLDER", "", "", ""),
    ("test", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("ㅇㅇㅇ", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("가나다", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    (".", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("-", "", UNUSABLE, "PLACEHOLDER", "", "", ""),
    ("고객", "", UNUSABLE, "FORM", "", "", ""),
    ("이사", "", UNUSABLE, "FORM", "", "", ""),
    ("홍길동", "홍길동", DOUBTFUL, "PLACEHOLDER", "홍+길동", "", "홍길동"),
    ("홍 길 동", "홍길동", DOUBTFUL, "PLACEHOLDER", "홍+길동", "", "홍길동"),
    ("홍길동님", "홍길동", DOUBTFUL, "TITLE PLACEHOLDER", "홍+길동", "", "홍길동"),
    ("아무개", "아무개", DOUBTFUL, "PLACEHOLDER", "아+무개", "", "아무개"),
    # other scripts
    ("rlacjftn", "김철수", DOUBTFUL, "KEYBOARD_MODE", "김+철수", "", "김철수"),
    ("RLACJFTN", "김철수", DOUBTFUL, "KEYBOARD_MODE", "김+철수", "", "김철수"),
    ("skarndals", "남궁민", DOUBTFUL, "KEYBOARD_MODE", "남궁?민", "", "남궁민"),
    ("DIANA", "DIANA", DOUBTFUL, "SINGLE_WORD", "", "F", "adian"),
    ("CHEN FANG", "CHEN FANG", PLAUSIBLE, "", "", "F", "angchenf"),
    ("金哲洙", "金哲洙", DOUBTFUL, "HANJA", "", "", "金哲洙"),
    ("김철수(金哲洙)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("金哲洙(김철수)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("김철수(KIM CHULSOO)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("KIM CHULSOO(김철수)", "김철수", PLAUSIBLE, "BRACKETS", "김+철수", "", "김철수"),
    ("김철수 KIM", "김철수", DOUBTFUL, "MIXED_SCRIPT", "김+철수", "", "김철수"),
    ("김ㅊ수", "김ㅊ수", DOUBTFUL, "BROKEN_SYLLABLE", "김+ㅊ수", "", "김ㅊ수"),
    # foreigners
    ("NGUYEN VAN HUNG", "NGUYEN VAN HUNG", PLAUSIBLE, "", "", "F", "anhungnguyenv"),
    ("Nguyễn Văn Hùng", "NGUYỄN VĂN HÙNG", PLAUSIBLE, "", "", "F", "anhungnguyenv"),
    ("kim, chul soo", "KIM CHUL SOO", PLAUSIBLE, "", "KIM+CHUL SOO", "F", "chulsookim"),
    ("Kim Chul-Soo", "KIM CHUL-SOO", PLAUSIBLE, "", "", "F", "chulsookim"),
    ("O'BRIEN PATRICK", "O'BRIEN PATRICK", PLAUSIBLE, "", "", "F", "atrickobrienp"),
    ("MR. JOHN SMITH", "JOHN SMITH", PLAUSIBLE, "", "", "F", "hjohnsmit"),
    ("WANG", "WANG", DOUBTFUL, "SINGLE_WORD", "", "F", "angw"),
    ("ＫＩＭ ＣＨＵＬ", "KIM CHUL", PLAUSIBLE, "", "", "F", "chulkim"),
    ("응우옌 반 흥", "응우옌반흥", PLAUSIBLE, "", "", "F", "응우옌반흥"),
    ("팜 티 란", "팜티란", PLAUSIBLE, "", "", "F", "팜티란"),
    ("사토 유키", "사토유키", PLAUSIBLE, "", "", "F", "사토유키"),
    ("마이클잭슨", "마이클잭슨", PLAUSIBLE, "", "", "F", "마이클잭슨"),
    ("왕 샤오밍", "왕샤오밍", CERTAIN, "", "왕+샤오밍", "", "왕샤오밍"),
    # too little, or no person
    ("김", "김", DOUBTFUL, "SURNAME_ONLY", "김?", "", ""),
    ("뷁철수", "뷁철수", DOUBTFUL, "UNKNOWN_SURNAME", "", "", "뷁철수"),
    ("X", "", UNUSABLE, "LENGTH", "", "", ""),
    ("(주)한빛", "", UNUSABLE, "ORGANISATION", "", "", ""),
    ("한빛상사", "", UNUSABLE, "ORGANISATION", "", "", ""),
    ("김철수(주)", "", UNUSABLE, "ORGANISATION", "", "", ""),
]


def division(surname: str, given: str, is_certain: bool) -> str:
    return f"{surname}{'+' if is_certain else '?'}{given}" if surname else ""


@pytest.mark.parametrize(("raw", "value", "certainty", "problems", "divided", "flags", "key"), CASES)
def test_person_name_has_one_standard_form(raw, value, certainty, problems, divided, flags, key):
    name = person_name(raw)

    found = division(name.surname, name.given, name.is_split_certain)
    marks = "F" * name.is_foreign + "D" * name.is_deceased_hint
    assert (name.value, name.certainty, " ".join(name.problems), found, marks, name.key) == (
        value,
        certainty,
        problems,
        divided,
        flags,
        key,
    )


@pytest.mark.parametrize("raw", ["김철수", "남궁민수님", "김철수 배우자", "(故)김철수"])
def test_person_name_is_the_same_from_a_file_in_decomposed_letters(raw):
    assert person_name(unicodedata.normalize("NFD", raw)) == person_name(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("류진", "유진"),
        ("이철수", "리철수"),
        ("임꺽정", "림꺽정"),
        ("나은혜", "라은혜"),
        ("노태우", "로태우"),
        ("양현", "량현"),
        ("여운형", "려운형"),
        ("염상섭", "렴상섭"),
        ("용호", "룡호"),
        ("육영수", "륙영수"),
    ],
)
def test_person_name_folds_the_initial_sound_rule_in_the_key_only(one, other):
    first, second = person_name(one), person_name(other)

    assert first.key == second.key
    assert (first.value, second.value) == (one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Văn Hùng", "NGUYEN VAN HUNG"),
        ("KIM CHULSOO", "Kim Chul-Soo"),
        ("O'BRIEN PAT", "OBRIEN PAT"),
        ("KIM CHULSOO", "Chul-Soo Kim"),
        ("KIM CHUL SOO", "CHULSOO KIM"),
        ("NGUYEN VAN HUNG", "Hung, Nguyen Van"),
    ],
)
def test_person_name_compares_roman_names_without_marks_and_spaces_from_whichever_word(one, other):
    assert person_name(one).key == person_name(other).key


@pytest.mark.parametrize(
    ("one", "other"), [("KIM CHULSOO", "KIM SOOCHUL"), ("NGUYEN VAN HUNG", "HUNG VAN NGUYEN"), ("이수민", "수민이")]
)
def test_person_name_does_not_take_another_order_within_a_name_for_the_same(one, other):
    assert person_name(one).key != person_name(other).key


@pytest.mark.parametrize("raw", ["김*수", "김", "김씨", "김철수아기", "김아기", "김철수 배우자", "법정상속인", "없음"])
def test_person_name_that_is_not_wholly_the_customers_own_has_no_key(raw):
    assert person_name(raw).key == ""
