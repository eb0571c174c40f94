"""Replays one run of a record, call by call, in the order in which it was written."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from hol.cloud.answers import Structure
from hol.cloud.clock import Clock, SystemClock
from hol.cloud.record import Line, Told, answered
from hol.cloud.session import Cloud
from hol.local.compare.differences import UNSETTLED, Answered, Difference, between
from hol.local.compare.stand_ins import StandIns, Unknown

_READS = re.compile(r"\w[\w-]*\.(get|list|describe|head|test)_\w+|lambda\.invoke|http\.\w+")
_THROTTLED = re.compile(r"Throttl\w*|TooManyRequestsException|RequestLimitExceeded|SlowDown")
# How long an answer may still become the recorded one; longer where it says itself that it is on its way.
_SOON, _ON_ITS_WAY, _EVERY = 2.0, 60.0, 0.1


@dataclass
class Compared:
    """What came of it: calls that were made, their differences, and those that could not be made, with the reason's key."""

    calls: int = 0
    differences: list[Difference] = field(default_factory=list)
    not_made: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass
class Replay:
    """Against an account of the local AWS."""

    cloud: Cloud
    stand_ins: StandIns
    clock: Clock = field(default_factory=SystemClock)
    done: dict[str, Answered] = field(default_factory=dict)  # made here at once, where AWS wanted to be asked again

    def run(self, lines: Sequence[tuple[int, Line]], told: Compared) -> None:
        """Every call of the run; `lines` with their numbers in the file."""
        for at, (number, line) in enumerate(lines):
            try:
                told.differences += self._compared(number, line, [later for _, later in lines[at + 1 :]])
                told.calls += 1
            except Unknown as placeholder:
                told.not_made.append((number, str(line["call"]), str(placeholder)))

    def _compared(self, number: int, line: Line, later: Sequence[Line]) -> list[Difference]:
        recorded, operation = Answered.of(line), str(line["call"])
        repeated = any(_key(one) == _key(line) for one in later)
        if repeated and (recorded.status == 429 or _THROTTLED.fullmatch(recorded.code or "")):
            return []  # of that moment's traffic; the call that went through follows
        if not recorded.status:
            raise Unknown("-")
        arguments = self.stand_ins.within(line["parameters"])
        here = self.done.pop(_key(line), None) or self._asked(operation, arguments, line, recorded)
        found = between(number, operation, recorded, here)
        if recorded.code and not here.code and repeated:
            self.done[_key(line)] = here
        return [] if _is_gone_sooner(line, recorded, here, later) else found

    def _asked(self, operation: str, arguments: Structure, line: Line, recorded: Answered) -> Answered:
        """Our answer; asked again for a while where that changes nothing and AWS's was of a later moment."""
        began = self.clock.now()
        while True:
            raw = self._made(operation, arguments)
            self.stand_ins.pair(line.get("answer"), raw["answer"])
            self.stand_ins.pair(line.get("message"), raw["message"])
            here = Answered.of(self.stand_ins.own.within({"parameters": arguments, **raw}))
            waited = self.clock.now() - began
            if not _READS.fullmatch(operation) or waited >= self._patience(operation, recorded, here):
                return here
            self.clock.sleep(_EVERY, threading.Event())

    def _patience(self, operation: str, recorded: Answered, here: Answered) -> float:
        if recorded.states != here.states and not UNSETTLED & set(recorded.states.values()):
            return _ON_ITS_WAY
        return _SOON if between(0, operation, recorded, here) else 0

    def _made(self, operation: str, arguments: Structure) -> Told:
        if operation.startswith("http."):
            raw = self._visited(operation.partition(".")[2].upper(), arguments)
        else:
            try:
                if not self._exists(operation):
                    raise Unknown("-")
                raw = answered(self.cloud.call(operation, arguments))
            except (ClientError, BotoCoreError) as error:
                raw = answered(error)
        self.stand_ins.own.learn(arguments)
        self.stand_ins.own.learn(raw["answer"])
        return raw

    def _exists(self, operation: str) -> bool:
        """Whether AWS has such an operation; the name comes out of a file."""
        service, name = operation.split(".", 1)
        try:
            return name in self.cloud.client(service).meta.method_to_api_mapping
        except BotoCoreError:  # no such service
            return False

    def _visited(self, method: str, asked: Structure) -> Told:
        here = urlsplit(str(self.cloud.place.endpoint))
        url = urlsplit(asked["url"])
        host = re.sub(r"\.amazonaws\.com(\.cn)?$|\.localhost$", ".localhost", url.hostname or "")
        host = f"{host}:{here.port}" if host.endswith(".localhost") else here.netloc
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection = http.client.HTTPConnection(here.netloc, timeout=35)
        try:
            connection.request(method, path, asked.get("body"), {**asked.get("headers", {}), "Host": host})
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            told: Structure = {"status": answer.status, "headers": headers, "body": answer.read()}
        except OSError as error:
            told = {"status": 0, "headers": {}, "body": str(error).encode()}
        finally:
            connection.close()
        return {"status": int(told["status"]), "code": None, "message": None, "answer": told}


def _is_gone_sooner(line: Line, recorded: Answered, here: Answered, later: Sequence[Line]) -> bool:
    """Whether it was still being deleted there, and is gone here as it was there some calls later."""
    gone = {Answered.of(one).code for one in later if _key(one) == _key(line)} - {None, ""}
    return "Deleting" in recorded.states.values() and here.code in gone


def _key(line: Line) -> str:
    return json.dumps([line["call"], line["parameters"]], sort_keys=True)


def runs(lines: Sequence[Line]) -> list[list[tuple[int, Line]]]:
    """The lines of each run, numbered from 1 as they stand in the file."""
    found: list[list[tuple[int, Line]]] = []
    for number, line in enumerate(lines, 1):
        if "record" in line:
            found.append([])
        found[-1].append((number, line))
    return found
