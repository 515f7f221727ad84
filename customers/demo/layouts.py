"""The layouts of the demo files: canonical columns, and the mapping of each source's own file on to them.

A mapping is what an administrator writes: per canonical column the headers it comes `from` (several are joined by
`join`, else by a blank), `values` from the source's codes to ours (others pass unchanged), a `constant`, or the
`format` of a date that is neither ISO nor yyyymmdd. Where two codes mean the same, the demo files use both.
"""

CUSTOMER_COLUMNS = (
    "source_key", "kind", "name", "birth_date", "sex", "rrn", "ci", "mobile", "phone_home", "email", "address",
    "postcode", "company_name", "company_no", "employee_no", "real_name_verified_on", "marketing_consent_on", "as_of",
    "crn", "passport", "account_no", "branch_code", "fp_code",
)  # fmt: skip
CONTRACT_COLUMNS = (
    "contract_no", "product_group", "product_name", "status", "started_on", "ends_on", "premium", "premium_cycle",
    "branch_code", "fp_code", "as_of",
)  # fmt: skip
PARTY_COLUMNS = ("contract_no", "role", "party_source_key")
CANONICAL = {"customers": CUSTOMER_COLUMNS, "contracts": CONTRACT_COLUMNS, "parties": PARTY_COLUMNS}
DATE_COLUMNS = {"birth_date", "real_name_verified_on", "marketing_consent_on", "as_of", "started_on", "ends_on"}

_KOREAN_STATES = {
    "청약": "APPLIED", "정상": "IN_FORCE", "유예": "GRACE", "실효": "LAPSED", "부활": "REINSTATED",
    "청약철회": "WITHDRAWN", "무효": "VOID", "취소": "CANCELLED", "품질보증해지": "CANCELLED",
    "해지": "SURRENDERED", "임의해지": "SURRENDERED",
    "만기": "MATURED", "소멸": "TERMINATED", "계약이전": "TRANSFERRED", "감액완납": "REDUCED_PAID_UP",
    "납입완료": "PAID_UP", "납입면제": "WAIVED", "거절": "DECLINED",
}  # fmt: skip
_LETTER_STATES = {
    "AP": "APPLIED", "IF": "IN_FORCE", "GR": "GRACE", "LA": "LAPSED", "RI": "REINSTATED", "WD": "WITHDRAWN",
    "VD": "VOID", "CN": "CANCELLED", "SR": "SURRENDERED", "MT": "MATURED", "TM": "TERMINATED", "TR": "TRANSFERRED",
    "RP": "REDUCED_PAID_UP", "PU": "PAID_UP", "WV": "WAIVED", "DC": "DECLINED",
}  # fmt: skip
_NUMBER_STATES = {
    "01": "APPLIED", "10": "IN_FORCE", "11": "GRACE", "20": "LAPSED", "21": "REINSTATED", "30": "WITHDRAWN",
    "31": "VOID", "32": "CANCELLED", "40": "SURRENDERED", "50": "MATURED", "60": "TERMINATED", "61": "TRANSFERRED",
    "70": "REDUCED_PAID_UP", "71": "PAID_UP", "72": "WAIVED", "02": "DECLINED",
}  # fmt: skip
_KOREAN_PRODUCTS = {
    "종신": "WHOLE_LIFE", "정기": "TERM", "건강": "HEALTH", "암": "CANCER", "어린이": "CHILD", "연금": "ANNUITY",
    "저축": "SAVINGS", "변액": "VARIABLE", "단체": "GROUP", "퇴직연금": "RETIREMENT", "실손": "INDEMNITY",
    "상해": "ACCIDENT",
}  # fmt: skip
_LETTER_PRODUCTS = {
    "WL": "WHOLE_LIFE", "TL": "TERM", "HL": "HEALTH", "CC": "CANCER", "CH": "CHILD", "AN": "ANNUITY", "SV": "SAVINGS",
    "VA": "VARIABLE", "AC": "ACCIDENT", "ID": "INDEMNITY",
}  # fmt: skip
_KOREAN_CYCLES = {
    "월납": "MONTHLY", "2월납": "BIMONTHLY", "3월납": "QUARTERLY", "6월납": "SEMIANNUAL", "연납": "ANNUAL",
    "일시납": "SINGLE",
}  # fmt: skip
_MONTH_CYCLES = {
    "01": "MONTHLY", "02": "BIMONTHLY", "03": "QUARTERLY", "06": "SEMIANNUAL", "12": "ANNUAL", "00": "SINGLE",
}  # fmt: skip
_KOREAN_ROLES = {
    "계약자": "POLICYHOLDER", "피보험자": "INSURED", "주피보험자": "INSURED", "종피보험자": "INSURED_2ND",
    "만기수익자": "BENEFICIARY_MATURITY", "사망수익자": "BENEFICIARY_DEATH", "장해수익자": "BENEFICIARY_DISABILITY",
    "납입자": "PAYER", "예금주": "PAYER", "법정대리인": "LEGAL_REP", "지정대리청구인": "CLAIM_AGENT",
}  # fmt: skip
_LETTER_ROLES = {
    "PH": "POLICYHOLDER", "IN": "INSURED", "I2": "INSURED_2ND", "BM": "BENEFICIARY_MATURITY", "BD": "BENEFICIARY_DEATH",
    "BX": "BENEFICIARY_DISABILITY", "PY": "PAYER", "LR": "LEGAL_REP", "CA": "CLAIM_AGENT",
}  # fmt: skip


def _from(*headers: str, **more: object) -> dict[str, object]:
    return {"from": list(headers), **more}


MAPPINGS = {
    "policy-customers": {
        "source": "POLICY", "layout": "customers", "encoding": "cp949", "delimiter": ",",
        "columns": {
            "source_key": _from("고객번호"),
            "kind": _from("고객구분", values={"1": "PERSON", "2": "ORG"}),
            "name": _from("고객명"),
            "birth_date": _from("생년월일"),
            "sex": _from("성별", values={"1": "M", "2": "F"}),
            "rrn": _from("주민등록번호"),
            "mobile": _from("휴대폰"),
            "phone_home": _from("자택전화"),
            "email": _from("이메일"),
            "postcode": _from("우편번호"),
            "address": _from("기본주소", "상세주소", join=" "),
            "company_name": _from("직장명"),
            "company_no": _from("사업자번호"),
            "real_name_verified_on": _from("실명확인일"),
            "marketing_consent_on": _from("마케팅동의일"),
            "as_of": _from("기준일"),
        },
    },
    "policy-contracts": {
        "source": "POLICY", "layout": "contracts", "encoding": "cp949", "delimiter": ",",
        "columns": {
            "contract_no": _from("증권번호"),
            "product_group": _from("상품군", values=_KOREAN_PRODUCTS),
            "product_name": _from("상품명"),
            "status": _from("계약상태", values=_KOREAN_STATES),
            "started_on": _from("계약일"),
            "ends_on": _from("만기일"),
            "premium": _from("보험료"),
            "premium_cycle": _from("납입주기", values=_KOREAN_CYCLES),
            "branch_code": _from("지점코드"),
            "fp_code": _from("담당설계사"),
            "as_of": _from("기준일"),
        },
    },
    "policy-parties": {
        "source": "POLICY", "layout": "parties", "encoding": "cp949", "delimiter": ",",
        "columns": {
            "contract_no": _from("증권번호"),
            "role": _from("관계자구분", values=_KOREAN_ROLES),
            "party_source_key": _from("고객번호"),
        },
    },
    "banca-customers": {
        "source": "BANCA", "layout": "customers", "encoding": "cp949", "delimiter": "|",
        "columns": {
            "source_key": _from("CUST_NO"),
            "kind": {"constant": "PERSON"},
            "name": _from("CUST_NM"),
            "birth_date": _from("BIRTH_DT"),
            "sex": _from("SEX_CD", values={"M": "M", "F": "F"}),
            "rrn": _from("RRNO"),
            "passport": _from("PASSPORT_NO"),
            "mobile": _from("HP_NO"),
            "email": _from("EMAIL_ADDR"),
            "postcode": _from("ZIP_CD"),
            "address": _from("ADDR"),
            "account_no": _from("ACCT_NO"),
            "real_name_verified_on": _from("REALNM_DT"),
            "marketing_consent_on": _from("MKT_AGREE_DT"),
            "branch_code": _from("BRANCH_CD"),
            "as_of": _from("BASE_DT"),
        },
    },
    "banca-contracts": {
        "source": "BANCA", "layout": "contracts", "encoding": "cp949", "delimiter": "|",
        "columns": {
            "contract_no": _from("POL_NO"),
            "product_group": _from("PROD_GRP_CD", values=_LETTER_PRODUCTS),
            "product_name": _from("PROD_NM"),
            "status": _from("POL_STAT_CD", values=_LETTER_STATES),
            "started_on": _from("CONT_DT"),
            "ends_on": _from("MAT_DT"),
            "premium": _from("PREM_AMT"),
            "premium_cycle": _from("PAY_CYCL_CD", values=_MONTH_CYCLES),
            "branch_code": _from("BRANCH_CD"),
            "as_of": _from("BASE_DT"),
        },
    },
    "banca-parties": {
        "source": "BANCA", "layout": "parties", "encoding": "cp949", "delimiter": "|",
        "columns": {
            "contract_no": _from("POL_NO"),
            "role": _from("ROLE_CD", values=_LETTER_ROLES),
            "party_source_key": _from("CUST_NO"),
        },
    },
    "tm-customers": {
        "source": "TM", "layout": "customers", "encoding": "utf-8-sig", "delimiter": "\t",
        "columns": {
            "source_key": _from("DB번호"),
            "kind": {"constant": "PERSON"},
            "name": _from("성명"),
            "birth_date": _from("생년월일"),
            "sex": _from("성별", values={"남": "M", "여": "F", "남자": "M", "여자": "F"}),
            "mobile": _from("연락처1"),
            "phone_home": _from("연락처2"),
            "email": _from("이메일"),
            "postcode": _from("우편번호"),
            "address": _from("주소"),
            "marketing_consent_on": _from("동의일자", format="%Y/%m/%d"),
            "as_of": _from("최종통화일", format="%Y/%m/%d"),
        },
    },
    "corp-companies": {
        "source": "CORP", "layout": "customers", "encoding": "utf-8", "delimiter": ",", "sheet": "회사",
        "columns": {
            "source_key": _from("관리번호"),
            "kind": {"constant": "ORG"},
            "name": _from("회사명"),
            "company_no": _from("사업자등록번호"),
            "crn": _from("법인등록번호"),
            "phone_home": _from("대표전화"),
            "email": _from("담당자메일"),
            "postcode": _from("우편번호"),
            "address": _from("소재지"),
            "branch_code": _from("관리지점"),
            "as_of": _from("기준일", format="%Y.%m.%d"),
        },
    },
    "corp-employees": {
        "source": "CORP", "layout": "customers", "encoding": "utf-8", "delimiter": ",", "sheet": "직원",
        "columns": {
            "source_key": _from("관리번호"),
            "kind": {"constant": "PERSON"},
            "name": _from("직원명"),
            "rrn": _from("주민번호"),
            "birth_date": _from("생년월일"),
            "sex": _from("성별", values={"남": "M", "여": "F"}),
            "company_name": _from("회사명"),
            "company_no": _from("사업자등록번호"),
            "employee_no": _from("사번"),
            "mobile": _from("휴대전화"),
            "phone_home": _from("연락처"),
            "email": _from("이메일"),
            "postcode": _from("우편번호"),
            "address": _from("주소"),
            "as_of": _from("기준일", format="%Y.%m.%d"),
        },
    },
    "corp-contracts": {
        "source": "CORP", "layout": "contracts", "encoding": "utf-8", "delimiter": ",",
        "columns": {
            "contract_no": _from("계약번호"),
            "product_group": _from("상품구분", values={"단체": "GROUP", "퇴직연금": "RETIREMENT"}),
            "product_name": _from("상품명"),
            "status": _from("상태코드", values=_NUMBER_STATES),
            "started_on": _from("개시일"),
            "ends_on": _from("종료일"),
            "premium": _from("보험료"),
            "premium_cycle": _from("납입주기", values=_KOREAN_CYCLES),
            "branch_code": _from("관리지점"),
            "as_of": _from("기준일"),
        },
    },
    "corp-parties": {
        "source": "CORP", "layout": "parties", "encoding": "utf-8", "delimiter": ",",
        "columns": {
            "contract_no": _from("계약번호"),
            "role": _from("역할", values={"단체계약자": "POLICYHOLDER", "피보험자": "INSURED", "납입자": "PAYER"}),
            "party_source_key": _from("관리번호"),
        },
    },
    "fp-customers": {
        "source": "FP", "layout": "customers", "encoding": "utf-8", "delimiter": ",",
        "columns": {
            "fp_code": _from("fp_code"),
            "branch_code": _from("branch_code"),
            "source_key": _from("고객ID"),
            "kind": {"constant": "PERSON"},
            "name": _from("고객명"),
            "birth_date": _from("생일"),
            "sex": _from("성별", values={"남": "M", "여": "F"}),
            "mobile": _from("휴대폰"),
            "phone_home": _from("집전화"),
            "email": _from("이메일"),
            "address": _from("주소"),
            "company_name": _from("직장"),
            "as_of": _from("최종수정일"),
        },
    },
    "online-customers": {
        "source": "ONLINE", "layout": "customers", "encoding": "utf-8", "delimiter": ";",
        "columns": {
            "source_key": _from("member_id"),
            "kind": {"constant": "PERSON"},
            "name": _from("name"),
            "birth_date": _from("birth_date"),
            "sex": _from("gender", values={"male": "M", "female": "F"}),
            "ci": _from("ci"),
            "mobile": _from("mobile"),
            "email": _from("email"),
            "postcode": _from("zip"),
            "address": _from("address"),
            "real_name_verified_on": _from("verified_at"),
            "marketing_consent_on": _from("marketing_agreed_at"),
            "as_of": _from("updated_at"),
        },
    },
}  # fmt: skip
