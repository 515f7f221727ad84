import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission

from accounts import services
from accounts.models import Staff
from accounts.purposes import roles_of
from accounts.roles import HeldRole, held_roles
from tests.accounts.builders import make_staff

pytestmark = pytest.mark.django_db
CLERK = {"name": "Clerk", "permissions": ["accounts.view_staff", "accounts.view_branch"]}
KEEPER = {"name": "Keeper", "permissions": ["accounts.change_branch"], "is_staff": True}


def permissions() -> dict[str, set[str]]:
    return {
        group.name: {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        for group in Group.objects.all()
    }


def test_synchronise_roles_twice_gives_exactly_what_the_settings_say():
    services.synchronise_roles(settings.ROLES)
    services.synchronise_roles(settings.ROLES)

    assert permissions() == {role: set(definition["permissions"]) for role, definition in settings.ROLES.items()}


def test_synchronise_roles_mends_drift():
    services.synchronise_roles({"CLERK": CLERK})
    Group.objects.get(name="CLERK").permissions.set(Permission.objects.filter(codename="delete_staff"))

    services.synchronise_roles({"CLERK": CLERK})

    assert permissions() == {"CLERK": {"accounts.view_staff", "accounts.view_branch"}}


def test_synchronise_roles_takes_every_right_from_a_role_that_is_gone_but_keeps_the_group():
    services.synchronise_roles({"CLERK": CLERK, "KEEPER": KEEPER})
    keeper = make_staff()
    keeper.groups.add(Group.objects.get(name="KEEPER"))
    Staff.objects.update(is_staff=True)

    services.synchronise_roles({"CLERK": CLERK})

    assert permissions() == {"CLERK": {"accounts.view_staff", "accounts.view_branch"}, "KEEPER": set()}
    assert list(Staff.objects.values_list("is_staff", "groups__name")) == [(False, "KEEPER")]


def test_synchronise_roles_refuses_a_permission_that_does_not_exist():
    with pytest.raises(services.UnknownPermission, match="CLERK: accounts.fly"):
        services.synchronise_roles({"CLERK": {"name": "Clerk", "permissions": ["accounts.fly"]}})

    assert permissions() == {}


def test_assign_and_withdraw_role_open_and_close_the_administration():
    staff = make_staff("ADMINISTRATOR", "AUDITOR")
    assert (staff.is_staff, staff.has_perm("accounts.change_staff")) == (True, True)

    services.withdraw_role(staff=staff, role="ADMINISTRATOR")

    staff = Staff.objects.get(pk=staff.pk)
    assert (staff.is_staff, staff.has_perm("accounts.change_staff")) == (False, False)
    assert list(staff.groups.values_list("name", flat=True)) == ["AUDITOR"]


def test_assign_role_refuses_an_unknown_role_and_ones_own():
    services.synchronise_roles(settings.ROLES)
    staff = make_staff()

    with pytest.raises(services.UnknownRole):
        services.assign_role(staff=staff, role="KING")
    with pytest.raises(services.OwnRole):
        services.assign_role(staff=staff, role="DATA_STEWARD", by=staff)
    with pytest.raises(services.OwnRole):
        services.withdraw_role(staff=staff, role="DATA_STEWARD", by=staff)

    assert list(staff.groups.all()) == []


def test_assign_role_says_so_when_the_groups_were_never_made():
    with pytest.raises(services.UnknownRole, match="setup_accounts"):
        services.assign_role(staff=make_staff(), role="FP")


def test_held_roles_stand_in_the_order_of_the_settings(settings):
    settings.ROLES = {"KEEPER": KEEPER, "CLERK": CLERK, "IDLE": {"name": "Idle", "permissions": []}}
    services.synchronise_roles(settings.ROLES)
    staff = make_staff("IDLE", "CLERK", "KEEPER")

    from django.utils.translation import override

    with override("en"):
        assert held_roles(staff) == [
            HeldRole("Keeper", ["Can change branches"]),
            HeldRole("Clerk", ["Can view branches", "Can view staff"]),
            HeldRole("Idle", []),
        ]


def test_what_somebody_may_do_and_their_roles_are_read_once(django_assert_num_queries):
    hired = make_staff("FP", "AUDITOR")
    hired.user_permissions.add(Permission.objects.get(codename="view_branch", content_type__app_label="accounts"))
    staff = Staff.objects.get(pk=hired.pk)

    with django_assert_num_queries(1):
        held = staff.has_perm("accounts.view_branch"), staff.has_perm("customers.view_customer")
        other, roles = staff.has_perm("accounts.change_staff"), roles_of(staff)

    assert (held, other, set(roles)) == ((True, True), False, {"FP", "AUDITOR"})
    assert staff.rights.permissions == staff.get_all_permissions()


def test_who_has_left_may_do_nothing_and_who_has_every_right_everything():
    gone, root = make_staff("FP"), make_staff()
    Staff.objects.filter(pk=gone.pk).update(is_active=False)
    Staff.objects.filter(pk=root.pk).update(is_superuser=True)

    may = [Staff.objects.get(pk=staff.pk).has_perm("customers.view_customer") for staff in (gone, root)]

    assert may == [False, True]
