"""What AWS's front refuses before a service looks at anything: what is no operation, no JSON, or not allowed by the API's own model.

Enumerations, patterns, lengths, ranges and required members stand in botocore's service models; AWS answers every
violation with one sentence, `1 validation error detected: Value 'x' at 'member' failed to satisfy constraint: …`
(recorded from AWS for API Gateway, Lambda and EventBridge Scheduler). Members whose service has an answer of its own
stand in `_OWN_WORDS`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from functools import cache
from xml.sax.saxutils import escape

from hol.cloud.models import Shape
from hol.local import operations
from hol.local.emulator import routing
from hol.local.inputs import WrongType
from hol.local.operations import Asked
from hol.local.wire import Emulator, Request, Response

# Checked by the service itself, in words of its own, or not at all.
_OWN_WORDS = {
    "lambda": {"Runtime", "Handler", "Description", "FunctionName.max"},
    "apigateway": {"types", "authorizationType", "op"},
    "scheduler": {"ScheduleExpression"},
}
# SageMaker's layer has its own words for all of its members.
_CONSTRAINED = frozenset(operations.SERVICES) - {"sagemaker"}
# Service → the code of a violation where it is not ValidationException.
_CODES = {
    "logs": "InvalidParameterException",
    "tagging": "InvalidParameterException",
    "iam": "ValidationError",
    "sts": "ValidationError",
}
_UNREADABLE = {
    "lambda": ("InvalidRequestContentException", "Could not parse request body into json: {}"),
    "iam": ("MalformedInput", "{}"),
    "sts": ("MalformedInput", "{}"),
}
_UNKNOWN = {
    "apigateway": (403, "MissingAuthenticationTokenException", "Missing Authentication Token"),
    "iam": (400, "InvalidAction", "Could not find operation {} for version 2010-05-08"),
    "sts": (400, "InvalidAction", "Could not find operation {} for version 2011-06-15"),
}
# IAM says it in words of its own of every name that its one pattern for names does not allow.
_MISNAMED = re.compile(
    r"at '(\w+Name)' failed to satisfy constraint: Member must satisfy regular expression pattern: \[\\w\+=,\.@-\]\+$"
)
_NAMED = (
    "The specified value for {} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
)
_NAMESPACES = {"iam": "https://iam.amazonaws.com/doc/2010-05-08/", "sts": "https://sts.amazonaws.com/doc/2011-06-15/"}
# What no XML can hold.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Violation = str


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what the model does not know or allow; None for everything else."""
    service = operations.service_of(request)
    if not service:
        return _of_another(request)
    if operations.is_runtime(request, service):
        return None
    try:
        asked = operations.asked(request, service)
    except WrongType as wrong:
        code, message = _UNREADABLE.get(service, ("SerializationException", "{}"))
        return error(service, 400, code, message.format(wrong))
    if asked is None:
        return _unknown(request, service)
    found = violations(asked) if service in _CONSTRAINED else []
    if not found:
        return None
    misnamed = _MISNAMED.search(found[0]) if service == "iam" else None
    return error("iam", 400, "ValidationError", _NAMED.format(misnamed[1])) if misnamed else _violated(service, found)


def _of_another(request: Request) -> Response | None:
    """Unsigned for a service that wants a signature, or of a service whose model is not read here: the emulator reads what can be read."""
    meant = routing.service_of(request)
    if meant in operations.SERVICES and not request.credential and not request.path.startswith(("/_", "/v2/")):
        return error(meant, 403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    if meant == "s3" or not operations.is_too_deep(request.body):
        return None
    return Response.of_json(
        400, {"__type": "SerializationException", "message": "Unexpected token: the body is no JSON"}
    )


def _unknown(request: Request, service: str) -> Response:
    target = request.headers.get("x-amz-target", "").partition(".")[2]
    named = re.search(rb"(?:^|&)Action=([\w]*)", request.body)
    status, code, message = _UNKNOWN.get(
        service, (404 if not target else 400, "UnknownOperationException", "Unknown operation {}")
    )
    return error(service, status, code, message.format(target or (named[1].decode() if named else request.method)))


def _violated(service: str, found: list[Violation]) -> Response:
    errors = "error" if len(found) == 1 else "errors"
    message = f"{len(found)} validation {errors} detected: {'; '.join(found)}"
    return error(service, 400, _CODES.get(service, "ValidationException"), message)


def error(service: str, status: int, code: str, message: str) -> Response:
    """An error in the protocol of the service."""
    if operations.protocol_of(service) == "query":
        return _in_xml(service, status, code, message)
    name = "Message" if service == "scheduler" else "message"
    typed = {"__type": code} if operations.protocol_of(service) == "json" else {}
    return Response.of_json(status, {**typed, name: message}, x_amzn_errortype=code)


def _in_xml(service: str, status: int, code: str, message: str) -> Response:
    shown = escape(_NOT_IN_XML.sub("?", message))
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{shown}</Message></Error>"
    body = f'<ErrorResponse xmlns="{_NAMESPACES[service]}">{error}<RequestId>{uuid.uuid4()}</RequestId></ErrorResponse>'
    return Response(status, {"content-type": "text/xml"}, body.encode())


def violations(asked: Asked) -> list[Violation]:
    """What of the input the model does not allow, in AWS's words."""
    shape = asked.operation.shape
    return list(_structure(shape, asked.given, _OWN_WORDS.get(asked.service, set()))) if shape else []


def _structure(shape: Shape, given: Mapping[str, object], own: set[str], at: str = "") -> Iterator[Violation]:
    for name in shape.required_members:
        if name not in given and shape.members[name].serialization.get("location") is None and name not in own:
            yield _violation("null", f"{at}{_lower(name)}", "not be null", quoted=False)
    for name, value in given.items():
        if name in shape.members and name not in own:
            yield from _value(shape.members[name], value, own, f"{at}{_lower(name)}")


def _value(shape: Shape, value: object, own: set[str], at: str) -> Iterator[Violation]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        yield from _structure(shape, value, own, f"{at}.")
    elif kind == "list" and isinstance(value, list):
        yield from _list(shape, value, own, at)
    elif kind == "map" and isinstance(value, Mapping):
        yield from _map(shape, value, at)
    elif kind == "string" and isinstance(value, str):
        yield from (_violation(value, at, rule) for rule in _text_rules(shape, value))
    elif kind in ("integer", "long") and isinstance(value, int) and not isinstance(value, bool):
        yield from (_violation(value, at, rule) for rule in _bounds(shape, value, "value"))


def _list(shape: Shape, value: list[object], own: set[str], at: str) -> Iterator[Violation]:
    shown = f"[{', '.join(map(str, value))}]"
    yield from (_violation(shown, at, rule) for rule in _bounds(shape, len(value), "length"))
    if shape.member.type_name == "string":
        if not all(isinstance(one, str) and not _text_rules(shape.member, one) for one in value):
            yield _violation(shown, at, f"satisfy constraint: [{', '.join(_all_rules(shape.member))}]")
        return
    for number, one in enumerate(value, 1):
        if one is None:
            yield _violation("null", f"{at}.{number}.member", "not be null", quoted=False)
        yield from _value(shape.member, one, own, f"{at}.{number}.member")


def _map(shape: Shape, value: Mapping[str, object], at: str) -> Iterator[Violation]:
    shown = "{" + ", ".join(f"{name}={one}" for name, one in value.items()) + "}"
    yield from (_violation(shown, at, rule) for rule in _bounds(shape, len(value), "length"))
    for what, part, values in (("keys", shape.key, list(value)), ("value", shape.value, list(value.values()))):
        texts = part.type_name == "string"
        if not all(
            one is not None and not (isinstance(one, str) and texts and _text_rules(part, one)) for one in values
        ):
            yield f"Value '{shown}' at '{at}' failed to satisfy constraint: Map {what} must satisfy constraint: [{', '.join(_all_rules(part))}]"


def _all_rules(shape: Shape) -> list[str]:
    """What the members of a list must do, all of it: so AWS says when one of them does not."""
    least, most, pattern = (shape.metadata.get(name) for name in ("min", "max", "pattern"))
    rules = [f"have length less than or equal to {most}"] if most is not None else []
    rules += [f"have length greater than or equal to {least}"] if least is not None else []
    rules += [f"satisfy regular expression pattern: {pattern}"] if pattern else []
    rules += [f"satisfy enum value set: [{', '.join(shape.enum)}]"] if getattr(shape, "enum", None) else []
    return [f"Member must {rule}" for rule in [*rules, "not be null"]]


def _text_rules(shape: Shape, value: str) -> list[str]:
    """The rules that the text breaks."""
    if shape.enum and value not in shape.enum:
        return [f"satisfy enum value set: [{', '.join(shape.enum)}]"]
    pattern = shape.metadata.get("pattern")
    unlike = [f"satisfy regular expression pattern: {pattern}"] if pattern and not _matches(pattern, value) else []
    return [*unlike, *_bounds(shape, len(value), "length")]


def _bounds(shape: Shape, size: int, what: str) -> list[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if most is not None and size > most:
        return [f"have {what} less than or equal to {most}"]
    return [f"have {what} greater than or equal to {least}"] if least is not None and size < least else []


# Unicode's letters, numbers and separators, as Python writes them inside brackets; it has no sets for the others.
_SETS = {"L": r"\w", "N": r"\d", "Z": r"\x20\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"}


@cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """Java's pattern for Python; None for one that Python does not know. Java's \\w is ASCII, its \\p{L} is not."""
    python = re.sub(r"\\p\{([LNZ])[a-z]?\}", lambda found: _SETS[found[1]], pattern)
    try:
        return re.compile(python, 0 if python != pattern else re.ASCII)
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
