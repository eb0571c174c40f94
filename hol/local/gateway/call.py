"""One call of a REST API: which method it reached, and how the gateway refuses it.

A `GatewayError` is an error that API Gateway makes itself, as opposed to one that a backend answers; it is rendered
through the API's gateway responses, which is where CORS headers of errors come from.
"""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hol.local.emulator import gateway as emulator_gateway
from hol.local.emulator.gateway import Home
from hol.local.templates.render import no_overrides
from hol.local.wire import Record, Request, Response

TEST_STAGE = "test-invoke-stage"


class GatewayError(Exception):
    """`kind` is the gateway response type, as THROTTLED; the message is the caller's."""

    def __init__(self, kind: str, message: str, cause: str = ""):
        super().__init__(message)
        self.kind, self.message, self.cause = kind, message, cause


def misconfigured(cause: str) -> GatewayError:
    """The 500 that says nothing; `cause` goes to the execution log only."""
    return GatewayError("API_CONFIGURATION_ERROR", "Internal server error", cause)


def control_error(status: int, code: str, message: str) -> Response:
    """An error of the control plane, as `NotFoundException`."""
    return Response.of_json(status, {"message": message, "__type": code}, x_amzn_errortype=code)


@dataclass(frozen=True)
class Route:
    """The resource and method that a path and a verb reach, with the path's parameters."""

    resource: Record
    method: Record
    parameters: Mapping[str, str]


def route(resources: Mapping[str, Record], verb: str, path: str) -> Route | None:
    """The most specific resource that serves the verb: literal before `{name}` before `{name+}`."""
    given = [part for part in path.split("/") if part]
    found = []
    for resource in resources.values():
        method = resource["resourceMethods"].get(verb) or resource["resourceMethods"].get("ANY")
        matched = _match([part for part in resource["path"].split("/") if part], given) if method else None
        if matched is not None:
            found.append((matched[0], Route(resource, method, matched[1])))
    return min(found, key=lambda one: one[0])[1] if found else None


def _match(wanted: list[str], given: list[str]) -> tuple[list[int], dict[str, str]] | None:
    rank: list[int] = []
    parameters: dict[str, str] = {}
    for at, part in enumerate(wanted):
        if at >= len(given):
            return None
        if part.endswith("+}"):
            return [*rank, 2], {**parameters, part[1:-2]: "/".join(given[at:])}
        if part.startswith("{"):
            parameters[part[1:-1]] = given[at]
        elif part != given[at]:
            return None
        rank.append(1 if part.startswith("{") else 0)
    return (rank, parameters) if len(wanted) == len(given) else None


@dataclass(frozen=True)
class Call:
    """A request on its way through a stage; `note` writes the execution log (of a test invocation)."""

    at: Home
    stage_name: str
    stage: Record
    path: str
    request: Request
    route: Route | None = None
    note: Callable[[str], None] = lambda line: None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    overrides: Record = field(default_factory=no_overrides)

    @property
    def reached(self) -> Route:
        """The route; raises GatewayError for a path and verb that nothing serves."""
        if self.route is None:
            raise GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")
        return self.route

    @property
    def integration(self) -> Record:
        """The method's integration; raises GatewayError when it has none."""
        found: Record | None = self.reached.method.get("methodIntegration")
        if not found:
            raise misconfigured("No integration defined for method")
        return found

    @property
    def source_arn(self) -> str:
        """What a function's resource policy sees: `…:api/stage/POST/`, with the slash also for the root."""
        at = self.at
        return (
            f"arn:aws:execute-api:{at.region}:{at.account}:{at.api_id}"
            f"/{self.stage_name}/{self.request.method}/{self.path.lstrip('/')}"
        )

    @property
    def asked(self) -> Record:
        """The request as the emulator's functions take it."""
        return {
            "headers": dict(self.request.headers),
            "query_params": dict(self.request.query),
            "path_params": dict(self.route.parameters) if self.route else {},
            "resource_path": self.route.resource["path"] if self.route else "",
            "path": self.path,
            "request_id": self.request_id,
        }

    @property
    def context(self) -> Record:
        """`$context` of the mapping templates."""
        return {
            "requestId": self.request_id,
            "apiId": self.at.api_id,
            "accountId": self.at.account,
            "stage": self.stage_name,
            "httpMethod": self.request.method,
            "path": f"/{self.stage_name}{self.path}",
            "resourcePath": self.asked["resource_path"],
            "identity": {"sourceIp": "127.0.0.1", "userAgent": self.request.headers.get("user-agent", "")},
        }

    def refused(self, error: GatewayError) -> Response:
        """The error through the gateway responses of the deployment."""
        kind, message = error.kind, error.message
        return emulator_gateway.error_response(kind, message, self.at, self.stage_name, self.stage, self.asked)

    def identified(self, response: Response) -> Response:
        """With the ids that API Gateway gives every answer."""
        own = {"x-amzn-requestid": self.request_id, "x-amz-apigw-id": _gateway_id()}
        return Response(response.status, {**response.headers, **own}, response.body)


def _gateway_id() -> str:
    return base64.b64encode(secrets.token_bytes(11)).decode()
