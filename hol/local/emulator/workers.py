"""The emulator's worker processes: at most `MOST` for all functions together, and used again and again.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. The emulator starts a process for every
call that finds none idle; a laptop has few cores, so here a call waits its turn for a warm one, in order of arrival,
while further ones are started beside it if the queue is worth it. Who waits too long is told what Lambda tells: 429.
Waiting always ends, so a function that calls itself through the gateway cannot lock the pool. What a function's first
process takes to come up does not count: AWS would start one for each call, and refuse none of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hol.local.emulator import pool
from hol.local.emulator.talk import Worker
from hol.local.wire import Record

MOST = 16
_MOST_WAITING = 128
_LONGEST_WAIT = 5.0
_LONGEST_START = 25.0  # API Gateway waits for 29
# A queue that stands this long gets one more process; beyond `_ENOUGH` processes it must stand longer.
_SOON, _LATER = 0.1, 0.5
_ENOUGH = max(2, os.cpu_count() or 1)
# A function that takes this long waits rather than computes: several processes may start at once.
_SLOW_SECONDS, _STARTS_AT_ONCE = 0.25, 4


class Ringing(Protocol):
    """What wakes a call that waits, a thread's or the event loop's."""

    def set(self) -> None: ...


class _Bell:
    """Wakes the event loop's waiting task from any thread."""

    def __init__(self) -> None:
        self.rung, self._loop = asyncio.Event(), asyncio.get_running_loop()

    def set(self) -> None:
        if asyncio._get_running_loop() is self._loop:
            self.rung.set()
        else:
            self._loop.call_soon_threadsafe(self.rung.set)


@dataclass(eq=False)
class _Turn:
    """A call that waits since then; it gets a worker, or with none a hint to look again. `until`: how long it waits."""

    since: float
    ready: Ringing
    until: float
    worker: Worker | None = None

    def is_open(self, key: str) -> bool:
        now = time.monotonic()
        if now < self.since + _LONGEST_START and pool.comes_up(key):
            self.until = max(self.until, now + _LONGEST_WAIT)
        return self.worker is None and not _closed and now < self.until


@dataclass
class _Queue:
    """The calls that wait for one function, how many processes it is getting, and how long a call takes."""

    turns: deque[_Turn] = field(default_factory=deque)
    make: Callable[[], Worker] | None = None
    starting: int = 0
    seconds: float = 0.0


_queues: dict[str, _Queue] = defaultdict(_Queue)
_ending = 0
_watching = False
_closed = False


def correct() -> None:
    """Take the place of the emulator's own pool."""
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    for module in (lambda_runtime, lambda_svc):
        module.acquire_worker = acquire
        module.release_worker = release


def close() -> None:
    """End every process, and start none again."""
    from ministack.core import lambda_runtime

    global _closed
    _closed = True
    lambda_runtime.reset()


def acquire(
    name: str, config: Record, code: bytes, qualifier: str = "$LATEST", max_concurrency: int | None = None
) -> tuple[Worker | None, str]:
    """(worker, how it was found), or (None, reason) for a call that would wait too long; `release` gives it back."""
    from ministack.core import lambda_runtime as runtime

    key = runtime._worker_key(name, config, qualifier)
    ready = threading.Event()
    turn = _queued(key, ready, lambda: runtime._worker_class_for(config)(name, config, code))
    while turn.is_open(key):
        ready.clear()
        _grow(key)
        ready.wait(_SOON / 2)
    worker = _left(key, turn)
    return worker, "reused" if worker else "func_cap"


async def acquired(name: str, config: Record, code: bytes, qualifier: str) -> Worker | None:
    """As `acquire`, for the event loop: the worker, or None."""
    from ministack.core import lambda_runtime as runtime

    key = runtime._worker_key(name, config, qualifier)
    turn = _queued(key, bell := _Bell(), lambda: runtime._worker_class_for(config)(name, config, code))
    try:
        while turn.is_open(key):
            bell.rung.clear()
            _watch()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(turn.until - time.monotonic()):
                    await bell.rung.wait()
    except BaseException:
        release(_left(key, turn), measured=False)
        raise
    return _left(key, turn)


def _watch() -> None:
    """While tasks wait, look whether they are worth a further process."""
    global _watching
    for key, queue in list(_queues.items()):
        if queue.turns:
            _grow(key)
    if not _watching:
        _watching = True
        asyncio.get_running_loop().call_later(_SOON / 2, _look)


def _look() -> None:
    global _watching
    _watching = False
    if any(queue.turns for queue in _queues.values()):
        _watch()


def _queued(key: str, ready: Ringing, make: Callable[[], Worker]) -> _Turn:
    """A turn at the queue's end; over at once when a worker is idle, or when nobody may wait any longer."""
    from ministack.core import lambda_runtime as runtime

    with runtime._lock:
        now = time.monotonic()
        turn, queue = _Turn(now, ready, now + _LONGEST_WAIT), _queues[key]
        idle = next((one for one in runtime._workers.get(key, ()) if not one.in_use), None)
        if idle and not queue.turns:
            turn.worker = _taken(idle)
        elif _closed or sum(len(one.turns) for one in _queues.values()) >= _MOST_WAITING:
            turn.since, turn.until = -_LONGEST_START, 0.0
        else:
            queue.turns.append(turn)
            queue.make = make
    return turn


def _left(key: str, turn: _Turn) -> Worker | None:
    """The worker that the turn got, taken; None, and no turn any longer, without one."""
    from ministack.core import lambda_runtime as runtime

    with runtime._lock:
        if turn.worker is None:
            with contextlib.suppress(ValueError):
                _queues[key].turns.remove(turn)
            return None
        return _taken(turn.worker)


def _taken(worker: Worker) -> Worker:
    worker.in_use, worker.last_used = True, time.time()
    return worker


def _grow(key: str) -> None:
    """Start one more process if the queue is worth it and there is room, or an idle one can make room."""
    from ministack.core import lambda_runtime as runtime

    global _ending
    with runtime._lock:
        victim, make = pool.longest_idle() if _total() >= MOST else None, _queues[key].make
        if make is None or not _is_worth_it(key) or (_total() >= MOST and victim is None):
            return
        if victim:
            pool.forget(victim)
            _ending += 1
        worker = _taken(make())
        runtime._workers.setdefault(key, []).append(worker)
        _queues[key].starting += 1
    threading.Thread(target=_start, args=(key, worker, victim), daemon=True, name="hol-worker-start").start()


def _start(key: str, worker: Worker, victim: Worker | None) -> None:
    """Bring the process up in the place of the victim; if it fails, it fails again in the call that gets it."""
    from ministack.core import lambda_runtime as runtime

    global _ending
    if victim:
        runtime.kill_workers([victim])
        with runtime._lock:
            _ending -= 1
    try:
        if len(runtime._workers.get(key, ())) > 1:
            runtime.ensure_spawned(worker)
    except Exception:
        pass
    with runtime._lock:
        _queues[key].starting -= 1
    release(worker, measured=False)


def _total() -> int:
    from ministack.core import lambda_runtime as runtime

    return sum(map(len, runtime._workers.values())) + _ending


def _is_worth_it(key: str) -> bool:
    from ministack.core import lambda_runtime as runtime

    queue, present = _queues[key], runtime._workers.get(key, ())
    if not queue.turns or _closed:
        return False
    if not present:
        return True
    slow = max([queue.seconds, *map(pool.running, present)]) > _SLOW_SECONDS
    if queue.starting >= (min(_STARTS_AT_ONCE, len(queue.turns)) if slow else 1):
        return False
    stood = time.monotonic() - queue.turns[0].since
    return stood > (_SOON if slow or len(present) < _ENOUGH else _LATER)


def release(worker: Worker | None, measured: bool = True) -> None:
    """Hand the worker to the call that waits longest for it, else keep it warm."""
    from ministack.core import lambda_runtime as runtime

    if worker is None:
        return
    with runtime._lock:
        key = pool.key_of(worker)
        queue = _queues[key] if key else _Queue()
        if measured:
            queue.seconds += (pool.running(worker) - queue.seconds) / 4
        if queue.turns:
            turn = queue.turns.popleft()
            turn.worker = worker
            turn.ready.set()
            return
        worker.in_use = False
        _hint()


def _hint() -> None:
    """Somebody waits for another function and may now have the room of an idle process."""
    waiting = [queue.turns[0] for queue in _queues.values() if queue.turns]
    if waiting:
        min(waiting, key=lambda one: one.since).ready.set()
