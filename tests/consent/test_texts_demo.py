"""Texts and laws of the demonstration."""

from django.utils import timezone

from consent.demo import texts as demo
from consent.models import Clause, LawTask, Text
from consent.services.law_seeding import set_up_laws
from tests.accounts.builders import make_staff


def test_the_demonstration_has_versions_a_draft_and_tasks_and_a_second_call_makes_none(purposes):
    set_up_laws()
    make_staff("COMPLIANCE_OFFICER", employee_number="compliance")
    make_staff("PRIVACY_OFFICER", employee_number="privacy")
    at = timezone.now()

    first, second = demo.seed(at), demo.seed(at)

    code, article, starts_on = demo.AHEAD
    assert first["texts"] == 5
    assert first["law_tasks"] == LawTask.objects.count() > 2
    assert second == {"texts": 0, "law_tasks": 0}
    assert sorted(Text.objects.filter(number=2).values_list("purpose__code", "state")) == [
        ("MARKETING", "PUBLISHED"),
        ("NIGHT_ADVERTISING", "DRAFT"),
        ("PROVISION_AFFILIATE", "PUBLISHED"),
        ("PROVISION_CREDIT", "PUBLISHED"),
        ("TRANSFER_ABROAD", "PUBLISHED"),
    ]
    assert Clause.objects.get(law__code=code, article=article, ends_on=None).starts_on == starts_on
    assert LawTask.objects.exclude(done_at=None).count() == 1


def test_without_the_accounts_of_the_demonstration_nothing_is_made(purposes):
    assert demo.seed(timezone.now()) == {"texts": 0, "law_tasks": 0}
