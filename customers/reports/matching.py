"""What the page of a match run tells."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.functional import Promise

from customers import matching_words as words
from customers.charts import Bar, Scale, bar
from customers.models import FeedRun, MatchPart, MatchRun
from customers.services.locks import is_match_run_taken
from customers.services.matching import live_step

STEPS = (
    MatchRun.Step.READING,
    MatchRun.Step.WEIGHING,
    MatchRun.Step.DECIDING,
    MatchRun.Step.WRITING,
    MatchRun.Step.PROJECTING,
)
WAITS_LONG = timedelta(minutes=1)


@dataclass(frozen=True)
class StepTime:
    """A step of a run. place: done, now, next or ended, where the run was stopped or failed; seconds: '' before its
    end; bar: its share of the longest step."""

    label: str | Promise
    place: str
    seconds: str
    bar: Bar


@dataclass(frozen=True)
class PartLine:
    """A part of a run. seconds: '' before it is done."""

    part: MatchPart
    seconds: str


@dataclass(frozen=True)
class MatchRunReport:
    """All that the page of a run shows. percent: parts done of all; seconds: of all steps together, '' before any.

    is_waiting: nobody leads it yet; waits_long: for more than a minute; waits_for: the feed that writes meanwhile;
    is_left: it is at work, but nobody leads it now; error: a sentence, '' where none is needed; counts:
    (label, count).
    """

    run: MatchRun
    percent: int
    parts_done: int
    parts: tuple[PartLine, ...]
    steps: tuple[StepTime, ...]
    counts: tuple[tuple[Promise, int], ...]
    seconds: str
    error: str
    is_waiting: bool
    waits_long: bool
    waits_for: FeedRun | None
    is_left: bool


def match_run_report(run: MatchRun) -> MatchRunReport:
    """The state and outcome of a run; `run` with requested_by."""
    step = live_step(run)
    parts = tuple(PartLine(part, words.seconds(part.seconds) if part.is_done else "") for part in _parts_of(run))
    done = sum(line.part.is_done for line in parts)
    is_waiting = run.state == MatchRun.State.RUNNING and step == MatchRun.Step.WAITING
    spent = sum(run.seconds.get(each, 0) for each in STEPS)
    return MatchRunReport(
        run=run,
        percent=100 * done // len(parts) if parts else 0,
        parts_done=done,
        parts=parts,
        steps=_steps(run, step),
        counts=tuple((label, run.counts[name]) for name, label in words.COUNTS.items() if name in run.counts),
        seconds=words.seconds(spent) if spent else "",
        error=words.error(run.error) if run.error else "",
        is_waiting=is_waiting,
        waits_long=is_waiting and timezone.now() - run.started_at > WAITS_LONG,
        waits_for=_feed_at_work() if is_waiting else None,
        is_left=run.state == MatchRun.State.RUNNING and not is_waiting and _is_left(run),
    )


def _parts_of(run: MatchRun) -> list[MatchPart]:
    return list(run.parts.order_by("number"))


def _steps(run: MatchRun, now: str) -> tuple[StepTime, ...]:
    """The steps with their places; before the first all are to come, behind the last all are done."""
    order = [str(step) for step in (MatchRun.Step.WAITING, *STEPS, MatchRun.Step.FINISHED)]
    place = order.index(now) - 1
    at = "now" if run.state == MatchRun.State.RUNNING else "ended"
    scale = Scale(0, max([run.seconds.get(step, 0) for step in STEPS] + [0.001]))
    return tuple(
        StepTime(
            label=step.label,
            place="done" if number < place else at if number == place else "next",
            seconds=_seconds_of(run.seconds, step) if number < place else "",
            bar=bar(run.seconds.get(step, 0), scale),
        )
        for number, step in enumerate(STEPS)
    )


def _seconds_of(seconds: Table[str, float], step: str) -> str:
    return words.seconds(seconds[step]) if step in seconds else ""


def _is_left(run: MatchRun) -> bool:
    """Whether nobody leads the run, though it has not ended; asked in this order, since it may end between the two."""
    return not is_match_run_taken(run.pk) and MatchRun.objects.unfinished().filter(pk=run.pk).exists()


def _feed_at_work() -> FeedRun | None:
    """The feed that may be writing links now, the one that began first."""
    return FeedRun.objects.filter(state=FeedRun.State.RUNNING).order_by("started_at", "pk").first()
