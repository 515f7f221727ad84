"""Where staff act: channels, and the tree of branches."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.querysets import BranchQuerySet

code_validator = RegexValidator(r"^[A-Z0-9][A-Z0-9_-]*$", _("Use capital letters, digits, hyphen and underscore."))


class Channel(models.Model):
    """A way in which the company meets its customers: FP, GA, bancassurance, telemarketing, direct, corporate."""

    code = models.CharField(_("code"), max_length=20, primary_key=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=60)
    english_name = models.CharField(_("English name"), max_length=60)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.english_name if get_language() == "en" else self.name


class Branch(models.Model):
    """A place in the company: head office, region or branch. `path` names all places above it: `/H000/R01/B001/`."""

    class Kind(models.TextChoices):
        HEAD_OFFICE = "HEAD_OFFICE", _("Head office")
        REGION = "REGION", pgettext_lazy("kind of branch", "Region")
        BRANCH = "BRANCH", _("Branch")

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("above")
    )
    path = models.CharField(_("path"), max_length=200, unique=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        constraints = [
            models.CheckConstraint(
                name="branch_without_parent_is_head_office",
                condition=Q(parent__isnull=False) | Q(kind="HEAD_OFFICE"),
            ),
        ]

    def __str__(self) -> str:
        return self.name
