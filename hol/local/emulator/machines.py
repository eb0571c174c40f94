"""State machines of Step Functions and their executions, where the emulator makes less of them than AWS.

Like its sisters this module may reach into ministack, and nothing else may. What it mends, of ministack 1.5.33 (Map Runs are in `map_runs`):

- Nobody asks whether the state machine's role may invoke a function. A function that is too busy is an unknown error.
- There is no redrive. On AWS it runs a failed execution's children again that have not succeeded, within the same Map Run:
  https://docs.aws.amazon.com/step-functions/latest/dg/redrive-map-run.html
  Here it goes on from the first state only, which is all that a state machine of one Map needs; what failed later is refused.
- The same name with the same input is the same execution while that runs; here it was refused.
- A deleted state machine leaves its Map Runs.
"""

from __future__ import annotations

import contextvars
import functools
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from hol.local.emulator import map_runs
from hol.local.wire import Record


@functools.cache
def correct() -> None:
    """Put the corrections into the emulator; once a process."""
    from ministack.services import stepfunctions as theirs

    theirs._run_distributed_map = map_runs.carried_out
    theirs._execute_task = _asking_the_role(theirs._execute_task)
    theirs._call_lambda = _naming_throttles(theirs._call_lambda)
    theirs._delete_state_machine = _with_all_of_it(theirs._delete_state_machine)
    theirs._start_execution = _once(theirs._start_execution)
    theirs._describe_execution = _telling_of_redrives(theirs._describe_execution)


def _asking_the_role(execute: Callable[..., object]) -> Callable[..., object]:
    """A Lambda task needs the role's permission to invoke that function; a denial is retried and caught as any error."""
    from ministack.services import stepfunctions as theirs

    def asked(state: Record, given: object, execution: Record, ctx: Record) -> object:
        name = str((state.get("Parameters") or {}).get("FunctionName", state.get("Resource", "")))
        if not name.startswith("arn:aws:lambda:") or map_runs.role_may(
            execution["stateMachineArn"], "lambda:InvokeFunction", name
        ):
            return execute(state, given, execution, ctx)
        denied = "User is not authorized to perform: lambda:InvokeFunction on resource: "
        raise theirs._ExecutionError("Lambda.AWSLambdaException", f"{denied}{name}")

    return asked


def _naming_throttles(call: Callable[..., object]) -> Callable[..., object]:
    """A function that is too busy is Lambda's own error, which a state machine can wait out by its name."""
    from ministack.services.stepfunctions import _ExecutionError

    def called(function: object, event: object) -> object:
        try:
            return call(function, event)
        except _ExecutionError as error:
            if error.error != "Lambda.Unknown" or "TooManyRequestsException" not in error.cause:
                raise
            raise _ExecutionError("Lambda.TooManyRequestsException", "Rate Exceeded.") from error

    return called


# --- executions ---


def redrive(arn: str, account: str, region: str) -> Record | None:
    """The execution goes on where it failed; None when there is none. Raises `ValueError` when it cannot be redriven."""
    from ministack.core.responses import now_iso, request_scope
    from ministack.services import stepfunctions as theirs

    with request_scope(account, region):
        execution = theirs._executions.get(arn)
        if execution is None:
            return None
        if execution["status"] not in map_runs.REDRIVABLE:
            raise ValueError(f"Execution {arn} cannot be redriven because its status is {execution['status']}")
        if not _failed_at_once(execution):
            raise ValueError(f"Execution {arn} failed behind its first state; the local AWS redrives only from there")
        number = execution.get("redriveCount", 0) + 1
        now = {"status": "RUNNING", "stopDate": None, "redriveCount": number, "redriveDate": now_iso()}
        execution.update(now, output=None, error=None, cause=None)
        theirs._add_event(execution, "ExecutionRedriven", {"executionRedrivenEventDetails": {"redriveCount": number}})
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(theirs._run_execution, arn), daemon=True).start()
        return {"redriveDate": theirs._timestamp_response_value(execution["redriveDate"])}


def _failed_at_once(execution: Record) -> bool:
    """Whether it failed in its first state: the emulator begins nowhere else."""
    entered = [one for one in execution["events"] if one["type"].endswith("StateEntered")]
    return len({one["stateEnteredEventDetails"]["name"] for one in entered}) <= 1


def _once(start: Callable[[Record], Any]) -> Callable[[Record], Any]:
    """The same name with the same input is the same execution while that runs."""
    from ministack.core.responses import get_account_id, get_region, json_response
    from ministack.services import stepfunctions as theirs

    def started(data: Record) -> object:
        machine = str(data.get("stateMachineArn", "")).rpartition(":")[2]
        arn = f"arn:aws:states:{get_region()}:{get_account_id()}:execution:{machine}:{data.get('name')}"
        there = theirs._executions.get(arn)
        if there and there["status"] == "RUNNING" and there["input"] == data.get("input", "{}"):
            return json_response({"executionArn": arn, "startDate": there["startDate"]})
        return start(data)

    return started


def _telling_of_redrives(describe: Callable[[Record], Any]) -> Callable[[Record], Any]:
    from ministack.services import stepfunctions as theirs

    def described(data: Record) -> object:
        status, headers, body = describe(data)
        found = theirs._executions.get(data.get("executionArn"))
        if status != 200 or not found or found.get("mapRunArn"):
            return status, headers, body
        may = "REDRIVABLE" if found["status"] in map_runs.REDRIVABLE else "NOTmap_runs.REDRIVABLE"
        told = {"redriveCount": found.get("redriveCount", 0), "redriveStatus": may}
        return theirs.json_response({**json.loads(body), **told})

    return described


def _with_all_of_it(delete: Callable[[Record], Any]) -> Callable[[Record], Any]:
    """With a state machine go its Map Runs and their children; deleting one that is not there is no error, as the reference has it."""
    from ministack.services import stepfunctions as theirs

    def deleted(data: Record) -> object:
        machine = str(data.get("stateMachineArn", ""))
        _forget(theirs._map_runs, lambda run: run["_stateMachineArn"].startswith(f"{machine}/"))
        _forget(theirs._executions, lambda one: one["stateMachineArn"].startswith(f"{machine}/"))
        map_runs.forget(machine)
        known = machine in theirs._state_machines
        return delete(data) if known else theirs.json_response({})

    return deleted


def _forget(store: Any, of_it: Callable[[Record], bool]) -> None:
    gone: Iterable[str] = [key for key, record in store.items() if of_it(record)]
    for key in gone:
        store.pop(key, None)
