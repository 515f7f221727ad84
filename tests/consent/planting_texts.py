"""Texts and laws in the population of the walks: a draft, versions in use, a recipient, a clause that changed.

Nouns of addresses: `purpose` → Purpose, `text` → Text, `recipient` → Recipient, `law` → Law, `law-task` → LawTask,
`clause` → Clause, `clause-link` → ClauseLink; all are the names of their models.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consent.models import Clause, Purpose, Recipient
from consent.services import laws, texts
from consent.services.law_seeding import set_up_laws
from consent.services.seeding import set_up_consent
from tests.consent.texting import words
from tests.planting import Population


def plant(planted: Population) -> None:
    """A draft of marketing, a version that names a recipient and asks again, and tasks of a clause that changes."""
    set_up_consent()
    set_up_laws()
    now, today = timezone.now(), timezone.localdate()
    author, second = planted.viewers["COMPLIANCE_OFFICER"], planted.viewers["PRIVACY_OFFICER"]
    texts.draft_text(purpose=Purpose.objects.get(code="MARKETING"), words=words(), by=author, at=now)
    named = words(
        recipients=list(Recipient.objects.filter(code="AFFILIATE_CARD")),
        is_material=True,
        ask_again_by=today + timedelta(days=90),
    )
    text = texts.draft_text(purpose=Purpose.objects.get(code="PROVISION_AFFILIATE"), words=named, by=author, at=now)
    texts.publish_text(text=text, by=second, at=now)
    clause = Clause.objects.get(law__code="NETWORK", article="제50조 제8항", ends_on=None)
    laws.change_clause(
        clause=clause,
        summary="수신 동의를 해마다 다시 확인한다.",
        grade="V",
        starts_on=today + timedelta(days=120),
        by=author,
        at=now,
    )
