"""Contacts in the population of the walks: refusals, circumstances, a stop, the register, answers that were given.

Nouns of addresses: `stop` → ContactStop (`contacts/stops/<pk>/`), `refusal` → ContactRefusal
(`contacts/refusals/<pk>/tell/`, `<number>/contacts/refusals/<pk>/lift/`), `circumstance` → Circumstance,
`do-not-call-detail` → DoNotCallList, `do-not-call-follow` → DoNotCallNumber, `do-not-call-decide` → a month
(`2026-01`); all others name a customer by number.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from consent.models import DoNotCallNumber, Purpose
from consent.reports.contact_facts import digests_of
from consent.services import contact_circumstances, contact_refusals, do_not_call, stops
from consent.services.contacting import may_contact
from tests.planting import Planted, Population

KEYS = {"own": "OWN", "near": "NEAR", "far": "FAR", "vip": "VIP"}


def plant(planted: Population) -> None:
    """Of each of these customers a refusal and a circumstance in words that stand nowhere else, a registration of a
    number that is theirs no more, and an answer."""
    now, today, fp = timezone.now(), timezone.localdate(), planted.viewers["FP"]
    officer = planted.viewers["COMPLIANCE_OFFICER"]
    content = "전화번호,등록일\n010-5550-7001,2024-01-05\n없음,2026-01-05\n".encode()
    origin = do_not_call.load_list(content=content, name="register.csv", as_of=today, by=officer, at=now)
    for place, (word, key) in enumerate(KEYS.items(), 1):
        customer, via, reference = planted.notable[word], f"달빛통로{place:02}건", f"달빛접수{place:02}건"
        contact_refusals.refuse_contact(
            customer=customer, kind="OPT_OUT", channel="EMAIL", said_at=now, via=via, by=fp, at=now
        )
        contact_circumstances.record_circumstance(
            customer=customer, kind="CLAIM", reference=reference, started_on=today, by=fp, at=now
        )
        DoNotCallNumber.objects.create(
            phone_digest=digests_of([f"0105550800{place}"])[0], customer=customer, origin=origin,
            registered_on=date(2026, 1, 5), expires_on=today + timedelta(days=300),
        )  # fmt: skip
        planted.values += [Planted("consent", text, "POLICY", key) for text in (via, reference)]
        may_contact(customer=customer, channel="MAIL", purpose=_purpose("MARKETING"), at=now, by=fp)
    stop = stops.stop_contacts(purpose=_purpose("MARKETING"), channel="FAX", reason="점검", by=officer, at=now)
    may_contact(customer=planted.notable["own"], channel="FAX", purpose=stop.purpose, at=now, by=fp)


def _purpose(code: str) -> Purpose:
    return Purpose.objects.get(code=code)
