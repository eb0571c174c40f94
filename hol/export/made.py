"""What the lab makes, as a blank run tells it: one thing a call, in the guide's order.

The calls are those of `hol up` in an empty account. A patch of what an earlier call made is no thing of its own: it is
folded into that call's arguments, so that what is left are creations with their final values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hol.cloud.actions import Call
from hol.cloud.answers import Structure
from hol.engine import runner
from hol.engine.events import Event, Message
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.engine.step import Step
from hol.teach.blanks import Recipe, blank, plan
from hol.words.errors import HolError

# Changes of what an earlier call of the same run made.
_PATCHES = {
    "apigateway.update_method_response": "apigateway.put_method_response",
    "apigateway.update_integration_response": "apigateway.put_integration_response",
    "apigateway.update_stage": "apigateway.create_stage",
}
_PLACES = ("restApiId", "resourceId", "httpMethod", "statusCode", "stageName")
_LIMIT = re.compile(r"/(.+/[A-Z*]+)/throttling/(rateLimit|burstLimit)")
METHOD_SETTINGS = "apigateway.method_settings"  # not a call of its own: UpdateStage sets them


@dataclass(frozen=True)
class Thing:
    """What one call makes; `key` is its event's."""

    step: Step
    operation: str
    arguments: Structure
    key: str = ""


@dataclass(frozen=True)
class Made:
    """All of it; `untold`: steps that do what is no call (a recipe); `undone`: what an empty account lacks for a step."""

    things: Sequence[Thing]
    untold: Sequence[Step]
    undone: Mapping[Step, HolError]


def told(run: Run, steps: Sequence[Step]) -> tuple[dict[Step, list[Event]], dict[Step, HolError]]:
    """What each step would do in an empty account (`run` is a blank one), and what that lacks for some of them."""
    seen: list[Message] = []
    errors = runner.survey(replace(run, emit=seen.append), steps)
    events = [said for said in seen if isinstance(said, Event) and said.mark in "+~"]
    own = {step: [event for event in events if event.step == step.name] for step in steps}
    return own, {step: errors[step.number] for step in steps if step.number in errors}


def made(run: Run, steps: Sequence[Step]) -> Made:
    """What these steps make in an empty account; `run` is a blank one."""
    events, undone = told(run, steps)
    things = [thing for step, own in events.items() for thing in _things(run, step, own)]
    untold = [step for step, own in events.items() if any(not event.calls for event in own)]
    return Made(_folded(things), untold, undone)


def _things(run: Run, step: Step, events: Sequence[Event]) -> Iterator[Thing]:
    for event in events:
        for call in plan(Lab(run, step.name), [event]):
            if not isinstance(call, Recipe):
                yield from (Thing(step, one.operation, dict(one.arguments), event.key) for one in _parted(call))


def _parted(call: Call) -> Iterator[Call]:
    """A deployment that makes a stage is two things."""
    if call.operation != "apigateway.create_deployment" or "stageName" not in call.arguments:
        yield call
        return
    rest, stage = dict(call.arguments), call.arguments["stageName"]
    del rest["stageName"]
    description = rest.pop("stageDescription", "")
    yield Call(call.operation, rest)
    at = {"restApiId": rest["restApiId"], "deploymentId": blank("DEPLOYMENT_ID")}
    yield Call("apigateway.create_stage", {**at, "stageName": stage, "description": description})


def _folded(things: Sequence[Thing]) -> list[Thing]:
    kept: list[Thing] = []
    for thing in things:
        if thing.operation not in _PATCHES:
            kept.append(thing)
            continue
        place = {name: thing.arguments[name] for name in _PLACES if name in thing.arguments}
        at = next((i for i, one in enumerate(kept) if _is_at(one, _PATCHES[thing.operation], place)), None)
        if at is None:
            kept.append(thing)
            continue
        for patch in thing.arguments["patchOperations"]:
            if limit := _LIMIT.fullmatch(patch["path"]):
                _limited(kept, thing, limit, patch["value"])
            else:
                kept[at] = replace(kept[at], arguments=_patched(kept[at].arguments, patch))
    return kept


def _is_at(thing: Thing, operation: str, place: Mapping[str, object]) -> bool:
    return thing.operation == operation and all(thing.arguments.get(name) == value for name, value in place.items())


def _patched(arguments: Structure, patch: Mapping[str, str]) -> Structure:
    """The arguments with `/member/key` (or `/member`) set; a declared header's value is a truth value."""
    member, _, key = patch["path"].lstrip("/").partition("/")
    value: object = {"true": True, "false": False}.get(patch["value"], patch["value"])
    return {**arguments, member: {**(arguments.get(member) or {}), key: value} if key else value}


def _limited(kept: list[Thing], thing: Thing, limit: re.Match[str], value: str) -> None:
    """A throttling limit of the stage's method, one thing a method."""
    place = {name: thing.arguments[name] for name in ("restApiId", "stageName")} | {"methodPath": limit[1]}
    at = next((i for i, one in enumerate(kept) if _is_at(one, METHOD_SETTINGS, place)), None)
    if at is None:
        at = len(kept)
        path, _, verb = limit[1].rpartition("/")
        named = {**place, "resourcePath": "/" if path == "~1" else f"/{path}", "verb": verb}
        kept.append(Thing(thing.step, METHOD_SETTINGS, named, thing.key))
    kept[at] = replace(kept[at], arguments={**kept[at].arguments, limit[2]: int(value)})
