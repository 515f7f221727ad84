"""Input of the account pages, in the look of the house."""

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts.styling import styled


class LoginForm(AuthenticationForm):
    """Employee number and password."""

    error_messages = {
        "invalid_login": _("This employee number and password do not belong together, or the account is closed."),
        "inactive": _("This employee number and password do not belong together, or the account is closed."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autofocus"] = True
        styled(self)

    def clean_username(self) -> str:
        """No employee number is that long, and none such is to be written down as a failed login."""
        number = self.cleaned_data["username"]
        if len(number) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return number


class StaffPasswordForm(PasswordChangeForm):
    """The present password once, the new one twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class FirstPasswordForm(SetPasswordForm):
    """A password chosen through a one-time link, twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)
