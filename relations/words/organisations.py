"""The words of organisations: legal forms, items, and why something was not done."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEGAL_FORMS: Mapping[str, Promise] = {
    "STOCK": _("Stock company"),
    "LIMITED": _("Limited company"),
    "LLC": _("Limited liability company"),
    "GENERAL_PARTNERSHIP": _("General partnership"),
    "LIMITED_PARTNERSHIP": _("Limited partnership"),
    "FOUNDATION": _("Foundation"),
    "ASSOCIATION": _("Incorporated association"),
    "SCHOOL": _("School corporation"),
    "MEDICAL": _("Medical corporation"),
    "WELFARE": _("Welfare corporation"),
    "COOPERATIVE": _("Cooperative"),
    "AGRICULTURAL": _("Agricultural corporation"),
    "FOREIGN": _("Foreign company"),
    "": _("Form not stated"),
}
"""What the codes of `customers.standard.organisation_name` mean."""
ITEMS: Mapping[str, Promise] = {
    "name": _("Name"),
    "legal_form": _("Legal form"),
    "company": _("Business number"),
    "crn": _("Corporate number"),
    "phone_home": _("Main phone"),
    "email": _("E-mail"),
    "address": _("Address"),
}
NOT_UNDERSTOOD: Mapping[str, Promise] = {
    "name": _("A name is needed."),
    "company_no": _("This is no business number, or its check digit is wrong. Check what you typed."),
    "address": _("This cannot be read as an address. Check what you typed."),
    "phone": _("This is no phone number. Check what you typed."),
    "email": _("This is no e-mail address. Check what you typed."),
}
"""Why a fact was refused, by its field."""


def legal_form(code: str) -> str:
    """The words of a legal form; the code itself where the standard forms know a newer one."""
    return str(LEGAL_FORMS.get(code, code))
