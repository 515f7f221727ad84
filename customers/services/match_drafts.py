"""Drafts of the matching model made by hand: cuts and weights changed, to be rehearsed and then put to use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import Staff
from customers.dedup.drafting import Levels, Sources, changed, differences
from customers.dedup.model import Cut
from customers.dedup.storing import to_json
from customers.models import MatchModel, SourceSystem
from customers.services.match_models import BY_HAND, model_of, new_version


class NoWeights(Exception):
    """The version that was to be changed is unknown, is being learned, or could not be."""


class UnknownSource(Exception):
    """A cut names a source that does not exist."""


class NothingChanged(Exception):
    """The draft would be what its base is."""


@transaction.atomic
def draft_match_model(
    *,
    by: Staff,
    at: datetime,
    cuts: Mapping[Sources, Cut],
    weights: Mapping[str, Levels] | None = None,
    keys_off: Collection[str] = (),
    comment: str = "",
    base: int | None = None,
) -> MatchModel:
    """A new draft with these cuts, without these keys and, of `weights`, with those that differ; the rest is as in its
    base.

    cuts: all of them, with ("*", "*") for the sources without one of their own; weights: {"person" or "organisation":
    {field: {level: bits}}}; keys_off: of `blocking.OPTIONAL_KEYS`; base: a version, 0 for the one that Hannun brings;
    the one in use when not given.

    Raises NoWeights, UnknownSource, NothingChanged, and `customers.dedup.drafting.UnfitDraft`.
    """
    row = base_of(base)
    unknown = {code for sources in cuts for code in sources} - {
        "*",
        *SourceSystem.objects.values_list("code", flat=True),
    }
    if unknown:
        raise UnknownSource(*sorted(unknown))
    old = model_of(row.version if row else 0)
    new = changed(old, cuts, weights or {}, keys_off)
    changes = differences(old, new)
    if not any(changes.values()):
        raise NothingChanged
    model = new_version(by, at, state=MatchModel.State.DRAFT)
    model.definition = to_json(new)
    model.training = {BY_HAND: old.version, "changes": changes, "comment": comment}
    # What the weights were judged by holds for other cuts too, but not for other weights, nor for other candidates.
    model.quality = row.quality if row and not (changes["weights"] or changes["keys"]) else {}
    model.save(update_fields=["definition", "training", "quality"])
    return model


def base_of(version: int | None) -> MatchModel | None:
    """The version that a draft is made from, the one in use when not given; None for the one that Hannun brings.

    Raises NoWeights.
    """
    if version is None:
        return MatchModel.objects.live()
    row = MatchModel.objects.filter(version=version).first()
    if version and (row is None or not row.definition):
        raise NoWeights
    return row
