"""What a customer must prove before the company may use the data: the master's own proofs and their composition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from customers.models import Customer

Gate = Callable[[Iterable[int]], Mapping[int, str]]


def missing_proofs(customer_ids: Iterable[int]) -> dict[int, list[str]]:
    """{customer id: what is missing, in words}, in the order of settings.CUSTOMER_GATES; only those who lack some."""
    ids = list(customer_ids)
    missing: dict[int, list[str]] = {}
    for path in settings.CUSTOMER_GATES:
        gate: Gate = import_string(path)
        for customer_id, proof in gate(ids).items():
            missing.setdefault(customer_id, []).append(proof)
    return missing


def real_name_verified(customer_ids: Iterable[int]) -> Mapping[int, str]:
    """The customers of whom no source says that the real name was verified (real name financial transactions act)."""
    lacking = Customer.objects.filter(pk__in=customer_ids, real_name_verified_on__isnull=True)
    return dict.fromkeys(lacking.values_list("pk", flat=True), _("the real name was not verified"))


def consent_held(customer_ids: Iterable[int]) -> Mapping[int, str]:
    """The customers who gave no source a consent to marketing."""
    lacking = Customer.objects.filter(pk__in=customer_ids, marketing_consent_on__isnull=True)
    return dict.fromkeys(lacking.values_list("pk", flat=True), _("no consent to marketing"))
