"""The rules of distribution and the file of transfers, as tables of cases."""

from datetime import date

import pytest

from relations.rules import handovers
from relations.rules.distribution import WEIGHTS, Chosen, Receiver, Seeker, distribute, region_of

ONE, TWO, FAR = "/H/R1/B1/", "/H/R1/B2/", "/H/R2/B3/"


def receiver(staff_id: int, branch: str = ONE, room: int = 10, **more: object) -> Receiver:
    return Receiver(staff_id, branch, room, more.pop("capacity", 10), **more)


def whom(*seekers: Seeker, to: list[Receiver]) -> dict[int, int | None]:
    return {one.customer_id: one.staff_id for one in distribute(seekers, to)}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (receiver(2), receiver(1, TWO)),
        (receiver(2, TWO), receiver(1, FAR)),
        (receiver(2, room=9), receiver(1, room=2)),
        (receiver(2, years=2), receiver(1, years=1.9)),
        (receiver(2, persistency=90), receiver(1, persistency=70)),
        (receiver(2, complaints=0), receiver(1, complaints=2)),
        (receiver(1), receiver(2)),
    ],
)
def test_the_better_receiver_is_chosen(better, worse):
    assert whom(Seeker(1, ONE), to=[worse, better]) == {1: better.staff_id}


def test_the_points_are_told_with_the_choice():
    best = receiver(2, TWO, room=5, years=3, persistency=80, complaints=1)

    assert distribute([Seeker(7, ONE, proposed=2)], [best]) == [
        Chosen(
            7,
            2,
            (
                ("CAPACITY", 15),
                ("TENURE", 10),
                ("PERSISTENCY", 10),
                ("COMPLAINTS", -5),
                ("REGION", 10),
                ("PROPOSED", 40),
            ),
        )
    ]
    assert set(WEIGHTS) == {*dict(distribute([Seeker(7, ONE, proposed=2)], [best])[0].why), "BRANCH", "HOUSEHOLD"}


def test_a_household_stays_together_as_long_as_anybody_has_room():
    home = [Seeker(number, ONE, household=5) for number in (1, 2, 3)]

    assert set(whom(*home, to=[receiver(1, room=2), receiver(2, FAR, room=3)]).values()) == {2}
    assert sorted(whom(*home, to=[receiver(1, room=2), receiver(2, room=1)]).values()) == [1, 1, 2]


def test_nobody_gets_more_than_there_is_room_for_nor_whom_they_must_not_keep():
    seekers = [Seeker(number, ONE, never=frozenset({3})) for number in (1, 2, 3)]
    found = distribute(seekers, [receiver(1, room=1), receiver(2, room=1), receiver(3)])

    assert sorted(one.staff_id or 0 for one in found) == [0, 1, 2]
    assert [one.why for one in found if one.staff_id is None] == [(("NO_ROOM", 0),)]
    assert distribute([Seeker(1, never=frozenset({3}))], [receiver(3)])[0].why == (("NOBODY", 0),)
    assert distribute([Seeker(1)], [])[0].staff_id is None


def test_the_load_is_levelled_and_a_plan_made_twice_is_the_same():
    seekers = [Seeker(number, ONE) for number in range(1, 21)]
    receivers = [receiver(staff, room=20, capacity=20) for staff in (1, 2, 3, 4)]
    found = whom(*seekers, to=receivers)

    assert [list(found.values()).count(staff) for staff in (1, 2, 3, 4)] == [5, 5, 5, 5]
    assert whom(*reversed(seekers), to=receivers[::-1]) == found


def test_an_unknown_figure_counts_as_the_average():
    known = [receiver(1, persistency=100), receiver(2, persistency=60)]

    assert whom(Seeker(1, ONE), Seeker(2, ONE), to=[*known, receiver(3)])[1] == 1
    assert whom(Seeker(1, ONE), to=[known[1], receiver(3)]) == {1: 2}


def test_the_region_of_a_branch_is_what_stands_above():
    assert [region_of(path) for path in (ONE, "/H/", "")] == ["/H/R1/", "", ""]


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (("F1", "퇴사", "", "2026-12-01"), ("LEAVES", "", date(2026, 12, 1))),
        (("F1", "해촉", "B1", ""), ("LEAVES", "", None)),
        (("F1", "전보", "B1", "20261201"), ("MOVES", "B1", date(2026, 12, 1))),
        (("F1", "동반 전보", "B1", "2026.12.1."), ("TAKES_ALONG", "B1", date(2026, 12, 1))),
        (("", "퇴사", "", ""), "NO_NUMBER"),
        (("F1", "승진", "", ""), "UNKNOWN_KIND"),
        (("F1", "전보", "", ""), "NO_BRANCH"),
        (("F1", "퇴사", "", "내일"), "BAD_DAY"),
        (("F1", "퇴사", "", "2026-13-01"), "BAD_DAY"),
    ],
)
def test_a_row_of_the_file_is_understood_or_refused(row, outcome):
    found = handovers.read_moves(handovers.COLUMNS, [row])[0]

    if isinstance(outcome, str):
        assert (found.line, found.code) == (2, outcome)
    else:
        assert (found.kind, found.branch, found.day) == outcome


def test_a_person_who_stands_there_twice_is_refused_the_second_time_and_empty_rows_are_nothing():
    rows = [("F1", "퇴사", "", ""), ("", "", "", ""), ("F1", "퇴사", "", ""), ("F2", "퇴사")]
    found = handovers.read_moves(handovers.COLUMNS, rows)

    assert [(one.line, one.number, getattr(one, "code", "")) for one in found] == [
        (2, "F1", ""),
        (4, "F1", "TWICE"),
        (5, "F2", ""),
    ]


def test_a_file_without_its_columns_is_refused_whole():
    with pytest.raises(handovers.HeaderUnknown) as refused:
        handovers.read_moves(["사번", "지점"], [])

    assert refused.value.missing == ["구분"]
