"""Addresses as the files of an insurer hold them, each with its standard form."""

import unicodedata

import pytest

from customers.standard import address
from customers.standard.certainty import CERTAIN, DOUBTFUL, EMPTY, PLAUSIBLE, UNUSABLE

# Raw, postcode as sent, value, certainty, problems.
CASES = [
    # by road, however written
    ("서울특별시 강남구 테헤란로 123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울시 강남구 테헤란로 123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울강남구 테헤란로123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울특별시강남구테헤란로123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 123번지", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울\u3000강남구\u3000테헤란로\u3000１２３", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울특별시  강남구,  테헤란로 123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 0123", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 123-0", "", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    # kinds of roads
    ("서울 강남구 테헤란로12길 34-5", "", "서울특별시 강남구 테헤란로12길 34-5", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 12길 34-5", "", "서울특별시 강남구 테헤란로12길 34-5", PLAUSIBLE, ""),
    ("경기 성남시 분당구 불정로 432번길 12", "", "경기도 성남시 분당구 불정로432번길 12", PLAUSIBLE, ""),
    ("서울 마포구 마포대로4다길 41", "", "서울특별시 마포구 마포대로4다길 41", PLAUSIBLE, ""),
    ("서울 중구 세종대로 110", "", "서울특별시 중구 세종대로 110", PLAUSIBLE, ""),
    ("서울 종로구 종로 1", "", "서울특별시 종로구 종로 1", PLAUSIBLE, ""),
    ("제주도 서귀포시 중문관광로72번길 75", "", "제주특별자치도 서귀포시 중문관광로72번길 75", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 지하 123", "", "서울특별시 강남구 테헤란로 지하 123", PLAUSIBLE, ""),
    ("경기 군포시 청백리길 6", "", "경기도 군포시 청백리길 6", PLAUSIBLE, ""),
    ("부산 부산진구 중앙대로 668", "", "부산광역시 부산진구 중앙대로 668", PLAUSIBLE, ""),
    # with towns
    ("경기 남양주시 화도읍 마석로 12", "", "경기도 남양주시 화도읍 마석로 12", PLAUSIBLE, ""),
    ("충남 홍성군 홍북읍 충남대로 21", "", "충청남도 홍성군 홍북읍 충남대로 21", PLAUSIBLE, ""),
    ("인천 옹진군 백령면 백령로 123번길 4", "", "인천광역시 옹진군 백령면 백령로123번길 4", PLAUSIBLE, ""),
    ("세종시 조치원읍 세종로 2511", "", "세종특별자치시 조치원읍 세종로 2511", PLAUSIBLE, ""),
    ("세종특별자치시 한누리대로 2130", "", "세종특별자치시 한누리대로 2130", PLAUSIBLE, ""),
    # by lot
    ("서울 강남구 역삼동 123-4", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 123번지", "", "서울특별시 강남구 역삼동 123", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 123번지 4호", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 123의 4", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, ""),
    ("서울 강남구 역삼1동 123-4", "", "서울특별시 강남구 역삼1동 123-4", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 산 12-3", "", "서울특별시 강남구 역삼동 산12-3", PLAUSIBLE, ""),
    ("경기 양평군 양평읍 양근리 산12-3번지", "", "경기도 양평군 양평읍 양근리 산12-3", PLAUSIBLE, ""),
    ("서울 종로구 종로1가 24", "", "서울특별시 종로구 종로1가 24", PLAUSIBLE, ""),
    ("서울 중구 을지로3가 12-3", "", "서울특별시 중구 을지로3가 12-3", PLAUSIBLE, ""),
    ("제주시 연동 312-1", "", "제주시 연동 312-1", DOUBTFUL, "NO_REGION"),
    ("경기 광주시 초월읍 산이리 123-4", "", "경기도 광주시 초월읍 산이리 123-4", PLAUSIBLE, ""),
    ("서울시강남구역삼동123-4", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, ""),
    ("경기도성남시분당구정자동12-3", "", "경기도 성남시 분당구 정자동 12-3", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 123-4 외 2필지", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, ""),
    ("서울 강남구 역삼동 123-4 (테헤란로 123)", "", "서울특별시 강남구 테헤란로 123 (역삼동)", PLAUSIBLE, ""),
    # regions of other days, aliases and ambiguities
    ("강원도 춘천시 중앙로 1", "", "강원특별자치도 춘천시 중앙로 1", PLAUSIBLE, ""),
    ("강원 춘천시 중앙로 1", "", "강원특별자치도 춘천시 중앙로 1", PLAUSIBLE, ""),
    ("전라북도 전주시 완산구 효자로 225", "", "전북특별자치도 전주시 완산구 효자로 225", PLAUSIBLE, ""),
    ("전남 순천시 중앙로 12", "", "전남광주통합특별시 순천시 중앙로 12", PLAUSIBLE, ""),
    ("광주광역시 북구 용봉로 77", "", "전남광주통합특별시 북구 용봉로 77", PLAUSIBLE, ""),
    ("광주 북구 용봉로 77", "", "전남광주통합특별시 북구 용봉로 77", PLAUSIBLE, ""),
    ("전남광주통합특별시 북구 용봉로 77", "", "전남광주통합특별시 북구 용봉로 77", PLAUSIBLE, ""),
    ("경기 광주시 경안로 12", "", "경기도 광주시 경안로 12", PLAUSIBLE, ""),
    ("광주시 경안로 12", "", "광주시 경안로 12", DOUBTFUL, "NO_REGION"),
    ("광주시 북구 용봉로 77", "", "광주시 북구 용봉로 77", DOUBTFUL, "NO_REGION"),
    ("부산직할시 해운대구 우동 1500", "", "부산광역시 해운대구 우동 1500", PLAUSIBLE, ""),
    ("경기 시흥시 시청로 20", "", "경기도 시흥시 시청로 20", PLAUSIBLE, ""),
    ("경기 성남 분당구 불정로 6", "", "경기도 성남시 분당구 불정로 6", PLAUSIBLE, ""),
    # districts that are no more
    ("인천 중구 신포로 1", "", "인천광역시 중구 신포로 1", DOUBTFUL, "OLD_DISTRICT"),
    ("인천 제물포구 신포로 1", "", "인천광역시 제물포구 신포로 1", PLAUSIBLE, ""),
    ("경남 마산시 합포구 월영동 12", "", "경상남도 마산시 합포구 월영동 12", DOUBTFUL, "OLD_DISTRICT"),
    ("충남 연기군 조치원읍 원리 12", "", "충청남도 연기군 조치원읍 원리 12", DOUBTFUL, "OLD_DISTRICT"),
    ("경북 군위군 군위읍 중앙길 12", "", "경상북도 군위군 군위읍 중앙길 12", DOUBTFUL, "OLD_DISTRICT"),
    ("대구 군위군 군위읍 중앙길 12", "", "대구광역시 군위군 군위읍 중앙길 12", PLAUSIBLE, ""),
    # postcodes
    ("서울 강남구 테헤란로 123", "06133", "서울특별시 강남구 테헤란로 123", CERTAIN, ""),
    ("서울 강남구 테헤란로 123", "6133", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, "LEADING_ZERO"),
    ("서울 강남구 테헤란로 123", "135-080", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, "OLD_POSTCODE"),
    ("서울 강남구 테헤란로 123", "00000", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, ""),
    ("서울 강남구 테헤란로 123", "abc", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, "POSTCODE_FORM"),
    ("서울 강남구 테헤란로 123", "46001", "서울특별시 강남구 테헤란로 123", DOUBTFUL, "POSTCODE_MISMATCH"),
    ("서울 강남구 테헤란로 123", "99999", "서울특별시 강남구 테헤란로 123", DOUBTFUL, "POSTCODE_UNKNOWN"),
    ("우)06133 서울 강남구 테헤란로 123", "", "서울특별시 강남구 테헤란로 123", CERTAIN, ""),
    ("[06133] 서울 강남구 테헤란로 123", "", "서울특별시 강남구 테헤란로 123", CERTAIN, ""),
    ("135-080 서울 강남구 역삼동 123-4", "", "서울특별시 강남구 역삼동 123-4", PLAUSIBLE, "OLD_POSTCODE"),
    ("강남구 테헤란로 123", "06133", "서울특별시 강남구 테헤란로 123", PLAUSIBLE, "REGION_FROM_POSTCODE"),
    ("광주시 경안로 12", "12748", "경기도 광주시 경안로 12", PLAUSIBLE, "REGION_FROM_POSTCODE"),
    ("광주시 북구 용봉로 77", "61186", "전남광주통합특별시 북구 용봉로 77", PLAUSIBLE, "REGION_FROM_POSTCODE"),
    ("", "06133", "", EMPTY, ""),
    # read in part
    ("강남구 테헤란로 123", "", "강남구 테헤란로 123", DOUBTFUL, "NO_REGION"),
    ("역삼동 123-4", "", "역삼동 123-4", DOUBTFUL, "NO_REGION NO_DISTRICT"),
    ("서울", "", "서울특별시", DOUBTFUL, "NO_DISTRICT NO_STREET"),
    ("서울 강남구", "", "서울특별시 강남구", DOUBTFUL, "NO_STREET"),
    ("서울 강남구 역삼동", "", "서울특별시 강남구 역삼동", DOUBTFUL, "NO_STREET"),
    ("서울 강남구 테헤란로", "", "서울특별시 강남구 테헤란로", DOUBTFUL, "NO_STREET"),
    ("한빛아파트 101동 1203호", "", "한빛아파트 101동 1203호", DOUBTFUL, "NO_REGION NO_DISTRICT NO_STREET"),
    ("서울 강남구 대치동 은마아파트 12동", "", "서울특별시 강남구 대치동 은마아파트 12동", DOUBTFUL, "NO_STREET"),
    ("서울 강남우체국 사서함 12호", "", "서울특별시 강남우체국 사서함 12호", DOUBTFUL, "NO_DISTRICT PO_BOX"),
    ("123 Main St, New York, NY", "", "123 Main St, New York, NY", DOUBTFUL, "FOREIGN_ADDRESS"),
    # nothing
    ("없음", "", "", UNUSABLE, "PLACEHOLDER"),
    ("모름", "", "", UNUSABLE, "PLACEHOLDER"),
    ("주소불명", "", "", UNUSABLE, "PLACEHOLDER"),
    ("상동", "", "", UNUSABLE, "PLACEHOLDER"),
    ("06236호호호", "", "", UNUSABLE, "PLACEHOLDER"),
    ("(06236) 주소불명", "", "", UNUSABLE, "PLACEHOLDER"),
    ("-", "", "", UNUSABLE, "PLACEHOLDER"),
    ("...", "", "", UNUSABLE, "PLACEHOLDER"),
    ("12345", "", "", UNUSABLE, "FORM"),
]
# What stands behind 서울 강남구 테헤란로 123, and how it is written.
UNITS = [
    (", 101동 1203호 (역삼동, 한빛아파트)", ", 101동 1203호 (역삼동, 한빛아파트)", "101-1203"),
    (" 한빛아파트 101동 1203호", ", 101동 1203호 (한빛아파트)", "101-1203"),
    (" 한빛아파트 101-1203", ", 101동 1203호 (한빛아파트)", "101-1203"),
    (",101/1203(역삼동,한빛아파트)", ", 101동 1203호 (역삼동, 한빛아파트)", "101-1203"),
    (" 제101동 제1203호", ", 101동 1203호", "101-1203"),
    (" 101동1203호", ", 101동 1203호", "101-1203"),
    (" 1203호", ", 1203호", "1203"),
    (" 1203", ", 1203호", "1203"),
    (" 0101동 0203호", ", 101동 203호", "101-203"),
    (", 5층", ", 5층", "5F"),
    (", 지하 1층 B101호", ", 지하1층 B101호", "B101"),
    (" 나동 지하1호", ", 나동 B1호", "나-B1"),
    (" 에이동 201호", ", A동 201호", "A-201"),
    (" a동 201호", ", A동 201호", "A-201"),
    (" (역삼동)", " (역삼동)", ""),
    (" 한빛@ 12-1203", ", 12동 1203호 (한빛아파트)", "12-1203"),
    (" 한빛APT 12동 1203호", ", 12동 1203호 (한빛아파트)", "12-1203"),
    (" 한빛아파트 12동 1203호 12통 3반", ", 12동 1203호 (한빛아파트)", "12-1203"),
    (" 12통3반", "", ""),
    (" 63빌딩 12층", ", 12층 (63빌딩)", "12F"),
    (" 한빛빌딩 501호 한빛생명", ", 501호 (한빛빌딩 한빛생명)", "501"),
    (" 외 2필지", "", ""),
]
# Raw; level and form, region, district, town, road, number, units, building; key without region and district.
PARTS = [
    ("서울 강남구 테헤란로 123", "3 ROAD / 서울특별시 / 강남구 / - / 테헤란로 / 123 / - / -", "테헤란로|123|"),
    ("서울 강남구 테헤란로 지하 123", "3 ROAD / 서울특별시 / 강남구 / - / 테헤란로 / 123 / - / -", "테헤란로|지하123|"),
    (
        "서울 강남구 논현로12길 34-5, 101동 3호 (역삼동, 한빛)",
        "3 ROAD / 서울특별시 / 강남구 / 역삼동 / 논현로12길 / 34-5 / 101동 3호 / 한빛",
        "논현로12길|34-5|101-3",
    ),
    (
        "경기 성남시 분당구 정자동 12-3 한빛 201호",
        "3 LOT / 경기도 / 성남시 분당구 / 정자동 / - / 12-3 / 201호 / 한빛",
        "정자동|12-3|201",
    ),
    (
        "경기 양평군 양평읍 양근리 산12-3",
        "3 LOT / 경기도 / 양평군 / 양평읍 양근리 / - / 산12-3 / - / -",
        "양평읍 양근리|산12-3|",
    ),
    (
        "경기 남양주시 화도읍 마석로 12, 3층",
        "3 ROAD / 경기도 / 남양주시 / 화도읍 / 마석로 / 12 / 3층 / -",
        "마석로|12|3F",
    ),
    (
        "세종시 한누리대로 2130 (보람동)",
        "3 ROAD / 세종특별자치시 / - / 보람동 / 한누리대로 / 2130 / - / -",
        "한누리대로|2130|",
    ),
    (
        "서울 강남구 역삼동 123 (테헤란로 12)",
        "3 ROAD / 서울특별시 / 강남구 / 역삼동 / 테헤란로 / 12 / - / -",
        "테헤란로|12|",
    ),
    ("서울 강남구 역삼동", "2 LOT / 서울특별시 / 강남구 / 역삼동 / - / - / - / -", ""),
    ("서울 강남구 한빛아파트", "1 - / 서울특별시 / 강남구 / - / - / - / - / 한빛아파트", ""),
    ("강남구 테헤란로 123", "3 ROAD / - / 강남구 / - / 테헤란로 / 123 / - / -", ""),
    ("없음", "0 - / - / - / - / - / - / - / -", ""),
]


@pytest.mark.parametrize(("raw", "postcode", "value", "certainty", "problems"), CASES)
def test_address_has_one_standard_form(raw, postcode, value, certainty, problems):
    found = address(raw, postcode)

    assert (found.value, found.certainty, " ".join(found.problems)) == (value, certainty, problems)


@pytest.mark.parametrize(("raw", "written", "key"), UNITS)
def test_address_has_one_form_of_units_and_buildings(raw, written, key):
    found = address("서울 강남구 테헤란로 123" + raw)

    assert (found.value, found.certainty, found.problems, found.key) == (
        "서울특별시 강남구 테헤란로 123" + written,
        PLAUSIBLE,
        (),
        "서울특별시|강남구|테헤란로|123|" + key,
    )


@pytest.mark.parametrize(("raw", "parts", "key"), PARTS)
def test_address_is_taken_apart(raw, parts, key):
    found = address(raw)

    place = (found.region, found.district, found.town, found.road, found.building_no, found.detail, found.building)
    assert " / ".join([f"{found.level} {found.form or '-'}", *(part or "-" for part in place)]) == parts
    assert found.key == (f"{found.region}|{found.district}|{key}" if key else "")
    assert found.is_underground == ("지하" in raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("서울 강남구 테헤란로 123 101동 1203호", "서울특별시 강남구 테헤란로 123, 101-1203 (역삼동, 한빛아파트)"),
        ("서울 강남구 테헤란로 12길 3", "서울시 강남구 테헤란로12길 3번지"),
        ("광주광역시 북구 용봉로 77", "전남광주통합특별시 북구 용봉로 77"),
        ("강원도 춘천시 중앙로 1", "강원특별자치도 춘천시 중앙로 1"),
        ("경기 화성시 봉담읍 동화길 5", "경기도 화성시 동화길 5"),
    ],
)
def test_address_of_one_dwelling_has_one_key(one, other):
    assert address(one).key == address(other).key != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("서울 강남구 테헤란로 123 101동 1203호", "서울 강남구 테헤란로 123 101동 1204호"),
        ("서울 강남구 테헤란로 123", "서울 강남구 테헤란로 지하 123"),
        ("서울 강남구 역삼동 12-3", "서울 강남구 역삼동 산12-3"),
        ("서울 중구 중앙로 1", "대전 중구 중앙로 1"),
        ("서울 강남구 테헤란로 123 1호", "서울 강남구 테헤란로 123 지하1호"),
    ],
)
def test_address_of_another_dwelling_has_another_key(one, other):
    assert address(one).key != address(other).key


def test_address_of_one_building_has_one_street_key():
    one, other = (address(f"서울 강남구 테헤란로 123, {unit}") for unit in ("101동 1203호", "5층"))

    assert one.street_key == other.street_key == "서울특별시|강남구|테헤란로|123"
    assert one.key != other.key


def test_address_without_a_region_has_no_key():
    found = address("중구 중앙로 1")

    assert (found.key, found.street_key) == ("", "")


def test_address_is_the_same_from_a_file_in_decomposed_letters():
    raw = "서울 강남구 테헤란로 123, 101동 1203호"

    assert address(unicodedata.normalize("NFD", raw)) == address(raw)
