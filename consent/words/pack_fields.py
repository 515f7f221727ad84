"""The words of answer packs that are no kind's own: fields that mean the same wherever they stand, and codes."""

from __future__ import annotations

from collections.abc import Mapping

COMMON: Mapping[str, str] = {
    "kind": "구분",
    "state": "상태",
    "why": "사유",
    "reason": "사유",
    "note": "비고",
    "comment": "의견",
    "basis": "근거",
    "channel": "연락 방법",
    "started_on": "시작일",
    "ended_on": "종료일",
    "ended_because": "종료 사유",
    "birth_date": "생년월일",
    "sex": "성별",
    "rrn_mask": "주민등록번호(일부 가림)",
    "recorded_at": "기록 일시",
    "ended_at": "종료 기록 일시",
    "expires_on": "만료일",
    "decided_at": "결정 일시",
    "at": "일시",
    "until": "종료일",
    "purpose": "목적",
    "purpose__name": "목적",
    "purpose__code": "목적",
    "recipient__name": "받는 곳",
    "source__name": "출처",
    "text__number": "동의서 판",
    "branch__name": "지점",
    "staff__name": "담당 직원",
    "method": "방법",
    "clause": "근거 조항",
}
"""Words of fields that mean the same wherever they stand."""
UNTOLD: Mapping[str, str] = {
    "source_key": "보낸 곳의 관리번호",
    "evidence_digest": "대조용 지문",
    "phone_digest": "대조용 지문",
    "ci_digest": "대조용 지문",
    "digest": "대조용 지문",
    "policy": "답변에 적용한 법정 기간과 동의서 판",
    "life": "보유 기간 계산에 쓴 날짜",
    "match_keys": "같은 분을 찾는 데 쓰는 계산값",
}
"""Fields that hold nothing readable: fingerprints and reckoning. The pack says under these words that they are kept."""
MONEY = frozenset({"low", "high", "monthly_premium", "premium"})
PHONES = frozenset({"mobile", "phone", "phone_home"})
YES_NO = {True: "예", False: "아니요"}
SEXES = {"M": "남", "F": "여"}
GATES = {
    "IN_SCOPE": "통합 이용 대상",
    "UNVERIFIED": "본인확인 없음",
    "NO_CONSENT": "동의 없음",
    "NEITHER": "본인확인과 동의 없음",
}
CODES: Mapping[str, str] = {
    # why somebody became the keeper
    "CAPACITY": "여유가 있음",
    "TENURE": "2년 이상 근무",
    "PERSISTENCY": "계약 유지율",
    "COMPLAINTS": "민원",
    "BRANCH": "같은 지점",
    "REGION": "같은 지역",
    "HOUSEHOLD": "세대의 다른 분을 담당",
    "PROPOSED": "이전 담당자의 추천",
    "TAKES_ALONG": "새 지점으로 함께 이동",
    "NO_ROOM": "여유 있는 담당자가 없음",
    "NOBODY": "맡을 담당자가 없음",
    # what came along with a customer
    "kinds": "담당의 종류",
    "FP": "설계사",
    "MANAGER": "전담매니저",
    "customers": "고객",
    "managed": "전담 관리",
    "contracts": "유지 중인 계약",
    "housemates": "세대의 다른 분",
    "prospects": "가입 상담 고객",
    "offers": "제안",
    "persons": "인원",
    "rows": "행",
    "members": "구성원",
    "joined": "입사",
    "left": "퇴사",
    "changed": "변경",
    "unchanged": "변경 없음",
    "rejected": "제외",
    "problems": "문제",
    "new": "신규",
    # what was registered although it is unlikely
    "PARENT_YOUNG": "부모가 출생 당시 16세 미만",
    "PARENT_OLD": "부모가 출생 당시 60세 초과",
    "AGE_UNKNOWN": "나이를 확인하지 못함",
    "THIRD_PARENT": "부모가 이미 두 분",
    "SPOUSE_MINOR": "배우자가 18세 미만",
    "FAR_APART": "나이 차이 40년 이상",
    "MINOR_REPRESENTS": "대리인이 미성년자",
    # facts of a dispute, details of a household, answers of a questionnaire
    "asker": "요청한 쪽",
    "holder": "다른 쪽",
    "registered_on": "등록일",
    "acquired_on": "알게 된 날",
    "consented_on": "동의일",
    "has_evidence": "동의 증빙 있음",
    "first_contact_on": "첫 연락일",
    "contact_count": "연락 횟수",
    "protected_until": "보호 종료일",
    "branch": "지점",
    "by_rule": "규칙에 따른 자동 처리",
    "role": "역할",
    "household": "세대",
    "into": "합쳐진 세대",
    "from": "이전 세대",
    "was_primary": "이전 대표 세대",
    "is_primary": "대표 세대",
    "questionnaire": "설문 판",
    # states that rows name without choices
    **GATES,
}
"""Words of codes inside rows that their models do not translate; whatever is missing stays as it is."""
