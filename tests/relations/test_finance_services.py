"""Recording and withdrawing finances."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from relations.models import FinancialFact, PolicyElsewhere, RiskProfile
from relations.rules import risk
from relations.rules.finances import Range, months_after
from relations.services import finances
from tests.accounts.builders import make_staff
from tests.customers.builders import make_customer, make_retired, make_rrn
from tests.relations.finances import BOLD, CAREFUL, days_ago, provenance, record, record_policy, record_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_record_fact_keeps_range_source_and_consent():
    fp, customer, today = make_staff("FP"), make_customer(), timezone.localdate()

    made = record(customer, "ASSETS", 100, None, by=fp, told_by="DOCUMENT", evidence=f"{make_rrn('850302', 2)} 등기부")

    kept = FinancialFact.objects.get(pk=made.pk)
    assert (kept.customer, kept.kind, kept.low, kept.high, kept.told_by) == (customer, "ASSETS", 100, None, "DOCUMENT")
    assert (kept.as_of, kept.consented_on, kept.consent_method, kept.recorded_by) == (today, today, "PAPER", fp)
    assert kept.evidence == "850302-2****** 등기부"


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"consented_on": None}, finances.NoConsent),
        ({"consent_method": ""}, finances.NoConsent),
        ({"consented_on": days_ago(-1)}, finances.ConsentInFuture),
        ({"consented_on": days_ago(750)}, finances.ConsentTooOld),
        ({"as_of": days_ago(-1)}, finances.ToldInFuture),
        ({"low": 5, "high": 4}, finances.SillyRange),
        ({"low": 0, "high": None}, finances.SillyRange),
    ],
)
def test_record_fact_refuses(told, refusal):
    with pytest.raises(refusal):
        record(make_customer(), **told)
    assert not FinancialFact.objects.exists()


def test_consent_may_be_older_than_the_fact_and_newer():
    customer = make_customer()

    record(customer, as_of=days_ago(0), consented_on=days_ago(300))
    record(customer, as_of=days_ago(300), consented_on=days_ago(0))

    assert FinancialFact.objects.count() == 2


def test_nothing_is_recorded_of_an_organisation_or_of_a_retired_customer():
    with pytest.raises(finances.NotAPerson):
        record(make_customer(kind="ORG", name="(주)한빛상사"))
    with pytest.raises(finances.NotActive):
        record_policy(make_retired(make_customer()))


def test_the_very_same_is_refused_until_it_is_withdrawn():
    fp, customer = make_staff("FP"), make_customer()
    made = record(customer)

    with pytest.raises(finances.AlreadyRecorded):
        record(customer, evidence="다시")
    finances.withdraw_fact(fact=made, reason="잘못 들음", by=fp, at=timezone.now())

    assert record(customer).pk != made.pk
    assert record(customer, high=70_000_000).pk


@pytest.mark.parametrize(
    ("policy", "refusal"),
    [
        ({"monthly_premium": -1}, finances.SillyRange),
        ({"monthly_premium": 10**12}, finances.SillyRange),
        ({"started_on": days_ago(1), "ends_on": days_ago(2)}, finances.EndsBeforeStart),
        ({"told": {"consented_on": None}}, finances.NoConsent),
    ],
)
def test_record_policy_elsewhere_refuses(policy, refusal):
    with pytest.raises(refusal):
        record_policy(make_customer(), **policy)


def test_record_policy_elsewhere_keeps_the_policy():
    customer = make_customer()

    record_policy(customer, ends_on=days_ago(-900))

    kept = PolicyElsewhere.objects.values_list("customer", "insurer", "product_group", "monthly_premium", "ends_on")
    assert list(kept) == [(customer.pk, "다른생명", "CANCER", 60_000, days_ago(-900))]


def test_record_risk_profile_takes_level_and_validity_from_the_rules(settings):
    settings.RISK_PROFILE_MONTHS = 12

    made = record_profile(make_customer(), as_of=days_ago(30))

    kept = RiskProfile.objects.get(pk=made.pk)
    assert (kept.level, kept.valid_until) == (5, months_after(days_ago(30), 12))
    assert kept.answers == {"questionnaire": 1, **BOLD}
    with pytest.raises(risk.Incomplete):
        record_profile(make_customer(), {"LOSS": "NONE"})


def test_withdraw_fact_says_who_and_why_and_only_once():
    fp, customer, noon = make_staff("FP"), make_customer(), timezone.now()
    for made in (record(customer), record_policy(customer), record_profile(customer, CAREFUL)):
        finances.withdraw_fact(fact=made, reason="900101-1234567 요청", by=fp, at=noon)

        made.refresh_from_db()
        assert (made.withdrawn_by, made.withdrawn_at, made.withdrawn_because) == (fp, noon, "900101-1****** 요청")
        with pytest.raises(finances.AlreadyWithdrawn):
            finances.withdraw_fact(fact=made, reason="다시", by=fp, at=noon)
        assert list(type(made).objects.standing()) == []


def test_withdraw_finances_withdraws_all_that_stands_of_one_customer():
    fp, customer, other = make_staff("FP"), make_customer(), make_customer()
    for one in (customer, other):
        record(one)
        record_policy(one)
        record_profile(one)

    count = finances.withdraw_finances(customer=customer, reason="동의 철회", by=fp, at=timezone.now())

    assert count == 3
    assert [list(table.objects.standing().values_list("customer", flat=True)) for table in finances.TABLES] == [
        [other.pk]
    ] * 3
    with pytest.raises(finances.NothingToWithdraw):
        finances.withdraw_finances(customer=customer, reason="동의 철회", by=fp, at=timezone.now())


def test_record_many_checks_each_row_and_writes_all_or_nothing():
    one, other, company = make_customer(), make_customer(), make_customer(kind="ORG", name="(주)한빛상사")
    told = vars(provenance(told_by="BUREAU"))

    def row(customer):
        return FinancialFact(customer=customer, kind="INCOME", low=1, high=2, **told)

    made = finances.record_many(rows=[row(one), row(other)], at=timezone.now())
    with pytest.raises(finances.NotAPerson):
        finances.record_many(rows=[row(one), row(company)], at=timezone.now())

    assert made == {"relations.FinancialFact": 2, "relations.PolicyElsewhere": 0, "relations.RiskProfile": 0}
    assert FinancialFact.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_the_same_at_once_one_is_told_so():
    customer, answers, start = make_customer(), [], threading.Barrier(2)

    def act() -> None:
        try:
            start.wait(10)
            finances.record_fact(
                customer=customer, kind="DEBTS", told=Range(1, 9), provenance=provenance(), by=None, at=timezone.now()
            )
            answers.append("recorded")
        except finances.AlreadyRecorded:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == ["recorded", "refused"]
    assert FinancialFact.objects.count() == 1


def test_a_day_is_that_of_korea():
    late = timezone.now().replace(hour=15, minute=30)  # half past midnight in Korea, of the next day
    tomorrow = timezone.localdate(late)

    made = finances.record_fact(
        customer=make_customer(),
        kind="INCOME",
        told=Range(1, 2),
        provenance=provenance(as_of=tomorrow, consented_on=tomorrow),
        by=None,
        at=late,
    )

    assert made.as_of == (late + timedelta(hours=9)).date()
