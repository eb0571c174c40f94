"""Which operation of which service a request asks for, and with what input: botocore's own models, read from the wire's side.

REST-JSON operations are found by verb and path, those of JSON 1.1 by their target, those of the query protocol by their action.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, unquote

from hol.cloud import models
from hol.cloud.models import Shape
from hol.local.inputs import WrongType, body_of, checked, members, no_constant, of_text, structure, tree_of
from hol.local.wire import Body, Request

# Signing name → botocore's.
SERVICES = {
    "apigateway": "apigateway",
    "lambda": "lambda",
    "scheduler": "scheduler",
    "logs": "logs",
    "tagging": "resourcegroupstaggingapi",
    "iam": "iam",
    "sts": "sts",
    "sagemaker": "sagemaker",
}
_TARGETS = {"Logs_20140328": "logs", "ResourceGroupsTaggingAPI_20170126": "tagging", "SageMaker": "sagemaker"}
# Served here under the same signing name, of another model.
_OTHERS = {"apigateway": re.compile(r"/v2/.*"), "lambda": re.compile(r"/(2025-09-09|2026-04-04)/.*")}
_MOST_FIELDS = 5000
# Operations whose payload is an event, that is JSON.
_EVENTS = ("Invoke", "InvokeAsync", "InvokeWithResponseStream")
_RUNTIME = re.compile(r"/endpoints/[^/]+/invocations")


class Operation(NamedTuple):
    """An operation: its name, its input shape (botocore's, None without input), and its place on the wire.

    Some share verb and path with another and differ by a fixed query, as `mode=import`.
    """

    name: str
    shape: Shape | None
    verb: str = ""
    path: re.Pattern[str] = re.compile("")
    query: tuple[tuple[str, str], ...] = ()

    def is_at(self, request: Request) -> re.Match[str] | None:
        """The parts of the path when the request is for this operation."""
        if self.verb != request.method or any(value not in request.query.get(name, []) for name, value in self.query):
            return None
        return self.path.fullmatch(request.raw_path.partition("?")[0])

    @property
    def has_members(self) -> bool:
        """Whether the body holds the input's members, and is not one of them itself."""
        return not (self.shape and self.shape.serialization.get("payload"))


class Asked(NamedTuple):
    """What a request asks for."""

    service: str
    operation: Operation
    given: Body


def service_of(request: Request) -> str:
    """The signing name of the service that is asked; "" for one whose model is not read here."""
    target = _TARGETS.get(request.headers.get("x-amz-target", "").partition(".")[0])
    name = target or request.service
    if name not in SERVICES or request.host.startswith(("s3.", "v2-")):
        return ""
    other = _OTHERS.get(name)
    served_elsewhere = (other and other.fullmatch(request.path)) or ".lambda-url." in request.host
    return "" if served_elsewhere else name


def protocol_of(service: str) -> str:
    """`rest-json`, `json` or `query`."""
    return str(_model(service).resolved_protocol)


def asked(request: Request, service: str) -> Asked | None:
    """The operation and its input; None when the service has no such operation. Raises `WrongType`."""
    protocol = protocol_of(service)
    if protocol == "query":
        return _by_action(request, service)
    if protocol == "json":
        operation = _named(service).get(request.headers.get("x-amz-target", "").partition(".")[2])
        body, shape = body_of(request), operation.shape if operation else None
        return operation and Asked(service, operation, structure(shape, body) if shape else body)
    return _by_path(request, service)


def is_too_deep(body: bytes) -> bool:
    """Whether it is JSON that nobody can read, whatever it means."""
    if body.count(b"[") + body.count(b"{") < _DEEPEST_ANY:
        return False
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError:
        pass
    return False


def is_runtime(request: Request, service: str) -> bool:
    """Whether it is `InvokeEndpoint` of SageMaker's runtime, which signs with the same name."""
    return service == "sagemaker" and request.method == "POST" and _RUNTIME.fullmatch(request.path) is not None


@cache
def _model(service: str) -> models.Service:
    from botocore.session import get_session

    found: models.Service = get_session().get_service_model(SERVICES[service])
    return found


@cache
def _named(service: str) -> dict[str, Operation]:
    model = _model(service)
    return {name: Operation(name, model.operation_model(name).input_shape) for name in model.operation_names}


@cache
def _placed(service: str) -> tuple[Operation, ...]:
    """Every operation of a REST service, the most particular first: `/restapis/{id}` is not `/restapis/{id}/stages`."""
    found = [_of_rest(_model(service).operation_model(name)) for name in _model(service).operation_names]
    return tuple(sorted(found, key=lambda one: (not one.query, -len(one.path.pattern))))


def at(service: str, verb: str, path: str) -> str:
    """The name of the REST operation at that place, its query left out of account; "" when there is none."""
    return next((one.name for one in _placed(service) if one.verb == verb and one.path.fullmatch(path)), "")


def _of_rest(model: models.Operation) -> Operation:
    uri, _, query = model.http["requestUri"].partition("?")
    return Operation(
        model.name,
        model.input_shape,
        model.http["method"],
        _pattern(uri),
        tuple(parse_qsl(query, keep_blank_values=True)),
    )


def _pattern(uri: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", uri.rstrip("/"))
    pattern = "".join(
        re.escape(part) if at % 3 == 0 else f"(?P<{part}>{'.+' if parts[at + 1] else '[^/]+'})"
        for at, part in enumerate(parts)
        if at % 3 != 2
    )
    return re.compile(pattern + "/?")


# --- REST-JSON ---


def _by_path(request: Request, service: str) -> Asked | None:
    for operation in _placed(service):
        if matched := operation.is_at(request):
            if service == "lambda" and operation.name in _EVENTS:
                _checked_event(request.body)
            return Asked(service, operation, _given(operation, matched, request))
    return None


def _checked_event(body: bytes) -> None:
    try:
        json.loads(body.decode() or "{}", parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise WrongType(f"Could not parse payload into json: {error}") from None


def _given(operation: Operation, matched: re.Match[str], request: Request) -> dict[str, object]:
    """The members of the input that the request gives, from its path, its query, its headers and its body."""
    if not (shape := operation.shape):
        return {}
    body = body_of(request) if operation.has_members and request.body else {}
    payload = shape.serialization.get("payload")
    given: dict[str, object] = {payload: request.body} if payload else {}
    for name, member in shape.members.items():
        place, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "uri":
            given[name] = of_text(member, unquote(matched.groupdict()[wire]))
        elif place == "querystring" and request.query.get(wire):
            given[name] = _of_query(member, request.query[wire])
        elif place == "header" and request.headers.get(wire.lower()):
            given[name] = of_text(member, request.headers[wire.lower()])
        elif place is None and wire in body:
            given[name] = checked(member, body[wire], wire)
    return {name: value for name, value in given.items() if value is not None}


def _of_query(member: Shape, values: list[str]) -> object:
    return values if member.type_name == "list" else of_text(member, values[0])


_DEEPEST_ANY = 300


# --- query ---


def _by_action(request: Request, service: str) -> Asked | None:
    if request.body.count(b"&") > _MOST_FIELDS:
        raise WrongType("The request has too many parameters")
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    flat = {name: values[-1] for name, values in {**request.query, **form}.items()}
    operation = _named(service).get(flat.get("Action", ""))
    return operation and Asked(service, operation, members(operation.shape, tree_of(flat)) if operation.shape else {})
