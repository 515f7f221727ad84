"""Input of the pages on which a person merges customers, takes merges and acts back, splits and moves records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import masking
from customers.forms.golden_values import ReasonForm
from customers.inputs import MaskedInput
from customers.models import Act, ReasonCode
from customers.numbering import parse_customer_number

MOST_AT_ONCE = 5  # customers in one form
LONGEST_NUMBERS = 200
QUESTION = "record_{}"


class Radios(forms.RadioSelect):
    """Buttons of which one is chosen, in the look of the house."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "form-check-input"})


class MergeChooseForm(forms.Form):
    """Which customers to merge with one: of those that are offered, or by their numbers."""

    numbers = forms.CharField(
        label=gettext_lazy("Customer numbers"),
        required=False,
        max_length=LONGEST_NUMBERS,
        help_text=gettext_lazy("Such as C-000012345-6; several with a space between them, five customers in all."),
        widget=MaskedInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, own: str, offered: Sequence[str], **kwargs: object) -> None:
        """own: the number of the customer itself; offered: numbers beside which there is a box."""
        super().__init__(*args, **kwargs)
        self._own = own
        self.fields["with"] = forms.MultipleChoiceField(
            required=False, choices=[(number, number) for number in offered], widget=forms.CheckboxSelectMultiple
        )
        styled(self)

    def clean_numbers(self) -> list[str]:
        typed = self.cleaned_data["numbers"].replace(",", " ").split()
        parsed = {written: parse_customer_number(written) for written in typed}
        wrong = [written for written, number in parsed.items() if number is None]
        if wrong:
            told = masking.without_resident_numbers(", ".join(wrong))
            raise forms.ValidationError(_("This is no customer number: %(number)s") % {"number": told})
        return list(parsed.values())

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if self.errors:
            return cleaned
        others = dict.fromkeys([*cleaned["with"], *cleaned["numbers"]])
        others.pop(self._own, None)
        if not others:
            raise forms.ValidationError(_("Choose a customer, or type a number."))
        if len(others) >= MOST_AT_ONCE:
            raise forms.ValidationError(_("Up to five customers are merged at once."))
        cleaned["others"] = list(others)
        return cleaned


class MergeForm(ReasonForm):
    """The merge that was looked at: its customers, the survivor first, and the mark of how they were."""

    customers = forms.CharField(max_length=LONGEST_NUMBERS, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def clean_customers(self) -> list[str]:
        numbers = self.cleaned_data["customers"].split()
        if not 1 < len(numbers) <= MOST_AT_ONCE or any(parse_customer_number(number) is None for number in numbers):
            raise forms.ValidationError(_("Choose the customers again."))
        return numbers


class QuestionsForm(ReasonForm):
    """For each record that came since a merge: the customer that it goes with. The rest as in its parent."""

    def __init__(self, *args: object, questions: Iterable[object] = (), **kwargs: object) -> None:
        """questions: `reports.newcomers.Question`."""
        self.questions = list(questions)
        super().__init__(*args, **kwargs)

    def _prepare(self) -> None:
        self.fields["reason_code"].initial = ReasonCode.MISTAKE
        for question in self.questions:
            self.fields[QUESTION.format(question.record.pk)] = forms.TypedChoiceField(
                choices=[(pk, number) for pk, number, _words in question.options], coerce=int, initial=question.fits
            )

    @property
    def answers(self) -> dict[int, int]:
        """{record: customer that it goes with}"""
        return {each.record.pk: self.cleaned_data[QUESTION.format(each.record.pk)] for each in self.questions}

    @property
    def asked(self) -> list[tuple[object, forms.BoundField, str]]:
        """Each question with its field and what is chosen now."""
        bound = [(each, self[QUESTION.format(each.record.pk)]) for each in self.questions]
        return [(each, asked, str(asked.value() or each.fits)) for each, asked in bound]


class UnmergeForm(QuestionsForm):
    """How a merge is taken back; `seen` is the mark of the merge that was looked at."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    keep_apart = forms.BooleanField(
        label=gettext_lazy("Keep the two apart"),
        required=False,
        initial=True,
        help_text=gettext_lazy("No later run joins them again. Without it the rules may."),
    )


class IntoForm(forms.Form):
    """To which customer a record is moved."""

    into = forms.CharField(
        label=gettext_lazy("Customer number"),
        max_length=20,
        help_text=gettext_lazy("Such as C-000012345-6."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        styled(self)

    def clean_into(self) -> str:
        number = parse_customer_number(self.cleaned_data["into"])
        if number is None:
            raise forms.ValidationError(_("This is no customer number."))
        return number


class MoveForm(ReasonForm):
    """A move that was looked at."""

    into = forms.CharField(max_length=20, widget=forms.HiddenInput)


class ActFilterForm(forms.Form):
    """What the log of acts is narrowed by; it stands in the address."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", gettext_lazy("all")), *Act.Kind.choices], required=False
    )
    since = forms.DateField(
        label=gettext_lazy("Since"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )
    mine = forms.BooleanField(label=gettext_lazy("Only mine"), required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__({name: value for name, value in data.items() if name in self.base_fields})
        styled(self)

    @property
    def words(self) -> dict[str, object]:
        """What is wanted; what cannot be read is not."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
