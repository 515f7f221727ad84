"""What must not come back: rows of sources about customers who are kept apart or destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GoneKey(models.Model):
    """A record or contract of a source that went with its customer, as a fingerprint of its key.

    By it a full file that names the row again is told apart from one that brings somebody new. digest: of
    `customers.gone_keys.digest_of`, 16 bytes, from which nobody reads the key. It goes when the customer returns.
    """

    digest = models.BinaryField(_("fingerprint"), unique=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="gone_keys", verbose_name=_("customer")
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("key of a gone row")
        verbose_name_plural = _("keys of gone rows")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.customer_id}"
