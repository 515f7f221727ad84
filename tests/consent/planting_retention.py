"""Retention in the population of the walks: holds, batches at every step, a draft of periods, a look at separated data.

Nouns of addresses: `batch` → DestructionBatch, `copy` → CopyAnswer, `retention` → RetentionRules (by its version);
`hold` and `separated-use` are found by the names of their models, and the others name a customer by number.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consent.models import DestructionBatch
from consent.rules.retention import Due
from consent.services import batches_copies, batches_running, holds, retention_batches, retention_rules, separated
from customers.models import Customer
from tests.customers.builders import feed, person
from tests.planting import Population

KEYS = {"RET1": "노을파기하나", "RET2": "노을파기두리", "RET3": "노을분리세나", "RET4": "노을제안네나"}


def plant(planted: Population) -> None:
    """Holds on customers near and far, a proposal about the far one, batches that wait for copies and that are
    certified, somebody who is kept apart and was looked at."""
    now, today = timezone.now(), timezone.localdate()
    compliance, privacy = planted.others["compliance"], planted.viewers["PRIVACY_OFFICER"]
    for place, word in enumerate(("near", "far", "vip"), 1):
        holds.place_hold(
            customer=planted.notable[word], reason=f"노을소송{place:02}건", clause="민사소송법 제344조",
            scope="DESTRUCTION", review_on=today + timedelta(days=place * 10), by=compliance, at=now,
        )  # fmt: skip
    feed([person(source_key=key, name=name, birth_date=f"19{key[-1]}1-03-02") for key, name in KEYS.items()])
    waits, certified, apart, proposed = (Customer.objects.get(links__record__source_key=key) for key in KEYS)
    _batch(proposed, "SEPARATE", planted)
    _run(_batch(waits, "DESTROY", planted), planted)
    closed = _run(_batch(certified, "DESTROY", planted), planted)
    for copy in closed.copies.all():
        batches_copies.answer_copy(copy=copy, by=privacy, at=now)
    _run(_batch(apart, "SEPARATE", planted), planted)
    apart.refresh_from_db()
    separated.use_separated(customer=apart, reason="노을확인", clause="신용정보법 제20조의2", by=privacy, at=now)
    periods = {"classes": {"PROSPECT": {"months": 24}}}
    draft = retention_rules.draft_retention_rules(by=compliance, at=now, definition=periods, comment="가망고객 2년")
    retention_rules.rehearse_retention_rules(rules=draft, at=now)


def _batch(customer: Customer, action: str, planted: Population) -> DestructionBatch:
    due = Due("REQUEST", "개인정보 보호법 제36조", None, timezone.localdate())
    return retention_batches.propose_batch(
        action=action, origin="RIGHT", customers={customer.pk: due}, by=planted.others["compliance"],
        at=timezone.now(), basis="노을근거",
    )  # fmt: skip


def _run(batch: DestructionBatch, planted: Population) -> DestructionBatch:
    retention_batches.approve_batch(batch=batch, by=planted.viewers["PRIVACY_OFFICER"], at=timezone.now())
    return batches_running.run_batch(batch=batch)
