"""Runs that only look: what a step would do here, and what it does in an empty account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hol import config as configuration
from hol import runner
from hol.aws import apis
from hol.aws.session import AWS, Cloud
from hol.errors import CredentialsError, HolError
from hol.events import Event, Told
from hol.lab import Lab
from hol.project import LocalNotRunning, Project, connected
from hol.run import Run
from hol.step import Step

EXAMPLE_ACCOUNT = "123456789012"


def looking(lab: Project) -> Run:
    """A dry-run of the account; where there is none to look at (yet), of an empty one."""
    try:
        return connected(lab, start=False, dry=True)
    except (LocalNotRunning, CredentialsError):
        return blank(unconnected(lab))


def unconnected(lab: Project) -> Run:
    """A dry-run that knows its names, though nobody has been asked."""
    import boto3

    from hol.local import place as local_place

    local = lab.config.target == "local"
    account = local_place.ACCOUNT if local else EXAMPLE_ACCOUNT
    place = local_place.place(lab.config.local.port) if local else AWS
    cloud = Cloud(place, boto3.Session(region_name=lab.config.region), lab.config.region, account, "")
    named = configuration.resolved(lab.config, account)
    numbers = {step.name: step.number for step in lab.steps}
    return Run(named, cloud, lab.folder.root, lab.folder.home, lab.ui.tell, numbers, dry=True)


def blank(run: Run) -> Run:
    """The same lab in an empty account and an empty folder: every read finds nothing."""
    nowhere = run.home / ".hol-nowhere"
    return fresh(replace(run, root=run.home, home=nowhere, dry=True, blank=True))


def fresh(run: Run) -> Run:
    """The run with nothing known yet."""
    return replace(run, known={}, locks={}, left=[], under_way={})


def would(run: Run, steps: Sequence[Step], chosen: Step) -> list[Event]:
    """What `chosen` would do, after what it needs has been done."""
    seen: list[Told] = []
    dry = fresh(replace(run, dry=True, tell=seen.append))
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
