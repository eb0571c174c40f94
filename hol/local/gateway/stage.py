"""API Gateway's data plane for REST APIs: a stage serves what was deployed, and asks before it calls a function.

Addresses: `{api}.execute-api.localhost/{stage}/…`, `{api}.execute-api.{region}.localhost/{stage}/…`, and
`/_aws/execute-api/{api}/{stage}/…` for clients that do not resolve `*.localhost`. What names no deployed stage is
answered here as well: nothing behind an address of an API is ever reached. (HTTP and WebSocket APIs are the emulator's;
`hol.local.door` sends them there by their path, unless a page asks.)
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway import deployments
from hol.local.gateway.call import Call, GatewayError, route
from hol.local.gateway.integration import integrate
from hol.local.templates.render import LARGEST_PAYLOAD
from hol.local.wire import Emulator, Request, Response

_BY_HOST = re.compile(r"(?P<api>[a-z0-9]+)\.execute-api\.(?:[a-z0-9-]+\.)?localhost")
_BY_PATH = re.compile(r"/_aws/execute-api/(?P<api>[^/]+)(?P<rest>/.*)?", re.DOTALL)
_BY_OLD_PATH = re.compile(r"/restapis/(?P<api>[^/]+)(?P<rest>/[^/]+/_user_request_(?:/.*)?)", re.DOTALL)


@dataclass(frozen=True)
class Address:
    """The API, stage and path that a URL names; the path starts with a slash."""

    api_id: str
    stage: str
    path: str


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers calls of REST APIs."""
    address = address_of(request)
    if not address:
        return None
    at = emulator_gateway.home(address.api_id)
    return await _serve(at, address, request) if at else _forbidden()


def address_of(request: Request) -> Address | None:
    """What the request's URL names; None when it is no execute-api URL."""
    if by_host := _BY_HOST.fullmatch(request.host):
        api_id, rest = by_host["api"], request.path
    elif by_path := _BY_PATH.fullmatch(request.path) or _BY_OLD_PATH.fullmatch(request.path):
        api_id, rest = by_path["api"], by_path["rest"] or "/"
    else:
        return None
    stage, _, path = rest.lstrip("/").partition("/")
    path = path.removeprefix("_user_request_").lstrip("/") if path.startswith("_user_request_") else path
    return Address(api_id, stage, f"/{path}")


async def _serve(at: Home, address: Address, request: Request) -> Response:
    stage = emulator_gateway.stages(at).get(address.stage)
    deployed = deployments.deployed(at, address.stage)
    call = Call(at, address.stage, stage or {}, address.path, request)
    if stage is None or deployed is None:
        return call.identified(_forbidden())
    call = replace(call, route=route(deployed, request.method, address.path))
    return call.identified(await answered(call))


def _forbidden() -> Response:
    """Not a gateway response: the request reaches no deployment."""
    return Response.of_json(403, {"message": "Forbidden"}, x_amzn_errortype="ForbiddenException")


async def answered(call: Call) -> Response:
    """The method's answer, or the gateway's own error."""
    try:
        await _admit(call)
        return await integrate(call)
    except GatewayError as error:
        return call.refused(error)


async def _admit(call: Call) -> None:
    """What the gateway checks before it asks the backend."""
    method, resource = call.reached.method, call.reached.resource
    if call.request.too_large or len(call.request.body) > LARGEST_PAYLOAD:
        raise GatewayError("REQUEST_TOO_LARGE", "Request Too Long")
    if method.get("authorizationType") == "AWS_IAM" and call.request.credential:
        denied = emulator.authorize(call.request, "execute-api:Invoke", call.source_arn)
        if denied:
            raise GatewayError("ACCESS_DENIED", str(json.loads(denied.body).get("Message") or "Forbidden"))
    refusal = await emulator_gateway.refusal(
        call.at, call.stage_name, call.stage, method, resource, call.asked, call.request
    )
    if refusal:
        raise GatewayError(*refusal)
