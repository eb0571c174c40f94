"""The event stream of the console's server: who listens hears it, who has gone away is not sent to any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from hol.engine.unknown import UNKNOWN
from hol.serve.stream import Stream
from hol.serve.watch import Watch


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


def test_what_is_no_json_is_refused_where_it_is_said_and_nobody_stops_listening() -> None:
    stream = Stream()
    with pytest.raises(TypeError):
        stream.emit("told", keep=True, text=UNKNOWN)
    assert not stream.kept


@dataclass
class Looked:
    """Stands where the lesson stands; counts the looks."""

    stream: Stream = field(default_factory=Stream)
    looks: int = 0

    def look_at_all(self) -> None:
        self.looks += 1


def test_a_change_while_nobody_listens_costs_nothing_and_is_seen_by_who_comes() -> None:
    async def watch() -> tuple[int, int, int]:
        lesson, asked = Looked(), 0

        def pulse() -> None:
            nonlocal asked
            asked += 1

        watching = Watch(lesson, pulse, seldom=3600)
        lesson.stream.begin()
        running = asyncio.ensure_future(watching.run())
        await asyncio.sleep(0)
        watching.nudge()
        rounds = 0
        while watching._nudged.is_set() or rounds < 50:  # 50 rounds of the loop, of which it may take one
            await asyncio.sleep(0)
            rounds += 1
            assert rounds < 1000, "it goes round and round"
        before = lesson.looks
        lesson.stream._listeners.add(asyncio.Queue())
        while not lesson.looks:
            await asyncio.sleep(0.01)
        running.cancel()
        return before, lesson.looks, asked

    before, after, asked = asyncio.run(asyncio.wait_for(watch(), 10))
    assert (before, after, asked) == (0, 1, 1)
