"""What a text must say by the kind of its purpose, what it must leave to another, and how two versions differ."""

from dataclasses import replace

import pytest

from consent.rules.texts import Demand, Party, Wording, checks_of, fingerprint, missing_of, word_changes

REFUSAL = "동의를 거부하실 수 있으며, 거부하셔도 불이익이 없습니다."
CARD = Party("CARD", "THIRD_PARTY", "KR", "제휴 서비스 안내")
ABROAD = Party("RE", "ABROAD", "DE", "재보험 인수 심사")
CALLS = Party("CALLS", "PROCESSOR", "KR", "전화 상담 수탁")
GRADES = {"name": 3, "rrn": 1, "passport": 1, "mobile": 2, "diagnosis": 0}
COMPLETE = Wording(
    kind="COLLECTION",
    basis="CONSENT",
    is_required=False,
    title="통합 활용",
    body="통합 고객 관리를 위하여 이용합니다.",
    items=("name", "mobile"),
    retention="동의일부터 5년",
    refusal=REFUSAL,
    grades=GRADES,
)
MARKETING = replace(COMPLETE, kind="MARKETING", body="상품을 안내하고 가입을 권유하려고 연락합니다.")
PROVISION = replace(COMPLETE, kind="PROVISION", recipients=(CARD,))
TRANSFER = replace(
    COMPLETE, kind="ABROAD", recipients=(ABROAD,), body="계약할 때마다 전용 통신망으로 이전하여 심사합니다."
)
SENSITIVE = replace(COMPLETE, kind="SENSITIVE", items=(), body="건강정보(민감정보)를 심사에 이용합니다.")
IDENTIFIER = replace(
    COMPLETE, kind="IDENTIFIER", basis="STATUTE", items=("rrn",), body="고유식별정보를 실명확인에 이용합니다."
)


@pytest.mark.parametrize("wording", [COMPLETE, MARKETING, PROVISION, TRANSFER, SENSITIVE, IDENTIFIER])
def test_a_text_that_says_everything_misses_nothing(wording):
    assert missing_of(wording) == ()


@pytest.mark.parametrize(
    ("wording", "missing", "clause"),
    [
        (replace(COMPLETE, title=" "), "PURPOSE", "개인정보 보호법 제15조 제2항"),
        (replace(COMPLETE, body=""), "PURPOSE", "개인정보 보호법 제15조 제2항"),
        (replace(COMPLETE, items=()), "ITEMS", "개인정보 보호법 제15조 제2항"),
        (replace(COMPLETE, retention="필요한 동안"), "RETENTION", "개인정보 보호법 제15조 제2항"),
        (replace(COMPLETE, refusal="불이익이 없습니다."), "REFUSAL", "개인정보 보호법 제15조 제2항"),
        (
            replace(COMPLETE, refusal="거부하실 수 있습니다.", is_required=True),
            "EFFECT",
            "개인정보 보호법 제15조 제2항",
        ),
        (
            replace(COMPLETE, refusal="거부하실 수 있으나 계약이 제한됩니다."),
            "NO_DISADVANTAGE",
            "개인정보 보호법 제22조 제5항",
        ),
        (replace(PROVISION, recipients=()), "RECIPIENT", "개인정보 보호법 제17조 제2항"),
        (replace(PROVISION, recipients=(CALLS,)), "RECIPIENT", "개인정보 보호법 제17조 제2항"),
        (
            replace(PROVISION, recipients=(CARD._replace(is_closed=True),)),
            "RECIPIENT_OPEN",
            "개인정보 보호법 제17조 제2항",
        ),
        (
            replace(PROVISION, recipients=(CARD._replace(task=" "),)),
            "RECIPIENT_PURPOSE",
            "개인정보 보호법 제17조 제2항",
        ),
        (
            replace(TRANSFER, recipients=(ABROAD._replace(country="KR"),)),
            "COUNTRY",
            "개인정보 보호법 제28조의8 제2항",
        ),
        (replace(TRANSFER, body="전용 통신망으로 이전합니다."), "TRANSFER_WHEN", "개인정보 보호법 제28조의8 제2항"),
        (replace(TRANSFER, body="계약할 때마다 이전합니다."), "TRANSFER_HOW", "개인정보 보호법 제28조의8 제2항"),
        (replace(MARKETING, body="이용합니다."), "CONTACT", "개인정보 보호법 시행령 제17조 제3항"),
        (replace(COMPLETE, kind="NIGHT"), "NIGHT_HOURS", "정보통신망법 제50조 제3항"),
        (
            replace(IDENTIFIER, body="실명확인에 이용합니다."),
            "IDENTIFIER_SAID",
            "개인정보 보호법 시행령 제17조 제3항",
        ),
        (replace(IDENTIFIER, basis="CONSENT"), "STATUTE", "개인정보 보호법 제24조의2 제1항"),
        (
            replace(COMPLETE, items=("name", "diagnosis")),
            "SEPARATE_SENSITIVE",
            "개인정보 보호법 제22조 제1항, 제23조 제1항",
        ),
        (
            replace(SENSITIVE, items=("diagnosis", "name")),
            "SEPARATE_SENSITIVE",
            "개인정보 보호법 제22조 제1항, 제23조 제1항",
        ),
        (
            replace(COMPLETE, items=("name", "rrn")),
            "SEPARATE_IDENTIFIER",
            "개인정보 보호법 제22조 제1항, 제24조 제1항",
        ),
        (
            replace(IDENTIFIER, items=("rrn", "mobile")),
            "SEPARATE_IDENTIFIER",
            "개인정보 보호법 제22조 제1항, 제24조 제1항",
        ),
        (
            replace(COMPLETE, recipients=(CARD,)),
            "SEPARATE_PROVISION",
            "개인정보 보호법 제22조 제1항, 제17조 제1항",
        ),
        (replace(COMPLETE, recipients=(ABROAD,)), "SEPARATE_ABROAD", "개인정보 보호법 제28조의8 제1항"),
        (replace(PROVISION, recipients=(CARD, ABROAD)), "SEPARATE_ABROAD", "개인정보 보호법 제28조의8 제1항"),
    ],
)
def test_what_is_missing_is_named_with_its_clause(wording, missing, clause):
    assert [(checked.demand.value, checked.clause) for checked in missing_of(wording)] == [(missing, clause)]


def test_a_sensitive_text_says_so():
    missing = missing_of(replace(SENSITIVE, items=("diagnosis",), title="심사", body="심사에 이용합니다."))

    assert [checked.demand for checked in missing] == [Demand.SENSITIVE_SAID]


def test_a_processor_needs_no_text_of_its_own():
    assert missing_of(replace(COMPLETE, recipients=(CALLS,))) == ()


def test_what_does_not_concern_a_text_is_not_asked_of_it():
    asked = {checked.demand for checked in checks_of(COMPLETE)}

    assert asked.isdisjoint({Demand.RECIPIENT, Demand.COUNTRY, Demand.CONTACT, Demand.NIGHT_HOURS, Demand.STATUTE})


def test_every_demand_is_asked_of_some_text():
    kinds = [replace(COMPLETE, kind="NIGHT"), MARKETING, PROVISION, TRANSFER, SENSITIVE, IDENTIFIER]

    assert {checked.demand for wording in kinds for checked in checks_of(wording)} == set(Demand)


def test_the_fingerprint_follows_words_items_and_recipients_but_not_their_order():
    said = ("제목", "본문", "5년", "거부")
    whole = fingerprint(*said, ["name", "rrn"], ["CARD"])

    assert whole == fingerprint(*said, ["rrn", "name"], ["CARD"])
    others = [fingerprint(*said), fingerprint(*said, ["name", "rrn"]), fingerprint("제 목", *said[1:], ["name", "rrn"])]
    assert len({whole, *others}) == 4


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("동의일부터 5년", "동의일부터 5년", [("SAME", "동의일부터 5년")]),
        ("동의일부터 5년", "동의일부터 3년", [("SAME", "동의일부터 "), ("GONE", "5년"), ("NEW", "3년")]),
        ("", "새 글", [("NEW", "새 글")]),
        ("옛 글", "", [("GONE", "옛 글")]),
        ("가 나 다", "가 다", [("SAME", "가 "), ("GONE", "나 "), ("SAME", "다")]),
    ],
)
def test_words_that_changed_are_told_apart(before, after, pieces):
    assert [tuple(piece) for piece in word_changes(before, after)] == pieces
    assert "".join(text for kind, text in pieces if kind != "GONE") == after
