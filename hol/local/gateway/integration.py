"""The backends of a method: a Lambda function (with and without proxy), MOCK, and what the emulator does well.

A non-proxy Lambda integration is where the emulator differs most from AWS: there the JSON body itself is the
event, and a function that raised answers HTTP 200 unless a selection pattern says otherwise.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine
from dataclasses import replace
from typing import TypeVar

from hol.local.emulator import core as emulator
from hol.local.emulator import functions as emulator_functions
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.functions import Outcome
from hol.local.gateway.call import Call, GatewayError, misconfigured
from hol.local.gateway.mapping import Answer, integration_request, respond
from hol.local.wire import Request, Response

_T = TypeVar("_T")
_PRINCIPAL = "apigateway.amazonaws.com"
_SLOWEST_MS = 29_000
_LARGEST_EVENT = 6 * 1024 * 1024
_FUNCTION_URL = re.compile(r"https?://(?P<host>[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws)(?P<path>/[^?]*)?")


async def integrate(call: Call) -> Response:
    """The integration's answer; raises GatewayError for what the gateway itself answers."""
    kind, function = call.integration["type"], _function(call)
    if kind == "MOCK":
        return _mock(call)
    if kind == "AWS" and function:
        return await _lambda(call, function)
    if kind == "AWS_PROXY" and function:
        _permitted(call, function)
    return await (_mapped_http(call) if kind == "HTTP" else _in_time(call, _emulated(call, call.request)))


async def _emulated(call: Call, request: Request) -> Response:
    function_url = _FUNCTION_URL.match(call.integration.get("uri") or "")
    if function_url and call.integration["type"] in ("HTTP", "HTTP_PROXY"):
        return await emulator.emulate(_to_function(call, function_url, request))
    method, resource = call.reached.method, call.reached.resource
    return await emulator_gateway.other_integration(
        call.at, call.stage_name, call.stage, method, resource, call.asked, request
    )


def _to_function(call: Call, url: re.Match[str], request: Request) -> Request:
    """A function's URL is a place in this very AWS, never one on the internet."""
    headers = {**request.headers, "host": url["host"]}
    headers.pop("authorization", None)
    verb = call.integration.get("httpMethod") or request.method
    return Request(verb, url["path"] or "/", url["path"] or "/", {}, headers, request.body)


async def _mapped_http(call: Call) -> Response:
    """HTTP without proxy: the templates make the request and the answer, the status is what patterns look at."""
    sent = integration_request(call).encode()
    headers = {**call.request.headers, "content-length": str(len(sent)), "content-type": "application/json"}
    headers |= {name.lower(): str(value) for name, value in call.overrides["requestOverride"]["header"].items()}
    answer = await _in_time(call, _emulated(call, replace(call.request, body=sent, headers=headers)))
    return respond(call, Answer(str(answer.status), answer.body.decode("utf-8", "replace")))


def _function(call: Call) -> str:
    """The function's name or ARN out of `arn:aws:apigateway:…:lambda:path/…/functions/ARN/invocations`."""
    uri = call.integration.get("uri") or ""
    for name, value in (call.stage.get("variables") or {}).items():
        uri = uri.replace(f"${{stageVariables.{name}}}", value)
    return uri.partition("/functions/")[2].removesuffix("/invocations")


def _permitted(call: Call, function: str) -> None:
    account, region = call.at.account, call.at.region
    credentials = call.integration.get("credentials")
    if credentials:
        usable = emulator.role_trusts(credentials, _PRINCIPAL)
        allowed = usable and emulator.role_allows(credentials, {"lambda:InvokeFunction": function})
    else:
        allowed = emulator_functions.may_be_invoked(function, _PRINCIPAL, call.source_arn, account, region)
    if not allowed:
        # AWS says the same of a function that does not exist.
        raise misconfigured("Invalid permissions on Lambda function")


async def _lambda(call: Call, function: str) -> Response:
    event = _event(integration_request(call))
    call.note(f"Endpoint request body after transformations: {json.dumps(event, ensure_ascii=False)}")
    _permitted(call, function)
    call.note(f"Sending request to function {function}")
    outcome = await _in_time(call, emulator_functions.invoke(function, event, call.at.account, call.at.region))
    if outcome.throttled:
        raise GatewayError("THROTTLED", "Too Many Requests", "Lambda was throttled while using the Lambda Invoke API")
    body = _payload(outcome)
    call.note(f"Endpoint response body before transformations: {body}")
    return respond(call, Answer(_selector(outcome), body))


def _event(body: str) -> object:
    if len(body.encode()) > _LARGEST_EVENT:
        raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long", "Lambda takes events of 6 MB at most")
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except ValueError as error:
        raise GatewayError("BAD_REQUEST_BODY", f"Could not parse request body into json: {error}") from error


def _payload(outcome: Outcome) -> str:
    payload = outcome.payload
    return payload.decode() if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False)


def _selector(outcome: Outcome) -> str:
    """Lambda's selection patterns look at errorMessage, and only when the function failed."""
    if not outcome.failed:
        return ""
    payload = outcome.payload
    return str(payload.get("errorMessage") or "") if isinstance(payload, dict) else str(payload)


def _mock(call: Call) -> Response:
    """A MOCK answers what its request template's `statusCode` selects; without one the gateway answers 500."""
    try:
        status = str(int(json.loads(integration_request(call))["statusCode"]))
    except (ValueError, KeyError, TypeError) as error:
        raise misconfigured("Unable to parse statusCode. It should be an integer and mapped in a template") from error
    return respond(call, Answer(status, ""))


async def _in_time(call: Call, answering: Coroutine[object, object, _T]) -> _T:
    """Wait no longer than the integration may take (29 s by default); the function runs on, as on AWS."""
    limit = min(int(call.integration.get("timeoutInMillis") or _SLOWEST_MS), _SLOWEST_MS) / 1000
    task = asyncio.ensure_future(answering)
    done, _ = await asyncio.wait({task}, timeout=limit)
    if not done:
        raise GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", "Timeout error")
    return task.result()
