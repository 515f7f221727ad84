"""Input of the pages of consents: what a customer answers, what is taken back, what the lists are narrowed by."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from accounts.styling import styled
from consent.models import Channel, Consent, Purpose, Receipt, Recipient, Text
from consent.reports.consents_asking import Asked
from consent.services.consents_checks import Answer
from consent.state import Held, Key
from consent.words.consents import ANSWERS, CHANNELS, METHODS, answer_words, purpose_name
from customers.inputs import StyledForm
from customers.models import Customer
from customers.numbering import parse_customer_number

MOMENT = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_EVIDENCE = 500
DIGEST = r"\A[0-9a-f]{64}\Z"
BY_PEOPLE = [choice for choice in METHODS.items() if choice[0] != Receipt.Method.SOURCE]
LEAVE = ("", gettext_lazy("Leave as it is"))
GIVE = (Consent.Answer.GIVEN.value, gettext_lazy("Consents"))
REFUSE = (Consent.Answer.REFUSED.value, gettext_lazy("Refuses"))
WITHDRAW = (Consent.Answer.WITHDRAWN.value, gettext_lazy("Withdraws"))


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MOMENT)


class MomentField(forms.DateTimeField):
    """An instant in Korean time, to the minute, that is not to come; browsers offer none after now."""

    def __init__(self, **options: object) -> None:
        super().__init__(widget=MomentInput(), input_formats=[MOMENT, f"{MOMENT}:%S"], **options)


class CustomerField(forms.CharField):
    """A customer number of somebody whom the viewer sees; gives the customer, or None where it is left out."""

    viewer: Staff | None = None

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)

    def clean(self, value: object) -> Customer | None:
        written = super().clean(value)
        if not written:
            return None
        number = parse_customer_number(written)
        found = Customer.objects.visible_to(self.viewer).filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError(_("There is no such customer that you may see."), code="number")
        return found


@dataclass(frozen=True)
class AskedCell:
    """One answer of the form. of: channel or recipient; now: what holds today."""

    key: Key
    recipient: Recipient | None
    of: str
    now: str
    field: forms.BoundField


@dataclass(frozen=True)
class AskedLine:
    """A purpose in the form, with the words that the customer hears or reads."""

    purpose: Purpose
    text: Text
    name: str
    cells: tuple[AskedCell, ...]


@dataclass(frozen=True)
class Change:
    """What recording the form would change, in words."""

    purpose: str
    of: str
    before: str
    after: str
    is_same: bool


class ReceiptForm(StyledForm):
    """What a customer answered on one occasion. Answers stand in fields made of `asked`, of which `lines` tells."""

    method = forms.ChoiceField(label=gettext_lazy("How it was answered"), choices=BY_PEOPLE)
    answered_at = MomentField(label=gettext_lazy("When it was answered"))
    by_role = forms.ChoiceField(label=gettext_lazy("Who answered"), choices=Receipt.Role)
    representative = CustomerField(
        label=gettext_lazy("Customer number of the representative"),
        required=False,
        help_text=gettext_lazy("Only where somebody else answered; needed for a child."),
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where the proof lies"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        help_text=gettext_lazy(
            "Such as the number of the scan or recording. Without it the proof counts one grade less."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    evidence_digest = forms.RegexField(
        DIGEST,
        label=gettext_lazy("Fingerprint of the proof (SHA-256)"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("A fingerprint has 64 digits from 0 to f.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        viewer: Staff,
        asked: Sequence[Asked],
        state: Mapping[Key, Held],
        **options: object,
    ) -> None:
        self._viewer, self._asked, self._state = viewer, asked, state
        super().__init__(data, **options)

    def _prepare(self) -> None:
        self.fields["representative"].viewer = self._viewer
        now = timezone.localtime()
        self.fields["answered_at"].initial = now.replace(second=0, microsecond=0)
        self.fields["answered_at"].widget.attrs["max"] = now.strftime(MOMENT)
        self.fields["key"].initial = uuid.uuid4()
        for one in self._asked:
            for key, recipient in one.keys:
                self.fields[name_of(key)] = forms.ChoiceField(
                    label=self._label(one, key, recipient), choices=self._choices(key), required=False
                )

    def _label(self, one: Asked, key: Key, recipient: Recipient | None) -> str:
        return _of(key, recipient) or purpose_name(one.purpose)

    def _choices(self, key: Key) -> list[tuple[str, Promise]]:
        answer = self._state.get(key)
        is_standing = answer is not None and answer.answer in (Consent.Answer.GIVEN, Consent.Answer.LAPSED)
        return [LEAVE, GIVE, WITHDRAW if is_standing else REFUSE]

    @property
    def about(self) -> Iterator[forms.BoundField]:
        """Where the answers come from."""
        return (self[name] for name in self.base_fields if name != "key")

    @property
    def lines(self) -> list[AskedLine]:
        """The purposes in their order."""
        return [
            AskedLine(one.purpose, one.text, purpose_name(one.purpose), tuple(self._cells(one))) for one in self._asked
        ]

    def _cells(self, one: Asked) -> Iterator[AskedCell]:
        for key, recipient in one.keys:
            held = self._state.get(key)
            now = answer_words(held.answer if held else "")
            yield AskedCell(key, recipient, _of(key, recipient), now, self[name_of(key)])

    @property
    def answers(self) -> list[Answer]:
        """What was answered, for the service; of a form that is valid."""
        return [
            Answer(one.purpose, self.cleaned_data[name_of(key)], key.channel, recipient, self._text(one))
            for one in self._asked
            for key, recipient in one.keys
            if self.cleaned_data.get(name_of(key))
        ]

    def _text(self, one: Asked) -> Text | None:
        """The words in use now, if they were so at the instant; else the service looks for those that were."""
        is_in_use = one.text.published_at <= self.cleaned_data["answered_at"]
        return one.text if is_in_use else None

    @property
    def changes(self) -> list[Change]:
        """What recording it would change."""
        found = []
        for answer in self.answers:
            key = Key(answer.purpose.pk, answer.channel, answer.recipient.pk if answer.recipient else None)
            held = self._state.get(key)
            before, after = answer_words(held.answer if held else ""), answer_words(answer.answer)
            name, of = purpose_name(answer.purpose), _of(key, answer.recipient)
            found.append(Change(name, of, before, after, before == after))
        return found

    @property
    def mark(self) -> str:
        """What the form carries of the changes that were shown: another one for other words."""
        told = [str(self.cleaned_data.get(name, "")) for name in sorted(self.fields) if name != "key"]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]

    def refuse(self, field: str | None, sentence: str | Promise) -> None:
        """Show why nothing was recorded, beside its field or above the form."""
        self.add_error(field, sentence)
        styled(self)


def name_of(key: Key) -> str:
    """What the field of an answer is called."""
    return f"answer_{key.purpose_id}_{key.channel}_{key.recipient_id or 0}"


def _of(key: Key, recipient: Recipient | None) -> str:
    if recipient is not None:
        return recipient.name
    return "" if key.channel == Channel.ANY else str(CHANNELS[key.channel])


class WithdrawForm(StyledForm):
    """What is taken back: everything unless something is left out."""

    purposes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("What is withdrawn"),
        queryset=Purpose.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what is withdrawn.")},
    )
    channel = forms.ChoiceField(label=gettext_lazy("By which channel"), required=False)
    said_at = MomentField(label=gettext_lazy("When the customer said so"))
    method = forms.ChoiceField(
        label=gettext_lazy("How it was answered"), choices=BY_PEOPLE, initial=Receipt.Method.ORAL.value
    )
    via = forms.CharField(
        label=gettext_lazy("Where the proof lies"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, keys: Iterable[Key], **options: object) -> None:
        self._keys = list(keys)
        super().__init__(data, **options)

    def _prepare(self) -> None:
        standing = Purpose.objects.filter(pk__in={key.purpose_id for key in self._keys}).order_by("pk")
        field = self.fields["purposes"]
        field.queryset = standing
        field.label_from_instance = purpose_name
        field.initial = [purpose.pk for purpose in standing]
        channels = {key.channel for key in self._keys} - {Channel.ANY}
        chosen = [(value, label) for value, label in CHANNELS.items() if value in channels]
        self.fields["channel"].choices = [("", gettext_lazy("All channels")), *chosen]
        now = timezone.localtime()
        self.fields["said_at"].initial = now.replace(second=0, microsecond=0)
        self.fields["said_at"].widget.attrs["max"] = now.strftime(MOMENT)

    def refuse(self, field: str | None, sentence: str | Promise) -> None:
        """Show why nothing was withdrawn, beside its field or above the form."""
        self.add_error("said_at" if field == "answered_at" else None, sentence)
        styled(self)


class ConsentFilterForm(forms.Form):
    """What the list of consents is narrowed by; it stands in the address, and what cannot be read there is ignored."""

    purpose = forms.ModelChoiceField(
        label=gettext_lazy("Purpose"),
        queryset=Purpose.objects.order_by("pk"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("all"),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[("", gettext_lazy("all")), *CHANNELS.items()], required=False
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=[("", gettext_lazy("all")), *ANSWERS.items()], required=False
    )
    is_expiring = forms.BooleanField(label=gettext_lazy("Runs out within 30 days"), required=False)
    is_weak = forms.BooleanField(label=gettext_lazy("Weak proof, to be asked again"), required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        super().__init__({name: data[name] for name in self.base_fields if data.get(name)})
        self.fields["purpose"].label_from_instance = purpose_name
        styled(self)

    @property
    def words(self) -> dict[str, object]:
        """What was understood, {filter: value}."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def condition(self) -> dict[str, str]:
        """The same as it stands in an address."""
        return {name: self.data[name] for name in self.words}


def instant_of(written: str) -> datetime | None:
    """An instant of an address (`2026-11-22T14:30`, in Korean time, or a day), None where it cannot be read."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found if found.tzinfo else timezone.make_aware(found)
