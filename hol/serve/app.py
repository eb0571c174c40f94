"""The server as an ASGI application: the door, the shell's files, the event stream, and what the pages ask.

A page is a name in `Shell.pages`: the same files, which draw what the name says. What a page asks is a row in
`Shell.answers`: `"GET /api/lab"` → a function of the request, called in a thread, since it may ask AWS.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hol.serve.door import HEADERS, Door
from hol.serve.stream import Stream
from hol.serve.wire import Answer, Receive, Refused, Request, Scope, Send, body_of
from hol.words.errors import HolError
from hol.words.text import t

STATIC = Path(__file__).parent / "static"
EVENTS = "/events"
_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
Handler = Callable[[Request], Answer]


@dataclass(frozen=True)
class Shell:
    """What the server serves."""

    door: Door
    stream: Stream
    answers: Mapping[str, Handler]
    failure: Callable[[HolError], object]  # an error as the pages show it
    pages: tuple[str, ...] = ("/",)
    static: Path = STATIC

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _lifespan(receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request.of(scope)
        try:
            answer = self.door.admit(request)
            if answer is None and request.path == EVENTS and request.method == "GET":
                await self.stream.serve(receive, send, _headers(Answer(kind="text/event-stream"), length=False))
                return
            answer = answer or await self._answer(Request.of(scope, await body_of(receive)))
        except Refused as refused:
            answer = Answer(refused.status, f"{refused.why.render('ko')}\n{refused.why.render('en')}\n".encode())
        await send({"type": "http.response.start", "status": answer.status, "headers": _headers(answer)})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, request: Request) -> Answer:
        handler = self.answers.get(f"{request.method} {request.path}")
        if handler is None:
            return self._file(request)
        try:
            return await asyncio.to_thread(handler, request)
        except HolError as error:
            return Answer.of_json({"error": self.failure(error)}, 409)
        except Refused:
            raise
        except Exception:
            logging.getLogger("hol.serve").exception("%s %s failed", request.method, request.path)
            raise Refused(500, t("this should not happen; the terminal says more")) from None

    def _file(self, request: Request) -> Answer:
        """One of the shell's own files, by its name: no path leads anywhere else."""
        name = "index.html" if request.path in self.pages else request.path.removeprefix("/static/")
        found = {file.name: file for file in self.static.iterdir() if file.suffix in _KINDS}.get(name)
        if request.method != "GET" or found is None:
            raise Refused(404, t("there is no such page"))
        return Answer(body=found.read_bytes(), kind=_KINDS[found.suffix])


def _headers(answer: Answer, length: bool = True) -> list[tuple[bytes, bytes]]:
    named = {**HEADERS, "content-type": answer.kind, **answer.headers}
    named |= {"content-length": str(len(answer.body))} if length else {}
    return [(name.encode(), value.encode()) for name, value in named.items()]


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
