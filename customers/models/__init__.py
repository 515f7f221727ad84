"""The tables of the master, one module per subject."""

from customers.models.catalogue import Code, Item
from customers.models.change import ChangeEvent, EventCounter
from customers.models.contract import Contract, ContractParty, ContractVersion
from customers.models.customer import Customer, CustomerGroupGrant, CustomerStaffGrant
from customers.models.matching import MatchFinding, MatchModel, MatchPart, MatchRun, Pair, Ruling, TruthCheck
from customers.models.source import FeedRun, Link, Mapping, SourceRecord, SourceRecordVersion, SourceSystem

__all__ = [
    "ChangeEvent",
    "Code",
    "Contract",
    "ContractParty",
    "ContractVersion",
    "Customer",
    "CustomerGroupGrant",
    "CustomerStaffGrant",
    "EventCounter",
    "FeedRun",
    "Item",
    "Link",
    "Mapping",
    "MatchFinding",
    "MatchModel",
    "MatchPart",
    "MatchRun",
    "Pair",
    "Ruling",
    "SourceRecord",
    "SourceRecordVersion",
    "SourceSystem",
    "TruthCheck",
]
