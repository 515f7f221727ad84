"""Places: 시도 with their dated names, 시군구 with postcodes and area codes, 동 and 읍·리, roads."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .text import day_number, table, words


@dataclass(frozen=True)
class Province:
    """A 시도: its name today, its short form, the name before `renamed_on` and the day number of that change."""

    name: str
    short: str
    earlier: str
    renamed_on: int


def _province(name: str, short: str, earlier: str = "", renamed_on: date | None = None) -> Province:
    return Province(name, short, earlier or name, day_number(renamed_on) if renamed_on else -1)


# Source: the acts that renamed Gangwon (2023-06-11), Jeonbuk (2024-01-18) and joined Jeonnam and Gwangju (2026-07-01).
PROVINCES = {
    "11": _province("서울특별시", "서울"),
    "26": _province("부산광역시", "부산"),
    "27": _province("대구광역시", "대구"),
    "28": _province("인천광역시", "인천"),
    "29": _province("전남광주통합특별시", "광주", "광주광역시", date(2026, 7, 1)),
    "30": _province("대전광역시", "대전"),
    "31": _province("울산광역시", "울산"),
    "36": _province("세종특별자치시", "세종"),
    "41": _province("경기도", "경기"),
    "43": _province("충청북도", "충북"),
    "44": _province("충청남도", "충남"),
    "46": _province("전남광주통합특별시", "전남", "전라남도", date(2026, 7, 1)),
    "47": _province("경상북도", "경북"),
    "48": _province("경상남도", "경남"),
    "50": _province("제주특별자치도", "제주", "제주도", date(2006, 7, 1)),
    "51": _province("강원특별자치도", "강원", "강원도", date(2023, 6, 11)),
    "52": _province("전북특별자치도", "전북", "전라북도", date(2024, 1, 18)),
}

# 시도, 시군구 (_ for a blank inside the name, - for none), first postcode, telephone area, people in ten thousands,
# 동 or 읍/리.
_DISTRICTS = """
11 강남구 06000 02 53 역삼동 삼성동 대치동 논현동 개포동 청담동
11 서초구 06500 02 40 서초동 반포동 방배동 잠원동 양재동
11 송파구 05500 02 65 잠실동 문정동 가락동 방이동 송파동
11 강동구 05200 02 46 천호동 길동 둔촌동 암사동
11 광진구 04900 02 34 구의동 자양동 중곡동
11 성동구 04700 02 28 성수동1가 행당동 금호동1가 옥수동
11 마포구 03900 02 36 합정동 공덕동 망원동 상암동 연남동
11 용산구 04300 02 21 한남동 이촌동 이태원동
11 종로구 03000 02 14 혜화동 평창동 숭인동
11 중구 04500 02 12 신당동 황학동 중림동
11 영등포구 07200 02 37 당산동 여의도동 신길동 대림동
11 양천구 07900 02 43 목동 신정동 신월동
11 강서구 07500 02 56 화곡동 등촌동 가양동 마곡동
11 구로구 08200 02 39 구로동 개봉동 고척동
11 관악구 08700 02 48 신림동 봉천동 남현동
11 동작구 06900 02 38 사당동 상도동 흑석동
11 노원구 01600 02 49 상계동 중계동 공릉동 하계동
11 도봉구 01300 02 31 창동 방학동 쌍문동
11 성북구 02700 02 42 길음동 돈암동 정릉동 장위동
11 동대문구 02400 02 34 전농동 답십리동 휘경동
11 중랑구 02000 02 38 면목동 상봉동 신내동
11 은평구 03300 02 46 응암동 불광동 갈현동 진관동
26 해운대구 48000 051 38 좌동 우동 중동 반여동
26 부산진구 47100 051 36 양정동 전포동 개금동
26 동래구 47700 051 27 온천동 사직동 명륜동
26 사하구 49300 051 30 하단동 괴정동 다대동
26 남구 48400 051 26 대연동 용호동 문현동
26 금정구 46200 051 22 구서동 장전동 부곡동
26 수영구 48200 051 17 광안동 남천동 망미동
26 기장군 46000 051 18 기장읍/대라리 정관읍/용수리
27 수성구 42000 053 41 범어동 만촌동 황금동 지산동
27 달서구 42600 053 53 상인동 월성동 용산동 진천동
27 북구 41400 053 42 침산동 복현동 태전동
27 동구 41000 053 34 신암동 효목동 율하동
28 남동구 21500 032 49 구월동 만수동 논현동 간석동
28 부평구 21300 032 48 부평동 산곡동 삼산동 갈산동
28 연수구 21900 032 40 송도동 연수동 옥련동 동춘동
28 미추홀구 22100 032 41 주안동 용현동 학익동
28 계양구 21000 032 28 계산동 작전동 효성동
29 북구 61000 062 42 용봉동 운암동 문흥동 일곡동
29 서구 61900 062 29 화정동 치평동 풍암동
29 광산구 62200 062 40 수완동 월계동 첨단동 송정동
29 남구 61600 062 21 봉선동 진월동 주월동
30 서구 35200 042 46 둔산동 월평동 갈마동 관저동
30 유성구 34100 042 36 봉명동 노은동 관평동 지족동
30 중구 34800 042 22 태평동 문화동 유천동
30 대덕구 34300 042 17 송촌동 법동 비래동
31 남구 44600 052 31 삼산동 무거동 신정동 옥동
31 북구 44200 052 22 화봉동 송정동 매곡동
31 울주군 44900 052 22 범서읍/구영리 언양읍/동부리
36 - 30000 044 39 도담동 아름동 종촌동 조치원읍/신흥리
41 수원시_영통구 16500 031 36 매탄동 영통동 광교동
41 수원시_장안구 16200 031 27 정자동 율전동 조원동
41 성남시_분당구 13500 031 48 정자동 서현동 야탑동 이매동
41 성남시_수정구 13100 031 23 태평동 신흥동 수진동
41 용인시_수지구 16800 031 38 풍덕천동 죽전동 상현동 성복동
41 용인시_기흥구 16900 031 44 보정동 구갈동 동백동
41 고양시_덕양구 10400 031 49 행신동 화정동 삼송동
41 고양시_일산동구 10300 031 30 마두동 백석동 식사동
41 부천시_원미구 14500 032 43 중동 상동 역곡동
41 안양시_동안구 13900 031 32 비산동 평촌동 호계동
41 안산시_단원구 15200 031 31 고잔동 초지동 선부동
41 남양주시 12000 031 73 다산동 호평동 별내동 화도읍/마석우리
41 화성시 18300 031 94 병점동 반송동 능동 봉담읍/동화리
41 평택시 17700 031 59 비전동 합정동 서정동 안중읍/현화리
41 의정부시 11600 031 46 의정부동 호원동 민락동
41 시흥시 14900 031 51 정왕동 은행동 배곧동
41 파주시 10800 031 50 목동동 야당동 금촌동
41 김포시 10000 031 48 풍무동 장기동 구래동
41 광명시 14200 031 28 철산동 하안동 소하동
41 광주시 12700 031 39 경안동 송정동 오포읍/신현리
41 군포시 15800 031 26 산본동 금정동 당동
41 하남시 12900 031 33 망월동 신장동 덕풍동
41 이천시 17300 031 22 창전동 중리동 부발읍/아미리
41 양평군 12500 031 12 양평읍/양근리 용문면/다문리
43 청주시_흥덕구 28300 043 26 복대동 가경동 봉명동
43 청주시_상당구 28700 043 19 용암동 금천동 용정동
43 충주시 27300 043 21 연수동 칠금동 호암동
43 제천시 27100 043 13 장락동 청전동 하소동
43 음성군 27600 043 9 금왕읍/무극리 음성읍/읍내리
44 천안시_서북구 31000 041 40 두정동 쌍용동 불당동
44 천안시_동남구 31100 041 25 신방동 청수동 신부동
44 아산시 31400 041 34 배방읍/공수리 온천동 용화동
44 서산시 31900 041 17 동문동 석림동 예천동
44 논산시 32900 041 11 취암동 내동 강경읍/대흥리
44 홍성군 32200 041 10 홍성읍/오관리 홍북읍/신경리
46 여수시 59600 061 27 여서동 학동 신기동 웅천동
46 순천시 57900 061 28 조례동 연향동 덕연동
46 목포시 58600 061 21 상동 용해동 옥암동
46 광양시 57700 061 15 중동 마동 광양읍/칠성리
46 해남군 59000 061 6 해남읍/해리 송지면/산정리
47 포항시_북구 37500 054 26 장성동 양덕동 두호동
47 포항시_남구 37700 054 22 효자동 대잠동 연일읍/유강리
47 구미시 39100 054 40 원평동 형곡동 인동동 도량동
47 경산시 38600 054 26 중산동 옥산동 하양읍/금락리
47 경주시 38000 054 24 황성동 용강동 안강읍/산대리
47 안동시 36600 054 15 옥동 정하동 풍산읍/안교리
48 창원시_성산구 51400 055 24 상남동 반림동 가음동
48 창원시_의창구 51100 055 21 팔용동 명서동 북면/감계리
48 창원시_마산회원구 51200 055 18 양덕동 합성동 회원동
48 김해시 50800 055 53 내동 삼계동 장유동 진영읍/진영리
48 진주시 52600 055 34 평거동 상대동 하대동
48 양산시 50500 055 35 물금읍/범어리 중부동 남부동
48 거제시 53200 055 23 고현동 옥포동 수양동
48 거창군 50100 055 6 거창읍/대평리 가조면/마상리
50 제주시 63000 064 49 노형동 연동 이도이동 애월읍/하귀리
50 서귀포시 63500 064 18 동홍동 서홍동 대정읍/하모리
51 춘천시 24200 033 28 퇴계동 석사동 후평동
51 원주시 26300 033 36 무실동 단계동 명륜동 문막읍/건등리
51 강릉시 25400 033 21 교동 포남동 주문진읍/교항리
51 속초시 24800 033 8 조양동 교동 노학동
51 홍천군 25100 033 7 홍천읍/희망리 남면/양덕원리
52 전주시_완산구 54900 063 33 서신동 효자동 삼천동
52 전주시_덕진구 54800 063 31 송천동 인후동 우아동
52 익산시 54500 063 27 영등동 모현동 어양동
52 군산시 54000 063 26 수송동 나운동 조촌동
52 정읍시 56100 063 10 수성동 상동 신태인읍/신태인리
52 고창군 56400 063 5 고창읍/읍내리 흥덕면/흥덕리
"""

_COMMON_ROADS = words(
    """
    중앙로 번영로 문화로 시민로 평화로 공원로 학교로 산업로 역전로 시장길 강변로 대학로
    """
)


@dataclass(frozen=True)
class Places:
    """Columns over 동 (one row each): names, codes and the roads that cross it."""

    province: np.ndarray  # code of the 시도
    district: np.ndarray  # 시군구 with a blank behind it, or nothing
    town: np.ndarray  # 읍 or 면 with a blank behind it, or nothing: part of a road-name address
    village: np.ndarray  # 동, or 리
    postcode: np.ndarray  # first postcode of the 시군구
    area: np.ndarray  # telephone area code
    weight: np.ndarray  # people
    district_number: np.ndarray
    roads: np.ndarray  # (동, 12) road names


def _roads(village: str, province: str) -> list[str]:
    """Roads named after the place and after a main road, numbered as the road-name address act has it."""
    stem = village.rstrip("0123456789가").removesuffix("동").removesuffix("리")
    branch = "길" if province == "11" else "번길"
    seed = sum(map(ord, village + province))
    common = [_COMMON_ROADS[(seed + step * 5) % len(_COMMON_ROADS)] for step in range(3)]
    return [
        f"{stem}로",
        f"{stem}대로" if seed % 3 == 0 else f"{stem}중앙로",
        *common,
        *(f"{stem}로{7 + (seed + step * 13) % 180}{branch}" for step in range(4)),
        *(f"{common[0]}{3 + (seed + step * 29) % 90}{branch}" for step in range(2)),
        f"{stem}길",
    ]


def _places() -> Places:
    rows = []
    for number, line in enumerate(_DISTRICTS.strip().splitlines()):
        province, district, postcode, area, people, *villages = line.split()
        district = "" if district == "-" else district.replace("_", " ") + " "
        for entry in villages:
            town, _, village = entry.rpartition("/")
            share = float(people) / len(villages)
            rows.append((province, district, town + " " * bool(town), village, int(postcode), area, share, number))
    columns = list(zip(*rows, strict=True))
    texts = [table(column) for column in columns[:4]]
    roads = np.array([_roads(row[3], row[0]) for row in rows], dtype=object)
    numbers = np.array(columns[7])
    return Places(*texts, np.array(columns[4]), table(columns[5]), np.array(columns[6]), numbers, roads)


PLACES = _places()
