"""What differs between a recorded answer and the local AWS's: status, code, message, shape."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hol.cloud.anonymous import BYTES, PLACEHOLDER
from hol.local.compare.likeness import members, same_text

Aspect = Literal["status", "code", "message", "shape"]
# What a thing says of how far it is, and what it says while it is on its way.
_STATES = ("State", "LastUpdateStatus", "EndpointStatus", "Status")
UNSETTLED = frozenset(("Pending", "InProgress", "Creating", "Updating", "Deleting", "SystemUpdating"))
_OF_A_PAGE = ("content-type", "location", "x-amzn-errortype")


@dataclass(frozen=True)
class Difference:
    """Of one call: the line of the record, the operation, and what differs in what."""

    line: int
    operation: str
    aspect: Aspect
    recorded: str
    here: str


@dataclass(frozen=True)
class Answered:
    """An answer with its placeholders, as a record holds it."""

    status: int
    code: str | None
    message: str | None
    answer: object

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Answered:
        return cls(int(line.get("status") or 0), line.get("code"), line.get("message"), line.get("answer"))

    @property
    def states(self) -> dict[str, str]:
        """How far the thing is, wherever the answer says it."""
        return dict(_states(self.answer))


def between(line: int, operation: str, recorded: Answered, here: Answered) -> list[Difference]:
    """Every difference; of answers that are of different moments, or of different kinds, the shape does not count."""
    found: list[tuple[Aspect, object, object]] = []
    if recorded.status != here.status:
        found.append(("status", recorded.status, here.status))
    if (recorded.code or None) != (here.code or None):
        found.append(("code", recorded.code or "-", here.code or "-"))
    if not same_text(recorded.message or "", here.message or "") and (recorded.code or not found):
        found.append(("message", recorded.message or "-", here.message or "-"))
    if not found and recorded.states == here.states:
        there, ours = (_members(operation, one.answer) for one in (recorded, here))
        found += [("shape", *_apart(there, ours))] if there != ours else []
    return [Difference(line, operation, aspect, str(there), str(ours)) for aspect, there, ours in found]


def _apart(there: set[str], here: set[str]) -> tuple[str, str]:
    return ", ".join(sorted(there - here)) or "-", ", ".join(sorted(here - there)) or "-"


def _members(operation: str, answer: object) -> set[str]:
    """The members that hold something; an id in a member's name is any id."""
    return {PLACEHOLDER.sub(r"<\1>", one) for one in _found(operation, answer)}


def _found(operation: str, answer: object) -> Iterator[str]:
    if not operation.startswith("http.") or not isinstance(answer, Mapping):
        return members(_plain(answer))
    headers = answer.get("headers") or {}
    told = {name: value for name, value in headers.items() if name in _OF_A_PAGE or name.startswith("access-control-")}
    return members({"headers": told, "body": _parsed(answer.get("body"))})


def _plain(answer: object) -> object:
    """The answer with each of its bodies as one thing."""
    if isinstance(answer, Mapping):
        return "bytes" if set(answer) == {BYTES} else {name: _plain(one) for name, one in answer.items()}
    return [_plain(one) for one in answer] if isinstance(answer, list) else answer


def _parsed(body: Any) -> object:
    try:
        return json.loads(body[BYTES]["text"])
    except (TypeError, KeyError, ValueError):
        return _plain(body)


def _states(answer: object, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(answer, Mapping):
        for name, value in answer.items():
            if name in _STATES and isinstance(value, str):
                yield f"{at}.{name}", value
            yield from _states(value, f"{at}.{name}")
    elif isinstance(answer, list):
        for number, one in enumerate(answer):
            yield from _states(one, f"{at}[{number}]")
