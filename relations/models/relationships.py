"""Relationships (관계자): who is what to whom, who says so, and until when that is to be believed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from relations.models.dated import Dated, end_is_recorded, ends_after_start
from relations.querysets import RelationshipQuerySet


class Relationship(Dated):
    """What one customer is to another, written once and read from both sides.

    `first` is the parent, the representative, the one who referred or pays; of kinds that are alike from both sides the
    one with the smaller id. What contracts say is not written here: it is read from their parties. valid_until: the
    last day on which the statement is believed without asking again.
    """

    class Kind(models.TextChoices):
        SPOUSE = "SPOUSE", _("Spouse")
        PARENT = "PARENT", _("Parent")
        GRANDPARENT = "GRANDPARENT", _("Grandparent")
        SIBLING = "SIBLING", _("Brother or sister")
        RELATIVE = "RELATIVE", _("Other relative")
        COHABITANT = "COHABITANT", _("Lives with")
        LEGAL_REP = "LEGAL_REP", _("Legal representative")
        GUARDIAN = "GUARDIAN", _("Guardian")
        REFERRER = "REFERRER", _("Referred by")
        PAYER = "PAYER", _("Pays the premiums of")
        CONTACT = "CONTACT", _("Contact for")
        ACQUAINTANCE = "ACQUAINTANCE", _("Acquaintance")

    ALIKE = ("SPOUSE", "SIBLING", "RELATIVE", "COHABITANT", "ACQUAINTANCE")
    """Kinds that read the same from both sides."""

    class Basis(models.TextChoices):
        PERSON = "PERSON", _("Told by the person")
        DOCUMENT = "DOCUMENT", _("Seen in a document")
        STEWARD = "STEWARD", _("Known to the steward")
        SYSTEM = "SYSTEM", _("Sent by a system")
        INFERRED = "INFERRED", _("Inferred")

    class EndedBecause(models.TextChoices):
        DIVORCE = "DIVORCE", _("Divorce")
        DEATH = "DEATH", _("Death")
        OF_AGE = "OF_AGE", _("Came of age")
        NOT_TRUE = "NOT_TRUE", _("It was not true")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn by who said it")
        OTHER = "OTHER", _("Another reason")

    first = models.ForeignKey("customers.Customer", models.PROTECT, related_name="relations_to", verbose_name=_("one"))
    second = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="relations_from", verbose_name=_("other")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    basis = models.CharField(_("basis"), max_length=8, choices=Basis)
    evidence = models.TextField(_("evidence"), blank=True)
    valid_until = models.DateField(_("believed until"), null=True, blank=True)
    warnings = models.JSONField(_("warnings that were accepted"), default=list)
    ended_because = models.CharField(_("ended because"), max_length=9, choices=EndedBecause, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship")
        verbose_name_plural = _("relationships")
        permissions = [("register_relationship", gettext_noop("Can register and end relationships"))]
        constraints = [
            ends_after_start("relationship"),
            end_is_recorded("relationship"),
            models.CheckConstraint(name="relationship_of_two", condition=~Q(first=F("second"))),
            models.UniqueConstraint(
                name="relationship_open_once", fields=["first", "second", "kind"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="relationship_alike_in_order",
                condition=Q(first__lt=F("second"))
                | ~Q(kind__in=("SPOUSE", "SIBLING", "RELATIVE", "COHABITANT", "ACQUAINTANCE")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"
