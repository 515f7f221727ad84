"""Codes that rows keep without the model knowing their words, by field: where the words of each are."""

from __future__ import annotations

from collections.abc import Mapping

from consent.words import consents, contact, gate, pack_fields, retention

ITEM_FIELDS = frozenset({("customers.Reveal", "item"), ("customers.Wish", "item")})
"""Fields that name an item of the catalogue."""
CUSTOMER_NUMBERS = frozenset({("customers.Customer", "number"), ("customers.HistoricalCustomer", "number")})
"""Fields that hold the number of a customer."""
CATALOGUED: Mapping[tuple[str, str], Mapping[object, object]] = {
    ("consent.ContactDecision", "reason"): contact.REASONS,
    ("consent.GateChange", "because"): gate.BECAUSE,
    ("consent.GateChange", "before"): pack_fields.GATES,
    ("consent.GateChange", "after"): pack_fields.GATES,
    ("consent.Verification", "mismatch"): gate.MISMATCHES,
    ("consent.Consent", "because"): consents.BECAUSE,
    ("consent.ConsentConflict", "outcome"): consents.OUTCOMES,
    ("consent.Receipt", "proof"): consents.PROOFS,
    ("consent.DestructionItem", "data_class"): retention.CLASSES,
    ("consent.DestructionItem", "refusal"): retention.WHY,
}
CHANNELS: Mapping[str, str] = {
    "ANY": "연락 방법 구분 없음",
    "PHONE": "전화",
    "SMS": "문자 메시지",
    "MESSENGER": "알림톡",
    "EMAIL": "전자우편",
    "MAIL": "우편",
    "VISIT": "방문",
    "PUSH": "앱 알림",
    "FAX": "팩스",
}
ANSWERS: Mapping[str, str] = {"GIVEN": "동의", "REFUSED": "거부", "WITHDRAWN": "철회", "LAPSED": "기간 만료"}
ANSWERED_BY: Mapping[str, str] = {"SELF": "본인", "LEGAL_REP": "법정대리인", "PROXY": "대리인"}
# What the law calls these in Korean, word for word, whatever the pages say for short.
TABLES: Mapping[tuple[str, str], Mapping[object, object]] = {
    **CATALOGUED,
    ("consent.Consent", "answer"): ANSWERS,
    ("consent.ConsentConflict", "outcome"): {**consents.OUTCOMES, **ANSWERS},
    ("consent.Receipt", "by_role"): ANSWERED_BY,
    ("consent.Receipt", "method"): {
        "PAPER": "서명한 종이",
        "TABLET": "태블릿 서명",
        "PHONE": "녹음한 통화",
        "PHONE_WEB": "통화와 홈페이지 동의문",
        "WEB": "홈페이지·앱",
        "EMAIL": "전자우편",
        "SOURCE": "다른 시스템이 보낸 것",
        "ORAL": "말씀으로만",
    },
    ("consent.RightsRequest", "kind"): {
        "ACCESS": "열람",
        "CORRECTION": "정정",
        "CREDIT_CORRECTION": "신용정보 정정",
        "DELETION": "삭제",
        "STOP": "처리정지",
        "WITHDRAWAL": "동의 철회",
        "HISTORY": "이용·제공 내역",
        "PORTABILITY": "전송 요구",
        "AUTOMATED": "자동화된 결정에 대한 설명",
    },
    ("consent.RightsRequest", "state"): {
        "RECEIVED": "접수",
        "ACCEPTED": "처리 중",
        "ANSWERED": "답변 완료",
        "REFUSED": "거절",
        "TAKEN_BACK": "취하",
    },
    ("consent.RightsRequest", "via"): {
        "LETTER": "우편",
        "BRANCH": "지점 방문",
        "PHONE": "전화",
        "WEB": "홈페이지",
        "EMAIL": "전자우편",
    },
    ("consent.RightsRequest", "asker"): ANSWERED_BY,
    ("consent.ContactRefusal", "kind"): {
        "DO_NOT_CONTACT": "모든 연락 거부",
        "OPT_OUT": "광고성 정보 수신 거부",
        "CREDIT_STOP": "상품 권유 중지",
    },
    ("consent.Circumstance", "kind"): {
        "DECEASED": "사망",
        "COMPLAINT": "민원 처리 중",
        "CLAIM": "보험금 청구 처리 중",
        "DEAD_CONTACT": "연락이 닿지 않는 연락처",
    },
    ("consent.Verification", "method"): {
        "ID_CARD": "신분증 확인",
        "MOBILE": "휴대전화 본인확인",
        "CERTIFICATE": "인증서",
        "VIDEO": "영상통화",
        "CARD": "신용카드",
        "ACCOUNT": "1원 송금 계좌 확인",
        "SOURCE": "다른 시스템의 통보",
        "REGISTRY": "사업자등록 확인",
    },
    ("consent.CleanupAsk", "kind"): {
        "VERIFY_NAME": "본인확인",
        "ASK_CONSENT": "동의 여부",
        "RECONFIRM": "동의 유지 확인",
        "GUARDIAN": "법정대리인의 동의",
        "OF_AGE": "성년이 되신 뒤의 동의",
    },
    ("consent.CleanupAsk", "state"): {
        "OPEN": "아직 여쭙지 않음",
        "DONE": "마침",
        "REFUSED": "거절하심",
        "UNREACHED": "기한 안에 연락되지 않음",
        "GONE": "더 이상 필요 없음",
    },
    ("consent.Hold", "scope"): {"EVERYTHING": "분리보관과 파기 모두 보류", "DESTRUCTION": "파기만 보류"},
    ("consent.DestructionItem", "state"): {"WAITING": "대기", "DONE": "처리함", "SKIPPED": "제외함"},
    ("relations.HandoverItem", "state"): {
        "PLANNED": "계획",
        "OFFERED": "제안",
        "ACCEPTED": "수락",
        "RETURNED": "돌려보냄",
        "DONE": "완료",
    },
    ("relations.Roster", "state"): {
        "WAITING": "대기",
        "CHECKING": "확인 중",
        "CHECKED": "확인 완료",
        "APPLYING": "반영 중",
        "APPLIED": "반영함",
        "CANCELLED": "취소",
        "FAILED": "실패",
    },
}
