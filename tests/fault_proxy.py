"""An AWS that fails as the real one does: a proxy in front of the embedded AWS, with rules for what goes wrong.

Faults are made on the wire, so that all of hol is in the test: botocore's parsing, the retry table, the steps. Two
proxies share the work. microburst (a package of its own) makes what it can express, which is errors in each service's
format and lost answers; run with `--no-resign` it keeps the caller's access key and with it the account, since the
local AWS takes a 12-digit key for the account and checks no secret. Ours, `Proxy`, stands in front of it or of the
local AWS itself and makes the rest: answers that are changed, calls that something else happens before or after,
errors for so many seconds of a test's clock, a stop at the n-th request. `World(endpoint=proxy.url)` sends a lab
through it. The first request through microburst takes many seconds, since it then loads every service description.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

from wire_names import name_of

_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect", "date", "server"}


@dataclass(frozen=True)
class Answer:
    """A whole HTTP answer; header names as they came. One that announces another `length` breaks off."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    length: int | None = None


@dataclass(frozen=True)
class Request:
    """A whole request: `name` is `service.Operation`, `key` the access key (the account), header names lower case."""

    name: str
    key: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    forward: Callable[[], Answer]


Action = Callable[[Request], Answer | None]
"""What is done with a request: its answer, or None to close the connection without one."""


@dataclass
class Rule:
    """`act` on the requests whose name matches, `times` of them after the first `skip`; `when` looks closer."""

    name: str
    act: Action
    times: float = 1
    skip: int = 0
    when: Callable[[Request], bool] = lambda request: True
    seen: int = 0

    def takes(self, request: Request) -> bool:
        """Whether the rule is for this request; it counts."""
        if not re.fullmatch(self.name, request.name) or not self.when(request):
            return False
        self.seen += 1
        return self.skip < self.seen <= self.skip + self.times

    @property
    def fired(self) -> int:
        """How often it has acted."""
        return int(max(0, min(self.seen - self.skip, self.times)))


@dataclass
class Proxy:
    """A running proxy: its rules, the first that takes a request decides, and the names of all requests seen."""

    upstream: int
    rules: list[Rule] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0
    connections: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add(self, name: str, act: Action, **more: Any) -> Rule:
        """A rule more; returns it, so that a test can ask how often it fired."""
        rule = Rule(name, act, **more)
        with self.lock:
            self.rules.append(rule)
        return rule

    def decide(self, request: Request) -> Answer | None:
        """The answer of the first rule that takes the request, or of AWS."""
        with self.lock:
            self.seen.append(request.name)
            rule = next((rule for rule in self.rules if rule.takes(request)), None)
        return rule.act(request) if rule else request.forward()


# --- what rules do ---


def error(code: str, message: str = "", status: int = 400) -> Action:
    """AWS refuses, in the service's own format; the call has no effect."""
    return lambda request: _error(request, code, message, status)


def lose(request: Request) -> Answer | None:
    """The call takes effect, and its answer is lost."""
    request.forward()
    return None


def reset(request: Request) -> Answer | None:
    """The connection breaks before the call is made."""
    return None


def before(do: Callable[[], object]) -> Action:
    """Something happens just before the call."""

    def act(request: Request) -> Answer:
        do()
        return request.forward()

    return act


def after(do: Callable[[], object]) -> Action:
    """Something happens between the call and its answer."""

    def act(request: Request) -> Answer:
        answer = request.forward()
        do()
        return answer

    return act


def changed(change: Callable[[bytes], bytes]) -> Action:
    """The answer's body is another one."""

    def act(request: Request) -> Answer:
        answer = request.forward()
        return Answer(answer.status, answer.headers, change(answer.body))

    return act


def said(status: int, body: bytes, content_type: str = "application/json") -> Action:
    """A ready answer; the call is not made."""
    return lambda request: Answer(status, {"Content-Type": content_type}, body)


def _error(request: Request, code: str, message: str, status: int) -> Answer:
    service = request.name.split(".")[0]
    if request.method == "HEAD":
        return Answer(status, {"x-amz-request-id": "0"})
    if service == "s3":
        text = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message><RequestId>0</RequestId></Error>"
        return Answer(status, {"Content-Type": "application/xml"}, text.encode())
    if service in ("iam", "sts"):
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        text = f"<ErrorResponse>{inner}<RequestId>0</RequestId></ErrorResponse>"
        return Answer(status, {"Content-Type": "text/xml"}, text.encode())
    json_ = {"__type": code, "message": message}
    return Answer(
        status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}, json.dumps(json_).encode()
    )


# --- the proxy itself ---


@contextlib.contextmanager
def proxy(upstream: int) -> Iterator[Proxy]:
    """A proxy on a free loopback port in front of that port, until the block ends."""
    running = Proxy(upstream)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Exchange,), {"proxy": running}))
    running.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client is what these tests are about."""


class _Exchange(BaseHTTPRequestHandler):
    """One connection: each request is read whole, decided, and answered."""

    proxy: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.proxy.connections.add(id(self))
        self.upstream = http.client.HTTPConnection("127.0.0.1", self.proxy.upstream, timeout=120)

    def finish(self) -> None:
        self.upstream.close()
        with contextlib.suppress(OSError):
            super().finish()
        self.proxy.connections.discard(id(self))

    def handle_expect_100(self) -> bool:
        """S3 clients wait a second for "100 Continue" before they send an object."""
        go_on = super().handle_expect_100()
        self.wfile.flush()
        return go_on

    def log_message(self, format: str, *args: Any) -> None:
        """The proxy is silent."""

    def _exchange(self) -> None:
        body = self._body()
        if body is None:  # the client died in mid-sentence: AWS does not do half of what was asked
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        name, key = name_of(self.command, self.path, headers, body)
        asked = Request(name, key, self.command, self.path, headers, body, lambda: self._forward(body))
        answer = self.proxy.decide(asked)
        if answer is None:
            self.close_connection = True
            return
        self._answer(answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _exchange

    def _body(self) -> bytes | None:
        """The request's body; None when it broke off."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            return body if len(body) == length else None
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        whole = self.rfile.readline() == b"\r\n"
        return b"".join(chunks) if whole else None

    def _forward(self, body: bytes) -> Answer:
        kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
        kept["Content-Length"] = str(len(body))
        self.upstream.request(self.command, self.path, body, kept)
        answer = self.upstream.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def _answer(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        length = next((v for k, v in answer.headers.items() if k.lower() == "content-length"), "0")
        for name, value in answer.headers.items():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if answer.status not in (204, 304):
            whole = len(answer.body) if answer.length is None else answer.length
            self.send_header("Content-Length", length if self.command == "HEAD" else str(whole))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()
        self.close_connection = self.close_connection or answer.length is not None
