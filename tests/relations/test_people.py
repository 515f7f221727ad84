import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Staff
from relations.people import Hidden, faces
from tests.accounts.builders import make_staff
from tests.customers.builders import contract, feed, make_customer, party, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def told(viewer: Staff, *customers: object) -> list[tuple[str, Hidden | None]]:
    viewer = Staff.objects.get(pk=viewer.pk)
    found = faces(viewer, [customer.pk for customer in customers])
    return [(found[customer.pk].name, found[customer.pk].hidden) for customer in customers]


def test_who_consented_or_is_on_a_contract_is_told_by_name_and_nobody_else():
    fp = make_staff("FP", employee_number="F00001")
    consented = make_customer(name="가나다", keeper_id="F00001", marketing_consent_on="2026-01-01")
    silent = make_customer(name="라마바", keeper_id="F00001")
    stranger = make_customer(name="사아자", keeper_id="F00009", marketing_consent_on="2026-01-01")
    feed([person(source_key="K1", name="차카타", fp_code="F00001")])
    feed([contract(fp_code="F00001")], layout="contracts")
    feed([party(role="INSURED", party_source_key="K1")], layout="parties")
    insured = type(silent).objects.get(links__record__source_key="K1")

    assert told(fp, consented, silent, stranger, insured) == [
        ("가나다", None),
        ("", Hidden.CONSENT),
        ("", Hidden.SCOPE),
        ("차카타", None),
    ]


def test_a_steward_needs_no_consent_of_theirs():
    silent = make_customer(name="라마바")

    assert told(make_staff("DATA_STEWARD"), silent) == [("라마바", None)]


def test_many_faces_cost_as_many_queries_as_one():
    fp = make_staff("FP", employee_number="F00001")
    some = [make_customer(keeper_id="F00001", marketing_consent_on="2026-01-01").pk for _ in range(5)]
    fp = Staff.objects.get(pk=fp.pk)
    faces(fp, some)
    counts = []
    for count in (1, 5):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            faces(fp, some[:count])
        counts.append(len(captured))

    assert counts == [1, 1]
