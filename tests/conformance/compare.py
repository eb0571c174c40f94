"""What agrees between a recorded answer and ours: status and code, message, shape, values.

Placeholders (`<id:1>`, `datetime`, …) stand for anything that is there. Lists of choices inside a message are compared as sets, since AWS
writes them in no order of its own; empty members (null, "", [], {}) count as absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hol.local.compare.likeness import differing, members, same_text

from .cases import Case
from .replay import Answered

_WORDS = ("datetime", "date", "timestamp", "content-length")
# An edge-optimised API is reached through CloudFront, which adds its own; of a connection the client library speaks.
_EDGE = re.compile(r"(?i)via|x-amz-cf-.*|x-cache|cloudfront-.*|date|connection|content-length|x-amzn-trace-id")


@dataclass(frozen=True)
class Verdict:
    """What agrees; None where nothing was recorded to agree with. `why` says the first difference in each."""

    code: bool
    message: bool | None = None
    shape: bool | None = None
    values: bool | None = None
    why: tuple[str, ...] = ()


def compare(case: Case, ours: Answered, account: str) -> Verdict:
    """The verdict on one replayed case."""
    return _http(case, ours) if case.is_http else _api(case, ours, account)


def _api(case: Case, ours: Answered, account: str) -> Verdict:
    recorded = case.recorded
    code = _same_status(recorded.status, ours.status) and (recorded.code or None) == (ours.code or None)
    why = (
        []
        if code
        else [
            f"AWS {recorded.status} {recorded.code or ''} {recorded.message or ''}, here {ours.status} {ours.code or ''} {ours.message or ''}"
        ]
    )
    message = shape = None
    if recorded.code is not None and recorded.message is not None:
        said = _asked_alike(case, recorded.message, (ours.message or "").replace(account, "1" * 12))
        message = code and same_text(recorded.message, said)
        if code and not message:
            why.append(f"message: AWS {recorded.message!r}, here {ours.message!r}")
    elif recorded.code is None:
        there, here = set(members(recorded.answer)), set(members(_read_like(recorded.answer, ours.answer)))
        shape = code and there == here
        if code and not shape:
            why.append("shape: " + "; ".join(differing(there, here)))
    return Verdict(code, message, shape, None, tuple(why))


def _asked_alike(case: Case, recorded: str, ours: str) -> str:
    """Ours with the API asked for as AWS's answer names it: recorders rewrote the one and not the other."""
    asked, named = str(case.parameters.get("restApiId", "")), re.search(r" \d{12}:([\w-]+)$", recorded)
    return ours.removesuffix(asked) + named[1] if named and asked and ours.endswith(f":{asked}") else ours


def _same_status(recorded: int | None, ours: int) -> bool:
    return recorded is None or recorded == ours


def _read_like(recorded: Any, ours: Any) -> Any:
    """Ours with the documents inside read that the recorder had read: a policy, a body, the lines of a log."""
    if isinstance(recorded, Mapping) and isinstance(ours, str):
        if all(str(name).startswith("line") for name in recorded):
            return {f"line{number:02}": line for number, line in enumerate(ours.split("\n"))}
        try:
            return _read_like(recorded, json.loads(ours))
        except ValueError:
            return ours
    if isinstance(recorded, Mapping) and isinstance(ours, Mapping):
        unread = recorded.get("Body") == "" and recorded.get("ContentLength", 0) != 0
        return {
            name: _read_like(recorded.get(name), value)
            for name, value in ours.items()
            if not (unread and name == "Body")
        }
    if isinstance(recorded, list) and isinstance(ours, list) and recorded:
        return [_read_like(recorded[min(at, len(recorded) - 1)], value) for at, value in enumerate(ours)]
    return ours


# --- the data plane ---


def _http(case: Case, ours: Answered) -> Verdict:
    recorded = case.recorded
    expected, status = _expected(recorded.answer), recorded.status
    given = {"body": ours.answer["body"], "headers": ours.answer["headers"]}
    agrees = all(_alike(expected[name], given[name]) for name in expected)
    code = _same_status(status, ours.status)
    why = (
        ()
        if agrees and code
        else (f"AWS {status or ''} {expected}, here {ours.status} { {name: given[name] for name in expected} }",)
    )
    return Verdict(code, values=agrees and code, why=why)


def _expected(answer: Any) -> dict[str, Any]:
    """The recorded answer as `body` and `headers`, whichever way its recorder wrote it down."""
    if not isinstance(answer, Mapping):
        return {"body": answer}
    names = {str(name).lower() for name in answer}
    if "content" in names:
        found = {"body": answer["content"]}
        return {**found, "headers": answer["headers"]} if "headers" in answer else found
    if names >= {"connection", "date"}:
        return {"headers": answer}
    if names == {"body", "statuscode"}:
        return {"body": answer["body"]}
    if answer and all(isinstance(value, str) and re.fullmatch(r"b'.*'", value, re.DOTALL) for value in answer.values()):
        return {"body": list(answer.values())[-1][2:-1]}  # several calls, of which the last is replayed
    return {"body": answer}


def _alike(recorded: Any, ours: Any) -> bool:
    if isinstance(recorded, Mapping):
        return isinstance(ours, Mapping) and _alike_members(recorded, ours)
    if isinstance(recorded, list):
        return isinstance(ours, list) and len(recorded) == len(ours) and all(map(_alike, recorded, ours))
    if isinstance(recorded, str):
        return recorded in _WORDS or same_text(recorded, ours if isinstance(ours, str) else repr(ours))
    return bool(recorded == ours)


def _alike_members(recorded: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    there = {name.lower(): value for name, value in recorded.items() if not _EDGE.fullmatch(name)}
    here = {name.lower(): value for name, value in ours.items() if not _EDGE.fullmatch(name)}
    return there.keys() == here.keys() and all(_alike(there[name], here[name]) for name in there)
