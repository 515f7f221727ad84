"""By which ways a customer is within what somebody sees, and which are closed; `visible_to` alone decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Branch, Staff
from accounts.roles import role_name
from customers import formats
from customers.masking import without_resident_numbers
from customers.models import Customer, CustomerGroupGrant, CustomerStaffGrant, Protection

OF_CUSTOMERS = {"permission__codename": "view_customer", "permission__content_type__app_label": "customers"}


@dataclass(frozen=True)
class Way:
    """A way into the scope. passes: whether it holds for a protected customer too."""

    is_open: bool
    text: str
    passes: bool = False


def is_visible(staff: Staff, customer: Customer) -> bool:
    """Whether the person sees the customer, as every page asks."""
    return Customer.objects.visible_to(staff).filter(pk=customer.pk).exists()


def is_protected(customer: Customer) -> bool:
    """Whether only named people see the customer."""
    return Protection.objects.filter(customer=customer).exists()


def ways_to(staff: Staff, customer: Customer, *, source_of: Callable[[Staff, str], str]) -> Iterator[Way]:
    """Every way that there is, open or closed. source_of: tells what gives a right of the master."""
    if staff.has_perm("customers.view_every_customer"):
        source = source_of(staff, "view_every_customer")
        yield Way(True, _("Every customer of the company, by: %(source)s.") % {"source": source})
    yield _by_branch(staff, customer)
    yield _by_keeper(staff, customer)
    yield from _by_grant(staff, customer)
    if staff.has_perm("customers.view_protected_customer") and is_protected(customer):
        source = source_of(staff, "view_protected_customer")
        yield Way(False, _("Protected customers too, by: %(source)s.") % {"source": source}, passes=True)


def _by_branch(staff: Staff, customer: Customer) -> Way:
    if not staff.has_perm("customers.view_branch_customers"):
        return Way(False, _("Branch: no role gives the customers of the own branch."))
    if staff.branch is None:
        return Way(False, _("Branch: the person works in none."))
    own = f"{staff.branch} ({staff.branch.code})"
    if customer.main_branch is None:
        return Way(False, _("Branch: the customer has no main branch. Own branch: %(own)s.") % {"own": own})
    said = {"own": own, "branch": f"{customer.main_branch} ({customer.main_branch_id})"}
    if not Branch.objects.subtree_of(staff.branch).filter(code=customer.main_branch_id).exists():
        return Way(False, _("Branch: the main branch %(branch)s does not stand below the own one, %(own)s.") % said)
    return Way(True, _("Branch: the main branch %(branch)s stands in or below the own one, %(own)s.") % said)


def _by_keeper(staff: Staff, customer: Customer) -> Way:
    if customer.keeper_id == staff.employee_number:
        return Way(True, _("Keeper: the person keeps this customer."), passes=True)
    if not customer.keeper_id:
        return Way(False, _("Keeper: the customer has none."))
    return Way(False, _("Keeper: somebody else (%(keeper)s) keeps this customer.") % {"keeper": customer.keeper_id})


def _by_grant(staff: Staff, customer: Customer) -> Iterator[Way]:
    """Grants to the person, those that ended too, and grants to groups of theirs."""
    now, any_way = timezone.now(), False
    grants = CustomerStaffGrant.objects.filter(user=staff, content_object=customer, **OF_CUSTOMERS)
    for one in grants.select_related("granted_by").order_by("pk"):
        any_way = True
        holds = one.ends_at is None or one.ends_at > now
        said = {
            "kind": one.get_kind_display(),
            "by": str(one.granted_by or "–"),
            "at": formats.moment(one.granted_at),
            "ends": formats.moment(one.ends_at) if one.ends_at else "–",
            "reason": without_resident_numbers(one.reason) or "–",
        }
        text = (
            _("Single grant: %(kind)s. By: %(by)s, %(at)s. Ends: %(ends)s. Reason: %(reason)s")
            if holds
            else _("Single grant that has ended: %(kind)s. By: %(by)s, %(at)s. Ended: %(ends)s. Reason: %(reason)s")
        )
        yield Way(holds, text % said, passes=True)
    by_group = CustomerGroupGrant.objects.filter(group__in=staff.groups.all(), content_object=customer, **OF_CUSTOMERS)
    for name in by_group.order_by("pk").values_list("group__name", flat=True):
        any_way = True
        yield Way(True, _("Grant to everybody of: %(group)s.") % {"group": role_name(name)})
    if not any_way:
        yield Way(False, _("Single grants: none."))
