"""May we contact: who said no, what stands against it, what was stopped company-wide, every answer given."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff
from consent.models.purposes import Channel, Purpose


class ContactRefusal(models.Model):
    """A customer wants no contact by one channel, or by none (`ANY`). A row is never changed but for its lifting.

    kind: DO_NOT_CONTACT is the right of the financial consumer (금소법 §21의2), OPT_OUT the refusal of advertisements
    by one channel (정보통신망법 §50), CREDIT_STOP of solicitation (신용정보법 §37②).
    """

    class Kind(models.TextChoices):
        DO_NOT_CONTACT = "DO_NOT_CONTACT", _("Wants no contact")
        OPT_OUT = "OPT_OUT", _("Refuses advertisements")
        CREDIT_STOP = "CREDIT_STOP", _("Stops solicitation")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="contact_refusals", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, default=Channel.ANY)
    said_at = models.DateTimeField(_("said at"))
    said_via = models.CharField(_("said via"), max_length=100, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    answered_at = models.DateTimeField(_("result told at"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = by_staff(_("lifted by"))
    lifted_because = models.TextField(_("lifted because"), blank=True)

    class Meta:
        verbose_name = _("refusal of contact")
        verbose_name_plural = _("refusals of contact")
        permissions = [("record_contactrefusal", gettext_noop("Can record that a customer wants no contact"))]
        constraints = [
            models.UniqueConstraint(
                name="refusal_open_once", fields=["customer", "kind", "channel"], condition=Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.channel}"


class DoNotCallList(models.Model):
    """A file of the do-not-call register of the financial industry (두낫콜) that was taken in."""

    name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("fingerprint"), max_length=64, unique=True)
    as_of = models.DateField(_("as of"))
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    new_count = models.PositiveIntegerField(_("new numbers"), default=0)
    reject_count = models.PositiveIntegerField(_("rejected rows"), default=0)
    rejects = models.JSONField(_("rejected rows and why"), default=list)
    loaded_by = by_staff(_("loaded by"))
    loaded_at = models.DateTimeField(_("loaded at"))

    class Meta:
        verbose_name = _("do-not-call list")
        verbose_name_plural = _("do-not-call lists")
        permissions = [("load_donotcalllist", gettext_noop("Can take in do-not-call lists"))]

    def __str__(self) -> str:
        return self.name


class DoNotCallNumber(models.Model):
    """A telephone number that is registered not to be called, as a keyed hash, from a day to a day.

    After `expires_on` it goes on forbidding calls until a compliance officer releases it (K4). customer: who had the
    number when it was registered, so that the wish follows a changed number until somebody decides.
    """

    phone_digest = models.BinaryField(_("hash of the number"), max_length=32)
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="do_not_call_numbers",
        verbose_name=_("customer"),
    )
    origin = models.ForeignKey(
        DoNotCallList, models.PROTECT, null=True, blank=True, related_name="numbers", verbose_name=_("list")
    )
    registered_on = models.DateField(_("registered on"))
    expires_on = models.DateField(_("expires on"))
    moved_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("registered again from")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = by_staff(_("released by"))
    release_reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("do-not-call number")
        verbose_name_plural = _("do-not-call numbers")
        permissions = [("release_donotcallnumber", gettext_noop("Can decide on expired do-not-call numbers"))]
        constraints = [
            models.UniqueConstraint(
                name="do_not_call_number_open_once",
                fields=["phone_digest"],
                condition=Q(released_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                name="do_not_call_expiring", fields=["expires_on", "id"], condition=Q(released_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ContactStop(models.Model):
    """From an instant nobody is contacted for a purpose (empty: any) by a channel (`ANY`: each), company-wide (CO6)."""

    purpose = models.ForeignKey(
        Purpose, models.PROTECT, null=True, blank=True, related_name="stops", verbose_name=_("purpose")
    )
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, default=Channel.ANY)
    reason = models.TextField(_("reason"))
    started_at = models.DateTimeField(pgettext_lazy("since", "from"))
    started_by = by_staff(_("stopped by"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_by = by_staff(_("ended by"))
    ended_because = models.TextField(_("ended because"), blank=True)

    class Meta:
        verbose_name = _("stop of contacts")
        verbose_name_plural = _("stops of contacts")
        permissions = [("stop_contacts", gettext_noop("Can stop a purpose or a channel for the whole company"))]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.channel}"


class Circumstance(models.Model):
    """What stands against contacting a customer for a time: a death, an open complaint or claim, a dead contact point.

    channel: which contact point is dead, `ANY` for the other kinds. reference: of the sender, so that a
    message is taken once.
    """

    class Kind(models.TextChoices):
        DECEASED = "DECEASED", _("Deceased")
        COMPLAINT = "COMPLAINT", _("Complaint open")
        CLAIM = "CLAIM", _("Claim open")
        DEAD_CONTACT = "DEAD_CONTACT", _("Contact point does not reach the customer")

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="circumstances", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, default=Channel.ANY)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    started_on = models.DateField(_("since"))
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    ended_by = by_staff(_("ended by"))
    ended_at = models.DateTimeField(_("end recorded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("circumstance")
        verbose_name_plural = _("circumstances")
        constraints = [
            models.UniqueConstraint(
                name="circumstance_open_once",
                fields=["customer", "kind", "channel", "reference"],
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind}"


class ContactAsk(models.Model):
    """Somebody asked whether many customers may be contacted: for what, when, and how many were answered what."""

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="+", verbose_name=_("purpose"))
    channel = models.CharField(_("channel"), max_length=9, choices=Channel)
    contact_at = models.DateTimeField(_("contact planned at"))
    asked_for = models.CharField(_("asked for"), max_length=100, blank=True)
    asked_by = by_staff(_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    counts = models.JSONField(_("answers by reason"), default=dict)

    class Meta:
        verbose_name = _("question about contacts")
        verbose_name_plural = _("questions about contacts")

    def __str__(self) -> str:
        return f"{self.pk} {self.channel}"


class ContactDecision(models.Model):
    """What was answered when somebody asked whether a customer may be contacted. Rows are never changed (trigger).

    reason: a code of `consent.rules.contact.Reason`. ask: the question about many, where it was one; who asked stands
    there then. A million are written at once, so their keys are not checked by the database one by one.
    """

    ask = models.ForeignKey(
        ContactAsk, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False,
        related_name="decisions", verbose_name=_("question"),
    )  # fmt: skip
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, db_constraint=False, db_index=False, related_name="contact_decisions",
        verbose_name=_("customer"),
    )  # fmt: skip
    purpose = models.ForeignKey(
        Purpose, models.PROTECT, db_index=False, db_constraint=False, related_name="+", verbose_name=_("purpose")
    )
    channel = models.CharField(_("channel"), max_length=9, choices=Channel)
    contact_at = models.DateTimeField(_("contact planned at"))
    is_allowed = models.BooleanField(_("allowed"))
    reason = models.CharField(_("reason"), max_length=20)
    asked_by = by_staff(_("asked by"))
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("answer about a contact")
        verbose_name_plural = _("answers about contacts")
        permissions = [("ask_contact", gettext_noop("Can ask whether a customer may be contacted"))]
        indexes = [
            models.Index(name="contact_decision_of_customer", fields=["customer", "-id"]),
            models.Index(name="contact_decision_stopped", fields=["-id"], condition=Q(reason="STOPPED")),
            models.Index(name="contact_decision_by_day", fields=["decided_at"], condition=Q(ask__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.reason}"
