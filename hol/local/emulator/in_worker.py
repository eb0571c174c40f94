"""What runs inside a function's worker process around each call; its source is put in front of the worker's own.

The worker that comes with the emulator ends with every exception that a handler raises, and leaves the exception's
class out of its answer; AWS keeps the process and names the class. So this file must stand alone: standard library
only, no import of hol.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypedDict

FAILED = "\x01failed"
END_OF_LOG = "\x01end of call\x01"
TASK_ROOT = "/var/task"


class Context(Protocol):
    """The context of a call, as far as an error needs it."""

    aws_request_id: str


class Failure(TypedDict):
    """What AWS answers for an exception."""

    errorMessage: str
    errorType: str
    requestId: str
    stackTrace: list[str]


def answer(handler: Callable[[object, object], object], event: object, context: Context) -> str:
    """The call's result as a line of the worker's protocol; a failure is a result under the key `FAILED`.

    Whatever the call writes to stderr is its log, and the line END_OF_LOG says that it is complete.
    """
    try:
        return json.dumps({"status": "ok", "result": _result(handler(event, context))})
    except Exception as error:
        failure = _failure(error, context.aws_request_id)
        frames = "".join(failure["stackTrace"])
        print(
            f"[ERROR] {failure['errorType']}: {failure['errorMessage']}\nTraceback (most recent call last):\n{frames}",
            file=sys.stderr,
        )
        return json.dumps({"status": "ok", "result": {FAILED: failure}})
    finally:
        print(END_OF_LOG, file=sys.stderr, flush=True)


class MarshalError(Exception):
    """The handler returned something that is not JSON."""


def _result(value: object) -> object:
    try:
        json.dumps(value)
    except (TypeError, ValueError) as error:
        raise MarshalError(f"Unable to marshal response: {error}") from error
    return value


def _failure(error: Exception, request_id: str) -> Failure:
    if isinstance(error, MarshalError):
        return {
            "errorMessage": str(error),
            "errorType": "Runtime.MarshalError",
            "requestId": request_id,
            "stackTrace": [],
        }
    # The first frame is ours.
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "requestId": request_id,
        "stackTrace": [frame.replace(str(Path.cwd()), TASK_ROOT) for frame in frames],
    }
