"""What lets steps overlap: a step may pass before it has ended, and may wait for another only where it must.

Steps start when the steps that they need have *passed*: `up` has returned. What nobody else waits for a step can do
in the background (`Lab.in_background`), and then it passes earlier than it ends. And a step that needs another one only
for a part of what it does lists it in `AWAITS`, starts beside it, and waits where it must (`Lab.awaited`).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from hol.engine.events import Message
from hol.engine.ordered_output import buffered
from hol.words.errors import HolError

T = TypeVar("T")


class Skipped(Exception):
    """What was waited for does not come: the step that makes it failed, which says so itself."""


def ignoring_errors(read: Callable[[], object]) -> None:
    """A read whose error does not matter here: whoever needs the answer reads again, and says what is wrong."""
    with contextlib.suppress(HolError):
        read()


@dataclass
class RunningStep:
    """A step of this run: whether it has passed, and what it does in the background."""

    passed: Future[None] = field(default_factory=Future)
    background: list[tuple[Future[None], list[Message]]] = field(default_factory=list)

    def has_passed(self, failed_too: bool) -> bool:
        """Whether later steps may start."""
        return self.passed.done() and (failed_too or self.passed.exception() is None)

    def let_pass(self, error: BaseException | None = None) -> None:
        """Later steps may go on; with an error they learn that there is nothing to wait for."""
        if not self.passed.done():
            self.passed.set_exception(Skipped()) if error else self.passed.set_result(None)

    def in_background(self, do: Callable[[], object], emit: Callable[[Message], None]) -> None:
        """Start `do` in a thread; what it emits is kept, but for what `emit` must show at once (progress)."""
        future: Future[None] = Future()
        kept: list[Message] = []

        def run() -> None:
            try:
                buffered(do, kept, emit)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(None)

        self.background.append((future, kept))
        threading.Thread(target=run).start()

    def end(self, emit: Callable[[Message], None]) -> None:
        """Wait for everything in the background and emit it in order. Raises the first error after all have ended."""
        errors = []
        for future, kept in self.background:
            errors.append(future.exception())
            for message in kept:
                emit(message)
        self.background.clear()
        for error in errors:
            if error:
                raise error


def once_passed(step: RunningStep | None, look: Callable[[], T]) -> Callable[[], T]:
    """What to call for what `look` finds: it waits for the step; without one it is looked for at once."""
    if step is None:
        found = look()
        return lambda: found

    def wait() -> T:
        step.passed.result()
        return look()

    return wait
