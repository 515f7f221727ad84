"""The words of purposes and texts: what a text must say, and what is wrong where it does not."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.rules.texts import Demand

DEMANDS: Mapping[Demand, Promise] = {
    Demand.PURPOSE: _("Says what the data are for"),
    Demand.ITEMS: _("Names the items"),
    Demand.RETENTION: _("Says how long they are kept, by a period or an event"),
    Demand.REFUSAL: _("Says that one may refuse"),
    Demand.EFFECT: _("Says what follows from a refusal"),
    Demand.NO_DISADVANTAGE: _("Says that refusing what is optional does no harm"),
    Demand.RECIPIENT: _("Names who receives the data"),
    Demand.RECIPIENT_OPEN: _("Names no recipient that was closed"),
    Demand.RECIPIENT_PURPOSE: _("Says what each recipient does with the data"),
    Demand.COUNTRY: _("Names the country that the data go to"),
    Demand.TRANSFER_WHEN: _("Says when the data are transferred"),
    Demand.TRANSFER_HOW: _("Says how the data are transferred"),
    Demand.CONTACT: _("Says that one will be contacted to sell something"),
    Demand.NIGHT_HOURS: _("Says that it is about the night"),
    Demand.SENSITIVE_SAID: _("Says that sensitive data are processed"),
    Demand.IDENTIFIER_SAID: _("Says that unique identifiers are processed"),
    Demand.STATUTE: _("Rests on a statute where it asks for resident numbers"),
    Demand.SEPARATE_SENSITIVE: _("Leaves sensitive data to a text of their own"),
    Demand.SEPARATE_IDENTIFIER: _("Leaves unique identifiers to a text of their own"),
    Demand.SEPARATE_PROVISION: _("Leaves third parties to a text of their own"),
    Demand.SEPARATE_ABROAD: _("Leaves transfers abroad to a text of their own"),
}
PARTS: Mapping[str, Promise] = {
    "title": _("Title of the text"),
    "body": _("Text"),
    "items": _("Items"),
    "recipients": _("Recipients"),
    "retention": _("How long it is kept"),
    "refusal": _("Right to refuse and what follows"),
}
"""{part of a text: its name}, in the order in which a customer reads them."""
