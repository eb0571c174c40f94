"""How long a connection may say nothing, and how many there may be: hypercorn knows one time for all, and no number.

A client that opens connections and leaves them, or sends its header a byte a minute, takes nobody's place: the
connection that has waited longest without a request makes room for a new one.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

KEEP_ALIVE_SECONDS = 75
# From the connection's beginning to the end of its first header.
HEADER_SECONDS = float(os.environ.get("HOL_LOCAL_HEADER_SECONDS", "15"))
MOST = 512


def limit() -> None:
    """Put the limits into hypercorn; before it serves."""
    from hypercorn.asyncio import run
    from hypercorn.asyncio.tcp_server import TCPServer
    from hypercorn.events import Updated

    waiting: dict[Any, None] = {}  # in the order in which they began to wait
    present: set[Any] = set()

    class Connection(TCPServer):
        _asked = False

        async def run(self) -> None:
            present.add(self)
            waiting[self] = None
            try:
                if len(present) > MOST:
                    next(iter(waiting)).writer.transport.abort()
                await super().run()
            finally:
                present.discard(self)
                waiting.pop(self, None)

        async def protocol_send(self, event: Any) -> None:
            if isinstance(event, Updated):
                waiting.pop(self, None)
                if event.idle:
                    waiting[self] = None
                else:
                    self._asked = True
            await super().protocol_send(event)

        async def _idle_timeout(self) -> None:
            try:
                seconds = KEEP_ALIVE_SECONDS if self._asked else HEADER_SECONDS
                async with asyncio.timeout(seconds):
                    await self.context.terminated.wait()
            except TimeoutError:
                pass
            await asyncio.shield(self._initiate_server_close())

    setattr(run, "TCPServer", Connection)  # noqa: B010 - the name is hypercorn's own
