"""`--record FILE`: where a run's calls are written, and what they begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.run import Run, blank
from hol.teach.grade.check import lenient

if TYPE_CHECKING:
    from hol.cloud.record import Recorder

# Of this machine, or of one call only.
_OWN = ("target", "profile", "jobs", "language", "local")


def opened(path: str) -> Recorder:
    """The recorder for that file. Raises `HolError` for a file that is something else, or cannot be written."""
    from hol.aws.images import ACCOUNTS
    from hol.cloud.record import Recorder

    return Recorder.opened(Path(path), public=ACCOUNTS.values())


def begun(run: Run) -> None:
    """Note what the run finds, step by step, and under which names: whoever replays it begins there."""
    recorder = run.cloud.recorder
    assert recorder
    with recorder.pausing():
        there = standing(run)
    names = recorder.anonymous.within(computed(run))
    settings = recorder.anonymous.within(dict(changed(asdict(run.config))))
    recorder.write({"there": there, "region": run.cloud.region, "settings": settings, "names": names})


def standing(run: Run) -> list[str]:
    """The steps of which something is there, by hand or by hol."""
    seen, nothing = list[Message](), list[Message]()
    steps = list(run.steps.values())
    errors = runner.survey(replace(lenient(run), dry=True, emit=seen.append), steps)
    runner.survey(replace(blank(run), emit=nothing.append), steps)
    return [
        step.name
        for step in steps
        if step.number not in errors
        and step.name not in run.skipped
        and _is_there(_decided(seen, step.name), _decided(nothing, step.name))
    ]


def computed(run: Run) -> dict[str, str]:
    """The names that hol makes of more than the settings: an account's own, so that another one has others in their place."""
    seen = list[Message]()
    runner.survey(replace(blank(run), emit=seen.append), run.steps.values())
    calls = [call for said in seen if isinstance(said, Event) for call in said.calls]
    return {
        f"{call.operation} {name}": value
        for call in calls
        for name, value in call.arguments.items()
        if isinstance(value, str) and name.endswith("Name")
    }


def _is_there(found: Sequence[tuple[str, str]], nothing: Sequence[tuple[str, str]]) -> bool:
    return bool(found) and (found != nothing or all(mark in "=!" for mark, _ in found))


def _decided(said: Sequence[Message], step: str) -> list[tuple[str, str]]:
    return [(one.mark, one.key) for one in said if isinstance(one, Event) and one.step == step]


def changed(settings: Mapping[str, object], at: str = "") -> Iterator[tuple[str, object]]:
    """`function.timeout` → 20: every plain setting but those of this machine; paths are this machine's as well."""
    for name, value in settings.items():
        if not at and name in _OWN:
            continue
        if isinstance(value, Mapping) and name != "tags":
            yield from changed(value, "" if not at and name == "own" else f"{at}{name}.")
        elif not (isinstance(value, str) and value.startswith(("/", "~", "."))):
            yield f"{at}{name}", value
