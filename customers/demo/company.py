"""The insurer itself: head office, regions, branches, agents and staff."""

from dataclasses import dataclass

import numpy as np

from .draws import distinct, stream
from .names import draw_given, draw_surnames
from .places import PLACES, PROVINCES
from .text import digits, joined, table

# Region and the 시도 it covers; where two regions share one, its 시군구 alternate between them.
_SIX = (
    ("서울지역본부", "11"),
    ("경인지역본부", "28 41"),
    ("충청강원지역본부", "30 36 43 44 51"),
    ("호남제주지역본부", "29 46 50 52"),
    ("대구경북지역본부", "27 47"),
    ("부산경남지역본부", "26 31 48"),
)
_TEN = (
    ("강남지역본부", "11"),
    ("강북지역본부", "11"),
    ("경기남부지역본부", "41"),
    ("경기북부지역본부", "41"),
    ("인천지역본부", "28"),
    ("충청지역본부", "30 36 43 44"),
    ("호남제주지역본부", "29 46 50 52"),
    ("대구경북지역본부", "27 47"),
    ("부산경남지역본부", "26 31 48"),
    ("강원지역본부", "51"),
)
_HEAD_OFFICE_JOBS = (
    "시스템관리", "고객정보관리", "고객정보관리", "준법감시", "개인정보보호", "마케팅기획", "감사", "사무", "사무",
)  # fmt: skip
_DESK_CHANNELS = ("BANCASSURANCE", "TELEMARKETING", "DIRECT", "CORPORATE")
_CUSTOMERS_PER_AGENT, _MOST_AGENTS = 150, 30_000
_DIALLED = 79_999_987  # mobile numbers 010-2000-0000 and up


@dataclass(frozen=True)
class Company:
    """Rows of the two files, and the agents as columns, region after region."""

    branches: list[tuple[str, str, str, str]]  # code, name, kind, parent code
    staff: list[tuple[str, str, str, str, str]]  # employee number, name, branch code, job, channel
    region_of_place: np.ndarray  # per row of PLACES
    branch_codes: np.ndarray  # object
    agent_codes: np.ndarray  # object
    agent_branch: np.ndarray  # row in branch_codes
    agent_mobile: np.ndarray  # object
    first_agent: np.ndarray  # per region
    agents: np.ndarray  # per region


def found_company(customers: int, seed: int) -> Company:
    """A company of the size that serves so many customers."""
    rng = stream(seed, "company")
    regions = _SIX if customers < 50_000 else _TEN
    region_of_place = _regions_of_places(regions)
    count = 24 if customers < 50_000 else 40 if customers < 300_000 else 60
    branches, region_of_branch = _branches(regions, region_of_place, count)
    codes = table(row[0] for row in branches if row[2] == "BRANCH")
    agents = min(max(customers // _CUSTOMERS_PER_AGENT, len(codes)), _MOST_AGENTS)
    agent_branch = np.sort(np.arange(agents) % len(codes))
    agent_codes = joined("F", digits(np.arange(1, agents + 1), 5))
    per_region = np.bincount(region_of_branch[agent_branch], minlength=len(regions))
    staff = _agents_as_staff(rng, agent_codes, codes[agent_branch]) + _office_staff(rng, codes)
    return Company(
        branches, staff, region_of_place, codes, agent_codes, agent_branch,
        mobile_numbers(rng, agents, 0), np.cumsum(per_region) - per_region, per_region,
    )  # fmt: skip


def mobile_numbers(rng: np.random.Generator, size: int, start: int) -> np.ndarray:
    """010-0000-0000, no two alike as long as the ranges from `start` do not overlap."""
    numbers = 20_000_000 + distinct(rng, size, start, _DIALLED)
    return joined("010-", digits(numbers // 10_000, 4), "-", digits(numbers % 10_000, 4))


def draw_agents(rng: np.random.Generator, company: Company, place: np.ndarray) -> np.ndarray:
    """An agent of the region for every place (rows of PLACES)."""
    region = company.region_of_place[place]
    return company.first_agent[region] + rng.integers(0, company.agents[region])


def _regions_of_places(regions: tuple[tuple[str, str], ...]) -> np.ndarray:
    covering = {
        code: [place for place, (_, codes) in enumerate(regions) if code in codes.split()] for code in PROVINCES
    }
    rows = zip(PLACES.province, PLACES.district_number.tolist(), strict=True)
    return np.array([covering[province][number % len(covering[province])] for province, number in rows])


def _branches(
    regions: tuple[tuple[str, str], ...], region_of_place: np.ndarray, count: int
) -> tuple[list[tuple[str, str, str, str]], np.ndarray]:
    """Rows of head office, regions and `count` branches, and the region of every branch."""
    rows = [("H00", "본사", "HEAD_OFFICE", "")]
    rows += [(f"R{place + 1:02d}", name, "REGION", "H00") for place, (name, _) in enumerate(regions)]
    people = np.bincount(region_of_place, PLACES.weight)
    shares = np.maximum((people / people.sum() * count).astype(int), 2)
    shares[np.argmax(people)] += count - shares.sum()
    region_of_branch = np.repeat(np.arange(len(regions)), shares)
    for region, share in enumerate(shares.tolist()):
        names = _branch_names(np.flatnonzero(region_of_place == region))
        for place in range(share):
            again = f" 제{place // len(names) + 1}" if place >= len(names) else ""
            rows.append((f"B{len(rows) - len(regions):03d}", f"{names[place % len(names)]}{again}지점", "BRANCH",
                         f"R{region + 1:02d}"))  # fmt: skip
    return rows, region_of_branch


def _branch_names(places: np.ndarray) -> list[str]:
    """Names after the 시군구, the most populous first."""
    order = places[np.argsort(-PLACES.weight[places], kind="stable")]
    names = []
    for place in order.tolist():
        short = PROVINCES[PLACES.province[place]].short
        stem = (PLACES.district[place].split() or [short + "시"])[-1]
        names.append(short + stem if len(stem) == 2 and stem.endswith("구") else stem[:-1])
    return list(dict.fromkeys(names))


def _staff_names(rng: np.random.Generator, size: int) -> list[str]:
    sex = rng.integers(0, 2, size)
    birth = rng.integers(24_000, 36_000, size)
    return joined(draw_surnames(rng, size), draw_given(rng, sex, birth)).tolist()


def _agents_as_staff(
    rng: np.random.Generator, codes: np.ndarray, branches: np.ndarray
) -> list[tuple[str, str, str, str, str]]:
    names = _staff_names(rng, len(codes))
    return [(code, name, branch, "FP", "FP") for code, name, branch in zip(codes, names, branches, strict=True)]


def _office_staff(rng: np.random.Generator, branches: np.ndarray) -> list[tuple[str, str, str, str, str]]:
    """A manager for every branch, the offices of the head office, a few people for every other channel."""
    posts = [(branch, "지점장", "FP") for branch in branches]
    posts += [("H00", job, "DIRECT") for job in _HEAD_OFFICE_JOBS]
    posts += [("H00", "영업지원", channel) for channel in _DESK_CHANNELS for _ in range(2)]
    names = _staff_names(rng, len(posts))
    return [(f"E{row + 1:05d}", name, *post) for row, (name, post) in enumerate(zip(names, posts, strict=True))]
