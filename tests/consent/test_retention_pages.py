"""The pages of retention, holds, destruction and separated data: who sees them, what they say, what they cost."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from accounts.models import AccessEntry, Staff
from consent.models import CopyAnswer, DestructionBatch, Hold, Recipient, RetentionRules, SeparatedUse
from consent.reports.batches import certificate_report
from consent.services import batches_copies, batches_running, retention_batches
from consent.services import retention_rules as rules
from tests.accounts.builders import make_staff
from tests.consent.retaining import LATELY, LONG_AGO, TODAY, hold, propose, sent
from tests.customers.builders import NOW, make_customer
from tests.customers.protecting import protect
from tests.relations.keeping import browser_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
BATCHES, PROPOSE, VERIFY, HOLDS, RETENTION, DRAFT, USES = (
    reverse(f"consent:{name}")
    for name in (
        *("batch-list", "batch-propose", "certificate-verify", "hold-list", "retention-list", "retention-draft"),
        "separated-use-list",
    )
)


@pytest.fixture
def privacy() -> Staff:
    return make_staff("PRIVACY_OFFICER", language="en")


@pytest.fixture
def compliance() -> Staff:
    return make_staff("COMPLIANCE_OFFICER", language="en")


@pytest.fixture(autouse=True)
def _no_own_systems(purposes: None) -> None:
    Recipient.objects.update(answers=False)


def page(name: str, *args: object) -> str:
    return reverse(f"consent:{name}", args=args)


def text_of(staff: Staff, url: str) -> str:
    return browser_of(staff).get(url).content.decode()


def read_of(answer: HttpResponse) -> str:
    """What a page or a paper says."""
    if answer["Content-Type"] != "application/pdf":
        return answer.content.decode()
    sheets = PdfReader(BytesIO(answer.content)).pages
    return "".join(sheet.extract_text() for sheet in sheets).replace("\n", "")


def carried_out(batch: DestructionBatch, by: Staff) -> DestructionBatch:
    retention_batches.approve_batch(batch=batch, by=by, at=NOW)
    return batches_running.run_batch(batch=batch)


def certified(batch: DestructionBatch, by: Staff) -> DestructionBatch:
    batch = carried_out(batch, by)
    for copy in batch.copies.all():
        batches_copies.answer_copy(copy=copy, by=by, at=NOW)
    batch.refresh_from_db()
    return batch


def test_strangers_get_none_of_these_pages(privacy: Staff) -> None:
    customer = sent("K1")
    batch, placed = propose([customer]), hold(sent("K2"))
    copy = CopyAnswer.objects.create(batch=batch, count_asked=1, asked_at=NOW, due_on=TODAY)
    use = SeparatedUse.objects.create(customer=customer, reason="x", clause="y", used_at=NOW)
    fp, steward = browser_of(make_staff("FP")), browser_of(make_staff("DATA_STEWARD"))

    gets = [BATCHES, PROPOSE, VERIFY, RETENTION, DRAFT, USES, page("batch-detail", batch.pk)]
    gets += [page("copy-answer", copy.pk), page("separated-open", customer.number), page("retention-detail", 0)]
    gets += [page("hold-place", customer.number), page("hold-release", placed.pk), page("batch-certificate", batch.pk)]
    assert {url: fp.get(url).status_code for url in (*gets, HOLDS)} == dict.fromkeys((*gets, HOLDS), 403)
    assert {url: steward.get(url).status_code for url in gets} == dict.fromkeys(gets, 403)
    posts = [page("batch-approve", batch.pk), page("batch-reject", batch.pk), page("hold-extend", placed.pk)]
    posts += [page("retention-publish", 1), page("retention-rehearse", 1), page("separated-use-tell", use.pk)]
    assert {url: fp.post(url).status_code for url in posts} == dict.fromkeys(posts, 403)
    assert browser_of(make_staff("COMPLIANCE_OFFICER")).post(page("batch-approve", batch.pk)).status_code == 403
    batch.refresh_from_db()
    assert batch.state == "PROPOSED"


def test_what_is_not_there_is_not_found(privacy: Staff) -> None:
    active, browser = sent("K1"), browser_of(privacy)
    batch = propose([active])
    urls = [page("batch-detail", 1), page("copy-answer", 1), page("hold-release", 1), page("retention-detail", 7)]
    urls += [page("batch-certificate", batch.pk), page("separated-open", active.number)]
    assert {url: browser.get(url).status_code for url in urls} == dict.fromkeys(urls, 404)


def test_empty_pages_say_so(privacy: Staff) -> None:
    assert "There is no batch here" in text_of(privacy, BATCHES)
    assert "There is no hold here" in text_of(privacy, HOLDS)
    assert "Nobody looked at separated data" in text_of(privacy, USES)
    assert "Books and documents of contracts" in text_of(privacy, RETENTION)


def test_a_proposal_is_decided_by_another_person(privacy: Staff, compliance: Staff) -> None:
    customer = sent("K1", ended=LONG_AGO)
    form = {"action": "DESTROY", "numbers": f"C-{customer.number[:9]}-{customer.number[9:]}", "clause": "상법 제33조"}
    answer = browser_of(compliance).post(PROPOSE, form | {"basis": "보유 기간 경과"}, follow=True)

    batch = DestructionBatch.objects.get()
    assert answer.redirect_chain[-1][0] == page("batch-detail", batch.pk)
    assert "another person must decide about it" in answer.content.decode()
    browser = browser_of(privacy)
    assert "Approve the destruction" in browser.get(page("batch-detail", batch.pk)).content.decode()
    browser.post(page("batch-approve", batch.pk))
    batch.refresh_from_db()
    assert (batch.state, batch.decided_by) == ("APPROVED", privacy)
    assert "decided meanwhile" in browser.post(page("batch-approve", batch.pk), follow=True).content.decode()


def test_a_proposal_tells_who_stays_and_why(compliance: Staff) -> None:
    held, live, browser = sent("K1"), sent("K2", ended="live"), browser_of(compliance)
    hold(held)
    form = {"action": "DESTROY", "clause": "상법 제33조", "basis": "보유 기간 경과"}

    told = browser.post(PROPOSE, form | {"numbers": f"{held.number} {live.number}"}).content.decode()
    assert "A hold keeps the customer" in told
    assert "A contract or a cover is still live" in told
    assert "These are no customer numbers: 12" in browser.post(PROPOSE, form | {"numbers": "12"}).content.decode()
    assert DestructionBatch.objects.count() == 0


def test_a_rejection_says_why(privacy: Staff) -> None:
    batch, browser = propose([sent("K1")]), browser_of(privacy)
    assert "Say why" in browser.post(page("batch-reject", batch.pk), {"reason": "아"}, follow=True).content.decode()
    browser.post(page("batch-reject", batch.pk), {"reason": "계약이 남아 있습니다"})
    batch.refresh_from_db()
    assert (batch.state, batch.decision_reason) == ("REJECTED", "계약이 남아 있습니다")


def test_a_batch_shows_its_customers_counts_and_copies_and_takes_the_answer(privacy: Staff) -> None:
    first, second = sent("K1", ended=LONG_AGO), sent("K2")
    batch, browser = carried_out(propose([first, second]), privacy), browser_of(privacy)

    told = browser.get(page("batch-detail", batch.pk)).content.decode()
    assert "waits for the answers about copies" in told
    assert "Note the answer" in told
    url = page("copy-answer", batch.copies.get().pk)
    assert "Say why it is kept" in browser.post(url, {"kept": second.number}).content.decode()
    wrong = {"kept": sent("K3").number, "reason": "소송 증거 보존"}
    assert "It was not asked about these" in browser.post(url, wrong).content.decode()
    browser.post(url, {"kept": second.number, "reason": "소송 증거 보존", "until": "2027-01-01"})

    batch.refresh_from_db()
    assert (batch.state, batch.certificate["copies"][0]["destroyed"]) == ("CLOSED", 1)
    assert "소송 증거 보존" in browser.get(page("batch-detail", batch.pk)).content.decode()
    assert browser.get(url).status_code == 404


def test_a_certificate_is_printed_and_checked(privacy: Staff) -> None:
    batch = certified(propose([sent("K1", ended=LONG_AGO)]), privacy)
    browser = browser_of(privacy)

    told = browser.get(page("batch-certificate", batch.pk)).content.decode()
    assert "Certificate of destruction" in told
    assert batch.digest in told
    assert batch.certificate["numbers_digest"] in told
    assert "genuine and unchanged" in browser.get(VERIFY, {"fingerprint": f" {batch.digest.upper()} "}).content.decode()
    paper = browser.get(page("batch-certificate-pdf", batch.pk))
    assert paper["Content-Type"] == "application/pdf"
    assert batch.digest in read_of(paper)
    assert batch.number in read_of(paper)
    assert "No certificate has" in browser.get(VERIFY, {"fingerprint": "0" * 64}).content.decode()
    assert "64 letters" in browser.get(VERIFY, {"fingerprint": "x"}).content.decode()
    DestructionBatch.objects.filter(pk=batch.pk).update(certificate=batch.certificate | {"basis": "x"})
    assert "was changed after" in browser.get(VERIFY, {"fingerprint": batch.digest}).content.decode()


def test_a_certificate_names_holders_and_people_in_words(privacy: Staff, compliance: Staff) -> None:
    Recipient.objects.filter(code="WAREHOUSE").update(code="POLICY", answers=True)  # the code of a source as well
    batch = certified(propose([sent("K1")], by=compliance), privacy)
    assert {copy["who"] for copy in batch.certificate["copies"]} == {"POLICY"}

    with override("en"):
        report = certificate_report(batch)

    assert [(copy.who, copy.what, copy.state) for copy in report.copies] == [
        ("데이터웨어하우스", "Own system", "Destroyed"),
        ("Policy administration", "Source system", "Destroyed"),
    ]
    assert (report.proposed_by, report.decided_by) == (str(compliance), str(privacy))
    for name in ("batch-certificate", "batch-certificate-pdf"):
        shown = read_of(browser_of(privacy).get(page(name, batch.pk)))
        assert "데이터웨어하우스" in shown
        assert str(compliance) in shown
        assert "POLICY" not in shown


def test_a_certificate_of_a_holder_or_person_who_is_gone_keeps_the_code(privacy: Staff) -> None:
    batch = certified(propose([sent("K1")]), privacy)
    batch.copies.all().delete()
    batch.certificate |= {"decided_by": "E9"}

    report = certificate_report(batch)

    assert [(copy.who, copy.what) for copy in report.copies] == [("POLICY", "")]
    assert (report.proposed_by, report.decided_by) == ("", "E9")


def test_a_destroyed_number_answers_that_it_was_destroyed(privacy: Staff) -> None:
    customer = sent("K1", name="김유일", birth_date="1977-07-07")
    certified(propose([customer]), privacy)

    answer = browser_of(privacy).get(customer.get_absolute_url())

    assert answer.status_code == 410
    assert "김유일" not in answer.content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}" in answer.content.decode()


def test_the_list_of_batches_has_tabs_and_costs_the_same_for_one_and_three(privacy: Staff) -> None:
    propose([sent("K1")])
    browser_of(privacy).get(BATCHES)
    one = queries_of(browser_of(privacy), BATCHES)
    propose([sent("K2")])
    late = carried_out(propose([sent("K3")]), privacy)
    CopyAnswer.objects.filter(batch=late).update(due_on=TODAY - timedelta(days=9))

    assert queries_of(browser_of(privacy), BATCHES) == one
    assert late.number in text_of(privacy, f"{BATCHES}?state=late")
    assert late.number not in text_of(privacy, f"{BATCHES}?state=PROPOSED")
    assert len(browser_of(privacy).get(f"{BATCHES}?state=").context["lines"]) == 3


def test_the_page_of_a_batch_costs_the_same_for_one_and_three(privacy: Staff) -> None:
    one, three = propose([sent("K1")]), propose([sent("K2"), sent("K3"), sent("K4")])
    browser_of(privacy).get(page("batch-detail", one.pk))
    assert queries_of(browser_of(privacy), page("batch-detail", one.pk)) == queries_of(
        browser_of(privacy), page("batch-detail", three.pk)
    )
    assert len(browser_of(privacy).get(page("batch-detail", three.pk)).context["items"]) == 3


def test_a_hold_is_placed_seen_put_off_and_released(compliance: Staff) -> None:
    customer, browser = sent("K1", name="김보류"), browser_of(compliance)
    today, read = timezone.localdate(), lambda url: browser.get(url).content.decode()
    form = {"scope": "EVERYTHING", "reason": "소송 계속 중", "clause": "민사소송법 제344조"}

    past = browser.post(page("hold-place", customer.number), form | {"review_on": today.isoformat()})
    assert "Choose a day after today." in past.content.decode()
    browser.post(page("hold-place", customer.number), form | {"review_on": (today + timedelta(days=9)).isoformat()})

    placed = Hold.objects.get()
    assert "9 days left" in read(HOLDS)
    profile = read(f"{customer.get_absolute_url()}?part=all")
    assert "민사소송법 제344조" in profile
    browser.post(page("hold-extend", placed.pk), {"review_on": (today + timedelta(days=30)).isoformat()})
    assert "30 days left" in read(HOLDS)
    answer = browser.post(page("hold-release", placed.pk), {"because": "판결이 확정되었습니다"}, follow=True)
    assert "The hold was released." in answer.content.decode()
    assert "There is no hold here" in read(HOLDS)
    assert "판결이 확정되었습니다" in read(f"{HOLDS}?state=released")


def test_late_holds_are_listed_and_lists_cost_the_same_for_one_and_three(compliance: Staff) -> None:
    late = hold(sent("K1"))
    Hold.objects.filter(pk=late.pk).update(review_on=timezone.localdate() - timedelta(days=2))
    browser_of(compliance).get(HOLDS)
    one = queries_of(browser_of(compliance), HOLDS)
    hold(sent("K2"), days=90)
    hold(sent("K3"), days=90)

    assert queries_of(browser_of(compliance), HOLDS) == one
    assert "2 days late" in text_of(compliance, f"{HOLDS}?late=1")
    assert len(browser_of(compliance).get(f"{HOLDS}?late=1").context["lines"]) == 1


def test_nobody_sees_holds_of_customers_out_of_reach(compliance: Staff) -> None:
    customer = make_customer()
    placed = hold(customer)
    protect(customer)
    browser = browser_of(compliance)
    assert browser.get(HOLDS).context["lines"] == []
    assert browser.get(page("hold-release", placed.pk)).status_code == 404
    assert browser.get(page("hold-place", customer.number)).status_code == 404


def test_periods_are_drafted_counted_and_put_to_use(privacy: Staff, compliance: Staff) -> None:
    sent("K1", ended=LATELY)
    browser = browser_of(compliance)
    form = {
        f"{code}-{name}": value
        for code, policy in rules.live_rules().policies.items()
        for name, value in (("months", policy.months), ("clause", policy.clause), ("grade", str(policy.grade)))
    }
    same = browser.post(DRAFT, form | {"comment": "그대로"})
    assert "say already" in same.content.decode()
    wrong = browser.post(DRAFT, form | {"comment": "짧게", "LIVE_DATA-months": "-1"})
    assert "Some periods cannot be used" in wrong.content.decode()
    browser.post(DRAFT, form | {"comment": "짧게", "LIVE_DATA-months": "1"})

    draft = RetentionRules.objects.get()
    told = browser.get(page("retention-detail", draft.version)).content.decode()
    assert "<del>3</del> <ins>1</ins>" in told
    assert "another person must put it to use" in told
    other = browser_of(privacy)
    refused = other.post(page("retention-publish", draft.version), follow=True)
    assert "Count first" in refused.content.decode()
    rules.rehearse_retention_rules(rules=draft, at=NOW)
    assert "Customers who would be due today" in other.get(page("retention-detail", draft.version)).content.decode()
    other.post(page("retention-publish", draft.version))
    assert rules.live_rules().version == draft.version
    assert other.get(RETENTION).context["live"] == draft.version


def test_separated_data_are_shown_once_for_a_reason_and_the_customer_is_to_be_told(privacy: Staff) -> None:
    customer = sent("K1", ended=LATELY, name="김따로", mobile="010-2345-6789")
    assert carried_out(propose([customer], action="SEPARATE"), privacy).state == "CLOSED"
    browser, url = browser_of(privacy), page("separated-open", customer.number)
    asked = browser.get(url)
    assert "김따로" not in asked.content.decode()
    assert SeparatedUse.objects.count() == 0

    shown = browser.post(url, {"reason": "보험금 분쟁 확인", "clause": "신용정보법 제20조의2"})

    told = shown.content.decode()
    assert "김" in told
    assert "정기보험" in told
    assert shown["Cache-Control"] == "no-store"
    use = SeparatedUse.objects.get()
    assert (use.customer, use.used_by, use.reason) == (customer, privacy, "보험금 분쟁 확인")
    entry = AccessEntry.objects.filter(page="consent:separated-open").order_by("-at").first()
    assert (entry.kind, entry.reason, entry.customers) == ("REVEAL", "보험금 분쟁 확인", [customer.pk])
    assert "보험금 분쟁 확인" in browser.get(f"{USES}?told=no").content.decode()
    browser.post(page("separated-use-tell", use.pk), {"how": "우편"})
    assert "Nobody looked at separated data" in browser.get(f"{USES}?told=no").content.decode()
    again = browser.post(page("separated-use-tell", use.pk), {"how": "우편"}, follow=True)
    assert "noted before" in again.content.decode()


def test_the_list_of_periods_costs_the_same_for_one_version_and_three(privacy: Staff) -> None:
    browser = browser_of(privacy)

    def draft(months: int) -> None:
        definition = {"classes": {"PROSPECT": {"months": months}}}
        rules.draft_retention_rules(by=privacy, at=NOW, definition=definition)

    draft(24)
    browser.get(RETENTION)
    one = queries_of(browser, RETENTION)
    draft(18)
    draft(6)
    assert queries_of(browser, RETENTION) == one
