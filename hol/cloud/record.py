"""`--record FILE`: every call and its answer as a JSON line, with nothing in it that says whose account it was.

A line is written whole and at once, so that whoever ends hol leaves a file that can be read. While a record is made, calls
go one after the other: its order is the order in which they happened. A file goes on where it ended; each run begins with a
line of its own, after which placeholders are counted anew.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import TypedDict

from botocore.exceptions import BotoCoreError, ClientError

from hol import __version__
from hol.cloud.anonymous import Anonymous
from hol.cloud.answers import Structure
from hol.config.disk import failure, read_plain
from hol.words.errors import ConfigError
from hol.words.text import t

FORMAT = 1
_LARGEST = 200_000_000
# Shorter names, and AWS's own words, are hidden in ARNs alone: elsewhere they mean something else.
_SHORTEST_NAME = 5
_NO_NAMES = ("lambda", "apigateway", "sagemaker", "console", "local", "default", "production")


class Told(TypedDict):
    """What came back: an answer without its metadata, or an error's code and message; status 0 where AWS did not answer."""

    status: int
    code: str | None
    message: str | None
    answer: Structure | None


class Line(TypedDict, total=False):
    """One of three: where a run begins (`record`: the format's number), what it found, a call; or what a kill cut off."""

    hol: str
    record: int
    there: list[str]
    region: str
    settings: dict[str, object]
    names: dict[str, str]
    at: float
    call: str
    parameters: Structure
    status: int
    code: str | None
    message: str | None
    answer: Structure | None
    cut: bool


@dataclass
class Recorder:
    """Writes the lines of one run. Raises `HolError` for a file that cannot be written."""

    path: Path
    anonymous: Anonymous = field(default_factory=Anonymous)
    began: float = field(default_factory=monotonic)
    paused: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def opened(
        cls, path: Path, public: Iterable[str] = (), secrets: Mapping[str, str | None] | None = None
    ) -> Recorder:
        """For a new file, or one that holds a record; `secrets` are hidden wherever they stand: text → kind."""
        recorder = cls(path, Anonymous(public))
        begun = path.exists() and read(path) and not path.read_bytes().endswith(b"\n")
        for secret, kind in (secrets or {}).items():
            recorder.anonymous.hide(str(kind), secret)
        recorder.write({"hol": __version__, "record": FORMAT}, after="\n" if begun else "")
        return recorder

    def write(self, line: Mapping[str, object], after: str = "") -> None:
        """One line, whole."""
        data = f"{after}{json.dumps(line, ensure_ascii=False)}\n".encode("utf-8", "surrogatepass")
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "ab", buffering=0) as file:
                while data:
                    data = data[file.write(data) :]
        except OSError as error:
            raise failure(error, self.path) from error

    @contextmanager
    def pausing(self) -> Iterator[None]:
        """Calls in here are none of the run's."""
        self.paused = True
        try:
            yield
        finally:
            self.paused = False

    def call(self, operation: str, arguments: Mapping[str, object], make: Callable[[], Structure]) -> Structure:
        """What `make` answers, or the error that it raises, written down."""
        if self.paused:
            return make()
        with self._lock:
            try:
                answer = make()
            except (ClientError, BotoCoreError) as error:
                self._write_call(operation, arguments, answered(error))
                raise
            self._write_call(operation, arguments, answered(answer))
            return answer

    def is_asked_by(self, arn: str) -> None:
        """Who asks, as STS says: the name in it is hidden wherever it stands."""
        kind, _, name = arn.rpartition(":")[2].partition("/")
        name = name.rpartition("/")[2]
        if len(name) >= _SHORTEST_NAME and name.lower() not in _NO_NAMES:
            self.anonymous.hide("user" if kind == "user" else "session", name)

    def visit(self, method: str, url: str, asked: Mapping[str, object], answer: Mapping[str, object]) -> None:
        """A request that is no call of AWS's: of a deployed API, of a website; `asked`: headers, body."""
        if not self.paused:
            with self._lock:
                told = {"status": answer["status"], "answer": answer}
                self._write_call(f"http.{method.lower()}", {"url": url, **asked}, told)

    def _write_call(self, operation: str, arguments: Mapping[str, object], told: Mapping[str, object]) -> None:
        self.anonymous.learn(arguments)
        self.anonymous.learn(told["answer"])
        at, line = round(monotonic() - self.began, 3), {"parameters": arguments, **told}
        self.write({"at": at, "call": operation, **self.anonymous.within(line)})


def answered(answer: Structure | Exception) -> Told:
    """The answer of a call, or its error, as a record tells it; status 0 where AWS did not answer."""
    if isinstance(answer, ClientError):
        told = answer.response.get("Error", {})
        code, message = told.get("Code"), told.get("Message")
        return {"status": _status(answer.response), "code": code, "message": message, "answer": None}
    if isinstance(answer, Exception):
        return {"status": 0, "code": type(answer).__name__, "message": str(answer), "answer": None}
    return {"status": _status(answer), "code": None, "message": None, "answer": _without_metadata(answer)}


def _status(answer: Structure) -> int:
    return int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _without_metadata(answer: Structure) -> Structure:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def read(path: Path) -> list[Line]:
    """The lines of a record, in their places; one that was cut off by a kill is `{"cut": True}`.

    Raises `ConfigError` for what is no record, and for a line that hol does not write.
    """
    try:
        text = read_plain(path, _LARGEST).decode("utf-8", "surrogatepass")
    except OSError as error:
        raise failure(error, path) from error
    except UnicodeDecodeError:
        text = ""
    found = [_line(one) for one in text.rstrip("\n").split("\n")]
    if not found[0] or found[0].get("record") != FORMAT:
        raise ConfigError(t("{} is no record of hol's", str(path)), fix=t("name another file, or remove this one"))
    for number, line in enumerate(found, 1):
        last = number == len(found) or "record" in (found[number] or {})
        if not _is_written(line) and (line is not None or not last):
            raise ConfigError(
                t("line {} of {} is none that hol writes", number, str(path)), fix=t("make the record anew")
            )
    return [line or {"cut": True} for line in found]


def _line(text: str) -> Line | None:
    try:
        line: Line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else {}


def _is_written(line: Line | None) -> bool:
    if not line:
        return False
    operation, status = line.get("call", "http.get"), line.get("status")
    known = isinstance(operation, str) and "." in operation
    return known and isinstance(line.get("parameters", {}), Mapping) and isinstance(status, int | None)
