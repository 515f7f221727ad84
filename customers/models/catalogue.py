"""The catalogue of items and the code tables."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from customers.querysets import CodeQuerySet


class Item(models.Model):
    """One kind of information on a customer (birth date, mobile …): its area, owner, grade, mask and survivorship."""

    class Area(models.TextChoices):
        BASIC = "BASIC", _("Basic")
        CONTRACT = "CONTRACT", _("Contract")
        CONTACT = "CONTACT", _("Contact")
        CONTACT_RELATED = "CONTACT_RELATED", _("Contact-related")

    class Grade(models.IntegerChoices):
        """1 is the most sensitive; health and claims have a grade of their own, of which no more is told than that
        there is something."""

        HEALTH = 0, _("0 · health and claims")
        UNIQUE_IDENTIFIER = 1, _("1 · unique identifier")
        PRIVATE = 2, _("2 · private")
        INTERNAL = 3, _("3 · internal")
        OPEN = 4, _("4 · open to staff")

    class Mask(models.TextChoices):
        NONE = "NONE", _("none")
        NAME = "NAME", _("name")
        RESIDENT_NUMBER = "RESIDENT_NUMBER", _("resident number")
        PHONE = "PHONE", _("phone")
        EMAIL = "EMAIL", _("e-mail")
        ADDRESS = "ADDRESS", _("address")
        BIRTH_DATE = "BIRTH_DATE", _("birth date")
        ACCOUNT = "ACCOUNT", _("account number")
        ALL = "ALL", _("everything")

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    english_name = models.CharField(_("English name"), max_length=60)
    area = models.CharField(_("area"), max_length=16, choices=Area)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    owner_department = models.CharField(_("owner department"), max_length=60)
    steward_department = models.CharField(_("steward department"), max_length=60)
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade, default=Grade.INTERNAL)
    mask = models.CharField(_("mask"), max_length=16, choices=Mask, default=Mask.NONE)
    purpose = models.CharField(_("purpose"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    survivorship = models.CharField(_("survivorship rule"), max_length=40, blank=True)
    retention_class = models.CharField(_("retention class"), max_length=40, blank=True)
    service_field = models.CharField(_("service field"), max_length=60, blank=True)
    warehouse_column = models.CharField(_("warehouse column"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")

    def __str__(self) -> str:
        return self.english_name if get_language() == "en" else self.name


class Code(models.Model):
    """One value of a dated code table, such as a 시도 (province or metropolitan city) of the address standard."""

    table = models.CharField(_("code table"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=100)
    english_name = models.CharField(_("English name"), max_length=100, blank=True)
    aliases = models.CharField(_("other spellings"), max_length=200, blank=True, help_text=_("Separated by commas."))
    postcode_prefixes = models.CharField(
        _("first two digits of the postcode"), max_length=200, blank=True, help_text=_("Separated by commas.")
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [
            models.UniqueConstraint(
                name="code_once_per_table_and_start", fields=["table", "code", "valid_from"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="code_ends_after_it_starts",
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name
