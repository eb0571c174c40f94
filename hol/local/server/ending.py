"""The end of a server that nobody needs any longer, decided by the server itself and in one moment.

Only it sees what every account and region holds, and who asks for something just now. The decision and the end of
serving are one step of the event loop: whatever comes after it is refused, so nothing that was made is lost.
"""

from __future__ import annotations

import re

from hol.local.emulator.contents import holdings
from hol.local.emulator.core import Application, Message, Receive, Send
from hol.local.wire import Request

_HEALTH = "/_hol/health"
# So many different requests are kept that were writes, of each so many bytes of its path and of its body.
_KEPT, _ABOUT = 120, 160


_READS = re.compile(r"(?:Get|List|Describe|Head|BatchGet|Lookup|Simulate)\w*")
# Called with POST, and changes nothing that the control plane tells of: a function's invocation, a method's test.
_CALLS = re.compile(r".*/invocations|/restapis/[^/]+/resources/[^/]+/methods/[^/]+")


class Traffic:
    """How many requests are being answered, how many may have changed something, and whether it is over."""

    under_way = 0
    writes = 0
    over = False

    def __init__(self) -> None:
        self.touched: dict[str, int] = {}  # what writes were about, the latest last → the number of its last write
        self.forgotten = 0  # the number of the last write of which that is no longer known

    def note(self, request: Request) -> None:
        """Count what may have changed something, so that who watches need not look at everything all the time."""
        if request.method in ("GET", "HEAD") or (request.method == "POST" and _CALLS.fullmatch(request.path)):
            return
        named = request.headers.get("x-amz-target", "").rpartition(".")[2] or _action(request.body)
        if not _READS.fullmatch(named):
            self.writes += 1
            about = _about(request)
            self.touched.pop(about, None)
            self.touched[about] = self.writes
            if len(self.touched) > _KEPT:
                self.forgotten = self.touched.pop(next(iter(self.touched)))

    def since(self, number: int) -> dict[str, object]:
        """What writes after that one were about; `missed`: not of all of them it is known any longer."""
        touched = [text for text, which in self.touched.items() if which > number]
        return {"writes": self.writes, "touched": touched, "missed": number < self.forgotten}

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


def _about(request: Request) -> str:
    """What a write is about, as far as its beginning names it; of an object its bucket."""
    if request.service == "s3":
        return f"{request.method} {request.path[:_ABOUT].partition('/')[2].partition('/')[0]}"
    return f"{request.method} {request.path[:_ABOUT]} {request.body[:_ABOUT].decode('utf-8', 'replace')}"


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
