import time
from pathlib import Path

import pytest

from accounts import services
from accounts.channels import CHANNELS
from accounts.models import Branch, Channel, Staff
from tests.accounts.builders import make_branch, make_staff

pytestmark = pytest.mark.django_db
BRANCHES = "code,name,kind,parent_code\nB1,하나지점,BRANCH,R1\nR1,서울본부,REGION,H000\nR2,부산본부,REGION,H000\n"
STAFF = "employee_number,name,branch_code,job,channel\nF1,김하나,B1,FP,FP\nF2,이두리,B1,지점장,\n"


@pytest.fixture(autouse=True)
def started() -> None:
    services.open_channels(CHANNELS)
    services.open_head_office(code="H000", name="본사")


@pytest.fixture
def load(tmp_path: Path):
    def load(branches: str = BRANCHES, staff: str = STAFF) -> services.Organisation:
        (tmp_path / "branches.csv").write_text(branches, "utf-8-sig")
        (tmp_path / "staff.csv").write_text(staff, "utf-8")
        return services.load_organisation(tmp_path / "branches.csv", tmp_path / "staff.csv")

    return load


def test_load_organisation_enters_the_tree_in_any_order_of_lines(load):
    assert load() == services.Organisation(branch_count=3, staff_count=2)

    assert dict(Branch.objects.values_list("code", "path")) == {
        "H000": "/H000/",
        "R1": "/H000/R1/",
        "R2": "/H000/R2/",
        "B1": "/H000/R1/B1/",
    }
    rows = Staff.objects.order_by("employee_number").values_list("employee_number", "branch__code", "job", "channel")
    assert list(rows) == [("F1", "B1", "FP", "FP"), ("F2", "B1", "지점장", None)]
    assert [staff.has_usable_password() for staff in Staff.objects.all()] == [False, False]


def test_load_organisation_again_refreshes_and_keeps_what_is_not_in_the_file(load):
    load()
    below = make_branch("T1", parent=Branch.objects.get(code="B1"))
    Staff.objects.filter(employee_number="F1").update(password="kept", language="en")

    load(BRANCHES.replace("B1,하나지점,BRANCH,R1", "B1,한지점,BRANCH,R2"), STAFF.replace("김하나,B1", "김한,R2"))

    below.refresh_from_db()
    assert below.path == "/H000/R2/B1/T1/"
    assert Branch.objects.values_list("name", "path").get(code="B1") == ("한지점", "/H000/R2/B1/")
    row = Staff.objects.values_list("name", "branch__code", "password", "language").get(employee_number="F1")
    assert row == ("김한", "R2", "kept", "en")


@pytest.mark.parametrize(
    ("branches", "staff", "words"),
    [
        (BRANCHES.replace("parent_code", "above"), STAFF, "branches.csv: no column parent_code"),
        (BRANCHES.replace("BRANCH,R1", "BRANCH,R9"), STAFF, "branches.csv:2: .*R9"),
        (BRANCHES.replace("REGION,H000", "VILLAGE,H000"), STAFF, "branches.csv:3: .*VILLAGE"),
        (BRANCHES.replace("R1,서울본부,REGION,H000", "R1,서울본부,REGION,B1"), STAFF, "below itself"),
        (BRANCHES + "R2,또,REGION,H000\n", STAFF, "branches.csv:5: .*R2"),
        (BRANCHES, STAFF.replace("하나,B1", "하나,B9"), "staff.csv:2: .*B9"),
        (BRANCHES, STAFF.replace("FP,FP", "FP,PIGEON"), "staff.csv:2: .*PIGEON"),
        (BRANCHES, STAFF.replace("F2", "F1"), "staff.csv:3: .*F1"),
    ],
)
def test_load_organisation_refuses_a_broken_file_and_changes_nothing(load, branches, staff, words):
    with pytest.raises(services.OrganisationProblem, match=words):
        load(branches, staff)

    assert list(Branch.objects.values_list("code", flat=True)) == ["H000"]
    assert Staff.objects.count() == 0


def test_load_organisation_enters_30000_staff_in_seconds(load):
    lines = "".join(f"F{n:05},직원,B1,FP,FP\n" for n in range(30_000))
    began = time.perf_counter()

    load(staff=f"employee_number,name,branch_code,job,channel\n{lines}")

    assert Staff.objects.count() == 30_000
    assert time.perf_counter() - began < 20


def test_open_channels_leaves_names_that_administrators_gave():
    Channel.objects.filter(code="GA").update(name="대리점")

    services.open_channels(CHANNELS)

    assert dict(Channel.objects.values_list("code", "name")) == {
        **{code: names[0] for code, names in CHANNELS.items()},
        "GA": "대리점",
    }


def test_open_head_office_opens_it_once():
    make_staff(branch=services.open_head_office(code="H000", name="다른 이름"))

    assert list(Branch.objects.values_list("code", "name", "kind")) == [("H000", "본사", "HEAD_OFFICE")]
