from datetime import date

import pytest

from accounts import services
from accounts.models import Branch
from tests.accounts.builders import make_branch, make_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


def paths() -> dict[str, str]:
    return dict(Branch.objects.values_list("code", "path"))


@pytest.fixture
def tree() -> dict[str, Branch]:
    """H0 over R1 and R2, R1 over B1 over T1."""
    head = make_branch("H0")
    r1, r2 = (make_branch(code, parent=head, kind="REGION") for code in ("R1", "R2"))
    b1 = make_branch("B1", parent=r1)
    return {"H0": head, "R1": r1, "R2": r2, "B1": b1, "T1": make_branch("T1", parent=b1)}


def test_open_branch_names_every_branch_above_it(tree):
    assert paths() == {
        "H0": "/H0/",
        "R1": "/H0/R1/",
        "R2": "/H0/R2/",
        "B1": "/H0/R1/B1/",
        "T1": "/H0/R1/B1/T1/",
    }


def test_open_branch_refuses_to_stand_alone_unless_it_is_a_head_office(tree):
    with pytest.raises(services.BranchMisplaced):
        services.open_branch(code="B9", name="홀로", kind="BRANCH")


def test_subtree_of_does_not_take_a_code_that_begins_alike(tree):
    make_branch("R11", parent=tree["H0"], kind="REGION")

    assert {branch.code for branch in Branch.objects.subtree_of(tree["R1"])} == {"R1", "B1", "T1"}


def test_move_branch_takes_all_below_along_and_leaves_the_rest(tree):
    moved = services.move_branch(branch=tree["B1"], parent=tree["R2"])

    assert moved.path == "/H0/R2/B1/"
    assert paths() == {
        "H0": "/H0/",
        "R1": "/H0/R1/",
        "R2": "/H0/R2/",
        "B1": "/H0/R2/B1/",
        "T1": "/H0/R2/B1/T1/",
    }


def test_move_branch_writes_all_paths_in_one_statement(tree, django_assert_num_queries):
    for number in range(5):
        make_branch(f"T2{number}", parent=tree["B1"])

    # savepoint, hold the tree, both branches, the branch itself, all paths, read back, release
    with django_assert_num_queries(9):
        services.move_branch(branch=tree["B1"], parent=tree["R2"])

    assert Branch.objects.filter(path__startswith="/H0/R2/B1/").count() == 7


@pytest.mark.parametrize("below", ["B1", "T1"])
def test_move_branch_refuses_a_place_below_itself(tree, below):
    with pytest.raises(services.BranchMisplaced):
        services.move_branch(branch=tree["B1"], parent=tree[below])

    assert paths()["B1"] == "/H0/R1/B1/"


def test_close_branch_refuses_while_something_open_is_below_or_someone_works_there(tree):
    worker = make_staff(branch=tree["T1"])

    with pytest.raises(services.BranchInUse):
        services.close_branch(branch=tree["B1"], on=TODAY)
    with pytest.raises(services.BranchInUse):
        services.close_branch(branch=tree["T1"], on=TODAY)

    services.move_staff(staff=worker, branch=tree["R2"])
    assert services.close_branch(branch=tree["T1"], on=TODAY).closed_on == TODAY
    assert services.close_branch(branch=tree["B1"], on=TODAY).closed_on == TODAY


def test_a_closed_branch_takes_in_nothing_until_it_is_reopened(tree):
    services.close_branch(branch=tree["R2"], on=TODAY)
    closed = Branch.objects.get(code="R2")

    with pytest.raises(services.BranchClosed):
        services.close_branch(branch=closed, on=TODAY)
    with pytest.raises(services.BranchClosed):
        services.move_branch(branch=tree["B1"], parent=closed)
    with pytest.raises(services.BranchClosed):
        services.hire_staff(employee_number="X1", name="박둘", branch=closed)
    with pytest.raises(services.BranchClosed):
        services.open_branch(code="B7", name="일곱", kind="BRANCH", parent=closed)

    assert services.reopen_branch(branch=closed).closed_on is None
    assert services.move_branch(branch=tree["B1"], parent=closed).path == "/H0/R2/B1/"


def test_rename_branch_keeps_code_and_path(tree):
    services.rename_branch(branch=tree["B1"], name="새이름")

    assert list(Branch.objects.filter(code="B1").values_list("name", "path")) == [("새이름", "/H0/R1/B1/")]
