"""What every export begins with: the blank run's things by a tool's table, what is not in it, and what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from hol.cloud.tags import MANAGED
from hol.engine.lab import Lab
from hol.engine.run import Run, blank
from hol.engine.step import Step
from hol.export.made import Made, Thing, made
from hol.export.row import Rows
from hol.export.translate import Place, Style, Translation, rows_for, translate
from hol.teach.blanks import beside
from hol.words.errors import HolError
from hol.words.text import Language, Text, t


@dataclass(frozen=True)
class After:
    """What no resource is, as lines of bash for the lab's folder; `wants`: outputs that they use as variables."""

    lines: Sequence[str]
    wants: Sequence[str] = ()


@dataclass(frozen=True)
class Plan:
    """A translated lab, with what its steps say comes after it."""

    run: Run
    steps: Sequence[Step]
    language: Language
    translation: Translation
    afters: Sequence[tuple[Step, After]]
    notes: Sequence[tuple[Text, Text]]
    used: Mapping[str, Path]  # what the afters have beside them: path there → where it is

    @property
    def wants(self) -> list[str]:
        """The outputs that are used after it, each once."""
        return list(dict.fromkeys(name for _, after in self.afters for name in after.wants))

    def title(self, step: Step) -> str:
        return f"{step.number} · {step.title(self.language)}"


def planned(
    run: Run,
    steps: Sequence[Step],
    language: Language,
    tool: str,
    table: Rows,
    style: Style,
    own: bool,
    kept: Callable[[Sequence[Thing]], Sequence[Thing]] = list,
) -> Plan:
    """The lab by that table. `own`: as hol's own resources, to be taken over as they are; `kept`: what the tool can make."""
    found = made(blank(run), steps)
    cloud = run.cloud
    place = Place(cloud.account, cloud.region, cloud.partition)
    others = {name: text for step in found.undone for name, text in _others(run, step)}
    translation = translate(kept(found.things), rows_for(table, tool), style, place, others, own)
    with beside() as used:
        afters = [(step, after) for step in found.untold if (after := _after(run, step))]
    return Plan(run, steps, language, translation, afters, list(_notes(run, found, translation)), used)


def tags(run: Run, tool: str, own: bool) -> dict[str, str]:
    """The tags that all resources have: those of the configuration, and whose they are."""
    return Lab(run, "").tags if own else {**run.config.tags, MANAGED: tool}


def _others(run: Run, step: Step) -> Iterator[tuple[str, str]]:
    """What the step uses of others: variable → name."""
    used = step.module.resources(run.config) if step.does("resources") else None
    for kind in fields(used) if used else ():
        names = getattr(used, kind.name)
        if isinstance(names, tuple):
            yield from ((f"{kind.name.removesuffix('s')}_name", name) for name in names)


def _after(run: Run, step: Step) -> After | None:
    after = step.facet("after", "export")
    found: After | None = after(Lab(run, step.name)) if after else None
    return found


def _notes(run: Run, found: Made, translation: Translation) -> Iterator[tuple[Text, Text]]:
    """What is not in the export, and why."""
    for step, error in found.undone.items():
        used = ", ".join(name for _, name in _others(run, step))
        yield t("step {}", step.number), t("not in the export: it only looks for {}", used) if used else _why(error)
    for step in found.untold:
        if not step.facet("after", "export"):
            yield t("step {}", step.number), t("not in the export: what it does is no call of AWS")
    for step, call in dict.fromkeys(translation.missing):
        yield t("step {}", step.number), t("not in the export: no row translates {}", call)


def _why(error: HolError) -> Text:
    return t("not in the export: {}", error.what)


def marked(tags: Mapping[str, object], common: Mapping[str, str]) -> dict[str, object]:
    """The tags beyond those that all resources have, without what hol keeps for itself."""
    return {key: value for key, value in tags.items() if key not in common}
