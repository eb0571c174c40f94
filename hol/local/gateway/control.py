"""API Gateway's control plane, where the emulator accepts what AWS refuses.

Each check looks at the API as it is and returns AWS's error, or None; then the emulator does the work. An error is
given only to a caller whom IAM allows the call: everybody else gets the denial.
Source of the messages: public reports of AWS's own answers, collected with the lab.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway import checks, deployments
from hol.local.gateway.checks import bad, conflict, method_of, missing
from hol.local.wire import Body, Emulator, Record, Request, Response

_API = re.compile(r"/restapis/(?P<api>[^/]+)(?P<rest>/.*)?")
_TAGGED = re.compile(r"/tags/arn:[^/]+/restapis/(?P<api>[^/]+)")
_METHOD = r"/resources/(?P<resource>[^/]+)/methods/(?P<verb>[^/]+)"
_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9.-]*:.+")
_MAPPED = ("integration.response.header.", "integration.response.multivalueheader.", "integration.response.body",
           "context.", "stageVariables.")  # fmt: skip
_MAPPING = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [{}]"
_WRONG_STAGE = (b"Invalid Stage identifier specified", b"Invalid stage identifier specified")

Found = re.Match[str]
Check = Callable[[Home, Found, Body], Response | None]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what AWS refuses, freezes what is deployed; None for other services and paths."""
    tagged = _TAGGED.fullmatch(request.path) if request.service == "apigateway" else None
    if tagged and request.method in ("PUT", "DELETE"):
        return _retagged(
            Home(emulator.account_of(request), request.region, tagged["api"]), request, await emulate(request)
        )
    named = _API.fullmatch(request.path) if request.service in ("apigateway", "") else None
    if not named or "/_user_request_" in request.path:
        return None
    at = Home(emulator.account_of(request), request.region, named["api"])
    refused = _refusal(at, request, named["rest"] or "")
    if refused:
        arn = f"arn:aws:apigateway:{request.region}::{request.path}"
        return emulator.authorize(request, f"apigateway:{request.method}", arn) or refused
    return _followed(at, request, named["rest"] or "", await emulate(_in_capitals(request)))


def _in_capitals(request: Request) -> Request:
    """AWS reads `none` as NONE; the emulator would keep it as it came."""
    body = request.record() if request.method == "PUT" and "/methods/" in request.path else {}
    kind = body.get("authorizationType")
    if not isinstance(kind, str) or kind == kind.upper():
        return request
    changed = json.dumps({**body, "authorizationType": kind.upper()}).encode()
    return request.with_body(changed)


def _refusal(at: Home, request: Request, rest: str) -> Response | None:
    for verb, path, check in _CHECKS:
        found = path.fullmatch(rest) if verb == request.method else None
        refused = check(at, found, request.record()) if found and emulator_gateway.rest_api(at) else None
        if refused:
            return refused
    return None


def _retagged(at: Home, request: Request, answer: Response) -> Response:
    if answer.status < 300:
        added = request.record().get("tags", {}) if request.method == "PUT" else {}
        emulator_gateway.retag(at, added, list(request.query.get("tagKeys", [])))
    return answer


def _followed(at: Home, request: Request, rest: str, answer: Response) -> Response:
    """Keep the snapshots in step with what the emulator just did, and AWS's spelling of one message."""
    if answer.status == 404 and rest.startswith("/stages/"):
        return Response(404, answer.headers, answer.body.replace(*_WRONG_STAGE))
    if answer.status >= 300:
        return answer
    if request.method == "POST" and rest == "/deployments":
        deployments.freeze(at, json.loads(answer.body)["id"])
    elif request.method == "DELETE" and rest.startswith("/resources/") and rest.count("/") == 2:
        emulator_gateway.forget_below(at, rest.removeprefix("/resources/"))
    elif request.method == "DELETE" and rest == "":
        deployments.forget(at)
    elif request.method == "DELETE" and rest.startswith("/deployments/"):
        deployments.forget(at, rest.removeprefix("/deployments/"))
    return answer


def _create_deployment(at: Home, found: Found, body: dict[str, object]) -> Response | None:
    methods = [one for r in emulator_gateway.resources(at).values() for one in r["resourceMethods"].values()]
    if not methods:
        return bad("The REST API doesn't contain any methods")
    if not all(one.get("methodIntegration") for one in methods):
        return bad("No integration defined for method")
    return None


def _delete_deployment(at: Home, found: Found, body: dict[str, object]) -> Response | None:
    if any(stage.get("deploymentId") == found["id"] for stage in emulator_gateway.stages(at).values()):
        return bad("Active stages pointing to this deployment must be moved or deleted")
    return None


def _create_stage(at: Home, found: Found, body: dict[str, object]) -> Response | None:
    if body.get("stageName") in emulator_gateway.stages(at):
        return conflict("Stage already exists")
    if body.get("deploymentId") not in emulator_gateway.deployments(at):
        return missing("Invalid Deployment identifier specified")
    return None


def _update_stage(at: Home, found: Found, body: Body) -> Response | None:
    known = emulator_gateway.deployments(at)
    moves = [one.get("value") for one in body.get("patchOperations") or [] if one.get("path") == "/deploymentId"]
    return missing("Invalid Deployment identifier specified") if any(one not in known for one in moves) else None


def _put_integration(at: Home, found: Found, body: dict[str, object]) -> Response | None:
    if body.get("type") not in ("AWS", "AWS_PROXY"):
        return checks.put_http_integration(body)
    uri = str(body.get("uri") or "")
    if not (body.get("integrationHttpMethod") or body.get("httpMethod")):
        return bad("Enumeration value for HttpMethod must be non-empty")
    if not _ARN.fullmatch(uri):
        return bad("Invalid ARN specified in the request")
    if uri.split(":")[2] != "apigateway" or uri.split(":", 5)[5].partition("/")[0] not in ("path", "action"):
        return bad("AWS ARN for integration must contain path or action")
    return None


def _put_integration_response(at: Home, found: Found, body: Body) -> Response | None:
    method = method_of(at, found)
    if not method:
        return None
    integration = method.get("methodIntegration")
    if not integration:
        return missing("No integration defined for method")
    declared = (method.get("methodResponses") or {}).get(
        found["status"]
    ) or {}  # AWS takes it before the method response
    wrong = wrong_mapping(body.get("responseParameters") or {}, declared.get("responseParameters") or {})
    if wrong:
        return bad(wrong)
    return _same_pattern(integration.get("integrationResponses") or {}, found["status"], body)


def wrong_mapping(mapped: dict[str, str], declared: dict[str, object]) -> str:
    """AWS's message about header mappings that the method response does not declare, or whose source is none."""
    for target, source in mapped.items():
        static = len(source) >= 2 and source[0] == source[-1] == "'"
        if target not in declared:
            return _MAPPING.format(f"Invalid mapping expression parameter specified: {target}")
        if not static and not source.startswith(_MAPPED):
            return _MAPPING.format(f"Invalid mapping expression specified: {source}")
    return ""


def _same_pattern(present: Record, status: str, body: dict[str, object]) -> Response | None:
    pattern = body.get("selectionPattern") or ""
    if any((one.get("selectionPattern") or "") == pattern for code, one in present.items() if code != status):
        return conflict(f"Integration response with selection pattern {pattern or 'default'} already exists")
    return None


_CHECKS: tuple[tuple[str, re.Pattern[str], Check], ...] = tuple(
    (verb, re.compile(path), check)
    for verb, path, check in (
        ("POST", r"/deployments", _create_deployment),
        ("DELETE", r"/deployments/(?P<id>[^/]+)", _delete_deployment),
        ("POST", r"/stages", _create_stage),
        ("PATCH", r"/stages/(?P<stage>[^/]+)", _update_stage),
        ("PATCH", r"/stages/(?P<stage>[^/]+)", checks.update_stage),
        ("POST", r"/resources/(?P<parent>[^/]+)", checks.create_resource),
        ("PATCH", r"/resources/(?P<resource>[^/]+)", checks.update_resource),
        ("DELETE", r"/resources/(?P<resource>[^/]+)", checks.delete_resource),
        ("PUT", _METHOD, checks.put_method),
        ("DELETE", _METHOD, checks.delete_method),
        ("PUT", rf"{_METHOD}/responses/(?P<status>\d+)", checks.put_method_response),
        ("DELETE", rf"{_METHOD}/responses/(?P<status>\d+)", checks.delete_method_response),
        ("DELETE", rf"{_METHOD}/integration", checks.delete_integration),
        ("POST", r"/models", checks.create_model),
        ("PATCH", r"/models/[^/]+", checks.update_model),
        ("POST", r"/requestvalidators", checks.create_validator),
        ("PUT", rf"{_METHOD}/integration", _put_integration),
        ("PUT", rf"{_METHOD}/integration/responses/(?P<status>\d+)", _put_integration_response),
    )
)
