"""By what the record of rights can be narrowed; it stands in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rights_words import KINDS
from accounts.styling import styled


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RightsFilterForm(forms.Form):
    """All of it may be left empty."""

    staff = forms.CharField(
        label=_("Employee number"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first = forms.DateField(label=_("From day"), required=False, widget=DayInput())
    last = forms.DateField(label=_("To day"), required=False, widget=DayInput())
    kind = forms.ChoiceField(label=_("What happened"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All")), *KINDS.items()]
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            self.add_error("last", _("The period ends before it begins."))
        return cleaned
