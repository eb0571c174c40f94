"""What Step Functions refuses of a state machine, and the redrive that the emulator lacks.

The role must be there, must trust Step Functions, and the caller must be allowed to pass it; the emulator takes any ARN. The
sentence on roles is AWS's from public reports. A definition without a first state is refused as AWS does it.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
"""

from __future__ import annotations

import json
from uuid import uuid4

from hol.local.emulator import core as emulator
from hol.local.emulator import machines, permissions
from hol.local.wire import Body, Emulator, Request, Response

_TARGET = "AWSStepFunctions."
_SERVICE = "states.amazonaws.com"


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers RedriveExecution, and refuses what Step Functions refuses of CreateStateMachine and UpdateStateMachine."""
    target = request.headers.get("x-amz-target", "")
    if not target.startswith(_TARGET):
        return None
    machines.correct()
    try:
        asked = request.json()
    except ValueError:
        return None
    operation = target.removeprefix(_TARGET)
    if operation == "RedriveExecution":
        return _redriven(request, asked)
    return _refused(request, operation, asked) if operation in ("CreateStateMachine", "UpdateStateMachine") else None


def _redriven(request: Request, asked: Body) -> Response:
    arn = str(asked.get("executionArn", ""))
    if denied := emulator.authorize(request, "states:RedriveExecution", arn):
        return denied
    try:
        answer = machines.redrive(arn, emulator.account_of(request), request.region)
    except ValueError as error:
        return _said(400, {"__type": "ExecutionNotRedrivable", "message": str(error)})
    if answer is None:
        return _said(400, {"__type": "ExecutionDoesNotExist", "message": f"Execution Does Not Exist: '{arn}'"})
    return _said(200, {"redriveDate": answer["redriveDate"]})


def _refused(request: Request, operation: str, asked: Body) -> Response | None:
    account = emulator.account_of(request)
    named = f"arn:aws:states:{request.region}:{account}:stateMachine:{asked.get('name', '')}"
    arn = str(asked.get("stateMachineArn", named))
    if denied := emulator.authorize(request, f"states:{operation}", arn):
        return denied
    role = asked.get("roleArn")
    if role and (denied := permissions.may_pass(request, str(role), _SERVICE)):
        return denied
    if role and not emulator.role_trusts(str(role), _SERVICE):
        untrusted = f"Neither the global service principal {_SERVICE}, nor the regional one is authorized to assume the provided role."
        return _said(400, {"__type": "AccessDeniedException", "message": untrusted})
    wrong = _wrong(asked["definition"]) if "definition" in asked else ""
    return (
        _said(400, {"__type": "InvalidDefinition", "message": f"Invalid State Machine Definition: '{wrong}'"})
        if wrong
        else None
    )


def _wrong(definition: object) -> str:
    try:
        found = json.loads(str(definition))
    except ValueError:
        return "INVALID_JSON_DESCRIPTION: Invalid JSON"
    states = found.get("States") if isinstance(found, dict) else None
    if not isinstance(states, dict) or found.get("StartAt") not in states:
        return "MISSING_TRANSITION_TARGET: Missing 'StartAt' target at /StartAt"
    return ""


def _said(status: int, data: dict[str, object]) -> Response:
    return Response.of_json(status, data, content_type="application/x-amz-json-1.0", x_amzn_requestid=str(uuid4()))
