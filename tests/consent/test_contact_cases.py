"""Every case of contactability, asked of the rules, of one customer in the database, and of the set."""

import pytest

from consent.models import ContactDecision
from consent.rules.contact import ORDERS, Reason, decide
from consent.seeds import PURPOSES
from consent.services.contacting import may_contact
from consent.services.contacting_many import may_contact_many
from consent.words.contact import REASONS, SAYINGS
from tests.consent.contact_cases import CASES, NOON, Case
from tests.consent.contacting import facts_of_case, plant_case, purpose_of

SEEDED = {row[0]: (row[4], row[5], row[9]) for row in PURPOSES}


def test_there_are_enough_cases_each_with_a_name_of_its_own():
    assert len(CASES) >= 80
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_reason_has_a_case_words_for_staff_and_words_for_the_customer():
    assert {case.reason for case in CASES} == set(Reason) - {Reason.CAP}
    assert set(REASONS) == set(SAYINGS) == set(Reason)
    assert {reason for reason, _stands in ORDERS[False]} == set(Reason) - {Reason.ALLOWED}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rules_answer_the_case(case: Case):
    verdict = decide(facts_of_case(case, SEEDED))

    assert (verdict.reason, verdict.is_allowed) == (case.reason, case.reason == "ALLOWED")
    assert case.clause in verdict.clause


@pytest.mark.django_db
@pytest.mark.usefixtures("purposes")
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_database_answers_the_case_for_one_and_for_a_set(case: Case):
    customer, purpose = plant_case(case), purpose_of(case.purpose)
    asked = {"channel": case.channel, "purpose": purpose, "at": case.at, "now": NOON}

    verdict = may_contact(customer=customer, **asked)
    ask = may_contact_many(customers=[customer.pk], by=None, **asked)

    assert (verdict.reason, verdict.is_allowed) == (case.reason, case.reason == "ALLOWED")
    assert case.clause in verdict.clause
    assert verdict.words
    assert ask.counts == {case.reason: 1}
    kept = ContactDecision.objects.order_by("pk").values_list("reason", "is_allowed", "contact_at", "ask")
    allowed = case.reason == "ALLOWED"
    assert list(kept) == [(case.reason, allowed, case.at, None), (case.reason, allowed, case.at, ask.pk)]
