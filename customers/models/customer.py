"""The golden customer and the single grants that let a person outside its scope see it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from customers.models.source import SourceRow
from customers.querysets import STANDING, CustomerQuerySet


class Customer(models.Model):
    """One real person or organisation: a projection of the source records linked to it.

    `number` (통합고객번호) never changes and is never used again. A customer that was merged is kept: `merged_into`
    says where it went. One that is kept apart or destroyed is a number without any value. `provenance` names, per item,
    the record whose value won and the reason: `{item: [record id, reason]}`. Branch and keeper are held by code, so
    that they may arrive before the staff list.
    """

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", _("Active")
        MERGED = "MERGED", _("Merged")
        SEPARATED = "SEPARATED", _("Kept apart")
        DESTROYED = "DESTROYED", _("Destroyed")

    class Gate(models.TextChoices):
        IN_SCOPE = "IN_SCOPE", _("In scope")
        UNVERIFIED = "UNVERIFIED", _("Real name not verified")
        NO_CONSENT = "NO_CONSENT", _("No consent")
        NEITHER = "NEITHER", _("Neither verified nor consented")

    class Grade(models.TextChoices):
        VIP = "VIP", _("VIP")
        GOLD = "GOLD", _("Gold")
        SILVER = "SILVER", _("Silver")
        GENERAL = "GENERAL", _("General")

    number = models.CharField(_("customer number"), max_length=10, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.ACTIVE)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="absorbed",
        verbose_name=_("merged into"),
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)
    separated_at = models.DateTimeField(_("kept apart since"), null=True, blank=True)
    destroyed_at = models.DateTimeField(_("destroyed at"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=6, choices=SourceRow.Kind)
    gate = models.CharField(_("gate"), max_length=10, choices=Gate, default=Gate.NEITHER)
    name = models.TextField(_("name"))
    sort_name = models.TextField(_("name for sorting"))
    initials = models.TextField(_("initial consonants"), blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    is_lunar = models.BooleanField(_("lunar calendar"), default=False)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    rrn_mask = models.CharField(_("resident number"), max_length=14, blank=True)
    mobile = models.TextField(_("mobile"), blank=True)
    phone_home = models.TextField(_("home phone"), blank=True)
    email = models.TextField(_("e-mail"), blank=True)
    address = models.TextField(_("address"), blank=True)
    region = models.TextField(_("region"), blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    company_name = models.TextField(_("company"), blank=True)
    company_no = models.CharField(_("business number"), max_length=10, blank=True)
    crn = models.CharField(_("corporate number"), max_length=13, blank=True)
    employee_no = models.TextField(_("employee number"), blank=True)
    real_name_verified_on = models.DateField(_("real name verified on"), null=True, blank=True)
    marketing_consent_on = models.DateField(_("marketing consent on"), null=True, blank=True)
    main_branch = models.ForeignKey(
        "accounts.Branch",
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="customers",
        verbose_name=_("main branch"),
    )
    keeper = models.ForeignKey(
        "accounts.Staff",
        models.PROTECT,
        to_field="employee_number",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="kept_customers",
        verbose_name=_("keeper"),
    )
    grade = models.CharField(_("grade"), max_length=8, choices=Grade, blank=True)
    message = models.TextField(_("message to pass on"), blank=True)
    record_count = models.PositiveSmallIntegerField(_("source records"), default=0)
    source_count = models.PositiveSmallIntegerField(_("sources"), default=0)
    difference_count = models.PositiveSmallIntegerField(_("items the sources disagree on"), default=0)
    provenance = models.JSONField(_("where each value comes from"), default=dict)
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))

    history = HistoricalRecords(
        excluded_fields=["provenance", "sort_name", "initials"], no_db_index=["keeper", "main_branch", "merged_into"]
    )
    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("search_customer", gettext_noop("Can search for customers")),
            ("view_every_customer", gettext_noop("Can see every customer of the company")),
            ("view_branch_customers", gettext_noop("Can see the customers of the own branch and those below")),
            ("view_customer_history", gettext_noop("Can see the history of a customer")),
        ]
        constraints = [
            models.UniqueConstraint(name="customer_number_once", fields=["number"]),
            models.CheckConstraint(name="customer_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(
                name="customer_gone_says_when",
                condition=~Q(state__in=("SEPARATED", "DESTROYED"))
                | Q(state="SEPARATED", separated_at__isnull=False, destroyed_at__isnull=True)
                | Q(state="DESTROYED", destroyed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="customer_merged_says_where_and_when",
                condition=Q(state="ACTIVE", merged_into__isnull=True, merged_at__isnull=True)
                | Q(state="MERGED", merged_into__isnull=False, merged_at__isnull=False)
                | Q(state__in=("SEPARATED", "DESTROYED")),
            ),
        ]
        indexes = [
            # Without the nameless who are gone, whom every list by name would have to pass first.
            models.Index(name="customer_by_name", fields=["sort_name", "id"], condition=Q(state__in=STANDING)),
            models.Index(name="customer_by_initials", fields=["initials", "id"], condition=Q(state__in=STANDING)),
            models.Index(name="customer_by_birth_date", fields=["birth_date"]),
            models.Index(Right("mobile", 4), "mobile", name="customer_by_mobile_tail"),
            models.Index(
                Right("phone_home", 4), "phone_home", name="customer_by_home_tail", condition=~Q(phone_home="")
            ),
            models.Index(
                name="customer_organisations", fields=["sort_name", "id"], condition=Q(kind="ORG", state="ACTIVE")
            ),
            models.Index(name="customer_by_branch", fields=["main_branch", "sort_name", "id"]),
            models.Index(name="customer_by_keeper", fields=["keeper", "sort_name", "id"]),
            models.Index(name="customer_absorbed", fields=["merged_into"], condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("customers:customer-detail", args=[self.number])

    @property
    def is_active_customer(self) -> bool:
        return self.state == self.State.ACTIVE


class Keeping(models.Model):
    """Whom the company has made keeper of a customer, and at which branch; it outranks what the sources say.

    branch: empty where the sources go on saying it. Who kept whom before, and why, the apps above know.
    """

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="keeping", verbose_name=_("customer"))
    keeper = models.ForeignKey(
        "accounts.Staff",
        models.PROTECT,
        to_field="employee_number",
        db_constraint=False,
        related_name="+",
        verbose_name=_("keeper"),
    )
    branch = models.ForeignKey(
        "accounts.Branch",
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("branch"),
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("assigned keeper")
        verbose_name_plural = _("assigned keepers")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.keeper_id}"


class CustomerStaffGrant(UserObjectPermissionBase):
    """Lets one member of staff see one customer outside the own scope, for a reason and until an instant.

    A grant that has ended stays until it is swept, and opens nothing.
    """

    class Kind(models.TextChoices):
        CASE = "CASE", _("Case")
        NAMED = "NAMED", _("Named person")
        BREAK_GLASS = "BREAK_GLASS", _("Emergency")

    content_object = models.ForeignKey(Customer, models.PROTECT)
    kind = models.CharField(_("kind"), max_length=11, choices=Kind, default=Kind.CASE)
    reason = models.TextField(_("reason"), blank=True)
    granted_by = models.ForeignKey(
        "accounts.Staff", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted at"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("grant to a member of staff")
        verbose_name_plural = _("grants to staff")


class CustomerGroupGrant(GroupObjectPermissionBase):
    """Lets every member of a group see one customer outside their own scope."""

    content_object = models.ForeignKey(Customer, models.PROTECT)

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = _("grant to a group")
        verbose_name_plural = _("grants to groups")
