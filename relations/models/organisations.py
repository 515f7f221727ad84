"""Organisations: places of business, affiliates, contact persons, and which system each item is owned by."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models.authors import by_staff
from relations.models.dated import Dated, Period, end_is_recorded, ends_after_start
from relations.querysets import AffiliationQuerySet, DatedQuerySet


class Basis(models.TextChoices):
    """Where a fact about an organisation comes from."""

    REGISTER = "REGISTER", _("Commercial register")
    ORGANISATION = "ORGANISATION", _("Told by the organisation")
    SOURCE = "SOURCE", _("Sent by a source")
    STEWARD = "STEWARD", _("Known to the steward")


class PlaceOfBusiness(Dated):
    """Where an organisation works: its head office, of which there is one at a time, and branches, plants, shops.

    company_no: the business number of that place, ten digits; a branch may have its own.
    """

    class Kind(models.TextChoices):
        HEAD_OFFICE = "HEAD_OFFICE", _("Head office")
        BRANCH = "BRANCH", _("Branch office")
        PLANT = "PLANT", _("Plant")
        SHOP = "SHOP", _("Shop")
        OTHER = "OTHER", _("Other place")

    organisation = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="places", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    name = models.TextField(_("name"))
    company_no = models.CharField(_("business number"), max_length=10, blank=True)
    address = models.TextField(_("address"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    phone = models.TextField(_("phone"), blank=True)
    employee_count = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=12, choices=Basis)

    class Meta:
        verbose_name = _("place of business")
        verbose_name_plural = _("places of business")
        permissions = [
            ("view_organisation", gettext_noop("Can see places, affiliates and contact persons of organisations")),
            ("change_organisation", gettext_noop("Can keep places, affiliates and contact persons")),
        ]
        constraints = [
            ends_after_start("place"),
            end_is_recorded("place"),
            ExclusionConstraint(
                name="place_one_head_office_at_a_time",
                expressions=[("organisation", RangeOperators.EQUAL), (Period(), RangeOperators.OVERLAPS)],
                condition=Q(kind="HEAD_OFFICE"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class Affiliation(Dated):
    """An organisation that stands below another. An organisation has one parent at a time, and none below itself.

    share_percent: 0–100, held by the parent, where it is known.
    """

    class Kind(models.TextChoices):
        SUBSIDIARY = "SUBSIDIARY", _("Subsidiary")
        AFFILIATE = "AFFILIATE", _("Affiliate")
        FRANCHISE = "FRANCHISE", _("Franchise")

    parent = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="affiliates", verbose_name=_("parent")
    )
    child = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="affiliated_to", verbose_name=_("affiliate")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    share_percent = models.DecimalField(_("share in percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=12, choices=Basis)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            ends_after_start("affiliation"),
            end_is_recorded("affiliation"),
            models.CheckConstraint(name="affiliation_of_two", condition=~Q(parent=F("child"))),
            models.CheckConstraint(
                name="affiliation_share_is_percent",
                condition=Q(share_percent__isnull=True) | Q(share_percent__gte=0, share_percent__lte=100),
            ),
            ExclusionConstraint(
                name="affiliation_one_parent_at_a_time",
                expressions=[("child", RangeOperators.EQUAL), (Period(), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.kind} {self.child_id}"


class Officer(Dated):
    """A contact person of an organisation, for one duty, until a successor takes over.

    customer: the same person as a customer, where that is known; name, phone and e-mail are those of work.
    """

    class Duty(models.TextChoices):
        CHIEF = "CHIEF", _("Chief executive")
        PEOPLE = "PEOPLE", _("Human resources")
        FINANCE = "FINANCE", _("Finance")
        INSURANCE = "INSURANCE", _("Insurance")
        OTHER = "OTHER", _("Other duty")

    organisation = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="officers", verbose_name=_("organisation")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("as a customer"),
    )
    duty = models.CharField(_("duty"), max_length=9, choices=Duty)
    name = models.TextField(_("name"))
    title = models.TextField(_("title"), blank=True)
    phone = models.TextField(_("phone"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    basis = models.CharField(_("basis"), max_length=12, choices=Basis)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        constraints = [ends_after_start("officer"), end_is_recorded("officer")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.duty}"


class ItemOwner(models.Model):
    """Which source owns an item of organisations, decided by a person; the side by side shows until each has one."""

    item = models.CharField(_("item"), max_length=40)
    source = models.ForeignKey("customers.SourceSystem", models.PROTECT, related_name="+", verbose_name=_("owner"))
    reason = models.TextField(_("reason"))
    decided_by = by_staff(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"))
    ended_by = by_staff(_("ended by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("owner of an item of organisations")
        verbose_name_plural = _("owners of items of organisations")
        constraints = [
            models.UniqueConstraint(
                name="item_owner_one_at_a_time", fields=["item"], condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.source_id}"
