"""Lambda's control plane, where the emulator accepts what AWS refuses: roles, runtimes, environments, haste.

AWS checks a function's role by trying to assume it, its runtime against a calendar of retirements, and keeps some
environment names to itself. Sources: the Lambda developer guide's runtime table and list of reserved variables.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from urllib.parse import unquote

from hol.cloud.runtimes import NEVER, RETIRED
from hol.local.emulator import core as emulator
from hol.local.emulator import functions as emulator_functions
from hol.local.wire import Emulator, Record, Request, Response

_ROLE = re.compile(r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")
_RECOMMENDED = "python3.13"
# Those that AWS names when it knows a runtime not at all (recorded 2026).
RUNTIMES = (
    "nodejs20.x", "python3.14", "provided.al2023", "python3.12", "python3.13", "nodejs24.x", "nodejs22.x", "java25",
    "python3.10", "python3.11", "java21", "ruby3.3", "ruby3.4", "ruby3.2", "python3.8", "python3.9", "java17",
    "nodejs16.x", "dotnet10", "dotnet8", "java11", "dotnet6", "nodejs18.x", "provided.al2", "java8.al2",
)  # fmt: skip
_RESERVED = frozenset(
    (
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    )
)
_LARGEST_ENVIRONMENT = 4096
Answer = tuple[str, str]


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what AWS refuses; None for everything else, which the emulator then does."""
    if request.service != "lambda":
        return None
    described = _DESCRIBED.fullmatch(request.path) if request.method == "GET" else None
    if described:
        return _without_hidden_tags(request, unquote(described["name"]), await emulate(request))
    for verb, path, action, check in _CHECKS:
        named = path.fullmatch(request.path) if verb == request.method else None
        if named:
            place = (emulator.account_of(request), request.region)
            name = unquote(named.groupdict().get("name") or str(request.record().get("FunctionName")))
            refusal = check(request.record(), emulator_functions.configuration(name, *place) or {})
            return _unless_denied(request, action, name, refusal) if refusal else None
    return None


def _without_hidden_tags(request: Request, name: str, answer: Response) -> Response:
    """GetFunction tells the tags only to those who may call ListTags as well, and otherwise why not."""
    arn = f"arn:aws:lambda:{request.region}:{emulator.account_of(request)}:function:{name.rpartition(':')[2]}"
    if answer.status != 200 or emulator.authorize(request, "lambda:ListTags", arn) is None:
        return answer
    described = {key: value for key, value in json.loads(answer.body).items() if key != "Tags"}
    message = f"The caller is not authorized to perform: lambda:ListTags on resource: {arn}"
    return Response.of_json(200, {**described, "TagsError": {"ErrorCode": "AccessDeniedException", "Message": message}})


def _create(body: Record, present: Record) -> Response | None:
    role = str(body.get("Role") or "")
    wrong = (
        _malformed_role(role)
        or _wrong_runtime(body.get("Runtime"), "", date.today())
        or _untrusting_role(role)
        or _wrong_settings(body, "")
        or _wrong_package(body.get("Code") or {})
    )
    return _error(400, *wrong) if wrong else None


def _wrong_package(code: Record) -> Answer | None:
    """A package is unpacked before Lambda looks whether the name is taken."""
    try:
        package = base64.b64decode(code.get("ZipFile") or "")
        readable = not package or zipfile.ZipFile(io.BytesIO(package)) is not None
    except (ValueError, TypeError, zipfile.BadZipFile):
        readable = False
    unreadable = "Could not unzip uploaded file. Please check your file, then try to upload again."
    return None if readable else _parameter(unreadable)


def _configure(body: Record, present: Record) -> Response | None:
    if not present:
        return None
    wrong = _wrong_role(body["Role"]) if body.get("Role") else None
    wrong = wrong or _wrong_settings(body, present.get("Runtime", ""))
    return _error(400, *wrong) if wrong else _busy(body, present)


def _wrong_settings(body: Record, runtime: str) -> Answer | None:
    return (
        _wrong_runtime(body.get("Runtime"), runtime, date.today())
        or _wrong_environment((body.get("Environment") or {}).get("Variables") or {})
        or _wrong_numbers(body)
    )


def _busy(body: Record, present: Record) -> Response | None:
    """One change at a time: the next is refused until the function is Active, or its last update done."""
    if present.get("LastUpdateStatus") != "InProgress":
        return None
    return _creating(body, present) or _conflict(f"An update is in progress for resource: {present['FunctionArn']}")


def _creating(body: Record, present: Record) -> Response | None:
    if present.get("State") != "Pending" or present.get("StateReasonCode") != "Creating":
        return None
    return _conflict("The function is currently in the following state: Pending")


def _conflict(why: str) -> Response:
    return _error(409, "ResourceConflictException", f"The operation cannot be performed at this time. {why}")


def _unless_denied(request: Request, action: str, name: str, refusal: Response) -> Response:
    arn = f"arn:aws:lambda:{request.region}:{emulator.account_of(request)}:function:{name.rpartition(':')[2]}"
    return emulator.authorize(request, action, arn) or refusal


def _error(status: int, code: str, message: str) -> Response:
    return Response.of_json(status, {"Type": "User", "message": message}, x_amzn_errortype=code)


def _wrong_role(role: str) -> Answer | None:
    return _malformed_role(role) or _untrusting_role(role)


def _malformed_role(role: str) -> Answer | None:
    if not _ROLE.fullmatch(role):
        constraint = f"Member must satisfy regular expression pattern: {_ROLE.pattern}"
        return _validation(f"Value '{role}' at 'role' failed to satisfy constraint: {constraint}")
    return None


def _untrusting_role(role: str) -> Answer | None:
    if not emulator.role_trusts(role, "lambda.amazonaws.com"):
        return _parameter("The role defined for the function cannot be assumed by Lambda.")
    return None


def _wrong_runtime(wanted: str | None, present: str, today: date) -> Answer | None:
    """A runtime that a function has already stays usable for longer than one that it would get."""
    if not wanted:
        return None
    if wanted not in RETIRED and wanted not in RUNTIMES and wanted not in _known_runtimes():
        members = ", ".join(RUNTIMES)
        constraint = f"failed to satisfy constraint: Member must satisfy enum value set: [{members}]"
        return _parameter(f"Value {wanted} at 'runtime' {constraint} or be a valid ARN")
    blocked = RETIRED.get(wanted, NEVER)[wanted == present]
    if today < blocked and (wanted in RETIRED or wanted in RUNTIMES):
        return None
    return _parameter(
        f"The runtime parameter of {wanted} is no longer supported for creating or updating AWS Lambda functions. "
        f"We recommend you use the new runtime ({_RECOMMENDED}) while creating or updating functions."
    )


@cache
def _known_runtimes() -> tuple[str, ...]:
    """Every runtime that there ever was, as boto3 knows them; loaded on first need, for it takes a while."""
    from botocore.session import get_session

    return tuple(get_session().get_service_model("lambda").shape_for("Runtime").enum)


def _wrong_environment(variables: dict[str, str]) -> Answer | None:
    intro = "Lambda was unable to configure your environment variables because the environment variables you have "
    reserved = sorted(_RESERVED.intersection(variables))
    if reserved:
        return _parameter(
            f"{intro}provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )
    if len(json.dumps(variables, ensure_ascii=False).encode()) > _LARGEST_ENVIRONMENT:
        return _parameter(f"{intro}provided exceeded the 4KB limit.")
    return None


def _wrong_numbers(body: Record) -> Answer | None:
    for name, member, least, most in (("Timeout", "timeout", 1, 900), ("MemorySize", "memorySize", 128, 10_240)):
        value = body.get(name)
        if isinstance(value, int) and not least <= value <= most:
            bound = f"less than or equal to {most}" if value > most else f"greater than or equal to {least}"
            constraint = f"failed to satisfy constraint: Member must have value {bound}"
            return _validation(f"Value '{value}' at '{member}' {constraint}")
    return None


def _parameter(message: str) -> Answer:
    return "InvalidParameterValueException", message


def _validation(message: str) -> Answer:
    return "ValidationException", f"1 validation error detected: {message}"


def _without_policy(body: Record, present: Record) -> Response | None:
    """A function without a policy has none to get; the emulator would answer an empty one."""
    if not present or emulator_functions.has_policy(present["FunctionArn"]):
        return None
    return _error(404, "ResourceNotFoundException", "The resource you requested does not exist.")


_FUNCTION = r"/\d{4}-\d\d-\d\d/functions/(?P<name>[^/]+)"
_DESCRIBED = re.compile(_FUNCTION)
_CHECKS: tuple[tuple[str, re.Pattern[str], str, Callable[[Record, Record], Response | None]], ...] = tuple(
    (verb, re.compile(path), f"lambda:{action}", check)
    for verb, path, action, check in (
        ("POST", r"/\d{4}-\d\d-\d\d/functions/?", "CreateFunction", _create),
        ("PUT", rf"{_FUNCTION}/configuration", "UpdateFunctionConfiguration", _configure),
        ("PUT", rf"{_FUNCTION}/code", "UpdateFunctionCode", _busy),
        ("POST", rf"{_FUNCTION}/invocations", "InvokeFunction", _creating),
        ("DELETE", _FUNCTION, "DeleteFunction", _creating),
        ("GET", rf"{_FUNCTION}/policy", "GetPolicy", _without_policy),
    )
)
