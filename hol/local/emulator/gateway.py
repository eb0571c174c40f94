"""The emulator's API Gateway behind small typed functions.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. An API is named by a `Home`: the
account and region that own it, and its id. Records are those of ministack, in AWS's own field names.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import NamedTuple

from hol.local.wire import Record, Request, Response


class Home(NamedTuple):
    """Where an API lives."""

    account: str
    region: str
    api_id: str


def home(api_id: str) -> Home | None:
    """The owner of a REST API of any account; callers of a public API are anonymous."""
    from ministack.services import apigateway_v1 as v1

    return next((Home(*key) for key, _ in v1._rest_apis.all_items() if key[2] == api_id), None)


def is_http_api(api_id: str) -> bool:
    """Whether there is an HTTP or WebSocket API of that id, in any account."""
    from ministack.services import apigateway

    return any(key[-1] == api_id for key, _ in apigateway._apis.all_items())


def rest_api(at: Home) -> Record:
    """The API's own record: name, binaryMediaTypes, …"""
    from ministack.services import apigateway_v1 as v1

    return dict(v1._rest_apis.get_scoped(*at) or {})


def change_api(at: Home, change: Callable[[Record], object]) -> None:
    """Change the API's own record in place."""
    from ministack.services import apigateway_v1 as v1

    change(v1._rest_apis.get_scoped(*at))


def named(at: Home, kind: str) -> dict[str, Record]:
    """The API's `authorizers`, `models` or `requestvalidators`, by id or name; not a copy."""
    from ministack.services import apigateway_v1 as v1

    store = {"authorizers": v1._authorizers_v1, "models": v1._models, "requestvalidators": v1._request_validators}[kind]
    found: dict[str, Record] = store.get_scoped(*at) or {}
    return {**found, **{str(one["name"]): one for one in found.values() if one.get("name")}}


def has(at: Home, path: str) -> bool:
    """Whether what a path below the API names is there: `resources/ID`, `stages/NAME`, `models/NAME`, …"""
    from ministack.services import apigateway_v1 as v1

    if not v1._rest_apis.get_scoped(*at):
        return False
    steps = [step for step in path.split("/") if step]
    stores = {
        "resources": v1._resources, "stages": v1._stages_v1, "deployments": v1._deployments_v1, "models": v1._models,
        "authorizers": v1._authorizers_v1, "requestvalidators": v1._request_validators,
    }  # fmt: skip
    if len(steps) < 2 or steps[0] not in stores:
        return True
    return steps[1] in (stores[steps[0]].get_scoped(*at) or {}) and _has_method(at, steps)


def _has_method(at: Home, steps: list[str]) -> bool:
    if len(steps) < 4:
        return True
    method = resources(at)[steps[1]]["resourceMethods"].get(steps[3])
    if not method or steps[4:5] == []:
        return bool(method)
    if steps[4] == "responses":
        return steps[5] in (method.get("methodResponses") or {})
    integration = method.get("methodIntegration")
    return bool(integration) and (len(steps) < 7 or steps[6] in (integration.get("integrationResponses") or {}))


def retag(at: Home, added: dict[str, str], removed: list[str]) -> None:
    """Tags that TagResource and UntagResource changed, in the API's own record too: the emulator forgets that."""
    from ministack.services import apigateway_v1 as v1

    record = v1._rest_apis.get_scoped(*at)
    if record is not None:
        kept = {key: value for key, value in record.get("tags", {}).items() if key not in removed}
        record["tags"] = {**kept, **added}


def resources(at: Home) -> dict[str, Record]:
    """A copy of the API's resources by id, as they are now, deployed or not."""
    from ministack.services import apigateway_v1 as v1

    return copy.deepcopy(v1._resources.get_scoped(*at) or {})


def forget_below(at: Home, parent: str) -> None:
    """Remove what was below a deleted resource: AWS deletes the whole branch, the emulator one resource."""
    from ministack.services import apigateway_v1 as v1

    live = v1._resources.get_scoped(*at) or {}
    for child in [name for name, one in live.items() if one.get("parentId") == parent]:
        live.pop(child, None)
        forget_below(at, child)


def stages(at: Home) -> dict[str, Record]:
    """The API's stages by name; not a copy."""
    from ministack.services import apigateway_v1 as v1

    found: dict[str, Record] = v1._stages_v1.get_scoped(*at) or {}
    return found


def deployments(at: Home) -> dict[str, Record]:
    """The API's deployments by id; not a copy."""
    from ministack.services import apigateway_v1 as v1

    found: dict[str, Record] = v1._deployments_v1.get_scoped(*at) or {}
    return found


def error_response(kind: str, message: str, at: Home, stage_name: str, stage: Record, asked: Record) -> Response:
    """The gateway response of that type (`THROTTLED`, …) as the stage's deployment has it.

    `asked` has what its header mappings may name: headers, query_params, path_params, resource_path, request_id.
    """
    from ministack.core.responses import request_scope
    from ministack.services import apigateway_v1 as v1

    request = {"api_id": at.api_id, "stage_name": stage_name, "stage": stage, **asked}
    with request_scope(at.account, at.region):
        return _response(v1._gateway_error_response(v1._GatewayError(kind, message), request))


async def refusal(
    at: Home, stage_name: str, stage: Record, method: Record, resource: Record, asked: Record, request: Request
) -> tuple[str, str] | None:
    """Why the gateway itself refuses a call, as (gateway response type, message); None when it does not.

    Authorizers, API keys, throttling, quotas and request validation, in AWS's order.
    """
    from ministack.core.responses import request_scope
    from ministack.services import apigateway_v1 as v1

    headers, query, parameters = asked["headers"], asked["query_params"], asked["path_params"]
    with request_scope(at.account, at.region):
        error, _context = await v1._authorize_request_v1(
            at.api_id, stage_name, method, request.method, asked["path"], resource, headers, request.body,
            query, parameters, stage, at.account, at.region,
        )  # fmt: skip
        error, key = (error, None) if error else v1._check_api_key(method, at.api_id, stage_name, headers)
        caller = key or v1._resolve_api_key(v1._api_key_from_request(headers))
        error = (
            error
            or v1._check_throttle(stage, at.api_id, stage_name, resource["path"], request.method, caller)
            or v1._check_quota(key, at.api_id, stage_name)
            or v1._check_request_validation(method, at.api_id, asked, headers, request.body, query)
        )
    return (error.response_type, error.message) if error else None


async def other_integration(
    at: Home, stage_name: str, stage: Record, method: Record, resource: Record, asked: Record, request: Request
) -> Response:
    """The emulator's own answer of an integration: Lambda proxy, HTTP, SQS; it does not ask the function's policy."""
    from ministack.core.responses import request_scope
    from ministack.services import apigateway_v1 as v1

    integration = method["methodIntegration"]
    headers, query, parameters = dict(asked["headers"]), dict(asked["query_params"]), asked["path_params"]
    if integration["type"] in ("HTTP", "HTTP_PROXY"):
        return _response(
            await v1._invoke_http_proxy_v1(
                integration, asked["path"], request.method, headers, request.body, query, parameters
            )
        )
    invoke = v1._invoke_lambda_proxy_v1 if integration["type"] == "AWS_PROXY" else v1._invoke_sqs_v1
    with request_scope(at.account, at.region):
        answer = await invoke(
            integration, at.api_id, stage_name, stage, resource, asked["path"], request.method, headers,
            request.body, query, parameters, owner_account_id=at.account, owner_region=at.region,
            binary_media_types=rest_api(at).get("binaryMediaTypes") or [],
        )  # fmt: skip
    if isinstance(answer, v1._GatewayError):
        return error_response(answer.response_type, answer.message, at, stage_name, stage, asked)
    return _response(answer)


def _response(answer: tuple[int, dict[str, object], object]) -> Response:
    status, headers, body = answer
    lines = {
        name.lower(): ("\n" if name.lower() == "set-cookie" else ", ").join(map(str, value))
        if isinstance(value, list | tuple)
        else _header(value)
        for name, value in headers.items()
    }
    return Response(int(status), lines, body if isinstance(body, bytes) else str(body).encode())


def _header(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def patch(record: Record, operations: list[Record]) -> Record:
    """A copy of a record with AWS's patch operations applied: JSON pointers, values as text, types as before."""
    changed = copy.deepcopy(record)
    for operation in operations:
        *above, last = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].lstrip("/").split("/")]
        target = changed
        for step in above:
            target[step] = target.get(step) or {}
            target = target[step]
        if operation["op"] == "remove":
            target.pop(last, None)
        else:
            target[last] = _typed(operation.get("value"), target.get(last), above)
    return changed


def _typed(value: object, before: object, above: list[str]) -> object:
    """Patch values travel as text; what was a number or a flag stays one."""
    if isinstance(before, bool) or (above == ["responseParameters"] and value in ("true", "false")):
        return value == "true"
    return int(str(value)) if isinstance(before, int) else value


def put_back(at: Home, resource_id: str, verb: str, change: Callable[[Record], None]) -> None:
    """Change the live method record in place."""
    from ministack.services import apigateway_v1 as v1

    change(v1._resources.get_scoped(*at)[resource_id]["resourceMethods"][verb])
