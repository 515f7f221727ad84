"""Input of the feed pages."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import formats
from customers.inputs import FeedFileField
from customers.models import Mapping, SourceSystem
from customers.models.source import Layout
from customers.paging import is_id
from customers.services import receiving


class MappingChoices(ModelChoiceIterator):
    """The mappings, those of one source together under its name."""

    def __iter__(self) -> Iterator[tuple[object, object]]:
        yield "", self.field.empty_label
        groups: dict[str, list] = {}
        for mapping in self.queryset.select_related("source").order_by("source__code", "name"):
            groups.setdefault(str(mapping.source), []).append(self.choice(mapping))
        yield from groups.items()


class MappingField(forms.ModelChoiceField):
    iterator = MappingChoices

    def label_from_instance(self, mapping: Mapping) -> str:
        return f"{mapping.name} ({mapping.get_layout_display()})"


class FeedForm(forms.Form):
    """What every feed needs to know: whose file it is, what its rows are, and how its columns are called."""

    source = forms.ModelChoiceField(
        SourceSystem.objects.none(), label=gettext_lazy("Source"), empty_label=gettext_lazy("Choose a source")
    )
    layout = forms.ChoiceField(label=gettext_lazy("Rows of the file"), choices=Layout, initial=Layout.CUSTOMERS)
    mapping = MappingField(
        Mapping.objects.none(),
        label=gettext_lazy("Mapping"),
        required=False,
        empty_label=gettext_lazy("None: the file has the canonical columns"),
    )
    is_dry_run = forms.BooleanField(
        label=gettext_lazy("Dry run: count what would happen, write nothing"), required=False, initial=True
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = SourceSystem.objects.filter(is_active=True).order_by("code")
        self.fields["mapping"].queryset = self._mappings()
        self._prepare()
        styled(self)  # checks the form, so all its fields must be ready

    def _prepare(self) -> None:
        """Make the field of the file ready."""

    def _mappings(self) -> QuerySet[Mapping]:
        """The live mappings; once a source is chosen, those that fit it. A form that was sent takes all, so that one
        which does not fit is refused with the reason."""
        live = Mapping.objects.filter(state=Mapping.State.LIVE, source__is_active=True)
        if self.is_bound:
            return live
        source, layout = str(self.initial.get("source", "")), self.initial.get("layout", Layout.CUSTOMERS)
        return live.filter(source=int(source), layout=layout) if is_id(source) else live

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        mapping, source, layout = (cleaned.get(name) for name in ("mapping", "source", "layout"))
        if mapping and source and mapping.source_id != source.pk:
            self.add_error("mapping", _("This mapping belongs to another source."))
        elif mapping and layout and mapping.layout != layout:
            self.add_error("mapping", _("This mapping is for rows of another kind."))
        return cleaned


class FeedUploadForm(FeedForm):
    """A file sent by the browser."""

    upload = FeedFileField(megabytes=1, label=gettext_lazy("File"))
    field_order = ("source", "layout", "mapping", "upload", "is_dry_run")

    def _prepare(self) -> None:
        field = self.fields["upload"]
        field.megabytes = settings.FEED_UPLOAD_MEGABYTES
        field.help_text = _("CSV, TSV or Excel, at most %(limit)s MB. Encoding and delimiter are found out.") % {
            "limit": formats.amount(field.megabytes)
        }


class FeedPickUpForm(FeedForm):
    """A file that lies in the inbox folder."""

    name = forms.ChoiceField(label=gettext_lazy("File in the inbox folder"))
    field_order = ("source", "layout", "mapping", "name", "is_dry_run")

    def _prepare(self) -> None:
        self.fields["name"].choices = [
            (file.name, f"{file.name} ({filesizeformat(file.size)})") for file in receiving.inbox()
        ]
