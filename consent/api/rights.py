"""What systems bring to the rights desk, below /services/ and with a key: requests of data subjects (PO1)."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.service_scopes import needs_scope
from consent.models import RightsRequest
from consent.reports.rights_items import askable
from consent.services import rights
from consent.services.rights import Asked
from customers.service_answers import BAD, REFUSED, Unreadable, body_of, done_once, fields_of, is_text, problem

LONGEST_WORDING = 1_000
UNKNOWN_ITEM = _("Something that is asked for is not known, or named twice.")
RECEIVED_LATER = _("The request is said to have been received in the future.")


class ServiceRequestForm(forms.Form):
    """kind, via, asker: codes; items: codes of what is asked for; wishes, of a correction, in the same order."""

    kind = forms.ChoiceField(choices=RightsRequest.Kind)
    via = forms.ChoiceField(choices=RightsRequest.Via)
    asker = forms.ChoiceField(choices=RightsRequest.Asker, required=False)
    wording = forms.CharField(max_length=LONGEST_WORDING)
    received_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


@login_not_required
@require_POST
@needs_scope("consent.write")
@done_once
def rights_register(request: HttpRequest) -> HttpResponse:
    """Record a request. Body: kind, via, wording, items ([code, …] or, of a correction, {code: value}); where known
    asker, received_on (YYYY-MM-DD). Answers 201 with the receipt number and the last day of the answer. Whose it is,
    people find out; nothing of a customer is answered here."""
    try:
        sent = body_of(request)
        fields = fields_of({name: value for name, value in sent.items() if name != "items"}, ServiceRequestForm)
        asked = _asked(sent.get("items"), fields["kind"])
        made = rights.record_request(
            kind=fields["kind"],
            via=fields["via"],
            asker=fields["asker"] or RightsRequest.Asker.SELF,
            wording=fields["wording"],
            items=asked,
            received_on=fields["received_on"] or _today(),
            by=request.user,
            at=timezone.now(),
        )
    except Unreadable as unreadable:
        return unreadable.answer
    except rights.NothingAsked:
        return problem("UNKNOWN_ITEM", REFUSED, UNKNOWN_ITEM)
    except rights.ReceivedLater:
        return problem("RECEIVED_LATER", REFUSED, RECEIVED_LATER)
    return JsonResponse({"number": made.number, "due_on": made.due_on.isoformat()}, status=201)


def _today() -> date:
    return timezone.localdate()


def _asked(items: object, kind: str) -> list[Asked]:
    """What is asked for, each once and known. Raises rights.NothingAsked, Unreadable."""
    wishes = items if isinstance(items, dict) else dict.fromkeys(items, "") if _is_texts(items) else {}
    known = {code for code, _words in askable(kind)}
    if not wishes or not wishes.keys() <= known or not all(isinstance(wish, str) for wish in wishes.values()):
        raise rights.NothingAsked
    if not all(map(is_text, wishes.values())):
        raise Unreadable(problem("FIELDS", BAD, fields=["items"]))
    if isinstance(items, list) and len(items) > len(wishes):
        raise rights.NothingAsked
    return [Asked(code, wish[:200]) for code, wish in wishes.items()]


def _is_texts(items: object) -> bool:
    return isinstance(items, list) and all(isinstance(each, str) for each in items)
