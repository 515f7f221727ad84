"""Mappings on their way into use: tried on a sample, put to use, retired, copied to a new draft."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import Staff
from customers.feeds.mapping import MappingProblem
from customers.feeds.reading import UnreadableFile
from customers.feeds.reasons import definition_problems, file_reason
from customers.feeds.sampling import Sample, take_sample
from customers.formats import KOREA
from customers.models import Code, Mapping
from customers.services.feeds import open_with
from customers.services.receiving import write_private

log = logging.getLogger(__name__)
SAMPLES = "samples"  # below FEED_DIR; a sample lies there only while it is read
NAME_LENGTH = Mapping._meta.get_field("name").max_length


class SampleRefused(Exception):
    """The sample cannot be read by the mapping; the message says why, in the language that is active."""


class MappingUnfit(Exception):
    """The definition has faults; the arguments are the sentences that name them."""


class MappingChanged(Exception):
    """Somebody edited the mapping meanwhile, so the test says nothing of what it is now."""


class NotADraft(Exception):
    """Only a draft can be put to use."""


class NotLive(Exception):
    """Only a mapping in use can be retired or replaced."""


class NeverTested(Exception):
    """The definition as it is now was not tried on a sample with at least one row that would be taken in."""


def test_mapping(*, mapping: Mapping, sample: UploadedFile, by: Staff, at: datetime) -> Sample:
    """Try a mapping on a sample; nothing is kept but when, on how many rows, and how many were rejected.

    Raises MappingUnfit, SampleRefused, MappingChanged.
    """
    _check(mapping)
    tried = _tried(mapping, sample, at)
    with transaction.atomic():
        held = Mapping.objects.select_for_update().get(pk=mapping.pk)
        if (held.layout, held.definition) != (mapping.layout, mapping.definition):
            raise MappingChanged
        held.tested_at, held.tested_rows, held.tested_rejects = at, tried.read_count, tried.reject_count
        held.save(update_fields=["tested_at", "tested_rows", "tested_rejects"])
    log.info("Mapping %s was tested by staff %s on %s rows.", mapping.pk, by.pk, tried.read_count)
    return tried


def _check(mapping: Mapping) -> None:
    problems = definition_problems(mapping.layout, mapping.definition)
    if problems:
        raise MappingUnfit(*problems)


def _tried(mapping: Mapping, sample: UploadedFile, at: datetime) -> Sample:
    name = Path(sample.name).name
    with _stored(sample) as path:
        try:
            opened = open_with(path, mapping.definition)
            return take_sample(
                opened,
                mapping.layout,
                mapping.definition,
                at.astimezone(KOREA),
                settings.KEYS,
                Code.objects.regions(),
            )
        except (UnreadableFile, MappingProblem) as problem:
            raise SampleRefused(file_reason(problem.code, problem.details | {"file": name})) from None


@contextmanager
def _stored(sample: UploadedFile) -> Iterator[Path]:
    """The sample as a file of its own kind, for as long as it is needed."""
    folder = settings.FEED_DIR / SAMPLES
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(8)}{Path(sample.name).suffix.lower()}"
    try:
        write_private(path, sample)
        yield path
    finally:
        path.unlink(missing_ok=True)


@transaction.atomic
def edit_mapping(*, mapping: Mapping, definition: dict[str, object], by: Staff) -> Mapping:
    """Give a draft another definition; a test of the old one does not count for it. Raises NotADraft, MappingUnfit."""
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.state != Mapping.State.DRAFT:
        raise NotADraft
    if mapping.definition != definition:
        mapping.definition, mapping.tested_at, mapping.tested_rows, mapping.tested_rejects = definition, None, 0, 0
    _check(mapping)
    mapping.save(update_fields=["definition", "tested_at", "tested_rows", "tested_rejects", "updated_at"])
    log.info("Mapping %s was edited by staff %s.", mapping.pk, by.pk)
    return mapping


@transaction.atomic
def publish_mapping(*, mapping: Mapping, replaces: Mapping | None, by: Staff) -> Mapping:
    """Put a tested draft to use. It takes over the name of the one it replaces, so that whoever loads by that name
    goes on as before; the replaced one is retired under a name with a number behind it.

    Raises NotADraft, MappingUnfit, NeverTested, NotLive.
    """
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.state != Mapping.State.DRAFT:
        raise NotADraft
    _check(mapping)
    if mapping.tested_at is None or mapping.tested_rows <= mapping.tested_rejects:
        raise NeverTested
    if replaces is not None:
        mapping.name = _vacated(mapping, replaces)
    mapping.state = Mapping.State.LIVE
    mapping.save(update_fields=["name", "state", "updated_at"])
    log.info("Mapping %s was put to use by staff %s.", mapping.pk, by.pk)
    return mapping


def _vacated(mapping: Mapping, replaces: Mapping) -> str:
    """Retire the mapping that is replaced; returns the name that it had."""
    old = Mapping.objects.replaceable_by(mapping).select_for_update().filter(pk=replaces.pk).first()
    if old is None:
        raise NotLive
    name = old.name
    old.name, old.state = _free_name(name), Mapping.State.RETIRED
    old.save(update_fields=["name", "state", "updated_at"])
    return name


@transaction.atomic
def retire_mapping(*, mapping: Mapping, by: Staff) -> Mapping:
    """Take a mapping out of use; no new feed can be read by it. Raises NotLive."""
    mapping = Mapping.objects.select_for_update().get(pk=mapping.pk)
    if mapping.state != Mapping.State.LIVE:
        raise NotLive
    mapping.state = Mapping.State.RETIRED
    mapping.save(update_fields=["state", "updated_at"])
    log.info("Mapping %s was retired by staff %s.", mapping.pk, by.pk)
    return mapping


@transaction.atomic
def copy_mapping(*, mapping: Mapping, by: Staff) -> Mapping:
    """A new draft with the definition of `mapping`, whatever state that is in."""
    draft = Mapping.objects.create(
        name=_free_name(mapping.name),
        source=mapping.source,
        layout=mapping.layout,
        definition=mapping.definition,
    )
    log.info("Mapping %s was copied from %s by staff %s.", draft.pk, mapping.pk, by.pk)
    return draft


def _free_name(name: str) -> str:
    """The name with the lowest number behind it that no mapping has: policy-customers~2."""
    stem = family(name)[: NAME_LENGTH - 5]
    taken = set(Mapping.objects.filter(name__startswith=f"{stem}~").values_list("name", flat=True))
    return next(free for number in count(2) if (free := f"{stem}~{number}") not in taken)


def family(name: str) -> str:
    """policy-customers~2 → policy-customers: the name that the drafts and forerunners of a mapping have in common."""
    stem, mark, number = name.rpartition("~")
    return stem if mark and number.isdecimal() else name


def forerunner(mapping: Mapping) -> Mapping | None:
    """The live mapping that a draft was most likely made to replace: the one of its family."""
    return Mapping.objects.replaceable_by(mapping).filter(name=family(mapping.name)).first()
