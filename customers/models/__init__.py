"""The tables of the master, one module per subject."""

from customers.models.access import AccessRules, Protection, Reveal
from customers.models.catalogue import Code, Item
from customers.models.change import ChangeEvent, EventCounter
from customers.models.contract import Contract, ContractParty, ContractVersion
from customers.models.customer import Customer, CustomerGroupGrant, CustomerStaffGrant, Keeping
from customers.models.golden_rules import GoldenRules, Rehearsal, Wish
from customers.models.gone import GoneKey
from customers.models.matching import MatchFinding, MatchModel, MatchPart, MatchRun, Pair, Ruling, TruthCheck
from customers.models.source import FeedRun, Link, Mapping, SourceRecord, SourceRecordVersion, SourceSystem
from customers.models.stewardship import (
    Act,
    ActCustomer,
    BulkAct,
    Duty,
    Merge,
    MovedChild,
    Proposal,
    ReasonCode,
    SecondLook,
)

__all__ = [
    "AccessRules",
    "Act",
    "ActCustomer",
    "BulkAct",
    "ChangeEvent",
    "Code",
    "Contract",
    "ContractParty",
    "ContractVersion",
    "Customer",
    "CustomerGroupGrant",
    "CustomerStaffGrant",
    "Duty",
    "EventCounter",
    "FeedRun",
    "GoldenRules",
    "GoneKey",
    "Item",
    "Keeping",
    "Link",
    "Mapping",
    "MatchFinding",
    "MatchModel",
    "MatchPart",
    "MatchRun",
    "Merge",
    "MovedChild",
    "Pair",
    "Proposal",
    "Protection",
    "ReasonCode",
    "Rehearsal",
    "Reveal",
    "Ruling",
    "SecondLook",
    "SourceRecord",
    "SourceRecordVersion",
    "SourceSystem",
    "TruthCheck",
    "Wish",
]
