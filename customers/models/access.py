"""Who may see what of a customer: the rules as versions, protected customers, values that were opened for a moment."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.purposes import Purpose
from customers.models.versions import RulesVersion


class AccessRules(RulesVersion):
    """A version of the rules of access.

    definition: what `customers.access.rules_of` reads: grades and masks of items, what a role sees by purpose, grade
    and scope, and the limits of channels.
    """

    class Meta:
        verbose_name = _("rules of access")
        verbose_name_plural = _("rules of access")
        constraints = [
            models.UniqueConstraint(name="access_rules_one_is_live", fields=["state"], condition=Q(state="LIVE")),
        ]
        permissions = [("publish_accessrules", gettext_noop("Can put rules of access to use"))]


class Protection(models.Model):
    """A customer whom only named people see: the keeper, holders of a single grant, and the privacy officer.

    One customer may be protected more than once, as after a merge; as long as one row stands, all of it holds.
    """

    class Kind(models.TextChoices):
        VIP = "VIP", _("VIP")
        STAFF = "STAFF", _("Member of staff")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="protections", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    reason = models.TextField(_("reason"))
    protected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("protected by")
    )
    protected_at = models.DateTimeField(_("protected at"))

    class Meta:
        verbose_name = _("protection")
        verbose_name_plural = _("protections")
        permissions = [
            ("protect_customer", gettext_noop("Can protect a customer from all but named people")),
            ("view_protected_customer", gettext_noop("Can see protected customers")),
            ("break_glass", gettext_noop("Can open a customer outside the own scope in an emergency")),
            ("grant_customer", gettext_noop("Can let somebody see a single customer for a time")),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"


class Reveal(models.Model):
    """A masked value that somebody opened for a minute.

    work: the declared work of that day that it fits, as code and id; empty when it fits none, which the review sees.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="reveals", verbose_name=_("customer")
    )
    item = models.CharField(_("item"), max_length=40)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reveals", verbose_name=_("member of staff")
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"))
    work = models.CharField(_("declared work"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        indexes = [
            models.Index(name="reveal_of_customer", fields=["customer", "-at"]),
            models.Index(name="reveal_of_staff", fields=["staff", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.item}"
