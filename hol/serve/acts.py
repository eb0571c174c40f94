"""What a click does: the calls of its button, made one after the other through the kernel, each with its line for a terminal.

What a console does silently is a call of the data like any other, marked so. An error ends the click, in AWS's own words.
"""

from __future__ import annotations

import http.client
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from hol.cloud.actions import Call
from hol.cloud.answers import Structure
from hol.cloud.failures import failure_of
from hol.engine.calls import send
from hol.engine.events import Progress
from hol.engine.run import Interrupted, Run
from hol.serve.drawing import go, pair, shown
from hol.serve.filling import filled, find, holds, within
from hol.serve.screens import Data
from hol.teach import awscli, python
from hol.teach.blanks import ZIP, Content
from hol.words.text import Text

_LONGEST_ANSWER = 1_000_000


@dataclass
class Act:
    """One click under way: the values so far, what was called, and AWS's error, if there was one."""

    run: Run
    step: str
    values: dict[str, object]
    records: list[dict[str, object]] = field(default_factory=list)
    answers: Structure = field(default_factory=dict)
    error: dict[str, object] | None = None

    def perform(self, button: Data) -> None:
        """Make the calls of the button."""
        self.values.setdefault("random", uuid.uuid4().hex[:8])
        for spec in button.get("calls", ()):
            items = find(spec["each"], self.values) or [] if "each" in spec else [None]
            for item in items:
                self.values["item"] = item
                if self.error is None and holds(spec.get("when"), self.values):
                    self._call(spec)
        if "http" in button and self.error is None:
            self.values["http"] = _request(self.run, filled(button["http"], self.values))

    def _call(self, spec: Data) -> None:
        call = Call(spec["call"], filled(spec.get("with", {}), self.values))
        try:
            answer = send(self.run, call, self._pause, expected=spec.get("already", ()))
        except (ClientError, BotoCoreError) as error:
            failure = failure_of(error)
            self._record(spec, call, failure.code)
            if not failure.is_one_of(spec.get("already", ())):
                self.error = {"code": failure.code, "message": failure.message, "call": call.operation}
            return
        self.run.made.add(call.operation)
        self._record(spec, call, None)
        for name, question in spec.get("keep", {}).items():
            self.answers[name] = answer.get(question)
            self.values[name] = find(question, within(answer))

    def _record(self, spec: Data, call: Call, refused: str | None) -> None:
        silent = spec.get("silent")
        numbers = spec.get("action", [])
        self.records.append(
            {
                "operation": call.operation,
                **lines(call, self.values.get("item")),
                "silent": None if silent is None else pair(silent, self.values),
                "actions": numbers if isinstance(numbers, list) else [numbers],
                "refused": refused,
            }
        )

    def _pause(self, what: Text, seconds: float, waited: float, at_most: float) -> None:
        self.run.emit(Progress(self.step, what, waited, at_most))
        self.run.clock.sleep(seconds, self.run.stop)
        if self.run.stop.is_set():
            raise Interrupted

    def outcome(self, button: Data) -> dict[str, object]:
        """What the page shows afterwards, and where it goes."""
        if self.error:
            return {}
        found: dict[str, object] = {}
        if "said" in button:
            found["said"] = pair(button["said"], self.values)
        if "then" in button:
            found["go"] = go(button["then"], self.values)
        if "shows" in button:
            found["shows"] = [self._shown(one) for one in button["shows"] if holds(one.get("when"), self.values)]
        return found

    def _shown(self, one: Data) -> dict[str, object]:
        value = filled(one["value"], self.values)
        return {
            "label": pair(one["label"], self.values),
            "value": shown(value),
            "code": bool(one.get("code")),
            "type": one.get("type", ""),
        }


def lines(call: Call, item: object = None) -> dict[str, str]:
    """The call as an `aws` line and as a boto3 line; contents are named by the file that they are of."""
    name = item["path"] if isinstance(item, Mapping) and "path" in item else ZIP
    written = Call(call.operation, _named(call.arguments, name))
    return {"aws": awscli.command(written), "boto3": python.statement(written)}


def _named(value: object, name: str) -> Any:
    if isinstance(value, bytes):
        return Content(name)
    if isinstance(value, Mapping):
        return {key: _named(part, name) for key, part in value.items()}
    return [_named(part, name) for part in value] if isinstance(value, list) else value


def _request(run: Run, asked: Mapping[str, str]) -> dict[str, object]:
    """An HTTP request without credentials, to the local AWS and to nothing else."""
    if not is_here(run, asked["url"] or ""):
        return {"status": 0, "reason": "", "body": "", "foreign": True}
    there, url = urlsplit(str(run.cloud.place.endpoint)), urlsplit(asked["url"])
    connection = http.client.HTTPConnection(str(there.hostname), there.port, timeout=30)
    try:
        target = url.path + (f"?{url.query}" if url.query else "")
        sent = (asked.get("body") or "").encode() if asked["method"] != "GET" else None
        headers = {"Host": url.netloc, "Content-Type": "application/json"}
        connection.request(asked["method"], target or "/", sent, headers)
        answer = connection.getresponse()
        body = answer.read(_LONGEST_ANSWER).decode("utf-8", "replace")
        return {"status": answer.status, "reason": answer.reason, "body": body, "foreign": False}
    except (OSError, http.client.HTTPException) as error:
        return {"status": 0, "reason": str(error), "body": "", "foreign": False}
    finally:
        connection.close()


def is_here(run: Run, address: str) -> bool:
    """Whether the address is one of the local AWS of the run."""
    there, url = urlsplit(run.cloud.place.endpoint or ""), urlsplit(address)
    host = url.hostname or ""
    try:
        same = url.scheme == "http" and url.port == there.port
    except ValueError:
        return False
    return same and (host in (there.hostname, "localhost") or host.endswith(".localhost"))


def missing(fields: list[Data], values: Mapping[str, object]) -> list[str]:
    """The names of what had to be filled in, or ticked, and is not."""
    return [
        one["name"]
        for one in fields
        if holds(one.get("when"), values)
        and (
            (one.get("required") and not values.get(one["name"]))
            or (one.get("must") and values.get(one["name"]) is not True)
        )
    ]
