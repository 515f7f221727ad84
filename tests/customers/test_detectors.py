"""What the master knows about unusual access."""

from datetime import date, datetime, timedelta

import pytest

from accounts.models import Staff
from accounts.reviews.detecting import Found, Reference, detectors, references, work_of
from accounts.services import reviews
from customers.models import Act, ActCustomer, Customer, CustomerStaffGrant, Reveal
from customers.numbering import written_number
from customers.services import break_glass, grants
from tests.accounts.builders import make_branch, make_staff
from tests.accounts.trails import at, saw_them
from tests.customers.builders import contract, feed, make_customer, party, person
from tests.customers.protecting import open_to, protect

pytestmark = pytest.mark.usefixtures("master")
DAY = date(2031, 3, 5)  # a Wednesday
NOON = at("2031-03-05 12:00")
NAMES = "강민준 남궁솔 도예린 류지호 문서윤 박하준 배도윤 신채원 양시우 오유나 제갈혁 추은별".split()


@pytest.fixture
def planner() -> Staff:
    return make_staff("FP", branch=make_branch(), name="김보람")


def found(code: str) -> list[Found]:
    return sorted(detectors()[code].find(DAY), key=lambda one: one.staff_id)


def opened(staff: Staff, *customers: Customer, when: datetime = NOON) -> None:
    """`staff` opened the page of each of these."""
    for customer in customers:
        saw_them(staff, f"{when:%Y-%m-%d %H:%M}", [customer.pk])


def decided(staff: Staff, customer: Customer) -> Act:
    act = Act.objects.create(kind="PIN", by=staff, at=NOON, reason_code="DOCUMENT")
    ActCustomer.objects.create(act=act, customer=customer)
    return act


def reveal(staff: Staff, customer: Customer, **fields: object) -> Reveal:
    given = {"item": "mobile", "purpose": "SERVICE", "reason": "통화 요청", "at": NOON} | fields
    return Reveal.objects.create(customer=customer, staff=staff, **given)


def weights_of_march(staff: Staff) -> list[dict[str, int]]:
    review = reviews.draw_review(month=DAY, at=at("2031-04-01 06:00"), seed="feed")
    return list(review.items.filter(staff=staff).order_by("at", "pk").values_list("weights", flat=True))


# Risks of the monthly review


def test_a_value_opened_without_declared_work_weighs_most(planner):
    customer = make_customer()
    reveal(planner, customer)
    reveal(planner, customer, at=NOON + timedelta(hours=1), work="PAIR 12")
    for hour in (12, 13):
        saw_them(planner, f"2031-03-05 {hour}:00", [customer.pk], "REVEAL")

    assert weights_of_march(planner) == [{"REVEAL": 10, "UNDECLARED": 60}, {"REVEAL": 10}]


def test_looks_of_an_emergency_are_drawn(planner):
    mine, protected = make_customer(keeper_id=planner.employee_number), make_customer()
    protect(protected)
    break_glass.break_glass(
        number=protected.number, purpose="SERVICE", reason="고객이 창구에서 사고를 알렸습니다", by=planner, at=NOON
    )
    opened(planner, protected, mine, when=NOON + timedelta(minutes=5))
    opened(planner, protected, when=NOON + timedelta(minutes=61))

    assert weights_of_march(planner) == [{"EMERGENCY": 80, "PROTECTED": 40}, {"ROUTINE": 1}, {"PROTECTED": 40}]


def test_a_list_with_a_protected_customer_in_it_is_worth_a_look(planner):
    protected, other = make_customer(), make_customer()
    protect(protected)
    saw_them(planner, "2031-03-05 12:00", [other.pk, protected.pk], "LIST")

    assert weights_of_march(planner) == [{"PROTECTED": 40}]


# Detectors


def test_protected_customers_opened_by_who_is_neither_keeper_nor_named(planner):
    named, keeper = make_staff("FP"), make_staff("FP")
    protected = make_customer(keeper_id=keeper.employee_number)
    protect(protected)
    kind = CustomerStaffGrant.Kind.NAMED
    grants.open_customer(customer=protected, staff=named, kind=kind, reason="담당", ends_at=None, by=keeper, at=NOON)
    for staff in (planner, named, keeper):
        opened(staff, protected, make_customer())

    assert found("PROTECTED") == [Found(planner.pk, {"amount": 1, "other": 0}, (protected.pk,))]


def test_vips_picked_out_of_the_others(planner):
    vips = [make_customer(grade="VIP") for _number in range(5)]
    opened(planner, *vips, *(make_customer() for _number in range(11)))
    fair = make_staff("FP")
    opened(fair, *vips, *(make_customer() for _number in range(12)))

    assert found("VIPS") == [Found(planner.pk, {"amount": 5, "other": 16}, tuple(vip.pk for vip in vips))]


def test_vips_that_somebody_keeps_or_decided_about_are_work(planner):
    kept = [make_customer(grade="VIP", keeper_id=planner.employee_number) for _number in range(3)]
    worked = [make_customer(grade="VIP") for _number in range(3)]
    for customer in worked:
        decided(planner, customer)
    opened(planner, *kept, *worked, *(make_customer(grade="VIP") for _number in range(4)))

    assert found("VIPS") == []


def test_the_own_record_is_known_by_name_and_employee_number_or_by_its_mark(planner):
    by_number = make_customer(name="김보람", employee_no=planner.employee_number)
    by_mark, namesake = make_customer(name="김보람"), make_customer(name="김보람")
    protect(by_mark, kind="STAFF")
    opened(planner, by_number, by_mark, namesake)

    assert found("OWN") == [Found(planner.pk, {"amount": 2, "other": 0}, (by_number.pk, by_mark.pk))]


def test_the_own_family_has_the_name_and_the_address_or_phone_of_the_own_record(planner):
    home = {"address": "서울특별시 강남구 테헤란로 12", "phone_home": "025551234"}
    own = make_customer(name="김보람", employee_no=planner.employee_number, **home)
    sister = make_customer(name="김하나", address=home["address"])
    father = make_customer(name="김철수", phone_home=home["phone_home"])
    flatmate, namesake = make_customer(name="박서준", **home), make_customer(name="김민수")
    opened(planner, sister, father, flatmate, namesake)

    assert own.pk not in {flatmate.pk, namesake.pk}
    assert found("FAMILY") == [Found(planner.pk, {"amount": 2, "other": 0}, (sister.pk, father.pk))]


def with_contracts(*statuses: str) -> list[Customer]:
    """A customer for each status of a contract."""
    rows = [
        person(name=NAMES[place], birth_date=f"{1940 + 4 * place}-{place + 1:02}-1{place % 10}")
        for place, _status in enumerate(statuses)
    ]
    feed(rows)
    numbers = [f"P-{place}" for place, _status in enumerate(statuses)]
    feed(
        [contract(contract_no=no, status=status) for no, status in zip(numbers, statuses, strict=True)],
        layout="contracts",
    )
    feed(
        [party(contract_no=no, party_source_key=row["source_key"]) for no, row in zip(numbers, rows, strict=True)],
        layout="parties",
    )
    held = {row["source_key"]: place for place, row in enumerate(rows)}
    found = Customer.objects.filter(links__record__source_key__in=held).values_list("links__record__source_key", "pk")
    customers = Customer.objects.in_bulk(pk for _key, pk in found)
    return [customers[pk] for _place, pk in sorted((held[key], pk) for key, pk in found)]


def test_former_customers_are_those_whose_contracts_have_all_ended(planner):
    former = with_contracts(*["SURRENDERED", "MATURED"] * 5, "IN_FORCE", "PAID_UP")
    opened(planner, *former, make_customer())

    [one] = found("FORMER")

    assert one == Found(planner.pk, {"amount": 10, "other": 0}, tuple(sorted(row.pk for row in former[:10])))


def test_few_former_customers_are_nothing_unusual(planner):
    opened(planner, *with_contracts(*["LAPSED"] * 9))

    assert found("FORMER") == []


def test_every_kind_says_its_facts_as_a_sentence():
    facts = {"amount": 7, "other": 19}
    said = {code: detectors()[code].explain(facts) for code in ("PROTECTED", "VIPS", "OWN", "FAMILY", "FORMER")}

    assert [code for code, text in said.items() if "7" in text] == ["PROTECTED", "VIPS", "FAMILY", "FORMER"]
    assert [code for code, text in said.items() if "19" in text] == ["PROTECTED", "VIPS"]


# Declared work and numbers


def test_work_is_what_somebody_decided_and_opened_that_day_alone(planner):
    first, second, third = (make_customer() for _number in range(3))
    decided(planner, first)
    reveal(planner, second, at=NOON + timedelta(hours=1))
    reveal(planner, second, at=NOON - timedelta(hours=1), work="PAIR 12")
    reveal(planner, second, at=NOON - timedelta(days=1))
    decided(make_staff("FP"), second)

    open_to(planner, third, at=NOON - timedelta(hours=2))
    open_to(planner, first, at=NOON + timedelta(days=1))

    works = work_of(planner, DAY)

    assert [(work.at, work.customers, work.is_declared) for work in works] == [
        (NOON - timedelta(hours=2), (third.pk,), True),
        (NOON - timedelta(hours=1), (second.pk,), True),
        (NOON, (first.pk,), True),
        (NOON + timedelta(hours=1), (second.pk,), False),
    ]
    assert "12" in works[1].text


def test_references_name_every_number_and_lead_only_to_what_the_reader_may_see(planner):
    mine, hidden = make_customer(keeper_id=planner.employee_number), make_customer()

    assert references([mine.pk, hidden.pk, 10**12], planner) == {
        mine.pk: Reference(written_number(mine.number), mine.get_absolute_url()),
        hidden.pk: Reference(written_number(hidden.number), ""),
    }
    assert references([], planner) == {}
