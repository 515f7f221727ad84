"""Work on the chunks of a file in several processes, results in the order of the file.

Worker processes are plain interpreters (spawned, not forked), so they may be started from a Celery worker, a web
server or the command line alike. One worker means no processes at all.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

AHEAD = 2  # chunks in hand per worker, so that no worker waits for the reader

_work: Callable[[object], object] | None = None


def _prepare(parent: int, build: Callable[..., Callable[[object], object]], arguments: tuple) -> None:
    global _work
    die_with_parent(parent)
    gc.disable()  # rows hold no rings, and looking for some takes a tenth of the time
    _work = build(*arguments)


def die_with_parent(parent: int) -> None:
    """End this process when the one that started it is killed, so that an interrupted load leaves nothing behind.

    parent: its process id, which is 1 where a worker is all that runs in a container.
    """
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getppid() != parent:
        os._exit(1)


def _do(piece: object) -> object:
    return _work(piece)


@contextmanager
def ordered_map(
    build: Callable[..., Callable[[object], object]], arguments: tuple, workers: int
) -> Iterator[Callable[[Iterable[object]], Iterator[object]]]:
    """A function that maps pieces to results, in order.

    build(*arguments) makes the mapping function, once in every process; it and all pieces must be picklable.
    """
    if workers < 2:
        work = build(*arguments)
        yield lambda pieces: map(work, pieces)
        return
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_prepare,
        initargs=(os.getpid(), build, arguments),
    )
    try:
        yield lambda pieces: _in_order(pool, pieces, workers * AHEAD)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, pieces: Iterable[object], ahead: int) -> Iterator[object]:
    waiting: deque[Future] = deque()
    for piece in pieces:
        waiting.append(pool.submit(_do, piece))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
