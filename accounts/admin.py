"""Back-office tables of staff, branches and channels. Every write with consequences goes through the services."""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.html import format_html
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.admin_forms import BranchForm, StaffForm
from accounts.models import Branch, Channel, Staff
from accounts.roles import role_name


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "english_name"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Channel | None = None) -> list[str]:
        return ["code"] if obj else []


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):
    form = BranchForm
    list_display = ["code", "name", "kind", "parent", "closed_on"]
    list_filter = ["kind", ("closed_on", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]
    ordering = ["path"]

    def get_fields(self, request: HttpRequest, obj: Branch | None = None) -> list[str]:
        return ["code", "name", "kind", "parent", *(["closed_on"] if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Branch | None = None) -> list[str]:
        return ["code", "kind"] if obj else []

    def save_model(self, request: HttpRequest, obj: Branch, form: ModelForm, change: bool) -> None:
        if not change:
            opened = services.open_branch(
                code=obj.code, name=obj.name, kind=obj.kind, parent=obj.parent, by=request.user
            )
            obj.pk, obj.path = opened.pk, opened.path
            return
        if "name" in form.changed_data:
            services.rename_branch(branch=obj, name=obj.name)
        if "parent" in form.changed_data:
            services.move_branch(branch=obj, parent=obj.parent, by=request.user)
        if "closed_on" in form.changed_data and obj.closed_on is None:
            services.reopen_branch(branch=obj, by=request.user)
        elif "closed_on" in form.changed_data:
            services.close_branch(branch=obj, on=obj.closed_on, by=request.user)


class RoleFilter(admin.SimpleListFilter):
    """Staff who hold a role, by its name and not by that of its group."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(role, role_name(role)) for role in settings.ROLES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Staff]) -> QuerySet[Staff]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


@admin.register(Staff)
class StaffAdmin(admin.ModelAdmin):
    form = StaffForm
    list_display = ["employee_number", "name", "branch", "job", "channel", "is_active", "held_roles"]
    list_filter = ["is_active", "channel", RoleFilter]
    list_select_related = ["branch", "channel"]
    search_fields = ["employee_number", "name"]
    autocomplete_fields = ["branch"]
    ordering = ["employee_number"]
    show_full_result_count = False
    actions = ["issue_link", "unlock"]
    fieldsets = [
        (None, {"fields": ["employee_number", "name", "branch", "job", "channel", "joined_on"]}),
        (_("Access"), {"fields": ["is_active", "roles", "language", "last_login", "access_page"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Staff | None = None) -> list[str]:
        return ["last_login", "access_page", *(["employee_number"] if obj else [])]

    def get_form(self, request: HttpRequest, obj: Staff | None = None, **kwargs: object) -> type[StaffForm]:
        made = super().get_form(request, obj, **kwargs)
        made.editor = request.user
        return made

    def has_change_permission(self, request: HttpRequest, obj: Staff | None = None) -> bool:
        """Only a superuser changes a superuser."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not obj.is_superuser or request.user.is_superuser)

    @admin.display(description=_("roles"))
    def held_roles(self, staff: Staff) -> str:
        return ", ".join(sorted(role_name(group.name) for group in staff.groups.all()))

    @admin.display(description=_("sessions and second factor"))
    def access_page(self, staff: Staff) -> str:
        if staff.pk is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("accounts:staff-access", args=[staff.pk]), _("Look at the access")
        )

    def save_model(self, request: HttpRequest, obj: Staff, form: StaffForm, change: bool) -> None:
        """Enter or change the person; roles are given and taken one by one, in the name of who does it."""
        if change:
            self._change(request, obj, form)
        else:
            fields = {name: form.cleaned_data[name] for name in ("joined_on", "language", "is_active")}
            hired = services.hire_staff(
                employee_number=obj.employee_number,
                name=obj.name,
                branch=obj.branch,
                job=obj.job,
                channel=obj.channel,
                by=request.user,
                **fields,
            )
            obj.pk = hired.pk
        for role in form.roles_to_assign:
            services.assign_role(staff=obj, role=role, by=request.user)
        for role in form.roles_to_withdraw:
            services.withdraw_role(staff=obj, role=role, by=request.user)

    def _change(self, request: HttpRequest, obj: Staff, form: ModelForm) -> None:
        """What gives or takes rights goes through the services, which record it; the rest is stored."""
        now, by = timezone.now(), request.user
        if "branch" in form.changed_data:
            services.move_staff(staff=obj, branch=obj.branch, by=by, at=now)
        if "channel" in form.changed_data:
            services.change_channel(staff=obj, channel=obj.channel, by=by, at=now)
        if "is_active" in form.changed_data:
            act = services.reactivate_staff if obj.is_active else services.deactivate_staff
            act(staff=obj, at=now, by=by)
        kept = set(form.changed_data) & {"name", "job", "joined_on", "language"}
        if kept:
            obj.save(update_fields=sorted(kept))

    @admin.action(description=_("Issue a one-time link to choose a password"), permissions=["change"])
    def issue_link(self, request: HttpRequest, queryset: QuerySet[Staff]) -> None:
        """Show one link per person chosen; it works once, and for `PASSWORD_RESET_TIMEOUT` seconds."""
        for staff in queryset.filter(is_active=True):
            if not self.has_change_permission(request, staff):
                self.message_user(request, _("You may not do this for a superuser."), messages.ERROR)
                continue
            try:
                services.record_password_link(staff=staff, by=request.user, at=timezone.now())
            except services.OwnAccess:
                self.message_user(request, _("Nobody issues a link for their own account."), messages.ERROR)
                continue
            place = [urlsafe_base64_encode(force_bytes(staff.pk)), default_token_generator.make_token(staff)]
            link = request.build_absolute_uri(reverse("accounts:password-first", args=place))
            self.log_change(request, staff, gettext("A one-time link to choose a password was issued."))
            text = _("%(staff)s chooses a password here, once and within %(hours)s hours: %(link)s")
            hours = settings.PASSWORD_RESET_TIMEOUT // 3600
            self.message_user(request, text % {"staff": staff, "hours": hours, "link": link})

    @admin.action(description=_("Unlock after failed logins"), permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[Staff]) -> None:
        """Let the people chosen try to log in again at once."""
        for staff in queryset:
            try:
                services.unlock_login(staff=staff, by=request.user, at=timezone.now())
            except services.OwnAccess:
                self.message_user(request, _("Nobody unlocks their own account."), messages.ERROR)
                continue
            self.log_change(request, staff, gettext("The account was unlocked."))
        self.message_user(request, _("The accounts chosen are not locked any more."))
