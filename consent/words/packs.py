"""The words of answer packs: what every kind and field that a holder gives out is called to the person themselves.

A pack is a Korean paper, whatever language the staff read, as the texts of consent are: its words are data. A kind or a
field that is missing here fails a test, and would go out under the name that the model itself gives it.
"""

from __future__ import annotations

from collections.abc import Mapping

from consent.words.pack_master import MASTER
from consent.words.pack_words import KindWords

AREAS: Mapping[str, str] = {
    "PROFILE": "고객님의 기본 정보",
    "ORIGIN": "정보의 출처",
    "CONTRACT": "보험계약",
    "KEEPING": "담당자와 상담",
    "RELATION": "가족·관계와 세대",
    "FINANCE": "재무 정보",
    "ORGANISATION": "법인·단체 정보",
    "CONSENT": "동의와 연락",
    "LAW": "본인확인, 권리 행사와 보관",
    "MASTER": "고객정보 관리 기록",
    "OTHER": "그 밖의 정보",
}
"""{area: title}, in the order of the pack."""
OTHERS = "이 기록에는 다른 분도 관련되어 있습니다. 다른 분이 누구인지는 그분의 개인정보이므로 적지 않았습니다."
CONTACT_POINT = {"name": "이름", "phone": "전화번호", "email": "이메일", "address": "주소", "postcode": "우편번호"}
FINANCE = {
    "as_of": "기준일",
    "told_by": "말씀하신 분 또는 출처",
    "consented_on": "동의일",
    "consent_method": "동의 방법",
    "evidence": "근거 자료",
    "withdrawn_at": "철회 일시",
    "withdrawn_because": "철회 사유",
}
KINDS: Mapping[str, KindWords] = {
    **MASTER,
    "relations.Keeper": KindWords(
        "담당자 배정",
        "KEEPING",
        fields={
            "why": "배정 사유",
            "next_contact_on": "다음 연락 예정일",
            "next_contact_for": "다음 연락 목적",
        },
    ),
    "relations.HandoverItem": KindWords(
        "담당자 인수인계",
        "KEEPING",
        fields={
            "why": "담당자를 정한 기준",
            "held": "함께 넘겨진 내역",
            "note": "이전 담당자의 메모",
            "joint_visit_on": "함께 방문하는 날",
            "notice_sent_on": "고객님께 알린 날",
            "answered_at": "새 담당자가 답한 일시",
            "return_reason": "돌려보낸 사유",
        },
    ),
    "relations.OrphanNote": KindWords(
        "담당자가 없는 사유", "KEEPING", fields={"why": "사유", "until": "이 사유가 끝나는 날"}
    ),
    "relations.PlaceOfBusiness": KindWords(
        "사업장",
        "ORGANISATION",
        fields={
            **CONTACT_POINT,
            "name": "사업장 이름",
            "company_no": "사업자등록번호",
            "employee_count": "종업원 수(명)",
        },
    ),
    "relations.Affiliation": KindWords("계열 관계", "ORGANISATION", OTHERS, {"share_percent": "지분율(%)"}),
    "relations.Officer": KindWords(
        "법인의 담당자",
        "ORGANISATION",
        fields={
            **CONTACT_POINT,
            "duty": "맡은 일",
            "title": "직함",
        },
    ),
    "relations.Relationship": KindWords(
        "가족과 그 밖의 관계",
        "RELATION",
        OTHERS,
        {
            "kind": "관계",
            "evidence": "근거 자료",
            "valid_until": "이 날까지로 알고 있음",
            "warnings": "확인하고 등록한 주의 사항",
        },
    ),
    "relations.Membership": KindWords(
        "세대", "RELATION", OTHERS, {"role": "세대에서의 역할", "is_primary": "대표 세대 여부"}
    ),
    "relations.HouseholdEvent": KindWords(
        "세대의 변동",
        "RELATION",
        OTHERS,
        {
            "because": "사유",
            "on": "변동일",
            "details": "세부 내용",
        },
    ),
    "relations.SuggestedMember": KindWords(
        "같은 세대로 추정한 기록",
        "RELATION",
        OTHERS,
        {
            "position": "순서",
            "role": "추정한 역할",
        },
    ),
    "relations.HouseholdRefusal": KindWords(
        "같은 세대가 아니라고 확인한 기록",
        "RELATION",
        OTHERS,
        {
            "kind": "세대의 종류",
            "refused_at": "확인 일시",
            "withdrawn_at": "확인을 취소한 일시",
        },
    ),
    "relations.ProspectDispute": KindWords(
        "가입 상담 담당을 정한 기록",
        "KEEPING",
        fields={
            "statement": "요청한 담당자의 설명",
            "answer_statement": "다른 담당자의 설명",
            "facts": "확인한 사실",
            "raised_at": "요청 일시",
            "due_at": "답변 기한",
            "finding": "확인 결과",
        },
    ),
    "relations.Prospect": KindWords(
        "가입 상담 고객 등록",
        "KEEPING",
        fields={
            "number": "접수번호",
            **CONTACT_POINT,
            "mobile": "휴대전화",
            "answer": "등록할 때의 확인 결과",
            "path": "알게 된 경로",
            "path_note": "자세한 경로",
            "acquired_on": "알게 된 날",
            "consented_on": "동의일",
            "consent_method": "동의 방법",
            "consent_evidence": "동의 근거 자료",
            "consent_items": "동의한 항목",
            "protected_until": "담당 보호 종료일",
            "registered_at": "등록 일시",
        },
    ),
    "relations.FinancialFact": KindWords(
        "소득·자산·부채",
        "FINANCE",
        fields={
            **FINANCE,
            "kind": "항목",
            "low": "금액(원), 또는 범위의 아래",
            "high": "범위의 위(원)",
        },
    ),
    "relations.PolicyElsewhere": KindWords(
        "다른 회사의 보험",
        "FINANCE",
        fields={
            **FINANCE,
            "insurer": "보험회사",
            "product_group": "상품 종류",
            "monthly_premium": "월 보험료(원)",
            "started_on": "계약일",
            "ends_on": "만기일",
        },
    ),
    "relations.RiskProfile": KindWords(
        "투자성향",
        "FINANCE",
        fields={
            **FINANCE,
            "level": "등급",
            "valid_until": "유효 기한",
            "answers": "답변",
        },
    ),
    "relations.GroupMember": KindWords(
        "단체보험 피보험자",
        "CONTRACT",
        fields={
            **CONTACT_POINT,
            "relation": "직원과의 관계",
            "employee_no": "사번",
            "mobile": "휴대전화",
            "joined_on": "입사일",
            "left_on": "퇴사일",
            "cover_from": "보장 시작일",
            "cover_until": "보장 종료일",
            "match_weight": "고객님과 같은 분으로 본 점수",
            "matched_at": "고객님과 맞추어 본 일시",
        },
    ),
    "relations.Roster": KindWords(
        "단체가 보낸 명부",
        "ORGANISATION",
        fields={
            "file_name": "파일",
            "on": "기준일",
            "is_full": "전체 명부 여부",
            "counts": "건수",
            "uploaded_at": "받은 일시",
            "applied_at": "반영 일시",
        },
    ),
    "consent.Receipt": KindWords(
        "동의를 받은 기록",
        "CONSENT",
        fields={
            "number": "접수번호",
            "method": "받은 방법",
            "proof": "증빙 등급(1이 가장 확실)",
            "evidence": "증빙",
            "by_role": "답하신 분",
            "key": "보낸 곳의 관리번호",
            "answered_at": "답하신 일시",
        },
    ),
    "consent.Consent": KindWords(
        "동의, 거부와 철회",
        "CONSENT",
        fields={
            "answer": "답변",
            "at": "답변이 적용된 일시",
            "expires_on": "이 날부터 효력 없음",
            "because": "사유",
        },
    ),
    "consent.ConsentConflict": KindWords(
        "서로 다른 동의의 확인",
        "CONSENT",
        fields={
            "opened_at": "확인을 시작한 일시",
            "outcome": "확인 결과",
            "closed_at": "확인을 마친 일시",
        },
    ),
    "consent.ContactRefusal": KindWords(
        "연락 거부",
        "CONSENT",
        fields={
            "kind": "거부의 종류",
            "said_at": "말씀하신 일시",
            "said_via": "말씀하신 방법",
            "answered_at": "처리 결과를 알린 일시",
            "lifted_at": "거부를 거두신 일시",
            "lifted_because": "거두신 사유",
        },
    ),
    "consent.DoNotCallNumber": KindWords(
        "두낫콜 등록 번호",
        "CONSENT",
        "번호 자체는 알아볼 수 없는 형태로만 보관합니다.",
        {
            "registered_on": "등록일",
            "expires_on": "유효 기한",
            "released_at": "해제 일시",
            "release_reason": "해제 사유",
        },
    ),
    "consent.Circumstance": KindWords("연락을 막는 사정", "CONSENT", fields={"reference": "관리번호"}),
    "consent.ContactDecision": KindWords(
        "연락 가능 여부를 확인한 기록",
        "CONSENT",
        fields={
            "contact_at": "연락하려던 일시",
            "is_allowed": "연락 가능 여부",
            "decided_at": "확인 일시",
        },
    ),
    "consent.Verification": KindWords(
        "본인확인",
        "LAW",
        fields={
            "method": "확인 방법",
            "agency": "확인 기관",
            "reference": "확인 번호",
            "is_verified": "확인 여부",
            "mismatch": "맞지 않은 것",
            "verified_at": "확인 일시",
            "expires_on": "유효 기한",
            "evidence": "근거 자료",
        },
    ),
    "consent.GateChange": KindWords(
        "통합 이용 대상의 변동", "LAW", fields={"before": "이전", "after": "이후", "because": "사유"}
    ),
    "consent.CleanupAsk": KindWords(
        "다음 연락 때 여쭐 것",
        "LAW",
        fields={
            "branch_code": "지점",
            "opened_on": "시작일",
            "due_on": "기한",
            "tries": "여쭌 횟수",
            "asked_at": "마지막으로 여쭌 일시",
            "closed_on": "마친 날",
        },
    ),
    "consent.RightsRequest": KindWords(
        "권리 행사 요구",
        "LAW",
        fields={
            "number": "접수번호",
            "kind": "요구의 종류",
            "via": "접수 경로",
            "asker": "요구하신 분",
            "wording": "요구 내용",
            "received_on": "접수일",
            "due_on": "답변 기한",
            "extension_count": "연기 횟수",
            "extension_reason": "연기 사유",
            "identified_how": "본인(대리권) 확인 방법",
            "identified_at": "본인(대리권) 확인 일시",
            "accepted_at": "수리 일시",
            "answered_at": "답변 일시",
            "told_how": "알린 방법",
            "items": "요구하신 것과 결정",
        },
    ),
    "consent.Hold": KindWords(
        "파기 보류",
        "LAW",
        fields={
            "clause": "근거 조항",
            "reference": "관리번호",
            "scope": "범위",
            "review_on": "다시 검토하는 날",
            "placed_at": "보류 일시",
            "released_at": "해제 일시",
            "released_because": "해제 사유",
        },
    ),
    "consent.DestructionItem": KindWords(
        "분리보관·파기 대상",
        "LAW",
        fields={
            "data_class": "정보의 종류",
            "clause": "근거 조항",
            "ended_on": "보유 기간이 시작된 날",
            "due_on": "분리보관·파기 예정일",
            "refusal": "제외 사유",
            "counts": "처리 전 건수",
            "done_at": "처리 일시",
        },
    ),
    "consent.SeparatedUse": KindWords(
        "분리보관 정보의 이용",
        "LAW",
        fields={
            "clause": "근거 조항",
            "used_at": "이용 일시",
            "told_at": "고객님께 알린 일시",
            "told_how": "알린 방법",
        },
    ),
    "consent.BreachNotice": KindWords(
        "유출 통지",
        "LAW",
        fields={
            "entry_count": "관련된 접속 기록 수",
            "channel": "알린 방법",
            "breach__number": "유출 사건 번호",
            "breach__known_at": "유출을 안 일시",
            "sent_at": "알린 일시",
            "proof": "발송 증빙",
            "failed_because": "전달되지 않은 사유",
        },
    ),
}
OWN_BLOCKS: Mapping[str, str] = {
    "PROFILE": "현재 이용하는 값",
    "REST": "건수만 알려 드리는 기록",
    "consent.RightsItem": "요구별 답변",
    "PURPOSES": "목적별 항목과 근거",
    "RETENTION": "목적별 보유 기간",
    "CONSENTS": "지금 적용되는 동의",
    "LOOKS": "본 내역",
    "USE": "업무에 이용한 내역",
    "CONTACTS": "연락할 수 있다고 확인한 내역",
    "PROVISION": "받는 곳별 제공",
    "MATCHING": "기록을 묶은 기준",
}
"""Titles of what a pack tells beside the rows of holders."""
REST_NOTE = "회사가 업무를 처리하며 남긴 기록입니다. 내용은 위에 적은 정보와 같거나 처리한 사실뿐입니다."
UNREADABLE = "알아볼 수 없는 형태(암호화)로 보관"
KEPT_UNREAD = "알아볼 수 없는 값으로만 보관하는 것: %s"
TITLE = {
    "ACCESS": "개인정보 열람 답변서",
    "CORRECTION": "개인정보 정정 답변서",
    "CREDIT_CORRECTION": "신용정보 정정 답변서",
    "DELETION": "개인정보 삭제 답변서",
    "STOP": "개인정보 처리정지 답변서",
    "WITHDRAWAL": "동의 철회 답변서",
    "HISTORY": "개인(신용)정보 이용·제공 내역",
    "PORTABILITY": "개인정보 전송 답변서",
    "AUTOMATED": "자동화된 결정 설명서",
}
INTRO = (
    "고객님께서 요구하신 내용에 대한 답변입니다. 한눈에 보관된 고객님의 정보를 빠짐없이 모아 알기 쉬운 말로 옮겼습니다."
    " 회사가 내부에서만 쓰는 관리용 번호는 적지 않았습니다."
)
NOTHING = "해당하는 내역이 없습니다."
SILHOUETTE = "다른 분(이름은 알려 드리지 않습니다)"
APPEAL = (
    "답변에 이의가 있으시면 개인정보보호책임자에게 이의를 신청하실 수 있으며, 개인정보 분쟁조정위원회에 조정을"
    " 신청하거나 개인정보침해 신고센터에 신고하실 수 있습니다."
)
