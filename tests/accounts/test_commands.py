import json
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from accounts.models import Branch, Channel, Staff
from tests.accounts.builders import make_branch, make_staff

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def demonstration(settings):
    settings.IS_DEMONSTRATION = True
    run("setup_accounts")


def test_setup_accounts_may_run_again():
    run("setup_accounts")
    first = (Channel.objects.count(), Branch.objects.count(), Group.objects.count())

    run("setup_accounts")

    assert (
        (Channel.objects.count(), Branch.objects.count(), Group.objects.count()) == first == (6, 1, len(settings.ROLES))
    )


def test_demo_accounts_enters_one_account_per_role(demonstration):
    place = make_branch("B1", parent=Branch.objects.get())

    accounts = json.loads(run("demo_accounts", "--json"))

    assert [(account["role"], account["employee_number"]) for account in accounts] == [
        (role, number) for number, (role, *_rest) in settings.DEMO_STAFF.items()
    ]
    assert {account["password"] for account in accounts} == {settings.DEMO_PASSWORD}
    for account in accounts:
        staff = Staff.objects.get(employee_number=account["employee_number"])
        assert staff.check_password(settings.DEMO_PASSWORD)
        assert [group.name for group in staff.groups.all()] == [account["role"]]
        assert (staff.branch == place) is (account["role"] in ("FP", "BRANCH_MANAGER"))


def test_demo_accounts_again_refreshes_password_and_state(demonstration):
    run("demo_accounts")
    Staff.objects.filter(employee_number="steward").update(is_active=False, password="!")

    said = run("demo_accounts")

    steward = Staff.objects.get(employee_number="steward")
    assert (steward.is_active, steward.check_password(settings.DEMO_PASSWORD)) == (True, True)
    assert Staff.objects.count() == len(settings.DEMO_STAFF)
    assert said.splitlines()[1].split() == ["DATA_STEWARD", "steward", settings.DEMO_PASSWORD]


def test_demo_accounts_takes_the_place_of_a_keeper_and_remembers_it(demonstration):
    run("demo_accounts")
    place = make_branch("B1", parent=Branch.objects.get())
    make_staff(employee_number="F00017", name="홍보배", branch=place)

    first = json.loads(run("demo_accounts", "--keeper", "F00017", "--json"))
    later = json.loads(run("demo_accounts", "--json"))

    assert [account["employee_number"] for account in first if account["role"] == "FP"] == ["F00017"]
    assert later == first
    keeper = Staff.objects.get(employee_number="F00017")
    assert not Staff.objects.filter(employee_number="fp", is_active=True).exists()
    assert (keeper.name, keeper.branch, keeper.check_password(settings.DEMO_PASSWORD)) == ("홍보배", place, True)
    assert Staff.objects.get(employee_number="manager").branch == place


def test_demo_accounts_leaves_a_manager_where_the_organisation_put_them(demonstration):
    head = Branch.objects.get()
    make_branch("B1", parent=head)
    own = make_branch("B2", parent=head)
    make_staff(employee_number="manager", branch=own)

    run("demo_accounts")
    assert Staff.objects.get(employee_number="manager").branch == own

    run("demo_accounts", "--branch", "B1")
    assert Staff.objects.get(employee_number="manager").branch.code == "B1"


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--keeper", "F99999"], "F99999"), (["--branch", "B99"], "no open branch B99")]
)
def test_demo_accounts_refuses_a_keeper_or_branch_that_is_not_there(demonstration, arguments, words):
    with pytest.raises(CommandError, match=words):
        run("demo_accounts", *arguments)

    assert Staff.objects.count() == 0


def test_demo_accounts_refuses_an_installation_that_is_no_demonstration(settings):
    settings.IS_DEMONSTRATION = False

    with pytest.raises(CommandError, match="HANNUN_DEMO=1"):
        run("demo_accounts")

    assert Staff.objects.count() == 0
