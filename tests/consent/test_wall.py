"""What compliance and privacy see of the whole company: each figure counts what its list shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.cards import breach_clocks, due_and_late, under_way
from consent.models import CleanupAsk, Consent, ContactAsk, ContactDecision, ContactStop, Hold, Law, Purpose, Receipt
from consent.reports.wall import KINDS, LATE, SOON, figures
from consent.reports.wall_charts import charts
from consent.words.wall import FIGURES, GROUPS, lasted
from tests.accounts.builders import make_staff
from tests.consent.outflowing import make_breach
from tests.customers.builders import make_customer
from tests.relations.keeping import browser_of, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
WALL = "consent:wall"


@pytest.fixture
def officer(purposes):
    return make_staff("COMPLIANCE_OFFICER", employee_number="C1", language="en")


def answer(customer, purpose, value, at, recorded_at, serial):
    receipt = Receipt.objects.create(
        number=f"R{serial}", customer=customer, method="PHONE", proof=2, answered_at=at, recorded_at=recorded_at
    )
    return Consent.objects.create(
        receipt=receipt, customer=customer, purpose=purpose, answer=value, at=at, recorded_at=recorded_at
    )


def test_every_figure_has_words_a_group_and_a_permission_that_exists(officer):
    privacy = make_staff("PRIVACY_OFFICER")

    assert {kind.code for kind in KINDS} == set(FIGURES)
    assert {kind.group for kind in KINDS} == set(GROUPS)
    assert [kind.code for kind in KINDS if not privacy.has_perms(kind.permissions)] == []
    assert all(one.count == 0 for one in figures(officer, timezone.now(), (LATE, SOON)))


def test_every_figure_is_the_count_of_the_list_that_it_opens(officer):
    privacy, now, today = make_staff("PRIVACY_OFFICER", language="en"), timezone.now(), timezone.localdate()
    CleanupAsk.objects.create(customer=make_customer(), kind="VERIFY_NAME", opened_on=today, due_on=today)
    Hold.objects.create(customer=make_customer(), reason="소송", clause="x", review_on=today, placed_at=now)
    make_breach(known_at=now - timedelta(hours=73), at=now)
    make_breach(known_at=now, at=now)

    counts = {one.code: one.count for one in figures(privacy, now) if one.count}

    assert counts.pop("LAWS_LATE", 0) == Law.objects.filter(review_by__lte=today, repealed_on=None).count()
    assert counts == {"ASKS_SOON": 1, "HOLDS_LATE": 1, "BREACHES_LATE": 1, "BREACHES_OPEN": 2}
    client = browser_of(privacy)
    pages = {one.code: client.get(one.url) for one in figures(privacy, now)}
    assert {code: page.status_code for code, page in pages.items() if page.status_code != 200} == {}
    lines = {code: len(list(pages[code].context["lines"])) for code in counts}
    assert lines == counts


def test_somebody_sees_only_figures_of_what_they_may_see(officer):
    campaign = make_staff("CAMPAIGN_MANAGER")

    assert {one.code for one in figures(campaign, timezone.now())} == {"STOPS", "TEXTS_DRAFT"}
    assert browser_of(campaign).get(reverse(WALL)).status_code == 403
    assert browser_of(make_staff("FP")).get(reverse(WALL)).status_code == 403
    assert browser_of(make_staff("AUDITOR")).get(reverse(WALL)).status_code == 200
    assert Client().get(reverse(WALL)).status_code == 302


def test_the_wall_and_the_start_page_cost_the_same_whatever_there_is(officer):
    client, now = browser_of(officer), timezone.now()
    urls = [reverse(WALL), reverse("home")]
    make_breach(known_at=now - timedelta(hours=1), at=now)
    ContactStop.objects.create(reason="점검", started_at=now)
    before = [queries_of(client, url) for url in urls]
    for _each in range(2):
        make_breach(known_at=now - timedelta(hours=1), at=now)
        ContactStop.objects.create(reason="점검", started_at=now)
        CleanupAsk.objects.create(
            customer=make_customer(), kind="VERIFY_NAME", opened_on=timezone.localdate(), due_on=timezone.localdate()
        )

    assert [queries_of(client, url) for url in urls] == before


def test_charts_tell_rates_blocking_reasons_and_gates(officer):
    now, people = timezone.now(), [make_customer(gate="IN_SCOPE"), make_customer(gate="NEITHER")]
    marketing = Purpose.objects.get(code="MARKETING")
    for place, value in enumerate(("GIVEN", "GIVEN", "GIVEN", "WITHDRAWN")):
        at = now - timedelta(minutes=10 + place)
        answer(people[0], marketing, value, at, at + timedelta(seconds=90), place)
    ask = ContactAsk.objects.create(
        purpose=marketing, channel="SMS", contact_at=now, asked_at=now, counts={"ALLOWED": 7, "NIGHT": 3}
    )
    decision = {"customer": people[0], "purpose": marketing, "channel": "SMS", "contact_at": now, "decided_at": now}
    for reason, is_allowed, asked in (("NIGHT", False, None), ("NIGHT", False, ask), ("ALLOWED", True, None)):
        ContactDecision.objects.create(reason=reason, is_allowed=is_allowed, ask=asked, **decision)

    found = charts(timezone.now())

    (line,) = found.rates.purposes
    assert [rate for rate in line.rates if rate] == ["75%"]
    assert [(block.method != "", block.count, block.median, block.longest) for block in found.blocking] == [
        (True, "1", lasted(90), lasted(90)),
        (False, "1", lasted(90), lasted(90)),
    ]
    assert [(bar.count, bar.bar.width) for bar in found.reasons] == [("4", "100.0")]
    assert sorted(bar.count for bar in found.gates) == ["1", "1"]
    assert all("gate=" in bar.url for bar in found.gates)


def test_cards_are_for_those_who_act_and_hidden_while_there_is_nothing(officer):
    auditor, now = make_staff("AUDITOR"), timezone.now()

    assert [card(auditor) for card in (breach_clocks, due_and_late, under_way)] == [None, None, None]
    assert breach_clocks(officer) is None
    assert under_way(officer) is None
    make_breach(known_at=now - timedelta(hours=1), at=now)
    assert [line.level for line in breach_clocks(officer).content] == ["calm"]
    home = browser_of(officer).get(reverse("home")).content.decode()
    assert "BREACH-" in home
    assert "Consent and the law today" in home
