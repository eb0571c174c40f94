"""What happens, sent to every page that listens (server-sent events); what a page needs at its beginning comes first."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hol.serve.wire import Receive, Send

_QUIET = 15.0  # seconds after which a sign of life is sent
_KEPT = 200


@dataclass
class Stream:
    """Messages from any thread to every listener; the last ones are kept for who comes later."""

    beginning: Callable[[], list[dict[str, object]]] = list
    kept: deque[bytes] = field(default_factory=lambda: deque(maxlen=_KEPT))
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None
    _listeners: set[asyncio.Queue[bytes]] = field(default_factory=set)

    @property
    def heard(self) -> bool:
        """Whether anybody listens."""
        return bool(self._listeners)

    def begin(self) -> None:
        """Called in the loop that serves."""
        self._loop = asyncio.get_running_loop()

    def emit(self, kind: str, /, keep: bool = False, **facts: object) -> None:
        """Send it to all; kept, it is also sent to who begins to listen later. Raises `TypeError` for what is not JSON."""
        message = _line({"type": kind, **facts})
        if keep:
            self.kept.append(message)
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: bytes) -> None:
        for queue in self._listeners:
            queue.put_nowait(message)

    async def serve(self, receive: Receive, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
        """One listener, until it goes away or the server ends."""
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._listeners.add(queue)
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for message in [*map(_line, self.beginning()), *self.kept]:
                await send(_body(message))
            while not (self.ended.is_set() or gone.done()):
                await send(_body(await self._next(queue, gone)))
        finally:
            gone.cancel()
            self._listeners.discard(queue)

    async def _next(self, queue: asyncio.Queue[bytes], gone: asyncio.Future[None]) -> bytes:
        waiting = asyncio.ensure_future(queue.get())
        ended = asyncio.ensure_future(self.ended.wait())
        awaited: list[asyncio.Future[Any]] = [waiting, ended, gone]  # each of another type, and Future is invariant
        done, _ = await asyncio.wait(awaited, timeout=_QUIET, return_when=asyncio.FIRST_COMPLETED)
        for one in {waiting, ended} - done:
            one.cancel()
        return waiting.result() if waiting in done else b": still here\n\n"


async def _gone(receive: Receive) -> None:
    """Until the listener has gone away; the server says so, and takes what is sent all the same."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _line(message: dict[str, object]) -> bytes:
    return f"data: {json.dumps(message, ensure_ascii=False)}\n\n".encode()


def _body(content: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": True}
