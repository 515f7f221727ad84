"""Noting how well the engine did on sets whose truth is known."""

from __future__ import annotations

from datetime import datetime

from customers.models import TruthCheck


def record_truth_check(
    *,
    name: str,
    records: int,
    precision: float,
    recall: float,
    cut: float,
    model_version: int,
    seconds: float,
    at: datetime,
) -> TruthCheck:
    """Keep the figures of one set; precision and recall over pairs of records, 0 to 1."""
    both = precision + recall
    return TruthCheck.objects.create(
        name=name,
        records=records,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / both if both else 0.0,
        cut=cut,
        model_version=model_version,
        seconds=round(seconds, 3),
        measured_at=at,
    )
