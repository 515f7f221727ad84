"""Reasons, findings and ages in words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils.translation import override

from customers import wording
from customers.golden.explain import explain
from customers.golden.survivorship import Reason
from customers.models import Customer, SourceRecord, SourceSystem
from customers.reading import Because, catalogue, label
from customers.standard.problems import PROBLEMS
from tests.customers.builders import feed, person

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SAME = {"name": "김하나", "birth_date": "1985-03-02", "email": "hana@example.kr"}


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "today"),
        (0, "today"),
        (1, "1 d ago"),
        (60, "60 d ago"),
        (61, "2 mo ago"),
        (729, "24 mo ago"),
        (730, "2 y ago"),
        (4000, "10 y ago"),
    ],
)
def test_an_age_is_told_in_the_unit_that_fits(days, words):
    with override("en"):
        assert wording.age(NOW - timedelta(days=days), NOW) == words


def test_no_instant_has_no_age():
    assert wording.age(None, NOW) == ""


@pytest.mark.parametrize(
    ("amount", "english", "korean"),
    [(None, "", ""), (0, "0 won", "0원"), (Decimal("1234567"), "1,234,567 won", "1,234,567원")],
)
def test_an_amount_is_told_in_won(amount, english, korean):
    with override("en"):
        assert wording.in_won(amount) == english
    assert wording.in_won(amount) == korean


def test_every_reason_has_its_sentences():
    assert wording.WON.keys() == set(Reason)
    assert wording.LOST.keys() == set(Reason) - {Reason.ONLY, Reason.AGREED}
    assert wording.DISCLOSURES.keys() == {str(because) for because in Because}


def explained(code: str) -> tuple[str, list[str], str]:
    """Why the golden value of an item won, by what the others lost, and what would change it."""
    sources = SourceSystem.objects.in_bulk()
    records = list(SourceRecord.objects.order_by("pk"))
    found = explain(records, {source.pk: source.trust for source in sources.values()})[code]
    with override("en"):
        lost = [wording.lost(other, found.winner, sources) for other in found.others]
        return wording.won(found, sources), lost, wording.would_change(found, sources)


@pytest.mark.parametrize(
    ("code", "first", "second", "won", "lost", "change"),
    [
        (
            "mobile",
            {"mobile": "010-5234-5678"},
            {},
            "Only Policy administration(POLICY) holds this item.",
            [],
            "It changes when a value of higher certainty comes, or one of equal certainty newer than 2026-11-01.",
        ),
        (
            "mobile",
            {"mobile": "010-5234-5678"},
            {"mobile": "010-5234-5678"},
            "All 2 source records that hold this item have the same value.",
            ["It has the same value."],
            "It changes when a value of higher certainty comes, or one of equal certainty newer than 2026-11-01.",
        ),
        (
            "mobile",
            {"mobile": "010-5234-5678"},
            {"mobile": "010-8523-4567", "as_of": "2026-10-01"},
            "The value of Policy administration(POLICY) was chosen because it is of 2026-11-01, newer than that of"
            " Telemarketing(TM) (2026-10-01).",
            ["It is of 2026-10-01, older than the chosen value (2026-11-01)."],
            "It changes when a value of higher certainty comes, or one of equal certainty newer than 2026-11-01.",
        ),
        (
            "mobile",
            {"mobile": "010-5234-5678"},
            {"mobile": "010-8523-4567"},
            "The value of Policy administration(POLICY) was chosen because its trust 90 is higher than that of"
            " Telemarketing(TM) (50).",
            ["Its trust 50 is lower than the 90 of the chosen value."],
            "It changes when a value of higher certainty comes, or one of equal certainty newer than 2026-11-01.",
        ),
        (
            "sex",
            {"sex": "F", "real_name_verified_on": "2025-01-01"},
            {"sex": "M"},
            "The value of Policy administration(POLICY) was chosen because the real name of its record is verified and"
            " that of Telemarketing(TM) is not.",
            ["The real name of its record is not verified."],
            "It changes when a record with verified real name brings a value of higher certainty, of a source trusted"
            " more than 90, or, with all that equal, a newer one.",
        ),
        (
            "marketing_consent_on",
            {"marketing_consent_on": "2025-01-01"},
            {"marketing_consent_on": "2024-01-01"},
            "The date of Policy administration(POLICY) was chosen because it is the latest of all sources.",
            ["Its date is earlier than the chosen one."],
            "It changes when a later date comes.",
        ),
    ],
)
def test_a_golden_value_is_explained(master, code, first, second, won, lost, change):
    feed([person(**SAME | first)])
    feed([person(**SAME | second)], "TM")

    assert Customer.objects.count() == 1
    assert explained(code) == (won, lost, change)


def test_a_placeholder_is_said_to_be_unusable(master):
    feed([person(**SAME, mobile="010-5234-5678", as_of="2020-01-01")])
    feed([person(**SAME, mobile="010-0000-0000", as_of="2026-01-01")], "TM")

    record = SourceRecord.objects.get(source__code="TM")
    assert "mobile:" in record.problems
    assert str(Customer.objects.get().mobile) == "01052345678"


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_finding_is_a_sentence_in_both_languages(code):
    with override("en"):
        english = wording.problem(code)
    with override("ko"):
        korean = wording.problem(code)

    assert english != code
    assert korean != english


def test_a_finding_that_is_not_known_any_more_is_shown_by_its_code():
    assert wording.problem("FORGOTTEN") == "FORGOTTEN"


def test_what_change_events_name_has_a_name(master):
    with override("en"):
        assert [label(code, catalogue()) for code in ("mobile", "gate", "sources", "unheard_of")] == [
            "Mobile",
            "gate",
            "source records",
            "unheard_of",
        ]


def test_korean_is_the_language_of_the_house():
    assert settings.LANGUAGE_CODE == "ko"
    assert wording.age(NOW, NOW) == "오늘"
