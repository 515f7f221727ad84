"""Versions of the matching model: which one is in use, learning a new one, putting it to use."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from accounts.models import Staff
from customers import tasks
from customers.dedup import fitting, quality, unlabelled
from customers.dedup.engine import Cuts
from customers.dedup.model import Model
from customers.dedup.storing import from_json, shipped_model, to_json
from customers.models import MatchModel, SourceSystem
from customers.services.snapshot import read_stock


class AlreadyRetired(Exception):
    """A version that was replaced does not come back; its weights may be taken over into a new one."""


class NotLearned(Exception):
    """The version has no weights: it is being learned, or learning failed."""


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
    model = _new_version(by, at)
    tasks.learn_model.delay_on_commit(model_id=model.pk)
    return model


def fit_model(*, by: Staff | None, at: datetime) -> MatchModel:
    """Learn a new version from the stock now and here, as a draft. Raises `fitting.TooLittleToLearn`."""
    return learn_model(model=_new_version(by, at))


@transaction.atomic
def _new_version(by: Staff | None, at: datetime) -> MatchModel:
    newest = MatchModel.objects.select_for_update().order_by("-version").first()
    version = newest.version + 1 if newest else 1
    return MatchModel.objects.create(version=version, state=MatchModel.State.LEARNING, created_by=by, created_at=at)


def learn_model(*, model: MatchModel) -> MatchModel:
    """Learn the weights of a version from the stock; it becomes a draft, or FAILED with the reason.

    Raises `fitting.TooLittleToLearn`.
    """
    if model.state != MatchModel.State.LEARNING:
        return model
    try:
        fitted = fitting.fit(read_stock().rows, shipped_model(), cuts=live_model().cuts)
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
    if MatchModel.objects.exists():
        return None
    rows = read_stock().rows
    try:
        fitted = fitting.fit(rows, shipped_model())
    except fitting.TooLittleToLearn:
        try:
            fitted = unlabelled.fit_without_identifiers(rows, shipped_model())
        except unlabelled.NothingToTellApart:
            return None
    model = _new_version(None, at)
    _save(model, fitted)
    return publish_model(model=model, by=None, at=at)


@transaction.atomic
def publish_model(*, model: MatchModel, by: Staff | None, at: datetime) -> MatchModel:
    """Put a draft to use in place of the live version, which retires. Links are weighed anew by the next match run.

    Raises AlreadyRetired, NotLearned.
    """
    model = MatchModel.objects.select_for_update().get(pk=model.pk)
    if model.state == MatchModel.State.RETIRED:
        raise AlreadyRetired
    if model.state in (MatchModel.State.LEARNING, MatchModel.State.FAILED):
        raise NotLearned
    if model.state == MatchModel.State.LIVE:
        return model
    MatchModel.objects.filter(state=MatchModel.State.LIVE).update(state=MatchModel.State.RETIRED)
    model.state, model.published_by, model.published_at = MatchModel.State.LIVE, by, at
    model.save(update_fields=["state", "published_by", "published_at"])
    return model
