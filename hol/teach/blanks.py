"""Calls with names where values are not known yet.

Before a step is done, AWS has not said the API's id: it becomes the blank API_ID, which `awscli` writes as a shell
variable and `python` as a Python one. Contents (the zip of the function, an uploaded file) become the path of the
file that holds them. What a dry-run cannot list at all (files of an SDK that is not there yet) has a recipe instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hol.cloud.actions import Call
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.unknown import UNKNOWN, is_unknown

ZIP = "function.zip"
_OPEN, _CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{_OPEN}([A-Z_]+){_CLOSE}")
_BESIDE: ContextVar[dict[str, Path] | None] = ContextVar("beside", default=None)
# What an unknown value is, by the argument in which it stands.
_NAMES = {
    "restApiId": "API_ID",
    "StatementId": "API_ID",
    "SourceArn": "API_ID",
    "resourceArn": "API_ID",
    "resourceId": "ROOT_ID",
    "Tags": "ROLE_ID",
    "patchOperations": "DEPLOYMENT_ID",
}


@dataclass(frozen=True)
class Content:
    """What a file holds; `path` as a person in the lab's folder writes it."""

    path: str
    data: bytes = field(default=b"", compare=False, repr=False)


@dataclass(frozen=True)
class Recipe:
    """Something that is not one call of AWS, as a step's `recipe(lab, event)` has it.

    In bash and in Python; `services`: the boto3 clients that the Python uses, `wants`: the blanks that both use.
    """

    shell: str
    python: str
    services: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()


def plan(lab: Lab, events: Sequence[Event]) -> list[Call | Recipe]:
    """What the events call, in order, blanks named; each recipe once."""
    parts: list[Call | Recipe] = []
    recipe = lab.facet("recipe")
    for event in events:
        found = recipe(lab, event) if recipe and event.mark in "+~-" and not event.calls else None
        parts += [found] if found and found not in parts else []
        parts += [Call(call.operation, _named(lab, call)) for call in event.calls]
    return parts


def blank(name: str) -> str:
    """The blank of that name, as it stands in an argument."""
    return f"{_OPEN}{name}{_CLOSE}"


def blanks(value: object) -> list[str]:
    """The blanks in it, each once, the API's id first: the others are asked for with it."""
    if isinstance(value, str):
        found = MARK.findall(value)
    elif isinstance(value, Mapping):
        found = [name for item in value.values() for name in blanks(item)]
    elif isinstance(value, list | tuple):
        found = [name for item in value for name in blanks(item)]
    else:
        found = []
    return sorted(set(found))


@contextmanager
def beside() -> Iterator[dict[str, Path]]:
    """Within it, files and folders of the lab are written as lying beside the script, which sets `HERE` to its own folder.

    Yields those that are used: path there → where they are now.
    """
    used: dict[str, Path] = {}
    before = _BESIDE.set(used)
    try:
        yield used
    finally:
        _BESIDE.reset(before)


def shown_asset(lab: Lab, name: str) -> str:
    """The lab's file or folder as a person in its folder writes it; for bash it wants `awscli.quote`."""
    path, used = lab.asset(name), _BESIDE.get()
    if used is None:
        return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)
    inside = PurePosixPath(name)
    there = f"assets/{inside.name}" if inside.is_absolute() or ".." in inside.parts else str(inside)
    used[there] = path
    return f"{blank('HERE')}/{there}"


def _named(lab: Lab, call: Call) -> dict[str, object]:
    return {key: _value(lab, call, key, item) for key, item in call.arguments.items()}


def _value(lab: Lab, call: Call, key: str, value: object) -> object:
    if isinstance(value, bytes):
        return Content(_path(lab, call), value)
    if isinstance(value, Mapping):
        return {name: _value(lab, call, key, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_value(lab, call, key, item) for item in value]
    if is_unknown(value):
        return str(value).replace(str(UNKNOWN), blank(_NAMES.get(key, "UNKNOWN")))
    return value


def _path(lab: Lab, call: Call) -> str:
    if call.operation.startswith("lambda."):
        return ZIP
    if call.arguments.get("Bucket") == lab.config.endpoint.bucket:
        return shown_asset(lab, lab.config.endpoint.model)
    return f"{lab.config.site.folder}/{call.arguments.get('Key')}"
