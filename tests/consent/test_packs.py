"""Answer packs: everything that is held is told, in words, and goes out in forms that can be opened."""

import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import pyzipper
from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string
from pypdf import PdfReader

from accounts.trail import append
from consent.models import AnswerPack, ContactDecision, Purpose
from consent.pack_data import as_archive, new_passphrase
from consent.pack_page import as_html
from consent.packs import Block, Chapter, Document, area_of, block_of, field_of, plain, texts_in, value_of
from consent.paper import MISSING, as_pdf
from consent.reports.rights_history import use_of
from consent.services import packs, packs_keys, rights_items
from consent.services.packs import document_in
from consent.words import pack_fields
from consent.words import packs as words
from customers import holding
from customers.models import Customer
from tests.accounts.builders import make_staff
from tests.consent.desk import TODAY, accepted, asker, granted
from tests.customers.builders import NOW, contract, feed, party

HANGUL = re.compile("[가-힣]")
CODE = re.compile(r"^[A-Z][A-Z_]{2,}$")


@pytest.fixture
def desk(purposes):
    return make_staff("PRIVACY_OFFICER", employee_number="privacy", branch=None)


def told_of(holder: object, kind: str) -> tuple[str, ...]:
    """The fields that a holder gives out of a kind."""
    told = getattr(holder, "told", None)
    if isinstance(told, dict):
        return tuple(told.get(kind, ()))
    if hasattr(holder, "_told"):
        return tuple(holder._told())
    return tuple(told or ())


def exported() -> list[tuple[str, str]]:
    """(kind, field) of everything that any holder gives out."""
    holders = [import_string(path)() for path in settings.CUSTOMER_HOLDERS]
    return [(kind, field) for holder in holders for kind in holder.holds for field in told_of(holder, kind)]


@pytest.mark.parametrize(
    "kind", sorted({kind for path in settings.CUSTOMER_HOLDERS for kind in import_string(path).holds})
)
def test_every_kind_of_every_holder_has_its_words(kind):
    assert kind in words.KINDS
    assert area_of(kind) in words.AREAS
    assert HANGUL.search(words.KINDS[kind].title)


@pytest.mark.parametrize(("kind", "field"), exported())
def test_every_field_that_is_given_out_has_its_words(kind, field):
    own = words.KINDS[kind].fields

    assert field in pack_fields.UNTOLD or HANGUL.search(own.get(field) or pack_fields.COMMON.get(field) or "")
    assert field_of(kind, field) is not None or field in own


VALUES = [
    (date(2026, 3, 2), "2026년 3월 2일"),
    (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "2026년 11월 23일 08:30"),
    (True, "예"),
    (12_345, "12,345"),
    (Decimal("12.50"), "12.50"),
    (0.126, "0.13"),
    (b"\x00", words.UNREADABLE),
    ([["BRANCH", 30], ["CAPACITY", 12]], "같은 지점 30, 여유가 있음 12"),
    ({"customers": 3}, "고객 3"),
    ("수기 메모", "수기 메모"),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_are_written_in_korean(value, expected):
    assert plain(value) == expected


def test_codes_of_a_row_become_words():
    with translation.override("ko"):
        assert value_of("relations.Keeper", "kind", "FP") == "설계사"
        assert value_of("consent.ContactRefusal", "kind", "CREDIT_STOP") != "CREDIT_STOP"
        assert value_of("consent.ContactRefusal", "kind", "") == ""
        assert value_of("relations.Prospect", "sex", "F") == "여"
        assert value_of("relations.Prospect", "mobile", "01012345678") == "010-1234-5678"
        assert value_of("relations.FinancialFact", "low", 50_000_000) == "50,000,000"


def test_what_holds_nothing_readable_is_named_and_not_told():
    row = {"method": "ID_CARD", "evidence_digest": "ab" * 32}

    block = block_of("consent.Verification", [row])

    assert "ab" * 32 not in str(block.rows)
    assert "대조용 지문" in block.note


def was_contacted(customer: Customer) -> None:
    """Somebody asked whether the customer may be contacted, and might."""
    fields = {"purpose": Purpose.objects.get(code="MARKETING"), "channel": "SMS", "contact_at": NOW, "decided_at": NOW}
    ContactDecision.objects.create(customer=customer, is_allowed=True, reason="ALLOWED", **fields)


@pytest.mark.django_db
def test_a_pack_tells_every_value_of_every_row(desk):
    customer = asker(source_key="K1", company_name="한빛상사")
    feed([contract()], layout="contracts")
    feed([party(party_source_key="K1")], layout="parties")
    purpose = Purpose.objects.get(code="MARKETING")
    ContactDecision.objects.create(
        customer=customer,
        purpose=purpose,
        channel="SMS",
        contact_at=NOW,
        is_allowed=True,
        reason="ALLOWED",
        decided_at=NOW,
    )
    request = granted(accepted("ACCESS", "DATA", customer=customer, by=desk), desk)

    pack = packs.make_pack(request=request, by=desk, at=NOW).pack

    document = document_in(pack)
    told = "\n".join(texts_in(document))
    rows = holding.export(customer.pk)
    with translation.override("ko"):
        expected = [
            value_of(kind, field, value)
            for kind, held in rows.items()
            for row in held
            for field, value in row.items()
            if field not in pack_fields.UNTOLD
        ]
    assert [text for text in expected if text not in told] == []
    assert {kind: count for kind, count in pack.counts.items() if "." in kind and kind != "consent.RightsItem"} == {
        kind: len(held) for kind, held in rows.items() if held
    }
    assert "010-7391-0624" in told
    assert [text for text in texts_in(document) if CODE.match(text)] == []
    assert str(customer.pk) not in re.findall(r"\d+", told.replace(",", ""))


@pytest.mark.django_db
def test_a_pack_of_a_merged_customer_tells_what_stands_under_every_number(desk):
    from tests.customers.stewarding import merge, people

    survivor, retired = people(2)
    purpose = Purpose.objects.get(code="MARKETING")
    for each in (survivor, retired):
        ContactDecision.objects.create(
            customer=each,
            purpose=purpose,
            channel="SMS",
            contact_at=NOW,
            is_allowed=True,
            reason="ALLOWED",
            decided_at=NOW,
        )
    merge(survivor, retired, by=desk)
    request = granted(accepted("ACCESS", "DATA", customer=survivor, by=desk), desk)

    assert packs.make_pack(request=request, by=desk, at=NOW).pack.counts["consent.ContactDecision"] == 2


def paper() -> Document:
    """A document with a long text, many rows, letters that the font lacks, and a chapter without anything."""
    texts = (f"줄 {place} " + "긴 글 " * (600 if place == 3 else 1) for place in range(40))
    rows = tuple((("구분", "FP"), ("메모", text)) for text in texts)
    blocks = (
        Block("a", "담당자 배정", rows, "다른 분도 관련되어 있습니다."),
        Block("b", "이름", ((("이름", "김하나 漢字"),),)),
    )
    chapters = (Chapter("기본 정보", blocks), Chapter("빈 장", (), words.NOTHING))
    number = "RIGHT-2026-000001"
    return Document("개인정보 열람 답변서", number, (("접수번호", number),), words.INTRO, chapters, (words.APPEAL,))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_pdf_holds_every_word_with_title_language_contents_and_page_numbers():
    content = as_pdf(paper(), NOW)

    reader = PdfReader(io.BytesIO(content))
    pages = [page.extract_text() for page in reader.pages]
    whole = squeezed("".join(pages))
    missing = [text for text in texts_in(paper()) if text and not _stands_in(text, whole)]
    assert missing == []
    assert reader.metadata.title == "개인정보 열람 답변서"
    assert reader.trailer["/Root"]["/Lang"] == "ko-KR"
    assert "차례" in pages[0]
    assert f"2 / {len(pages)}" in pages[1]
    assert [item.title for item in reader.outline if not isinstance(item, list)] == ["기본 정보", "빈 장"]
    assert content == as_pdf(paper(), NOW)


def _stands_in(text: str, whole: str) -> bool:
    """Whether every piece of a text stands in the paper; a letter that the font lacks as a box."""
    shown = squeezed(re.sub("[\u4e00-\u9fff]", MISSING, text))
    return all(shown[start : start + 20] in whole for start in range(0, len(shown), 20)) or shown[:200] in whole


def test_an_html_file_is_whole_and_fetches_nothing():
    content = as_html(paper()).decode()

    assert [text for text in texts_in(paper()) if text not in content] == []
    assert '<html lang="ko">' in content
    assert not re.search(r"(src|href)=\"(?!#)", content)
    assert "<style>" in content


def test_an_archive_opens_with_its_passphrase_alone():
    passphrase = new_passphrase()
    with pyzipper.AESZipFile(io.BytesIO(as_archive(paper(), passphrase))) as archive:
        with pytest.raises(RuntimeError):
            archive.read("data.json")
        archive.setpassword(passphrase.encode())
        told = json.loads(archive.read("data.json"))
        table = archive.read("01_담당자 배정.csv").decode("utf-8-sig")

    assert told["kinds"][1]["rows"] == [{"이름": "김하나 漢字"}]
    assert table.splitlines()[0] == "구분,메모"
    assert re.fullmatch(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", passphrase)


def test_no_cell_of_an_archive_is_a_formula():
    danger = Document("제목", "1", (), "", (Chapter("장", (Block("a", "표", ((("말", "=1+1"),),)),)),))
    with pyzipper.AESZipFile(io.BytesIO(as_archive(danger, "x"))) as archive:
        archive.setpassword(b"x")
        assert "'=1+1" in archive.read("01_표.csv").decode("utf-8-sig")


@pytest.mark.django_db
def test_a_pack_is_sealed_destroyed_on_its_day_and_replaced_by_a_new_one(desk):
    request = granted(accepted("PORTABILITY", "DATA", customer=asker(), by=desk), desk)
    first = packs.make_pack(request=request, by=desk, at=NOW)
    second = packs.make_pack(request=request, by=desk, at=NOW + timedelta(hours=1))

    first.pack.refresh_from_db()
    assert first.pack.sealed is None
    assert "김하나".encode() not in bytes(second.pack.sealed)
    assert packs.destroy_due_packs(at=NOW + timedelta(days=29)) == 0
    assert packs_keys.rotate_keys_of_packs().rows == 1
    assert packs.take_pack(pack=second.pack, form="ZIP", by=desk, at=NOW).startswith(b"PK")
    assert packs.destroy_due_packs(at=NOW + timedelta(days=31)) == 1
    with pytest.raises(packs.PackGone):
        packs.take_pack(pack=AnswerPack.objects.get(pk=second.pack.pk), form="PDF", by=desk, at=NOW)


@pytest.mark.django_db
def test_a_refused_item_is_told_with_clause_and_day_and_nothing_of_it_is_given(desk):
    request = accepted("ACCESS", "PURPOSES", "LOOKS", customer=asker(), by=desk)
    purposes_, looks = request.items.order_by("pk")
    rights_items.grant_item(item=purposes_, by=desk, at=NOW)
    rights_items.refuse_item(
        item=looks,
        clause="개인정보 보호법 제35조 제4항",
        explanation="수사가 진행 중입니다.",
        until=TODAY,
        by=desk,
        at=NOW,
    )

    document = document_in(packs.make_pack(request=request, by=desk, at=NOW).pack)

    told = "\n".join(texts_in(document))
    assert "개인정보 보호법 제35조 제4항" in told
    assert "2026년 11월 23일까지" in told
    assert [chapter.title for chapter in document.chapters] == ["요구하신 것과 답변", "수집·이용 목적"]


@pytest.mark.django_db
def test_every_item_that_may_be_asked_for_can_be_told(desk):
    customer = asker()
    for kind, codes in (
        ("ACCESS", "DATA PURPOSES RETENTION PROVISION CONSENTS LOOKS"),
        ("HISTORY", "USE PROVISION"),
        ("AUTOMATED", "MATCHING"),
        ("PORTABILITY", "DATA"),
    ):
        request = granted(accepted(kind, *codes.split(), customer=customer, by=desk), desk)
        document = document_in(packs.make_pack(request=request, by=desk, at=NOW).pack)
        assert len(document.chapters) > 1, kind
        assert as_pdf(document, NOW).startswith(b"%PDF")


def looked(customer: Customer, staff: object, purpose: str, at: datetime) -> None:
    """An entry of the trail."""
    append(
        at=at,
        kind="VIEW",
        page="customers:customer-detail",
        result=200,
        staff_id=staff.pk,
        employee_number=staff.employee_number,
        purpose=purpose,
        customers=[customer.pk],
        count=1,
    )


@pytest.mark.django_db
def test_the_history_of_use_is_by_day_and_department_without_internal_management(desk):
    customer = asker()
    fp = make_staff("FP", job="설계사")
    for hour in (1, 2):
        looked(customer, fp, "SALES", NOW + timedelta(hours=hour))
    looked(customer, desk, "STEWARDSHIP", NOW)

    used = use_of(customer, TODAY, TODAY, only_use=True)

    assert [(line.day, line.job, line.count) for line in used] == [(TODAY, "설계사", 2)]
    assert len(use_of(customer, TODAY, TODAY)) == 2
