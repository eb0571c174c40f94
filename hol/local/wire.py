"""One HTTP exchange with the local AWS, as the layers see it.

A layer is an async function `(Request, Emulator) -> Response | None`: it answers the request, or returns
None and the next layer, in the end the emulator itself, answers. A layer may also call the emulator with the
request (or one derived from it by `dataclasses.replace`) and change what comes back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote

Record: TypeAlias = dict[str, Any]  # what the emulator keeps of a thing: of its shape only the emulator knows
Scope: TypeAlias = MutableMapping[str, Any]  # of ASGI, or a message of it
Body: TypeAlias = dict[str, Any]  # the members of a call's input, whose types botocore's models have checked
_PORT = re.compile(r":\d*$")
_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Request:
    """A request with its whole body; header names are lower case, `path` is percent-decoded."""

    method: str
    path: str
    raw_path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes = b""
    too_large: bool = False  # the body was not read, because it is larger than the service takes

    @classmethod
    def of_scope(cls, scope: Scope, body: bytes = b"") -> Request:
        """The request of an ASGI scope; repeated headers are joined by commas."""
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        return cls(scope.get("method", "GET"), scope["path"], raw_path, query, headers, body)

    @cached_property
    def host(self) -> str:
        """The host name without its port, in lower case; an IPv6 address keeps its brackets."""
        return _PORT.sub("", self.headers.get("host", "").lower())

    @cached_property
    def credential(self) -> tuple[str, str, str] | None:
        """(access key, region, service) of the SigV4 credential; None for an anonymous request."""
        found = _CREDENTIAL.search(self.headers.get("authorization", ""))
        return (found[1], found[2], found[3]) if found else None

    @property
    def service(self) -> str:
        """The SigV4 signing name: `iam`, `lambda`, `apigateway`, `s3`, `sagemaker`, …; "" when anonymous."""
        return self.credential[2] if self.credential else ""

    @property
    def region(self) -> str:
        """The region that the request is signed for."""
        return self.credential[1] if self.credential else "us-east-1"

    def json(self) -> Body:
        """The body parsed as JSON; an empty body is `{}`."""
        found: Body = json.loads(self.body or b"{}")
        return found

    def record(self) -> Body:
        """The body's JSON object; an empty one where it is none."""
        try:
            parsed: object = self.json()
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}

    def with_body(self, body: bytes) -> Request:
        """The same call with another body; its signature stays that of what was sent, by the digest of that."""
        sent = self.headers.get("x-amz-content-sha256") or sha256(self.body).hexdigest()
        headers = {**self.headers, "x-amz-content-sha256": sent}
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        return replace(self, body=body, headers=headers)

    def without_nulls(self) -> Request:
        """The same call of a JSON protocol without its members that are null, which AWS takes for absent."""
        if "x-amz-target" not in self.headers or b"null" not in self.body:
            return self
        try:
            return self.with_body(json.dumps(_without_nulls(json.loads(self.body))).encode())
        except (ValueError, RecursionError):  # what is no JSON is refused where that is looked at
            return self


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@dataclass(frozen=True)
class Response:
    """A whole response."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, status: int, data: object, **headers: str) -> Response:
        """JSON as AWS sends it: UTF-8, not escaped; `x_amzn_errortype="X"` becomes a header of that name."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(data, ensure_ascii=False).encode()
        return cls(status, {"content-type": "application/json", **named}, body)


Emulator = Callable[[Request], Awaitable[Response]]
Layer = Callable[[Request, Emulator], Awaitable[Response | None]]
