"""The end of a server that nobody needs any longer, decided by the server itself and in one moment.

Only it sees what every account and region holds, and who asks for something just now. The decision and the end of
serving are one step of the event loop: whatever comes after it is refused, so nothing that was made is lost.
"""

from __future__ import annotations

import re
from collections import deque

from hol.local.emulator.contents import holdings
from hol.local.emulator.core import Application, Message, Receive, Send
from hol.local.wire import Request

_HEALTH = "/_hol/health"
# Of so many writes it is kept what they are about, so many bytes of each path and body.
_KEPT, _ABOUT = 150, 150


_READS = re.compile(r"(?:Get|List|Describe|Head|BatchGet|Lookup|Simulate)\w*")
# Called with POST, and changes nothing that the control plane tells of: a function's invocation, a method's test.
_CALLS = re.compile(r".*/invocations|/restapis/[^/]+/resources/[^/]+/methods/[^/]+")


class Traffic:
    """How many requests are being answered, how many may have changed something, and whether it is over."""

    under_way = 0
    writes = 0
    over = False

    def __init__(self) -> None:
        self.touched: deque[tuple[int, str]] = deque(maxlen=_KEPT)

    def note(self, request: Request) -> None:
        """Count what may have changed something, so that who watches need not look at everything all the time."""
        if request.method in ("GET", "HEAD") or (request.method == "POST" and _CALLS.fullmatch(request.path)):
            return
        named = request.headers.get("x-amz-target", "").rpartition(".")[2] or _action(request.body)
        if not _READS.fullmatch(named):
            self.writes += 1
            about = request.body[:_ABOUT].decode("utf-8", "replace")
            self.touched.append((self.writes, f"{request.method} {request.path[:_ABOUT]} {about}"))

    def since(self, number: int) -> dict[str, object]:
        """What was written after the write of that number: the beginning of each request, which names what it is about."""
        return {"writes": self.writes, "touched": [text for which, text in self.touched if which > number]}

    def counted(self, app: Application) -> Application:
        """The application, which refuses with 503 once it is over."""

        async def counting(scope: Message, receive: Receive, send: Send) -> None:
            if scope["type"] == "lifespan" or scope.get("path") == _HEALTH:
                await app(scope, receive, send)
            elif self.over:
                await _refuse(scope, send)
            else:
                self.under_way += 1
                try:
                    await app(scope, receive, send)
                finally:
                    self.under_way -= 1

        return counting

    def end_if_empty(self) -> dict[str, object]:
        """`{"ending": True}`, and from now on nothing is answered; else what is there: `{"ending": False, "holds": …}`.

        The request that asks is under way itself.
        """
        holds = holdings()
        self.over = not holds and self.under_way <= 1
        return {"ending": self.over, "holds": holds}


def _action(body: bytes) -> str:
    """Of the query protocol."""
    found = re.search(rb"(?:^|&)Action=(\w+)", body[:4096])
    return found[1].decode() if found else ""


traffic = Traffic()


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1001})
        return
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"message": "the local AWS is being stopped"}'})
