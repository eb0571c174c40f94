"""What the server and a function's worker process say to each other, one line a call each way, held by the event loop.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. The emulator gives every call two threads
and every process another one; under load they fight for the interpreter with the event loop, which answers the very
requests that the function makes. Here no thread waits: the pipes belong to the event loop. (Not on Windows, whose event
loop cannot read such pipes: there the emulator's own threads do it.)
"""

from __future__ import annotations

import asyncio
import json
import queue
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Literal, Protocol, TypeAlias, TypedDict
from weakref import WeakKeyDictionary

from hol.local.emulator import in_worker
from hol.local.wire import Record

_END_SECONDS = 0.25
_END_OF_LOG = in_worker.END_OF_LOG.encode()


class Said(TypedDict, total=False):
    """What came of a call: status "ok" with the result, or "error" with the reason; the log; whether a process was started."""

    status: Literal["ok", "error"]
    result: object
    error: str
    cold_start: bool
    log: str


_DIED: Said = {"status": "error", "error": "Worker process died"}
_loop: asyncio.AbstractEventLoop | None = None
Process: TypeAlias = subprocess.Popen[bytes]


class Worker(Protocol):
    """One of the emulator's worker processes, before, while and after it runs; it holds one version of a function."""

    config: Record
    in_use: bool
    last_used: float
    _proc: Process | None
    _start_time: float | None
    _stderr_queue: queue.Queue[str]


def correct() -> None:
    """Take the place of the emulator's threads, for the running event loop."""
    from ministack.core.lambda_runtime import Worker as Theirs

    global _loop
    try:
        _loop = asyncio.get_running_loop() if sys.platform != "win32" else None
    except RuntimeError:
        return
    read, invoke = Theirs._read_stderr, Theirs.invoke

    def listen(worker: Worker) -> None:
        if is_ours(worker.config) and _loop and worker._proc:
            asyncio.run_coroutine_threadsafe(_listen(worker._proc), _loop)
        else:
            read(worker)

    def ask(worker: Worker, event: object, request_id: str, **named: Any) -> object:
        if is_ours(worker.config) and _loop:
            return asyncio.run_coroutine_threadsafe(talk(worker, event, request_id, **named), _loop).result()
        return invoke(worker, event, request_id, **named)

    Theirs._read_stderr, Theirs.invoke = listen, ask


def is_ours(config: dict[str, object]) -> bool:
    """Whether the event loop talks with a function's processes: Python's, from a zip archive."""
    python = str(config.get("Runtime", "")).startswith("python")
    return _loop is not None and python and config.get("PackageType") != "Image"


class _Lines(asyncio.Protocol):
    """Tells each line of a pipe, and None at its end."""

    def __init__(self, deliver: Callable[[bytes | None], None]):
        self._deliver, self._rest = deliver, bytearray()

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if b"\n" in data:
            *lines, self._rest = self._rest.split(b"\n")
            for line in lines:
                self._deliver(bytes(line))

    def connection_lost(self, error: Exception | None) -> None:
        self._deliver(None)


class _Talk:
    """With one process: its pipes, the call under way, and what has been logged since the last one."""

    def __init__(self) -> None:
        self.stdin: asyncio.WriteTransport | None = None
        self.answer: asyncio.Future[Said] | None = None
        self.end_of_log: asyncio.Future[None] | None = None
        self.over = False
        self._log: list[str] = []

    async def open(self, process: Process) -> None:
        """Take over stdin and stdout from the thread that started the process."""
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: _Lines(self._said), process.stdout)
        self.stdin = (await loop.connect_write_pipe(asyncio.BaseProtocol, process.stdin))[0]

    def ask(self, question: dict[str, object]) -> asyncio.Future[Said]:
        loop = asyncio.get_running_loop()
        self.answer, self.end_of_log = loop.create_future(), loop.create_future()
        if self.over or self.stdin is None:
            self.answer.set_result(_DIED.copy())
        else:
            self.stdin.write(json.dumps(question).encode() + b"\n")
        return self.answer

    def logged(self) -> str:
        """The lines until now, once."""
        lines, self._log = self._log, []
        return "\n".join(lines)

    def printed(self, line: bytes | None) -> None:
        if line is None:
            self._end_log()
        elif line.endswith(_END_OF_LOG):
            self._keep(line.removesuffix(_END_OF_LOG))
            self._end_log()
        else:
            self._keep(line or b"\n")

    def _keep(self, line: bytes) -> None:
        if line:
            self._log.append(line.decode("utf-8", "replace").rstrip("\r\n"))

    def _end_log(self) -> None:
        if self.end_of_log and not self.end_of_log.done():
            self.end_of_log.set_result(None)

    def _said(self, line: bytes | None) -> None:
        self.over = self.over or line is None
        answer = _DIED.copy() if line is None else _parsed(line)
        if answer and self.answer and not self.answer.done():
            self.answer.set_result(answer)


def _parsed(line: bytes) -> Said | None:
    """The answer, None for a line that the function's libraries wrote past Python."""
    if not line.startswith(b"{"):
        return None
    try:
        found: Said = json.loads(line)
    except ValueError:
        return None
    return found if found.get("status") in ("ok", "error") else None


_talks: WeakKeyDictionary[Process, _Talk] = WeakKeyDictionary()


async def _listen(process: Process) -> None:
    """From the process' beginning: what it logs while its module is loaded is the first call's."""
    talk = _talks.setdefault(process, _Talk())
    await asyncio.get_running_loop().connect_read_pipe(lambda: _Lines(talk.printed), process.stderr)


async def talk(
    worker: Worker,
    event: object,
    request_id: str,
    *,
    trace_id: str | None = None,
    depth: int | None = None,
    durable: dict[str, object] | None = None,
    invoked_function_arn: str | None = None,
) -> Said:
    """One call, as the emulator's `Worker.invoke` makes it: status "ok" with the result, or "error" with the reason.

    Starts the process if there is none; one that does not answer in the function's time, or badly, is ended.
    """
    cold = await _started(worker)
    process, seconds = worker._proc, worker.config.get("Timeout", 30)
    if process is None:
        return {**_DIED, "cold_start": cold}
    with_it = await _opened(process)
    arn = invoked_function_arn or worker.config.get("FunctionArn", "")
    timeout = int(float(seconds) * 1000)
    context = {"request_id": request_id, "invoked_function_arn": arn, "timeout_ms": timeout}
    context |= {"trace_id": trace_id, "depth": depth, "durable": durable or {}}
    answer = with_it.ask({"event": event, "ctx": context})
    if not answer.done():
        await asyncio.wait({answer}, timeout=seconds)
    late: Said = {"status": "error", "error": f"Task timed out after {seconds}.00 seconds"}
    said = answer.result() if answer.done() else late
    if said["status"] == "error":
        await _ended(worker, process)
    elif with_it.end_of_log and not with_it.end_of_log.done():
        await asyncio.wait({with_it.end_of_log}, timeout=_END_SECONDS)
    return {**said, "cold_start": cold, "log": with_it.logged()}


async def _started(worker: Worker) -> bool:
    """Whether a process had to be started; raises RuntimeError when its module cannot be loaded."""
    from ministack.core.concurrency import run_reentrant
    from ministack.core.lambda_runtime import ensure_spawned

    if worker._proc is not None and worker._proc.poll() is None:
        return False
    await run_reentrant(ensure_spawned, worker)
    return True


async def _opened(process: Process) -> _Talk:
    found = _talks.setdefault(process, _Talk())
    if found.stdin is None and not found.over:
        await found.open(process)
    return found


async def _ended(worker: Worker, process: Process) -> None:
    from ministack.core import lambda_runtime as runtime

    worker._proc = None
    runtime._signal(process)
    await asyncio.to_thread(runtime._collect, process, time.monotonic() + runtime._REAP_GRACE)


# --- in AWS's words ---

_INIT_FAILED = "Worker init failed: "
_SYNTAX = re.compile(r"\([^()]+\.py, line \d+\)$")  # as Python writes a SyntaxError
_NO_HANDLER = re.compile(r"module '(?P<module>[^']+)' has no attribute '(?P<handler>[^']+)'")


def named(function: Record, result: dict[str, object], request_id: str) -> dict[str, object]:
    """What a call came to, a failure named as AWS names it."""
    body = result.get("body")
    if isinstance(body, dict) and in_worker.FAILED in body:
        return {**result, "body": body[in_worker.FAILED], "error": True}
    if not result.get("error") or not isinstance(body, dict):
        return result
    handler = (function.get("config") or function).get("Handler", "")
    return {**result, "body": _error(body, handler, request_id)}


def _error(body: dict[str, object], handler: str, request_id: str) -> dict[str, object]:
    """What AWS answers for a function that could not be loaded, ran too long, or ended its process."""
    message = str(body.get("errorMessage", ""))
    if message.startswith(_INIT_FAILED):
        return {**_init_error(message.removeprefix(_INIT_FAILED), handler), "requestId": request_id, "stackTrace": []}
    if message == _DIED["error"]:
        ended = f"RequestId: {request_id} Error: Runtime exited with error: exit status 1"
        return {"errorType": "Runtime.ExitError", "errorMessage": ended}
    if body.get("errorType") == "Sandbox.Timedout":
        return {**body, "errorMessage": f"RequestId: {request_id} Error: {message}"}
    return body


def _init_error(cause: str, handler: str) -> dict[str, object]:
    missing = _NO_HANDLER.search(cause)
    if missing:
        text = f"Handler '{missing['handler']}' missing on module '{missing['module']}'"
        return {"errorMessage": text, "errorType": "Runtime.HandlerNotFound"}
    if "." not in handler:
        return {"errorMessage": f"Bad handler '{handler}': {cause}", "errorType": "Runtime.MalformedHandlerName"}
    module = handler.rpartition(".")[0]
    if _SYNTAX.search(cause):
        return {
            "errorMessage": f"Syntax error in module '{module}': {cause}",
            "errorType": "Runtime.UserCodeSyntaxError",
        }
    return {"errorMessage": f"Unable to import module '{module}': {cause}", "errorType": "Runtime.ImportModuleError"}
