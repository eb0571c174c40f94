"""What AWS's front refuses before a service looks at anything: values that the API's own model does not allow.

Enumerations, patterns, lengths, ranges and required members stand in botocore's service models; AWS answers every
violation with one sentence, `1 validation error detected: Value 'x' at 'member' failed to satisfy constraint: …`
(recorded from AWS for API Gateway, Lambda and EventBridge Scheduler). Members whose service has an answer of its own
stand in `_OWN_WORDS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from hol.local.wire import Emulator, Request, Response

SERVICES = ("apigateway", "lambda", "scheduler")
# Checked by the service itself, in words of its own, or not at all.
_OWN_WORDS = {
    "lambda": {"Runtime", "Handler", "Description", "FunctionName.max"},
    "apigateway": {"types", "authorizationType", "op"},
    "scheduler": {"ScheduleExpression"},
}
Violation = str


class _Operation(NamedTuple):
    """An operation of a REST-JSON service: its verb, its path as a pattern, its input shape (botocore's)."""

    verb: str
    path: re.Pattern[str]
    shape: Any


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what the model does not allow; None for everything else."""
    if request.service not in SERVICES:
        return None
    found = violations(request)
    if not found:
        return None
    errors = "error" if len(found) == 1 else "errors"
    message = f"{len(found)} validation {errors} detected: {'; '.join(found)}"
    name = "Message" if request.service == "scheduler" else "message"
    return Response.of_json(400, {name: message}, x_amzn_errortype="ValidationException")


def violations(request: Request) -> list[Violation]:
    """What of the request the model does not allow, in AWS's words."""
    for operation in _operations(request.service):
        matched = (
            operation.path.fullmatch(request.raw_path.partition("?")[0]) if operation.verb == request.method else None
        )
        if matched:
            return list(
                _structure(operation.shape, _given(operation.shape, matched, request), _OWN_WORDS[request.service])
            )
    return []


@cache
def _operations(service: str) -> tuple[_Operation, ...]:
    """Every operation of the service, the longest path first: `/restapis/{id}` is not `/restapis/{id}/stages`."""
    from botocore.session import get_session

    model = get_session().get_service_model(service)
    found = [model.operation_model(name) for name in model.operation_names]
    operations = [
        _Operation(one.http["method"], _pattern(one.http["requestUri"]), one.input_shape)
        for one in found
        if one.input_shape
    ]
    return tuple(sorted(operations, key=lambda one: -len(one.path.pattern)))


def _pattern(uri: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)(\+?)\}", uri.partition("?")[0].rstrip("/"))
    pattern = "".join(
        re.escape(part) if at % 3 == 0 else f"(?P<{part}>{'.+' if parts[at + 1] else '[^/]+'})"
        for at, part in enumerate(parts)
        if at % 3 != 2
    )
    return re.compile(pattern + "/?")


def _given(shape: Any, matched: re.Match[str], request: Request) -> dict[str, Any]:
    """The members of the input that the request gives, from its path, its query and its body."""
    body = _body(request)
    given: dict[str, Any] = {}
    for name, member in shape.members.items():
        place, wire = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "uri":
            given[name] = unquote(matched.groupdict()[wire])
        elif place == "querystring" and request.query.get(wire):
            given[name] = _typed(member, request.query[wire])
        elif place is None and wire in body:
            given[name] = body[wire]
    return {name: value for name, value in given.items() if value is not None}


def _body(request: Request) -> Mapping[str, Any]:
    try:
        parsed = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _typed(member: Any, values: list[str]) -> Any:
    if member.type_name == "list":
        return values
    if member.type_name in ("integer", "long") and re.fullmatch(r"-?\d{1,18}", values[0]):
        return int(values[0])
    return values[0]


def _structure(shape: Any, given: Mapping[str, Any], own: set[str], at: str = "") -> Iterator[Violation]:
    for name in shape.required_members:
        if name not in given and shape.members[name].serialization.get("location") is None and name not in own:
            yield _violation("null", f"{at}{_lower(name)}", "not be null", quoted=False)
    for name, value in given.items():
        if name in shape.members and name not in own:
            yield from _value(shape.members[name], value, own, f"{at}{_lower(name)}")


def _value(shape: Any, value: Any, own: set[str], at: str) -> Iterator[Violation]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        yield from _structure(shape, value, own, f"{at}.")
    elif kind == "list" and isinstance(value, list):
        yield from _list(shape, value, own, at)
    elif kind == "string" and isinstance(value, str):
        rule = _text_rule(shape, value)
        if rule:
            yield _violation(value, at, rule)
    elif kind in ("integer", "long") and isinstance(value, int) and not isinstance(value, bool):
        rule = _bounds(shape, value, "value")
        if rule:
            yield _violation(value, at, rule)


def _list(shape: Any, value: list[Any], own: set[str], at: str) -> Iterator[Violation]:
    texts = shape.member.type_name == "string" and all(isinstance(one, str) for one in value)
    rule = next((found for one in value if (found := _text_rule(shape.member, one))), "") if texts else ""
    if rule:
        yield _violation(
            f"[{', '.join(value)}]", at, f"satisfy constraint: [Member must {rule}, Member must not be null]"
        )
    elif not texts:
        for number, one in enumerate(value, 1):
            yield from _value(shape.member, one, own, f"{at}.{number}.member")


def _text_rule(shape: Any, value: str) -> str:
    if shape.enum and value not in shape.enum:
        return f"satisfy enum value set: [{', '.join(shape.enum)}]"
    pattern = shape.metadata.get("pattern")
    if pattern and not _matches(pattern, value):
        return f"satisfy regular expression pattern: {pattern}"
    return _bounds(shape, len(value), "length")


def _bounds(shape: Any, size: int, what: str) -> str:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if most is not None and size > most:
        return f"have {what} less than or equal to {most}"
    return f"have {what} greater than or equal to {least}" if least is not None and size < least else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Java's pattern for Python; None for one that Python does not know."""
    python = re.sub(r"\\p\{[A-Z][a-z]?\}|\\p\{Is\w+\}", r"\\w", pattern)
    try:
        return re.compile(python)
    except re.error:
        return None


def _matches(pattern: str, value: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or len(value) > 10_000 or compiled.fullmatch(value) is not None


def _violation(value: object, at: str, rule: str, quoted: bool = True) -> Violation:
    shown = f"'{value}'" if quoted else value
    return f"Value {shown} at '{at}' failed to satisfy constraint: Member must {rule}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
