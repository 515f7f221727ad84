"""Who acts: channels, the tree of branches, and the staff who log in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
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


class StaffManager(BaseUserManager):
    def create_user(self, employee_number: str, password: str | None = None, **fields: object) -> "Staff":
        """A member of staff who logs in with `employee_number`; without a password nobody can log in."""
        staff = self.model(employee_number=employee_number, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, employee_number: str, password: str | None = None, **fields: object) -> "Staff":
        """A member of staff with every right; for the first login of a new installation."""
        return self.create_user(employee_number, password, is_staff=True, is_superuser=True, **fields)


class Staff(AbstractBaseUser, PermissionsMixin):
    """A person or system that acts in Hannun, known by the employee number."""

    class Language(models.TextChoices):
        KOREAN = "ko", "한국어"
        ENGLISH = "en", "English"

    employee_number = models.CharField(_("employee number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("branch")
    )
    job = models.CharField(_("job"), max_length=60, blank=True)
    channel = models.ForeignKey(
        Channel, models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("channel")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.KOREAN)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)

    objects = StaffManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return f"{self.name} ({self.employee_number})"
