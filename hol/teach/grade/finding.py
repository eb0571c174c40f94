"""What a look at hand-made work finds, and how IAM documents are judged by what they allow, not by how they look."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from hol.engine.lab import Lab
from hol.words.text import Text


@dataclass(frozen=True)
class Finding:
    """One facet: right, or wrong in a way that `wrong` says and `mend` mends in the console."""

    facet: str
    what: Text
    wrong: Text | None = None
    mend: Text | None = None
    live: bool = False  # about whether it answers, which is no matter of whose it is: `hol adopt` does not mind

    @property
    def right(self) -> bool:
        return self.wrong is None


Grader = Callable[[Lab], Iterator[Finding]]


def judged(facet: str, right: object, what: Text, wrong: Text, mend: Text, live: bool = False) -> Finding:
    """The finding for a facet that is right or wrong."""
    return Finding(facet, what) if right else Finding(facet, what, wrong, mend, live)


def parsed(document: Any) -> dict[str, Any]:
    """A policy document as a dict, whichever way AWS gives it."""
    found: dict[str, Any] = json.loads(document) if isinstance(document, str) else document or {}
    return found


def listed(value: Any) -> list[Any]:
    """IAM lets a list of one be its element."""
    return value if isinstance(value, list) else [] if value is None else [value]


def statements(documents: Iterable[Any], effect: str = "Allow") -> list[dict[str, Any]]:
    """The statements of that effect."""
    return [s for document in documents for s in listed(parsed(document).get("Statement")) if s.get("Effect") == effect]


def covers(patterns: Any, wanted: str) -> bool:
    """Whether one of IAM's patterns (`*`, `?`) matches; [ ] are no special signs there."""
    return any(fnmatchcase(wanted, str(pattern).replace("[", "[[]")) for pattern in listed(patterns))


def names(statement: dict[str, Any], action: str) -> bool:
    """Whether the statement is about that action; actions are compared without case."""
    if "NotAction" in statement:
        return not covers([str(a).lower() for a in listed(statement["NotAction"])], action.lower())
    return covers([str(a).lower() for a in listed(statement.get("Action"))], action.lower())


def allows(documents: Iterable[Any], action: str, resource: str) -> bool:
    """Whether the documents allow the action on the resource, and none of them denies it."""
    documents = list(documents)

    def hit(effect: str) -> bool:
        return any(names(s, action) and covers(s.get("Resource", "*"), resource) for s in statements(documents, effect))

    return hit("Allow") and not hit("Deny")


def services(document: Any) -> list[str]:
    """The services that a trust policy lets assume the role."""
    found = []
    for statement in statements([document]):
        principal = statement.get("Principal")
        if names(statement, "sts:AssumeRole"):
            found += listed(principal.get("Service") if isinstance(principal, dict) else principal)
    return [str(service) for service in found]
