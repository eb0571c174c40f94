"""The body of a request, read within limits: nobody makes the server hold more, or wait longer, than a service would."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Mapping

from hol.local.emulator.core import Receive

# No body may pause for longer, nor take longer in all.
PAUSE_SECONDS = float(os.environ.get("HOL_LOCAL_PAUSE_SECONDS", "20"))
_LONGEST_SECONDS = 15 * PAUSE_SECONDS
# After a refusal this much is still taken off the wire, so that the client reads the answer before the end.
_LINGER_BYTES, _LINGER_SECONDS = 16 * 1024 * 1024, 2.0


class TooLargeError(Exception):
    """The body is larger than it may be."""


class TooSlowError(Exception):
    """The body does not come."""


async def whole(receive: Receive, headers: Mapping[str, str], most: int) -> bytes | None:
    """All of it; None when the client went away. Raises `TooLargeError` (before reading, if announced), `TooSlowError`."""
    if int(headers.get("content-length") or 0) > most:
        raise TooLargeError
    chunks, size = [], 0
    try:
        async with asyncio.timeout(PAUSE_SECONDS) as timer:
            end = asyncio.get_running_loop().time() + _LONGEST_SECONDS
            while True:
                message = await receive()
                timer.reschedule(min(asyncio.get_running_loop().time() + PAUSE_SECONDS, end))
                if message["type"] != "http.request":
                    return None
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > most:
                    raise TooLargeError
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError as error:
        raise TooSlowError from error


def expected(headers: Mapping[str, str]) -> bool:
    """Whether the request has a body."""
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def discard(receive: Receive) -> None:
    """Take a little of what nobody will read off the wire."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LINGER_SECONDS):
            while size < _LINGER_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
