"""The catalogue in the back office."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from customers.golden.survivorship import RULES
from customers.models import Item, Mapping, SourceSystem
from customers.wording import RULES as WORDS
from tests.accounts.builders import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_the_rule_of_an_item_is_shown_in_words_and_cannot_be_changed(client):
    client.force_login(make_staff("ADMINISTRATOR"))
    page = reverse("admin:customers_item_change", args=["mobile"])
    form = client.get(page).context["adminform"].form
    sent = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    answer = client.post(page, sent | {"purpose": "계약 안내", "survivorship": "LATEST", "rule": "LATEST"})

    item = Item.objects.get(code="mobile")
    assert (answer.status_code, item.purpose, item.survivorship) == (302, "계약 안내", "CONTACT")
    with override("ko"):
        assert str(WORDS["CONTACT"]) in client.get(reverse("admin:customers_item_changelist")).text


def test_every_rule_is_told_in_words():
    assert set(WORDS) == set(RULES)


@pytest.mark.parametrize(
    "definition",
    [
        "[" * 100_000,
        '{"a":' * 9 + "1" + "}" * 9,
        '{"columns": {}, "sheet": NaN}',
        '{"sheet": "\\u0000"}',
        '"\\ud800"',
        "9" * 5000,
    ],
)
def test_a_definition_that_the_database_cannot_hold_is_refused_in_words(client, definition):
    client.force_login(make_staff("ADMINISTRATOR"))
    source = SourceSystem.objects.get(code="POLICY")
    before = Mapping.objects.count()

    answer = client.post(
        reverse("admin:customers_mapping_add"),
        {"name": "m", "source": source.pk, "layout": "customers", "definition": definition},
    )

    assert (answer.status_code, list(answer.context["adminform"].form.errors)) == (200, ["definition"])
    assert Mapping.objects.count() == before
