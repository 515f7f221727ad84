"""Rights explained: why somebody sees so much of an item of a customer, or does not."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.purposes import Purpose
from accounts.trail import describe, saw
from customers.forms.effective_rights import ExplainForm
from customers.reading import catalogue
from customers.reports.effective_rights import Explanation, explain


@require_GET
@permission_required("accounts.explain_rights", raise_exception=True)
def effective_rights(request: HttpRequest) -> HttpResponse:
    """The answer step by step, without any value of the customer. Query: staff (employee number), customer (number),
    item, purpose, place."""
    form = ExplainForm(request.GET if "staff" in request.GET else None, items=catalogue())
    context = {"form": form, "explanation": _explained(form) if form.is_valid() else None}
    return render(request, "customers/effective_rights.html", context)


def _explained(form: ExplainForm) -> Explanation:
    """The answer; that the rights on a customer were looked into stands on the trail."""
    given = form.cleaned_data
    staff, customer = given["staff"], given["customer"]
    if customer is not None:
        saw(customer.pk)
        describe(conditions={"staff": staff.employee_number, "item": given["item"]})
    purpose = Purpose(given["purpose"]) if given["purpose"] else None
    return explain(staff, customer, given["item"], purpose=purpose, place=given["place"])
