"""Owners of items: what an owner says wins for every organisation, until it is ended, but never over a person."""

import pytest

from customers.models import Act, Customer, SourceSystem, Wish
from customers.services import wishes
from relations.models import ItemOwner
from relations.reports.organisation_owners import count_differences
from relations.rules.organisations import comparable, form_mark, legal_form
from relations.services import organisation_owners as owners
from tests.customers.builders import NOW, company, feed, make_brn
from tests.customers.stewarding import now, record
from tests.relations.organising import steward

pytestmark = pytest.mark.usefixtures("master")
OF_POLICY, OF_CORP = "서울특별시 종로구 새누리로 1", "서울특별시 종로구 새누리로 2"


def sent(number: int) -> Customer:
    """An organisation of both systems with two addresses; the golden one is that of the policy administration."""
    told = {"name": f"(주)한빛{'가나다라'[number]}상사", "company_no": make_brn(20 + number)}
    feed([company(source_key=f"C{number}", address=OF_CORP, as_of="2026-10-01", **told)], "CORP")
    feed([company(source_key=f"P{number}", address=OF_POLICY, as_of="2026-11-01", **told)])
    return Customer.objects.get(company_no=make_brn(20 + number).replace("-", ""))


def source(code: str) -> SourceSystem:
    return SourceSystem.objects.get(code=code)


def give(code: str = "CORP", item: str = "address") -> ItemOwner:
    return owners.give_owner(item=item, source=source(code), reason="합의", by=steward(), at=now())


def addresses() -> list[str]:
    return list(Customer.objects.order_by("pk").values_list("address", flat=True))


def test_the_owner_wins_for_every_organisation_and_the_rules_again_when_it_ends():
    sent(0), sent(1)
    before = addresses()
    owner = give()

    assert owners.follow_owners(at=now()) == {"address": 2}
    assert addresses() == [OF_CORP, OF_CORP]

    owners.end_owner(owner=owner, by=steward(), at=now())
    assert owners.follow_owners(at=now()) == {}
    assert addresses() == before == [OF_POLICY, OF_POLICY]


def test_organisations_that_come_later_follow_too_and_a_second_run_changes_nothing():
    sent(0)
    give()
    owners.follow_owners(at=now())
    sent(1)

    assert owners.follow_owners(at=now()) == {"address": 1}
    assert addresses() == [OF_CORP, OF_CORP]
    acts = Act.objects.count()
    assert owners.follow_owners(at=now()) == {"address": 0}
    assert Act.objects.count() == acts


def test_what_a_person_set_for_one_organisation_outranks_the_owner():
    first, _second = sent(0), sent(1)
    pinned = {"customer": first, "item": "address", "record": record("P0")}
    wishes.pin_value(**pinned, by=steward(), at=now(), reason_code="EVIDENCE")
    give()

    assert owners.follow_owners(at=now()) == {"address": 1}
    assert addresses() == [OF_POLICY, OF_CORP]


def test_what_a_person_sets_later_for_all_items_outranks_the_owner_too():
    first = sent(0)
    give()
    owners.follow_owners(at=now())
    said = {"customer": first, "source": source("POLICY"), "reason_code": "EVIDENCE"}
    wishes.prefer_source(**said, by=steward(), at=now())

    owners.follow_owners(at=now())

    assert addresses() == [OF_POLICY]


def test_another_owner_takes_the_place_of_the_one_before():
    sent(0)
    give()
    owners.follow_owners(at=now())
    give("POLICY")

    owners.follow_owners(at=now())

    assert addresses() == [OF_POLICY]
    assert Wish.objects.filter(withdrawn_at=None).values_list("source__code", flat=True).get() == "POLICY"
    standing = [(owner.source.code, owner.ended_at is None) for owner in ItemOwner.objects.order_by("pk")]
    assert standing == [("CORP", False), ("POLICY", True)]


def test_the_legal_form_has_an_owner_but_no_value_of_its_own():
    sent(0)
    give(item="legal_form")

    assert owners.follow_owners(at=now()) == {}
    assert Wish.objects.count() == 0


def test_what_cannot_be_owned_or_ended_is_refused():
    with pytest.raises(owners.UnknownItem):
        give(item="birth_date")
    owner = give()
    with pytest.raises(owners.SameOwner):
        give()
    owners.end_owner(owner=owner, by=steward(), at=now())
    with pytest.raises(owners.AlreadyEnded):
        owners.end_owner(owner=owner, by=steward(), at=now())


@pytest.mark.parametrize(
    ("one", "other", "form"),
    [
        ("(주)한빛상사", "주식회사 한빛 상사", True),
        ("(주)한빛상사", "한빛상사(주)", True),
        ("(주)한빛상사", "(유)한빛상사", False),
        ("(재)한빛문화재단", "재단법인 한빛문화재단", True),
        ("한빛협동조합", "한빛 협동조합", True),
        ("농업회사법인 한빛", "농업회사법인한빛", True),
        ("한빛식당", "한빛식당", True),
    ],
)
def test_the_stock_is_counted_as_the_page_compares(one, other, form):
    feed([company(source_key="P", name=one, company_no=make_brn(31))])
    feed([company(source_key="C", name=other, company_no=make_brn(31))], "CORP")
    assert Customer.objects.count() == 1

    counted, rows = count_differences(NOW).items, (record("P"), record("C"))

    said = {item: {comparable(item, row) for row in rows} for item in ("name", "legal_form", "company")}
    assert {item: counted.get(item, (0, 0, 0))[2] for item in said} == {
        item: int(len(s) > 1) for item, s in said.items()
    }
    assert (len(said["legal_form"]) == 1) is form
    assert all(bool(form_mark(row.name)) == bool(legal_form(row.name)) for row in rows)
