"""Answer packs: assembled from every holder, kept sealed until their day, given out as a file, destroyed."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import AccessEntry, Staff
from accounts.trail import describe, saw
from consent.models import AnswerPack, RightsRequest
from consent.numbers import numbers_on
from consent.pack_data import as_archive, new_passphrase
from consent.pack_page import as_html
from consent.packs import Document, read_document
from consent.paper import as_pdf
from consent.reports.rights_answers import document_of
from consent.rules.rights import outcome
from consent.services.rights import StillOpen, held
from customers.sealing import Sealer

State, Kind = RightsRequest.State, RightsRequest.Kind


class Form(StrEnum):
    """In what form a pack is given out."""

    PDF = "PDF"
    HTML = "HTML"
    ZIP = "ZIP"


class PackGone(Exception):
    """The pack was destroyed on its day; another one can be made while the request is open."""


class NoArchive(Exception):
    """A pack of this kind has no archive for machines: that is for data to carry along."""


@dataclass(frozen=True)
class Made:
    """A new pack. passphrase: of its archive, told once and kept nowhere; '' where there is none."""

    pack: AnswerPack
    passphrase: str


@transaction.atomic
def make_pack(*, request: RightsRequest, by: Staff, at: datetime) -> Made:
    """Assemble the answer to a request all of whose items are decided; it takes the place of an earlier pack.

    Raises NotWaiting, StillOpen.
    """
    request = held(request, State.ACCEPTED)
    if outcome(request.items.values_list("decision", flat=True)) is None:
        raise StillOpen
    document = document_of(request, at)
    passphrase = new_passphrase() if request.kind == Kind.PORTABILITY else ""
    archive = base64.b64encode(as_archive(document, passphrase)).decode() if passphrase else ""
    _destroy(list(request.packs.select_for_update().filter(sealed__isnull=False)), at)
    today = timezone.localdate(at)
    pack = AnswerPack.objects.create(
        request=request,
        sealed=Sealer(settings.KEYS).seal(_written(document, archive), place_of_pack(request.number)),
        digest=document.digest(),
        counts=document.counts(),
        made_by=by,
        made_at=at,
        destroy_on=today + timedelta(days=numbers_on(today)["pack_days"]),
    )
    if request.customer_id is not None:
        saw(request.customer_id)
    return Made(pack, passphrase)


def document_in(pack: AnswerPack) -> Document:
    """What a pack says. Raises PackGone, customers.sealing.CannotOpen."""
    return read_document(json.dumps(_opened(pack)["document"]))


def take_pack(*, pack: AnswerPack, form: str, by: Staff, at: datetime) -> bytes:
    """The pack as a file of this form; that it was taken stands on the trail with its fingerprint. ZIP: for machines.

    Raises PackGone, NoArchive, customers.sealing.CannotOpen.
    """
    form = Form(form)
    content = _opened(pack)
    describe(
        kind=AccessEntry.Kind.EXPORT,
        conditions={"download": pack.request.number, "fingerprint": pack.digest[:16], "columns": form},
        count=1,
    )
    if pack.request.customer_id is not None:
        saw(pack.request.customer_id)
    if form == Form.ZIP:
        if not content["archive"]:
            raise NoArchive
        return base64.b64decode(content["archive"])
    document = read_document(json.dumps(content["document"]))
    return as_pdf(document, pack.made_at) if form == Form.PDF else as_html(document)


@transaction.atomic
def destroy_due_packs(*, at: datetime) -> int:
    """Destroy the content of packs whose day has come; returns how many. Their fingerprints and counts stay."""
    due = AnswerPack.objects.select_for_update(skip_locked=True).filter(
        sealed__isnull=False, destroy_on__lte=timezone.localdate(at)
    )
    return _destroy(list(due), at)


def _destroy(packs: list[AnswerPack], at: datetime) -> int:
    for pack in packs:
        pack.sealed, pack.destroyed_at = None, at
        pack.save(update_fields=["sealed", "destroyed_at"])
    return len(packs)


def _written(document: Document, archive: str) -> str:
    return json.dumps({"document": json.loads(document.written()), "archive": archive}, ensure_ascii=False)


def _opened(pack: AnswerPack) -> dict[str, object]:
    if pack.sealed is None:
        raise PackGone
    return json.loads(Sealer(settings.KEYS).open(bytes(pack.sealed), place_of_pack(pack.request.number)))


def place_of_pack(number: str) -> str:
    """What the sealed pack of the request with this number is bound to."""
    return f"pack|{number}"
