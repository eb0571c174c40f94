"""The recorded cases: calls that somebody made of AWS, the writes before them, and what AWS answered.

A file is `{"format": 1, "cases": […]}`; a case has `id`, `service`, `operation` (`apigateway:PutMethod`, `http:get`), `parameters`,
`hol_makes_this_call`, `setup` (the writes before it) and `recorded` (`status`, `code`, `message`, `answer`). Ids are placeholders.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Write:
    """A call of the set-up; `operation` as botocore names it, or an HTTP method for the service `http`."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """What AWS answered: `status` is None where nobody wrote it down, `code` and `message` are None without an error."""

    status: int | None
    code: str | None
    message: str | None
    answer: Any


@dataclass(frozen=True)
class Case:
    """One recorded call."""

    id: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    by_hol: bool
    setup: tuple[Write, ...]
    recorded: Recorded

    @property
    def is_http(self) -> bool:
        """Whether it is a call of a deployed API or website, not of a service."""
        return self.operation.startswith("http:")

    @property
    def group(self) -> str:
        """Where it is counted: its service, or `http`."""
        return "http" if self.is_http else self.service


def read(folder: Path) -> Iterator[Case]:
    """Every case of every `*.json` in the folder, in a stable order. Raises `ValueError` for another format."""
    for file in sorted(folder.glob("*.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("format") != 1:
            raise ValueError(f"{file.name} is not a file of recorded cases (format 1)")
        for case in data["cases"]:
            yield _case(case)


def _case(data: Mapping[str, Any]) -> Case:
    recorded = data["recorded"]
    return Case(
        data["id"],
        data["service"],
        data["operation"],
        data["parameters"],
        bool(data["hol_makes_this_call"]),
        tuple(Write(one["service"], one["operation"], one["parameters"]) for one in data["setup"]),
        Recorded(recorded["status"], recorded["code"], recorded["message"], recorded["answer"]),
    )
