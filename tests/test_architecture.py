"""The rules of the house hold, and each rule finds what breaks it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from customers import merging
from customers.models import Customer
from tests import architecture

ROOT = Path(settings.BASE_DIR)
COMPOSED = (
    *("CUSTOMER_PANELS", "CUSTOMER_INTAKE_CHECKS", "CUSTOMER_GATES", "CUSTOMER_MERGE_PARTICIPANTS"),
    *("CUSTOMER_HOLDERS", "CUSTOMER_EVENTS", "CUSTOMER_WITNESSES", "HOME_CARDS"),
    *("DOWNLOAD_LOCKS", "DEMO_SEEDS", "KEY_ROTATIONS", "BENCHES"),
    *("TRAIL_SUBJECTS", "DECLARED_WORK", "ACCESS_RISKS", "ACCESS_WORK", "ACCESS_REFERENCES"),
)
# A rule, a file that breaks it, and what the rule says of that file.
PLANTED = [
    (
        architecture.upward_imports,
        "customers/views/planted.py",
        "def page() -> None:\n    from consent import models\n",
        "customers/views/planted.py imports consent",
    ),
    (
        architecture.upward_imports,
        "relations/planted.py",
        "import consent.rules\n",
        "relations/planted.py imports consent",
    ),
    (
        architecture.writes_of_readers,
        "customers/views/planted.py",
        "def page(customer: object) -> None:\n    customer.save()\n",
        "customers/views/planted.py:2 calls save",
    ),
    (
        architecture.impure_imports,
        "customers/dedup/planted.py",
        "from customers.models import Customer\n",
        "customers/dedup/planted.py imports customers.models",
    ),
    (
        architecture.denied_imports,
        "accounts/models.py",
        "from accounts.services import hire_staff\n",
        "accounts/models.py imports accounts.services",
    ),
    (
        architecture.foreign_pages,
        "customers/planted.py",
        "from accounts.views import HomeView\n",
        "customers/planted.py imports accounts.views",
    ),
    (
        architecture.early_task_imports,
        "customers/tasks.py",
        "from customers.services import feeds\n",
        "customers/tasks.py imports customers.services",
    ),
    (architecture.vague_names, "customers/utils.py", "", "customers/utils.py"),
    (architecture.too_long, "customers/planted.py", "A = 1\n" * 501, "customers/planted.py: 501 lines"),
    (
        architecture.unannotated,
        "customers/planted.py",
        "def act(one, *, two: int) -> None: ...\n",
        "customers/planted.py:1 act(one)",
    ),
    (architecture.inline_code, "templates/planted.html", '<p style="color: red">', 'templates/planted.html: style="'),
]
RULES = list(dict.fromkeys(rule for rule, *_planted in PLANTED))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Callable[[Path], Iterator[str]]):
    assert list(rule(ROOT)) == []


@pytest.mark.parametrize(("rule", "file", "text", "fault"), PLANTED, ids=lambda value: getattr(value, "__name__", ""))
def test_the_rule_finds_what_is_planted(tmp_path, rule, file, text, fault):
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(text)

    assert fault in list(rule(tmp_path))


@pytest.mark.parametrize("path", [path for name in COMPOSED for path in getattr(settings, name)])
def test_every_composed_function_exists(path):
    assert callable(import_string(path))


def pointing_at_customers() -> set[str]:
    """Every model with a foreign key to a customer, but for copies of the customer's own history."""
    fields = Customer._meta.get_fields(include_hidden=True)  # those without a way back are hidden
    related = {field.related_model for field in fields if field.auto_created and not field.concrete}
    return {model._meta.label for model in related if model is not Customer.history.model}


def taking_part() -> set[str]:
    """The models that somebody moves in a merge, or that stay where they are for a stated reason."""
    participants = [import_string(path) for path in settings.CUSTOMER_MERGE_PARTICIPANTS]
    staying = (label for one in participants for label in getattr(one, "stays", ()))
    return {*merging.STAY, *staying, *(label for one in participants for label in one.moves)}


def test_every_model_that_points_at_a_customer_takes_part_in_a_merge():
    assert architecture.forgotten(pointing_at_customers(), taking_part()) == []


def test_a_forgotten_merge_participant_is_found(settings):
    own = [path for path in settings.CUSTOMER_MERGE_PARTICIPANTS if path.startswith("customers.")]
    settings.CUSTOMER_MERGE_PARTICIPANTS = [path for path in settings.CUSTOMER_MERGE_PARTICIPANTS if path not in own]

    assert architecture.forgotten(pointing_at_customers(), taking_part()) == [
        "customers.CustomerGroupGrant",
        "customers.CustomerStaffGrant",
        "customers.Keeping",
        "customers.Link",
        "customers.Protection",
        "customers.Wish",
    ]


def test_a_participant_of_an_app_above_that_is_taken_out_is_missed(settings):
    gone = "relations.merging.households.Memberships"
    settings.CUSTOMER_MERGE_PARTICIPANTS = [path for path in settings.CUSTOMER_MERGE_PARTICIPANTS if path != gone]

    assert "relations.Membership" in architecture.forgotten(pointing_at_customers(), taking_part())


def held() -> set[str]:
    """The models that somebody holds, so that they are given out and destroyed."""
    return {label for path in settings.CUSTOMER_HOLDERS for label in import_string(path).holds}


def test_every_model_that_points_at_a_customer_is_held():
    assert architecture.forgotten(pointing_at_customers(), held()) == []


def test_a_forgotten_holder_is_found(settings):
    gone = (".Memberships", ".Rights")
    settings.CUSTOMER_HOLDERS = [path for path in settings.CUSTOMER_HOLDERS if not path.endswith(gone)]

    assert architecture.forgotten(pointing_at_customers(), held()) == [
        "customers.CustomerGroupGrant",
        "customers.CustomerStaffGrant",
        "customers.Keeping",
        "customers.Protection",
        "relations.Membership",
    ]


def test_nobody_moves_a_model_that_does_not_exist():
    assert taking_part() - pointing_at_customers() == set()
