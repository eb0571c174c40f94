"""Map Runs of Step Functions' Distributed Map: begun, stopped with their execution, and redriven.

Like its sisters this module may reach into ministack, and nothing else may. Here a Map Run ends as on AWS when its execution is
stopped or too many items have failed, reads MaxConcurrencyPath and its like, and asks what the state machine's role may do:
https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
"""

from __future__ import annotations

import contextvars
import copy
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as all_of
from dataclasses import dataclass, field

from hol.local.emulator import core
from hol.local.wire import Record

_COUNTED = ("pending", "running", "succeeded", "failed", "timedOut", "aborted")
_BESIDE = ("total", "resultsWritten", "failuresNotRedrivable", "pendingRedrive")
REDRIVABLE = ("FAILED", "ABORTED", "TIMED_OUT")


@dataclass
class MapRun:
    """A Map Run: what AWS tells of it (`record`), its items, and each one's child execution once it has begun."""

    record: Record
    items: list[object]
    tolerated: Callable[[int], bool]
    children: dict[int, Record] = field(default_factory=dict)
    again: dict[int, Record] = field(default_factory=dict)  # those that a redrive is to run again
    results: dict[int, object] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def left(self) -> list[int]:
        """The items that have not succeeded."""
        return [one for one in range(len(self.items)) if one not in self.results]

    def count(self) -> None:
        """What AWS tells, from the children."""
        states = [child["status"] for child in self.children.values()]
        ended = self.record["status"] in REDRIVABLE
        begun = {"running": "RUNNING", "succeeded": "SUCCEEDED", "failed": "FAILED", "aborted": "ABORTED"}
        counts = dict.fromkeys((*_COUNTED, *_BESIDE), 0) | {key: states.count(said) for key, said in begun.items()}
        unbegun = len(self.items) - len(states)
        counts |= {"total": len(self.items), "aborted" if ended else "pending": unbegun}
        counts["pendingRedrive"] = len(self.left()) if ended else 0
        self.record["itemCounts"], self.record["executionCounts"] = counts, dict(counts)


_runs: dict[tuple[str, str], MapRun] = {}  # the ARN of an execution, and the name of its state


def role_may(machine: str, action: str, resource: str) -> bool:
    from ministack.services import stepfunctions as theirs

    found = theirs._state_machines.get(machine.partition("/")[0]) or {}
    return core.role_allows(str(found.get("roleArn", "")), {action: resource})


def _require(machine: str, action: str, resource: str, error: str) -> None:
    from ministack.services.stepfunctions import _ExecutionError

    if not role_may(machine, action, resource):
        raise _ExecutionError(error, f"User is not authorized to perform: {action} on resource: {resource}")


def carried_out(
    state: Record, given: object, effective: object, iterator: Record, execution: Record, ctx: Record
) -> tuple[object, str | None]:
    """A Distributed Map: its first run, or its redrive."""
    from ministack.services import stepfunctions as theirs

    place = execution["executionArn"], ctx["State"]["Name"]
    run = _runs.get(place)
    if run is None:
        run = _runs[place] = _begun(state, effective, execution, ctx)
    else:
        _redriven(run, execution)
    run.over.clear()
    try:
        _carry_out(run, _Child(state, effective, iterator, execution, ctx))
    finally:
        run.over.set()
    if run.record["status"] == "FAILED":
        raise theirs._ExecutionError(
            "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
        )
    result = theirs._apply_result_selector(state, [run.results.get(one) for one in range(len(run.items))])
    output = theirs._apply_output_path(state, theirs._apply_result_path(state, given, result), ctx)
    return output, theirs._next_or_end(state)


def _begun(state: Record, effective: object, execution: Record, ctx: Record) -> MapRun:
    from ministack.core.responses import new_uuid, now_iso
    from ministack.services import stepfunctions as theirs

    machine = execution["stateMachineArn"]
    _require(machine, "states:StartExecution", machine, "States.Permissions")
    label = state.get("Label") or new_uuid()
    items = _items(state, effective, machine, ctx)
    limits = {key: _setting(state, key, effective) for key in _SETTINGS}
    record = {
        "mapRunArn": f"{machine.replace(':stateMachine:', ':mapRun:')}/{label}:{new_uuid()}",
        "executionArn": execution["executionArn"],
        "status": "RUNNING",
        "startDate": now_iso(),
        "redriveCount": 0,
        "_stateMachineArn": f"{machine}/{label}",
        **{key[0].lower() + key[1:]: limits[key] or 0 for key in _SETTINGS},
    }
    run = MapRun(record, items, _tolerance(limits, len(items)))
    run.count()
    theirs._map_runs[record["mapRunArn"]] = record
    return run


_SETTINGS = ("MaxConcurrency", "ToleratedFailurePercentage", "ToleratedFailureCount")


def _setting(state: Record, key: str, effective: object) -> float | None:
    from ministack.services import stepfunctions as theirs

    if f"{key}Path" in state:
        return float(theirs._resolve_path(state[f"{key}Path"], effective))
    return state.get(key)


def _tolerance(limits: Record, items: int) -> Callable[[int], bool]:
    """Whether so many failures are tolerated; with no threshold none is."""
    percentage, number = limits["ToleratedFailurePercentage"], limits["ToleratedFailureCount"]
    if percentage is None and number is None:
        return lambda failed: failed == 0
    return lambda failed: (
        (percentage is None or failed * 100 <= percentage * items) and (number is None or failed <= number)
    )


def _items(state: Record, effective: object, machine: str, ctx: Record) -> list[object]:
    from ministack.services import stepfunctions as theirs

    reader = state.get("ItemReader")
    if not reader:
        found = theirs._resolve_path_or_ctx(state.get("ItemsPath", "$"), effective, ctx)
        return found if isinstance(found, list) else [found]
    params = theirs._resolve_params_obj(reader.get("Parameters") or {}, effective, ctx)
    bucket, failed = f"arn:aws:s3:::{params.get('Bucket')}", "States.ItemReaderFailed"
    if reader.get("Resource", "").endswith("listObjectsV2"):
        _require(machine, "s3:ListBucket", bucket, failed)
    else:
        _require(machine, "s3:GetObject", f"{bucket}/{params.get('Key')}", failed)
    return list(theirs._read_map_items(reader, effective, ctx))


def _redriven(run: MapRun, execution: Record) -> None:
    run.over.wait()  # what was under way when the execution was stopped
    machine, label = run.record["_stateMachineArn"].split("/")
    children = f"{machine.replace(':stateMachine:', ':execution:')}/{label}:*"
    _require(execution["stateMachineArn"], "states:RedriveExecution", children, "States.Permissions")
    for one in run.left():
        if child := run.children.pop(one, None):
            run.again[one] = child
            child["status"] = "PENDING_REDRIVE"
    run.record |= {
        "status": "RUNNING",
        "redriveCount": run.record["redriveCount"] + 1,
        "redriveDate": execution["redriveDate"],
    }
    run.record.pop("stopDate", None)
    run.count()


@dataclass(frozen=True)
class _Child:
    """How an item is carried out."""

    state: Record
    effective: object
    iterator: Record
    execution: Record
    ctx: Record

    def begin(self, run: MapRun, index: int) -> tuple[Record, Record]:
        """The child execution of that item, and its context."""
        from ministack.core.responses import new_uuid, now_iso
        from ministack.services import stepfunctions as theirs

        ctx = copy.deepcopy(self.ctx)
        ctx["Map"] = {"Item": {"Index": index, "Value": run.items[index]}}
        selector = self.state.get("ItemSelector") or self.state.get("Parameters")
        given = theirs._resolve_params_obj(selector, self.effective, ctx) if selector else run.items[index]
        machine, name = run.record["_stateMachineArn"], new_uuid()
        child = run.again.pop(index, None) or {
            "executionArn": f"{machine.replace(':stateMachine:', ':execution:')}:{name}",
            "stateMachineArn": machine,
            "name": name,
            "startDate": now_iso(),
            "input": json.dumps(given),
            "output": None,
            "mapRunArn": run.record["mapRunArn"],
            "events": [],
            "mockAttempts": {},
        }
        child |= {"status": "RUNNING", "stopDate": None, "error": None, "cause": None}
        theirs._executions[child["executionArn"]] = child
        return child, ctx

    def carry_out(self, child: Record, ctx: Record) -> object:
        """What the item's states come to. Raises what they raise."""
        from ministack.services import stepfunctions as theirs

        given = json.loads(child["input"])
        return theirs._run_sub_machine(self.iterator["States"], self.iterator["StartAt"], given, child, ctx)


def _carry_out(run: MapRun, how: _Child) -> None:
    """Every item that is left, so many at a time; ends as the execution is stopped, or too many have failed."""
    from ministack.core.responses import now_iso

    left = run.left()
    together = int(run.record["maxConcurrency"]) or min(len(left), 64) or 1
    with ThreadPoolExecutor(together) as pool:
        all_of([pool.submit(contextvars.copy_context().run, _one, run, how, index) for index in left])
    with run.lock:
        run.record["status"] = _verdict(run, how.execution)
        run.record["stopDate"] = now_iso()
        run.count()


def _verdict(run: MapRun, execution: Record) -> str:
    if execution["status"] != "RUNNING":
        return "ABORTED"
    return "SUCCEEDED" if run.tolerated(_failed(run)) else "FAILED"


def _failed(run: MapRun) -> int:
    return sum(child["status"] == "FAILED" for child in run.children.values())


def _one(run: MapRun, how: _Child, index: int) -> None:
    from ministack.core.responses import now_iso

    with run.lock:
        if how.execution["status"] != "RUNNING" or not run.tolerated(_failed(run)):
            return
        child, ctx = how.begin(run, index)
        run.children[index] = child
        run.count()
    ended, result = _ended(how, child, ctx)
    with run.lock:
        aborted = how.execution["status"] != "RUNNING"
        child |= {"status": "ABORTED"} if aborted else ended
        child["stopDate"] = now_iso()
        if child["status"] == "SUCCEEDED":
            run.results[index] = result
        run.count()


def _ended(how: _Child, child: Record, ctx: Record) -> tuple[Record, object]:
    """How the child ended, and its result."""
    from ministack.services.stepfunctions import _ExecutionError

    try:
        result = how.carry_out(child, ctx)
    except _ExecutionError as error:
        return {"status": "FAILED", "error": error.error, "cause": error.cause}, None
    except Exception as error:
        return {"status": "FAILED", "error": "States.Runtime", "cause": str(error)}, None
    return {"status": "SUCCEEDED", "output": json.dumps(result)}, result


def forget(machine: str) -> None:
    """What was kept of that state machine's Map Runs (`machine`: its ARN)."""
    name = machine.rpartition(":")[2]
    for place in [place for place in _runs if f":{name}:" in place[0]]:
        del _runs[place]
