"""The registry of laws (K3): as the source document cites them, what came after, what hangs on their clauses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models.authors import by_staff


class Law(models.Model):
    """A law under the name that the source document cites; `successor` is the law that took its place.

    area: the place in the map of laws of the source document (A50).
    """

    class Area(models.TextChoices):
        CONSTITUTION = "CONSTITUTION", _("Constitution")
        PUBLIC_GENERAL = "PUBLIC_GENERAL", _("Public sector, general law")
        PUBLIC_SPECIAL = "PUBLIC_SPECIAL", _("Public sector, special law")
        PRIVATE_GENERAL = "PRIVATE_GENERAL", _("Private sector, general law")
        PRIVATE_SPECIAL = "PRIVATE_SPECIAL", _("Private sector, special law")
        OTHER = "OTHER", _("Other law")

    code = models.CharField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=150)
    cited_as = models.CharField(_("as cited"), max_length=150, blank=True)
    area = models.CharField(_("area"), max_length=15, choices=Area)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )
    version = models.CharField(_("version read"), max_length=100, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    repealed_on = models.DateField(_("repealed on"), null=True, blank=True)
    reviewed_on = models.DateField(_("last looked at"), null=True, blank=True)
    review_by = models.DateField(_("to be looked at by"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("law")
        verbose_name_plural = _("laws")
        permissions = [("edit_law", gettext_noop("Can edit the registry of laws"))]

    def __str__(self) -> str:
        return self.name


class Clause(models.Model):
    """A clause of a law in its wording from a day on. A changed clause is another row; the one before ends.

    grade: how sure the wording is, as `reference` sources grade it (V read in the law, V2 second-hand, M by memory).
    """

    class Grade(models.TextChoices):
        READ = "V", _("Read in the law")
        SECOND_HAND = "V2", _("Read elsewhere")
        MEMORY = "M", _("From memory, to be confirmed")

    law = models.ForeignKey(Law, models.PROTECT, related_name="clauses", verbose_name=_("law"))
    article = models.CharField(_("article"), max_length=60)
    summary = models.TextField(_("what it asks"))
    grade = models.CharField(_("how sure"), max_length=2, choices=Grade, default=Grade.MEMORY)
    starts_on = models.DateField(pgettext_lazy("since", "from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    recorded_by = by_staff(_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = [
            models.UniqueConstraint(
                name="clause_one_open_per_article", fields=["law", "article"], condition=Q(ends_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.law_id} {self.article}"


class ClauseLink(models.Model):
    """What hangs on an article of a law: an item, a purpose, a screen, a retention class, a number, a job, a column."""

    class Kind(models.TextChoices):
        ITEM = "ITEM", _("Item")
        PURPOSE = "PURPOSE", _("Purpose")
        SCREEN = "SCREEN", _("Screen")
        RETENTION = "RETENTION", _("Retention class")
        NUMBER = "NUMBER", _("Number of the law")
        JOB = "JOB", _("Job")
        COLUMN = "COLUMN", _("Column of the warehouse")

    law = models.ForeignKey(Law, models.PROTECT, related_name="links", verbose_name=_("law"))
    article = models.CharField(_("article"), max_length=60)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    key = models.CharField(_("what"), max_length=80)
    owner_role = models.CharField(_("who answers for it"), max_length=40)

    class Meta:
        verbose_name = _("thing that hangs on a clause")
        verbose_name_plural = _("things that hang on clauses")
        constraints = [models.UniqueConstraint(name="clause_link_once", fields=["law", "article", "kind", "key"])]

    def __str__(self) -> str:
        return f"{self.article} {self.kind} {self.key}"


class LawTask(models.Model):
    """A clause changed: somebody looks at one thing that hangs on it, until a day."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="tasks", verbose_name=_("clause"))
    kind = models.CharField(_("kind"), max_length=9, choices=ClauseLink.Kind)
    key = models.CharField(_("what"), max_length=80)
    owner_role = models.CharField(_("who answers for it"), max_length=40)
    due_on = models.DateField(_("due on"))
    opened_at = models.DateTimeField(_("opened at"))
    result = models.TextField(_("result"), blank=True)
    done_by = by_staff(_("done by"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("task of a changed clause")
        verbose_name_plural = _("tasks of changed clauses")
        constraints = [models.UniqueConstraint(name="law_task_once", fields=["clause", "kind", "key"])]
        indexes = [models.Index(name="law_task_open", fields=["due_on", "id"], condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.clause_id} {self.key}"
