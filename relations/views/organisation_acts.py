"""What is kept of an organisation: places, affiliates and contact persons begun, moved, followed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from customers.models import Customer
from customers.reading import Place, read
from relations.forms.organisations import (
    AffiliationForm,
    EndForm,
    HeadOfficeForm,
    OfficerForm,
    PlaceForm,
    SuccessorForm,
)
from relations.models import Affiliation, Officer, PlaceOfBusiness
from relations.rules.organisations import NotUnderstood
from relations.services import organisation_affiliations as affiliations
from relations.services import organisation_officers as officers
from relations.services import organisations as places
from relations.words.organisations import NOT_UNDERSTOOD

KEPT = ("customers.view_customer", "relations.view_organisation", "relations.change_organisation")
REFUSED: Mapping[type[Exception], tuple[str | None, Promise]] = {
    places.NotActive: (None, gettext_lazy("This customer was merged into another one meanwhile. Nothing was done.")),
    places.NotAnOrganisation: (None, gettext_lazy("This customer is a person.")),
    places.AlreadyEnded: (None, gettext_lazy("Somebody recorded the end meanwhile. Nothing was done.")),
    places.EndsBeforeItBegan: ("on", gettext_lazy("It began on a later day.")),
    places.HeadOfficeStands: (
        None,
        gettext_lazy("The organisation has a head office on some of these days. Move it instead."),
    ),
    places.NoHeadOffice: (None, gettext_lazy("No head office is known. Add one instead.")),
    affiliations.Itself: ("other", gettext_lazy("An organisation cannot stand below itself.")),
    affiliations.HasParent: (
        "other",
        gettext_lazy("The lower one has a parent on some of these days. Release it there first."),
    ),
    affiliations.ClosesCircle: ("other", gettext_lazy("The upper one stands below the lower one already.")),
    officers.NotAPerson: ("customer", gettext_lazy("This customer was merged into another one meanwhile.")),
}


class OrganisationAct(PermissionRequiredMixin, FormView):
    """A form about one organisation. title, text, action, done: the words of the page and of what came of it."""

    permission_required = KEPT
    raise_exception = True
    template_name = "relations/organisation_form.html"
    title: Promise
    text: Promise
    action: Promise
    done: Promise
    icon = "plus"

    @cached_property
    def organisation(self) -> Customer:
        """The organisation of the address."""
        visible = Customer.objects.visible_to(self.request.user).filter(kind="ORG", state=Customer.State.ACTIVE)
        return get_object_or_404(visible, number=self.kwargs["number"])

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.find()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.find()
        return super().post(request, *args, **kwargs)

    def find(self) -> None:
        """Fetch what the address names; 404 where it is not there."""
        self.row = self.organisation

    def about(self) -> str:
        """What the form is about beside the organisation, as the reader may see it."""
        return ""

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        self.reading = read(self.organisation, self.request.user, Place.PROFILE)
        words = {"title": self.title, "text": self.text, "action": self.action, "icon": self.icon}
        context = {"customer": self.organisation, "reading": self.reading, "about": self.about()}
        return super().get_context_data(**words, **context, **kwargs)

    def form_valid(self, form: object) -> HttpResponse:
        try:
            self.act(form, {"by": self.request.user, "at": timezone.now()})
        except NotUnderstood as problem:
            form.add_error(problem.field, NOT_UNDERSTOOD[problem.field])
            return self.form_invalid(form)
        except tuple(REFUSED) as problem:
            field, words = REFUSED[type(problem)]
            form.add_error(field if field in form.fields else None, words)
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("relations:organisation-detail", args=[self.organisation.number])

    def act(self, form: object, said: Mapping[str, object]) -> None:
        """Make the one service call. said: by and at."""
        raise NotImplementedError


class PlaceAdd(OrganisationAct):
    """Add a place of business."""

    form_class = PlaceForm
    title = gettext_lazy("Add a place of business")
    text = gettext_lazy("A head office, a branch, a plant or a shop, with its own business number where it has one.")
    action = gettext_lazy("Add the place")
    done = gettext_lazy("The place of business was added.")

    def act(self, form: PlaceForm, said: Mapping[str, object]) -> None:
        places.add_place(organisation=self.organisation, facts=form.facts, on=form.cleaned_data["on"], **said)


class HeadOfficeMove(OrganisationAct):
    """Move the head office."""

    form_class = HeadOfficeForm
    title = gettext_lazy("Move the head office")
    text = gettext_lazy("The head office of now ends on the day on which the new one begins, and stays in the history.")
    action = gettext_lazy("Move the head office")
    done = gettext_lazy("The head office was moved.")
    icon = "building"

    def get_initial(self) -> dict[str, object]:
        return {"name": _("Head office")}

    def act(self, form: HeadOfficeForm, said: Mapping[str, object]) -> None:
        places.move_head_office(organisation=self.organisation, facts=form.facts, on=form.cleaned_data["on"], **said)


class PlaceEnd(OrganisationAct):
    """Close a place of business."""

    form_class = EndForm
    title = gettext_lazy("Close a place of business")
    text = gettext_lazy("It stays in the history with the day of its end.")
    action = gettext_lazy("Close the place")
    done = gettext_lazy("The place of business was closed.")
    icon = "circle-x"

    def find(self) -> None:
        self.row = get_object_or_404(PlaceOfBusiness, pk=self.kwargs["pk"], organisation=self.organisation)

    def about(self) -> str:
        return f"{self.row.get_kind_display()} · {self.row.name}"

    def act(self, form: EndForm, said: Mapping[str, object]) -> None:
        places.end_place(place=self.row, on=form.cleaned_data["on"], **said)


class AffiliationAdd(OrganisationAct):
    """Add an organisation of the group."""

    form_class = AffiliationForm
    title = gettext_lazy("Add an affiliate")
    text = gettext_lazy("An organisation has one parent at a time, and none stands below itself.")
    action = gettext_lazy("Add the affiliate")
    done = gettext_lazy("The affiliate was added.")
    icon = "affiliate"

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"viewer": self.request.user}

    def act(self, form: AffiliationForm, said: Mapping[str, object]) -> None:
        given = form.cleaned_data
        is_below = given["side"] == AffiliationForm.BELOW
        parent, child = (self.organisation, given["other"]) if is_below else (given["other"], self.organisation)
        told = {name: given[name] for name in ("kind", "share_percent", "basis", "on")}
        affiliations.add_affiliation(parent=parent, child=child, **told, **said)


class AffiliationEnd(OrganisationAct):
    """Release an affiliate, from either side."""

    form_class = EndForm
    title = gettext_lazy("Release an affiliate")
    text = gettext_lazy("It stays in the history with the day of its end.")
    action = gettext_lazy("Release the affiliate")
    done = gettext_lazy("The affiliate was released.")
    icon = "link-off"

    def find(self) -> None:
        own = Affiliation.objects.filter(parent=self.organisation) | Affiliation.objects.filter(child=self.organisation)
        self.row = get_object_or_404(own, pk=self.kwargs["pk"])

    def about(self) -> str:
        return str(self.row.get_kind_display())

    def act(self, form: EndForm, said: Mapping[str, object]) -> None:
        affiliations.end_affiliation(affiliation=self.row, on=form.cleaned_data["on"], **said)


class OfficerAdd(OrganisationAct):
    """Name a contact person."""

    form_class = OfficerForm
    title = gettext_lazy("Name a contact person")
    text = gettext_lazy("Phone and e-mail are those of work. None of it becomes a value of a customer.")
    action = gettext_lazy("Name the person")
    done = gettext_lazy("The contact person was named.")
    icon = "user-plus"

    def get_form_kwargs(self) -> dict[str, object]:
        return super().get_form_kwargs() | {"viewer": self.request.user}

    def act(self, form: OfficerForm, said: Mapping[str, object]) -> None:
        given = form.cleaned_data
        told = {"customer": given["customer"], "on": given["on"]}
        officers.add_officer(organisation=self.organisation, facts=form.facts, **told, **said)


class OfficerChange(OfficerAdd):
    """Let a successor take over."""

    form_class = SuccessorForm
    title = gettext_lazy("Change the contact person")
    text = gettext_lazy("The person of now ends on the day on which the successor begins, and stays in the history.")
    action = gettext_lazy("Change the person")
    done = gettext_lazy("The contact person was changed.")
    icon = "arrows-exchange"

    def find(self) -> None:
        self.row = get_object_or_404(Officer, pk=self.kwargs["pk"], organisation=self.organisation)

    def get_initial(self) -> dict[str, object]:
        return {"duty": self.row.duty}

    def about(self) -> str:
        name = self.reading.show("officer", self.row.name).text
        return f"{self.row.get_duty_display()} · {name}" if name else str(self.row.get_duty_display())

    def act(self, form: SuccessorForm, said: Mapping[str, object]) -> None:
        given = form.cleaned_data
        officers.change_officer(officer=self.row, facts=form.facts, customer=given["customer"], on=given["on"], **said)


class OfficerEnd(OfficerChange):
    """End a contact person without a successor."""

    form_class = EndForm
    title = gettext_lazy("End a contact person")
    text = gettext_lazy("Nobody takes over. The person stays in the history with the day of the end.")
    action = gettext_lazy("End the person's duty")
    done = gettext_lazy("The contact person was ended.")
    icon = "user-off"

    def get_form_kwargs(self) -> dict[str, object]:
        return FormView.get_form_kwargs(self)

    def get_initial(self) -> dict[str, object]:
        return {}

    def act(self, form: EndForm, said: Mapping[str, object]) -> None:
        officers.end_officer(officer=self.row, on=form.cleaned_data["on"], **said)
