"""TestInvokeMethod: runs a method as it is configured now, deployed or not, and tells the story in a log.

Authorizers, API keys and throttling are skipped, the resource policy of the function is not; its stage is called
`test-invoke-stage`. The call itself answers 200 even when the method answered 500.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway.call import TEST_STAGE, Call, GatewayError, Route, control_error
from hol.local.gateway.integration import integrate
from hol.local.wire import Emulator, Record, Request, Response

_PATH = re.compile(r"/restapis/(?P<api>[^/]+)/resources/(?P<resource>[^/]+)/methods/(?P<verb>[A-Z]+)")


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers `POST /restapis/{id}/resources/{id}/methods/{verb}`."""
    named = _PATH.fullmatch(request.path)
    if not named or request.method != "POST" or request.service != "apigateway":
        return None
    arn = f"arn:aws:apigateway:{request.region}::{request.path}"
    denied = emulator.authorize(request, "apigateway:POST", arn)
    return denied or await _tested(request, named)


async def _tested(request: Request, named: re.Match[str]) -> Response:
    at = Home(emulator.account_of(request), request.region, named["api"])
    if not emulator_gateway.rest_api(at):
        return _missing(f"Invalid API identifier specified {at.account}:{at.api_id}")
    resource = emulator_gateway.resources(at).get(named["resource"])
    if not resource:
        return _missing("Invalid Resource identifier specified")
    methods = resource["resourceMethods"]
    method = methods.get(named["verb"]) or methods.get("ANY")
    if not method:
        return _missing("Invalid Method identifier specified")
    return await _run(at, resource, method, named["verb"], request.json())


def _missing(message: str) -> Response:
    return control_error(404, "NotFoundException", message)


async def _run(at: Home, resource: Record, method: Record, verb: str, asked: Record) -> Response:
    log: list[str] = []

    def note(line: str) -> None:
        log.append(f"{time.strftime('%a %b %d %H:%M:%S UTC %Y', time.gmtime())} : {line}")

    call = _call(at, resource, method, verb, asked, note)
    note(f"Starting execution for request: {call.request_id}")
    note(f"HTTP Method: {verb}, Resource Path: {call.path}")
    note(f"Method request path: {_java(call.asked['path_params'])}")
    note(f"Method request query string: {_java({name: values[-1] for name, values in call.request.query.items()})}")
    note(f"Method request headers: {_java(call.request.headers)}")
    note(f"Method request body before transformations: {asked.get('body') or ''}")
    began = time.monotonic()
    response = await _answered(call)
    note(f"Method response body after transformations: {response.body.decode('utf-8', 'replace')}")
    note(f"Method response headers: {_java({name.title(): value for name, value in response.headers.items()})}")
    if response.status < 500:
        note("Successfully completed execution")
    note(f"Method completed with status: {response.status}")
    latency = round((time.monotonic() - began) * 1000)
    story = "\n".join([f"Execution log for request {call.request_id}", *log, ""])
    return Response.of_json(200, _result(response, story, latency))


def _java(pairs: Mapping[str, str]) -> str:
    """As Java prints a map."""
    return "{" + ", ".join(f"{name}={value}" for name, value in pairs.items()) + "}"


def _call(at: Home, resource: Record, method: Record, verb: str, asked: Record, note: Callable[[str], None]) -> Call:
    path, _, query = (asked.get("pathWithQueryString") or resource["path"]).partition("?")
    many = {name.lower(): ",".join(values) for name, values in (asked.get("multiValueHeaders") or {}).items()}
    headers = {**many, **{name.lower(): value for name, value in (asked.get("headers") or {}).items()}}
    body = (asked.get("body") or "").encode()
    request = Request(verb, path, path, parse_qs(query, keep_blank_values=True), headers, body)
    stage = {"stageName": TEST_STAGE, "variables": asked.get("stageVariables") or {}}
    found = Route(resource, method, _parameters(resource["path"], path))
    return Call(at, TEST_STAGE, stage, path, request, found, note)


def _parameters(template: str, path: str) -> dict[str, str]:
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    if any(name != value and not name.startswith("{") for name, value in pairs):
        return {}  # a path of another resource is called all the same, and gives no parameters
    return {name.strip("{+}"): value for name, value in pairs if name.startswith("{")}


async def _answered(call: Call) -> Response:
    try:
        return await integrate(call)
    except GatewayError as error:
        if error.kind == "API_CONFIGURATION_ERROR":
            call.note(f"Execution failed due to configuration error: {error.cause}")
        else:
            call.note(f"Execution failed: {error.message}")
        return call.refused(error)


def _result(response: Response, log: str, latency: int) -> Record:
    headers = {name.title(): value for name, value in response.headers.items()}
    return {
        "status": response.status,
        "body": response.body.decode("utf-8", "replace"),
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "log": log,
        "latency": latency,
    }
