"""Purposes and texts: what we may do with data, on which basis, and the very words that somebody agreed to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models.authors import by_staff
from consent.querysets import TextQuerySet
from consent.rules.countries import country_words


class Channel(models.TextChoices):
    """How somebody is reached; `ANY` is said of a purpose that needs no channel."""

    ANY = "ANY", pgettext_lazy("channel", "No channel")
    PHONE = "PHONE", pgettext_lazy("channel", "Telephone")
    SMS = "SMS", pgettext_lazy("channel", "Text message")
    MESSENGER = "MESSENGER", pgettext_lazy("channel", "Messenger notice")
    EMAIL = "EMAIL", pgettext_lazy("channel", "E-mail")
    MAIL = "MAIL", pgettext_lazy("channel", "Letter")
    VISIT = "VISIT", pgettext_lazy("channel", "Visit")
    PUSH = "PUSH", pgettext_lazy("channel", "App push")
    FAX = "FAX", pgettext_lazy("channel", "Fax")


class Recipient(models.Model):
    """Somebody who receives data: a third party, a processor, one abroad, or a system of our own (the warehouse).

    answers: whether it keeps copies, so that a destruction waits for its answer.
    """

    class Kind(models.TextChoices):
        THIRD_PARTY = "THIRD_PARTY", _("Third party")
        PROCESSOR = "PROCESSOR", _("Processor")
        ABROAD = "ABROAD", _("Abroad")
        OWN_SYSTEM = "OWN_SYSTEM", _("Own system")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    country = models.CharField(_("country"), max_length=2, default="KR")
    task = models.TextField(_("what it does with the data"))
    answers = models.BooleanField(_("keeps copies and answers for them"), default=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self) -> str:
        return self.name

    @property
    def country_words(self) -> str:
        """The country in the language of the page."""
        return country_words(self.country, get_language())

    @property
    def country_in_korean(self) -> str:
        """The country as customers read it."""
        return country_words(self.country, "ko")


class Purpose(models.Model):
    """What data are collected, used or given out for. Its texts say so in words; `items` are of the catalogue.

    kind: the separate consents that the law asks for (PIPA §22①). channels: those that are asked for one by one; empty
    for a purpose that reaches nobody. opens_gate: a customer who consents to it may be integrated (A58).
    reconfirm_months: how long a consent holds without being confirmed, 0 for as long as nobody withdraws.
    closed_because: why nobody is asked any more, in the words of whoever closed it.
    """

    class Kind(models.TextChoices):
        COLLECTION = "COLLECTION", _("Collection and use")
        MARKETING = "MARKETING", _("Marketing and solicitation")
        NIGHT = "NIGHT", _("Advertising at night")
        PROVISION = "PROVISION", _("Provision to third parties")
        SENSITIVE = "SENSITIVE", _("Sensitive data")
        IDENTIFIER = "IDENTIFIER", _("Unique identifiers")
        ABROAD = "ABROAD", _("Transfer abroad")
        SERVICE = "SERVICE", _("Service to the contract")

    class Basis(models.TextChoices):
        CONSENT = "CONSENT", _("Consent")
        STATUTE = "STATUTE", _("Statute")
        CONTRACT = "CONTRACT", _("Contract")
        VITAL = "VITAL", _("Vital interest")
        LEGITIMATE = "LEGITIMATE", _("Legitimate interest")
        PUBLIC_SAFETY = "PUBLIC_SAFETY", _("Public safety")

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=100)
    english_name = models.CharField(_("English name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    basis = models.CharField(_("legal basis"), max_length=13, choices=Basis)
    clause = models.CharField(_("clause"), max_length=100)
    is_required = models.BooleanField(_("required"), default=False)
    opens_gate = models.BooleanField(_("opens the gate"), default=False)
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("items"), default=list)
    channels = ArrayField(
        models.CharField(max_length=9, choices=Channel), verbose_name=_("channels"), default=list, blank=True
    )
    retention_months = models.PositiveSmallIntegerField(_("kept for months"), default=0)
    reconfirm_months = models.PositiveSmallIntegerField(_("confirmed again after months"), default=0)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_by = by_staff(_("closed by"))
    closed_because = models.TextField(_("closed because"), blank=True)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        permissions = [
            ("draft_text", gettext_noop("Can draft texts of consent")),
            ("publish_text", gettext_noop("Can publish texts of consent that somebody else drafted")),
        ]

    def __str__(self) -> str:
        return self.code


class Text(models.Model):
    """A version of the words that people agree to, for one purpose. Once published its words never change (trigger).

    digest: SHA-256 of the words, taken when it is published. material: whether those who agreed to the version before
    must be asked again. ask_again_by: until when that is planned to be done. retired_because: why somebody took it out
    of use, which never changes either; empty where another version took its place, whose `comment` says why.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        PUBLISHED = "PUBLISHED", _("Published")
        RETIRED = "RETIRED", _("Retired")

    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="texts", verbose_name=_("purpose"))
    number = models.PositiveIntegerField(_("version"))
    title = models.TextField(_("title"))
    body = models.TextField(_("text"))
    items = ArrayField(models.CharField(max_length=40), verbose_name=_("items"), default=list)
    recipients = models.ManyToManyField(Recipient, blank=True, related_name="texts", verbose_name=_("recipients"))
    retention = models.TextField(_("how long it is kept"))
    refusal = models.TextField(_("right to refuse and what follows"))
    is_material = models.BooleanField(_("asks those who agreed before again"), default=False)
    ask_again_by = models.DateField(_("ask again by"), null=True, blank=True)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    comment = models.TextField(_("comment"), blank=True)
    drafted_by = by_staff(_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))
    published_by = by_staff(_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    retired_by = by_staff(_("retired by"))
    retired_because = models.TextField(_("retired because"), blank=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of consent")
        verbose_name_plural = _("texts of consent")
        constraints = [
            models.UniqueConstraint(name="text_version_once", fields=["purpose", "number"]),
            models.UniqueConstraint(
                name="text_one_published_per_purpose", fields=["purpose"], condition=Q(state="PUBLISHED")
            ),
            models.CheckConstraint(
                name="text_published_by_a_second_person",
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="text_published_has_a_fingerprint", condition=Q(state="DRAFT", digest="") | ~Q(digest="")
            ),
            models.CheckConstraint(
                name="text_reason_only_of_the_retired", condition=Q(retired_because="") | Q(state="RETIRED")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} v{self.number}"
