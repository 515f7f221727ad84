"""Countries by their names, in the language of whoever reads."""

import pytest

from consent.rules.countries import COUNTRIES, country_choices, country_words


@pytest.mark.parametrize(
    ("code", "language", "words"),
    [
        ("DE", "ko", "독일"),
        ("DE", "en", "Germany"),
        ("DE", None, "독일"),
        ("KR", "ko", "대한민국"),
        ("QQ", "en", "QQ"),
        ("", "ko", ""),
    ],
)
def test_a_country_is_called_by_its_name(code, language, words):
    assert country_words(code, language) == words


def test_a_form_offers_our_own_country_first_and_the_others_by_name():
    offered = country_choices("ko")

    assert offered[:2] == [("KR", "대한민국"), ("GH", "가나")]
    assert len(offered) == len(COUNTRIES) == 249
    assert country_choices("en")[:2] == [("KR", "South Korea"), ("AF", "Afghanistan")]
