"""Names of organisations as the files of an insurer hold them, each with its standard form."""

import unicodedata

import pytest

from customers.standard import looks_like_organisation, organisation_name
from customers.standard.certainty import CERTAIN, DOUBTFUL, PLAUSIBLE, UNUSABLE

# Raw, value, certainty, problems, core, legal form, its position, key, branch.
CASES = [
    # one company, however written
    ("(주)한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("㈜한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("（주）한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("( 주 ) 한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("주)한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("(주 한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("(주). 한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("주식회사 한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("주식회사한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("(株)한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("株式會社 한빛전자", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("한빛전자(주)", "한빛전자(주)", CERTAIN, "", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛전자㈜", "한빛전자(주)", CERTAIN, "", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛전자 주식회사", "한빛전자(주)", CERTAIN, "", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛전자주식회사", "한빛전자(주)", CERTAIN, "", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛전자(주", "한빛전자(주)", CERTAIN, "", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛 전자 (주)", "한빛 전자(주)", CERTAIN, "", "한빛 전자", "STOCK", "back", "한빛전자", ""),
    ("주식회사 한빛전자(주)", "(주)한빛전자", CERTAIN, "", "한빛전자", "STOCK", "front", "한빛전자", ""),
    # other forms
    ("(유)한빛", "(유)한빛", CERTAIN, "", "한빛", "LIMITED", "front", "한빛", ""),
    ("유한회사 한빛", "(유)한빛", CERTAIN, "", "한빛", "LIMITED", "front", "한빛", ""),
    ("한빛 유한회사", "한빛(유)", CERTAIN, "", "한빛", "LIMITED", "back", "한빛", ""),
    ("유한책임회사 한빛", "유한책임회사 한빛", CERTAIN, "", "한빛", "LLC", "front", "한빛", ""),
    ("합자회사 한빛운수", "합자회사 한빛운수", CERTAIN, "", "한빛운수", "LIMITED_PARTNERSHIP", "front", "한빛운수", ""),
    ("한빛운수합자회사", "한빛운수 합자회사", CERTAIN, "", "한빛운수", "LIMITED_PARTNERSHIP", "back", "한빛운수", ""),
    ("합명회사 한빛", "합명회사 한빛", CERTAIN, "", "한빛", "GENERAL_PARTNERSHIP", "front", "한빛", ""),
    (
        "재단법인 한빛문화재단",
        "(재)한빛문화재단",
        CERTAIN,
        "",
        "한빛문화재단",
        "FOUNDATION",
        "front",
        "한빛문화재단",
        "",
    ),
    ("(재)한빛문화재단", "(재)한빛문화재단", CERTAIN, "", "한빛문화재단", "FOUNDATION", "front", "한빛문화재단", ""),
    ("사단법인 한빛협회", "(사)한빛협회", CERTAIN, "", "한빛협회", "ASSOCIATION", "front", "한빛협회", ""),
    ("사)한빛협회", "(사)한빛협회", CERTAIN, "", "한빛협회", "ASSOCIATION", "front", "한빛협회", ""),
    ("학교법인 한빛학원", "(학)한빛학원", CERTAIN, "", "한빛학원", "SCHOOL", "front", "한빛학원", ""),
    ("의료법인 한빛의료재단", "(의)한빛의료재단", CERTAIN, "", "한빛의료재단", "MEDICAL", "front", "한빛의료재단", ""),
    ("(의)한빛병원", "(의)한빛병원", CERTAIN, "", "한빛병원", "MEDICAL", "front", "한빛병원", ""),
    (
        "사회복지법인 한빛복지재단",
        "(복)한빛복지재단",
        CERTAIN,
        "",
        "한빛복지재단",
        "WELFARE",
        "front",
        "한빛복지재단",
        "",
    ),
    ("한빛협동조합", "한빛협동조합", CERTAIN, "", "한빛", "COOPERATIVE", "back", "한빛", ""),
    ("협동조합 한빛", "협동조합 한빛", CERTAIN, "", "한빛", "COOPERATIVE", "front", "한빛", ""),
    ("한빛 사회적협동조합", "한빛 사회적협동조합", CERTAIN, "", "한빛", "COOPERATIVE", "back", "한빛", ""),
    (
        "한빛농업협동조합",
        "한빛농업협동조합",
        CERTAIN,
        "",
        "한빛농업협동조합",
        "COOPERATIVE",
        "back",
        "한빛농업협동조합",
        "",
    ),
    ("농업회사법인 (주)한빛", "농업회사법인 (주)한빛", CERTAIN, "", "한빛", "AGRICULTURAL", "front", "한빛", ""),
    ("농업회사법인 한빛 주식회사", "농업회사법인 한빛(주)", CERTAIN, "", "한빛", "AGRICULTURAL", "front", "한빛", ""),
    ("영농조합법인 한빛", "영농조합법인 한빛", CERTAIN, "", "한빛", "AGRICULTURAL", "front", "한빛", ""),
    # foreign forms
    ("HANBIT CO., LTD.", "HANBIT CO LTD", CERTAIN, "", "HANBIT", "FOREIGN", "back", "hanbit", ""),
    ("Hanbit Co.,Ltd", "HANBIT CO LTD", CERTAIN, "", "HANBIT", "FOREIGN", "back", "hanbit", ""),
    ("Hanbit Inc.", "HANBIT INC", CERTAIN, "", "HANBIT", "FOREIGN", "back", "hanbit", ""),
    ("HANBIT LLC", "HANBIT LLC", CERTAIN, "", "HANBIT", "FOREIGN", "back", "hanbit", ""),
    ("Hanbit Korea Limited", "HANBIT KOREA LIMITED", CERTAIN, "", "HANBIT KOREA", "FOREIGN", "back", "hanbitkorea", ""),
    ("한빛 Co., Ltd.", "한빛 CO LTD", CERTAIN, "", "한빛", "FOREIGN", "back", "한빛", ""),
    ("(주)HANBIT", "(주)HANBIT", CERTAIN, "", "HANBIT", "STOCK", "front", "hanbit", ""),
    ("ＨＡＮＢＩＴ（주）", "HANBIT(주)", CERTAIN, "", "HANBIT", "STOCK", "back", "hanbit", ""),
    # branches; a head office is the organisation itself
    (
        "(주)한빛전자 부산지점",
        "(주)한빛전자 부산지점",
        CERTAIN,
        "BRANCH",
        "한빛전자",
        "STOCK",
        "front",
        "한빛전자",
        "부산지점",
    ),
    (
        "(주)한빛전자부산지점",
        "(주)한빛전자 부산지점",
        CERTAIN,
        "BRANCH",
        "한빛전자",
        "STOCK",
        "front",
        "한빛전자",
        "부산지점",
    ),
    (
        "㈜한빛전자 부산 지점",
        "(주)한빛전자 부산지점",
        CERTAIN,
        "BRANCH",
        "한빛전자",
        "STOCK",
        "front",
        "한빛전자",
        "부산지점",
    ),
    (
        "한빛전자(주)부산지점",
        "한빛전자(주) 부산지점",
        CERTAIN,
        "BRANCH",
        "한빛전자",
        "STOCK",
        "back",
        "한빛전자",
        "부산지점",
    ),
    (
        "한빛물산 주식회사 부산공장",
        "한빛물산(주) 부산공장",
        CERTAIN,
        "BRANCH",
        "한빛물산",
        "STOCK",
        "back",
        "한빛물산",
        "부산공장",
    ),
    (
        "한빛은행 강남지점",
        "한빛은행 강남지점",
        PLAUSIBLE,
        "NO_LEGAL_FORM BRANCH",
        "한빛은행",
        "NONE",
        "",
        "한빛은행",
        "강남지점",
    ),
    (
        "한빛은행강남지점",
        "한빛은행 강남지점",
        PLAUSIBLE,
        "NO_LEGAL_FORM BRANCH",
        "한빛은행",
        "NONE",
        "",
        "한빛은행",
        "강남지점",
    ),
    (
        "한빛전자(주) 수원사업장",
        "한빛전자(주) 수원사업장",
        CERTAIN,
        "BRANCH",
        "한빛전자",
        "STOCK",
        "back",
        "한빛전자",
        "수원사업장",
    ),
    (
        "BMW Korea Co., Ltd. 한국지점",
        "BMW KOREA CO LTD 한국지점",
        CERTAIN,
        "BRANCH",
        "BMW KOREA",
        "FOREIGN",
        "back",
        "bmwkorea",
        "한국지점",
    ),
    ("(주)한빛전자 본점", "(주)한빛전자", CERTAIN, "NOTE", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("(주)한빛전자 본사", "(주)한빛전자", CERTAIN, "NOTE", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("한빛지점", "한빛지점", PLAUSIBLE, "NO_LEGAL_FORM", "한빛지점", "NONE", "", "한빛지점", ""),
    # notes
    ("㈜한빛전자(HANBIT)", "(주)한빛전자", CERTAIN, "BRACKETS", "한빛전자", "STOCK", "front", "한빛전자", ""),
    ("한빛(주)(구 별빛)", "한빛(주)", CERTAIN, "BRACKETS", "한빛", "STOCK", "back", "한빛", ""),
    ("한빛전자(주)(대표 김철수)", "한빛전자(주)", CERTAIN, "BRACKETS", "한빛전자", "STOCK", "back", "한빛전자", ""),
    ("한빛상사 대표 김철수", "한빛상사", PLAUSIBLE, "NOTE NO_LEGAL_FORM", "한빛상사", "NONE", "", "한빛상사", ""),
    # no form, several forms, form only
    ("한빛전자", "한빛전자", PLAUSIBLE, "NO_LEGAL_FORM", "한빛전자", "NONE", "", "한빛전자", ""),
    ("유한양행", "유한양행", PLAUSIBLE, "NO_LEGAL_FORM", "유한양행", "NONE", "", "유한양행", ""),
    (
        "주성엔지니어링",
        "주성엔지니어링",
        PLAUSIBLE,
        "NO_LEGAL_FORM",
        "주성엔지니어링",
        "NONE",
        "",
        "주성엔지니어링",
        "",
    ),
    ("한빛교회", "한빛교회", PLAUSIBLE, "NO_LEGAL_FORM", "한빛교회", "NONE", "", "한빛교회", ""),
    ("한빛 & 별빛", "한빛 & 별빛", PLAUSIBLE, "NO_LEGAL_FORM", "한빛 & 별빛", "NONE", "", "한빛별빛", ""),
    ("유한회사 한빛(주)", "(유)한빛(주)", DOUBTFUL, "MIXED_FORMS", "한빛", "LIMITED", "front", "한빛", ""),
    ("(사)한빛(재)", "(사)한빛(재)", DOUBTFUL, "MIXED_FORMS", "한빛", "ASSOCIATION", "front", "한빛", ""),
    ("주식회사", "", UNUSABLE, "FORM_ONLY", "", "NONE", "", "", ""),
    ("㈜", "", UNUSABLE, "FORM_ONLY", "", "NONE", "", "", ""),
    # nothing
    ("없음", "", UNUSABLE, "PLACEHOLDER", "", "NONE", "", "", ""),
    ("-", "", UNUSABLE, "PLACEHOLDER", "", "NONE", "", "", ""),
    ("테스트", "", UNUSABLE, "PLACEHOLDER", "", "NONE", "", "", ""),
    ("해당없음", "", UNUSABLE, "PLACEHOLDER", "", "NONE", "", "", ""),
]


@pytest.mark.parametrize(
    ("raw", "value", "certainty", "problems", "core", "legal_form", "position", "key", "branch"), CASES
)
def test_organisation_name_has_one_standard_form(
    raw, value, certainty, problems, core, legal_form, position, key, branch
):
    expected = (value, certainty, tuple(problems.split()), core, legal_form, position, key, branch)

    assert organisation_name(raw) == expected


def test_organisation_name_is_the_same_from_a_file_in_decomposed_letters():
    decomposed = unicodedata.normalize("NFD", "주식회사 한빛전자")

    assert organisation_name(decomposed) == organisation_name("주식회사 한빛전자")
    assert looks_like_organisation(decomposed)


@pytest.mark.parametrize(
    "raw",
    "(주)한빛 ㈜한빛 주)한빛 한빛주식회사 한빛은행 한빛병원 한빛치과 한빛교회 한빛학원 한빛유치원 한빛상사 한빛조합 "
    "강남구청 한빛새마을금고 한빛부동산 한빛카페 법무법인한빛 HANBIT_Inc.".split(),
)
def test_looks_like_organisation_knows_its_frequent_marks(raw):
    assert looks_like_organisation(raw.replace("_", " "))


@pytest.mark.parametrize(
    "raw", ["김철수", "남궁민수", "KIM CHUL SOO", "박건설", "이산업", "최학원", "은행", "김은행", "", None]
)
def test_looks_like_organisation_leaves_persons_alone(raw):
    assert not looks_like_organisation(raw)
