"""Input of the pages of keepers: whom to make keeper, a plan for a managed customer, how many somebody may keep."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers.filters import DateInput
from customers.inputs import LONGEST_REASON, StyledForm
from relations.models import Keeper

MOST_CAPACITY = 10_000


class StaffField(forms.CharField):
    """The employee number of somebody who works here; clean gives the member of staff, None for an empty one."""

    def __init__(self, **options: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=20, widget=widget, **options)

    def clean(self, value: object) -> Staff | None:
        number = super().clean(value)
        if not number:
            return None
        found = Staff.objects.filter(employee_number=number.strip(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody who works here has this number."))
        return found


class NoteField(forms.CharField):
    """A few words of one's own."""

    def __init__(self, **options: object) -> None:
        widget = forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
        super().__init__(max_length=LONGEST_REASON, widget=widget, **options)


class DayField(forms.DateField):
    """A day, today or later unless `is_any`."""

    def __init__(self, *, is_any: bool = False, **options: object) -> None:
        self.is_any = is_any
        super().__init__(widget=DateInput, input_formats=["%Y-%m-%d"], **options)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        if not self.is_any:
            self.widget.attrs["min"] = timezone.localdate().isoformat()
        return super().get_bound_field(form, field_name)


class AssignForm(StyledForm):
    """Whom a customer is given to."""

    staff = StaffField(label=gettext_lazy("Employee number"))
    kind = forms.ChoiceField(label=gettext_lazy("As"), choices=Keeper.Kind)
    note = NoteField(label=gettext_lazy("Note"), required=False)


class RegisterForm(StyledForm):
    """The plan for a managed customer."""

    contact_on = DayField(label=gettext_lazy("Next contact on"))
    purpose = forms.CharField(
        label=gettext_lazy("What for"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class TermsForm(StyledForm):
    """How many customers somebody may keep, and what the rules of distribution ask of them."""

    capacity = forms.IntegerField(
        label=gettext_lazy("How many customers at most"), min_value=0, max_value=MOST_CAPACITY
    )
    persistency_percent = forms.DecimalField(
        label=gettext_lazy("Contracts still in force in the 13th month, percent"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Empty where it is not known: it then counts as the average."),
    )
    complaint_count = forms.IntegerField(
        label=gettext_lazy("Complaints upheld in the last year"), min_value=0, max_value=1_000, required=False
    )
    is_closed = forms.BooleanField(label=gettext_lazy("Takes nobody new"), required=False)
