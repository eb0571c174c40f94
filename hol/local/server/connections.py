"""How long a connection may say nothing, and how many there may be: hypercorn knows one time for all, and no number.

A client that opens connections and leaves them, or sends its header a byte a minute, takes nobody's place: the
connection that has waited longest without a request makes room for a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os

from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.events import Event, Updated

KEEP_ALIVE_SECONDS = 75
# From the connection's beginning to the end of its first header.
HEADER_SECONDS = float(os.environ.get("HOL_LOCAL_HEADER_SECONDS", "15"))
MOST = 512
_WAITING: dict[Connection, None] = {}  # in the order in which they began to wait
_PRESENT: set[object] = set()


def limit() -> None:
    """Put the limits into hypercorn; before it serves."""
    setattr(run, "TCPServer", Connection)  # noqa: B010 - the name is hypercorn's own


class Connection(TCPServer):
    """hypercorn's connection with our limits."""

    _asked = False

    async def run(self) -> None:
        _PRESENT.add(self)
        _WAITING[self] = None
        try:
            if len(_PRESENT) > MOST:
                next(iter(_WAITING)).writer.transport.abort()
            await super().run()
        finally:
            _PRESENT.discard(self)
            _WAITING.pop(self, None)

    async def protocol_send(self, event: Event) -> None:
        if isinstance(event, Updated):
            _WAITING.pop(self, None)
            if event.idle:
                _WAITING[self] = None
            else:
                self._asked = True
        await super().protocol_send(event)

    async def _idle_timeout(self) -> None:
        seconds = KEEP_ALIVE_SECONDS if self._asked else HEADER_SECONDS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.context.terminated.wait()
        await asyncio.shield(self._initiate_server_close())
