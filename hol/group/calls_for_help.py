"""An attendee asks for help: a tag on a thing of his own, which his own hol puts there and the instructor's reads.

There is no other state: the tag `hol:help` says at which step and since when. Which thing bears it says a step
(`sign(lab, tags)`, folder `shared/`): one that costs nothing and may be there before anything else is. AWS lists what bears
a tag for the whole account at once (`tag:GetResources`), so that one call tells who of 500 attendees asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hol.cloud.answers import Structure
from hol.cloud.tags import plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.engine.run import SWEEP, Run, fresh
from hol.engine.step import Step
from hol.group.labs import Group
from hol.group.names import Names, Place
from hol.words.errors import HolError
from hol.words.text import t

HELP = "hol:help"
_NO = "no"
_SAID = re.compile(r"(\d{1,4})/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)")


@dataclass(frozen=True)
class Asked:
    """At which step, and since when."""

    step: int
    since: datetime


def ask(run: Run, steps: Sequence[Step], step: int) -> None:
    """Ask for help with that step. Raises `HolError` where nothing can bear the sign."""
    _put(run, steps, f"{step}/{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")


def no_longer(run: Run, steps: Sequence[Step]) -> None:
    """It is no longer needed. The tag stays and says so: an attendee may tag, and need not be allowed to untag."""
    _put(run, steps, _NO)


def mine(run: Run, steps: Sequence[Step]) -> Asked | None:
    """What this lab's sign says."""
    sign, lab = _sign(run, steps)
    return _read(sign(lab, {}).get(HELP, ""))


def _put(run: Run, steps: Sequence[Step], value: str) -> None:
    sign, lab = _sign(run, steps)
    sign(lab, {HELP: value})


def _sign(run: Run, steps: Sequence[Step]) -> tuple[Callable[[Lab, Mapping[str, str]], dict[str, str]], Lab]:
    for step in steps:
        if sign := step.facet("sign", "shared"):
            return sign, Lab(fresh(run), step.name)
    raise HolError(t("nothing of this lab can bear a sign that help is needed"))


def _read(value: str) -> Asked | None:
    found = _SAID.fullmatch(value)
    return Asked(int(found[1]), datetime.fromisoformat(found[2])) if found else None


def asked(group: Group, number: str, names: Names) -> dict[Place, Asked]:
    """Who of that account's attendees asks for help, by the tag of whose it is, or else by its name."""
    lab = Lab(group.run(group.everybody(number), lambda said: None, dry=True), SWEEP)
    listed = lab.pages("resourcegroupstaggingapi.get_resources", TagFilters=[{"Key": HELP}], ResourcesPerPage=100)
    known = {one.place for one in group.attendees}
    return {
        place: said
        for one in listed
        if (said := _read(plain_tags(one["Tags"]).get(HELP, "")))
        for place in _whose(lab, one, number, names) & known
    }


def _whose(lab: Lab, one: Structure, number: str, names: Names) -> frozenset[Place]:
    of, _, id_ = plain_tags(one["Tags"]).get(OWNER, "").partition("/")
    if of:
        return frozenset([(id_, number)] if of == lab.config.lab else [])
    return frozenset(place for place in names.whose(one["ResourceARN"]) if place[1] == number)
