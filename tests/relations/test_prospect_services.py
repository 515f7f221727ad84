"""Registering prospects, their lives, and what becomes of what is kept."""

from datetime import timedelta

import pytest

from accounts.models import AccessEntry, Notice
from customers.models import Customer, SourceRecord
from customers.services.intake import CannotRead
from relations.models import Keeper, Prospect, ProspectDispute, ProspectEvent
from relations.rules.prospects import Wrong, parse_receipt_number, written_receipt
from relations.services import prospects, prospects_checks, prospects_lives
from tests.customers.builders import NOW, contract, feed, make_rrn, party, person
from tests.customers.protecting import protect
from tests.relations.prospecting import HA, acquisition, day, keeper_of, made, planner, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]
LATER = NOW + timedelta(days=40)


def events_of(prospect: Prospect) -> list[str]:
    return list(prospect.events.order_by("pk").values_list("kind", flat=True))


def answers() -> list[str]:
    """What the trail tells of the checks, oldest first."""
    lines = AccessEntry.objects.filter(page=prospects_checks.PAGE).order_by("at", "lane", "number")
    return list(lines.values_list("target", flat=True))


def as_party(customer: Customer) -> None:
    """Let a feed bring a contract of this prospect."""
    cells = {"name": customer.name, "birth_date": f"{customer.birth_date}", "mobile": customer.mobile}
    feed([person(source_key="K1", **cells)])
    feed([contract()], layout="contracts")
    feed([party()], layout="parties")


def test_nobody_is_there_so_the_person_is_registered_with_receipt_record_and_keeper():
    by = planner()

    found = register(by, email="summer@naver.com")

    prospect = found.prospect
    customer = Customer.objects.get()
    assert (found.answer.word, prospect.state, prospect.answer) == ("NONE", "ACTIVE", "NONE")
    assert parse_receipt_number(written_receipt(prospect.number)) == prospect.number
    assert (prospect.protected_until, prospect.expires_on) == (day(30), day(180))
    assert (prospect.customer, prospect.record.source_key) == (customer, prospect.number)
    assert (customer.name, customer.mobile, customer.email) == ("한여름", "01023456789", "summer@naver.com")
    assert (customer.keeper, customer.main_branch) == (by, by.branch)
    assert list(Customer.objects.visible_to(by)) == [customer]
    assert [(row.staff, row.why, row.is_open) for row in _keepers()] == [(by, "PROSPECT", True)]
    assert events_of(prospect) == ["REGISTERED"]
    assert answers() == ["answer=NONE"]


def _keepers() -> list[Keeper]:
    rows = list(Keeper.objects.order_by("pk"))
    for row in rows:
        row.is_open = row.ended_at is None
    return rows


def test_somebody_who_is_there_is_refused_with_whom_to_ask_and_nothing_is_kept_but_the_answer():
    first, second = planner(), planner()
    made(first)

    found = register(second)

    assert (found.answer.word, found.answer.ask, found.prospect) == ("EXISTS", first.branch, None)
    assert Prospect.objects.count() == SourceRecord.objects.count() == 1
    assert answers() == ["answer=NONE", "answer=EXISTS"]
    conditions = AccessEntry.objects.get(target="answer=EXISTS").conditions
    assert [value for value in ("한여름", "6789", "1991") if value in conditions] == []


def test_whom_a_protected_branch_has_is_not_told():
    by = planner()
    feed([person(**{key: value for key, value in HA.items() if value})])
    Customer.objects.update(main_branch=planner().branch)
    protect(Customer.objects.get())

    assert (register(by).answer.word, register(by).answer.ask) == ("EXISTS", None)


def test_of_ones_own_customer_one_hears_too():
    by = planner()
    prospect = made(by)

    found = register(by)

    assert (found.answer.word, found.prospect) == ("EXISTS", None)
    assert [match.customer_id for match in found.answer.matches] == [prospect.customer_id]


def test_somebody_similar_comes_before_the_desk_without_a_record():
    first, second = planner(), planner()
    made(first)

    found = register(second, birth_date="1985-01-05", statement="동명이인")

    assert (found.answer.word, found.prospect.state, found.prospect.record) == ("SIMILAR", "REVIEW", None)
    dispute = ProspectDispute.objects.get()
    assert (dispute.kind, dispute.prospect, dispute.state) == ("REVIEW", found.prospect, "OPEN")
    assert dispute.facts["holder"] == {"branch": first.branch.code}
    assert dispute.due_at == NOW + timedelta(days=1)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("consent", "cells", "wrong"),
    [
        ({"consented_on": day(1)}, {}, [Wrong.CONSENT_AHEAD]),
        ({"acquired_on": day(1)}, {}, [Wrong.ACQUIRED_AHEAD]),
        ({"expires_on": day(366)}, {}, [Wrong.EXPIRES_TOO_LATE]),
        ({"expires_on": day(-1)}, {}, [Wrong.EXPIRED]),
        ({"items": ("name", "mobile")}, {}, [Wrong.NO_ITEMS, Wrong.NOT_COVERED]),
        ({"items": ("name", "mobile", "birth_date")}, {"email": "a1@naver.com"}, [Wrong.NOT_COVERED]),
        ({}, {"birth_date": "2013-01-02"}, [Wrong.TOO_YOUNG]),
    ],
)
def test_a_consent_that_does_not_carry_is_refused(consent, cells, wrong):
    with pytest.raises(prospects.UnfitConsent) as refused:
        register(planner(), consent=consent, **cells)

    assert list(refused.value.wrong) == wrong
    assert not Prospect.objects.exists()


@pytest.mark.parametrize("place", ["name", "address", "mobile", "evidence", "path_note", "statement"])
def test_no_resident_number_is_accepted_anywhere(place):
    number = make_rrn("910708", 2)
    cells = HA | ({place: f"{HA[place]} {number}"} if place in HA else {})
    more = {place: number} if place in ("evidence", "path_note") else {}

    with pytest.raises(prospects.HoldsResidentNumber):
        prospects.register_prospect(
            cells=cells,
            acquisition=acquisition(**more),
            by=planner(),
            at=NOW,
            statement=number if place == "statement" else "",
        )

    assert not Prospect.objects.exists()


@pytest.mark.parametrize("cells", [{"name": "ㅎㅇㄹ"}, {"name": "한*름"}, {"name": "12"}, {"mobile": "전화 없음"}])
def test_what_names_nobody_is_refused(cells):
    with pytest.raises(CannotRead):
        register(planner(), **cells)


def test_a_planner_gets_so_many_answers_a_day_and_fewer_of_one_number(settings):
    settings.PROSPECT_CHECKS_PER_DAY, settings.PROSPECT_CHECKS_PER_NUMBER = 3, 2
    by = planner()

    def check(**cells: str) -> str:
        return prospects_checks.check_prospect(cells=HA | cells, by=by, at=NOW).word

    assert [check(), check(mobile="+82 10-2345-6789", name="한여림")] == ["NONE", "NONE"]
    with pytest.raises(prospects_checks.TooManyOfNumber):
        check(name="한가을")
    assert check(mobile="010-9999-1234") == "NONE"
    with pytest.raises(prospects_checks.TooManyChecks):
        check(mobile="010-9999-1235")
    assert prospects_checks.check_prospect(cells=HA, by=planner(), at=NOW).word == "NONE"
    assert prospects_checks.check_prospect(cells=HA, by=by, at=NOW + timedelta(days=1)).word == "NONE"


def test_release_ends_the_assignment_and_hides_the_person_from_the_planner():
    by = planner()
    prospect = made(by)

    prospects_lives.release_prospect(prospect=prospect, by=by, at=LATER)

    prospect.refresh_from_db()
    assert (prospect.state, prospect.ended_by, prospect.ended_at) == ("RELEASED", by, LATER)
    assert (keeper_of(prospect.customer), list(Customer.objects.visible_to(by))) == ("", [])
    assert [(row.is_open, row.ended_on) for row in _keepers()] == [(False, LATER.date())]
    with pytest.raises(prospects_lives.NotActive):
        prospects_lives.release_prospect(prospect=prospect, by=by, at=LATER)


def test_an_ended_prospect_stands_in_nobodys_way_and_the_customer_keeps_its_number():
    first, second = planner(), planner()
    before = made(first)
    prospects_lives.release_prospect(prospect=before, by=first, at=NOW)

    found = register(second, at=LATER)

    assert (found.answer.word, found.prospect.customer) == ("NONE", before.customer)
    assert keeper_of(before.customer) == second.employee_number
    assert Customer.objects.count() == 1
    assert [row.staff for row in _keepers() if row.is_open] == [second]


def test_expire_ends_what_is_over_once_and_tells_the_planner():
    by = planner()
    over = made(by, consent={"expires_on": day(10)})
    made(by, name="박두리", mobile="010-8254-9071", birth_date="1971-01-09")

    assert prospects_lives.expire_prospects(at=NOW + timedelta(days=10)) == 0
    assert prospects_lives.expire_prospects(at=NOW + timedelta(days=11)) == 1
    assert prospects_lives.expire_prospects(at=NOW + timedelta(days=11)) == 0

    over.refresh_from_db()
    assert (over.state, over.ended_by, keeper_of(over.customer)) == ("EXPIRED", None, "")
    assert [(notice.staff, notice.kind) for notice in Notice.objects.all()] == [(by, "PROSPECT_EXPIRED")]


def test_what_the_desk_never_let_in_is_emptied_at_its_end():
    made(planner())
    waiting = register(planner(), birth_date="1985-01-05", statement="동명이인").prospect

    prospects_lives.expire_prospects(at=NOW + timedelta(days=181))

    waiting.refresh_from_db()
    assert (waiting.state, waiting.name, waiting.birth_date, waiting.mobile) == ("EXPIRED", "", None, "")
    assert ProspectDispute.objects.get().state == "WITHDRAWN"


def test_contacts_are_noted_of_active_prospects():
    by = planner()
    prospect = made(by)

    prospects_lives.record_contact(prospect=prospect, on=day(2), by=by, at=NOW + timedelta(days=3))

    assert events_of(prospect) == ["REGISTERED", "CONTACTED"]
    for on in (day(4), day(-1)):
        with pytest.raises(prospects_lives.ContactAhead):
            prospects_lives.record_contact(prospect=prospect, on=on, by=by, at=NOW + timedelta(days=3))
    prospects_lives.release_prospect(prospect=prospect, by=by, at=LATER)
    with pytest.raises(prospects_lives.NotActive):
        prospects_lives.record_contact(prospect=prospect, on=day(2), by=by, at=LATER)


def extend(prospect: Prospect, **fields: object) -> Prospect:
    words = {
        "consented_on": day(40),
        "method": "PHONE",
        "evidence": "녹취 7",
        "items": ("name", "birth_date", "mobile"),
    }
    words |= {"expires_on": day(300), "by": prospect.fp, "at": LATER} | fields
    return prospects_lives.extend_prospect(prospect=prospect, **words)


def test_a_newer_consent_extends_and_what_it_covers_no_more_is_kept_no_longer():
    prospect = made(planner(), email="summer@naver.com")

    extend(prospect)

    prospect.refresh_from_db()
    assert (prospect.expires_on, prospect.protected_until, prospect.email) == (day(300), day(30), "")
    assert prospect.record.source_key == f"{prospect.number}-2"
    prospect.customer.refresh_from_db()
    assert (prospect.customer.email, prospect.customer.mobile) == ("", "01023456789")
    assert keeper_of(prospect.customer) == prospect.fp.employee_number


def test_an_extension_takes_a_newer_consent():
    prospect = made(planner())

    with pytest.raises(prospects.UnfitConsent) as refused:
        extend(prospect, consented_on=day(0))

    assert refused.value.wrong == (Wrong.NOT_NEWER,)


def test_a_prospect_on_a_contract_becomes_a_customer_with_its_history():
    prospect = made(planner())
    assert prospects_lives.convert_prospects(at=LATER) == 0
    as_party(prospect.customer)

    assert (prospects_lives.convert_prospects(at=LATER), prospects_lives.convert_prospects(at=LATER)) == (1, 0)

    prospect.refresh_from_db()
    assert (prospect.state, prospect.ended_at, prospect.name) == ("CONVERTED", LATER, "한여름")
    assert events_of(prospect) == ["REGISTERED", "CONVERTED"]
    assert prospect.customer.links.count() == 2


def test_nothing_is_carried_on_a_consent_that_ran_out():
    prospect = made(planner(), email="summer@naver.com", consent={"expires_on": day(39)})
    as_party(prospect.customer)

    prospects_lives.convert_prospects(at=LATER)

    prospect.refresh_from_db()
    assert (prospect.state, prospect.record, prospect.email, prospect.name) == ("CONVERTED", None, "", "")
    event = ProspectEvent.objects.get(kind="CONVERTED")
    assert (event.details["kept"], event.details["left"]) == ([], ["name", "birth_date", "mobile", "email"])
    prospect.customer.refresh_from_db()
    assert (prospect.customer.email, prospect.customer.record_count) == ("", 1)


def test_items_without_consent_are_not_carried():
    prospect = made(planner(), email="summer@naver.com")
    as_party(prospect.customer)
    Prospect.objects.update(consent_items=["name", "birth_date", "mobile"])

    prospects_lives.convert_prospects(at=LATER)

    prospect.refresh_from_db()
    assert (prospect.record.source_key, prospect.email) == (f"{prospect.number}-2", "")
    prospect.customer.refresh_from_db()
    assert (prospect.customer.email, prospect.customer.record_count) == ("", 2)


def test_what_was_withdrawn_does_not_come_back_with_the_next_feed():
    prospect = made(planner(), email="summer@naver.com")
    extend(prospect)
    prospect.refresh_from_db()

    as_party(prospect.customer)

    keys = prospect.customer.links.order_by("pk").values_list("record__source_key", flat=True)
    assert sorted(keys) == ["K1", f"{prospect.number}-2"]
    prospect.customer.refresh_from_db()
    assert prospect.customer.email == ""


def test_a_record_that_was_linked_anew_takes_its_prospect_along():
    first, second = made(planner()), made(planner(), name="박두리", mobile="010-8254-9071", birth_date="1971-01-09")
    prospects_lives.release_prospect(prospect=second, by=second.fp, at=NOW)
    second.record.link.customer = first.customer
    second.record.link.save()

    assert (prospects_lives.follow_records(), prospects_lives.follow_records()) == (1, 0)

    second.refresh_from_db()
    assert second.customer == first.customer


def test_the_tasks_end_and_convert_what_is_due():
    from relations import tasks

    prospect = made(planner(), consent={"expires_on": day(1)})
    as_party(prospect.customer)

    tasks.convert_prospects()
    tasks.expire_prospects()

    prospect.refresh_from_db()
    assert prospect.state == "CONVERTED"
