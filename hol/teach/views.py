"""What a step would do here, and what it does in an empty account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hol.aws.gateway import apis
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.run import Run, blank, fresh
from hol.engine.step import Step
from hol.words.errors import HolError


def would(run: Run, steps: Sequence[Step], chosen: Step) -> list[Event]:
    """What `chosen` would do, after what it needs has been done."""
    seen: list[Message] = []
    dry = fresh(replace(run, dry=True, emit=seen.append))
    runner.up(dry, needed(steps, chosen))
    return [said for said in seen if isinstance(said, Event) and said.step == chosen.name]


def needed(steps: Sequence[Step], chosen: Step) -> list[Step]:
    """The steps that it needs, directly or not, and itself, in order."""
    names = {chosen.name}
    for step in reversed(steps):
        if step.name in names:
            names |= set(step.needs)
    return [step for step in steps if step.name in names]


def changes(run: Run, steps: Sequence[Step], chosen: Step) -> list[Event]:
    """What would be changed here; when all is in place (or cannot be done here), what makes it from nothing."""
    try:
        found = [event for event in would(run, steps, chosen) if event.mark in "+~-"]
    except HolError:
        found = []
    return found or [event for event in would(blank(run), steps, chosen) if event.mark in "+~-"]


def api_id(run: Run) -> str | None:
    """The API's id, whether hol made it or somebody by hand; None while there is none."""
    if run.blank:
        return None
    try:
        found = apis.find(Lab(fresh(replace(run, lenient=True)), ""), run.config.api.name)
    except HolError:
        return None
    return str(found["id"]) if found else None
