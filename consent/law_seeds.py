"""The registry of laws as a new installation begins with it (K3). Data only; compliance keeps it.

The names are those that the source document of 2008 cites, with what came after. Dates and clauses are as they were
read on READ_ON; what was not read in the law itself says so by its grade, and wants to be confirmed.
"""

from __future__ import annotations

READ_ON = "2026-11-22"
"""Since when a clause counts here whose law states no day of its own."""

# code, name, as cited (empty: not in the source document), area, successor, version read, in force since, repealed on
LAWS = (
    ("CONSTITUTION", "대한민국헌법", "헌법", "CONSTITUTION", "", "", "1988-02-25", None),
    (
        "PUBLIC_PIPA", "공공기관의 개인정보보호에 관한 법률", "공공기관의 개인정보보호에 관한 법률", "PUBLIC_GENERAL",
        "PIPA", "", None, "2011-09-30",
    ),
    (
        "E_GOV_OLD", "전자정부구현을 위한 행정업무 등의 전자화촉진에 관한 법률",
        "전자정부구현을 위한 행정업무 등의 전자화촉진에 관한 법률", "PUBLIC_SPECIAL", "E_GOV", "", None, None,
    ),
    ("E_GOV", "전자정부법", "", "PUBLIC_SPECIAL", "", "", None, None),
    ("RESIDENT", "주민등록법", "주민등록법", "PUBLIC_SPECIAL", "", "", None, None),
    ("FAMILY_OLD", "호적법", "호적법", "PUBLIC_SPECIAL", "FAMILY", "", None, "2008-01-01"),
    ("FAMILY", "가족관계의 등록 등에 관한 법률", "", "PUBLIC_SPECIAL", "", "", "2008-01-01", None),
    ("ROAD", "도로교통법", "도로교통법", "PUBLIC_SPECIAL", "", "", None, None),
    ("CAR", "자동차관리법", "자동차관리법령", "PUBLIC_SPECIAL", "", "", None, None),
    ("TAX", "국세기본법", "국세기본법", "PUBLIC_SPECIAL", "", "", None, None),
    (
        "NETWORK", "정보통신망 이용촉진 및 정보보호 등에 관한 법률",
        "정보통신망 이용촉진 및 정보보호 등에 관한 법률(정보통신망법)", "PRIVATE_GENERAL", "",
        "법률 제21988호(2026. 9. 29. 공포, 2026. 10. 2. 현재)", "2026-10-02", None,
    ),
    (
        "PIPA", "개인정보 보호법", "(입법 예정) 개인정보보호법", "PRIVATE_GENERAL", "",
        "법률 제21445호(2026. 3. 10. 공포)", "2026-09-11", None,
    ),
    (
        "PIPA_DECREE", "개인정보 보호법 시행령", "", "PRIVATE_GENERAL", "",
        "대통령령 제36671호(2026. 9. 10. 공포)", "2026-09-11", None,
    ),
    (
        "SAFETY", "개인정보의 안전성 확보조치 기준", "", "PRIVATE_GENERAL", "",
        "개인정보보호위원회고시 제2026-9호", "2026-07-01", None,
    ),
    ("GUIDELINE", "표준 개인정보 보호지침", "개인정보보호지침(세부 규정)", "PRIVATE_GENERAL", "", "", None, None),
    ("NETWORK_DECREE", "정보통신망법 시행령", "", "PRIVATE_GENERAL", "", "2026. 10. 2. 현재", "2026-10-02", None),
    (
        "CREDIT", "신용정보의 이용 및 보호에 관한 법률", "신용정보의 이용 및 보호에 관한 법률(신용정보법)",
        "PRIVATE_SPECIAL", "", "2026. 5. 12. 개정 포함", "2026-09-10", None,
    ),
    (
        "CREDIT_DECREE", "신용정보법 시행령", "", "PRIVATE_SPECIAL", "", "2026. 9. 10. 개정 포함", "2026-09-10", None,
    ),
    ("CREDIT_RULES", "신용정보업감독규정", "", "PRIVATE_SPECIAL", "", "", None, None),
    ("DEPOSIT", "예금자보호법", "예금자보호법", "PRIVATE_SPECIAL", "", "", None, None),
    ("INSURANCE", "보험업법", "보험업법령", "PRIVATE_SPECIAL", "", "", None, None),
    (
        "INSURANCE_DECREE", "보험업법 시행령", "보험업법령", "PRIVATE_SPECIAL", "",
        "2025. 10. 28. 개정 포함(제102조)", "2025-10-28", None,
    ),
    ("POLICY_TERMS", "생명보험 표준약관", "", "PRIVATE_SPECIAL", "", "2025. 6. 30. 개정", "2025-06-30", None),
    (
        "CONSUMER", "금융소비자 보호에 관한 법률", "", "PRIVATE_SPECIAL", "", "2023. 7. 11. 개정 포함", "2023-10-12",
        None,
    ),
    ("CONSUMER_DECREE", "금융소비자 보호에 관한 법률 시행령", "", "PRIVATE_SPECIAL", "", "", None, None),
    ("MEDICAL", "의료법", "의료법", "PRIVATE_SPECIAL", "", "", None, None),
    ("E_TRADE_OLD", "전자거래기본법", "전자거래기본법", "PRIVATE_SPECIAL", "E_TRADE", "", None, None),
    ("E_TRADE", "전자문서 및 전자거래 기본법", "", "PRIVATE_SPECIAL", "", "", None, None),
    (
        "E_COMMERCE", "전자상거래 등에서의 소비자보호에 관한 법률", "전자상거래 등에서의 소비자보호에 관한 법률",
        "PRIVATE_SPECIAL", "", "", None, None,
    ),
    ("EMERGENCY", "응급의료에 관한 법률", "응급의료에 관한 법률", "PRIVATE_SPECIAL", "", "", None, None),
    ("E_FINANCE", "전자금융거래법", "", "PRIVATE_SPECIAL", "", "", None, None),
    ("E_FINANCE_RULES", "전자금융감독규정", "", "PRIVATE_SPECIAL", "", "2025. 2. 5. 전면 개편", "2025-02-05", None),
    ("COMMERCIAL", "상법", "", "PRIVATE_SPECIAL", "", "2026. 7. 23. 현재(제4편)", None, None),
    ("AML", "특정 금융거래정보의 보고 및 이용 등에 관한 법률", "", "PRIVATE_SPECIAL", "", "", None, None),
    ("DOOR", "방문판매 등에 관한 법률", "", "PRIVATE_SPECIAL", "", "", None, None),
    ("HUMAN_RIGHTS", "국가인권위원회법", "국가인권위원회법", "OTHER", "", "", None, None),
    ("E_SIGN", "전자서명법", "전자서명법", "OTHER", "", "", None, None),
    ("INFORMATISATION_OLD", "정보화촉진기본법", "정보화촉진기본법", "OTHER", "INFORMATISATION", "", None, None),
    ("INFORMATISATION", "지능정보화 기본법", "", "OTHER", "", "", None, None),
    ("INFRASTRUCTURE", "정보통신기반 보호법", "정보통신기반보호법", "OTHER", "", "", None, None),
    ("HEALTH_CARE", "보건의료기본법", "보건의료기본법", "OTHER", "", "", None, None),
    ("SOCIAL", "사회보장기본법", "사회보장기본법", "OTHER", "", "", None, None),
    ("PHARMACY", "약사법", "약사법", "OTHER", "", "", None, None),
    ("MENTAL_OLD", "정신보건법", "정신보건법", "OTHER", "MENTAL", "", None, None),
    ("MENTAL", "정신건강증진 및 정신질환자 복지서비스 지원에 관한 법률", "", "OTHER", "", "", None, None),
    ("COMMUNICATION", "통신비밀보호법", "통신비밀보호법", "OTHER", "", "", None, None),
    (
        "REAL_NAME", "금융실명거래 및 비밀보장에 관한 법률", "금융실명거래 및 비밀보장에 관한 법률", "OTHER", "", "",
        None, None,
    ),
)  # fmt: skip
UNREAD_NOTE = "시행일과 승계 관계는 원문과 대조하기 전의 값으로, 준법감시부서의 확인이 필요합니다."
NOTES = {
    "NETWORK": (
        "개인정보 조항(옛 제22조~제32조의4)은 2020. 2. 4. 삭제되어 개인정보 보호법으로 옮겨졌습니다(2020. 8. 5. 시행)."
    ),
    "PIPA": (
        "2027. 3. 9. 시행 예정 개정(법률 제21910호: 인공지능 개발 특례 제28조의12~15)과 2027. 7. 1. 인증"
        " 의무화를 지켜봅니다."
    ),
    "SAFETY": "제2조·제5조·제7조·제8조·제12조만 확인했습니다. 나머지 조문은 확인이 필요합니다.",
    "CREDIT_RULES": "읽지 못했습니다. 별표 3과 별표 4의2의 원문을 준법감시부서에서 받아야 합니다.",
    "POLICY_TERMS": "보험업감독업무시행세칙 별표 15.",
}

# Who answers for a thing of each kind, by role.
OWNERS = {
    "ITEM": "STEWARD_LEAD",
    "PURPOSE": "COMPLIANCE_OFFICER",
    "SCREEN": "ADMINISTRATOR",
    "RETENTION": "PRIVACY_OFFICER",
    "NUMBER": "COMPLIANCE_OFFICER",
    "JOB": "ADMINISTRATOR",
    "COLUMN": "ADMINISTRATOR",
}
