"""Who acts, what they may, and the trail of what they did."""

from accounts.models.exports import Export
from accounts.models.logins import AuthenticatorApp, PastPassword, ServiceKey, StaffSession
from accounts.models.notices import Notice
from accounts.models.organisation import Branch, Channel
from accounts.models.reviews import AccessCase, AccessReview, ReviewItem
from accounts.models.staff import Staff
from accounts.models.trail import AccessEntry, RightsChange, TrailAnchor, TrailHead, TrailMonth, TrailWords

__all__ = [
    "AccessCase",
    "AccessEntry",
    "AccessReview",
    "AuthenticatorApp",
    "Branch",
    "Channel",
    "Export",
    "Notice",
    "PastPassword",
    "ReviewItem",
    "RightsChange",
    "ServiceKey",
    "Staff",
    "StaffSession",
    "TrailAnchor",
    "TrailHead",
    "TrailMonth",
    "TrailWords",
]
