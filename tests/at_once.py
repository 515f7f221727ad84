"""Two at once: one of them holds what the other waits for."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

IN_A_MOMENT = 1.0  # seconds that one of two holds what the other waits for


@contextmanager
def beside(held: Callable[[], object], later: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Somebody else in a transaction of their own: they do `held`, then what stands in the block begins, and a moment
    later they do the rest. None of it may fail."""
    is_held, failures = threading.Event(), []

    def work() -> None:
        try:
            with transaction.atomic():
                held()
                is_held.set()
                time.sleep(IN_A_MOMENT)
                later()
        except BaseException as problem:
            failures.append(problem)
        finally:
            is_held.set()
            connection.close()

    other = threading.Thread(target=work)
    other.start()
    assert is_held.wait(10)
    yield
    other.join()
    assert failures == []
