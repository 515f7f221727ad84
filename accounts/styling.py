"""The look of inputs: the classes that the style sheet knows, for the forms of every app."""

from django import forms

CLASSES = {forms.CheckboxInput: "form-check-input", forms.Select: "form-select"}


def styled(form: forms.BaseForm) -> None:
    """Give every input of `form` the class that the style sheet knows, and mark those that were refused."""
    for name, field in form.fields.items():
        kinds = (look for kind, look in CLASSES.items() if isinstance(field.widget, kind))
        refused = " is-invalid" if form.is_bound and name in form.errors else ""
        field.widget.attrs["class"] = next(kinds, "form-control") + refused
