"""What tests of prospects share: planners, what is said of acquisition and consent, and registering."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from accounts.models import Staff
from customers.models import Customer
from relations.models import Prospect, ProspectDispute
from relations.services import prospects
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW

TODAY = NOW.date()
HA = {"name": "한여름", "birth_date": "1991-07-08", "sex": "", "mobile": "010-2345-6789", "email": "", "address": ""}
ITEMS = ("name", "birth_date", "mobile", "email", "address")


def planner(**fields: object) -> Staff:
    """A planner with a branch of their own, who reads English."""
    return make_staff("FP", **{"branch": make_branch(), "language": "en"} | fields)


def judge() -> Staff:
    return make_staff("DATA_STEWARD", branch=make_branch(), language="en")


def acquisition(**fields: object) -> prospects.Acquisition:
    usual = {"path": "REFERRAL", "acquired_on": TODAY, "consented_on": TODAY, "method": "PAPER"}
    usual |= {"evidence": "동의서 12호", "items": ITEMS, "expires_on": TODAY + timedelta(days=180)}
    return prospects.Acquisition(**usual | fields)


def register(
    by: Staff, *, at: datetime = NOW, statement: str = "", consent: Mapping[str, object] | None = None, **cells: str
) -> prospects.Registration:
    """consent: what differs from the usual of `acquisition`."""
    given = acquisition(**(consent or {}))
    return prospects.register_prospect(cells=HA | cells, acquisition=given, by=by, at=at, statement=statement)


def made(by: Staff, **more: object) -> Prospect:
    """A prospect of this planner."""
    found = register(by, **more)
    assert found.prospect is not None, found.answer.word
    return found.prospect


def dispute_of(prospect: Prospect) -> ProspectDispute:
    return ProspectDispute.objects.get(prospect=prospect)


def keeper_of(customer: Customer) -> str:
    return Customer.objects.values_list("keeper", flat=True).get(pk=customer.pk) or ""


def day(days: int) -> date:
    return TODAY + timedelta(days=days)
