"""What people type when they have nothing to say."""

from customers.standard.text import tidy

SAMPLE_NAMES: frozenset[str] = frozenset({"홍길동", "아무개"})
"""Names of the specimen forms. A real person may bear one, so a name is kept, but doubted."""

WORDS: frozenset[str] = SAMPLE_NAMES | frozenset(
    (
        "없음 없슴 전화없음 번호없음 연락처없음 이메일없음 메일없음 주소없음 무 모름 미상 불명 해당없음 해당사항없음 "
        "미입력 미기재 미확인 확인불가 알수없음 무응답 거부 공란 테스트 테스터 test tester testing ㅇㅇ ㄴㄴ ㅁㄴㅇㄹ "
        "가나다 가나다라 asdf qwer qwerty abc abcd xx zz no none null nil nan n/a #n/a na unknown undefined 0 00 "
        "123456 1234567 12345678 123456789 1234567890"
    ).split()
)

NAME_WORDS: frozenset[str] = WORDS | frozenset(
    (
        "법정상속인 상속인 본인 계약자 피보험자 수익자 예금주 납입자 가족 유족 배우자 자녀 보호자 무기명 무명 미정 "
        "불상 성명미상 성명불상 성명모름 이름미상 이름모름 이름없음 신원미상 고객명 성명 성함 이름 담당자 대표자 "
        "관리자 사망 사망자 동명이인 임시고객 신규고객 상동"
    ).split()
)
"""What stands where a person's name belongs and is none: placeholders, and the roles and words of forms."""


def is_placeholder(text: str) -> bool:
    """Whether the text stands for "nothing": a placeholder word, one character repeated, or only punctuation."""
    return is_tidy_placeholder(tidy(text))


def is_tidy_placeholder(text: str) -> bool:
    """`is_placeholder` for text that has been through `tidy` already."""
    word = text.replace(" ", "").casefold()
    return word in WORDS or is_one_repeated(word) or (word != "" and not any(map(str.isalnum, word)))


def is_one_repeated(word: str) -> bool:
    """Whether the word is one character three times or more."""
    return len(word) >= 3 and word == word[0] * len(word)
