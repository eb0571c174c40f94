"""Step Functions state machines: work that AWS carries out by itself, item by item."""

from __future__ import annotations

import json

from hol.aws import tags
from hol.aws.stepfunctions.executions import arn, stop
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_in_lower_case
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.text import t

MACHINE = Kind[Structure | None]("state machine")
_MISSING = "StateMachineDoesNotExist"


def find(lab: Lab, name: str) -> Structure | None:
    """DescribeStateMachine's answer with `tags`; None when there is none. Raises `ForeignError` for a namesake."""
    return lab.once(MACHINE(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> Structure | None:
    found = lab.find("stepfunctions.describe_state_machine", _MISSING, stateMachineArn=arn(lab, name))
    if found is None or found.get("status") == "DELETING":
        return None
    known = lab.find("stepfunctions.list_tags_for_resource", "ResourceNotFound", resourceArn=arn(lab, name))
    lab.require_own(t("the state machine {}", name), (known or {}).get("tags"))
    return {**found, "tags": (known or {}).get("tags")}


def ensure(lab: Lab, name: str, role: str, definition: Structure) -> None:
    """The state machine with that role (an ARN) and definition."""
    found, text = find(lab, name), json.dumps(definition)
    what = t("state machine {}", name)
    if found is None:
        answer = lab.change(
            "+",
            what,
            "stepfunctions.create_state_machine",
            already=("StateMachineAlreadyExists",),
            lost=lambda: _read(lab, name),
            name=name,
            definition=text,
            roleArn=role,
            tags=listed_in_lower_case(lab.tags),
        )
        lab.learn(MACHINE(name), answer or _read(lab, name))
        return
    tags.ensure(lab, tags.STATE_MACHINE, t("tags of the state machine {}", name), arn(lab, name), found["tags"])
    if found["roleArn"] == role and json.loads(found["definition"]) == definition:
        lab.same(what)
        return
    operation = "stepfunctions.update_state_machine"
    lab.change("~", what, operation, stateMachineArn=arn(lab, name), roleArn=role, definition=text)


def remove(lab: Lab, name: str) -> None:
    """The state machine gone; what it carries out is stopped first."""
    found = find(lab, name)
    if found is None:
        return
    stop(lab, name)
    lab.change(
        "-",
        t("state machine {}", name),
        "stepfunctions.delete_state_machine",
        created=found.get("creationDate"),
        stateMachineArn=arn(lab, name),
    )
    # It is deleted in the background: its state is DELETING until the last of its executions has ended.
    lab.wait(t("the state machine {} to be gone", name), lambda: _gone(lab, name), every=5, up_to=300)
    lab.learn(MACHINE(name), None)


def _gone(lab: Lab, name: str) -> bool | None:
    found = lab.find("stepfunctions.describe_state_machine", _MISSING, stateMachineArn=arn(lab, name))
    return True if found is None else None
