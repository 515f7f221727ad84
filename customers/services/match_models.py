"""Versions of the matching model: which one is in use, learning a new one, putting it to use."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection, transaction

from accounts.models import Staff
from customers import tasks
from customers.dedup import fitting, quality, unlabelled
from customers.dedup.engine import Cuts
from customers.dedup.model import Model
from customers.dedup.storing import from_json, shipped_model, to_json
from customers.models import MatchModel, MatchRun, Rehearsal, SourceSystem
from customers.services.rule_versions import AnotherIsLive, OwnDraft
from customers.services.snapshot import read_stock

log = logging.getLogger(__name__)
BY_HAND = "base"  # what the training of a version made by hand names: the version it was made from
REPLACED = "replaces"  # what the training of a version names once it was put to use: the version in use before


class AlreadyRetired(Exception):
    """A version that was replaced is not put to use again; its weights may be taken over into a new draft."""


class NotLearned(Exception):
    """The version has no weights: it is being learned, or learning failed."""


class NotRehearsed(Exception):
    """A draft made by hand was not rehearsed yet, or not since the whole stock was matched."""


class NothingToRollBack(Exception):
    """The version in use is the one that Hannun brings."""


def live_model() -> Model:
    """The model in use: the live version, or the one that Hannun brings."""
    version = MatchModel.objects.filter(state=MatchModel.State.LIVE).values_list("version", flat=True).first()
    return shipped_model() if version is None else model_of(version)


@lru_cache(maxsize=4)
def model_of(version: int) -> Model:
    """A version of the model; the weights of a version never change, so it is read once per process."""
    return shipped_model() if version == 0 else from_json(version, MatchModel.objects.get(version=version).definition)


def cuts_of(model: Model) -> Cuts:
    """From how many bits on pairs of each two sources are linked or reviewed."""
    return Cuts(model.cuts, dict(SourceSystem.objects.values_list("pk", "code")))


@transaction.atomic
def request_model(*, by: Staff | None, at: datetime) -> MatchModel:
    """Note that a new version is to be learned; a worker does it after commit. One that is being learned already is
    returned instead."""
    learning = MatchModel.objects.filter(state=MatchModel.State.LEARNING).first()
    if learning:
        return learning
    model = new_version(by, at)
    tasks.learn_model.delay_on_commit(model_id=model.pk)
    return model


def fit_model(*, by: Staff | None, at: datetime) -> MatchModel:
    """Learn a new version from the stock now and here, as a draft. Raises `fitting.TooLittleToLearn`."""
    return learn_model(model=new_version(by, at))


@transaction.atomic
def new_version(by: Staff | None, at: datetime, *, state: str = MatchModel.State.LEARNING) -> MatchModel:
    """A version with the next number, to be given its weights."""
    with connection.cursor() as cursor:  # nobody else gives out a number until the transaction ends
        cursor.execute("LOCK TABLE customers_matchmodel IN SHARE ROW EXCLUSIVE MODE")
    newest = MatchModel.objects.order_by("-version").first()
    version = newest.version + 1 if newest else 1
    return MatchModel.objects.create(version=version, state=state, created_by=by, created_at=at)


def learn_model(*, model: MatchModel) -> MatchModel:
    """Learn the weights of a version from the stock; it becomes a draft, or FAILED with the reason.

    Raises `fitting.TooLittleToLearn`.
    """
    if model.state != MatchModel.State.LEARNING:
        return model
    try:
        live = live_model()
        fitted = fitting.fit(read_stock().rows, shipped_model(), cuts=live.cuts)
        fitted = replace(fitted, model=replace(fitted.model, keys_off=live.keys_off))
    except Exception as problem:
        model.state, model.error = MatchModel.State.FAILED, type(problem).__name__
        model.save(update_fields=["state", "error"])
        raise
    return _save(model, fitted)


def _save(model: MatchModel, fitted: fitting.Fitted) -> MatchModel:
    model.state, model.definition, model.training = MatchModel.State.DRAFT, to_json(fitted.model), fitted.training
    model.quality = quality.report(fitted.model, fitted.lesson)
    model.save(update_fields=["state", "definition", "training", "quality"])
    return model


def learn_first_model(*, at: datetime) -> MatchModel | None:
    """Learn from a stock that has taught nothing yet, and put what was learned to use; None where there is too little
    to learn from, or somebody has learned before. Later versions are for people to publish."""
    if MatchModel.objects.exclude(state=MatchModel.State.DRAFT, training__has_key=BY_HAND).exists():
        return None
    rows = read_stock().rows
    try:
        fitted = fitting.fit(rows, shipped_model())
    except fitting.TooLittleToLearn:
        try:
            fitted = unlabelled.fit_without_identifiers(rows, shipped_model())
        except unlabelled.NothingToTellApart:
            return None
    model = new_version(None, at)
    _save(model, fitted)
    return publish_model(model=model, by=None, at=at)


@transaction.atomic
def publish_model(*, model: MatchModel, by: Staff | None, at: datetime) -> MatchModel:
    """Put a draft to use in place of the live version, which retires. Links are weighed anew by the next match run.

    A draft made by hand is put to use by somebody else than its author, after a rehearsal on the links that stand.
    Raises AlreadyRetired, NotLearned, OwnDraft, NotRehearsed.
    """
    model = MatchModel.objects.select_for_update().get(pk=model.pk)
    if model.state == MatchModel.State.RETIRED:
        raise AlreadyRetired
    if model.state in (MatchModel.State.LEARNING, MatchModel.State.FAILED):
        raise NotLearned
    if model.state == MatchModel.State.LIVE:
        return model
    if is_by_hand(model):
        _check_draft(model, by)
    live = MatchModel.objects.select_for_update().filter(state=MatchModel.State.LIVE).first()
    if live:
        _retire(live)
    model.training[REPLACED] = live.version if live else 0
    _put_to_use(model, by, at)
    return model


def is_by_hand(model: MatchModel) -> bool:
    """Whether a person made this version from another one."""
    return BY_HAND in model.training


def _check_draft(model: MatchModel, by: Staff | None) -> None:
    if by is None or by.pk == model.created_by_id:
        raise OwnDraft
    if valid_rehearsal(model) is None:
        raise NotRehearsed


def valid_rehearsal(model: MatchModel) -> Rehearsal | None:
    """The newest finished rehearsal of a version; None where a match run has changed the links since."""
    rehearsal = model.rehearsals.filter(state=Rehearsal.State.DONE).order_by("-finished_at", "-pk").first()
    if rehearsal is None:
        return None
    looked_at = rehearsal.finished_at - timedelta(seconds=rehearsal.seconds)
    runs = MatchRun.objects.filter(state=MatchRun.State.DONE, finished_at__gt=looked_at)
    return None if runs.exists() else rehearsal


@transaction.atomic
def roll_back_match_model(*, by: Staff | None, at: datetime, seen: int | None = None) -> MatchModel | None:
    """Let the version come back that the live one took the place of; None for the one that Hannun brings. Links are
    weighed anew by the next match run.

    seen: the version that was in use when somebody wanted this. Raises NothingToRollBack, AnotherIsLive.
    """
    live = MatchModel.objects.select_for_update().filter(state=MatchModel.State.LIVE).first()
    if live is None:
        raise NothingToRollBack
    if seen not in (None, live.version):
        raise AnotherIsLive
    earlier = forerunner(live)
    _retire(live)
    if earlier:
        earlier = MatchModel.objects.select_for_update().get(pk=earlier.pk)
        _put_to_use(earlier, by, at)
    log.info("Version %s of the model is rolled back by staff %s", live.version, by.pk if by else None)
    return earlier


def forerunner(live: MatchModel) -> MatchModel | None:
    """The version that the live one took the place of; None for the one that Hannun brings."""
    if REPLACED in live.training:
        return MatchModel.objects.filter(version=live.training[REPLACED]).first()
    retired = MatchModel.objects.filter(state=MatchModel.State.RETIRED, published_at__isnull=False)
    return retired.order_by("-published_at", "-version").first()


def _retire(model: MatchModel) -> None:
    model.state = MatchModel.State.RETIRED
    model.save(update_fields=["state"])


def _put_to_use(model: MatchModel, by: Staff | None, at: datetime) -> None:
    model.state, model.published_by, model.published_at = MatchModel.State.LIVE, by, at
    model.save(update_fields=["state", "published_by", "published_at", "training"])
