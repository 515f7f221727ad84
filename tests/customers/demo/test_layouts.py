import pytest

from customers.demo import MAPPINGS
from customers.demo.layouts import CANONICAL

KEYS = {"from", "join", "values", "constant", "format"}


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping_fits_the_header_of_its_file(demo, name):
    (entry,) = [entry for entry in demo.manifest() if entry["mapping"] == name]

    header = set(demo.rows(entry)[0])

    wanted = {text for spec in MAPPINGS[name]["columns"].values() for text in spec.get("from", [])}
    assert wanted - header == set()


@pytest.mark.parametrize("name", MAPPINGS)
def test_mapping_fills_canonical_columns_only(name):
    mapping = MAPPINGS[name]

    assert set(mapping["columns"]) - set(CANONICAL[mapping["layout"]]) == set()
    assert set().union(*mapping["columns"].values()) - KEYS == set()


@pytest.mark.parametrize(
    ("name", "start", "line_end"),
    [
        ("policy_customers.csv", "고객번호,고객구분,고객명,생년월일,성별,주민등록번호,휴대폰".encode("cp949"), b"\r\n"),
        ("banca_customers.csv", b"CUST_NO|CUST_NM|BIRTH_DT|SEX_CD|RRNO|PASSPORT_NO|HP_NO", b"\r\n"),
        ("tm_customers.tsv", b"\xef\xbb\xbf" + '"DB번호"\t"성명"\t'.encode(), b"\r\n"),
        ("fp_customers.csv", '"fp_code","branch_code","고객ID","고객명"'.encode(), b"\r\n"),
        ("online_customers.csv", b"member_id;name;birth_date;gender;ci;mobile", b"\r\n"),
    ],
)
def test_files_have_the_encoding_and_delimiter_of_their_source(demo, name, start, line_end):
    data = (demo.folder / name).read_bytes()

    assert data.startswith(start)
    assert data.endswith(line_end)


def test_memos_hold_quoted_newlines_and_commas(demo):
    (entry,) = [entry for entry in demo.manifest() if entry["mapping"] == "fp-customers"]

    memos = {row["메모"] for row in demo.rows(entry)}

    assert "1차 방문 완료\n2차 방문 약속, 오후 3시" in memos
    assert '통화 시 "다음 달에 다시" 요청' in memos


@pytest.mark.parametrize(
    ("layout", "column", "least"),
    [
        ("customers", "kind", {"PERSON", "ORG"}),
        ("customers", "sex", {"M", "F", ""}),
        (
            "contracts", "status",
            {"APPLIED", "IN_FORCE", "GRACE", "LAPSED", "REINSTATED", "WITHDRAWN", "VOID", "CANCELLED", "SURRENDERED",
             "MATURED", "TERMINATED", "TRANSFERRED", "REDUCED_PAID_UP", "PAID_UP", "WAIVED", "DECLINED"},
        ),
        ("contracts", "premium_cycle", {"MONTHLY", "BIMONTHLY", "QUARTERLY", "SEMIANNUAL", "ANNUAL", "SINGLE"}),
        (
            "contracts", "product_group",
            {"WHOLE_LIFE", "TERM", "HEALTH", "CANCER", "CHILD", "ANNUITY", "SAVINGS", "VARIABLE", "GROUP", "RETIREMENT",
             "INDEMNITY", "ACCIDENT"},
        ),
        (
            "parties", "role",
            {"POLICYHOLDER", "INSURED", "INSURED_2ND", "BENEFICIARY_MATURITY", "BENEFICIARY_DEATH",
             "BENEFICIARY_DISABILITY", "PAYER", "LEGAL_REP", "CLAIM_AGENT"},
        ),
    ],
)  # fmt: skip
def test_codes_of_all_sources_become_the_canonical_ones(demo, layout, column, least):
    assert {row.get(column, "") for row in demo.canonical(layout)} == least
