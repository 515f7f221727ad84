"""What a new installation begins with: purposes, recipients, the first texts. Data only; compliance changes them."""

from __future__ import annotations

CONTACT_CHANNELS = ("PHONE", "SMS", "MESSENGER", "EMAIL", "MAIL", "VISIT", "PUSH")
NIGHT_CHANNELS = ("SMS", "MESSENGER", "PUSH")
BASIC = ("name", "birth_date", "sex", "mobile", "phone_home", "email", "address")

# code, name, English name, kind, legal basis, clause, required, opens the gate, items, channels, kept for months,
# confirmed again after months
PURPOSES = (
    (
        "INTEGRATED_USE", "고객정보 통합 활용", "Integrated use of customer data", "COLLECTION", "CONSENT",
        "신용정보법 제33조", True, True, (*BASIC, "company", "contract"), (), 60, 0,
    ),
    (
        "CONTRACT_SERVICE", "계약 유지·관리 안내", "Service to the contract", "SERVICE", "CONTRACT",
        "개인정보 보호법 제15조 제1항 제4호", True, False, (*BASIC, "contract", "premium"), (), 120, 0,
    ),
    (
        "MARKETING", "상품·서비스 안내 및 가입 권유", "Marketing and solicitation", "MARKETING", "CONSENT",
        "신용정보법 제33조, 정보통신망법 제50조", False, True, (*BASIC, "contract"), CONTACT_CHANNELS, 24, 24,
    ),
    (
        "NIGHT_ADVERTISING", "야간 광고성 정보 수신", "Advertising at night", "NIGHT", "CONSENT",
        "정보통신망법 제50조 제3항", False, False, ("mobile",), NIGHT_CHANNELS, 24, 24,
    ),
    (
        "PROVISION_CREDIT", "신용정보집중기관 제공", "Provision to the credit registry", "PROVISION", "CONSENT",
        "신용정보법 제32조", True, False, ("name", "rrn", "contract"), (), 60, 0,
    ),
    (
        "PROVISION_AFFILIATE", "제휴사 제공", "Provision to affiliates", "PROVISION", "CONSENT",
        "개인정보 보호법 제17조, 신용정보법 제32조", False, False, ("name", "mobile", "email"), (), 24, 0,
    ),
    (
        "SENSITIVE_HEALTH", "건강정보 처리", "Health data", "SENSITIVE", "CONSENT",
        "개인정보 보호법 제23조, 보험업법 시행령 제102조", True, False, (), (), 120, 0,
    ),
    (
        "UNIQUE_IDENTIFIER", "고유식별정보 처리", "Unique identifiers", "IDENTIFIER", "STATUTE",
        "보험업법 시행령 제102조 제5항", True, False, ("rrn", "passport"), (), 120, 0,
    ),
    (
        "TRANSFER_ABROAD", "재보험 국외 이전", "Transfer abroad for reinsurance", "ABROAD", "CONSENT",
        "개인정보 보호법 제28조의8", False, False, ("name", "birth_date", "sex", "contract"), (), 120, 0,
    ),
)  # fmt: skip

# code, name, kind, country, what it does, keeps copies and answers for them
RECIPIENTS = (
    ("CREDIT_REGISTRY", "한국신용정보원", "THIRD_PARTY", "KR", "보험계약·보험금 지급정보 집중관리", True),
    ("AFFILIATE_CARD", "제휴 카드사", "THIRD_PARTY", "KR", "제휴 서비스 안내", True),
    ("CALL_CENTRE", "고객센터 운영사", "PROCESSOR", "KR", "전화 상담 업무 수탁", True),
    ("MAIL_HOUSE", "우편 발송 대행사", "PROCESSOR", "KR", "안내장 출력·발송 수탁", True),
    ("REINSURER", "해외 재보험사", "ABROAD", "DE", "재보험 인수 심사", True),
    ("WAREHOUSE", "데이터웨어하우스", "OWN_SYSTEM", "KR", "통계 분석, 점수 산출", True),
)

RETENTION_WORDS = "동의일부터 철회 시 또는 거래 종료 후 5년까지. 다른 법령이 정하면 그 기간까지 분리하여 보관합니다."
REFUSAL_WORDS = {
    True: "동의를 거부하실 수 있습니다. 다만 필수 동의를 거부하시면 계약의 체결과 유지, 통합 고객 서비스가 제한됩니다.",
    False: "동의를 거부하실 수 있으며, 거부하셔도 계약의 체결과 유지에는 불이익이 없습니다.",
}
BODY_WORDS = "회사는 '{name}' 목적으로 아래 항목을 {basis} 처리합니다."
BASIS_WORDS = {"CONSENT": "고객의 동의를 받아", "CONTRACT": "계약의 이행을 위하여", "STATUTE": "법령에 따라"}
