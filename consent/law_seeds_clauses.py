"""The clauses that the registry of laws begins with, and what hangs on each. Data only.

Grades: V read in the law, V2 read elsewhere, M from memory and to be confirmed.
"""

from __future__ import annotations

# law, article, grade, what it asks, what hangs on it ("KIND:key", blanks between)
CLAUSES = (
    # consent and purposes
    (
        "PIPA", "제15조 제1항", "V",
        "수집·이용의 근거: 동의, 법령상 의무, 계약의 이행, 급박한 이익, 정당한 이익, 공공의 안전.",
        "PURPOSE:INTEGRATED_USE PURPOSE:CONTRACT_SERVICE ITEM:name ITEM:birth_date ITEM:mobile ITEM:email"
        " ITEM:address SCREEN:consent:purpose-list",
    ),
    (
        "PIPA", "제15조 제2항", "V",
        "동의를 받을 때 목적, 항목, 보유·이용 기간, 거부할 권리와 불이익을 알린다. 바뀌면 다시 알리고 동의를"
        " 받는다.",
        "PURPOSE:INTEGRATED_USE PURPOSE:MARKETING SCREEN:consent:purpose-list",
    ),
    (
        "PIPA", "제16조 제1항", "V",
        "필요한 최소한만 수집하고, 최소한임은 처리자가 증명한다.",
        "SCREEN:customers:customer-list COLUMN:COMPANY ITEM:company",
    ),
    (
        "PIPA", "제17조 제2항", "V",
        "제3자에게 제공할 때 받는 자, 받는 자의 목적, 항목, 보유 기간, 거부할 권리를 알린다.",
        "PURPOSE:PROVISION_CREDIT PURPOSE:PROVISION_AFFILIATE SCREEN:consent:outflow-list",
    ),
    (
        "PIPA", "제20조", "V",
        "제3자에게서 받은 정보의 출처를 요구가 있으면 즉시, 대규모 처리자는 3개월 안에 알린다.",
        "SCREEN:consent:rights-list",
    ),
    (
        "PIPA", "제20조의2", "V",
        "이용·제공 내역을 해마다 한 번 이상 알린다.",
        "SCREEN:consent:rights-list",
    ),
    (
        "PIPA", "제21조", "V",
        "기간이 지나거나 목적을 이루면 지체 없이 파기하고, 다른 법령에 따라 남기는 것은 분리하여 보관한다.",
        "RETENTION:LIVE_DATA RETENTION:CONSENTED_PROSPECT RETENTION:PROSPECT NUMBER:destroy_within_days"
        " JOB:propose-destruction SCREEN:consent:batch-list",
    ),
    (
        "PIPA", "제22조 제1항", "V",
        "수집·이용, 제3자 제공, 민감정보, 고유식별정보, 홍보·판매 권유의 동의를 각각 받는다.",
        "PURPOSE:MARKETING PURPOSE:SENSITIVE_HEALTH PURPOSE:UNIQUE_IDENTIFIER PURPOSE:PROVISION_AFFILIATE"
        " SCREEN:consent:purpose-list",
    ),
    (
        "PIPA", "제22조 제5항", "V",
        "선택 동의를 거부했다고 재화나 서비스의 제공을 거부하지 않는다.",
        "PURPOSE:MARKETING SCREEN:consent:purpose-list",
    ),
    (
        "PIPA", "제22조의2", "V",
        "14세 미만 아동은 법정대리인의 동의를 받고, 그 동의를 확인한다.",
        "NUMBER:guardian_age ITEM:birth_date SCREEN:consent:cleanup-list",
    ),
    (
        "PIPA", "제23조", "V",
        "민감정보는 별도의 동의나 법령의 근거가 있어야 처리한다.",
        "PURPOSE:SENSITIVE_HEALTH",
    ),
    (
        "PIPA", "제24조", "V",
        "고유식별정보는 별도의 동의나 법령의 근거가 있어야 처리한다.",
        "PURPOSE:UNIQUE_IDENTIFIER ITEM:passport",
    ),
    (
        "PIPA", "제24조의2", "V",
        "주민등록번호는 법령에 근거가 있을 때만 처리하고, 암호화하여 보관한다.",
        "PURPOSE:UNIQUE_IDENTIFIER ITEM:rrn COLUMN:RRN SCREEN:customers:value-reveal",
    ),
    (
        "PIPA", "제26조", "V",
        "처리위탁은 문서로 하고 공개하며, 홍보·판매 권유의 위탁은 알린다. 수탁자를 교육하고 감독한다.",
        "SCREEN:consent:outflow-list",
    ),
    (
        "PIPA", "제28조의2", "V",
        "통계, 과학적 연구, 공익적 기록 보존에는 가명정보를 동의 없이 처리할 수 있다.",
        "SCREEN:consent:outflow-list",
    ),
    (
        "PIPA", "제28조의8", "V",
        "국외 이전은 별도의 동의를 받고 항목, 국가·시기·방법, 받는 자, 목적과 기간, 거부 방법과 효과를"
        " 알린다.",
        "PURPOSE:TRANSFER_ABROAD SCREEN:consent:outflow-list",
    ),
    (
        "PIPA", "제34조", "V",
        "유출을 알게 되면 정보주체에게 알리고, 유출의 가능성도 알린다.",
        "NUMBER:breach_hours SCREEN:consent:breach-list",
    ),
    (
        "PIPA", "제35조", "V",
        "열람을 요구하면 기간 안에 열람하게 하고, 제한하거나 거절하면 사유를 알린다.",
        "NUMBER:access_days SCREEN:consent:rights-list",
    ),
    (
        "PIPA", "제35조의2", "V",
        "정보주체는 자기 정보를 전송할 것을 요구할 수 있다.",
        "NUMBER:portability_days SCREEN:consent:rights-list",
    ),
    (
        "PIPA", "제36조", "V",
        "정정·삭제 요구를 받으면 조사하여 조치하고 결과를 알린다.",
        "NUMBER:correction_days SCREEN:consent:rights-list",
    ),
    (
        "PIPA", "제37조", "V",
        "처리정지 요구와 동의 철회에 지체 없이 따르고, 필요하지 않게 된 정보는 파기한다.",
        "NUMBER:stop_days NUMBER:withdrawal_days SCREEN:consent:rights-list RETENTION:CONSENTED_PROSPECT",
    ),
    (
        "PIPA", "제37조의2", "V",
        "완전히 자동화된 결정을 거부하거나 설명을 요구할 수 있다.",
        "NUMBER:automated_days NUMBER:automated_extensions SCREEN:consent:rights-list",
    ),
    (
        "PIPA_DECREE", "제17조 제1항", "V",
        "동의는 자유로운 의사로, 구체적이고 명확하게, 쉬운 글로, 분명하게 표시하게 받는다.",
        "SCREEN:consent:purpose-list",
    ),
    (
        "PIPA_DECREE", "제17조 제3항", "V",
        "홍보·판매 권유의 연락, 민감정보, 고유식별정보, 보유 기간, 제공받는 자는 명확히 표시한다.",
        "PURPOSE:MARKETING PURPOSE:SENSITIVE_HEALTH SCREEN:consent:purpose-list",
    ),
    (
        "PIPA_DECREE", "제16조", "V",
        "파기는 되살릴 수 없게 한다.",
        "SCREEN:consent:batch-list JOB:propose-destruction",
    ),
    (
        "PIPA_DECREE", "제39조", "V",
        "유출을 알게 된 때부터 72시간 안에 알린다.",
        "NUMBER:breach_hours SCREEN:consent:breach-list",
    ),
    (
        "PIPA_DECREE", "제40조", "V",
        "1천 명 이상, 민감·고유식별정보, 외부 침입에 의한 유출은 72시간 안에 신고한다.",
        "NUMBER:breach_report_people NUMBER:breach_hours SCREEN:consent:breach-list",
    ),
    (
        "PIPA_DECREE", "제41조", "V",
        "열람은 10일 안에 하게 한다.",
        "NUMBER:access_days",
    ),
    (
        "PIPA_DECREE", "제43조", "M",
        "정정·삭제는 10일 안에 하고 결과를 알린다.",
        "NUMBER:correction_days",
    ),
    (
        "PIPA_DECREE", "제44조", "V",
        "처리정지는 10일 안에 한다.",
        "NUMBER:stop_days",
    ),
    (
        "PIPA_DECREE", "제44조의3", "V",
        "자동화된 결정에 관한 요구는 30일 안에 답하고, 두 번까지 30일씩 늘릴 수 있다.",
        "NUMBER:automated_days NUMBER:automated_extensions",
    ),
    (
        "SAFETY", "제5조", "V2",
        "접근권한은 최소한으로 주고, 부여·변경·말소 기록을 3년 이상 보관한다.",
        "SCREEN:accounts:rights-list SCREEN:customers:access-rules-list",
    ),
    (
        "SAFETY", "제7조", "V2",
        "비밀번호는 일방향으로, 주민등록번호 등은 안전하게 암호화한다.",
        "ITEM:rrn ITEM:passport ITEM:account_no",
    ),
    (
        "SAFETY", "제8조", "V2",
        "접속기록을 2년 이상 보관하고, 내부 관리계획에 따라 점검하며, 위·변조를 막는다.",
        "SCREEN:accounts:trail-list SCREEN:accounts:review-list JOB:draw-review JOB:anchor-trail",
    ),
    (
        "SAFETY", "제12조", "V2",
        "출력·복사할 때 용도를 정하고 항목을 최소화한다.",
        "SCREEN:accounts:export-list",
    ),
    (
        "GUIDELINE", "파기의 시기", "M",
        "지체 없이란 정당한 사유가 없는 한 5일 이내를 말한다.",
        "NUMBER:destroy_within_days",
    ),
    # credit information
    (
        "CREDIT", "제15조 제2항", "V",
        "개인신용정보의 수집은 동의를 받거나 법이 정한 근거가 있어야 한다.",
        "PURPOSE:INTEGRATED_USE",
    ),
    (
        "CREDIT", "제18조", "V",
        "신용정보의 정확성과 최신성을 유지한다.",
        "SCREEN:customers:pair-list JOB:follow-owners",
    ),
    (
        "CREDIT", "제20조", "V",
        "신용정보의 관리책임을 명확히 하고, 수집·이용·제공·파기의 기록을 3년 보존한다.",
        "SCREEN:consent:item-owner-list SCREEN:consent:batch-list COLUMN:MAIN_BRANCH",
    ),
    (
        "CREDIT", "제20조의2", "V",
        "거래가 끝나면 선택 정보는 3개월 안에 지우고, 필수 정보는 분리하여 5년 안에 지운다. 분리한 정보를"
        " 쓰면 알린다.",
        "RETENTION:LIVE_DATA RETENTION:ESSENTIAL JOB:propose-destruction JOB:follow-copies"
        " SCREEN:consent:batch-list",
    ),
    (
        "CREDIT", "제32조", "V",
        "제공에는 미리 동의를 받고, 동의 사실은 제공하는 자가 증명한다. 필수와 선택을 나누어 설명한다.",
        "PURPOSE:PROVISION_CREDIT PURPOSE:PROVISION_AFFILIATE RETENTION:CONSENT_PROOF"
        " SCREEN:consent:outflow-list",
    ),
    (
        "CREDIT", "제33조", "V",
        "상품과 서비스의 소개·구매 권유에 쓰려면 동의가 있어야 한다. 질병 정보는 정해진 목적에만 쓴다.",
        "PURPOSE:MARKETING PURPOSE:SENSITIVE_HEALTH SCREEN:consent:contact-check",
    ),
    (
        "CREDIT", "제35조", "V",
        "최근 3년의 이용·제공 사실을 조회하게 한다.",
        "NUMBER:history_days NUMBER:history_years SCREEN:consent:rights-list",
    ),
    (
        "CREDIT", "제37조", "V",
        "제공 동의의 철회와 구매 권유 연락의 중지를 요구할 수 있다.",
        "SCREEN:consent:contact-board SCREEN:consent:contact-check PURPOSE:MARKETING",
    ),
    (
        "CREDIT", "제38조", "V",
        "정정을 요구하면 확인하는 동안 이용을 멈추고 7일 안에 결과를 알린다.",
        "NUMBER:credit_correction_days SCREEN:consent:rights-list",
    ),
    (
        "CREDIT", "제38조의3", "V",
        "거래 종료 뒤 5년(선택 정보는 3개월)이 지난 정보의 삭제를 요구할 수 있다.",
        "RETENTION:ESSENTIAL SCREEN:consent:rights-list",
    ),
    (
        "CREDIT", "제39조의4", "V",
        "1만 명 이상의 누설은 금융위원회 등에 신고하고 게시한다.",
        "NUMBER:breach_report_people_credit SCREEN:consent:breach-list",
    ),
    (
        "CREDIT", "제41조의2", "V",
        "모집업무를 맡긴 자가 쓴 정보의 취득 경로 등을 분기마다 한 번 이상 확인한다.",
        "SCREEN:relations:prospect-list RETENTION:PROSPECT",
    ),
    (
        "CREDIT_DECREE", "제17조의2", "V",
        "상거래관계가 끝난 때는 계약의 만료·해지, 소멸시효의 완성 등이다. 동의할 때 거래 종료일을 알린다.",
        "RETENTION:ESSENTIAL NUMBER:claim_years",
    ),
    (
        "CREDIT_DECREE", "제28조 제3항", "V",
        "전화로 동의를 받으면 1개월 안에 알릴 사항을 보낸다.",
        "NUMBER:phone_notice_days",
    ),
    (
        "CREDIT_DECREE", "제37조의2 제4항", "V",
        "금융회사는 금융거래에 신용정보를 쓰려고 개인식별번호를 처리할 수 있다.",
        "PURPOSE:UNIQUE_IDENTIFIER ITEM:rrn",
    ),
    (
        "CREDIT_RULES", "별표 4의2", "V2",
        "분리 보관한 필수 정보의 접근 권한과 이용 기록을 3년 이상 보관한다.",
        "RETENTION:ESSENTIAL SCREEN:consent:batch-list",
    ),
    # network
    (
        "NETWORK", "제23조의5", "V",
        "연계정보는 받은 목적에만 쓰고 주민등록번호와 분리하여 보관한다.",
        "ITEM:ci COLUMN:CI",
    ),
    (
        "NETWORK", "제50조 제1항", "V",
        "전자적 매체의 광고는 명시적인 사전 동의를 받는다.",
        "PURPOSE:MARKETING SCREEN:consent:contact-check",
    ),
    (
        "NETWORK", "제50조 제3항", "V",
        "밤 9시부터 아침 8시까지 광고를 보내려면 별도의 동의를 받는다(전자우편 제외).",
        "PURPOSE:NIGHT_ADVERTISING NUMBER:night_from NUMBER:night_until SCREEN:consent:contact-check",
    ),
    (
        "NETWORK", "제50조 제7항", "V",
        "동의, 거부, 철회의 처리 결과를 14일 안에 알린다.",
        "NUMBER:opt_out_answer_days",
    ),
    (
        "NETWORK", "제50조 제8항", "V",
        "수신 동의를 2년마다 다시 확인한다.",
        "NUMBER:reconfirm_months NUMBER:silence_keeps_consent PURPOSE:MARKETING SCREEN:consent:cleanup-list"
        " JOB:lapse-consents ITEM:marketing_consent_on",
    ),
    # consumers
    (
        "CONSUMER", "제21조의2", "M",
        "연락을 금지해 달라는 요구에 즉시 따르고, 밤 9시부터 아침 8시까지 방문과 연락을 하지 않는다.",
        "NUMBER:night_from NUMBER:night_until SCREEN:consent:contact-check SCREEN:consent:contact-board",
    ),
    (
        "CONSUMER", "제16조의2", "M",
        "방문·전화 판매원의 명부를 두고, 먼저 이름과 목적, 상품을 밝힌다.",
        "SCREEN:consent:contact-check",
    ),
    (
        "CONSUMER", "제28조", "V",
        "판매 자료를 보관하고 분쟁 등을 위한 열람 요구에 따른다.",
        "RETENTION:SALES_RECORDS SCREEN:consent:rights-list",
    ),
    (
        "CONSUMER_DECREE", "제26조", "M",
        "자료를 10년, 보장 기간이 더 길면 그 기간, 내부통제 자료는 5년 보관한다.",
        "RETENTION:SALES_RECORDS",
    ),
    (
        "DOOR", "제42조", "M",
        "전화권유판매 수신거부 등록. 보험계약에는 대부분 적용되지 않는다.",
        "NUMBER:do_not_call_months",
    ),
    # insurance, commercial, finance
    (
        "INSURANCE_DECREE", "제102조 제5항", "V",
        "타인을 위한 보험의 피보험자, 수익자 지정·변경, 단체보험에서 건강정보와 고유식별정보를 처리할 수"
        " 있다.",
        "PURPOSE:SENSITIVE_HEALTH PURPOSE:UNIQUE_IDENTIFIER ITEM:rrn ITEM:group_cover",
    ),
    (
        "COMMERCIAL", "제33조", "V2",
        "상업장부와 영업에 관한 중요서류는 10년, 전표는 5년 보존한다.",
        "RETENTION:CONTRACT_BOOKS ITEM:contract",
    ),
    (
        "COMMERCIAL", "제662조", "V2",
        "보험금청구권은 3년, 보험료청구권은 2년의 시효로 소멸한다.",
        "NUMBER:claim_years",
    ),
    (
        "COMMERCIAL", "제731조", "V2",
        "타인의 사망보험에는 피보험자의 서면(전자서명) 동의가 있어야 한다.",
        "ITEM:contract",
    ),
    (
        "AML", "제5조의2", "M",
        "고객확인: 신원, 실제 소유자, 위험도를 확인하고 갱신한다.",
        "ITEM:real_name_verified_on",
    ),
    (
        "AML", "제5조의4", "M",
        "고객확인 자료와 거래 기록을 관계 종료 뒤 5년 보존한다.",
        "RETENTION:IDENTITY_CHECKS",
    ),
    (
        "REAL_NAME", "제3조", "M",
        "금융거래는 실지명의로 한다: 주민등록표의 이름과 번호, 사업자등록번호 등.",
        "ITEM:real_name_verified_on ITEM:rrn ITEM:crn JOB:follow-gate",
    ),
    (
        "REAL_NAME", "제4조", "M",
        "명의인의 동의 없이 거래정보를 제공하거나 누설하지 않는다.",
        "ITEM:contract SCREEN:consent:outflow-list",
    ),
    (
        "E_FINANCE", "제22조", "V2",
        "전자금융거래 기록을 5년(일부 1년) 보존한다.",
        "RETENTION:E_FINANCE",
    ),
    (
        "E_FINANCE_RULES", "제15조", "M",
        "내부 업무망을 인터넷과 분리한다.",
        "COLUMN:NAME",
    ),
    (
        "POLICY_TERMS", "제26조", "V2",
        "납입최고는 14일 이상(1년 미만 계약은 7일 이상)으로 한다.",
        "PURPOSE:CONTRACT_SERVICE",
    ),
    # the map
    (
        "CONSTITUTION", "제17조", "V2",
        "모든 국민은 사생활의 비밀과 자유를 침해받지 아니한다.",
        "SCREEN:customers:customer-detail",
    ),
    (
        "RESIDENT", "제37조", "M",
        "다른 사람의 주민등록번호를 부정하게 쓰면 처벌한다.",
        "ITEM:rrn",
    ),
    (
        "FAMILY", "제14조", "M",
        "가족관계 등록사항의 증명서는 본인과 가까운 가족 등이 청구할 수 있다.",
        "ITEM:relationship SCREEN:relations:relationship-list",
    ),
    (
        "ROAD", "운전면허증", "M",
        "운전면허의 번호는 고유식별정보로 다룬다.",
        "SCREEN:consent:purpose-list",
    ),
    (
        "TAX", "제85조의3", "M",
        "거래의 장부와 증거서류를 5년 보존한다.",
        "RETENTION:CONTRACT_BOOKS",
    ),
    (
        "MEDICAL", "제21조", "M",
        "진료기록은 환자가 아닌 사람에게 내주지 않는다.",
        "PURPOSE:SENSITIVE_HEALTH",
    ),
    (
        "E_SIGN", "제3조", "M",
        "전자서명은 전자적 형태라는 이유로 효력이 부인되지 아니한다.",
        "SCREEN:consent:purpose-list",
    ),
    (
        "E_TRADE", "제4조의2", "M",
        "전자문서는 요건을 갖추면 서면으로 본다.",
        "RETENTION:CONSENT_PROOF",
    ),
    (
        "COMMUNICATION", "제3조", "M",
        "공개되지 않은 타인의 대화를 녹음하거나 듣지 못한다. 통화 녹취는 당사자로서 알리고 한다.",
        "RETENTION:CONSENT_PROOF",
    ),
)  # fmt: skip
