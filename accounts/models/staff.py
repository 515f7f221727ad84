"""The staff who log in."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Branch, Channel


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
    must_change_password = models.BooleanField(_("must change the password"), default=False)

    objects = StaffManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def __str__(self) -> str:
        return f"{self.name} ({self.employee_number})"
