"""Finds the steps of a lab: a step is a file `stepNN_noun.py`; its number and name are there and nowhere else.

The folder is a package: its modules import one another with a dot (`from . import topics`), whatever folder it is.
What a step brings for one verb only (a *facet*: `grade`, `adopt`, …) stands in its file or, where it is long, in a
module of the facet's folder beside it: `grade/noun.py`. That one is loaded when the verb asks for it.
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from hol.words.catalogue import add_catalogue
from hol.words.commands import shell
from hol.words.errors import ConfigError
from hol.words.text import Language, t

_FILE = re.compile(r"step(\d\d)_([a-z0-9_]+)\.py")


@dataclass(frozen=True)
class Step:
    """A step file: its number, its name, and what it defines."""

    number: int
    name: str
    path: Path
    module: ModuleType

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

    def facet(self, name: str, folder: str = "") -> Any:
        """What it brings under that name, in its file or in `FOLDER/noun.py` (the name's own) beside it; None without."""
        folder = folder or name
        if not self.does(name) and (self.path.parent / folder / f"{self.name}.py").is_file():
            return getattr(_import(f"{self.module.__package__}.{folder}.{self.name}"), name, None)
        return getattr(self.module, name, None)

    def guide(self, language: Language) -> Path:
        """The guide text beside it."""
        return self.path.with_suffix(f".{language}.md")

    def title(self, language: Language) -> str:
        """The guide text's heading, or else the file's docstring."""
        guide = self.guide(language)
        heading = guide.open(encoding="utf-8", errors="replace").readline() if guide.is_file() else ""
        return heading.lstrip("# ").strip() or (self.module.__doc__ or self.name).strip().splitlines()[0]


def sections(steps: Sequence[Step]) -> dict[str, type]:
    """The sections of config.yaml that these steps bring."""
    return {step.name: step.module.Settings for step in steps if step.does("Settings")}


def resting_on(steps: Sequence[Step], chosen: Step) -> list[Step]:
    """The later steps that need it, directly or not, in order."""
    names = {chosen.name}
    for step in steps:
        if names.intersection(step.needs):
            names.add(step.name)
    return [step for step in steps if step.name in names and step is not chosen]


def discover(folder: Path) -> list[Step]:
    """The steps in that folder, by number. Raises `ConfigError` for two of one number, or a need that is none."""
    package = _package(folder)
    found = [(path, named) for path in sorted(folder.glob("step*.py")) if (named := _FILE.fullmatch(path.name))]
    steps = [Step(int(named[1]), named[2], path, _import(f"{package}.{path.stem}")) for path, named in found]
    names = {step.name for step in steps}
    for step, after in pairwise(steps):
        if step.number == after.number:
            raise ConfigError(t("{} and {} have the same number", step.path.name, after.path.name))
    for step in steps:
        for need in step.needs:
            if need not in names:
                raise ConfigError(t("{} needs the step {}, which does not exist", step.path.name, need))
    add_catalogue(
        folder, {english: said for step in steps for english, said in getattr(step.module, "KOREAN", {}).items()}
    )
    if not steps:
        raise ConfigError(
            t("there are no steps in {}", str(folder)),
            fix=t("without that folder hol takes its own steps: {}", shell("mv", folder, f"{folder}.away")),
        )
    return steps


def _package(folder: Path) -> str:
    """The name under which the folder is a package in this process, with nothing in it loaded yet."""
    name = f"steps_{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"
    for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
        del sys.modules[loaded]
        importlib.invalidate_caches()
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = [str(folder)]
    return name


def _import(name: str) -> ModuleType:
    """A module of the lab's. Raises `ConfigError` when it cannot be loaded."""
    try:
        return importlib.import_module(name)
    except Exception as error:  # whatever a step of one's own may do wrong
        file = f"{name.partition('.')[2].replace('.', '/')}.py"
        raise ConfigError(t("{} cannot be loaded", file), t("{}: {}", type(error).__name__, error)) from error
