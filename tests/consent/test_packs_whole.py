"""Packs of a whole population: whatever any app holds of somebody is told in words, and of nobody else anything."""

import re

import pytest
from django.utils import translation

from consent.packs import Document, held_chapters, texts_in, value_of
from consent.services.seeding import set_up_consent
from consent.words import pack_fields
from customers import holding
from customers.models import Customer
from tests.population import plant

pytestmark = pytest.mark.django_db
CODE = re.compile(r"\b[A-Z]{3,}(?:_[A-Z]+)+\b|^[A-Z]{4,}$")
WORDS = ("own", "near", "vip", "retired", "set", "agent")


def test_packs_of_a_population_tell_all_in_words():
    planted = plant()
    set_up_consent()
    for word in WORDS:
        customer = Customer.objects.get(pk=planted.notable[word].pk)
        customer = customer.merged_into or customer
        with translation.override("ko"):
            document = Document("", "", (), "", tuple(held_chapters(customer)))
            told = list(texts_in(document))
            whole = "\n".join(told)
            expected = [
                (kind, field, value_of(kind, field, value))
                for kind, rows in holding.export(customer.pk).items()
                for row in rows
                for field, value in row.items()
                if field not in pack_fields.UNTOLD
            ]
        assert [each for each in expected if each[2] not in whole] == []
        assert [text for text in told if CODE.search(text)] == []
