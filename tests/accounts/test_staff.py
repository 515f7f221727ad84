import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from accounts import services
from accounts.models import Branch, Channel, Staff
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db


def test_hire_staff_without_a_password_lets_nobody_in():
    staff = services.hire_staff(employee_number="F00001", name="이하늘", job="FP")

    assert staff.has_usable_password() is False
    assert Staff.objects.values_list("employee_number", "name", "job", "language", "is_active", "is_staff").get() == (
        "F00001",
        "이하늘",
        "FP",
        "ko",
        True,
        False,
    )


def test_hire_staff_refuses_a_number_that_was_given_before():
    make_staff(employee_number="F00001")

    with pytest.raises(services.EmployeeNumberTaken):
        services.hire_staff(employee_number="F00001", name="다른 사람")


def test_set_language_refuses_a_language_we_do_not_speak():
    staff = make_staff()

    services.set_language(staff=staff, language="en")
    with pytest.raises(ValueError, match="fr"):
        services.set_language(staff=staff, language="fr")

    assert Staff.objects.get().language == "en"


def test_create_superuser_may_open_everything():
    root = Staff.objects.create_superuser("root", "a-long-password", name="최초관리자")

    assert (root.is_staff, root.is_superuser, root.has_perm("customers.view_customer")) == (True, True, True)


def test_staff_and_channels_are_named_in_the_language_of_the_reader(settings):
    from django.utils.translation import override

    channel = Channel.objects.create(code="FP", name="전속 설계사", english_name="Financial planners")

    with override("en"):
        assert str(channel) == "Financial planners"
    with override("ko"):
        assert str(channel) == "전속 설계사"
    assert str(make_staff(employee_number="E7", name="윤서")) == "윤서 (E7)"


def test_a_branch_without_parent_is_a_head_office_in_the_database_too():
    with pytest.raises(IntegrityError, match="branch_without_parent_is_head_office"), transaction.atomic():
        Branch.objects.create(code="B1", name="홀로", kind="BRANCH", path="/B1/")


def test_an_account_that_was_closed_cannot_log_in(rf):
    make_staff(employee_number="E8", password="right-password", is_active=False)

    assert authenticate(rf.post("/"), username="E8", password="right-password") is None
