"""What AWS was asked and answered, fit to be shown to anybody: whose account it was is taken out, and nothing else.

Account numbers (and the digests that hol makes of ARNs), keys, tokens, secrets, session and user names, addresses and the
ids that AWS gives become placeholders (`<account:1>`, `<id:2>`), the same one wherever the same thing stands. Bytes become what can be read in them, or their
digest. A placeholder that stands for too much does no harm: whoever replays a record puts the same value in each place.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import TypedDict

BYTES = "$bytes"
PLACEHOLDER = re.compile(r"<(account|address|digest|email|id|key|secret|session|token|url|user):\d+>")
# Members of answers, and arguments, that hold an id of AWS's or a token, whatever it looks like.
_IDS = re.compile(
    r"(?!StatementId)(?:id|ID|\w*[a-z](?:Id|ID)|(?:Next)?(?:UploadId|VersionId)?Marker|position|DisplayName)|(?i:\w*token)"
)
_ID = re.compile(r"(?!\d{12}$)(?=.*\d)[\w+/=.:-]{6,}|[a-z0-9]{10}")
_SECRET = re.compile(
    r"(?i)\w*(?:secret|passw(?:or)?d|pwd|token|authorization|(?:api|access|private|secret)[_-]?key(?:[_-]?id)?)"
)
_SHORTEST_SECRET = 6
_LARGEST_TEXT = 2_000_000
_WHOLE_WORD = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"

# What is known by its form: kind, pattern; a group `it` is what is replaced. The first match wins.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("url", r"https?://[^\s\"'<>]+[?&](?:X-Amz-|AWSAccessKeyId|Signature)[^\s\"'<>]*"),
        ("session", r"(?<=:assumed-role/)[\w+=,.@-]+/(?P<it>[\w+=,.@-]+)"),
        ("session", r"\bA(?:RO|ID)A[A-Z0-9]{12,}:(?P<it>[\w+=,.@-]+)"),
        ("user", r":(?:user|federated-user)/(?P<it>[\w+=,.@/-]+)"),
        ("email", r"[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
        ("token", r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*|\b(?:IQoJ|FwoG|Fwo)[\w/+=-]{40,}|\bgh[pousr]_\w{20,}|\bxox[a-z]-[\w-]{10,}"),
        ("key", r"\bA(?:KIA|SIA)[A-Z0-9]{12,}\b"),
        ("id", r"\bA(?:BIA|CCA|GPA|IDA|IPA|NPA|NVA|PKA|ROA|SCA)[A-Z0-9]{12,}\b"),
        ("id", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b|\b1-[0-9a-f]{8}-[0-9a-f]{24}\b"),
        ("digest", r"(?<=[A-Za-z0-9]-)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12}(?![\w-])"),
        ("secret", r"(?<![\w/+=.-])(?=[A-Za-z0-9/+]*[a-z])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])"),
        ("address", r"(?<![\d.])(?!127\.0\.0\.1\b)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)"),
        ("address", r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4}){1,4}(?![\w:])"),
        ("account", r"(?<!\d)\d{12}(?!\d)"),
    )
)  # fmt: skip


class Anonymous:
    """The placeholders of one run; `public` are account numbers that are nobody's secret: those of AWS's own images."""

    def __init__(self, public: Iterable[str] = ()):
        self.stands_for: dict[str, str] = {}
        self._of: dict[str, str] = {}
        self._hidden: list[str] = []
        self._public = frozenset(public)
        self._known: re.Pattern[str] | None = None

    def hide(self, kind: str, value: str | None) -> None:
        """Replace this very text from here on, wherever it stands as a word of its own."""
        if not value or value in self._hidden or PLACEHOLDER.search(value):
            return
        self._placeholder(kind, value)
        self._hidden = sorted([*self._hidden, value], key=len, reverse=True)
        self._known = re.compile(_WHOLE_WORD.format(f"(?:{'|'.join(map(re.escape, self._hidden))})"))

    def learn(self, value: object) -> None:
        """The ids and secrets in an answer or in arguments, known by the names of their members."""
        if isinstance(value, Mapping):
            for name, one in value.items():
                self._learn_member(str(name), one)
        elif isinstance(value, list | tuple):
            for one in value:
                self.learn(one)

    def _learn_member(self, name: str, value: object) -> None:
        if not isinstance(value, str):
            self.learn(value)
        elif _IDS.fullmatch(name) and _ID.fullmatch(value):
            self.hide("token" if "token" in name.lower() else "id", value)
        elif _SECRET.fullmatch(name) and len(value) >= _SHORTEST_SECRET:
            self.hide("secret", value)

    def of(self, value: object) -> object:
        """The value as JSON holds it, with placeholders."""
        if isinstance(value, Mapping):
            return self.within(value)
        if isinstance(value, list | tuple):
            return [self.of(one) for one in value]
        if isinstance(value, bytes | bytearray):
            return {BYTES: readable(bytes(value), self.text)}
        if isinstance(value, datetime):
            return value.isoformat()
        return self.text(value) if isinstance(value, str) else value

    def within(self, members: Mapping[str, object]) -> dict[str, object]:
        """The members likewise."""
        return {self.text(str(name)): self.of(one) for name, one in members.items()}

    def text(self, text: str) -> str:
        """The text with placeholders."""
        text = self._known.sub(lambda found: self._of[found[0]], text) if self._known else text
        for kind, form in _FORMS:
            text = form.sub(partial(self._instead, kind), text)
        return text

    def _instead(self, kind: str, found: re.Match[str]) -> str:
        group = "it" if "it" in found.re.groupindex else 0
        value, start = found[group], found.start(group) - found.start()
        if value in self._public or PLACEHOLDER.search(value):
            return found[0]
        return found[0][:start] + self._placeholder(kind, value) + found[0][start + len(value) :]

    def _placeholder(self, kind: str, value: str) -> str:
        if value not in self._of:
            number = 1 + sum(one.startswith(f"<{kind}:") for one in self.stands_for)
            self._of[value] = f"<{kind}:{number}>"
            self.stands_for[self._of[value]] = value
        return self._of[value]


# --- bytes ---


class Readable(TypedDict, total=False):
    """One of three: a text, an archive, or anything else."""

    text: str
    zip: dict[str, Readable]
    size: int
    sha256: str


def readable(data: bytes, anonymous: Callable[[str], str]) -> Readable:
    """Text as text, an archive as its members, anything else as its size and digest: nobody can read what is in it."""
    text = _text(data)
    if text is not None:
        return {"text": anonymous(text)}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {one: readable(archive.read(one), anonymous) for one in archive.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    return {"zip": members}


def _text(data: bytes) -> str | None:
    try:
        text = data.decode() if len(data) <= _LARGEST_TEXT else None
    except UnicodeDecodeError:
        return None
    return None if text is None or "\x00" in text else text


def written(known: Readable, stored: Callable[[str], bytes | None]) -> bytes:
    """Bytes as `readable` tells of them; `stored` finds by digest what only its digest tells of, else zeros stand for it."""
    if "text" in known:
        return str(known["text"]).encode()
    if "zip" not in known:
        return stored(str(known.get("sha256"))) or bytes(int(known.get("size", 0)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in known["zip"].items():
            archive.writestr(zipfile.ZipInfo(name), written(one, stored))
    return out.getvalue()
