"""What is there now, for import blocks: the ids that AWS gave, and which of the lab's things exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hol.aws.gateway import apis, methods, stages
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.run import Run, fresh
from hol.engine.step import Step
from hol.engine.unknown import UNKNOWN
from hol.export.made import Thing
from hol.teach.blanks import MARK


@dataclass(frozen=True)
class Live:
    """The account as it is: blank → id, and the keys of what is missing."""

    ids: Mapping[str, str]
    missing: frozenset[str]
    where: Mapping[str, str]

    def is_there(self, thing: Thing) -> bool:
        return thing.key not in self.missing

    def identifier(self, template: str, thing: Thing) -> str:
        """The row's identifier with the thing's arguments and the ids that AWS gave."""
        known = {name: self._filled(value) for name, value in thing.arguments.items() if isinstance(value, str)}
        return template.format_map({**self.where, **self.ids, **known})

    def _filled(self, value: str) -> str:
        return MARK.sub(lambda found: self.ids.get(found[1], ""), value)


def live(run: Run, steps: Sequence[Step]) -> Live:
    """A look at the account of that (dry) run. Raises what a step refuses: a namesake is no lab's to export."""
    seen: list[Message] = []
    looking = fresh(replace(run, dry=True, emit=seen.append))
    for error in runner.survey(looking, steps).values():
        raise error
    ids = _ids(Lab(fresh(run), ""))
    lacking = [one.key for one in seen if isinstance(one, Event) and one.mark == "+"]
    cloud = run.cloud
    where = {"account": cloud.account, "region": cloud.region, "partition": cloud.partition}
    return Live(ids, frozenset(_as_blank(key, ids) for key in lacking), where)


def _ids(lab: Lab) -> dict[str, str]:
    api = apis.find(lab, lab.config.api.name)
    if api is None:
        return {}
    stage = stages.find(lab, api["id"], lab.config.stage.name)
    root = {"API_ID": api["id"], "ROOT_ID": methods.root(lab, api["id"])["id"]}
    return {**root, **({"DEPLOYMENT_ID": stage["deploymentId"]} if stage else {})}


def _as_blank(key: str, ids: Mapping[str, str]) -> str:
    """An event's key as a blank run has it."""
    for known in ids.values():
        key = key.replace(known, str(UNKNOWN))
    return key
