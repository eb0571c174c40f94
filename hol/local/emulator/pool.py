"""The emulator's table of worker processes: whose they are, which are idle, how long their calls take.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. Whoever calls holds the table's lock; `comes_up` takes it.
"""

from __future__ import annotations

import time

from hol.local.emulator.talk import Worker


def comes_up(key: str) -> bool:
    """Whether the function has processes, and none of them is up yet."""
    from ministack.core import lambda_runtime as runtime

    with runtime._lock:
        present = runtime._workers.get(key, ())
        return bool(present) and not any(one._start_time for one in present)


def longest_idle() -> Worker | None:
    """The idle process that was used longest ago."""
    from ministack.core import lambda_runtime as runtime

    idle = [one for entries in runtime._workers.values() for one in entries if not one.in_use]
    return min(idle, key=lambda one: one.last_used, default=None)


def forget(worker: Worker) -> None:
    """Take it off the table, before it is ended."""
    from ministack.core import lambda_runtime as runtime

    key = key_of(worker)
    runtime._workers[key].remove(worker)
    if not runtime._workers[key]:
        del runtime._workers[key]


def key_of(worker: Worker) -> str:
    """Which function's it is; "" for one that is off the table."""
    from ministack.core import lambda_runtime as runtime

    return next((key for key, entries in runtime._workers.items() if worker in entries), "")


def running(worker: Worker) -> float:
    """Seconds that the worker's call has taken by now, its process' start not counted."""
    if not worker.in_use or not worker._start_time:
        return 0.0
    return float(time.time() - max(worker.last_used, worker._start_time))
