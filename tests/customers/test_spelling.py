"""Where two values differ: a table of what is marked, written with the differing letters in brackets."""

import pytest

from customers.spelling import Piece, spelled


def written(pieces: tuple[Piece, ...]) -> str:
    """The letters of a value, those that differ in brackets."""
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("left", "right", "marked"),
    [
        ("", "", ("", "")),
        ("김하나", "김하나", ("김하나", "김하나")),
        ("김하나", "", ("[김하나]", "")),
        ("김하나", "김하니", ("김하[나]", "김하[니]")),
        ("김하나", "김한아", ("김[하나]", "김[한아]")),
        ("김하나", "박서준", ("[김하나]", "[박서준]")),
        ("남궁민", "남궁민수", ("남궁민", "남궁민[수]")),
        ("010-1234-5678", "010-1243-5678", ("010-12[34]-5678", "010-12[43]-5678")),
        ("010-1234-5678", "010-1234-5679", ("010-1234-567[8]", "010-1234-567[9]")),
        ("010-****-5678", "010-****-5670", ("010-****-567[8]", "010-****-567[0]")),
        ("010-1111-2222", "02-333-4444", ("[010-1111-2222]", "[02-333-4444]")),
        ("1985-03-02", "1985-02-03", ("1985-0[3]-0[2]", "1985-0[2]-0[3]")),
        ("hana.kim@naver.com", "hana_kim@naver.com", ("hana[.]kim@naver.com", "hana[_]kim@naver.com")),
        ("hana@naver.com", "hana@nate.com", ("hana@na[ver].com", "hana@na[te].com")),
        (
            "서울특별시 강남구 역삼로 1 (06242)",
            "서울특별시 강남구 역삼로 12 (06242)",
            ("서울특별시 강남구 역삼로 1 (06242)", "서울특별시 강남구 역삼로 1[2] (06242)"),
        ),
        (
            "서울특별시 강남구 테헤란로 5, 101동 1204호",
            "서울특별시 강남구 테헤란로 5, 102동 204호",
            ("서울특별시 강남구 테헤란로 5, 10[1]동 [1]204호", "서울특별시 강남구 테헤란로 5, 10[2]동 204호"),
        ),
        ("A", "B", ("[A]", "[B]")),
    ],
)
def test_letters_that_differ_are_marked(left, right, marked):
    assert tuple(map(written, spelled(left, right))) == marked


@pytest.mark.parametrize(
    ("left", "right"), [("김하나", "하나김"), ("abc", "xabcx"), ("가나다라", "다라가나"), ("1-2", "12")]
)
def test_no_letter_is_lost_and_none_is_added(left, right):
    assert tuple("".join(piece.text for piece in pieces) for pieces in spelled(left, right)) == (left, right)
