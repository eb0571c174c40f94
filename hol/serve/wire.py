"""Requests and answers of the server, as far as it needs them: whole bodies, exact paths, JSON."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from hol.words.text import Text, t

Scope: TypeAlias = dict[str, Any]  # of ASGI, or a message of it
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[dict[str, object]], Awaitable[None]]
LARGEST = 48 * 2**20  # bytes of a body: a site folder, in base64


class Refused(Exception):
    """What is not let in, or cannot be answered; `status` is HTTP's."""

    def __init__(self, status: int, why: Text):
        super().__init__(why.render())
        self.status, self.why = status, why


@dataclass(frozen=True)
class Request:
    """Header names are lower case; of a parameter that is given twice the last counts."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @classmethod
    def of(cls, scope: Scope, body: bytes = b"") -> Request:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        return cls(scope["method"], scope["path"], query, headers, body)

    def json(self) -> dict[str, object]:
        """The body as a JSON object. Raises `Refused`."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Refused(400, t("the body is no JSON")) from error
        if not isinstance(found, dict):
            raise Refused(400, t("the body is no JSON object"))
        return found

    def cookie(self, name: str) -> str:
        """The value of that cookie; "" without it."""
        pairs = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return next((value for key, _, value in pairs if key == name), "")


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> Answer:
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")


async def body_of(receive: Receive) -> bytes:
    """The whole body. Raises `Refused` when it is too large, or the client went away."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, t("the request broke off"))
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > LARGEST:
            raise Refused(413, t("a body may have {} bytes", LARGEST))
        if not message.get("more_body"):
            return b"".join(chunks)
