"""Identifiers at rest: sealed under a named key, bound to their place, found by a blind index."""

from dataclasses import dataclass, field

import pytest

from customers.sealing import CannotOpen, Sealer, key_id_of, place_of

PLACE = place_of("rrn", "POLICY", "K1")


@dataclass(frozen=True)
class Keys:
    active: str = "k1"
    encryption: dict[str, bytes] = field(default_factory=lambda: {"k1": b"1" * 32})
    index: bytes = b"i" * 32


OLD = Keys()
NEW = Keys("k2-2026", {"k1": b"1" * 32, "k2-2026": b"2" * 32})


def test_a_sealed_value_opens_at_its_place():
    sealed = Sealer(OLD).seal("9001011234568", PLACE)

    assert Sealer(OLD).open(sealed, PLACE) == "9001011234568"
    assert Sealer(OLD).open(memoryview(sealed), PLACE) == "9001011234568"


def test_nothing_of_the_value_stands_in_the_ciphertext_and_no_two_are_alike():
    one, other = (Sealer(OLD).seal("9001011234568", PLACE) for _time in range(2))

    assert one != other
    assert [part for part in (b"900101", b"1234568") if part in one] == []
    assert len(one) == 1 + len("k1") + 12 + 13 + 16


@pytest.mark.parametrize(
    "place",
    [
        place_of("ci", "POLICY", "K1"),
        place_of("rrn", "BANCA", "K1"),
        place_of("rrn", "POLICY", "K2"),
        place_of("rrn", "POLICY", "K1|"),
        "",
    ],
)
def test_a_sealed_value_does_not_open_at_another_place(place):
    with pytest.raises(CannotOpen):
        Sealer(OLD).open(Sealer(OLD).seal("9001011234568", PLACE), place)


@pytest.mark.parametrize("position", [3, 14, 15, 27, -1])
def test_an_altered_value_does_not_open(position):
    sealed = bytearray(Sealer(OLD).seal("9001011234568", PLACE))
    sealed[position] ^= 1

    with pytest.raises(CannotOpen) as refusal:
        Sealer(OLD).open(bytes(sealed), PLACE)
    assert "900101" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_new_active_key_seals_and_the_old_one_still_opens():
    sealed = Sealer(OLD).seal("9001011234568", PLACE)

    assert Sealer(NEW).open(sealed, PLACE) == "9001011234568"
    assert key_id_of(sealed) == "k1"
    assert key_id_of(Sealer(NEW).seal("9001011234568", PLACE)) == "k2-2026"


def test_a_value_under_a_key_that_is_not_here_does_not_open():
    with pytest.raises(CannotOpen):
        Sealer(OLD).open(Sealer(NEW).seal("9001011234568", PLACE), PLACE)


def test_a_key_id_in_korean_works():
    keys = Keys("열쇠", {"열쇠": b"3" * 32})

    assert Sealer(keys).open(Sealer(keys).seal("값", PLACE), PLACE) == "값"


def test_the_index_is_equal_for_equal_values_of_one_item_whatever_key_is_active():
    index = Sealer(OLD).index("rrn", "9001011234568")

    assert index == Sealer(NEW).index("rrn", "9001011234568")
    assert len(index) == 16
    assert index != Sealer(OLD).index("ci", "9001011234568")
    assert index != Sealer(OLD).index("rrn", "9001011234569")
    assert index != Sealer(Keys(index=b"j" * 32)).index("rrn", "9001011234568")
