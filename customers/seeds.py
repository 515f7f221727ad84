"""What a new installation begins with: sources, the catalogue of items. Data only."""

from __future__ import annotations

# code, name, English name, channel, owner department, trust, expected link rate, expected lag (hours)
SOURCES = (
    ("POLICY", "보험계약관리", "Policy administration", "FP", "계약관리부", 90, "1.000", 24),
    ("BANCA", "방카슈랑스", "Bancassurance", "BANCASSURANCE", "제휴영업부", 70, "1.000", 24),
    ("TM", "텔레마케팅", "Telemarketing", "TELEMARKETING", "TM영업부", 50, "0.950", 24),
    ("CORP", "법인·단체지원", "Group business", "CORPORATE", "법인영업부", 75, "0.980", 48),
    ("FP", "FP 유망고객", "FP prospects", "FP", "영업추진부", 30, "0.900", 24),
    ("ONLINE", "온라인", "Online", "DIRECT", "디지털영업부", 60, "0.950", 1),
)
STEWARD = "STEWARD"
"""The source of corrections: what people of the master itself say of a customer. No file comes from it, so it is no
active source; its trust is the highest."""
STEWARD_SOURCE = (STEWARD, "고객정보관리자", "Data stewards", "DIRECT", "고객정보관리부", 100, "1.000", 24)
PROSPECT = "PROSPECT"
"""The source of prospects that planners register in Hannun itself. No file comes from it, so it is no active source."""
PROSPECT_SOURCE = (PROSPECT, "유망고객 등록", "Prospect registration", "FP", "영업추진부", 30, "1.000", 24)
OWN_SOURCES = (STEWARD_SOURCE, PROSPECT_SOURCE)
"""The sources that Hannun itself is."""

# code, name, English name, area, owner, steward, grade, mask, purpose, legal basis, survivorship, retention
ITEMS = (
    ("name", "이름", "Name", "BASIC", 3, "NAME", "본인 식별", "IDENTITY"),
    ("birth_date", "생년월일", "Birth date", "BASIC", 3, "BIRTH_DATE", "본인 식별, 보험나이 산출", "IDENTITY"),
    ("sex", "성별", "Sex", "BASIC", 3, "NONE", "보험료 산출", "IDENTITY"),
    ("rrn", "주민(외국인)등록번호", "Resident or alien number", "BASIC", 1, "RESIDENT_NUMBER", "실명확인", "IDENTITY"),
    ("ci", "연계정보(CI)", "Connecting information (CI)", "BASIC", 1, "ALL", "본인확인", "IDENTITY"),
    ("passport", "여권번호", "Passport number", "BASIC", 1, "ALL", "실명확인", "IDENTITY"),
    ("account_no", "계좌번호", "Account number", "BASIC", 1, "ACCOUNT", "보험료 수납, 보험금 지급", "CONTACT"),
    ("mobile", "휴대전화", "Mobile", "BASIC", 2, "PHONE", "계약 안내, 연락", "CONTACT"),
    ("phone_home", "자택전화", "Home phone", "BASIC", 2, "PHONE", "계약 안내, 연락", "CONTACT"),
    ("email", "이메일", "E-mail", "BASIC", 2, "EMAIL", "계약 안내, 연락", "CONTACT"),
    ("address", "주소", "Address", "BASIC", 2, "ADDRESS", "우편 안내", "CONTACT"),
    ("company", "직장", "Employer", "BASIC", 3, "NONE", "위험직군 확인, 단체계약", "CONTACT"),
    ("crn", "법인등록번호", "Corporate number", "BASIC", 3, "NONE", "법인 식별", "IDENTITY"),
    ("real_name_verified_on", "실명확인일", "Real name verified on", "BASIC", 4, "NONE", "통합 대상 판정", "LATEST"),
    ("marketing_consent_on", "마케팅 동의일", "Marketing consent on", "BASIC", 4, "NONE", "통합 대상 판정", "LATEST"),
    ("grade", "고객등급", "Grade", "BASIC", 3, "NONE", "서비스 차등", ""),
    ("main_branch", "주관리점", "Main branch", "CONTACT_RELATED", 4, "NONE", "고객관리", ""),
    ("keeper", "담당자", "Keeper", "CONTACT_RELATED", 4, "NONE", "고객관리", ""),
    ("contract", "계약", "Contract", "CONTRACT", 3, "NONE", "계약 관리", ""),
    ("premium", "보험료", "Premium", "CONTRACT", 3, "NONE", "계약 관리", ""),
    ("contact", "접촉 이력", "Contact history", "CONTACT", 3, "NONE", "고객 응대", ""),
    ("household", "세대", "Household", "CONTACT_RELATED", 3, "ALL", "세대 단위 상담", ""),
    ("consent", "동의", "Consent", "CONTACT_RELATED", 3, "NONE", "연락 가능 여부 판정", ""),
    ("relationship", "관계", "Relationship", "CONTACT_RELATED", 3, "ALL", "관계자 확인", ""),
    ("income", "연소득", "Income a year", "BASIC", 2, "ALL", "적합성 확인, 보장 설계", ""),
    ("assets", "자산", "Assets", "BASIC", 2, "ALL", "적합성 확인, 보장 설계", ""),
    ("debts", "부채", "Debts", "BASIC", 2, "ALL", "적합성 확인, 보장 설계", ""),
    ("premium_capacity", "보험료 납입여력", "Premium capacity", "BASIC", 2, "ALL", "적합성 확인, 보장 설계", ""),
    ("policy_elsewhere", "타사 보험", "Policies elsewhere", "BASIC", 2, "ALL", "보장 설계", ""),
    ("risk_profile", "투자성향", "Risk profile", "BASIC", 2, "ALL", "적합성 확인", ""),
    ("group_cover", "단체보장", "Group cover", "CONTRACT", 2, "ALL", "단체계약 관리", ""),
    ("officer", "법인 담당자", "Contact person", "CONTACT", 3, "NAME", "법인계약 관리", ""),
)
OWNER_DEPARTMENT = "고객정보관리부"
STEWARD_DEPARTMENT = "데이터관리팀"
LEGAL_BASES = {"rrn": "보험업법 시행령 제102조 제5항", "ci": "정보통신망법 제23조의5"}
LEGAL_BASIS = "개인정보 보호법 제15조 제1항"
