"""A mapping on its way into use: what a test finds and keeps, and what may be put to use."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from customers.feeds import sampling
from customers.feeds.sampling import ColumnUse, SampleCell, SampleReject
from customers.models import Mapping, SourceRecord
from customers.services import mappings
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, make_ci, make_mapping, make_rrn

pytestmark = pytest.mark.usefixtures("master")
DEFINITION = {
    "encoding": "cp949",
    "delimiter": "|",
    "columns": {
        "source_key": {"from": ["고객번호"]},
        "name": {"from": ["고객명"]},
        "birth_date": {"from": ["생년월일"], "format": "%d.%m.%Y"},
        "rrn": {"from": ["주민번호"]},
        "ci": {"from": ["CI값"]},
        "account_no": {"from": ["계좌"]},
        "address": {"from": ["기본주소", "상세주소"]},
        "email": {"from": ["이메일"]},
        "kind": {"constant": "PERSON"},
    },
}
HEADER = "고객번호|고객명|생년월일|주민번호|CI값|계좌|기본주소|상세주소|비고"
RRN = make_rrn("850302", 2)


def make_draft(**fields: object) -> Mapping:
    return make_mapping(**{"definition": DEFINITION, "state": "DRAFT"} | fields)


def make_tested(**fields: object) -> Mapping:
    return make_draft(**{"tested_at": NOW, "tested_rows": 3, "tested_rejects": 1} | fields)


def sample(*rows: str, header: str = HEADER, encoding: str = "cp949", name: str = "sample.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join([header, *rows, ""]).encode(encoding))


def tried(mapping: Mapping, upload: SimpleUploadedFile) -> sampling.Sample:
    return mappings.test_mapping(mapping=mapping, sample=upload, by=make_staff(), at=NOW)


def row(key: str = "A1", **cells: str) -> str:
    """A row of the sample; cells by their place in the header."""
    values = {"고객번호": key, "고객명": "김하나", "생년월일": "02.03.1985", "주민번호": RRN, "CI값": make_ci()}
    values |= {"계좌": "110-123-456789", "기본주소": "서울시 강남구 테헤란로 1", "상세주소": "101호", "비고": "메모"}
    return "|".join((values | cells)[name] for name in HEADER.split("|"))


def test_a_test_shows_what_feeds_each_column_and_what_nothing_is_made_of():
    found = tried(make_draft(), sample(row()))

    assert (found.encoding, found.delimiter, found.read_count, found.reject_count) == ("cp949", "|", 1, 0)
    assert found.uses == (
        ColumnUse("source_key", ("고객번호",), (), None),
        ColumnUse("kind", (), (), "PERSON"),
        ColumnUse("name", ("고객명",), (), None),
        ColumnUse("birth_date", ("생년월일",), (), None),
        ColumnUse("rrn", ("주민번호",), (), None),
        ColumnUse("ci", ("CI값",), (), None),
        ColumnUse("email", (), ("이메일",), None),
        ColumnUse("address", ("기본주소", "상세주소"), (), None),
        ColumnUse("account_no", ("계좌",), (), None),
    )
    assert found.unused == ("비고",)


def test_a_test_shows_the_first_rows_as_sent_mapped_and_kept_with_identifiers_masked():
    found = tried(make_draft(), sample(row(), *(row(f"A{number}") for number in range(2, 9))))

    assert [taken.line for taken in found.rows] == [2, 3, 4, 5, 6]
    assert found.rows[0].cells == (
        SampleCell("source_key", "A1", "A1", "A1", ()),
        SampleCell("kind", "", "PERSON", "PERSON", ()),
        SampleCell("name", "김하나", "김하나", "김하나", ()),
        SampleCell("birth_date", "02.03.1985", "1985-03-02", "1985-03-02", ()),
        SampleCell("rrn", "850302-2******", "850302-2******", "850302-2******", ()),
        SampleCell("ci", "***", "***", "***", ()),
        SampleCell(
            "address",
            "서울시 강남구 테헤란로 1 + 101호",
            "서울시 강남구 테헤란로 1 101호",
            "서울특별시 강남구 테헤란로 1, 101호",
            (),
        ),
        SampleCell("account_no", "110-***-***789", "110-***-***789", "110-***-***789", ()),
    )
    assert RRN[7:] not in repr(found)
    assert make_ci() not in repr(found)


def test_a_resident_number_in_a_wrong_column_is_masked_too():
    found = tried(make_draft(), sample(row(고객명=f"김하나 {RRN}"), row("A2", 생년월일=RRN)))

    assert RRN[7:] not in repr(found)


def test_rejected_rows_are_named_with_line_column_and_reason_and_left_out_of_the_first_rows():
    found = tried(
        make_draft(),
        sample(row(고객명=""), row("A2"), row("A3", 생년월일="31.02.1985"), "A4|짧은 행", row("A5", 주민번호="12345")),
    )

    assert found.rejects == (
        SampleReject(2, "고객명", "", "REQUIRED"),
        SampleReject(4, "생년월일", "31.02.1985", "BIRTH_DATE_IMPOSSIBLE_DATE"),
        SampleReject(5, "", "2 / 9", "TOO_FEW_CELLS"),
        SampleReject(6, "주민번호", "", "RRN_LENGTH"),
    )
    assert [taken.line for taken in found.rows] == [3]
    assert (found.read_count, found.reject_count) == (5, 4)


def test_contracts_and_parties_are_tried_in_the_same_way():
    contracts = make_draft(
        layout="contracts",
        definition={"columns": {"contract_no": {"from": ["POL"]}, "status": {"from": ["ST"], "values": {"1": "정상"}}}},
    )
    parties = make_draft(
        layout="parties",
        definition={
            "columns": {
                "contract_no": {"from": ["POL"]},
                "role": {"constant": "계약자"},
                "party_source_key": {"from": ["KEY"]},
            }
        },
    )

    contract = tried(contracts, sample("P-1,1", header="POL,ST", encoding="utf-8"))
    party = tried(parties, sample("P-1\tK1", header="POL\tKEY", encoding="utf-8", name="parties.tsv"))

    assert contract.rows[0].cells == (
        SampleCell("contract_no", "P-1", "P-1", "P-1", ()),
        SampleCell("status", "1", "정상", "IN_FORCE", ()),
    )
    assert party.rows[0].cells == (
        SampleCell("contract_no", "P-1", "P-1", "P-1", ()),
        SampleCell("role", "", "계약자", "POLICYHOLDER", ()),
        SampleCell("party_source_key", "K1", "K1", "K1", ()),
    )
    assert party.delimiter == "\t"


def test_only_the_first_rows_of_a_long_sample_are_read(monkeypatch):
    monkeypatch.setattr(sampling, "MOST_ROWS", 3)

    long, short = (tried(make_draft(), sample(*map(row, keys))) for keys in ("ABCD", "ABC"))

    assert (long.read_count, long.is_cut) == (3, True)
    assert (short.read_count, short.is_cut) == (3, False)


def test_a_sample_with_a_header_alone_is_read_and_has_no_rows():
    found = tried(make_draft(), sample())

    assert (found.read_count, found.rows, found.rejects) == (0, (), ())


def test_a_test_keeps_when_and_how_many_and_nothing_else():
    mapping = make_draft()

    tried(mapping, sample(row(), row("A2", 고객명="")))

    mapping.refresh_from_db()
    assert (mapping.tested_at, mapping.tested_rows, mapping.tested_rejects) == (NOW, 2, 1)
    assert mapping.state == "DRAFT"
    assert SourceRecord.objects.count() == 0
    assert list((settings.FEED_DIR / mappings.SAMPLES).iterdir()) == []


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (sample(row(), header=HEADER.replace("고객명", "성명")), "The header has no column 고객명."),
        (sample(row(), header=HEADER.replace("비고", "고객명")), "The header names the column 고객명 more than once."),
        (SimpleUploadedFile("a.xlsx", b"no workbook"), "The file a.xlsx cannot be opened as an Excel workbook."),
        (SimpleUploadedFile("b.csv", b"\0\0\0"), "The file b.csv is neither text nor an Excel workbook."),
    ],
)
def test_a_sample_that_does_not_fit_is_refused_in_words(upload, sentence):
    mapping = make_draft()

    with translation.override("en"), pytest.raises(mappings.SampleRefused) as refused:
        tried(mapping, upload)

    mapping.refresh_from_db()
    assert (str(refused.value), mapping.tested_at) == (sentence, None)
    assert list((settings.FEED_DIR / mappings.SAMPLES).iterdir()) == []


def test_a_faulty_definition_is_not_even_tried():
    with pytest.raises(mappings.MappingUnfit) as unfit:
        tried(make_draft(definition={"columns": {"name": {"from": ["고객명"]}}}), sample(row()))

    assert len(unfit.value.args) == 1


def test_a_test_does_not_count_for_a_definition_that_was_edited_meanwhile():
    mapping = make_draft()
    Mapping.objects.filter(pk=mapping.pk).update(definition=DEFINITION | {"delimiter": ";"})

    with pytest.raises(mappings.MappingChanged):
        tried(mapping, sample(row()))

    mapping.refresh_from_db()
    assert mapping.tested_at is None


def test_a_tested_draft_is_put_to_use_beside_the_others():
    other, draft = make_mapping(DEFINITION, name="policy"), make_tested(name="policy-extra")

    mappings.publish_mapping(mapping=draft, replaces=None, by=make_staff())

    assert names_and_states() == [("policy", "LIVE"), ("policy-extra", "LIVE")]
    assert other.state == "LIVE"


def test_a_draft_takes_over_the_name_of_the_one_it_replaces():
    old, draft = make_mapping(DEFINITION, name="policy"), make_tested(name="policy~2")

    published = mappings.publish_mapping(mapping=draft, replaces=old, by=make_staff())

    assert names_and_states() == [("policy", "LIVE"), ("policy~3", "RETIRED")]
    assert (published.pk, published.name) == (draft.pk, "policy")


def names_and_states() -> list[tuple[str, str]]:
    return list(Mapping.objects.order_by("name").values_list("name", "state"))


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"tested_at": None, "tested_rows": 0, "tested_rejects": 0}, mappings.NeverTested),
        ({"tested_rows": 0, "tested_rejects": 0}, mappings.NeverTested),
        ({"tested_rows": 3, "tested_rejects": 3}, mappings.NeverTested),
        ({"definition": {"columns": {}}}, mappings.MappingUnfit),
        ({"state": "LIVE"}, mappings.NotADraft),
        ({"state": "RETIRED"}, mappings.NotADraft),
    ],
)
def test_what_is_not_ready_is_not_put_to_use(fields, problem):
    draft = make_tested(**fields)

    with pytest.raises(problem):
        mappings.publish_mapping(mapping=draft, replaces=None, by=make_staff())

    assert Mapping.objects.get().state == draft.state


@pytest.mark.parametrize(
    "fields", [{"source": "BANCA"}, {"layout": "parties"}, {"state": "RETIRED"}, {"state": "DRAFT"}]
)
def test_only_a_live_mapping_of_the_same_source_and_layout_can_be_replaced(fields):
    other, draft = make_mapping(DEFINITION, name="other", **fields), make_tested(name="draft")

    with pytest.raises(mappings.NotLive):
        mappings.publish_mapping(mapping=draft, replaces=other, by=make_staff())

    assert names_and_states() == [("draft", "DRAFT"), ("other", other.state)]


def test_only_a_draft_without_faults_is_edited():
    draft, live = make_tested(), make_mapping(DEFINITION)

    with pytest.raises(mappings.MappingUnfit):
        mappings.edit_mapping(mapping=draft, definition={"columns": {}}, by=make_staff())
    with pytest.raises(mappings.NotADraft):
        mappings.edit_mapping(mapping=live, definition=DEFINITION, by=make_staff())

    draft.refresh_from_db()
    assert (draft.definition, draft.tested_at) == (DEFINITION, NOW)


def test_a_live_mapping_is_retired_once():
    mapping = make_mapping(DEFINITION)

    mappings.retire_mapping(mapping=mapping, by=make_staff())

    assert Mapping.objects.get().state == "RETIRED"
    with pytest.raises(mappings.NotLive):
        mappings.retire_mapping(mapping=mapping, by=make_staff())


def test_a_copy_is_an_untested_draft_with_the_next_number():
    mapping = make_mapping(DEFINITION, name="policy", tested_at=NOW, tested_rows=9)

    first = mappings.copy_mapping(mapping=mapping, by=make_staff())
    second = mappings.copy_mapping(mapping=first, by=make_staff())

    assert [(draft.name, draft.state, draft.tested_at) for draft in (first, second)] == [
        ("policy~2", "DRAFT", None),
        ("policy~3", "DRAFT", None),
    ]
    assert (second.source, second.layout, second.definition) == (mapping.source, mapping.layout, DEFINITION)


def test_a_copy_of_a_name_of_full_length_still_fits():
    mapping = make_mapping(DEFINITION, name="n" * 60)

    assert mappings.copy_mapping(mapping=mapping, by=make_staff()).name == "n" * 55 + "~2"


def test_the_forerunner_of_a_draft_is_the_live_one_of_its_family():
    live, _other = make_mapping(DEFINITION, name="policy"), make_mapping(DEFINITION, name="policy-extra")
    draft = mappings.copy_mapping(mapping=live, by=make_staff())

    assert mappings.forerunner(draft) == live
    assert mappings.forerunner(make_draft(name="brand-new", updated_at=NOW + timedelta(days=1))) is None
