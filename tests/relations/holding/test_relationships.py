import pytest

from relations.holding.relationships import Relationships
from relations.models import Relationship
from tests.customers.builders import NOW, make_customer
from tests.relations.relating import make_relationship

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_a_relationship_is_held_of_both_and_told_without_the_other():
    mother, child = make_customer(), make_customer()
    make_relationship(mother, child, evidence="told on the phone")

    holder = Relationships()

    assert holder.count([mother.pk, child.pk]) == {"relations.Relationship": {mother.pk: 1, child.pk: 1}}
    told = holder.export(child.pk)["relations.Relationship"][0]
    assert (told["kind"], told["evidence"]) == ("PARENT", "told on the phone")
    assert {"first", "second"} & told.keys() == set()


def test_destruction_of_one_takes_the_relationship():
    mother, child, other = make_customer(), make_customer(), make_customer()
    make_relationship(mother, child)
    kept = make_relationship(mother, other)

    assert Relationships().erase([child.pk], NOW) == {"relations.Relationship": 1}
    assert list(Relationship.objects.all()) == [kept]
