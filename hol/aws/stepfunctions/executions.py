"""A state machine's executions: begun, watched, redriven, stopped.

A Distributed Map carries out each item as a child execution of a Map Run, which tells how many are done. An execution that
failed can be redriven: its children that have not succeeded run again, within the same Map Run.
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.text import t

_MISSING = "StateMachineDoesNotExist"


@dataclass(frozen=True)
class Counts:
    """How far a Map Run is."""

    total: int = 0
    running: int = 0
    succeeded: int = 0
    failed: int = 0


def arn(lab: Lab, name: str) -> str:
    """The state machine's ARN."""
    return lab.cloud.arn("states", f"stateMachine:{name}")


def listed(lab: Lab, name: str, status: str = "") -> list[Structure]:
    """The state machine's executions, the latest first; `status`: only those."""
    wanted = {"statusFilter": status} if status else {}
    found = lab.pages("stepfunctions.list_executions", _MISSING, stateMachineArn=arn(lab, name), **wanted)
    return sorted(found, key=lambda one: one["startDate"], reverse=True)


def described(lab: Lab, its_arn: str) -> Structure:
    """DescribeExecution's answer, its `input` parsed."""
    found = lab.read("stepfunctions.describe_execution", executionArn=its_arn)
    return found if is_unknown(found) else {**found, "input": json.loads(found["input"])}


def start(lab: Lab, name: str, run: str, given: Mapping[str, object]) -> str:
    """Begin an execution of that name with that input; returns its ARN."""
    its_arn = lab.cloud.arn("states", f"execution:{name}:{run}")
    lab.change(
        "+",
        t("execution {}", run),
        "stepfunctions.start_execution",
        already=("ExecutionAlreadyExists",),
        lost=lambda: lab.find("stepfunctions.describe_execution", "ExecutionDoesNotExist", executionArn=its_arn),
        stateMachineArn=arn(lab, name),
        name=run,
        input=json.dumps(given),
    )
    return its_arn


def redrive(lab: Lab, found: Structure) -> None:
    """What has not succeeded of the execution runs again."""
    its_arn = found["executionArn"]
    why = t("what has not succeeded in it runs again")
    lab.change(
        "~",
        t("execution {}", found["name"]),
        "stepfunctions.redrive_execution",
        why=why,
        already=("ExecutionNotRedrivable",),
        lost=lambda: _runs_again(lab, found),
        executionArn=its_arn,
    )


def _runs_again(lab: Lab, found: Structure) -> Structure | None:
    now = described(lab, found["executionArn"])
    return now if now.get("redriveCount", 0) > found.get("redriveCount", 0) else None


def stop(lab: Lab, name: str) -> bool:
    """Nothing of it is carried out any longer; whether something was."""
    running = listed(lab, name, "RUNNING")
    for one in running:
        lab.change(
            "~",
            t("execution {}", one["name"]),
            "stepfunctions.stop_execution",
            why=t("stopped"),
            already=("ExecutionDoesNotExist", "ValidationException"),
            executionArn=one["executionArn"],
        )
    return bool(running)


def counts(lab: Lab, its_arn: str) -> Counts:
    """How far the execution's Map Run is; all 0 while it has not begun."""
    run = _map_run(lab, its_arn)
    if run is None:
        return Counts()
    found = lab.read("stepfunctions.describe_map_run", mapRunArn=run)["itemCounts"]
    failed = found["failed"] + found["timedOut"] + found["aborted"]
    return Counts(found["total"], found["running"], found["succeeded"], failed)


def children(lab: Lab, its_arn: str) -> list[Structure]:
    """The child executions of its Map Run, each as `described` it."""
    run = _map_run(lab, its_arn)
    listed = lab.pages("stepfunctions.list_executions", mapRunArn=run) if run else []
    return lab.each(listed, lambda one: described(lab, one["executionArn"]))


def _map_run(lab: Lab, its_arn: str) -> str | None:
    listed = lab.pages("stepfunctions.list_map_runs", "ExecutionDoesNotExist", executionArn=its_arn)
    return listed[0]["mapRunArn"] if listed else None
