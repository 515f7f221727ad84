"""What a member of staff is to know at once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    """A short word to one person on the home page, until it is read.

    kind: a key of `settings.NOTICE_WORDS`; what: the values of its sentence, codes and numbers only; url: where to
    look.
    """

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("member of staff")
    )
    kind = models.CharField(_("kind"), max_length=30)
    what = models.JSONField(_("what"), default=dict)
    url = models.CharField(_("address"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(name="notice_unread", fields=["staff", "-at"], condition=Q(read_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
