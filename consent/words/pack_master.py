"""The words of answer packs for what the master itself and the trail hold: see `consent.words.packs`."""

from __future__ import annotations

from collections.abc import Mapping

from consent.words.pack_words import KindWords

PERSON: Mapping[str, str] = {
    "name": "이름",
    "birth_date": "생년월일",
    "is_lunar": "음력 여부",
    "mobile": "휴대전화",
    "phone_home": "자택전화",
    "email": "이메일",
    "address": "주소",
    "postcode": "우편번호",
    "company_name": "직장",
    "company_no": "직장 사업자등록번호",
    "crn": "법인등록번호",
    "employee_no": "직장 사번",
    "passport_mask": "여권번호(일부 가림)",
    "account_mask": "계좌번호(일부 가림)",
    "real_name_verified_on": "본인확인일",
    "marketing_consent_on": "마케팅 동의일",
    "as_of": "기준 일시",
    "loaded_at": "받은 일시",
    "version": "몇 번째 자료인지",
    "source__name": "보낸 곳",
}
GOLDEN: Mapping[str, str] = {
    **PERSON,
    "number": "고객번호",
    "kind": "개인·법인 구분",
    "gate": "통합 이용 상태",
    "main_branch": "주관리점",
    "keeper": "담당자",
    "grade": "고객등급",
    "message": "전달 사항",
    "created_at": "처음 만든 일시",
    "updated_at": "마지막으로 바뀐 일시",
    "history_date": "이 값이 된 일시",
}
CONTRACT: Mapping[str, str] = {
    "contract_no": "계약번호",
    "product_group": "상품 종류",
    "product_name": "상품",
    "status": "계약 상태",
    "started_on": "계약일",
    "ends_on": "만기일",
    "premium": "보험료(원)",
    "premium_cycle": "납입 주기",
    "version": "몇 번째 자료인지",
    "as_of": "기준 일시",
}
COPIES = "보낸 곳의 관리번호와 받은 그대로의 행은 위 값과 내용이 같아 따로 적지 않았습니다."
MASTER: Mapping[str, KindWords] = {
    "customers.Customer": KindWords("통합고객", "PROFILE", fields=GOLDEN),
    "customers.HistoricalCustomer": KindWords("통합고객 값의 변경 이력", "PROFILE", fields=GOLDEN),
    "customers.SourceRecord": KindWords("받은 기록", "ORIGIN", COPIES, PERSON),
    "customers.SourceRecordVersion": KindWords("받은 기록의 이전 판", "ORIGIN", COPIES, PERSON),
    "customers.Link": KindWords("받은 기록을 고객님의 것으로 묶은 결정", "ORIGIN"),
    "customers.Contract": KindWords("계약", "CONTRACT", fields=CONTRACT),
    "customers.ContractVersion": KindWords("계약의 이전 판", "CONTRACT", fields=CONTRACT),
    "customers.ContractParty": KindWords(
        "계약에서의 역할",
        "CONTRACT",
        fields={"contract_no": "계약번호", "role": "역할"},
    ),
    "customers.Protection": KindWords(
        "특별 보호",
        "MASTER",
        fields={"kind": "보호의 종류", "protected_at": "보호 일시"},
    ),
    "customers.Keeping": KindWords(
        "지정된 담당자",
        "KEEPING",
        fields={"keeper": "담당자", "branch": "지점", "since": "지정 일시"},
    ),
    "customers.CustomerStaffGrant": KindWords(
        "직원에게 따로 준 열람 권한",
        "MASTER",
        fields={"kind": "권한의 종류", "granted_at": "준 일시", "ends_at": "끝나는 일시"},
    ),
    "customers.CustomerGroupGrant": KindWords("직원 그룹에 따로 준 열람 권한", "MASTER"),
    "customers.Reveal": KindWords(
        "가린 값을 열어 본 기록",
        "MASTER",
        fields={"item": "항목", "purpose": "목적", "reason": "사유"},
    ),
    "customers.Wish": KindWords(
        "사람이 정한 값",
        "MASTER",
        fields={"item": "항목", "ends_on": "이 날까지", "withdrawn_at": "거둔 일시"},
    ),
    "customers.Proposal": KindWords(
        "고객 병합 제안",
        "MASTER",
        fields={"proposed_at": "제안 일시", "answer": "답변", "comment": "의견"},
    ),
    "customers.SecondLook": KindWords("병합 결정의 재검토", "MASTER"),
    "customers.Act": KindWords("고객정보 처리 기록", "MASTER", fields={"kind": "처리", "reason_code": "사유"}),
    "customers.ActCustomer": KindWords("고객정보 처리의 대상", "MASTER"),
    "customers.MovedChild": KindWords("병합할 때 옮긴 기록", "MASTER"),
    "customers.Duty": KindWords("직원이 확인할 일", "MASTER"),
    "customers.Pair": KindWords(
        "같은 분인지 살펴본 기록",
        "MASTER",
        fields={"reason": "살펴본 까닭", "found_at": "찾은 일시", "closed_at": "마친 일시"},
    ),
    "customers.Ruling": KindWords(
        "같은 분인지에 대한 사람의 결정",
        "MASTER",
        fields={
            "answer": "결정",
            "ruled_at": "결정 일시",
            "ends_on": "이 날까지",
            "withdrawn_at": "거둔 일시",
        },
    ),
    "customers.ChangeEvent": KindWords("바뀐 사실을 알린 기록", "MASTER"),
    "customers.GoneKey": KindWords("파기한 기록의 표시", "MASTER"),
    "customers.Merge": KindWords("고객 병합", "MASTER"),
    "accounts.TrailWords": KindWords("접속 기록에 남은 검색어", "MASTER"),
    "accounts.RightsChange": KindWords("고객님에 대한 권한 부여 사유", "MASTER"),
    "accounts.ReviewItem": KindWords("접속 기록 점검", "MASTER"),
    "accounts.AccessCase": KindWords("이상 접속 확인", "MASTER"),
    "accounts.Export": KindWords("고객님이 들어 있는 반출 파일", "MASTER"),
}
