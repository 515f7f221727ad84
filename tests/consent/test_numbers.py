"""The numbers of the law: from a day on, with a reason, told to all who watch them, never looking back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from consent.models import LegalNumber
from consent.numbers import NUMBERS, numbers_on
from consent.reports.numbers import number_groups, number_line
from consent.rules.numbers import RANGES, is_possible
from consent.services import numbers as services
from consent.words.numbers import GROUPS, in_unit
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW
from tests.relations.keeping import browser_of, queries_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def officer(master):
    return make_staff("COMPLIANCE_OFFICER", employee_number="C1", name="한지우", language="en")


def set_number(officer, name="breach_hours", value=48, starts_on=TOMORROW, at=NOW):
    return services.set_legal_number(
        name=name, value=value, starts_on=starts_on, reason="시행령 개정", by=officer, at=at
    )


def test_a_number_holds_from_its_day_on_and_never_before(officer):
    set_number(officer)

    assert [numbers_on(day)["breach_hours"] for day in (TODAY, TOMORROW, TOMORROW + timedelta(days=99))] == [72, 48, 48]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"name": "speed_of_light"}, services.UnknownNumber),
        ({"starts_on": TODAY}, services.TooEarly),
        ({"starts_on": TODAY - timedelta(days=1)}, services.TooEarly),
        ({"value": 0}, services.NotPossible),
        ({"value": 721}, services.NotPossible),
        ({"name": "night_from", "value": 25}, services.NotPossible),
        ({"name": "silence_keeps_consent", "value": 2}, services.NotPossible),
        ({"value": 72}, services.SameValue),
    ],
)
def test_what_cannot_be_set_is_refused(officer, changed, refused):
    with pytest.raises(refused):
        set_number(officer, **changed)
    assert LegalNumber.objects.count() == 0


def test_a_day_ends_at_midnight_in_korea(officer):
    late = NOW.replace(hour=23, minute=59, second=59)

    set_number(officer, at=late)
    with pytest.raises(services.TooEarly):
        set_number(officer, value=36, at=late + timedelta(seconds=1))


def test_others_who_watch_are_told_and_can_set_it_back_before_its_day(officer):
    privacy = make_staff("PRIVACY_OFFICER")
    make_staff("FP")

    set_number(officer)
    set_number(privacy, value=72)

    assert numbers_on(TOMORROW)["breach_hours"] == 72
    told = Notice.objects.filter(kind="LEGAL_NUMBER_SET").order_by("pk").values_list("staff", "what__by")
    assert list(told) == [(privacy.pk, "한지우"), (officer.pk, "김하나")]


def test_what_was_set_is_never_changed(officer):
    made = set_number(officer)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LegalNumber.objects.filter(pk=made.pk).update(value=1)


def test_every_number_has_a_group_a_range_and_words():
    named = [name for _title, names in GROUPS for name in names]

    assert set(named) <= set(NUMBERS)
    assert len(named) == len(set(named))
    assert {meaning.unit for meaning in NUMBERS.values()} <= set(RANGES)
    assert all(is_possible(meaning.default, meaning.unit) for meaning in NUMBERS.values())
    assert all(in_unit(meaning.default, meaning.unit) for meaning in NUMBERS.values())


def test_the_report_tells_today_planned_and_past(officer):
    set_number(officer)
    set_number(officer, value=24, starts_on=TODAY + timedelta(days=9), at=NOW)

    line = number_line("breach_hours", TOMORROW)

    assert (line.since, [change.starts_on for change in line.ahead]) == (TOMORROW, [TODAY + timedelta(days=9)])
    assert [change.starts_on for change in line.past] == [TOMORROW, None]
    assert sum(len(group.lines) for group in number_groups(TODAY)) == len(NUMBERS)


def test_a_stranger_sees_no_numbers_and_an_auditor_sets_none(officer):
    url, form = reverse("consent:number-list"), reverse("consent:number-set") + "?name=breach_hours"

    assert browser_of(make_staff("FP")).get(url).status_code == 403
    auditor = browser_of(make_staff("AUDITOR"))
    assert (auditor.get(url).status_code, auditor.get(form).status_code) == (200, 403)
    assert browser_of(officer).get(reverse("consent:number-set") + "?name=x").status_code == 404


def test_the_page_sets_a_number_and_says_what_is_wrong(officer):
    client, url = browser_of(officer), reverse("consent:number-set") + "?name=breach_hours"
    tomorrow = timezone.localdate() + timedelta(days=1)

    refused = client.post(url, {"value": "48", "starts_on": f"{timezone.localdate()}", "reason": "시행령 개정"})
    done = client.post(url, {"value": "48", "starts_on": f"{tomorrow}", "reason": "시행령 개정"})

    assert "Choose a day after today." in refused.content.decode()
    assert done.url == reverse("consent:number-list") + "#breach_hours"
    page = client.get(reverse("consent:number-list")).content.decode()
    assert "48 hours" in page
    assert "개정" in page


def test_the_list_costs_the_same_for_one_and_for_three_changes(officer):
    client, url = browser_of(officer), reverse("consent:number-list")
    set_number(officer)
    before = queries_of(client, url)
    set_number(officer, value=24)
    set_number(officer, "claim_years", 5)

    assert queries_of(client, url) == before
