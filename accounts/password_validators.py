"""The house's rules for passwords in the shape that Django asks for; listed in `settings.AUTH_PASSWORD_VALIDATORS`."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import password_rules
from accounts.models import PastPassword, Staff


class LengthAndClasses:
    """At least ten characters of two classes, or eight of three."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        """Raises ValidationError."""
        if not password_rules.is_long_enough(password):
            raise ValidationError(self.get_help_text(), code="password_too_simple")

    def get_help_text(self) -> str:
        return _(
            "At least 10 characters of two kinds or 8 of three kinds: small letters, capital letters, digits and other "
            "characters."
        )


class NothingOfThePerson:
    """Neither employee number nor name, and no digits that read as a birth date or a telephone number."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        """Raises ValidationError."""
        names = user is not None and password_rules.names_the_person(
            password, employee_number=user.employee_number, name=user.name
        )
        if names or password_rules.holds_birth_or_phone(password):
            raise ValidationError(self.get_help_text(), code="password_personal")

    def get_help_text(self) -> str:
        return _("No employee number, no name, and no digits that read as a birth date or a telephone number.")


class NotUsedLately:
    """None of the last passwords, the present one among them."""

    def validate(self, password: str, user: Staff | None = None) -> None:
        """Raises ValidationError."""
        if user is None or user.pk is None:
            return
        newest = (
            PastPassword.objects.filter(staff=user).order_by("-chosen_at", "-pk").values_list("password", flat=True)
        )
        # The form has not changed the person yet; an unusable password matches nothing.
        present = Staff.objects.filter(pk=user.pk).values_list("password", flat=True)
        used = {*newest[: settings.LOGIN_PASSWORDS_REMEMBERED], *present}
        if any(check_password(password, hashed) for hashed in used):
            raise ValidationError(self.get_help_text(), code="password_used_lately")

    def get_help_text(self) -> str:
        count = settings.LOGIN_PASSWORDS_REMEMBERED
        return ngettext("Not the last password.", "None of the last %(count)s passwords.", count) % {"count": count}
