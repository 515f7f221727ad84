"""Contracts as the sources send them, and the parties on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractRow(models.Model):
    """What a contract and its older versions have in common. Amounts are won; `premium` is for one cycle."""

    class Status(models.TextChoices):
        APPLIED = "APPLIED", _("Applied")
        IN_FORCE = "IN_FORCE", _("In force")
        GRACE = "GRACE", _("Grace period")
        LAPSED = "LAPSED", _("Lapsed")
        REINSTATED = "REINSTATED", _("Reinstated")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")
        VOID = "VOID", _("Void")
        CANCELLED = "CANCELLED", _("Cancelled")
        DECLINED = "DECLINED", _("Declined")
        SURRENDERED = "SURRENDERED", _("Surrendered")
        MATURED = "MATURED", _("Matured")
        TERMINATED = "TERMINATED", _("Terminated")
        TRANSFERRED = "TRANSFERRED", _("Transferred")
        REDUCED_PAID_UP = "REDUCED_PAID_UP", _("Reduced paid-up")
        PAID_UP = "PAID_UP", _("Paid up")
        WAIVED = "WAIVED", _("Premium waived")

    PAYING_STATUSES = ("IN_FORCE", "GRACE", "REINSTATED")
    LIVE_STATUSES = ("IN_FORCE", "GRACE", "REINSTATED", "REDUCED_PAID_UP", "PAID_UP", "WAIVED")

    class ProductGroup(models.TextChoices):
        WHOLE_LIFE = "WHOLE_LIFE", _("Whole life")
        TERM = "TERM", _("Term")
        HEALTH = "HEALTH", _("Health")
        CANCER = "CANCER", _("Cancer")
        ACCIDENT = "ACCIDENT", _("Accident")
        CHILD = "CHILD", _("Child")
        ANNUITY = "ANNUITY", _("Annuity")
        SAVINGS = "SAVINGS", _("Savings")
        VARIABLE = "VARIABLE", _("Variable")
        INDEMNITY = "INDEMNITY", _("Medical indemnity")
        GROUP = "GROUP", _("Group")
        RETIREMENT = "RETIREMENT", _("Retirement")
        OTHER = "OTHER", _("Other")

    class Cycle(models.TextChoices):
        MONTHLY = "MONTHLY", _("Monthly")
        BIMONTHLY = "BIMONTHLY", _("Every two months")
        QUARTERLY = "QUARTERLY", _("Quarterly")
        SEMIANNUAL = "SEMIANNUAL", _("Half-yearly")
        ANNUAL = "ANNUAL", _("Yearly")
        SINGLE = "SINGLE", _("Single")

    MONTHS_PER_CYCLE = {"MONTHLY": 1, "BIMONTHLY": 2, "QUARTERLY": 3, "SEMIANNUAL": 6, "ANNUAL": 12}
    """A single premium belongs to no month."""

    contract_no = models.TextField(_("contract number"))
    product_group = models.CharField(_("product group"), max_length=12, choices=ProductGroup)
    product_name = models.TextField(_("product"), blank=True)
    status = models.CharField(_("status"), max_length=15, choices=Status)
    started_on = models.DateField(_("started on"), null=True)
    ends_on = models.DateField(_("ends on"), null=True, help_text=_("Empty for whole life."))
    premium = models.DecimalField(_("premium"), max_digits=15, decimal_places=0, null=True)
    premium_cycle = models.CharField(_("premium cycle"), max_length=10, choices=Cycle, blank=True)
    branch_code = models.TextField(_("branch code"), blank=True)
    fp_code = models.TextField(_("FP code"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    as_of = models.DateTimeField(_("as of"))
    loaded_at = models.DateTimeField(_("loaded at"))
    digest = models.BinaryField(_("digest"))
    raw = models.TextField(_("row as sent"))
    feed_run = models.ForeignKey(
        "customers.FeedRun",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("feed run"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.contract_no


class Contract(ContractRow):
    """An insurance contract, one per source and contract number, as last sent."""

    source = models.ForeignKey(
        "customers.SourceSystem",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="contracts",
        verbose_name=_("source"),
    )

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(name="contract_once_per_source", fields=["source", "contract_no"]),
        ]
        indexes = [
            models.Index(name="contract_by_number", fields=["contract_no"]),
            models.Index(name="contract_of_group", fields=["id"], condition=models.Q(product_group="GROUP")),
        ]


class ContractVersion(ContractRow):
    """A contract as it was before a newer row replaced it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="versions", verbose_name=_("contract"))
    superseded_at = models.DateTimeField(_("superseded at"))

    class Meta:
        verbose_name = _("older version of a contract")
        verbose_name_plural = _("older versions of contracts")
        constraints = [models.UniqueConstraint(name="contract_version_once", fields=["contract", "version"])]


class ContractParty(models.Model):
    """A role that a record of the same source plays on a contract; the record may arrive later than the role."""

    class Role(models.TextChoices):
        POLICYHOLDER = "POLICYHOLDER", _("Policyholder")
        INSURED = "INSURED", _("Insured")
        INSURED_2ND = "INSURED_2ND", _("Secondary insured")
        BENEFICIARY_MATURITY = "BENEFICIARY_MATURITY", _("Beneficiary at maturity")
        BENEFICIARY_DEATH = "BENEFICIARY_DEATH", _("Beneficiary at death")
        BENEFICIARY_DISABILITY = "BENEFICIARY_DISABILITY", _("Beneficiary at disability")
        PAYER = "PAYER", _("Payer")
        ACCOUNT_HOLDER = "ACCOUNT_HOLDER", _("Account holder")
        LEGAL_REP = "LEGAL_REP", _("Legal representative")
        CLAIM_AGENT = "CLAIM_AGENT", _("Designated claim agent")

    source = models.ForeignKey(
        "customers.SourceSystem",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("source"),
    )
    contract_no = models.TextField(_("contract number"))
    role = models.CharField(_("role"), max_length=22, choices=Role)
    party_source_key = models.TextField(_("source key of the party"))
    feed_run = models.ForeignKey(
        "customers.FeedRun",
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("feed run"),
    )

    class Meta:
        verbose_name = _("contract party")
        verbose_name_plural = _("contract parties")
        constraints = [
            models.UniqueConstraint(
                name="contract_party_once", fields=["source", "contract_no", "role", "party_source_key"]
            ),
        ]
        indexes = [models.Index(name="contract_party_of_record", fields=["source", "party_source_key"])]

    def __str__(self) -> str:
        return f"{self.contract_no} {self.role}"
