"""Mailboxes that are one but for a slip of the keyboard."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.dedup.mailboxes import SHORTEST, is_one_slip
from customers.standard.matching import MAILBOX_LETTERS


def slips(*pairs: tuple[str, str]) -> list[bool]:
    left, right = (np.array([pair[side] for pair in pairs], f"S{MAILBOX_LETTERS}") for side in (0, 1))
    return is_one_slip(left, right).tolist()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("honggd", "honggd", True),
        ("honggd", "hongd", True),
        ("honggd", "onggd", True),
        ("honggd", "hongg", True),
        ("honggd", "honkgd", True),
        ("honggd", "honggf", True),
        ("honggd", "ohnggd", True),
        ("honggd", "hongdg", True),
        ("honggd", "honggd80", False),
        ("honggd", "hogngd80", False),
        ("honggd", "hnoggf", False),
        ("honggd", "hgnogd", False),
        ("honggd", "ohkggd", False),
        ("abcde", "acbed", False),
        ("hong1", "hong2", True),
        ("hong", "hong1", False),
        ("hong", "hung", False),
        ("", "", False),
        ("", "honggd", False),
        ("a" * 24, "a" * 23, True),
        ("a" * 24, "a" * 23 + "b", True),
        ("a" * 22 + "bc", "a" * 22 + "cb", True),
        ("a" * 24, "a" * 22 + "bb", False),
    ],
)
def test_is_one_slip(one, other, expected):
    assert slips((one, other), (other, one)) == [expected, expected]


def test_is_one_slip_of_no_pairs_is_empty():
    assert slips() == []


def is_plainly_one_slip(one: str, other: str) -> bool:
    """By every text that one slip makes."""
    if min(len(one), len(other)) < SHORTEST:
        return False
    cuts = [(one[:place], one[place:]) for place in range(len(one) + 1)]
    left_out = {head + tail[1:] for head, tail in cuts}
    replaced = {head + letter + tail[1:] for head, tail in cuts if tail for letter in set(other)}
    added = {head + letter + tail for head, tail in cuts for letter in set(other)}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    return other in {one} | left_out | replaced | added | swapped


MAILBOX = st.text("ab1", max_size=8) | st.text("ab1", min_size=MAILBOX_LETTERS - 2, max_size=MAILBOX_LETTERS)


@st.composite
def near_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A mailbox and the same after up to two slips."""
    one = other = draw(MAILBOX)
    for _ in range(draw(st.integers(0, 2))):
        place, letter = draw(st.integers(0, len(other))), draw(st.sampled_from("ab1"))
        pair = other[place : place + 2]
        slip = draw(st.sampled_from([pair[::-1], pair[1:], pair + letter, letter + pair[1:]]))
        other = (other[:place] + slip + other[place + 2 :])[:MAILBOX_LETTERS]
    return one, other


@given(st.lists(near_pairs() | st.tuples(MAILBOX, MAILBOX), max_size=20))
@settings(max_examples=250, deadline=None)
def test_is_one_slip_is_what_every_single_slip_makes(pairs):
    assert slips(*pairs) == [is_plainly_one_slip(one, other) for one, other in pairs]
