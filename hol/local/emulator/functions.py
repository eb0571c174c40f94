"""The emulator's Lambda behind small typed functions, corrected where it is kinder or vaguer than AWS.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. Corrected are what a failed function
answers (AWS names the exception's class, ministack does not) and its log (AWS needs the role's permission to write).
"""

from __future__ import annotations

import contextlib
import inspect
import os
import queue
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from hol.local.emulator import core, in_worker, talk, workers
from hol.local.wire import Record

_END_SECONDS = 0.25
# The part of the emulator's worker that our in_worker takes over.
_CALL = re.compile(
    r"        try:\n            result = handler_fn\(event, context\)\n.*?(?=        _real_stdout\.flush)", re.DOTALL
)
_OUR_CALL = '        _real_stdout.write(answer(handler_fn, event, context) + "\\n")\n'


@dataclass(frozen=True)
class Outcome:
    """What a function answered: its payload, whether it failed, whether Lambda was too busy to run it."""

    payload: object
    failed: bool = False
    throttled: bool = False


def exists(reference: str, account: str, region: str) -> bool:
    """Whether a function of that name or ARN is there."""
    return _record(reference, account, region) is not None


def mapping_tags(uuid: str, account: str, region: str) -> dict[str, str] | None:
    """The tags of an event source mapping; None when there is no such mapping."""
    from ministack.services import lambda_svc

    for key, record in lambda_svc._esms.all_items():
        if key[-1] == uuid and account in key and region in key:
            return dict(record.get("Tags") or record.get("tags") or {})
    return None


def may_be_invoked(reference: str, service: str, source_arn: str, account: str, region: str) -> bool:
    """Whether the function's resource policy lets `service` invoke it on behalf of `source_arn`."""
    from ministack.core import iam_evaluator
    from ministack.core.responses import request_scope

    found = _record(reference, account, region)
    if not found:
        return False
    qualified = reference.startswith("arn:") and reference.count(":") == 7
    arn = reference if qualified else found["config"]["FunctionArn"]
    context = iam_evaluator.EvalContext(
        service, "Service", account, "lambda:InvokeFunction", arn, region,
        service_context={"aws:sourcearn": source_arn, "aws:sourceaccount": account},
    )  # fmt: skip
    with request_scope(account, region):
        verdict = iam_evaluator.evaluate_resource_policy(found.get("policy"), context, service=service)
    return bool(verdict.decision == "Allow")


async def invoke(reference: str, event: object, account: str, region: str) -> Outcome:
    """Run a function that `exists`, as AWS services do: no caller, no IAM check; waits for its end."""
    from ministack.services import lambda_svc

    record = lambda_svc._execution_record_for_config(*_found(reference, account, region)[:2])
    config = record["config"]
    if record.get("code_zip") and talk.is_ours(config) and not lambda_svc._proxy_url_for(config):
        result = await _executed(record, event, account, region)
    else:
        result = await _executed_by_a_thread(record, event)
    return Outcome(result.get("body"), bool(result.get("error")), bool(result.get("throttle")))


async def _executed_by_a_thread(record: Record, event: object) -> dict[str, object]:
    from ministack.core.concurrency import run_reentrant
    from ministack.services import lambda_svc

    run = lambda_svc._execute_function_with_config_scope
    result: dict[str, object] = await run_reentrant(run, record, event, thread_name="hol-gateway-invoke")
    return result


async def _executed(record: Record, event: object, account: str, region: str) -> dict[str, object]:
    """As the emulator's `_execute_function` does it, by the event loop."""
    from ministack.core.responses import new_uuid, request_scope
    from ministack.services import lambda_svc

    began, request_id = time.monotonic(), new_uuid()
    with request_scope(account, region):
        slot, _limit = lambda_svc._acquire_execution_slot(record, record["config"])
        if slot is None:
            return await _executed_by_a_thread(record, event)
        try:
            result = talk.named(record, await _answered(record, event, request_id), request_id)
        finally:
            lambda_svc._release_execution_slot(slot)
        took = int((time.monotonic() - began) * 1000)
        log, failed = result.get("log", ""), bool(result.get("error"))
        lambda_svc._emit_lambda_logs(record, request_id, log, failed, took)
    return result


async def _answered(record: Record, event: object, request_id: str) -> dict[str, object]:
    """`body`, `log`, and `error` or `throttle` when it is one."""
    from ministack.core.lambda_runtime import invalidate_worker
    from ministack.services import lambda_svc

    config = record["config"]
    place = config.get("FunctionName", ""), config.get("Version", "$LATEST")
    lambda_svc._ensure_reaper_thread()
    worker = await workers.acquired(place[0], config, record["code_zip"], place[1])
    if worker is None:
        return {"throttle": True}
    trace, depth = lambda_svc._xray_trace_id_for_invocation(config), lambda_svc._invoke_depth.get()
    try:
        said = await talk.talk(worker, event, request_id, trace_id=trace, depth=depth)
    except Exception as error:
        account, region = config["FunctionArn"].split(":")[4], config["FunctionArn"].split(":")[3]
        invalidate_worker(place[0], qualifier=place[1], account=account, region=region)
        return {"body": {"errorMessage": str(error), "errorType": type(error).__name__}, "error": True}
    finally:
        workers.release(worker)
    if said["status"] == "ok":
        return {"body": said.get("result"), "log": said["log"]}
    late = lambda_svc._RIE_TIMEOUT_TEXT_RE.fullmatch(said["error"])
    failure = {"errorMessage": said["error"], "errorType": "Sandbox.Timedout" if late else "Runtime.HandlerError"}
    return {"body": failure, "error": True, "log": "\n".join(filter(None, [said["log"], said["error"]]))}


def configuration(name: str, account: str, region: str) -> Record | None:
    """The configuration record of a function by its name or ARN, None without one."""
    found = _record(name, account, region)
    return dict(found["config"]) if found else None


def has_policy(arn: str) -> bool:
    """Whether the function has any statement in its resource policy."""
    region, account = arn.split(":")[3:5]
    found = _record(arn, account, region)
    return bool(found and found.get("policy", {}).get("Statement"))


def has_version(arn: str, version: str) -> bool:
    """Whether the function has that published version."""
    region, account = arn.split(":")[3:5]
    found = _record(arn, account, region)
    return bool(found and version in (found.get("versions") or {}))


def has_alias(arn: str, name: str) -> bool:
    """Whether the function has that alias."""
    region, account = arn.split(":")[3:5]
    found = _record(arn, account, region)
    return bool(found and name in (found.get("aliases") or {}))


def has_layer(name: str, number: int, account: str, region: str) -> bool:
    """Whether the account has that version of a layer."""
    from ministack.services import lambda_svc

    layer = lambda_svc._layers.get_scoped(account, region, name) or {"versions": []}
    return any(one.get("Version") == number for one in layer["versions"])


def concurrency_limit() -> int:
    """How many calls the account's functions may serve at once."""
    from ministack.services import lambda_svc

    return int(lambda_svc._ACCOUNT_CONCURRENCY_CAP or 1000)


def _found(reference: str, account: str, region: str) -> tuple[Record | None, Record | None, str]:
    from ministack.services import lambda_svc

    found: tuple[Record | None, Record | None, str] = lambda_svc._get_func_record_for_ref_in_scope(
        reference, account_id=account, region=region
    )
    return found


def _record(reference: str, account: str, region: str) -> Record | None:
    return _found(reference, account, region)[0]


def correct() -> None:
    """Put the corrections into the emulator."""
    from ministack.services import lambda_svc

    lambda_svc._execute_function_warm = _naming_errors(lambda_svc._execute_function_warm)
    lambda_svc._emit_lambda_logs = _asking_the_role(lambda_svc._emit_lambda_logs)
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = float(os.environ.get("HOL_LOCAL_FUNCTION_SECONDS", "0.15"))
    _take_over_the_call()
    talk.correct()
    workers.correct()


def _take_over_the_call() -> None:
    """Let a Python worker survive an exception, name it, and say when a call has logged all.

    Without that last mark the emulator waits 50 ms for lines that may not come.
    """
    from ministack.core import lambda_runtime

    script, found = _CALL.subn(lambda _: _OUR_CALL, lambda_runtime._PYTHON_WORKER_SCRIPT)
    if not found:
        return
    lambda_runtime._PYTHON_WORKER_SCRIPT = inspect.getsource(in_worker) + script
    guess = lambda_runtime.Worker._drain_stderr_bounded

    def drain(worker: talk.Worker) -> str:
        python = str(worker.config.get("Runtime", "")).startswith("python")
        return _logged(worker._stderr_queue) if python else str(guess(worker))

    lambda_runtime.Worker._drain_stderr_bounded = drain


def _logged(lines: queue.Queue[str]) -> str:
    found: list[str] = []
    with contextlib.suppress(queue.Empty):  # a function that ended its process leaves no mark
        while True:
            line = lines.get(timeout=_END_SECONDS)
            if line.endswith(in_worker.END_OF_LOG):
                found.extend(filter(None, [line.removesuffix(in_worker.END_OF_LOG)]))
                break
            found.append(line)
    return "\n".join(found)


def _naming_errors(execute: Callable[..., dict[str, object]]) -> Callable[..., dict[str, object]]:
    def named(function: Record, event: object, request_id: str) -> dict[str, object]:
        return talk.named(function, execute(function, event, request_id), request_id)

    return named


def _asking_the_role(emit: Callable[..., None]) -> Callable[..., None]:
    def asking(function: Record, *args: object, **kwargs: object) -> None:
        if _may_log(function.get("config") or function):
            emit(function, *args, **kwargs)

    return asking


def _may_log(config: Record) -> bool:
    """AWS writes a function's log with its own role; one without the permission leaves no log and no error."""
    from ministack.services import cloudwatch_logs

    region, account = config["FunctionArn"].split(":")[3:5]
    name = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    arn = f"arn:aws:logs:{region}:{account}:log-group:{name}"
    wanted = {"logs:CreateLogStream": f"{arn}:*", "logs:PutLogEvents": f"{arn}:log-stream:x"}
    if name not in cloudwatch_logs._log_groups:
        wanted["logs:CreateLogGroup"] = arn
    return core.role_allows(config.get("Role", ""), wanted)
