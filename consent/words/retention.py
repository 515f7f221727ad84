"""Retention, holds and destruction in words: classes, triggers, reasons, faults, notices."""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLASSES: Mapping[str, Promise] = {
    "LIVE_DATA": _("Data in daily use"),
    "ESSENTIAL": _("Essential credit information"),
    "CONTRACT_BOOKS": _("Books and documents of contracts"),
    "SALES_RECORDS": _("Records of sales"),
    "IDENTITY_CHECKS": _("Records of identity checks"),
    "E_FINANCE": _("Records of electronic transactions"),
    "CONSENT_PROOF": _("Proof of consents"),
    "CONSENTED_PROSPECT": _("Prospects who had consented"),
    "PROSPECT": _("Prospects who never consented"),
    "GATE": _("Not verified or not consented in time"),
    "GATE_PARTY": _("Not verified or not consented in time, was party to a contract"),
    "REQUEST": _("On request"),
}
"""What decided about a customer, by `DestructionItem.data_class`."""
TRIGGERS: Mapping[str, Promise] = {
    "RELATIONSHIP_END": _("The last claim of the last contract lapses"),
    "CONTRACT_END": _("The last contract ends"),
    "CONSENT_END": _("The last consent ends"),
    "PROSPECT_CONSENT_END": _("The last consent of somebody without any contract ends"),
    "FIRST_SEEN": _("Somebody without any contract or consent is first seen"),
}
GRADES: Mapping[str, Promise] = {
    "V": _("Read in the law"),
    "V2": _("Read elsewhere"),
    "M": _("From memory, to be confirmed"),
    "D": _("Decided by the company"),
}
WHY: Mapping[str, Promise] = {
    "HOLD": _("A hold keeps the customer"),
    "LIVE_ROLE": _("A contract or a cover is still live"),
    "RIGHTS_REQUEST": _("A request of the customer waits for its answer"),
    "MERGED": _("The number was merged into another customer"),
    "APART_ALREADY": _("The data are kept apart already"),
    "GONE_ALREADY": _("The customer is destroyed already"),
    "REJECTED": _("The proposal was rejected"),
    "FAILED": _("It could not be carried out; the administrator finds the reason in the log"),
}
"""Why a customer was left out, by `DestructionItem.refusal`."""
FAULTS: Mapping[str, Promise] = {
    "UNKNOWN": _("There is no such class."),
    "MONTHS": _("Give whole months from 0 to 1,200."),
    "CLAUSE": _("Name the clause, in 100 letters at most."),
    "GRADE": _("Say how sure the period is."),
}
NOTICES: Mapping[str, Promise] = {
    "DESTRUCTION_PROPOSED": _("Destruction or separation is proposed for your decision. Customers: %(count)s."),
    "COPIES_ASKED": _("Batch %(number)s was carried out and waits for the answers about copies."),
    "COPIES_SILENT": _("Batch %(number)s: copies without an answer after their day: %(count)s."),
    "DESTRUCTION_CERTIFIED": _("Batch %(number)s was completed. Its certificate is ready."),
    "HOLDS_TO_REVIEW": _("Holds are to be looked at again today: %(count)s."),
    "SEPARATED_USED": _("Separated data were looked at. The customer must be told."),
}
STATE_TONES: Mapping[str, str] = {
    "PROPOSED": "yellow",
    "APPROVED": "azure",
    "RUNNING": "azure",
    "DONE": "yellow",
    "CLOSED": "green",
    "REJECTED": "secondary",
}
COPY_TONES: Mapping[str, str] = {"WAITING": "yellow", "DESTROYED": "green", "KEPT": "secondary"}


KINDS: Mapping[str, Promise] = {"customers.HistoricalCustomer": _("Earlier values of customers")}
"""Kinds of rows whose own name is none for people."""


def kind_words(kind: str) -> str:
    """The name of a kind of rows, `app.Model`; the code itself of one that is no model of today."""
    if kind in KINDS:
        return str(KINDS[kind])
    try:
        return str(apps.get_model(kind)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return kind


def class_words(code: str) -> str:
    """What decided about a customer, in words."""
    return str(CLASSES.get(code, code))


def why_words(code: str) -> str:
    """Why a customer was left out, in words."""
    return str(WHY.get(code, code))
