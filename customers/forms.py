"""Input of the feed and mapping pages. They check; what is done with it is for the services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.styling import styled
from customers import formats
from customers.feeds.labels import FOUND_OUT, column_label, delimiter_label
from customers.feeds.layouts import LAYOUTS, CanonicalLayout
from customers.feeds.mapping import ENCODINGS
from customers.feeds.reading import DELIMITERS, EXCEL_SUFFIXES
from customers.feeds.reasons import definition_problems
from customers.models import Mapping, SourceSystem
from customers.models.source import Layout
from customers.paging import is_id
from customers.services import receiving

SUFFIXES = (".csv", ".tsv", ".txt", *sorted(EXCEL_SUFFIXES))
SAMPLE_MEGABYTES = 50
MEGABYTE = 1_000_000
HEADERS_APART = " + "


class FeedFileField(forms.FileField):
    """A file of a kind that feeds can be, neither empty nor too large."""

    def __init__(self, *, megabytes: int, **options: object) -> None:
        self.megabytes = megabytes
        super().__init__(
            widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
            error_messages={
                "required": gettext_lazy("Choose a file."),
                "missing": gettext_lazy("Choose a file."),
                "invalid": gettext_lazy("The file did not arrive. Choose it again."),
                "empty": gettext_lazy("The file is empty."),
                "max_length": gettext_lazy("The name of the file is too long."),
            },
            **options,
        )

    def clean(self, data: UploadedFile | None, initial: object = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if Path(upload.name).suffix.lower() not in SUFFIXES:
            kinds = ", ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
            raise forms.ValidationError(
                _("A file of this kind cannot be read. Send one of: %(kinds)s.") % {"kinds": kinds}
            )
        if upload.size > self.megabytes * MEGABYTE:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Cut it into several files, or put it into the inbox folder.")
                % {"limit": formats.amount(self.megabytes)}
            )
        return upload


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


class MappingSampleForm(forms.Form):
    """A sample of a source's file, to try a mapping on."""

    sample = FeedFileField(megabytes=SAMPLE_MEGABYTES, label=gettext_lazy("Sample file"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sample"].help_text = _("At most %(limit)s MB. It is read, shown and forgotten.") % {
            "limit": SAMPLE_MEGABYTES
        }
        styled(self)


class MappingPublishForm(forms.Form):
    """Which live mapping, if any, a draft takes the place of."""

    replaces = forms.ModelChoiceField(
        Mapping.objects.none(),
        label=gettext_lazy("Replaces"),
        required=False,
        empty_label=gettext_lazy("None: it is used beside the others"),
    )

    def __init__(self, *args: object, mapping: Mapping, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replaces"].queryset = Mapping.objects.replaceable_by(mapping).order_by("name")
        styled(self)


class RuleForm(forms.Form):
    """Where one canonical column comes from; a column without headers and constant has no rule."""

    headers = forms.CharField(label=gettext_lazy("Comes from"), required=False)
    constant = forms.CharField(label=gettext_lazy("Always"), required=False)
    values = forms.CharField(
        label=gettext_lazy("Codes"), required=False, widget=forms.Textarea(attrs={"rows": 1, "spellcheck": "false"})
    )
    format = forms.CharField(label=gettext_lazy("Date format"), required=False)
    keeps_bad = forms.BooleanField(label=gettext_lazy("Drop an unreadable value, keep the row"), required=False)

    def __init__(self, column: str, spec: object, layout: CanonicalLayout, data: QueryDict | None = None) -> None:
        self.column, self.label, self.is_required = column, column_label(column), column in layout.required
        self._spec = spec if isinstance(spec, dict) else {}
        super().__init__(data, prefix=column, initial=rule_as_text(self._spec))
        self.fields["values"].widget.attrs["rows"] = max(1, min(8, len(self._spec.get("values", {}))))
        if column not in (*layout.dates, *layout.instants, "birth_date") and "format" not in self._spec:
            del self.fields["format"]
        for field in self.fields.values():
            field.widget.attrs |= {"aria-label": f"{self.label}: {field.label}", "autocomplete": "off"}
        styled(self)

    def clean_values(self) -> dict[str, str]:
        """`1 = PERSON` line by line → {"1": "PERSON"}."""
        lines = [line for line in self.cleaned_data["values"].splitlines() if line.strip()]
        if any("=" not in line for line in lines):
            raise forms.ValidationError(_("Write one code a line: what is sent = what it means."))
        return {sent.strip(): meant.strip() for sent, _sign, meant in (line.partition("=") for line in lines)}

    def spec(self) -> dict[str, object] | None:
        """The rule as a mapping definition has it, None for no rule. What this form has no field for is kept."""
        given = self.cleaned_data
        headers = [name for part in given["headers"].split(HEADERS_APART) if (name := part.strip())]
        if not headers and not given["constant"]:
            return None
        rule: dict[str, object] = {"from": headers} if headers else {}
        if given["constant"]:
            rule["constant"] = given["constant"]
        if len(headers) > 1 and "join" in self._spec:
            rule["join"] = self._spec["join"]
        rule |= {name: given[name] for name in ("values", "format") if given.get(name)}
        return rule | {"on_bad": "keep"} if given["keeps_bad"] else rule


def rule_as_text(spec: dict[str, object]) -> dict[str, object]:
    """What stands in the fields of a rule."""
    headers, values = spec.get("from", []), spec.get("values", {})
    return {
        "headers": HEADERS_APART.join(map(str, headers)) if isinstance(headers, list) else "",
        "constant": str(spec.get("constant", "")),
        "values": "\n".join(f"{sent} = {meant}" for sent, meant in values.items()) if isinstance(values, dict) else "",
        "format": str(spec.get("format", "")),
        "keeps_bad": spec.get("on_bad") == "keep",
    }


class MappingEditForm(forms.Form):
    """The definition of a draft without its JSON: how the file is written, and a rule per canonical column."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"))
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"))
    sheet = forms.CharField(label=gettext_lazy("Sheet (Excel)"), required=False)

    def __init__(self, data: QueryDict | None = None, *, mapping: Mapping) -> None:
        old = mapping.definition if isinstance(mapping.definition, dict) else {}
        now = {"encoding": str(old.get("encoding", "auto")).lower(), "delimiter": str(old.get("delimiter", "auto"))}
        super().__init__(data, initial=now | {"sheet": old.get("sheet") or ""})
        self._mapping, self._old = mapping, old
        self.fields["encoding"].choices = [(code, FOUND_OUT if code == "auto" else code.upper()) for code in ENCODINGS]
        known = dict.fromkeys(("auto", *DELIMITERS, now["delimiter"]))
        self.fields["delimiter"].choices = [(delimiter, delimiter_label(delimiter)) for delimiter in known]
        columns, layout = old.get("columns"), LAYOUTS[mapping.layout]
        self.rules = [
            RuleForm(column, columns.get(column) if isinstance(columns, dict) else None, layout, data)
            for column in layout.all_columns
        ]
        styled(self)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if all(rule.is_valid() for rule in self.rules):
            cleaned["definition"] = self._definition(cleaned)
            for sentence in definition_problems(self._mapping.layout, cleaned["definition"]):
                self.add_error(None, sentence)
        else:
            self.add_error(None, _("Some rules cannot be read. They are marked below."))
        return cleaned

    def _definition(self, given: dict[str, object]) -> dict[str, object]:
        settings_given = {name: given.get(name) for name in ("encoding", "delimiter", "sheet")}
        kept = {name: value for name, value in self._old.items() if name not in ("columns", *settings_given)}
        kept |= {
            name: value for name, value in settings_given.items() if value and (value != "auto" or name in self._old)
        }
        return kept | {"columns": {rule.column: spec for rule in self.rules if (spec := rule.spec()) is not None}}
