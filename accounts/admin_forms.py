"""What the back-office forms refuse, in plain words, before a service would."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Branch, Staff
from accounts.roles import role_name


class BranchForm(forms.ModelForm):
    """A branch; its code and kind stay as they were opened."""

    class Meta:
        model = Branch
        fields = ["code", "name", "kind", "parent", "closed_on"]
        help_texts = {"closed_on": _("From this day nothing new is placed here. Empty while the branch is open.")}

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        if not self.errors:
            self._check_place(cleaned)
        if self.instance.pk and "closed_on" in self.changed_data and cleaned.get("closed_on"):
            self._check_closing()
        return cleaned

    def _check_place(self, cleaned: dict[str, object]) -> None:
        standing = self.instance if self.instance.pk else None
        kind = cleaned.get("kind") or self.instance.kind
        try:
            services.check_place(kind=kind, parent=cleaned.get("parent"), branch=standing)
        except services.BranchMisplaced:
            self.add_error("parent", _("Only a head office stands alone, and nothing stands below itself."))
        except services.BranchClosed:
            self.add_error("parent", _("This branch is closed. Choose an open one."))

    def _check_closing(self) -> None:
        if self.initial.get("closed_on"):
            self.add_error("closed_on", _("The branch is closed already. Clear the day to open it again."))
        elif services.is_in_use(branch=self.instance):
            self.add_error("closed_on", _("Open branches or active staff are still here. Move them first."))


class StaffForm(forms.ModelForm):
    """A member of staff with roles. `editor`, set by the administration, is the person who fills it in."""

    editor: Staff
    roles = forms.MultipleChoiceField(label=_("roles"), required=False, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Staff
        fields = ["employee_number", "name", "branch", "job", "channel", "joined_on", "is_active", "language"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        held = set(self.instance.groups.values_list("name", flat=True)) if self.instance.pk else set()
        self.held_roles = held & settings.ROLES.keys()
        if "roles" not in self.fields:  # somebody who may only look
            return
        self.fields["roles"].choices = [(role, role_name(role)) for role in settings.ROLES]
        self.initial["roles"] = sorted(self.held_roles)
        if self.instance.pk == self.editor.pk:
            self.fields["roles"].disabled = True
            self.fields["is_active"].disabled = True
            self.fields["roles"].help_text = gettext("Nobody changes their own roles. Ask another administrator.")

    def clean_branch(self) -> Branch | None:
        branch = self.cleaned_data["branch"]
        if branch is not None and branch.closed_on is not None and "branch" in self.changed_data:
            raise forms.ValidationError(_("This branch is closed. Choose an open one."))
        return branch

    @property
    def roles_to_assign(self) -> list[str]:
        return sorted(set(self.cleaned_data["roles"]) - self.held_roles)

    @property
    def roles_to_withdraw(self) -> list[str]:
        return sorted(self.held_roles - set(self.cleaned_data["roles"]))
