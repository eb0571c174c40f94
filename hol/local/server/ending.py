"""The end of a server that nobody needs any longer, decided by the server itself and in one moment.

Only it sees what every account and region holds, and who asks for something just now. The decision and the end of
serving are one step of the event loop: whatever comes after it is refused, so nothing that was made is lost.
"""

from __future__ import annotations

from typing import Any

from hol.local.emulator.contents import holdings
from hol.local.emulator.core import Application, Message, Receive, Send

_HEALTH = "/_hol/health"


class Traffic:
    """How many requests are being answered, and whether it is over."""

    under_way = 0
    over = False

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

    def end_if_empty(self) -> dict[str, Any]:
        """`{"ending": True}`, and from now on nothing is answered; else what is there: `{"ending": False, "holds": …}`.

        The request that asks is under way itself.
        """
        holds = holdings()
        self.over = not holds and self.under_way <= 1
        return {"ending": self.over, "holds": holds}


traffic = Traffic()


async def _refuse(scope: Message, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1001})
        return
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"message": "the local AWS is being stopped"}'})
