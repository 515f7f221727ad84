"""Input of the account pages, in the look of the house."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

CLASSES = {forms.CheckboxInput: "form-check-input", forms.Select: "form-select"}


def styled(form: forms.BaseForm) -> None:
    """Give every input of `form` the class that the style sheet knows, and mark those that were refused."""
    for name, field in form.fields.items():
        kinds = (look for kind, look in CLASSES.items() if isinstance(field.widget, kind))
        refused = " is-invalid" if form.is_bound and name in form.errors else ""
        field.widget.attrs["class"] = next(kinds, "form-control") + refused


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
