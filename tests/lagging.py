"""An AWS whose reads lag: for so many seconds they answer as if the last changes had not been made."""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from fault_proxy import _HOP, Answer, Proxy, Request

_READ = re.compile(r"\w+\.(Get|List|Describe|Head)\w+")
_NEVER = ("sts.", "apigateway.GetSdk", "s3.GetObject")


@dataclass
class Lag:
    """Reads of one account, of the services that match, answer what was true `seconds` ago by that clock.

    Before each change the reads that were made so far are made once more, so that what they said then is known.
    """

    account: str
    services: str
    now: Callable[[], float]
    seconds: float = 2.0
    requests: dict[str, Request] = field(default_factory=dict)
    answers: dict[str, list[tuple[float, Answer]]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    noted: dict[str, float] = field(default_factory=dict)
    lagged: int = 0
    upstream: int = 0

    def stand_before(self, front: Proxy) -> None:
        self.upstream = front.upstream
        front.add(".*", self._act, times=10**9, when=self._is_ours)

    def _is_ours(self, request: Request) -> bool:
        service = request.name.split(".")[0]
        return request.key == self.account and bool(re.fullmatch(self.services, service))

    def _act(self, request: Request) -> Answer | None:
        if request.name.startswith(_NEVER):
            return request.forward()
        if _READ.fullmatch(request.name):
            return self._read(request)
        with self.lock:
            for key in list(self.requests):
                if self.noted.get(key, 0) + 0.25 > self.now():
                    continue
                if self.requests[key].name.split(".")[0] == request.name.split(".")[0]:
                    self._note(key, self.requests[key])
            return request.forward()

    def _read(self, request: Request) -> Answer:
        key = hashlib.sha256(f"{request.method} {request.target} {request.name}".encode() + request.body).hexdigest()
        with self.lock:
            self.requests[key] = request
            fresh = self._note(key, request)
            past = [answer for at, answer in self.answers[key] if at <= self.now() - self.seconds]
            recorded = past[-1] if past else self.answers[key][0][1]
            self.lagged += recorded.body != fresh.body
            return recorded

    def _again(self, request: Request) -> Answer:
        """The answer to a request of before: it is made anew, since its own connection may be at another by now."""
        kept = {name: value for name, value in request.headers.items() if name not in _HOP}
        upstream = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=60)
        try:
            upstream.request(request.method, request.target, request.body, kept)
            answer = upstream.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            upstream.close()

    def _note(self, key: str, request: Request) -> Answer:
        """The answer now, noted when it is another one than before."""
        known = self.answers.setdefault(key, [])
        self.noted[key] = self.now()
        answer = self._again(request)
        if not known or (known[-1][1].status, known[-1][1].body) != (answer.status, answer.body):
            known.append((self.now(), answer))
        return answer
