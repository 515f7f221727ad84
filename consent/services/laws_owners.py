"""Items of the catalogue that nobody owns, or two: whoever decides is asked, until a day (CO7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from consent.models import Clause, ClauseLink, LawTask
from consent.numbers import numbers_on
from consent.rules.laws import Owned, badly_owned
from consent.services.laws import open_tasks
from customers.models import Item

LAW, ARTICLE = "CREDIT", "제20조"
"""신용정보법 제20조: who is responsible for which information is to be clear. Questions about owners hang on it."""
DECIDES = "COMPLIANCE_OFFICER"


class NoClause(Exception):
    """The registry has no article on which questions about owners could hang."""


def owner_clause() -> Clause | None:
    """The article in its wording of now."""
    return Clause.objects.filter(law__code=LAW, article=ARTICLE, ends_on=None).first()


def owned_items() -> list[Owned]:
    """Every item of the catalogue with its departments."""
    rows = Item.objects.order_by("area", "position", "code")
    return [Owned(*row) for row in rows.values_list("code", "owner_department", "steward_department")]


@transaction.atomic
def ask_for_owners(*, at: datetime) -> int:
    """Open a task for every item whose owner is not clear and has no task; returns how many. Repeatable.

    Raises NoClause.
    """
    clause = owner_clause()
    if clause is None:
        raise NoClause
    today = localdate(at)
    due = today + timedelta(days=numbers_on(today)["item_owner_days"])
    tasks = [
        LawTask(clause=clause, kind=ClauseLink.Kind.ITEM, key=code, owner_role=DECIDES, due_on=due, opened_at=at)
        for code in badly_owned(owned_items())
    ]
    return open_tasks(tasks=tasks, at=at)
