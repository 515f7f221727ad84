"""Numbers of the law that may change: each from a day on, with its source. `consent.numbers` knows what each means."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff


class LegalNumber(models.Model):
    """From a day on a number has another value; rows are never changed, a wrong one is followed by another."""

    name = models.CharField(_("name"), max_length=40)
    value = models.IntegerField(_("value"))
    starts_on = models.DateField(pgettext_lazy("since", "from"))
    reason = models.TextField(_("reason"))
    set_by = by_staff(_("set by"))
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("number of the law")
        verbose_name_plural = _("numbers of the law")
        permissions = [("set_legalnumber", gettext_noop("Can set the numbers of the law"))]
        indexes = [models.Index(name="legal_number_by_name", fields=["name", "starts_on", "id"])]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
