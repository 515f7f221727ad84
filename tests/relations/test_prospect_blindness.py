"""The blind check: misspelling hides nobody, and no answer, time or page tells more than whom to ask."""

import random
import re
import time
from datetime import timedelta
from itertools import product

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Staff
from customers.dedup.comparison import LEVELS
from customers.dedup.online import NOTHING, SIMILAR, plain_agreement
from customers.demo.names import GIVEN, draw_surnames
from customers.models import Customer
from customers.services import duplicates
from relations.services import prospects_checks
from relations.services.prospects_checks import check_prospect
from tests.accounts.builders import make_branch
from tests.customers.builders import NOW, feed, person
from tests.customers.dedup import rows
from tests.relations.prospecting import HA, made, planner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
PEOPLE, LEAST = 50, 45
INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()
MEDIALS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
USUAL = {"김": "Kim", "이": "Lee", "박": "Park", "최": "Choi", "정": "Jung", "조": "Cho", "임": "Lim", "노": "Roh"}
ALIKE_INITIALS = {0: 15, 3: 16, 7: 17, 12: 14, 9: 10, 2: 5, 5: 2}  # ㄱㅋ ㄷㅌ ㅂㅍ ㅈㅊ ㅅㅆ ㄴㄹ
ALIKE_MEDIALS = {1: 5, 5: 1, 4: 8, 8: 4, 6: 12, 13: 18, 18: 13, 20: 19}  # ㅐㅔ ㅓㅗ ㅕㅛ ㅜㅡ ㅣㅢ


def parts_of(syllable: str) -> list[int]:
    index = ord(syllable) - 0xAC00
    return [index // 588, index // 28 % 21, index % 28]


def syllable_of(parts: list[int]) -> str:
    return chr(0xAC00 + parts[0] * 588 + parts[1] * 28 + parts[2])


def slipped(name: str, place: int, part: int, draw: random.Random) -> str:
    """The name with one letter of one syllable replaced, by one that is taken for it where there is one."""
    parts = parts_of(name[place])
    alike = (ALIKE_INITIALS, ALIKE_MEDIALS, {})[part].get(parts[part])
    others = [other for other in range((19, 21, 28)[part]) if other != parts[part]]
    parts[part] = alike if alike is not None else draw.choice(others)
    return name[:place] + syllable_of(parts) + name[place + 1 :]


def roman(name: str) -> tuple[str, str]:
    """Surname and given name in Roman letters, as people spell them."""
    spelt = [
        "".join(letters.strip("-") for letters in (INITIALS[a], MEDIALS[b], FINALS[c]))
        for a, b, c in (parts_of(syllable) for syllable in name)
    ]
    return USUAL.get(name[0], spelt[0].capitalize()), "".join(spelt[1:]).capitalize()


KINDS = {
    "spaced": lambda name, draw: f"{name[0]} {name[1:]}",
    "spread": lambda name, draw: " ".join(name),
    "vowel": lambda name, draw: slipped(name, len(name) - 1, 1, draw),
    "initial": lambda name, draw: slipped(name, 1, 0, draw),
    "final": lambda name, draw: slipped(name, len(name) - 1, 2, draw),
    "surname": lambda name, draw: slipped(name, 0, 1, draw),
    "two slips": lambda name, draw: slipped(slipped(name, 1, 1, draw), len(name) - 1, 2, draw),
    "turned": lambda name, draw: name[0] + name[:0:-1],
    "roman": lambda name, draw: " ".join(roman(name)),
    "roman, given name first": lambda name, draw: " ".join(reversed(roman(name))).upper(),
}
"""Ways in which a name is written that is not the name: {kind: (name, draw) -> name}."""


def people(seed: int) -> list[dict[str, str]]:
    """Customers as in the demonstration: names by census and cohort, each with a mobile and a birth date."""
    rng = np.random.default_rng(seed)
    surnames = [str(name) for name in draw_surnames(rng, 4 * PEOPLE)]
    given = [str(name) for name in rng.choice(GIVEN[1][5].names, 4 * PEOPLE)]
    names = list(dict.fromkeys(a + b for a, b in zip(surnames, given, strict=True) if len(a + b) == 3 and b[0] != b[1]))
    return [
        {
            "name": name,
            "birth_date": f"19{70 + n % 30}-0{n % 9 + 1}-1{n % 10}",
            "mobile": f"010-37{n:02}-{n * 83 % 9000 + 1000}",
        }
        for n, name in enumerate(names[:PEOPLE])
    ]


def typed(**cells: str) -> dict[str, str]:
    return dict.fromkeys(HA, "") | cells


def word(by: Staff, **cells: str) -> str:
    return check_prospect(cells=typed(**cells), by=by, at=NOW).word


@pytest.fixture
def free(settings):
    """Nobody is counted, and nobody waits."""
    settings.PROSPECT_CHECKS_PER_DAY = settings.PROSPECT_CHECKS_PER_NUMBER = 10_000
    before, duplicates.BLIND_SECONDS = duplicates.BLIND_SECONDS, 0
    yield
    duplicates.BLIND_SECONDS = before


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.usefixtures("free")
def test_of_fifty_written_otherwise_at_least_forty_five_are_found(seed):
    draw, by, other = random.Random(seed), planner(), planner()
    held = people(seed)
    feed([person(source_key=f"K{n}", **cells) for n, cells in enumerate(held)])
    Customer.objects.update(keeper=other, main_branch=other.branch)
    kinds = list(KINDS)

    answers = {}
    for n, cells in enumerate(held):
        kind = kinds[n % len(kinds)]
        written = KINDS[kind](cells["name"], draw)
        answers[kind, cells["name"], written] = check_prospect(
            cells=typed(name=written, mobile=cells["mobile"]), by=by, at=NOW
        )

    missed = [variant for variant, answer in answers.items() if answer.word == "NONE"]
    assert len(answers) == PEOPLE
    assert len(answers) - len(missed) >= LEAST, missed
    assert {answer.ask for answer in answers.values() if answer.word != "NONE"} == {other.branch}
    assert all(not answer.matches for answer in answers.values())


@pytest.mark.usefixtures("free")
def test_whoever_has_another_mobile_and_another_name_is_nobody():
    by, held = planner(), people(4)
    feed([person(source_key=f"K{n}", **cells) for n, cells in enumerate(held)])

    words = [word(by, name=held[n - 1]["name"], mobile=f"010-9{n:03}-1234") for n in range(PEOPLE)]

    assert words == ["NONE"] * PEOPLE


@pytest.mark.usefixtures("free")
def test_no_single_digit_of_a_hidden_value_changes_the_answer():
    by = planner()
    made(planner())

    def changed(text: str) -> list[str]:
        places = [place for place, letter in enumerate(text) if letter.isdigit()]
        return [text[:p] + str((int(text[p]) + step) % 10) + text[p + 1 :] for p in places[3:] for step in (1, 5, 9)]

    name, born, mobile = HA["name"], HA["birth_date"], HA["mobile"]
    dates = [f"1991-{month:02}-{day:02}" for month, day in product(range(1, 13), (1, 8, 28)) if (month, day) != (7, 8)]
    assert {word(by, name=name, mobile=each) for each in changed(mobile)} == {"NONE"}
    assert {word(by, name=name, birth_date=born, mobile=each) for each in changed(mobile)} == {"SIMILAR"}
    assert {word(by, name=name, birth_date=each, mobile=mobile) for each in dates} == {"SIMILAR"}
    assert {word(by, name="한여림", birth_date=each, mobile=mobile) for each in [*dates, born]} == {"SIMILAR"}
    assert {word(by, name="박두리", birth_date=each, mobile=mobile) for each in dates} == {"NONE"}
    assert word(by, name=name, birth_date=born, mobile=mobile) == "EXISTS"


@pytest.mark.usefixtures("free")
@pytest.mark.parametrize("name", ["한**", "*여름", "한*름", "***"])
def test_stars_in_a_name_find_nobody(name):
    by = planner()
    made(planner())

    assert word(by, name=name, mobile=HA["mobile"]) == "NONE"


def test_every_answer_takes_as_long():
    by = planner()
    made(planner())
    taken = []

    for cells in (HA, HA | {"birth_date": "1980-01-01"}, HA | {"name": "박두리", "mobile": "010-9999-1234"}):
        began = time.monotonic()
        check_prospect(cells=cells, by=by, at=NOW)
        taken.append(time.monotonic() - began >= duplicates.BLIND_SECONDS)

    assert taken == [True] * 3


def test_every_refused_registration_takes_as_long():
    by, client = planner(), Client()
    made(planner())
    client.force_login(by)
    today = timezone.localdate().isoformat()
    words = {
        "path": "EVENT",
        "acquired_on": today,
        "consented_on": today,
        "consent_method": "PAPER",
        "step": "register",
    }
    words |= {"consent_evidence": "1", "consent_items": ["name", "birth_date", "mobile"], "expires_on": today}
    taken = []

    for cells in (HA, HA | {"birth_date": "1980-01-01"}):
        began = time.monotonic()
        assert client.post("/relations/prospects/register/", cells | words).context["report"].word != "NONE"
        taken.append(time.monotonic() - began >= prospects_checks.REFUSAL_SECONDS)

    assert taken == [True, True]


# The page.


def page_of(by: Staff, cells: dict[str, str]) -> str:
    """The page with its answer, without what was typed and without the token of the form."""
    client = Client()
    client.force_login(by)
    body = client.post("/relations/prospects/register/", cells | {"step": "check"}).content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", body)
    for column, text in cells.items():
        body = body.replace(f'value="{text}"', f"<{column}>") if text else body
    return body


def test_the_page_is_the_same_whoever_is_in_the_way_but_for_the_word_and_the_branch():
    by, first, second = planner(), planner(), planner()
    poor = made(first)
    rich = {"name": "박두리", "birth_date": "1971-01-09", "mobile": "010-8254-9071"}
    feed([person(source_key="K1", email="duri71@naver.com", address="서울특별시 종로구 새문안로 1", **rich)])
    Customer.objects.exclude(pk=poor.customer_id).update(main_branch=second.branch, keeper=second)
    cells = [{"sex": "", "email": "", "address": ""} | each for each in (HA, rich)]

    for change in ({}, {"birth_date": "1962-02-03"}):
        pages = [
            page_of(by, each | change).replace(branch.name, "<branch>")
            for each, branch in zip(cells, (first.branch, second.branch), strict=True)
        ]
        assert "<branch>" in pages[0]
        assert pages[0] == pages[1]


def test_the_page_is_the_same_whether_nobody_was_ever_there_or_a_prospect_has_ended():
    from relations.services.prospects_lives import expire_prospects

    by, first = planner(), planner()
    made(first)
    expire_prospects(at=NOW + timedelta(days=400))

    ended, never = page_of(by, HA), page_of(by, HA | {"name": "박두리", "mobile": "010-8254-9071"})

    assert "Nobody is there" in ended
    assert ended == never


def test_a_hidden_person_stands_nowhere_on_the_page():
    by, holder = planner(), planner(name="오지랖", branch=make_branch("B-SECRET"))
    prospect = made(holder, email="summer91@naver.com", address="서울특별시 종로구 새문안로 1")

    body = page_of(by, {"name": "한여림", "mobile": HA["mobile"], "birth_date": ""})

    hidden = ("한여름", "1991", "summer91", "새문안로", "오지랖", prospect.number, prospect.customer.number)
    assert [value for value in hidden if value in body] == []
    assert "Somebody similar is there" in body


# The rule itself.


def test_close_names_count_with_the_mobile_alone_and_only_where_they_are_asked_for():
    ways = [
        ({"name": "near", "mobile": "same"}, SIMILAR),
        ({"name": "alike", "mobile": "same"}, SIMILAR),
        ({"name": "sounded", "mobile": "same"}, SIMILAR),
        ({"name": "part", "mobile": "same"}, NOTHING),
        ({"name": "near", "mobile": "digit"}, NOTHING),
        ({"name": "near", "mobile": "prefix"}, NOTHING),
        ({"name": "near", "email": "same"}, NOTHING),
        ({"name": "near", "phone": "same"}, NOTHING),
        ({"name": "near", "address": "dwelling"}, NOTHING),
        ({"name": "near", "birth": "exact"}, NOTHING),
        ({"name": "near", "mobile": "same", "kind": "mixed"}, NOTHING),
    ]
    patterns = np.array([rows.pattern(**levels) for levels, _word in ways], np.int64)

    assert plain_agreement(patterns, with_close_names=True).tolist() == [word for _levels, word in ways]
    assert plain_agreement(patterns).tolist() == [NOTHING] * len(ways)


@pytest.mark.parametrize("number", range(40))
def test_close_names_never_take_a_word_back(number):
    draw = random.Random(number)
    drawn = {field: draw.choice(levels) for field, levels in LEVELS.items()}
    patterns = np.array([rows.pattern(**drawn)], np.int64)

    (without,), (with_them,) = (plain_agreement(patterns, with_close_names=asked).tolist() for asked in (False, True))

    assert without <= with_them
    assert with_them <= max(without, SIMILAR)
