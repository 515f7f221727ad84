"""Input of the account pages, in the look of the house."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Staff
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

    def confirm_login_allowed(self, user: Staff) -> None:
        """Systems come with a key, never with a password; the refusal does not tell them from a wrong password."""
        super().confirm_login_allowed(user)
        if user.groups.filter(name="SERVICE_CLIENT").exists():
            raise self.get_invalid_login_error()

    def clean_username(self) -> str:
        """No employee number is that long, and none such is to be written down as a failed login."""
        number = self.cleaned_data["username"]
        if len(number) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return number


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether this is the password of whoever is signed in; a wrong one counts as a failed login and locks as such."""
    return authenticate(request, username=request.user.employee_number, password=password) is not None


class StaffPasswordForm(PasswordChangeForm):
    """The present password once, the new one twice."""

    def __init__(self, *args: object, request: HttpRequest, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        styled(self)

    def clean_old_password(self) -> str:
        if not is_own_password(self.request, self.cleaned_data["old_password"]):
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return self.cleaned_data["old_password"]


class FirstPasswordForm(SetPasswordForm):
    """A password chosen through a one-time link, twice."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class SecondFactorForm(forms.Form):
    """The code that the app shows now, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from your app, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "data-no-draft": True}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class OwnPasswordForm(forms.Form):
    """The own password once more, before something is changed that opens the account; is_asked: whether at all."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, request: HttpRequest, is_asked: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not is_asked:
            del self.fields["password"]
        styled(self)

    def clean_password(self) -> str:
        if not is_own_password(self.request, self.cleaned_data["password"]):
            raise forms.ValidationError(_("The password is wrong."))
        return self.cleaned_data["password"]


class SecondFactorSetUpForm(OwnPasswordForm):
    """The code by which the app shows that it has the key; the own password too, where it replaces another app."""

    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "data-no-draft": True}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class ReasonForm(forms.Form):
    """Why somebody else's access is changed."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        styled(self)


class ServiceKeyForm(forms.Form):
    """A new key: for which client, for what, from where, for how long."""

    staff = forms.ModelChoiceField(label=_("Service client"), queryset=None)
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("What the key is for, such as its system."))
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)
    networks = forms.CharField(
        label=_("From these networks"),
        required=False,
        help_text=_("One a line, such as 10.20.0.0/16 or a single address. Empty means from everywhere."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = _service_clients()
        self.fields["scopes"].choices = [(scope, gettext(words)) for scope, words in settings.SERVICE_SCOPES.items()]
        longest = settings.SERVICE_KEY_DAYS
        self.fields["days"] = forms.IntegerField(
            label=_("Valid for so many days"), min_value=1, max_value=longest, initial=longest
        )
        styled(self)
        self.fields["scopes"].widget.attrs["class"] = "choices"

    def clean_networks(self) -> list[str]:
        networks = []
        for line in self.cleaned_data["networks"].split():
            try:
                networks.append(services.network_of(line))
            except services.FaultyNetwork:
                fault = _("%(network)s is no network. Write it like 10.20.0.0/16.") % {"network": line[:50]}
                raise forms.ValidationError(fault) from None
        return networks


def _service_clients() -> QuerySet[Staff]:
    return Staff.objects.filter(is_active=True, groups__name="SERVICE_CLIENT").order_by("employee_number")
