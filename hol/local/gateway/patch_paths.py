"""What an Update call may change: the patch paths of every part of API Gateway, and the operations that each takes.

The emulator sets whatever a path names. AWS knows the paths (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html)
and refuses the rest, in one of two wordings: methods and their parts have one, everything else the other. Stages have their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hol.local.emulator import core as emulator
from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.gateway.call import control_error
from hol.local.wire import Emulator, Request, Response

Record = dict[str, object]
_SET, _ALL, _KEPT = ("replace",), ("add", "remove", "replace"), ("add", "remove")


@dataclass(frozen=True)
class Part:
    """A kind of thing that is patched; `paths`: a patch path, `*` for any one member → its operations."""

    url: str
    paths: Mapping[str, tuple[str, ...]]
    short: bool = False  # AWS words its refusal without the path

    def operations(self, path: str) -> tuple[str, ...] | None:
        """What may be done at that path; None for a path that is none."""
        for known, operations in self.paths.items():
            if re.fullmatch(re.escape(known).replace(r"\*", "[^/]+"), path):
                return operations
        return None


_API, _METHOD = "/restapis/[^/]+", "/restapis/[^/]+/resources/[^/]+/methods/[^/]+"
PARTS = (
    Part("/account", {"/cloudwatchRoleArn": _SET, "/features": _KEPT, "/throttleSettings": _SET}),
    Part("/apikeys/[^/]+", {"/name": _SET, "/description": _SET, "/enabled": _SET, "/customerId": _SET, "/labels": _KEPT, "/stages": _KEPT}),
    Part("/clientcertificates/[^/]+", {"/description": _SET}),
    Part("/vpclinks/[^/]+", {"/name": _SET, "/description": _SET}),
    Part(_API, {
        "/name": _SET, "/description": _SET, "/version": _SET, "/policy": _SET, "/apiKeySource": _SET, "/minimumCompressionSize": _SET,
        "/disableExecuteApiEndpoint": _SET, "/binaryMediaTypes/*": _ALL, "/endpointConfiguration/types/*": _SET,
        "/endpointConfiguration/ipAddressType": _SET, "/endpointConfiguration/vpcEndpointIds": _ALL,
        "/endpointConfiguration/vpcEndpointIds/*": _ALL, "/securityPolicy": _SET, "/endpointAccessMode": _SET,
    }, short=True),
    Part(f"{_API}/resources/[^/]+", {"/parentId": _SET, "/pathPart": _SET}),
    Part(_METHOD, {
        "/apiKeyRequired": _SET, "/authorizationType": _SET, "/authorizerId": _SET, "/operationName": _SET, "/requestValidatorId": _SET,
        "/authorizationScopes": _KEPT, "/authorizationScopes/*": _KEPT, "/requestModels/*": _ALL, "/requestParameters/*": _ALL,
    }, short=True),
    Part(f"{_METHOD}/responses/[^/]+", {"/responseModels/*": _ALL, "/responseParameters/*": _ALL}, short=True),
    Part(f"{_METHOD}/integration", {
        "/cacheNamespace": _SET, "/connectionId": _SET, "/connectionType": _SET, "/contentHandling": _SET, "/credentials": _SET,
        "/httpMethod": _SET, "/passthroughBehavior": _SET, "/timeoutInMillis": _SET, "/type": _SET, "/uri": _SET, "/cacheKeyParameters": _KEPT,
        "/cacheKeyParameters/*": _ALL, "/requestParameters/*": _ALL, "/requestTemplates/*": _ALL, "/tlsConfig/insecureSkipVerification": _SET,
        "/responseTransferMode": _SET, "/integrationTarget": _SET,
    }, short=True),
    Part(f"{_METHOD}/integration/responses/[^/]+", {
        "/contentHandling": _SET, "/selectionPattern": _SET, "/responseParameters/*": _ALL, "/responseTemplates/*": _ALL,
    }, short=True),
    Part(f"{_API}/authorizers/[^/]+", {
        "/name": _SET, "/type": _SET, "/authorizerUri": _SET, "/authorizerCredentials": _SET, "/identitySource": _SET, "/authType": _SET,
        "/identityValidationExpression": _SET, "/authorizerResultTtlInSeconds": _SET, "/providerARNs": _KEPT, "/providerARNs/*": _ALL,
    }),
    Part(f"{_API}/deployments/[^/]+", {"/description": _SET}),
    Part(f"{_API}/models/[^/]+", {"/description": _SET, "/schema": _SET}),
    Part(f"{_API}/requestvalidators/[^/]+", {"/name": _SET, "/validateRequestBody": _SET, "/validateRequestParameters": _SET}),
    Part(f"{_API}/documentation/parts/[^/]+", {"/properties": _SET}),
    Part(f"{_API}/documentation/versions/[^/]+", {"/description": _SET}),
)  # fmt: skip

_SETTINGS = (
    "metrics/enabled", "logging/dataTrace", "logging/loglevel", "throttling/burstLimit", "throttling/rateLimit", "caching/ttlInSeconds",
    "caching/enabled", "caching/dataEncrypted", "caching/requireAuthorizationForCacheControl", "caching/unauthorizedCacheControlHeaderStrategy",
)  # fmt: skip
_OF_STAGES = (
    "/deploymentId", "/description", "/cacheClusterEnabled", "/cacheClusterSize", "/clientCertificateId", "/accessLogSettings",
    "/accessLogSettings/destinationArn", "/accessLogSettings/format", "/tracingEnabled", "/variables/{variable_name}", "/documentationVersion",
    "/canarySettings", "/canarySettings/percentTraffic", "/canarySettings/deploymentId", "/canarySettings/useStageCache",
    "/canarySettings/stageVariableOverrides", "/canarySettings/stageVariableOverrides/{variable_name}",
)  # fmt: skip
_METHOD_SETTING = re.compile(rf"/[^/]+/[^/]+(?:/(?:{'|'.join(_SETTINGS)}))?")


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses patches that AWS refuses; None for all others."""
    if request.method != "PATCH" or request.service != "apigateway":
        return None
    refused = next(_refusals(request, operations), None) if (operations := _operations(request)) else None
    if refused is None or not _is_there(request):
        return None
    arn = f"arn:aws:apigateway:{request.region}::{request.path}"
    return emulator.authorize(request, "apigateway:PATCH", arn) or control_error(400, "BadRequestException", refused)


def _operations(request: Request) -> list[Record]:
    try:
        found = request.json().get("patchOperations")
    except (ValueError, AttributeError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_there(request: Request) -> bool:
    """What is not there is answered for first."""
    api, _, rest = request.path.removeprefix("/restapis/").partition("/")
    if not request.path.startswith("/restapis/"):
        return True
    return emulator_gateway.has(Home(emulator.account_of(request), request.region, api), rest)


def _refusals(request: Request, operations: list[Record]) -> Iterator[str]:
    is_stage = re.fullmatch(f"{_API}/stages/[^/]+", request.path)
    part = next((one for one in PARTS if re.fullmatch(one.url, request.path)), None)
    for one in operations if is_stage or part else ():
        path, op = str(one.get("path") or ""), str(one.get("op") or "")
        wrong = _wrong_of_stage(path, op) if part is None else _wrong(part, path, op)
        if wrong:
            yield wrong


def _wrong(part: Part, path: str, op: str) -> str:
    allowed = part.operations(path)
    if allowed is not None and op in allowed:
        return ""
    if part.short:
        known = f"Invalid patch operation specified. Must be one of: [{', '.join(allowed or ())}]"
        return f"Invalid patch path {path}" if allowed is None else known
    listed = ", ".join(known.replace("*", "{name}") for known in part.paths)
    choices = f"Must be one of: [{listed}]" if allowed is None else "Please choose supported operations"
    return f"Invalid patch path  '{path}' specified for op '{op}'. {choices}"


def _wrong_of_stage(path: str, op: str) -> str:
    named = re.sub(r"^(/variables|/canarySettings/stageVariableOverrides)/[^/]+$", r"\1/{variable_name}", path)
    setting = _METHOD_SETTING.fullmatch(path) and not path.startswith(("/variables/", "/tags/"))
    if named in _OF_STAGES or (setting and path.count("/") > 2) or (setting and op == "remove"):
        return ""
    every = [
        *_OF_STAGES,
        *(f"/{{resourcePath}}/{{httpMethod}}/{one}" for one in _SETTINGS),
        *(f"/*/*/{one}" for one in _SETTINGS),
    ]
    return f"Invalid method setting path: {path}. Must be one of: [{', '.join(every)}]"
