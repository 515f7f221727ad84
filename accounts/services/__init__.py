"""Every write to staff, branches and roles, one function per verb."""

from accounts.services.branches import (
    BranchClosed,
    BranchInUse,
    BranchMisplaced,
    check_place,
    close_branch,
    is_in_use,
    move_branch,
    open_branch,
    rename_branch,
    reopen_branch,
)
from accounts.services.organisation import (
    Organisation,
    OrganisationProblem,
    load_organisation,
    open_channels,
    open_head_office,
)
from accounts.services.roles import (
    OwnRole,
    UnknownPermission,
    UnknownRole,
    assign_role,
    synchronise_roles,
    withdraw_role,
)
from accounts.services.staff import (
    EmployeeNumberTaken,
    hire_staff,
    move_staff,
    set_language,
    unlock_staff,
)

__all__ = [
    "BranchClosed",
    "BranchInUse",
    "BranchMisplaced",
    "EmployeeNumberTaken",
    "Organisation",
    "OrganisationProblem",
    "OwnRole",
    "UnknownPermission",
    "UnknownRole",
    "assign_role",
    "check_place",
    "close_branch",
    "hire_staff",
    "is_in_use",
    "load_organisation",
    "move_branch",
    "move_staff",
    "open_branch",
    "open_channels",
    "open_head_office",
    "rename_branch",
    "reopen_branch",
    "set_language",
    "synchronise_roles",
    "unlock_staff",
    "withdraw_role",
]
