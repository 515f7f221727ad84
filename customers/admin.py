"""Back-office tables of the master: sources, mappings, items, codes. It shows nothing of any customer."""

import json

from django import forms
from django.contrib import admin
from django.db import transaction
from django.forms.fields import InvalidJSONInput
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from customers import wording
from customers.feeds.reasons import definition_problems
from customers.models import Code, Item, Mapping, SourceSystem
from customers.reading import forget_catalogue, graded, live_rules

MOST_NESTED = 8  # a definition has four
SAMPLE_PAGE = "customers:mapping-test"  # where a mapping is tested on a sample file and put to use
RULES_PAGE = "customers:access-rules-list"  # where two people change who sees what


@admin.register(SourceSystem)
class SourceSystemAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "channel", "owner_department", "trust", "expected_lag_hours", "is_active"]
    list_filter = ["channel", "is_active"]
    list_select_related = ["channel"]
    search_fields = ["code", "name", "english_name"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: SourceSystem | None = None) -> list[str]:
        return ["code"] if obj else []


class PrettyJSON(json.JSONEncoder):
    """JSON as a person writes it: indented, Korean as Korean."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options | {"indent": 2, "ensure_ascii": False, "sort_keys": False})


class DefinitionField(forms.JSONField):
    """JSON that the database can hold and a page can show: no null byte or half character, no nests without end."""

    def to_python(self, value: object) -> object:
        try:
            found = super().to_python(value)
            written = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            written = b""
        if not written or rb"\u0000" in written or _is_deeper(found, MOST_NESTED):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return found

    def bound_data(self, data: str | None, initial: object) -> object:
        """What was sent, as it was written where it cannot be taken."""
        try:
            return self.to_python(data)
        except forms.ValidationError:
            return InvalidJSONInput(data)


def _is_deeper(value: object, most: int) -> bool:
    """Whether tables and lists stand in each other more than so many deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (not most or any(_is_deeper(one, most - 1) for one in inner))


class MappingForm(forms.ModelForm):
    """A draft of a mapping; what is wrong with its definition is said in plain words."""

    definition = DefinitionField(
        label=_("definition"),
        encoder=PrettyJSON,
        widget=forms.Textarea(attrs={"rows": 24, "class": "definition", "spellcheck": "false"}),
        help_text=_("Encoding, delimiter, sheet and columns."),
    )

    class Meta:
        model = Mapping
        fields = ["name", "source", "layout", "definition"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        layout = cleaned.get("layout") or self.instance.layout
        if cleaned.get("definition") is not None and layout:
            for sentence in definition_problems(layout, cleaned["definition"]):
                self.add_error("definition", sentence)
        return cleaned


@admin.register(Mapping)
class MappingAdmin(admin.ModelAdmin):
    """Drafts are edited here; a mapping in use stays as it was tested, and a new draft replaces it."""

    form = MappingForm
    list_display = ["name", "source", "layout", "state", "tested_at", "tested_rows", "tested_rejects", "test_page"]
    list_filter = ["source", "layout", "state"]
    list_select_related = ["source"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "source", "layout", "definition", "state", "tested_at", "tested_rows", "tested_rejects"]
    readonly_fields = ["state", "tested_at", "tested_rows", "tested_rejects"]

    def has_change_permission(self, request: HttpRequest, obj: Mapping | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.state == Mapping.State.DRAFT)

    @admin.display(description=_("test on a sample"))
    def test_page(self, mapping: Mapping) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse(SAMPLE_PAGE, args=[mapping.pk]), _("Test and put to use"))

    def save_model(self, request: HttpRequest, obj: Mapping, form: MappingForm, change: bool) -> None:
        """Store the draft; a test of an older definition does not count for the new one."""
        if {"definition", "layout"} & set(form.changed_data):
            obj.tested_at, obj.tested_rows, obj.tested_rejects = None, 0, 0
        super().save_model(request, obj, form, change)


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    """The catalogue. Which source wins is part of the program and cannot be changed here, so the rule is only shown."""

    list_display = ["code", "name", "area", "grade_in_use", "mask_in_use", "owner_department", "rule"]
    list_filter = ["area"]
    exclude = ["survivorship", "grade", "mask"]
    search_fields = ["code", "name", "english_name"]
    ordering = ["area", "position", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> list[str]:
        return ["code", "rule", "grade_in_use", "mask_in_use", "changed_where"] if obj else []

    @admin.display(description=_("survivorship rule"))
    def rule(self, item: Item) -> str:
        return str(wording.RULES.get(item.survivorship, ""))

    @admin.display(description=_("grade"))
    def grade_in_use(self, item: Item) -> str:
        return str(Item.Grade(graded(item, live_rules())[0]).label)

    @admin.display(description=_("mask"))
    def mask_in_use(self, item: Item) -> str:
        return str(Item.Mask(graded(item, live_rules())[1]).label)

    @admin.display(description=_("change of grade and mask"))
    def changed_where(self, item: Item) -> SafeString:
        text = _("Two people change grade and mask: with a draft of the rules of access.")
        return format_html('{} <a href="{}">{}</a>', text, reverse(RULES_PAGE), _("Rules of access"))

    def save_model(self, request: HttpRequest, obj: Item, form: forms.ModelForm, change: bool) -> None:
        """Store the item for the next page to see; a new one begins private and hidden, until the rules say more."""
        if not change:
            obj.grade, obj.mask = Item.Grade.PRIVATE, Item.Mask.ALL
        super().save_model(request, obj, form, change)
        transaction.on_commit(forget_catalogue)


@admin.register(Code)
class CodeAdmin(admin.ModelAdmin):
    list_display = ["table", "code", "name", "english_name", "valid_from", "valid_to"]
    list_filter = ["table"]
    search_fields = ["code", "name", "english_name", "aliases"]
    ordering = ["table", "code", "valid_from"]
