"""Households: who lives with whom, how old they are, who married or parted, twins among the children."""

from dataclasses import dataclass

import numpy as np

from .draws import chance, weighted

HEAD, SPOUSE, CHILD, PARENT = range(4)
YEAR = 365.25

# Share, head's age in years (mean, deviation, least, greatest), roles.
_FORMS = (
    (0.27, (45, 17, 21, 90), (HEAD,)),
    (0.21, (58, 13, 26, 88), (HEAD, SPOUSE)),
    (0.17, (46, 9, 27, 68), (HEAD, SPOUSE, CHILD)),
    (0.19, (46, 8, 29, 66), (HEAD, SPOUSE, CHILD, CHILD)),
    (0.03, (45, 7, 31, 62), (HEAD, SPOUSE, CHILD, CHILD, CHILD)),
    (0.06, (48, 9, 27, 68), (HEAD, CHILD)),
    (0.03, (46, 8, 29, 64), (HEAD, CHILD, CHILD)),
    (0.02, (47, 8, 30, 64), (HEAD, SPOUSE, CHILD, PARENT)),
    (0.02, (50, 9, 32, 66), (HEAD, PARENT)),
)
_WIDEST = max(len(form[2]) for form in _FORMS)
_TWIN_SHARE = 0.03
_LONGEST_GAP = 1_450  # days between children


@dataclass(frozen=True)
class Families:
    """Columns over persons, household after household, the head first."""

    household: np.ndarray
    start: np.ndarray  # per household: its first person
    size: np.ndarray  # per household: its persons
    role: np.ndarray
    sex: np.ndarray  # 0 man, 1 woman
    birth: np.ndarray  # days since 1900-01-01
    elder: np.ndarray  # the child just before in the same household, or -1
    is_twin: np.ndarray  # of that elder child

    @property
    def head(self) -> np.ndarray:
        """The head of every person's household."""
        return self.start[self.household]

    @property
    def spouse_of_head(self) -> np.ndarray:
        """Per person the household's second adult, or the head where there is none."""
        second = np.minimum(self.head + 1, len(self.role) - 1)
        is_spouse = (self.role[second] == SPOUSE) & (self.household[second] == self.household)
        return np.where(is_spouse, second, self.head)


def draw_families(rng: np.random.Generator, persons: int, today: int) -> Families:
    """Households of exactly `persons` people; today: days since 1900-01-01."""
    form = weighted(rng, [row[0] for row in _FORMS], persons // 2 + 10)
    sizes = np.array([len(row[2]) for row in _FORMS])[form]
    count = int(np.searchsorted(np.cumsum(sizes), persons)) + 1
    form, sizes = form[:count], sizes[:count]
    sizes[-1] -= int(sizes.sum()) - persons
    household = np.repeat(np.arange(count), sizes)
    start = np.cumsum(sizes) - sizes
    within = np.arange(persons) - start[household]
    role = _roles()[form[household], within]
    sex = _sexes(rng, role, start[household])
    elder = np.where((role == CHILD) & (np.r_[HEAD, role[:-1]] == CHILD), np.arange(persons) - 1, -1)
    is_twin = (elder >= 0) & chance(rng, _TWIN_SHARE, persons)
    birth = _births(rng, role, start[household], _head_births(rng, form, today)[household], today)
    birth = _child_births(rng, role, sex, birth, (elder, is_twin), start[household], today)
    return Families(household, start, sizes, role, sex, birth, elder, is_twin)


def _roles() -> np.ndarray:
    grid = np.full((len(_FORMS), _WIDEST), CHILD)
    for place, form in enumerate(_FORMS):
        grid[place, : len(form[2])] = form[2]
    return grid


def _head_births(rng: np.random.Generator, form: np.ndarray, today: int) -> np.ndarray:
    mean, deviation, least, greatest = np.array([row[1] for row in _FORMS], dtype=float).T
    ages = np.clip(rng.normal(mean[form], deviation[form]), least[form], greatest[form] + rng.random(len(form)))
    return today - (ages * YEAR).astype(np.int64) - rng.integers(0, 365, len(form))


def _sexes(rng: np.random.Generator, role: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Spouses differ from their head; heads of couples are mostly men, parents mostly mothers."""
    persons = len(role)
    has_spouse = np.zeros(persons, dtype=bool)
    has_spouse[head[role == SPOUSE]] = True
    women = np.select([role == PARENT, role == CHILD, has_spouse], [0.75, 0.487, 0.2], 0.55)
    sex = chance(rng, women, persons).astype(np.int64)
    return np.where(role == SPOUSE, 1 - sex[head], sex)


def _births(
    rng: np.random.Generator, role: np.ndarray, head: np.ndarray, head_birth: np.ndarray, today: int
) -> np.ndarray:
    """Births of adults; children come later, from their mothers."""
    persons = len(role)
    apart = rng.normal(0, 3.5 * YEAR, persons).astype(np.int64)
    older = (np.clip(rng.normal(28, 5, persons), 18, 42) * YEAR).astype(np.int64)
    spouse = np.minimum(head_birth + apart, today - int(21 * YEAR))
    return np.maximum(np.select([role == SPOUSE, role == PARENT], [spouse, head_birth - older], head_birth), 3_000)


def _child_births(
    rng: np.random.Generator,
    role: np.ndarray,
    sex: np.ndarray,
    birth: np.ndarray,
    brothers: tuple[np.ndarray, np.ndarray],
    head: np.ndarray,
    today: int,
) -> np.ndarray:
    """Children follow the mother (else the head) and one another; twins share a day; none is born after today."""
    elder, is_twin = brothers
    mother = np.where((sex[head] == 0) & (np.r_[role, HEAD][head + 1] == SPOUSE), head + 1, head)
    at_age = (np.clip(rng.normal(30, 4.2, len(role)), 20, 43) * YEAR).astype(np.int64)
    gap = np.minimum(330 + rng.gamma(2.0, 300.0, len(role)), _LONGEST_GAP).astype(np.int64)
    birth = birth.copy()
    children = np.flatnonzero(role == CHILD)
    eldest = children[elder[children] < 0]
    latest = today - 30 - rng.integers(0, 900, len(eldest)) - _LONGEST_GAP * _younger(role, eldest)
    grown = np.maximum(birth[mother], birth[head])[eldest] + int(18 * YEAR)
    birth[eldest] = np.minimum(np.maximum(birth[mother[eldest]] + at_age[eldest], grown), latest)
    for _ in range(_WIDEST):
        younger = children[elder[children] >= 0]
        birth[younger] = birth[elder[younger]] + np.where(is_twin, 0, gap)[younger]
    return birth


def _younger(role: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How many children (of at most three) follow the child at each of the rows."""
    padded = np.r_[role, HEAD, HEAD]
    second = padded[rows + 1] == CHILD
    return second.astype(np.int64) + (second & (padded[rows + 2] == CHILD))
