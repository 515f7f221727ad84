"""The pages of merges that wait for a second person: who sees, who answers, what comes of it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Staff
from customers.models import Act, Customer, Proposal
from customers.services import merges
from tests.accounts.builders import make_staff
from tests.customers.builders import feed, make_rrn, person
from tests.customers.matching import login, said, words
from tests.customers.pairs import customers_of, decide, steward, waiting

pytestmark = pytest.mark.usefixtures("master")
PROPOSALS = "/customers/proposals/"


def browser_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page_of(proposal: Proposal) -> str:
    return f"{PROPOSALS}{proposal.pk}/"


def proposed(by: Staff, **fields: object) -> Proposal:
    """A proposal to merge the two customers of a new pair, one of whom is a VIP."""
    (pair,) = waiting()
    Customer.objects.filter(pk=customers_of(pair)[0].pk).update(grade="VIP")
    return decide(pair, "SAME", by=by, at=timezone.now(), reason_code="DOCUMENT", **fields)


def test_the_list_tells_who_whom_and_why():
    proposal = proposed(steward(name="정다은"))

    page = browser_of(steward()).get(PROPOSALS)

    (line,) = page.context["lines"]
    assert [one.name for one in line.customers] == [one.name for one in customers_of(proposal.pair)]
    assert line.why == ("A customer of high value is among them.",)
    assert "정다은" in words(page)


@pytest.mark.parametrize(("query", "found"), [("", 1), ("?state=REFUSED", 0), ("?state=nonsense", 1)])
def test_the_list_holds_the_proposals_of_one_state(query, found):
    proposed(steward())

    assert len(login("DATA_STEWARD").get(f"{PROPOSALS}{query}").context["lines"]) == found


def test_an_empty_list_says_so():
    client = login("DATA_STEWARD")

    assert "No proposal waits" in words(client.get(PROPOSALS))
    assert "No proposal is in this state" in words(client.get(f"{PROPOSALS}?state=APPROVED"))


def test_the_list_needs_as_many_queries_for_three_as_for_one():
    by, client, counts = steward(), login("DATA_STEWARD"), []
    for number in (1, 2):
        for _proposal in range(number):
            proposed(by)
        client.get(PROPOSALS)
        with CaptureQueriesContext(connection) as queries:
            client.get(PROPOSALS)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 10


def test_the_page_shows_what_the_merge_would_do_and_whom_it_waits_for():
    proposal = proposed(steward(), comment="seen the passport")

    page = browser_of(steward()).get(page_of(proposal))

    assert [line.after for line in page.context["report"].preview.children] == ["2"]
    assert page.context["report"].can_answer
    assert "Seen in a document · “seen the passport”" in words(page)
    assert Act.objects.count() == 0


def test_a_second_person_approves_and_the_first_one_has_merged():
    by, second = steward(), steward()
    proposal = proposed(by)

    went = browser_of(second).post(f"{page_of(proposal)}approve/", follow=True)

    assert said(went) == ["The merge was approved and done."]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.act.by) == ("APPROVED", second, by)
    proposal.pair.refresh_from_db()
    assert (proposal.pair.state, Customer.objects.filter(state="MERGED").count()) == ("SAME", 1)
    assert "Open this act" in words(went)
    late = browser_of(second).post(f"{page_of(proposal)}approve/", follow=True)
    assert said(late) == ["The proposal was decided meanwhile. Nothing was done."]


def test_a_merge_of_customers_that_changed_since_is_not_approved():
    proposal = proposed(steward())
    client = browser_of(steward())
    seen = re.search(r'name="seen" value="(\w+)"', client.get(page_of(proposal)).content.decode())[1]
    feed([person(source_key=proposal.pair.left.source_key, email="new@example.kr")])

    late = client.post(f"{page_of(proposal)}approve/", {"seen": seen}, follow=True)

    assert said(late) == ["Something changed since you looked. Nothing was done; this is how it is now."]
    seen = re.search(r'name="seen" value="(\w+)"', late.content.decode())[1]
    went = client.post(f"{page_of(proposal)}approve/", {"seen": seen}, follow=True)
    assert said(went) == ["The merge was approved and done."]


def test_a_second_person_refuses_and_says_why():
    proposal, second = proposed(steward()), steward()
    client = browser_of(second)

    unsaid = client.post(f"{page_of(proposal)}refuse/", {"answer": ""})
    went = client.post(f"{page_of(proposal)}refuse/", {"answer": "Two sisters."}, follow=True)

    assert list(unsaid.context["form"].errors) == ["answer"]
    assert said(went) == ["The proposal was refused. Its pair stays open."]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer, proposal.decided_by) == ("REFUSED", "Two sisters.", second)
    proposal.pair.refresh_from_db()
    assert proposal.pair.state == "OPEN"
    assert "“Two sisters.”" in words(went)


def test_a_resident_number_in_what_the_two_write_is_masked():
    rrn = make_rrn("850302", 2)
    proposal = proposed(steward(), comment=f"예: {rrn}")
    client = browser_of(steward())
    client.post(f"{page_of(proposal)}refuse/", {"answer": f"답: {rrn}"})

    page = client.get(page_of(proposal))

    assert "“예: 850302-2******”" in words(page) and "“답: 850302-2******”" in words(page)
    assert rrn not in page.content.decode()


def test_nobody_answers_an_own_proposal_but_may_withdraw_it():
    by = steward()
    proposal = proposed(by)
    client = browser_of(by)

    page = client.get(page_of(proposal))
    approved = client.post(f"{page_of(proposal)}approve/", follow=True)
    refused = client.post(f"{page_of(proposal)}refuse/", {"answer": "no"}, follow=True)
    withdrawn = client.post(f"{page_of(proposal)}withdraw/", follow=True)

    assert "Approve and merge" not in words(page)
    assert said(approved) == ["Somebody else must approve what you proposed."]
    assert said(refused) == ["You do not refuse your own proposal; withdraw it instead."]
    assert said(withdrawn) == ["The proposal was withdrawn. Its pair is in the queue again."]
    assert (Proposal.objects.get().state, Act.objects.count()) == ("OVERTAKEN", 0)


def test_nobody_withdraws_the_proposal_of_somebody_else():
    proposal = proposed(steward())

    assert browser_of(steward()).post(f"{page_of(proposal)}withdraw/").status_code == 404


def test_a_proposal_of_a_customer_merged_otherwise_is_overtaken():
    proposal, by = proposed(steward()), steward()
    (other,) = waiting()
    first, second = customers_of(proposal.pair)[1], customers_of(other)[0]
    merges.merge_customers(survivor=second, retired=[first], by=by, at=timezone.now())

    went = browser_of(by).post(f"{page_of(proposal)}approve/", follow=True)

    assert said(went) == ["The proposal was decided meanwhile. Nothing was done."]
    assert Proposal.objects.get().state == "OVERTAKEN"


def test_who_may_look_without_answering_sees_no_button_and_is_refused():
    proposal = proposed(steward())
    client = login("COMPLIANCE_OFFICER")

    page = client.get(page_of(proposal))

    assert not page.context["report"].can_answer
    assert [client.post(f"{page_of(proposal)}{verb}/").status_code for verb in ("approve", "refuse")] == [403, 403]


def test_who_sees_no_customers_learns_no_name_and_no_number():
    proposal = proposed(steward())
    names = [value for one in customers_of(proposal.pair) for value in (one.name, one.number)]

    page = words(login("AUDITOR").get(page_of(proposal)))

    assert [value for value in names if value in page] == []
    assert page.count("not visible to you") == 2


@pytest.mark.parametrize(("role", "status"), [("FP", 403), ("ADMINISTRATOR", 403), ("AUDITOR", 200)])
def test_proposals_are_shown_to_whom_the_role_opens_them(role, status):
    proposal = proposed(steward())
    client = browser_of(make_staff(role, language="en"))

    assert [client.get(url).status_code for url in (PROPOSALS, page_of(proposal))] == [status] * 2
