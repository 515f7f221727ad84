import pytest

from customers import holding
from relations.models import HouseholdEvent, HouseholdRefusal, HouseholdSuggestion, Membership, SuggestedMember
from tests.customers.builders import NOW, make_customer
from tests.relations.housing import opened, suggested

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("master")]


def test_what_is_held_of_a_customer_is_given_out_without_others():
    one, other = make_customer(), make_customer()
    opened(one, other)

    told = holding.export(one.pk)

    (place,) = told["relations.Membership"]
    assert (place["role"], place["is_primary"], place["basis"]) == ("HEAD", True, "PERSON")
    assert [event["kind"] for event in told["relations.HouseholdEvent"]] == ["ENTERED"]


def test_what_is_held_of_a_customer_is_destroyed():
    one, other = make_customer(), make_customer()
    opened(one, other)
    suggestion = suggested(one, other)
    HouseholdRefusal.objects.create(first=one, second=other, kind="PAYER", refused_at=NOW)

    erased = holding.erase([one.pk], NOW)

    suggestion.refresh_from_db()
    assert {kind: count for kind, count in erased.items() if "ousehold" in kind or "ember" in kind} == {
        "relations.Membership": 1,
        "relations.HouseholdEvent": 1,
        "relations.SuggestedMember": 1,
        "relations.HouseholdRefusal": 1,
    } | {kind: 0 for kind in erased if kind == "relations.GroupMember"}
    assert (suggestion.state, suggestion.ties) == ("OVERTAKEN", [])
    for model in (Membership, SuggestedMember):
        assert not model.objects.filter(customer=one).exists()
        assert model.objects.filter(customer=other).count() == 1
    assert not HouseholdEvent.objects.filter(customer=one).exists()
    assert HouseholdSuggestion.objects.count() == 1
