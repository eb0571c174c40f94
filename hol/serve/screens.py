"""The practice console's screens: data beside the steps they belong to, `console/noun.yaml`, read and looked through.

A screen is a list of blocks: what is read (`reads`), tables, details, tabs, trees, notes and forms; a button leads to another
screen, or makes calls. All labels are pairs, Korean and English, with the page that they are from and the day on which it said so.
What a block or a field may say is in `_KEYS`: a screen with anything else is not taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from hol.engine.step import Step
from hol.words.errors import ConfigError
from hol.words.text import t

FOLDER = "console"
Data: TypeAlias = Mapping[str, Any]  # a part of a screen, with the keys of its kind
_KEYS = {
    "screen": "screen title service menu under address source as_of params reads blocks",
    "table": "kind name title rows columns buttons select empty key when text",
    "details": "kind title items buttons when text",
    "tabs": "kind name tabs when",
    "tree": "kind buttons title roots children label go child_go chosen when",
    "note": "kind type text when",
    "code": "kind name title text buttons when",
    "split": "kind left right when",
    "form": "kind name title text pages buttons when cancel",
    "field": "name kind label hint default options from when required warn placeholder text must unit filter",
    "button": "name label primary go act calls then said remember shows download http when needs items dialog confirm danger",
    "call": "call with when each keep action silent already unpack",
}


@dataclass(frozen=True)
class Screen:
    """One screen's data, and the step whose it is."""

    step: str
    data: Data

    @property
    def id(self) -> str:
        return str(self.data["screen"])

    @cached_property
    def buttons(self) -> dict[str, Data]:
        """Everything on it that makes calls, by name."""
        return {str(one["name"]): one for one in _buttons(self.data["blocks"]) if "name" in one}

    @property
    def forms(self) -> Iterator[Data]:
        yield from _forms(self.data["blocks"])


def load(steps: Sequence[Step]) -> dict[str, Screen]:
    """The screens of all steps, by id. Raises `ConfigError` for what is no screen."""
    found: dict[str, Screen] = {}
    for step in steps:
        file = step.path.parent / FOLDER / f"{step.name}.yaml"
        for data in _read(file) if file.is_file() else ():
            _check(file, "screen", data)
            found[data["screen"]] = Screen(step.name, data)
    return found


def _read(file: Path) -> list[Data]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return list(yaml.load(file.read_text(encoding="utf-8"), loader))


def _check(file: Path, kind: str, data: Data) -> None:
    """Refuse what nobody would draw: a wrong key is a typing mistake."""
    if wrong := set(data) - set(_KEYS[kind].split()):
        raise ConfigError(t("{}: {} has no {}", file.name, kind, ", ".join(sorted(wrong))))
    for block in _inner_blocks(data):
        _check(file, block["kind"], block)
    for page in data.get("pages", ()):
        for section in page["sections"]:
            for field in section["fields"]:
                _check(file, "field", field)
    for button in data.get("buttons", ()):
        for one in (button, *button.get("items", ())):
            _check(file, "button", one)
            for call in one.get("calls", ()):
                _check(file, "call", call)


def _inner_blocks(data: Data) -> Iterator[Data]:
    yield from data.get("blocks", ())
    yield from data.get("left", ())
    yield from data.get("right", ())
    for tab in data.get("tabs", ()):
        yield from tab["blocks"]
    for button in data.get("buttons", ()):
        yield from button.get("dialog", {}).get("blocks", ())


def _buttons(blocks: Sequence[Data]) -> Iterator[Data]:
    for block in blocks:
        for button in block.get("buttons", ()):
            yield from (button, *button.get("items", ()))
        yield from (item["button"] for item in block.get("items", ()) if "button" in item)
        yield from _buttons(list(_inner_blocks(block)))


def _forms(blocks: Sequence[Data]) -> Iterator[Data]:
    for block in blocks:
        if block["kind"] == "form":
            yield block
        yield from _forms(list(_inner_blocks(block)))
