"""What an installation of consent begins with."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from consent.models import Purpose, Recipient, Text
from consent.services.seeding import set_up_consent

pytestmark = pytest.mark.django_db


def test_set_up_makes_purposes_recipients_and_first_texts_once(master: None) -> None:
    assert set_up_consent() == {"purposes": 9, "recipients": 6, "texts": 9}
    assert set_up_consent() == {"purposes": 0, "recipients": 0, "texts": 0}
    assert set(Text.objects.published().values_list("purpose__code", flat=True)) == set(
        Purpose.objects.values_list("code", flat=True)
    )


def test_what_compliance_changed_is_left_alone(purposes: None) -> None:
    Recipient.objects.filter(code="WAREHOUSE").update(name="분석계")
    set_up_consent()
    assert Recipient.objects.get(code="WAREHOUSE").name == "분석계"


def test_the_command_sets_up_consent_too(master: None) -> None:
    call_command("setup", verbosity=0)
    assert Purpose.objects.count() == 9


@pytest.mark.parametrize(
    "change", ["body = 'x'", "state = 'DRAFT'", "digest = 'x'", "number = 9", "items = ARRAY['rrn']"]
)
def test_the_words_of_a_published_text_never_change(purposes: None, change: str) -> None:
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE consent_text SET {change}")  # noqa: S608 - words of our own


def test_a_published_text_may_retire_but_not_go(purposes: None) -> None:
    text = Text.objects.order_by("pk").first()
    Text.objects.filter(pk=text.pk).update(state="RETIRED")
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        text.delete()
