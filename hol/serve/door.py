"""Who is let in: whoever came by the terminal's one-time address, from this server's own pages, on this machine.

The console changes what is in the local AWS, so no other page may make it do so or read what it shows, were it one on
another port of this machine (for a cookie that is the same site). Every request is looked at, files of the shell included:

| what                                            | must be                                                      |
| ----------------------------------------------- | ------------------------------------------------------------ |
| `Host`                                          | `127.0.0.1:PORT`, letter by letter: no name that resolves here |
| `Origin`                                        | ours where there is one, and there on every write            |
| `Sec-Fetch-Site`                                | `same-origin` where there is one; `none` for opening a page  |
| cookie (HttpOnly, SameSite=Strict)              | made of the key that this machine's user keeps               |
| `GET /?token=…`                                 | instead of the cookie: a token that nobody has used yet      |
| `POST /tokens` with `X-Hol-Key`, without a mark | another `hol` of the same user, which wants a token          |
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from hol.serve.wire import Answer, Refused, Request
from hol.words.commands import Command, command
from hol.words.text import t

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
MINT = "/tokens"
_MARKS = ("origin", "referer", "cookie", "sec-fetch-site", "sec-fetch-mode")


def key_of(file: Path) -> str:
    """The key in that file, which only its owner can read; made when there is none, so that a restart keeps who was in."""
    try:
        kept = file.read_text(encoding="ascii")
    except FileNotFoundError:
        kept = ""
    if len(kept) >= 32:
        return kept
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    made = secrets.token_urlsafe(32)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(made)
    return made


@dataclass
class Door:
    """The door of the server on that port."""

    port: int
    key: str
    tokens: set[str] = field(default_factory=set)
    again: Command = field(default_factory=lambda: command("open", "console"))  # what gives another address

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _cookie(self) -> str:
        return f"hol-{self.port}"

    @property
    def _pass(self) -> str:
        return hmac.new(self.key.encode(), b"hol console", hashlib.sha256).hexdigest()

    def token(self) -> str:
        """A new token, good for one visit."""
        made = secrets.token_urlsafe(32)
        self.tokens.add(made)
        return made

    def address(self, page: str = "/") -> str:
        """The page's address with a token."""
        return f"{self.origin}{page}?token={self.token()}"

    def admit(self, request: Request) -> Answer | None:
        """None for who may go on; the door's own answer otherwise. Raises `Refused`."""
        if request.headers.get("host") != f"127.0.0.1:{self.port}":
            raise Refused(403, t("this server answers 127.0.0.1 only"))
        if request.method not in ("GET", "POST"):
            raise Refused(405, t("GET and POST only"))
        if request.path == MINT:
            return self._mint(request)
        self._require_own_page(request)
        if "token" in request.query and request.method == "GET":
            return self._enter(request)
        if not hmac.compare_digest(request.cookie(self._cookie), self._pass):
            raise Refused(401, t("open the address that hol printed; for another one: {}", self.again))
        return None

    def _require_own_page(self, request: Request) -> None:
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
        opened = request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate" and site == "none"
        if origin not in (None, self.origin) or (site != "same-origin" and not opened):
            raise Refused(403, t("a page of another origin asked"))
        if request.method == "POST" and origin is None:
            raise Refused(403, t("a write needs the origin of this server's own page"))

    def _enter(self, request: Request) -> Answer:
        """The token becomes the cookie, and leaves the address."""
        if request.query["token"] not in self.tokens:
            raise Refused(401, t("this address was used already; for another one: {}", self.again))
        self.tokens.discard(request.query["token"])
        cookie = f"{self._cookie}={self._pass}; Path=/; HttpOnly; SameSite=Strict"
        return Answer(303, headers={"location": request.path, "set-cookie": cookie})

    def _mint(self, request: Request) -> Answer:
        given = request.headers.get("x-hol-key", "")
        marked = any(name in request.headers for name in _MARKS)
        if request.method != "POST" or marked or not hmac.compare_digest(given.encode(), self.key.encode()):
            raise Refused(403, t("tokens are for hol itself"))
        return Answer.of_json({"token": self.token()})
