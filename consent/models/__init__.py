"""The tables of consent, one module per subject."""

from consent.models.breach_draws import BreachDraw
from consent.models.consents import Consent, ConsentConflict, Receipt
from consent.models.contact import (
    Circumstance,
    ContactAsk,
    ContactDecision,
    ContactRefusal,
    ContactStop,
    DoNotCallList,
    DoNotCallNumber,
)
from consent.models.gate import CleanupAsk, GateChange, Verification
from consent.models.laws import Clause, ClauseLink, Law, LawTask
from consent.models.numbers import LegalNumber
from consent.models.outflows import Breach, BreachNotice, Outflow, Transfer
from consent.models.purposes import Channel, Purpose, Recipient, Text
from consent.models.retention import CopyAnswer, DestructionBatch, DestructionItem, Hold, RetentionRules, SeparatedUse
from consent.models.rights import AnswerPack, RightsItem, RightsRequest

__all__ = [
    "AnswerPack",
    "Breach",
    "BreachDraw",
    "BreachNotice",
    "Channel",
    "Circumstance",
    "Clause",
    "ClauseLink",
    "CleanupAsk",
    "Consent",
    "ConsentConflict",
    "ContactAsk",
    "ContactDecision",
    "ContactRefusal",
    "ContactStop",
    "CopyAnswer",
    "DestructionBatch",
    "DestructionItem",
    "DoNotCallList",
    "DoNotCallNumber",
    "GateChange",
    "Hold",
    "Law",
    "LawTask",
    "LegalNumber",
    "Outflow",
    "Purpose",
    "Receipt",
    "Recipient",
    "RetentionRules",
    "RightsItem",
    "RightsRequest",
    "SeparatedUse",
    "Text",
    "Transfer",
    "Verification",
]
