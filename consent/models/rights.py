"""The desk of data subjects: what somebody asked, until when, what was answered, the pack that went out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff


class RightsRequest(models.Model):
    """Somebody asks for a right of theirs. `customer` is known once identity, or the proxy's power, was checked.

    due_on counts in calendar days from `received_on` by the kind (`consent.numbers`). policy: the numbers and texts
    that held when it was accepted, frozen. number: RIGHT-YYYY-NNNNNN.
    """

    class Kind(models.TextChoices):
        ACCESS = "ACCESS", pgettext_lazy("right", "Access")
        CORRECTION = "CORRECTION", _("Correction")
        CREDIT_CORRECTION = "CREDIT_CORRECTION", _("Correction of credit information")
        DELETION = "DELETION", _("Deletion")
        STOP = "STOP", _("Stop of processing")
        WITHDRAWAL = "WITHDRAWAL", _("Withdrawal of consent")
        HISTORY = "HISTORY", _("History of use and provision")
        PORTABILITY = "PORTABILITY", _("Data to carry along")
        AUTOMATED = "AUTOMATED", _("Automated decision")

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", _("Received")
        ACCEPTED = "ACCEPTED", pgettext_lazy("right", "Accepted")
        ANSWERED = "ANSWERED", pgettext_lazy("right", "Answered")
        REFUSED = "REFUSED", pgettext_lazy("right", "Refused")
        TAKEN_BACK = "TAKEN_BACK", pgettext_lazy("right", "Taken back")

    class Via(models.TextChoices):
        LETTER = "LETTER", pgettext_lazy("channel", "Letter")
        BRANCH = "BRANCH", _("At a branch")
        PHONE = "PHONE", pgettext_lazy("channel", "Telephone")
        WEB = "WEB", _("Website")
        EMAIL = "EMAIL", pgettext_lazy("channel", "E-mail")

    class Asker(models.TextChoices):
        SELF = "SELF", _("The person")
        LEGAL_REP = "LEGAL_REP", _("Legal representative")
        PROXY = "PROXY", _("Proxy with power of attorney")

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=17, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    via = models.CharField(_("came by"), max_length=6, choices=Via)
    customer = models.ForeignKey(
        "customers.Customer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rights_requests",
        verbose_name=_("customer"),
    )
    asker = models.CharField(_("asked by"), max_length=9, choices=Asker, default=Asker.SELF)
    wording = models.TextField(_("what was asked"))
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("due on"))
    extension_count = models.PositiveSmallIntegerField(_("times put off"), default=0)
    extension_reason = models.TextField(_("put off because"), blank=True)
    identified_how = models.CharField(_("identity checked by"), max_length=100, blank=True)
    identified_at = models.DateTimeField(_("identity checked at"), null=True, blank=True)
    identified_by = by_staff(_("checked by"))
    policy = models.JSONField(_("rules at acceptance"), default=dict)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = by_staff(_("answered by"))
    told_how = models.CharField(pgettext_lazy("notice", "told by"), max_length=100, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("request of a data subject")
        verbose_name_plural = _("requests of data subjects")
        permissions = [
            ("record_rightsrequest", gettext_noop("Can record requests of data subjects")),
            ("answer_rightsrequest", gettext_noop("Can check, answer and refuse requests of data subjects")),
        ]
        constraints = [
            models.CheckConstraint(
                name="rights_request_answered_only_when_identified",
                condition=~Q(state__in=["ACCEPTED", "ANSWERED"]) | Q(identified_at__isnull=False),
            )
        ]
        indexes = [models.Index(name="rights_request_due", fields=["state", "due_on", "id"])]

    def __str__(self) -> str:
        return self.number


class RightsItem(models.Model):
    """One thing that a request asks, and what was done about it: granted, or refused with clause and until when."""

    class Decision(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("right", "Open")
        GRANTED = "GRANTED", _("Granted")
        REFUSED = "REFUSED", pgettext_lazy("right", "Refused")

    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="items", verbose_name=_("request"))
    item = models.CharField(_("item"), max_length=60)
    wish = models.TextField(_("wish"), blank=True)
    decision = models.CharField(_("decision"), max_length=7, choices=Decision, default=Decision.OPEN)
    clause = models.CharField(_("clause"), max_length=100, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_stopped = models.BooleanField(_("not used meanwhile"), default=False)
    decided_by = by_staff(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a request")
        verbose_name_plural = _("items of requests")
        constraints = [
            models.UniqueConstraint(name="rights_item_once", fields=["request", "item"]),
            models.CheckConstraint(
                name="rights_item_refused_says_why",
                condition=~Q(decision="REFUSED") | (~Q(clause="") & ~Q(explanation="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.item}"


class AnswerPack(models.Model):
    """What was assembled for a request from every holder: its fingerprint, and how many rows of each kind it tells.

    The pack itself is kept sealed until `destroyed_on`, since it is a copy of everything.
    """

    request = models.ForeignKey(RightsRequest, models.CASCADE, related_name="packs", verbose_name=_("request"))
    sealed = models.BinaryField(_("pack, sealed"), null=True)
    digest = models.CharField(_("fingerprint"), max_length=64)
    counts = models.JSONField(_("rows by kind"), default=dict)
    made_by = by_staff(_("made by"))
    made_at = models.DateTimeField(_("made at"))
    destroy_on = models.DateField(_("to be destroyed on"))
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer pack")
        verbose_name_plural = _("answer packs")

    def __str__(self) -> str:
        return f"{self.request_id} {self.digest[:8]}"
