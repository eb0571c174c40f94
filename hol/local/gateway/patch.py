"""The Update calls of a method and its parts: UpdateMethod, UpdateMethodResponse, UpdateIntegration(Response).

The emulator lacks two of them, and reads the paths of the others without undoing `~1`, so that a patched
`application/json` template would be stored under a name that nothing looks up.
"""

from __future__ import annotations

import re

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway import checks
from hol.local.gateway.call import control_error
from hol.local.gateway.control import wrong_mapping
from hol.local.wire import Emulator, Record, Request, Response

_PATH = re.compile(
    r"/restapis/(?P<api>[^/]+)/resources/(?P<resource>[^/]+)/methods/(?P<verb>[A-Z]+)"
    r"(?P<part>|/integration|/responses/\d+|/integration/responses/\d+)"
)


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers PATCH of a method, its integration and their responses."""
    named = _PATH.fullmatch(request.path)
    if not named or request.method != "PATCH" or request.service != "apigateway":
        return None
    denied = emulator.authorize(request, "apigateway:PATCH", f"arn:aws:apigateway:{request.region}::{request.path}")
    at = Home(emulator.account_of(request), request.region, named["api"])
    body = request.json()
    refused = checks.update_method(at, named, body) if not named["part"] and emulator_gateway.rest_api(at) else None
    return denied or refused or _patched(at, named, body.get("patchOperations") or [])


def _patched(at: Home, named: re.Match[str], operations: list[Record]) -> Response:
    resource = emulator_gateway.resources(at).get(named["resource"])
    if not resource:
        return control_error(404, "NotFoundException", "Invalid Resource identifier specified")
    method = resource["resourceMethods"].get(named["verb"])
    if not method:
        return control_error(404, "NotFoundException", "Invalid Method identifier specified")
    steps = _steps(named["part"])
    part = method
    for step in steps:
        part = (part or {}).get(step)
    if not part:
        return control_error(404, "NotFoundException", _missing(named["part"], method))
    changed = emulator_gateway.patch(part, operations)
    return _refused(named["part"], method, changed) or _kept(at, named, steps, changed)


def _steps(part: str) -> list[str]:
    """Where the part is inside a method record."""
    names = {"integration": "methodIntegration", "responses": "methodResponses"}
    steps = [names.get(step, step) for step in part.split("/") if step]
    return ["methodIntegration", "integrationResponses", steps[-1]] if len(steps) == 3 else steps


def _missing(part: str, method: Record) -> str:
    if "/integration" in part and not method.get("methodIntegration"):
        return "Invalid Integration identifier specified"
    return "Invalid Response status code specified"


def _refused(part: str, method: Record, changed: Record) -> Response | None:
    if not part.startswith("/integration/"):
        return None
    declared = (method["methodResponses"].get(changed["statusCode"]) or {}).get("responseParameters") or {}
    wrong = wrong_mapping(changed.get("responseParameters") or {}, declared)
    return control_error(400, "BadRequestException", wrong) if wrong else None


def _kept(at: Home, named: re.Match[str], steps: list[str], changed: Record) -> Response:
    def change(method: Record) -> None:
        target = method
        for step in steps:
            target = target[step]
        target.clear()
        target.update(changed)

    emulator_gateway.put_back(at, named["resource"], named["verb"], change)
    return Response.of_json(200, changed)
