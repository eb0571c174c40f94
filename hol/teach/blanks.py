"""Calls with names where values are not known yet.

Before a step is done, AWS has not said the API's id: it becomes the blank API_ID, which `awscli` writes as a shell
variable and `python` as a Python one. Contents (the zip of the function, an uploaded file) become the path of the
file that holds them. What a dry-run cannot list at all (files of an SDK that is not there yet) has a recipe instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hol.cloud.actions import Call
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.unknown import UNKNOWN, is_unknown
from hol.site import folder as site_folder

ZIP = "function.zip"
_OPEN, _CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{_OPEN}([A-Z_]+){_CLOSE}")
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
# By what an event's key names.
RECIPES = {"local.site_folder": "site", "s3.object": "upload", "s3.object_acl": "public"}


UNDONE = {"local.site_folder": "unsite"}


@dataclass(frozen=True)
class Content:
    """What a file holds; `path` as a person in the lab's folder writes it."""

    path: str


@dataclass(frozen=True)
class Recipe:
    """Something that is not one call: `site`, `upload`, `public`, or the site folder gone: `unsite`."""

    name: str


def plan(lab: Lab, events: Sequence[Event]) -> list[Call | Recipe]:
    """What the events call, in order, blanks named; each recipe once."""
    told: list[Call | Recipe] = []
    for event in events:
        recipes = UNDONE if event.mark == "-" else RECIPES
        recipe = Recipe(recipes.get(event.key.partition(" ")[0], ""))
        if event.mark in "+~-" and not event.calls and recipe.name and recipe not in told:
            told.append(recipe)
        told += [Call(call.operation, _named(lab, call)) for call in event.calls]
    return told


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


def shown_path(lab: Lab, path: Path) -> str:
    """The path as a person in the lab's folder writes it."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else str(path)


def written(lab: Lab) -> list[str]:
    """What in the site folder hol wrote and nobody has edited, the manifest only with the last of it."""
    folder = lab.run.home / lab.config.site.folder
    known = site_folder.manifest(folder)
    edited = site_folder.changed_by_hand(folder, known) if known else []
    return [
        *(name for name in site_folder.ours(folder) if name not in edited),
        *([] if edited else [site_folder.MANIFEST]),
    ]


def _named(lab: Lab, call: Call) -> dict[str, Any]:
    return {key: _value(lab, call, key, item) for key, item in call.arguments.items()}


def _value(lab: Lab, call: Call, key: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return Content(_path(lab, call))
    if isinstance(value, Mapping):
        return {name: _value(lab, call, key, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_value(lab, call, key, item) for item in value]
    if is_unknown(value):
        return str(value).replace(str(UNKNOWN), f"{_OPEN}{_NAMES.get(key, 'UNKNOWN')}{_CLOSE}")
    return value


def _path(lab: Lab, call: Call) -> str:
    if call.operation.startswith("lambda."):
        return ZIP
    if call.arguments.get("Bucket") == lab.config.endpoint.bucket:
        return shown_path(lab, lab.asset(lab.config.endpoint.model))
    return f"{lab.config.site.folder}/{call.arguments.get('Key')}"
