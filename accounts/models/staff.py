"""The staff who log in."""

from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import connection, models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Branch, Channel

# Own permissions, those of the roles, and the roles themselves, whose names stand alone.
RIGHTS = """
SELECT kind.app_label, permission.codename
FROM auth_permission permission JOIN django_content_type kind ON kind.id = permission.content_type_id
WHERE permission.id IN (
    SELECT permission_id FROM accounts_staff_user_permissions WHERE staff_id = %(staff)s
    UNION ALL
    SELECT granted.permission_id FROM accounts_staff_groups held
    JOIN auth_group_permissions granted ON granted.group_id = held.group_id
    WHERE held.staff_id = %(staff)s
)
UNION ALL
SELECT '', role.name FROM accounts_staff_groups held JOIN auth_group role ON role.id = held.group_id
WHERE held.staff_id = %(staff)s
"""


class Rights(NamedTuple):
    """What somebody may do, as `app.codename`, and the codes of their roles."""

    permissions: frozenset[str]
    roles: frozenset[str]


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

    @cached_property
    def rights(self) -> Rights:
        """What this person may do and by which roles, read once per request, in one query."""
        with connection.cursor() as cursor:
            cursor.execute(RIGHTS, {"staff": self.pk})
            rows = cursor.fetchall()
        permissions = frozenset(f"{app}.{codename}" for app, codename in rows if app)
        return Rights(permissions, frozenset(role for app, role in rows if not app))

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """As Django says, which would ask three backends each time; of a single object, what they say."""
        if obj is not None or self.is_superuser or not self.is_active or self.pk is None:
            return super().has_perm(perm, obj)
        return perm in self.rights.permissions
