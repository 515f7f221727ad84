"""Files that leave Hannun: each is registered, and somebody answers for its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Export(models.Model):
    """A file made from a list, with the masks of the screen: the register of copies.

    list_code: a key of `settings.EXPORT_LISTS`. conditions: the words of the address of the list. fingerprint:
    SHA-256 of the file. The file is removed at `expires_at`; the copy that was taken must be destroyed by
    `destroy_by`, and whoever took it confirms that.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Waits for approval")
        REFUSED = "REFUSED", _("Refused")
        QUEUED = "QUEUED", _("Queued")
        RUNNING = "RUNNING", _("Being made")
        READY = "READY", _("Ready")
        FAILED = "FAILED", _("Failed")
        EXPIRED = "EXPIRED", _("Expired")

    class Format(models.TextChoices):
        CSV = "CSV", _("CSV")
        XLSX = "XLSX", _("Excel")

    list_code = models.CharField(_("list"), max_length=40)
    conditions = models.JSONField(_("conditions"), default=dict)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    purpose = models.CharField(_("purpose"), max_length=20)
    reason = models.TextField(_("reason"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision = models.TextField(_("decision"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    file = models.CharField(_("file"), max_length=100, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    size = models.BigIntegerField(_("size"), default=0)
    error = models.TextField(_("error"), blank=True)
    downloaded_count = models.PositiveIntegerField(_("downloads"), default=0)
    expires_at = models.DateTimeField(_("file expires at"), null=True)
    destroy_by = models.DateField(_("destroy by"), null=True)
    destroyed_at = models.DateTimeField(_("destruction confirmed at"), null=True)

    class Meta:
        verbose_name = _("file for use outside")
        verbose_name_plural = _("files for use outside")
        permissions = [
            ("approve_export", gettext_noop("Can approve files above the ceiling")),
            ("view_every_export", gettext_noop("Can see the register of all files")),
        ]
        constraints = [
            models.CheckConstraint(
                name="export_ready_has_a_fingerprint",
                condition=~Q(state="READY") | (~Q(fingerprint="") & Q(expires_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="export_of_staff", fields=["requested_by", "-id"]),
            models.Index(name="export_undestroyed", fields=["destroy_by"], condition=Q(destroyed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.list_code} {self.pk}"
