"""Versions of the rules of access: two people, at once everywhere, on the record, and back again."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import RightsChange, Staff
from customers import reading
from customers.access import SHIPPED, Level, RulesUnfit, definition_of
from customers.models import AccessRules
from customers.reading import Place, read
from customers.services import access_rules, rule_versions
from tests.accounts.builders import make_branch, make_staff
from tests.customers.builders import NOW, make_customer

pytestmark = pytest.mark.usefixtures("master")
OTHER_PROCESS = """
import django
django.setup()
from customers.reading import live_rules
print(live_rules().version)
"""


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Versions of one number differ between tests, though never within an installation."""
    forget()
    yield
    forget()


def forget() -> None:
    reading.rules_version.cache_clear()
    cache.delete(reading.RULES_KEY)


def changed(role: str = "BRANCH_MANAGER", level: str = "FULL") -> dict[str, object]:
    """The shipped definition, but for private items of own customers of a role."""
    definition = definition_of(SHIPPED)
    for row in definition["rules"]:
        if row[:5] == [role, "", 2, "OWN", ""]:
            row[5:] = [level, level == "MASKED"]
    return definition


def draft(**fields: object) -> AccessRules:
    given = {"by": make_staff(), "at": NOW, "definition": changed(), "comment": "지점장 공개"} | fields
    return access_rules.draft_rules(**given)


def live(rules: AccessRules, callbacks: object, **fields: object) -> AccessRules:
    """Put to use by somebody else, committed."""
    with callbacks(execute=True):
        return access_rules.publish_rules(rules=rules, **{"by": make_staff(), "at": NOW} | fields)


def test_a_draft_changes_nothing_until_a_second_person_puts_it_to_use(django_capture_on_commit_callbacks):
    author = make_staff()
    rules = draft(by=author)
    assert reading.live_rules() is SHIPPED

    with pytest.raises(rule_versions.OwnDraft):
        access_rules.publish_rules(rules=rules, by=author, at=NOW)
    published = live(rules, django_capture_on_commit_callbacks)

    assert (published.state, reading.live_rules().version) == ("LIVE", 1)
    with pytest.raises(rule_versions.NotADraft):
        access_rules.publish_rules(rules=rules, by=make_staff(), at=NOW)


def test_a_publication_holds_for_the_very_next_request_of_everybody(django_capture_on_commit_callbacks):
    branch = make_branch()
    manager = make_staff("BRANCH_MANAGER", branch=branch)
    customer = make_customer(mobile="01011112222", main_branch=branch)
    assert read(customer, manager, Place.LIST)["mobile"].text == "010-****-2222"

    live(draft(), django_capture_on_commit_callbacks)
    next_request = Staff.objects.get(pk=manager.pk)

    assert read(customer, next_request, Place.LIST)["mobile"].text == "010-1111-2222"


def test_a_version_that_another_process_read_before_the_publication_is_not_put_back(
    django_capture_on_commit_callbacks,
):
    live(draft(), django_capture_on_commit_callbacks)

    cache.add(reading.RULES_KEY, 0, 60)  # what a process adds that had read the database before the commit

    assert reading.live_rules().version == 1


def test_a_publication_is_on_the_record(django_capture_on_commit_callbacks):
    publisher = make_staff()

    live(draft(), django_capture_on_commit_callbacks, by=publisher)

    found = RightsChange.objects.filter(kind="RULES_PUBLISHED").values_list("staff", "by", "what", "reason")
    assert list(found) == [(None, publisher.pk, {"version": 1, "before": 0}, "지점장 공개")]


def test_the_rules_from_before_come_back_by_two_people_too(django_capture_on_commit_callbacks):
    live(draft(), django_capture_on_commit_callbacks)
    author = make_staff()

    back = access_rules.draft_way_back(by=author, at=NOW + timedelta(days=1))
    assert (back.version, back.comment, reading.live_rules().version) == (2, "↩ v0", 1)
    with pytest.raises(rule_versions.OwnDraft):
        access_rules.publish_rules(rules=back, by=author, at=NOW + timedelta(days=1))
    live(back, django_capture_on_commit_callbacks, at=NOW + timedelta(days=2))

    assert definition_of(reading.live_rules()) == definition_of(SHIPPED)
    assert list(AccessRules.objects.order_by("version").values_list("state", flat=True)) == ["RETIRED", "LIVE"]


def test_there_is_nothing_before_the_first_rules():
    with pytest.raises(rule_versions.NothingBefore):
        access_rules.draft_way_back(by=make_staff(), at=NOW)


def test_a_draft_compared_with_other_rules_than_those_in_use_is_not_published(django_capture_on_commit_callbacks):
    first, second = draft(), draft(definition=changed("CAMPAIGN_MANAGER"))
    live(first, django_capture_on_commit_callbacks, seen=0)

    with pytest.raises(rule_versions.AnotherIsLive):
        access_rules.publish_rules(rules=second, by=make_staff(), at=NOW, seen=0)

    assert reading.live_rules().version == first.version


def test_which_rules_were_in_use_can_be_replayed(django_capture_on_commit_callbacks):
    live(draft(), django_capture_on_commit_callbacks, at=NOW)
    live(draft(definition=changed(level="SILHOUETTE")), django_capture_on_commit_callbacks, at=NOW + timedelta(days=3))

    instants = [NOW - timedelta(seconds=1), NOW, NOW + timedelta(days=2), NOW + timedelta(days=3)]

    assert [access_rules.version_on(at) for at in instants] == [0, 1, 1, 2]


def test_a_draft_that_says_what_is_in_use_is_none():
    with pytest.raises(rule_versions.NothingChanged):
        draft(definition=definition_of(SHIPPED))


@pytest.mark.parametrize(
    "more",
    [
        {"rules": [["KING", "", 2, "OWN", "", "FULL", False]]},
        {"rules": [["FP", "FUN", 2, "OWN", "", "FULL", False]]},
        {"rules": [], "items": {"shoe_size": [2, "ALL"]}},
        {"rules": [], "items": {"mobile": [2, "VEIL"]}},
        {"rules": [], "limits": [{**definition_of(SHIPPED)["limits"][0], "channel": "PIGEON"}]},
    ],
)
def test_a_draft_names_only_what_the_installation_knows(more):
    with pytest.raises(RulesUnfit):
        draft(definition=more)


def test_grade_and_mask_of_an_item_follow_the_version(django_capture_on_commit_callbacks):
    viewer, customer = make_staff("CAMPAIGN_MANAGER"), make_customer(birth_date="1985-01-02")
    customer.refresh_from_db()
    assert read(customer, viewer, Place.LIST)["birth_date"].level is Level.FULL

    definition = definition_of(SHIPPED) | {"items": {"birth_date": [2, "ALL"]}}
    live(draft(definition=definition), django_capture_on_commit_callbacks)
    viewer = Staff.objects.get(pk=viewer.pk)

    assert (read(customer, viewer, Place.LIST)["birth_date"].text) == "***"


@pytest.mark.django_db(transaction=True)
def test_a_second_process_applies_a_publication_at_once(settings):
    rules = access_rules.draft_rules(by=make_staff(), at=NOW, definition=changed())
    asked = [sys.executable, "-c", OTHER_PROCESS]
    before = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR)

    access_rules.publish_rules(rules=rules, by=make_staff(), at=NOW)
    after = subprocess.run(asked, capture_output=True, text=True, check=True, cwd=settings.BASE_DIR)

    assert [json.loads(one.stdout) for one in (before, after)] == [0, 1]
