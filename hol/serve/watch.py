"""Looks again at how the steps stand, when something has changed, and now and then."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from hol.serve import shown
from hol.serve.lesson import Lesson
from hol.words.errors import HolError
from hol.words.text import t

PULSE = 0.4  # seconds between two questions whether anything has changed
SETTLED = 1.5  # seconds after which what was changed is what it becomes: a function is Pending at first


@dataclass
class Watch:
    """Looks while somebody listens.

    `pulse` is a cheap question whose answer differs after a change; without one every `seldom` seconds must do.
    """

    lesson: Lesson
    pulse: Callable[[], object] | None
    seldom: float = 10.0
    _nudged: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    def nudge(self) -> None:
        """Something was done here: look soon. From any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._nudged.set)

    async def run(self) -> None:
        """Until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        before, looked, wait = object(), float("-inf"), self.seldom
        while True:
            await self._wait()
            if not self.lesson.stream.heard:  # who comes next is told what has changed meanwhile
                self._nudged.clear()
                looked = float("-inf")
                continue
            pulse, now = await self._ask(), self._loop.time()
            changed = self._nudged.is_set() or pulse != before
            if changed or now - looked > wait:
                self._nudged.clear()
                before, looked, wait = pulse, now, SETTLED if changed else self.seldom
                self.lesson.stream.emit("changed")
                await asyncio.to_thread(self._look)

    async def _wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._nudged.wait(), PULSE)

    async def _ask(self) -> object:
        return None if self.pulse is None else await asyncio.to_thread(self.pulse)

    def _look(self) -> None:
        try:
            self.lesson.look_at_all()
        except HolError as error:
            self.lesson.stream.emit("trouble", error=shown.error(error))
        except Exception as error:
            logging.getLogger("hol.serve").exception("the look at the steps failed")
            why = t("{}: {}", type(error).__name__, error)
            said = HolError(t("hol could not look at the steps; this is a bug in hol: {}", why))
            self.lesson.stream.emit("trouble", error=shown.error(said))
