"""Finds the steps of a lab: a step is a file `stepNN_noun.py`; its number and name are there and nowhere else."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from hol.words.again import shell
from hol.words.errors import ConfigError
from hol.words.text import Language, t

_FILE = re.compile(r"step(\d\d)_([a-z0-9_]+)\.py")


@dataclass(frozen=True)
class Step:
    """A step file: its number, its name, and what it defines."""

    number: int
    name: str
    path: Path
    module: Any

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(getattr(self.module, "NEEDS", ()))

    @property
    def awaits(self) -> tuple[str, ...]:
        """Those of its needs that it waits for itself, so that it may start beside them."""
        return tuple(getattr(self.module, "AWAITS", ()))

    @property
    def down_after(self) -> tuple[str, ...] | None:
        """The steps that must be down before this one, where they are not simply those that need it."""
        found = getattr(self.module, "DOWN_AFTER", None)
        return None if found is None else tuple(found)

    def does(self, verb: str) -> bool:
        return hasattr(self.module, verb)

    def guide(self, language: Language) -> Path:
        """The guide text beside it."""
        return self.path.with_suffix(f".{language}.md")

    def title(self, language: Language) -> str:
        """The guide text's heading, or else the file's docstring."""
        guide = self.guide(language)
        heading = guide.open(encoding="utf-8", errors="replace").readline() if guide.is_file() else ""
        return heading.lstrip("# ").strip() or (self.module.__doc__ or self.name).strip().splitlines()[0]


def resting_on(steps: Sequence[Step], chosen: Step) -> list[Step]:
    """The later steps that need it, directly or not, in order."""
    names = {chosen.name}
    for step in steps:
        if names.intersection(step.needs):
            names.add(step.name)
    return [step for step in steps if step.name in names and step is not chosen]


def discover(folder: Path) -> list[Step]:
    """The steps in that folder, by number. Raises `ConfigError` for two of one number, or a need that is none."""
    steps = [_load(path, found) for path in sorted(folder.glob("step*.py")) if (found := _FILE.fullmatch(path.name))]
    names = {step.name for step in steps}
    for step, after in pairwise(steps):
        if step.number == after.number:
            raise ConfigError(t("{} and {} have the same number", step.path.name, after.path.name))
    for step in steps:
        for need in step.needs:
            if need not in names:
                raise ConfigError(t("{} needs the step {}, which does not exist", step.path.name, need))
    if not steps:
        raise ConfigError(
            t("there are no steps in {}", str(folder)),
            fix=t("without that folder hol takes its own steps: {}", shell("mv", folder, f"{folder}.away")),
        )
    return steps


def _load(path: Path, found: re.Match[str]) -> Step:
    spec = importlib.util.spec_from_file_location(f"hol_steps.{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever a step of one's own may do wrong
        raise ConfigError(t("{} cannot be loaded", path.name), t("{}: {}", type(error).__name__, error)) from error
    return Step(int(found[1]), found[2], path, module)
