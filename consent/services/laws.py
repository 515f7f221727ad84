"""The registry of laws: entering laws and clauses, changing a clause from a day on, the tasks that this makes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import Staff
from accounts.services.notices import notify_role
from consent.models import Clause, ClauseLink, Law, LawTask
from consent.numbers import numbers_on
from consent.rules.laws import next_review, task_due
from consent.words.laws import TASKS_OPENED


class CodeTaken(Exception):
    """There is a law of this code already."""


class OwnSuccessor(Exception):
    """A law cannot come after itself, not even by a detour."""


class ArticleTaken(Exception):
    """The article stands in the registry already; it is changed instead."""


class AlreadyEnded(Exception):
    """The clause has another wording after it, or was ended."""


class StartsBefore(Exception):
    """The new wording would begin before, or with, the one that it takes the place of."""


class LinkedAlready(Exception):
    """The thing hangs on the article already."""


class AlreadyDone(Exception):
    """The task was done before; its result stands."""


@transaction.atomic
def register_law(*, code: str, **fields: object) -> Law:
    """Enter a law. fields: columns of Law. Raises CodeTaken."""
    law, is_new = Law.objects.get_or_create(code=code, defaults=fields)
    if not is_new:
        raise CodeTaken
    return law


@transaction.atomic
def edit_law(*, law: Law, **fields: object) -> Law:
    """Change what the registry says of a law. Raises OwnSuccessor."""
    law = Law.objects.select_for_update().get(pk=law.pk)
    if "successor" in fields:
        _refuse_circle(law, fields["successor"])
    for name, value in fields.items():
        setattr(law, name, value)
    law.save(update_fields=list(fields))
    return law


@transaction.atomic
def review_law(*, law: Law, on: date) -> Law:
    """Note that somebody looked at the law that day and found the registry right; it is due again in some months."""
    law = Law.objects.select_for_update().get(pk=law.pk)
    law.reviewed_on, law.review_by = on, next_review(on, numbers_on(on)["law_review_months"])
    law.save(update_fields=["reviewed_on", "review_by"])
    return law


@transaction.atomic
def add_clause(
    *, law: Law, article: str, summary: str, grade: str, starts_on: date, by: Staff | None, at: datetime
) -> Clause:
    """Enter an article that the registry does not have. Raises ArticleTaken."""
    Law.objects.select_for_update().get(pk=law.pk)
    if law.clauses.filter(article=article, ends_on=None).exists():
        raise ArticleTaken
    return Clause.objects.create(
        law=law, article=article, summary=summary, grade=grade, starts_on=starts_on, recorded_by=by, recorded_at=at
    )


@transaction.atomic
def change_clause(
    *, clause: Clause, summary: str, grade: str, starts_on: date, by: Staff | None, at: datetime
) -> Clause:
    """Let another wording take the place of this one from a day on; whoever answers for a thing that hangs on the
    article is told after commit, and has a task until a day. Returns the new wording.

    Raises AlreadyEnded, StartsBefore.
    """
    clause = Clause.objects.select_for_update().select_related("law").get(pk=clause.pk)
    if clause.ends_on is not None:
        raise AlreadyEnded
    if starts_on <= clause.starts_on:
        raise StartsBefore
    clause.ends_on = starts_on - timedelta(days=1)
    clause.save(update_fields=["ends_on"])
    changed = Clause.objects.create(
        law=clause.law,
        article=clause.article,
        summary=summary,
        grade=grade,
        starts_on=starts_on,
        recorded_by=by,
        recorded_at=at,
    )
    _open_tasks(changed, at)
    return changed


@transaction.atomic
def link_clause(*, law: Law, article: str, kind: str, key: str, owner_role: str) -> ClauseLink:
    """Let a thing hang on an article. Raises LinkedAlready."""
    link, is_new = ClauseLink.objects.get_or_create(
        law=law, article=article, kind=kind, key=key, defaults={"owner_role": owner_role}
    )
    if not is_new:
        raise LinkedAlready
    return link


@transaction.atomic
def unlink_clause(*, link: ClauseLink) -> None:
    """Let a thing hang on the article no more; tasks that it made stay."""
    ClauseLink.objects.filter(pk=link.pk).delete()


@transaction.atomic
def finish_task(*, task: LawTask, result: str, by: Staff, at: datetime) -> LawTask:
    """Note what came of looking at the thing. Raises AlreadyDone."""
    task = LawTask.objects.select_for_update().get(pk=task.pk)
    if task.done_at is not None:
        raise AlreadyDone
    task.result, task.done_by, task.done_at = result, by, at
    task.save(update_fields=["result", "done_by", "done_at"])
    return task


def open_tasks(*, tasks: list[LawTask], at: datetime) -> int:
    """Keep tasks that are not there yet, and tell each role once how many it was given; returns how many were new."""
    before = set(LawTask.objects.values_list("clause_id", "kind", "key"))
    new = [task for task in tasks if (task.clause_id, task.kind, task.key) not in before]
    LawTask.objects.bulk_create(new, ignore_conflicts=True)
    counts: dict[str, int] = {}
    for task in new:
        counts[task.owner_role] = counts.get(task.owner_role, 0) + 1
    for role, count in counts.items():
        url = reverse("consent:law-task-list")
        notify_role(role=role, kind=TASKS_OPENED, at=at, what={"count": count}, url=url)
    return len(new)


def _open_tasks(clause: Clause, at: datetime) -> None:
    today = localdate(at)
    due = task_due(clause.starts_on, today, numbers_on(today)["law_task_days"])
    links = ClauseLink.objects.filter(law=clause.law_id, article=clause.article).order_by("pk")
    tasks = [
        LawTask(clause=clause, kind=link.kind, key=link.key, owner_role=link.owner_role, due_on=due, opened_at=at)
        for link in links
    ]
    open_tasks(tasks=tasks, at=at)


def _refuse_circle(law: Law, successor: Law | None) -> None:
    after = dict(Law.objects.values_list("pk", "successor_id"))
    step = successor.pk if successor else None
    while step is not None:
        if step == law.pk:
            raise OwnSuccessor
        step = after.get(step)
