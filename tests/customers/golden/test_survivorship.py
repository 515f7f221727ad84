"""Which source's value becomes the golden value, by what it wins and by what the others lose."""

from datetime import timedelta

import pytest

from customers.golden.explain import explain
from customers.golden.survivorship import BITS, ITEMS, RULES, Reason
from customers.models import Customer, SourceRecord, SourceSystem
from tests.customers.builders import NOW, company, feed, make_brn, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")
RRN = make_rrn()
SEOUL, BUSAN = "서울특별시 강남구 테헤란로 12", "부산광역시 해운대구 센텀중앙로 5"


def merged(*records: tuple[str, dict[str, str]]) -> Customer:
    """The one customer of records `(source, cells)`."""
    for number, (source, cells) in enumerate(records):
        feed([person(**({"source_key": f"K{number}", "rrn": RRN} | cells))], source)
    return Customer.objects.get()


def told(customer: Customer, item: str) -> tuple[str, str, list[tuple[str, str | None]]]:
    """An item explained: winning source, reason, and of every other its source and by what it lost."""
    records = list(SourceRecord.objects.filter(link__customer=customer).select_related("source").order_by("pk"))
    found = explain(records, dict(SourceSystem.objects.values_list("pk", "trust")))[item]
    others = [(other.record.source.code, other.lost_by.name) for other in found.others]
    return found.winner.record.source.code, found.reason.name, others


@pytest.mark.parametrize("rule", RULES)
def test_the_components_of_a_rule_fit_one_rank(rule):
    assert sum(BITS[component] for component in RULES[rule]) <= 63


def test_dates_to_the_end_of_time_fit_their_component():
    assert 1 << BITS[Reason.LATEST_VALUE] > 99_991_231
    assert 1 << BITS[Reason.RECENCY] > NOW.timestamp() + 62_135_596_800


CASES = [
    ("name", "AGREED", "POLICY", [("POLICY", {}), ("TM", {})], [("TM", "TRUST")]),
    ("name", "ONLY", "POLICY", [("POLICY", {})], []),
    ("name", "TRUST", "POLICY", [("TM", {"name": "김하라"}), ("POLICY", {})], [("TM", "TRUST")]),
    (
        *("name", "VERIFIED", "TM"),
        [("POLICY", {}), ("TM", {"name": "김하라", "real_name_verified_on": "2020-01-01"})],
        [("POLICY", "VERIFIED")],
    ),
    (
        *("name", "CERTAINTY", "TM"),
        [("POLICY", {"name": "김하나123"}), ("TM", {"name": "김하라"})],
        [("POLICY", "CERTAINTY")],
    ),
    (
        *("name", "RECENCY", "POLICY"),
        [("POLICY", {"as_of": "2026-11-01"}), ("POLICY", {"name": "김하라", "as_of": "2026-11-02"})],
        [("POLICY", "RECENCY")],
    ),
    ("name", "FIRST_CAME", "POLICY", [("POLICY", {}), ("POLICY", {"name": "김하라"})], [("POLICY", "FIRST_CAME")]),
    (
        *("mobile", "RECENCY", "TM"),
        [("POLICY", {"mobile": "01023456789"}), ("TM", {"mobile": "01023456780", "as_of": "2026-11-02"})],
        [("POLICY", "RECENCY")],
    ),
    (
        *("mobile", "CERTAINTY", "POLICY"),
        [("POLICY", {"mobile": "01023456789"}), ("TM", {"mobile": "011-234-5678", "as_of": "2026-11-02"})],
        [("TM", "CERTAINTY")],
    ),
    (
        *("mobile", "TRUST", "POLICY"),
        [("TM", {"mobile": "01023456780"}), ("POLICY", {"mobile": "01023456789"})],
        [("TM", "TRUST")],
    ),
    (
        *("real_name_verified_on", "LATEST_VALUE", "TM"),
        [("POLICY", {"real_name_verified_on": "2019-12-31"}), ("TM", {"real_name_verified_on": "2020-01-01"})],
        [("POLICY", "LATEST_VALUE")],
    ),
    (
        *("marketing_consent_on", "LATEST_VALUE", "BANCA"),
        [("POLICY", {"marketing_consent_on": "2024-02-01"}), ("BANCA", {"marketing_consent_on": "2024-10-01"})],
        [("POLICY", "LATEST_VALUE")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("item", "reason", "winner", "records", "others"), CASES)
def test_a_value_wins_by(item, reason, winner, records, others):
    customer = merged(*records)

    assert told(customer, item) == (winner, reason, others)
    won, code = customer.provenance[item]
    assert (SourceRecord.objects.get(pk=won).source.code, Reason(code).name) == (winner, reason)
    assert getattr(customer, item) == getattr(SourceRecord.objects.get(pk=won), item)


def test_an_address_moves_as_one_group():
    customer = merged(
        ("POLICY", {"address": SEOUL, "postcode": "48058"}),
        ("TM", {"address": BUSAN, "postcode": ""}),
    )

    assert (customer.address, customer.region, customer.postcode) == (BUSAN, "부산광역시", "")


def test_a_birth_date_moves_with_its_calendar():
    customer = merged(("POLICY", {"birth_date": "1990-01-01"}), ("BANCA", {"birth_date": "음 1989-12-05"}))

    assert (customer.birth_date.isoformat(), customer.is_lunar) == ("1990-01-01", False)


def test_a_value_that_cannot_be_used_is_never_golden():
    customer = merged(
        ("POLICY", {"mobile": "010-0000-0000"}), ("TM", {"mobile": "011-234-5678", "as_of": "2020-01-01"})
    )

    assert customer.mobile == "0112345678"
    assert told(customer, "mobile") == ("TM", "ONLY", [])


def test_an_organisation_keeps_its_business_number_without_an_employer():
    feed([company(company_no=make_brn())], "CORP")
    feed([company(company_no=make_brn(), as_of="2026-10-01")], "POLICY")

    customer = Customer.objects.get()
    assert customer.company_no == make_brn().replace("-", "")
    assert told(customer, "company") == ("CORP", "AGREED", [("POLICY", "RECENCY")])


@pytest.mark.parametrize(
    ("verified", "consented", "gate"),
    [
        ("2026-01-05", "2026-01-05", "IN_SCOPE"),
        ("2026-01-05", "", "NO_CONSENT"),
        ("", "2026-01-05", "UNVERIFIED"),
        ("", "", "NEITHER"),
    ],
)
def test_the_gate_is_open_with_a_verified_name_and_consent(verified, consented, gate):
    feed([person(real_name_verified_on=verified, marketing_consent_on=consented)])

    assert Customer.objects.get().gate == gate


def test_sources_that_disagree_are_counted_by_item():
    customer = merged(
        ("POLICY", {"mobile": "01023456789", "address": SEOUL, "email": "a@naver.com"}),
        ("TM", {"mobile": "01023456780", "address": SEOUL, "email": ""}),
    )

    assert (customer.difference_count, customer.record_count, customer.source_count) == (1, 2, 2)


def test_an_item_that_nobody_holds_has_no_reason():
    customer = merged(("POLICY", {}))

    assert set(customer.provenance) == {"name", "birth_date", "sex", "rrn"}
    assert {item.code for item in ITEMS} >= set(customer.provenance)


def test_instants_before_1970_rank_as_in_the_database():
    rows = [
        ("POLICY", {"mobile": f"0102345678{number}", "as_of": f"1969-12-31 23:59:{58 + number}.7"}) for number in (0, 1)
    ]

    customer = merged(*rows)

    assert customer.mobile == "01023456781"
    assert told(customer, "mobile") == ("POLICY", "RECENCY", [("POLICY", "RECENCY")])


def test_a_new_trust_holds_from_the_next_projection_on():
    customer = merged(("POLICY", {}), ("TM", {"name": "김하라"}))
    SourceSystem.objects.filter(code="TM").update(trust=99)

    feed([person(source_key="K9", rrn=RRN, name="")], "BANCA")
    feed([person(source_key="K0", rrn=RRN, as_of="2026-11-05")], "POLICY", at=NOW + timedelta(days=1))

    customer.refresh_from_db()
    assert customer.name == "김하라"
