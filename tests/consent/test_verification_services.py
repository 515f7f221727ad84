"""Verifications of the real name: what is refused and why, one per reference, and connecting information kept apart."""

from datetime import timedelta

import pytest
from django.conf import settings

from accounts.models import Notice
from consent.models import GateChange, Verification
from consent.services import verification as services
from customers.models import Customer, SourceRecord
from customers.sealing import Sealer
from tests.accounts.builders import make_staff
from tests.at_once import beside
from tests.consent.gating import TODAY, sent, verify
from tests.customers.builders import NOW, make_ci, make_customer, make_retired

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("purposes")]
DAY = "2026-01-05"

REFUSED = [
    ("in the future", {"verified_at": NOW + timedelta(seconds=1)}, services.VerifiedLater),
    ("expired before it was recorded", {"expires_on": TODAY - timedelta(days=1)}, services.ExpiredAlready),
    ("expiring on the day itself", {"expires_on": TODAY}, services.ExpiredAlready),
    ("failed without saying at what", {"is_verified": False}, services.MismatchUnsaid),
    ("agreed with something that did not", {"mismatch": "NAME"}, services.MismatchUnsaid),
    ("failed at something nobody knows", {"is_verified": False, "mismatch": "SHOE"}, ValueError),
    ("by an unknown method", {"method": "GUESS"}, ValueError),
    ("with a flag in place of connecting information", {"ci": "Y"}, services.NoConnectingInfo),
    ("with connecting information that is cut off", {"ci": make_ci()[:60]}, services.NoConnectingInfo),
]


@pytest.mark.parametrize(("fields", "exception"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_is_refused_and_leaves_nothing(fields, exception):
    customer = make_customer()

    with pytest.raises(exception):
        verify(customer, **fields)

    assert not Verification.objects.exists()


@pytest.mark.parametrize("state", ["MERGED", "SEPARATED", "DESTROYED"])
def test_a_number_that_is_gone_is_not_verified(state):
    if state == "MERGED":
        customer = make_retired(make_customer())
    else:
        customer = make_customer(state=state, separated_at=NOW, destroyed_at=NOW if state == "DESTROYED" else None)

    with pytest.raises(services.CustomerGone):
        verify(customer)


def test_a_reference_of_an_agency_is_recorded_once():
    one, other = make_customer(), make_customer()
    first = verify(one, agency="NICE", reference="T1")

    with pytest.raises(services.ReferenceKnown) as known:
        verify(other, agency="NICE", reference="T1")

    assert known.value.verification == first
    verify(other, agency="KCB", reference="T1")
    verify(other)
    verify(other)
    assert Verification.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_reference_that_two_record_in_the_same_moment_is_recorded_once():
    one, other = make_customer(), make_customer()

    def theirs() -> None:
        verify(other, agency="NICE", reference="T1")

    with beside(theirs), pytest.raises(services.ReferenceKnown):
        verify(one, agency="NICE", reference="T1")

    assert list(Verification.objects.values_list("customer", flat=True)) == [other.pk]


def test_a_verification_brings_the_customer_in_scope_and_a_mismatch_takes_it_out():
    customer = sent(consented=DAY)

    verify(customer)
    assert Customer.objects.get(pk=customer.pk).gate == "IN_SCOPE"
    verify(customer, is_verified=False, mismatch="BIRTH_DATE", verified_at=NOW, at=NOW + timedelta(minutes=1))

    assert Customer.objects.get(pk=customer.pk).gate == "UNVERIFIED"
    assert list(GateChange.objects.order_by("pk").values_list("after", "because")) == [
        ("IN_SCOPE", "NAME_VERIFIED"),
        ("UNVERIFIED", "NAME_MISMATCH"),
    ]


def test_free_text_keeps_no_resident_number():
    made = verify(make_customer(), evidence="  신분증 900101-1234567 확인 ")

    assert made.evidence == "신분증 900101-1****** 확인"


def test_connecting_information_is_a_hash_of_its_own():
    customer = sent(ci=make_ci(1))
    made = verify(customer, ci=make_ci(1))

    record = SourceRecord.objects.get()
    assert bytes(made.ci_digest) == Sealer(settings.KEYS).index("verification.ci", make_ci(1))
    assert bytes(made.ci_digest) != bytes(record.ci_index)


def test_stewards_are_told_of_two_customers_with_the_same_connecting_information():
    steward = make_staff("DATA_STEWARD")
    make_staff("FP")
    one, other, third = make_customer(), make_customer(), make_customer()
    verify(one, ci=make_ci(1))
    verify(third, ci=make_ci(2))

    verify(other, ci=f" {make_ci(1)} ")

    told = list(Notice.objects.values_list("staff", "kind", "url"))
    assert told == [(steward.pk, "SAME_CI", other.get_absolute_url())]
    assert set(Customer.objects.values_list("state", flat=True)) == {"ACTIVE"}


def test_stewards_are_told_when_a_source_sent_the_same_for_somebody_else():
    make_staff("DATA_STEWARD")
    known = sent(ci=make_ci(1))

    verify(known, ci=make_ci(1))
    assert not Notice.objects.exists()
    verify(make_customer(), ci=make_ci(1))

    assert Notice.objects.get().kind == "SAME_CI"
