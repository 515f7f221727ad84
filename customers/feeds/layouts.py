"""The canonical layouts: the columns that every feed is mapped to, and which of them a row cannot do without. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CanonicalLayout:
    """One kind of feed. required: an empty cell rejects the row. optional: known, but not part of the plain header.

    dates: cells that must read as a date; instants: as a date with or without a time; codes: {column: {as sent:
    canonical}}, upper-cased before look-up; an unknown code rejects the row unless `fallbacks` has one for the column.
    identifiers: sealed at rest. limits: {column: the most letters it may have}, so that no index and no code column of
    the database refuses a row.
    """

    name: str
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    required: tuple[str, ...]
    dates: tuple[str, ...]
    instants: tuple[str, ...]
    codes: dict[str, dict[str, str]]
    identifiers: tuple[str, ...] = ()
    fallbacks: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def all_columns(self) -> tuple[str, ...]:
        return self.columns + self.optional


def _codes(**spellings: str) -> dict[str, str]:
    """{"PERSON": "P 개인"} → {"PERSON": "PERSON", "P": "PERSON", "개인": "PERSON"}."""
    return {spelling: code for code, others in spellings.items() for spelling in (code, *others.split())}


CUSTOMERS = CanonicalLayout(
    name="customers",
    columns=tuple(
        (
            "source_key kind name birth_date sex rrn ci mobile phone_home email address postcode company_name "
            "company_no employee_no real_name_verified_on marketing_consent_on as_of"
        ).split()
    ),
    optional=("crn", "passport", "account_no", "branch_code", "fp_code"),
    required=("source_key", "name"),
    dates=("real_name_verified_on", "marketing_consent_on"),
    instants=("as_of",),
    codes={
        "kind": _codes(
            PERSON="P I INDIVIDUAL 개인 1",
            ORG="O C G ORGANISATION ORGANIZATION CORPORATE CORPORATION COMPANY GROUP 법인 단체 기업 2",
        ),
    },
    identifiers=("rrn", "ci", "passport", "account_no"),
    limits={"source_key": 200, "name": 300, "employee_no": 100, "branch_code": 20, "fp_code": 20},
)

CONTRACTS = CanonicalLayout(
    name="contracts",
    columns=tuple(
        (
            "contract_no product_group product_name status started_on ends_on premium premium_cycle branch_code "
            "fp_code as_of"
        ).split()
    ),
    optional=(),
    required=("contract_no", "status"),
    dates=("started_on", "ends_on"),
    instants=("as_of",),
    codes={
        "product_group": _codes(
            WHOLE_LIFE="종신",
            TERM="정기",
            HEALTH="건강 질병 CI GI",
            CANCER="암",
            ACCIDENT="상해 재해",
            CHILD="어린이",
            ANNUITY="연금 연금저축 PENSION",
            SAVINGS="저축",
            VARIABLE="변액 UL UNIVERSAL 유니버설",
            INDEMNITY="실손",
            GROUP="단체",
            RETIREMENT="퇴직연금",
            OTHER="기타",
        ),
        "status": _codes(
            APPLIED="APPLICATION 청약",
            IN_FORCE="INFORCE ACTIVE NORMAL 정상 유지",
            GRACE="유예",
            LAPSED="LAPSE 실효",
            REINSTATED="부활",
            WITHDRAWN="청약철회 철회",
            VOID="무효",
            CANCELLED="CANCELED 취소",
            DECLINED="거절 반송",
            SURRENDERED="SURRENDER 해지 해약",
            MATURED="MATURITY 만기",
            TERMINATED="TERMINATION 소멸",
            TRANSFERRED="계약이전 이전",
            REDUCED_PAID_UP="감액완납 연장정기",
            PAID_UP="납입완료 완납",
            WAIVED="납입면제",
        ),
        "premium_cycle": _codes(
            MONTHLY="M 1 월납",
            BIMONTHLY="2 2월납",
            QUARTERLY="Q 3 3월납 분기납",
            SEMIANNUAL="S 6 6월납 반기납",
            ANNUAL="Y A 12 YEARLY 연납",
            SINGLE="0 99 일시납",
        ),
    },
    fallbacks={"product_group": "OTHER", "premium_cycle": ""},
    limits={"contract_no": 200, "product_name": 300, "branch_code": 20, "fp_code": 20},
)

PARTIES = CanonicalLayout(
    name="parties",
    columns=("contract_no", "role", "party_source_key"),
    optional=(),
    required=("contract_no", "role", "party_source_key"),
    dates=(),
    instants=(),
    codes={
        "role": _codes(
            POLICYHOLDER="HOLDER OWNER 계약자",
            INSURED="피보험자 주피보험자 주피",
            INSURED_2ND="종피보험자 종피",
            BENEFICIARY_MATURITY="BENEFICIARY 수익자 만기수익자 생존수익자",
            BENEFICIARY_DEATH="사망수익자",
            BENEFICIARY_DISABILITY="상해수익자 장해수익자 입원수익자",
            PAYER="납입자",
            ACCOUNT_HOLDER="예금주",
            LEGAL_REP="GUARDIAN 법정대리인 친권자 후견인",
            CLAIM_AGENT="지정대리청구인",
        )
    },
    limits={"contract_no": 200, "party_source_key": 200},
)

LAYOUTS = {layout.name: layout for layout in (CUSTOMERS, CONTRACTS, PARTIES)}
