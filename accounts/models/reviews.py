"""The periodic review of the trail, and what looks unusual in it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AccessReview(models.Model):
    """The review of one month's access (월 1회 접속기록 점검): a sample by risk, asked about, answered, signed.

    counts: what the report says in numbers when it is signed. digest: SHA-256 of the signed report; signature: HMAC of
    it with the key of the trail.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        SIGNED = "SIGNED", _("Signed")

    month = models.DateField(_("month"), unique=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    drawn_at = models.DateTimeField(_("drawn at"))
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("drawn by")
    )
    counts = models.JSONField(_("counts"), default=dict)
    report = models.TextField(_("report"), blank=True)
    remark = models.TextField(_("remark"), blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("signed by")
    )
    signed_at = models.DateTimeField(_("signed at"), null=True)
    digest = models.BinaryField(_("digest"), null=True)
    signature = models.BinaryField(_("signature"), null=True)

    class Meta:
        verbose_name = _("review of access")
        verbose_name_plural = _("reviews of access")
        constraints = [
            models.CheckConstraint(
                name="access_review_signed_says_by_whom_and_when",
                condition=Q(state="OPEN", signed_by__isnull=True, signed_at__isnull=True)
                | Q(state="SIGNED", signed_by__isnull=False, signed_at__isnull=False, digest__isnull=False),
            ),
        ]
        permissions = [
            ("sign_accessreview", gettext_noop("Can sign the monthly review of access")),
            ("ask_accessreview", gettext_noop("Can question access in the monthly review")),
            ("view_trail", gettext_noop("Can search the trail of access")),
            ("explain_rights", gettext_noop("Can see why somebody may see something")),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReviewItem(models.Model):
    """One entry of the trail that was drawn into a review. month, lane, number: the entry.

    weights: why it was drawn: `{reason code: points}`, risk their sum. After asking, the person has until `due_on`;
    unanswered later, downloads are locked for them until they answer.
    """

    class State(models.TextChoices):
        DRAWN = "DRAWN", _("Drawn")
        ASKED = "ASKED", _("Asked")
        ANSWERED = "ANSWERED", _("Answered")
        ACCEPTED = "ACCEPTED", _("Accepted")
        ESCALATED = "ESCALATED", _("Escalated")

    review = models.ForeignKey(AccessReview, models.PROTECT, related_name="items", verbose_name=_("review"))
    month = models.DateField(_("month"))
    lane = models.PositiveSmallIntegerField(_("lane"))
    number = models.BigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("member of staff")
    )
    weights = models.JSONField(_("weights"), default=dict)
    risk = models.PositiveIntegerField(_("risk"), default=0)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAWN)
    question = models.TextField(_("question"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked at"), null=True)
    due_on = models.DateField(_("due on"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    finding = models.TextField(_("finding"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("entry under review")
        verbose_name_plural = _("entries under review")
        constraints = [
            models.UniqueConstraint(name="review_item_once", fields=["review", "month", "lane", "number"]),
            models.CheckConstraint(
                name="review_item_asked_says_until_when",
                condition=Q(state__in=["DRAWN", "ACCEPTED", "ESCALATED"])
                | Q(asked_at__isnull=False, due_on__isnull=False),
            ),
        ]
        indexes = [models.Index(name="review_item_unanswered", fields=["staff", "due_on"], condition=Q(state="ASKED"))]

    def __str__(self) -> str:
        return f"{self.review_id} {self.month:%Y-%m}/{self.lane}/{self.number}"


class AccessCase(models.Model):
    """Unusual access of one person on one day, worked by compliance until a finding closes it.

    kind: code of the detector; facts: `{word: number or code}` that explain it in a sentence; customers: whose data.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        TAKEN = "TAKEN", _("In work")
        CLOSED = "CLOSED", _("Closed")

    class Finding(models.TextChoices):
        EXPLAINED = "EXPLAINED", _("Explained by the work")
        TRAINING = "TRAINING", _("Careless, told")
        MISUSE = "MISUSE", _("Misuse")

    kind = models.CharField(_("kind"), max_length=20)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_cases", verbose_name=_("member of staff")
    )
    day = models.DateField(_("day"))
    facts = models.JSONField(_("facts"), default=dict)
    customers = ArrayField(models.BigIntegerField(), verbose_name=_("customers"), default=list)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("found at"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken by")
    )
    taken_at = models.DateTimeField(_("taken at"), null=True)
    finding = models.CharField(_("finding"), max_length=9, choices=Finding, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("case of access")
        verbose_name_plural = _("cases of access")
        permissions = [("work_accesscase", gettext_noop("Can work cases of unusual access"))]
        constraints = [
            models.UniqueConstraint(name="access_case_once", fields=["kind", "staff", "day"]),
            models.CheckConstraint(
                name="access_case_closed_has_a_finding",
                condition=~Q(state="CLOSED") | (~Q(finding="") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="access_case_open", fields=["day", "id"], condition=~Q(state="CLOSED"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
