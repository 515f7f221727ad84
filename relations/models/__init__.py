"""The tables of relations, one module per subject."""

from relations.models.finances import FinancialFact, PolicyElsewhere, RiskProfile
from relations.models.groups import CoverEnd, GroupMember, Roster, RosterRow, WallHit
from relations.models.households import (
    Household,
    HouseholdEvent,
    HouseholdRefusal,
    HouseholdRun,
    HouseholdSuggestion,
    LifeEvent,
    Membership,
    SuggestedMember,
)
from relations.models.keepers import Handover, HandoverItem, Keeper, KeeperTerms, OrphanNote, StaffMove
from relations.models.organisations import Affiliation, ItemOwner, Officer, PlaceOfBusiness
from relations.models.prospects import Prospect, ProspectDispute, ProspectEvent
from relations.models.relationships import Relationship

__all__ = [
    "Affiliation",
    "CoverEnd",
    "FinancialFact",
    "GroupMember",
    "Handover",
    "HandoverItem",
    "Household",
    "HouseholdEvent",
    "HouseholdRefusal",
    "HouseholdRun",
    "HouseholdSuggestion",
    "ItemOwner",
    "Keeper",
    "KeeperTerms",
    "LifeEvent",
    "Membership",
    "Officer",
    "OrphanNote",
    "PlaceOfBusiness",
    "PolicyElsewhere",
    "Prospect",
    "ProspectDispute",
    "ProspectEvent",
    "Relationship",
    "RiskProfile",
    "Roster",
    "RosterRow",
    "StaffMove",
    "SuggestedMember",
    "WallHit",
]
