"""The event stream of the console's server: a listener that has gone away is not sent to any more."""

from __future__ import annotations

import asyncio
from typing import Any

from hol.serve.stream import Stream


def test_a_listener_that_has_gone_is_forgotten() -> None:
    async def listen() -> tuple[bool, bool, list[dict[str, Any]]]:
        stream, sent, leaves = Stream(), list[dict[str, Any]](), asyncio.Event()
        said = iter([{"type": "http.request", "body": b""}])

        async def receive() -> dict[str, Any]:
            for message in said:
                return message
            await leaves.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        stream.begin()
        serving = asyncio.ensure_future(stream.serve(receive, send, []))
        await asyncio.sleep(0)
        stream.emit("told", text="one")
        while len(sent) < 2:
            await asyncio.sleep(0)
        heard = stream.heard
        leaves.set()
        await asyncio.wait_for(serving, 5)
        return heard, stream.heard, sent

    heard, still, sent = asyncio.run(listen())
    assert (heard, still) == (True, False)
    assert b'"text": "one"' in sent[1]["body"]
