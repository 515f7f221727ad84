"""Households: their list, one household, and what happens to it in life."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET
from django.views.generic import FormView, TemplateView

from accounts.models import AccessEntry
from accounts.trail import describe
from customers.formats import amount
from customers.models import Customer
from customers.paging import bounded_count, newest_page
from relations.forms.households import (
    CloseForm,
    DeedForm,
    EnterForm,
    JoinForm,
    LeaveForm,
    OpenForm,
    PrimaryForm,
    RoleForm,
    SplitForm,
)
from relations.household_filters import households_of
from relations.models import Household
from relations.people import faces
from relations.reports.finances import household_roll_up
from relations.reports.households import EventLine, event_lines, household_lines, household_report
from relations.services import households
from relations.services.household_places import Deed, Entry
from relations.services.household_previews import foreseen
from relations.words.households import REFUSED

VIEW, DECIDE = "relations.view_household", "relations.decide_household"
SEEN = ("customers.view_customer", VIEW)
STATES = {"open": gettext_lazy("Open now"), "closed": gettext_lazy("Closed"), "all": gettext_lazy("All")}


class HouseholdList(PermissionRequiredMixin, TemplateView):
    """The households in which the reader may see somebody, the newest first. Query: show, kind, and the place."""

    permission_required = SEEN
    raise_exception = True
    template_name = "relations/household_list.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        query, viewer = self.request.GET, self.request.user
        show = query.get("show") if query.get("show") in STATES else "open"
        kind = query.get("kind") if query.get("kind") in Household.Kind.values else ""
        rows = households_of(viewer)
        rows = rows if show == "all" else rows.filter(closed_at__isnull=show == "open")
        rows = rows.filter(kind=kind) if kind else rows
        page = newest_page(rows, older_than=query.get("older_than", ""), newer_than=query.get("newer_than", ""))
        count, is_exact = bounded_count(rows)
        describe(kind=AccessEntry.Kind.LIST, conditions={"show": show, "kind": kind}, count=count)
        exact = ngettext("%(count)s household", "%(count)s households", count)
        sentence = exact if is_exact else _("more than %(count)s households")
        return super().get_context_data(
            page=page,
            lines=household_lines(page.rows, viewer),
            summary=sentence % {"count": amount(count)},
            show=show,
            kind=kind,
            states=[(value, label, value == show) for value, label in STATES.items()],
            kinds=[(value, label, value == kind) for value, label in Household.Kind.choices],
            **kwargs,
        )


@require_GET
@permission_required(SEEN, raise_exception=True)
def household_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A household: its members now and before, and what happened to it."""
    rows = households_of(request.user).select_related("opened_by", "closed_by", "joined_into")
    household = get_object_or_404(rows, pk=pk)
    context = {
        "household": household,
        "report": household_report(household, request.user),
        "roll_up": household_roll_up(household, request.user),
    }
    return render(request, "relations/household_detail.html", context)


class HouseholdAct(PermissionRequiredMixin, FormView):
    """A verb on a household. The button `preview` shows what it would do; nothing is kept then.

    title, text, action, done: the words of the page and of what came of it.
    """

    permission_required = (*SEEN, DECIDE)
    raise_exception = True
    template_name = "relations/household_form.html"
    title: Promise
    text: Promise
    action: Promise
    done: Promise
    icon = "check"

    @cached_property
    def household(self) -> Household | None:
        """The open household of the address."""
        return get_object_or_404(households_of(self.request.user).still_open(), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, object]:
        members = household_report(self.household, self.request.user).choices if self.household else []
        return super().get_form_kwargs() | {"members": members}

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        words = {name: getattr(self, name) for name in ("title", "text", "action", "icon")}
        return super().get_context_data(**{"household": self.household} | words | kwargs)

    def form_valid(self, form: DeedForm) -> HttpResponse:
        verb = self.verb(form)
        if verb is None:
            return self.form_invalid(form)
        try:
            if "preview" in self.request.POST:
                return self.render_to_response(self.get_context_data(form=form, effect=self._effect(verb)))
            household = verb()
        except tuple(REFUSED) as refused:
            form.add_error(None, REFUSED[type(refused)])
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        shown = household if isinstance(household, Household) else self.household
        return redirect("relations:household-detail", shown.pk)

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        """What the form asks for, ready to be called; None where the form has an error."""
        raise NotImplementedError

    def deed(self, form: DeedForm) -> Deed:
        """Who, when and why."""
        given = form.cleaned_data
        return Deed(
            self.request.user,
            timezone.now(),
            given["on"],
            given.get("because", ""),
            given["comment"],
        )

    def customer(self, form: DeedForm, number: str, field: str = "number") -> Customer | None:
        """The active person with this number, or an error at the field."""
        visible = Customer.objects.visible_to(self.request.user)
        customer = visible.filter(number=number).first()
        if customer is None:
            form.add_error(field, _("There is no such customer that you may see."))
        return customer

    def _effect(self, verb: Callable[[], object]) -> tuple[EventLine, ...]:
        events = foreseen(verb)
        seen = faces(self.request.user, {event.customer_id for event in events} - {None})
        return event_lines(events, seen)


class HouseholdOpen(HouseholdAct):
    """A new household with its first member. Query: number, of that customer."""

    form_class = OpenForm
    title, action = gettext_lazy("Open a household"), gettext_lazy("Open the household")
    text = gettext_lazy("Its first member opens it; the others enter on its page.")
    done = gettext_lazy("The household was opened.")
    icon = "plus"
    household = None

    def get_initial(self) -> dict[str, object]:
        return super().get_initial() | {"number": self.request.GET.get("number", "")[:20]}

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        given = form.cleaned_data
        if (customer := self.customer(form, given["number"])) is None:
            return None
        entries = [Entry(customer, given["role"])]
        return partial(
            households.open_household, kind=given["kind"], entries=entries, basis=given["basis"], deed=self.deed(form)
        )


class MemberAdd(HouseholdAct):
    """Somebody enters."""

    form_class = EnterForm
    title, action = gettext_lazy("Add a member"), gettext_lazy("Add")
    text = gettext_lazy("The first household of a person is the primary one; it counts in sums.")
    done = gettext_lazy("The member was added.")
    icon = "user-plus"

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        given = form.cleaned_data
        if (customer := self.customer(form, given["number"])) is None:
            return None
        entry = Entry(customer, given["role"])
        return partial(
            households.add_member, household=self.household, entry=entry, basis=given["basis"], deed=self.deed(form)
        )


class MemberAct(HouseholdAct):
    """A verb on one member."""

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        if (customer := self.customer(form, form.cleaned_data["member"], "member")) is None:
            return None
        return partial(self.service(form), household=self.household, customer=customer, deed=self.deed(form))

    def service(self, form: DeedForm) -> Callable[..., object]:
        """The service of this verb."""
        raise NotImplementedError


class MemberRemove(MemberAct):
    """Somebody leaves because of what happened."""

    form_class = LeaveForm
    title, action = gettext_lazy("A member leaves"), gettext_lazy("Let the member leave")
    text = gettext_lazy("The place stays on record with its end and the reason. Death ends every place of a person.")
    done = gettext_lazy("The member left the household.")
    icon = "logout"

    def service(self, form: DeedForm) -> Callable[..., object]:
        return households.remove_member


class RoleChange(MemberAct):
    """Somebody is something else from now on."""

    form_class = RoleForm
    title, action = gettext_lazy("Change a role"), gettext_lazy("Change the role")
    text = gettext_lazy("What the member was until then stays on record.")
    done = gettext_lazy("The role was changed.")
    icon = "pencil"

    def service(self, form: DeedForm) -> Callable[..., object]:
        return partial(households.change_role, role=form.cleaned_data["role"])


class PrimaryMake(MemberAct):
    """This household becomes somebody's primary one."""

    form_class = PrimaryForm
    title, action = gettext_lazy("Make this the primary household"), gettext_lazy("Make it the primary one")
    text = gettext_lazy("A person has one primary household; the one before goes on beside it.")
    done = gettext_lazy("This is the member's primary household now.")
    icon = "star"

    def service(self, form: DeedForm) -> Callable[..., object]:
        return households.make_primary


class HouseholdSplit(HouseholdAct):
    """Some members leave for a household of their own."""

    form_class = SplitForm
    title, action = gettext_lazy("Split the household"), gettext_lazy("Split")
    text = gettext_lazy("Whoever goes has a new household from that day; nothing of the past is changed.")
    done = gettext_lazy("The household was split. This is the new one.")
    icon = "arrows-exchange"

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        leavers = [self.customer(form, number, "leavers") for number in form.cleaned_data["leavers"]]
        if None in leavers:
            return None
        return partial(households.split_household, household=self.household, leavers=leavers, deed=self.deed(form))


class HouseholdJoin(HouseholdAct):
    """Another household comes into this one."""

    form_class = JoinForm
    title, action = gettext_lazy("Join with another household"), gettext_lazy("Join")
    text = gettext_lazy("All members of the other household enter this one; the other closes and says where it went.")
    done = gettext_lazy("The households were joined.")
    icon = "git-merge"

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        other = households_of(self.request.user).filter(number=form.cleaned_data["other"]).first()
        if other is None:
            form.add_error("other", _("There is no such household that you may see."))
            return None
        return partial(households.join_households, household=self.household, other=other, deed=self.deed(form))


class HouseholdClose(HouseholdAct):
    """A household is over."""

    form_class = CloseForm
    title, action = gettext_lazy("Close the household"), gettext_lazy("Close it")
    text = gettext_lazy("Everybody leaves it on that day; whoever has another household has that as primary one.")
    done = gettext_lazy("The household was closed.")
    icon = "x"

    def verb(self, form: DeedForm) -> Callable[[], object] | None:
        return partial(households.close_household, household=self.household, deed=self.deed(form))
