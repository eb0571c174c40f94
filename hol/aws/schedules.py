"""A dead-man's switch: a one-shot schedule that deletes the endpoint at a given time, though nobody is there.

EventBridge Scheduler calls SageMaker's DeleteEndpoint by itself, with a role that may do nothing else. Schedules
cannot be tagged, groups can: so the schedule lies in a group of its own, whose tag proves that it is ours. What is
made first is removed last (group, role, schedule), so that without a group there is nothing to look for.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

from hol.aws import policies, roles, tags
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.events import Mark
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import command
from hol.words.errors import HolError, PrerequisiteError
from hol.words.text import Text, t

POLICY = roles.INLINE[1]
GROUP = Kind[Structure | None]("schedule group")
_MISSING = "ResourceNotFoundException"
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")


def find_group(lab: Lab, name: str) -> Structure | None:
    """The schedule group with its `Tags`; None when there is none. Raises `ForeignError` for a namesake."""
    return lab.once(GROUP(name), lambda: _read_group(lab, name))


def _read_group(lab: Lab, name: str) -> Structure | None:
    group = lab.find("scheduler.get_schedule_group", _MISSING, Name=name)
    if group is None or group.get("State") == "DELETING":
        return None
    tags = lab.find("scheduler.list_tags_for_resource", _MISSING, ResourceArn=_group_arn(lab, name))
    lab.require_own(t("the schedule group {}", name), (tags or {}).get("Tags"))
    return {**group, "Tags": (tags or {}).get("Tags")}


def find(lab: Lab, name: str) -> Structure | None:
    """GetSchedule's answer for the schedule in our group of its name; None when there is none."""
    if find_group(lab, name) is None:
        return None
    return lab.find("scheduler.get_schedule", _MISSING, GroupName=name, Name=name)


def deadline(schedule: Structure) -> datetime | None:
    """When the schedule fires, in UTC; None when it has another kind of expression."""
    found = _AT.fullmatch(schedule["ScheduleExpression"])
    return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else None


def ensure(lab: Lab, name: str, endpoint: str, lifetime: timedelta) -> None:
    """A switch that deletes the endpoint; one that is set already keeps its time (`extend` moves it)."""
    _group(lab, name)
    roles.ensure(lab, name, "scheduler.amazonaws.com", roles.SWITCH)
    roles.ensure_inline(lab, name, POLICY, _may_delete(lab, endpoint))
    found, wanted = find(lab, name), _wanted(lab, name, endpoint)
    if found is None:
        _put(lab, "+", "scheduler.create_schedule", name, wanted, datetime.now(UTC) + lifetime)
    elif _differs(found, wanted):
        _put(lab, "~", "scheduler.update_schedule", name, wanted, deadline(found) or datetime.now(UTC) + lifetime)
    else:
        lab.same(_what(name))


def extend(lab: Lab, name: str, endpoint: str, longer: timedelta) -> datetime:
    """Put the deadline off; returns the new one. Raises `PrerequisiteError` when no switch is set."""
    found = find(lab, name)
    now = deadline(found) if found else None
    if now is None:
        raise PrerequisiteError(
            t("no dead-man's switch is set"),
            why=t("there is no schedule {}, or it has fired already", name),
            fix=t("set one: {}", command("up", "--ttl", "4h")),
        )
    later = max(now, datetime.now(UTC)) + longer
    _put(lab, "~", "scheduler.update_schedule", name, _wanted(lab, name, endpoint), later)
    return later


def remove(lab: Lab, name: str) -> None:
    """Schedule, role and group gone."""
    found = find_group(lab, name)
    if found is None:
        return
    schedule = lab.find("scheduler.get_schedule", _MISSING, GroupName=name, Name=name)
    if schedule is not None:
        lab.change(
            "-",
            _what(name),
            "scheduler.delete_schedule",
            already=(_MISSING,),
            created=schedule.get("CreationDate"),
            GroupName=name,
            Name=name,
        )
    roles.remove(lab, name, inline=(POLICY,))
    _remove_group(lab, name, found)


def _remove_group(lab: Lab, name: str, found: Structure) -> None:
    """The group gone, with nothing in it but what was hol's; other people's schedules keep it, and are named."""
    listed = [one["Name"] for one in lab.pages("scheduler.list_schedules", GroupName=name)]
    if others := [one for one in listed if one != name]:
        lab.leave(
            t("schedule group {}", name),
            t("it holds schedules that hol did not make: {}", ", ".join(others)),
            t("move or delete them in the EventBridge console, then run: {}", command("down")),
        )
        return
    lab.change(
        "-",
        t("schedule group {}", name),
        "scheduler.delete_schedule_group",
        already=(_MISSING,),
        created=found.get("CreationDate"),
        Name=name,
    )
    lab.wait(t("the schedule group {} to be gone", name), lambda: _gone(lab, name), every=5, up_to=300)
    lab.learn(GROUP(name), None)


def _gone(lab: Lab, name: str) -> bool | None:
    # A group is deleted in the background: its state is DELETING until it and its schedules are gone.
    return lab.find("scheduler.get_schedule_group", _MISSING, Name=name) is None or None


def _group(lab: Lab, name: str) -> None:
    found = find_group(lab, name)
    what = t("schedule group {}", name)
    if found is None:
        answer = lab.change(
            "+",
            what,
            "scheduler.create_schedule_group",
            already=("ConflictException",),
            lost=lambda: _read_group(lab, name),
            Name=name,
            Tags=listed_tags(lab.tags),
        )
        made = _read_group(lab, name) if answer is None else {"Name": name, "Tags": lab.tags}
        lab.learn(GROUP(name), made)
        return
    tagged = t("tags of the schedule group {}", name)
    tags.ensure(lab, tags.SCHEDULE_GROUP, tagged, _group_arn(lab, name), found["Tags"])
    lab.same(what)


def _group_arn(lab: Lab, name: str) -> str:
    return lab.cloud.arn("scheduler", f"schedule-group/{name}")


def _may_delete(lab: Lab, endpoint: str) -> Structure:
    arn = lab.cloud.arn("sagemaker", f"endpoint/{endpoint.lower()}")
    return policies.document(policies.allow("DeleteTheEndpoint", ["sagemaker:DeleteEndpoint"], [arn]))


def _wanted(lab: Lab, name: str, endpoint: str) -> Structure:
    """What the schedule is to do, without its time."""
    return {
        "ActionAfterCompletion": "DELETE",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "Target": {
            "Arn": f"arn:{lab.cloud.partition}:scheduler:::aws-sdk:sagemaker:deleteEndpoint",
            "RoleArn": roles.arn(lab, name),
            "Input": json.dumps({"EndpointName": endpoint}),
        },
    }


def _differs(found: Structure, wanted: Structure) -> bool:
    """Whether any facet that we own is another; AWS adds defaults of its own to the target."""
    target = {key: found.get("Target", {}).get(key) for key in wanted["Target"]}
    return deadline(found) is None or {**{key: found.get(key) for key in wanted}, "Target": target} != wanted


def _put(lab: Lab, mark: Mark, operation: str, name: str, wanted: Structure, when: datetime) -> None:
    lab.change(
        mark,
        _what(name),
        operation,
        already=("ConflictException",) if mark == "+" else (),
        why=t("deletes the endpoint at {} UTC", when.strftime("%Y-%m-%d %H:%M")),
        lost=lambda: lab.find("scheduler.get_schedule", _MISSING, GroupName=name, Name=name) if mark == "+" else None,
        GroupName=name,
        Name=name,
        ScheduleExpression=when.strftime("at(%Y-%m-%dT%H:%M:%S)"),
        **wanted,
    )


def _what(name: str) -> Text:
    return t("dead-man's switch {}", name)


def lifetime(text: str) -> timedelta:
    """`90m`, `4h`, `2d`. Raises `HolError` for anything else."""
    from hol.config.values import minutes

    if not minutes(text):
        raise HolError(t("{} is not a time such as {}", text, "90m, 4h, 2d"))
    return timedelta(minutes=minutes(text))
