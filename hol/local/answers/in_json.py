"""JSON answers of the emulator as AWS words and shapes them: members that AWS leaves out or adds, and sentences.

Recorded from AWS for API Gateway, Lambda and CloudWatch Logs. Shapes are rules over the parts of an answer (an integration, a stage, an
endpoint configuration, …), wherever they stand in it; sentences are a table of patterns.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from hol.local.emulator import core as emulator
from hol.local.emulator import functions as emulator_functions
from hol.local.wire import Record, Request, Response

SERVICES = ("apigateway", "lambda", "logs")
_ARN = r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:"
# Service, the emulator's sentence, AWS's; {account} and {region} are the caller's, \1 is a group of the pattern.
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("apigateway", r"Invalid API identifier specified", r"Invalid API identifier specified {account}:{api}"),
    ("apigateway", r"Unknown API Gateway v1 path: /restapis/([^/]+)/.*", r"Invalid API identifier specified {account}:{api}"),
    ("logs", r"(The specified log (?:group|stream) (?:does not exist|already exists))(?:: .*|\.?)", r"\1{stop}"),
    ("logs", r"The specified resource does not exist: .*", "The specified resource does not exist."),
    ("logs", r"logGroupNamePrefix and logGroupNamePattern are mutually exclusive\.",
     r"LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."),
    ("lambda", r"Alias already exists: (?!arn:)(.*)", r"Alias already exists: {arn}:\1"),
    ("lambda", r"Function URL config not found for .*", "The resource you requested does not exist."),
    ("lambda", r"Function URL config already exists for .*",
     "Failed to create function url config for [functionArn = {arn}]. Error message:  FunctionUrlConfig exists for this Lambda function"),
    ("lambda", r"No Provisioned Concurrency Config found for function: .*", "No Provisioned Concurrency Config found for this function"),
    ("lambda", r"No policy is associated with the given resource\.", "{policy}"),
    ("lambda", r"Alias not found: (.*)", r"{alias} \1"),
    ("lambda", r"Rate Exceeded: .*", "Rate Exceeded."),
    ("lambda", r"The function (?!arn:)[^: ]+(?::\S+)? doesn't have an EventInvokeConfig", "{events}"),
    ("lambda", rf"Function not found: {_ARN}(?:{_ARN.replace('function', 'function')})?.*", "{function}"),
)  # fmt: skip
_RUNTIME = "arn:aws:lambda:{region}::runtime:0000000000000000000000000000000000000000000000000000000000000000"


def identified(answer: Response) -> Response:
    """With a request id, which every answer of AWS bears."""
    if any(name.lower() in ("x-amzn-requestid", "x-amz-request-id") for name in answer.headers):
        return answer
    return Response(answer.status, {**answer.headers, "x-amz-request-id": str(uuid.uuid4())}, answer.body)


def corrected(request: Request, answer: Response) -> Response:
    """The answer in AWS's words and shape; others' answers, and what is no JSON, as they are."""
    if request.service not in SERVICES or not answer.body:
        return answer
    try:
        data = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(data, dict):
        return answer
    changed = _error(request, data) if answer.status >= 400 else _shaped(request, data)
    body = json.dumps(changed, ensure_ascii=False).encode()
    return Response(answer.status, {**answer.headers, "content-length": str(len(body))}, body)


# --- sentences ---


def _error(request: Request, data: Record) -> Record:
    return {
        name: _sentence(request, value) if name.lower() == "message" and isinstance(value, str) else value
        for name, value in data.items()
    }


def _sentence(request: Request, said: str) -> str:
    for service, pattern, wanted in _SENTENCES:
        found = re.fullmatch(pattern, said) if service == request.service else None
        if found:
            return _filled(found.expand(wanted) if "\\1" in wanted else wanted, request, said)
    return said


def _filled(wanted: str, request: Request, said: str) -> str:
    api = re.match(r"/restapis/([^/]+)", request.path)
    created = request.headers.get("x-amz-target", "").partition(".")[2].startswith("Create")
    stop = "" if created and "already exists" in said else "."
    known = {
        "account": emulator.account_of(request),
        "region": request.region,
        "api": api[1] if api else "",
        "stop": stop,
    }
    if wanted == "{function}":
        return _function_not_found(request, said)
    arn = _arn_of(request)
    qualifier = request.query.get("Qualifier", ["$LATEST"])[0]
    events = f"The function {arn}:{qualifier} doesn't have an EventInvokeConfig"
    alias = "Cannot find alias arn:" if request.method == "GET" else "Alias not found:"
    return wanted.format(**known, arn=arn, events=events, alias=alias, policy=_no_policy(request, arn))


def _no_policy(request: Request, arn: str) -> str:
    """Lambda's word on a policy that is not there, or a statement of one that is."""
    if "/functions/" not in request.path or (request.method != "GET" and not emulator_functions.has_policy(arn)):
        return "No policy is associated with the given resource."
    if request.method == "GET":
        return "The resource you requested does not exist."
    return f"Statement {unquote(request.path.rpartition('/')[2])} is not found in resource policy."


def _arn_of(request: Request) -> str:
    """The function that a path names."""
    named = re.search(r"/functions/([^/]+)", unquote(request.raw_path.partition("?")[0]))
    short = (named[1] if named else "").rpartition(":function:")[2].partition(":")[0]
    return f"arn:aws:lambda:{request.region}:{emulator.account_of(request)}:function:{short}"


def _function_not_found(request: Request, said: str) -> str:
    """Lambda's word on a function that is not here: which one, with its qualifier, or that it is elsewhere."""
    if "/aliases" in request.path and re.search(r":function:[^:]+:\d+$", said):
        return said  # the version that an alias would point to
    named = re.search(r"/functions/([^/]+)|/tags/([^/]+)", request.raw_path.partition("?")[0])
    name = unquote((named[1] or named[2]) if named else "")
    arn = re.fullmatch(
        r"arn:[\w-]+:lambda:(?P<region>[\w-]+):(?P<account>\d{12}):(?P<kind>[\w-]+):(?P<name>[^:]+)(?::(?P<qualifier>.+))?",
        name,
    )
    if arn and arn["region"] != request.region:
        return f"Functions from '{arn['region']}' are not reachable in this region ('{request.region}')"
    if arn and arn["kind"] != "function":
        return f"{arn['kind'].replace('-', ' ').capitalize()} not found: {name}"
    qualifier = request.query.get("Qualifier", [""])[0] or (arn["qualifier"] if arn else name.partition(":")[2]) or ""
    if request.path.endswith("/concurrency") and request.method == "PUT":
        qualifier = "$LATEST"
    short = arn["name"] if arn else name.partition(":")[0]
    whole = f"arn:aws:lambda:{request.region}:{emulator.account_of(request)}:function:{short}"
    if qualifier and request.path.endswith("/event-invoke-config"):
        return f"The function {whole}:{qualifier} doesn't have an EventInvokeConfig"
    return f"Function not found: {whole}" + (f":{qualifier}" if qualifier else "")


# --- shapes ---


def _shaped(request: Request, data: Record) -> Record:
    rules = _RULES.get(request.service, ())

    def walk(value: object) -> object:
        if isinstance(value, dict):
            return shaped(value)
        return [walk(one) for one in value] if isinstance(value, list) else value

    def shaped(record: Record) -> Record:
        changed = {name: walk(one) for name, one in record.items()}
        for applies, change in rules:
            if applies(changed):
                change(changed, request)
        return changed

    return shaped(data)


def _rest_api(record: Record, request: Request) -> None:
    record.pop("apiStatus", None)
    configuration = record["endpointConfiguration"]
    if isinstance(configuration, dict) and configuration.get("types"):
        configuration.setdefault("ipAddressType", "dualstack" if configuration["types"] == ["PRIVATE"] else "ipv4")


def _integration(record: Record, request: Request) -> None:
    if record["type"] not in ("HTTP", "HTTP_PROXY") and record.get("connectionType") == "INTERNET":
        del record["connectionType"]
    if record["type"] == "MOCK":
        record.pop("httpMethod", None)
        record.pop("uri", None)


def _stage(record: Record, request: Request) -> None:
    record.setdefault("cacheClusterStatus", "NOT_AVAILABLE")
    if not record.get("accessLogSettings"):
        record.pop("accessLogSettings", None)
    # The keys of GetStage keep a path as UpdateStage takes it (`~1some~1path/POST`, `~1/GET` for the root); the emulator
    # undoes the ~1, and whoever looks for what was set finds nothing:
    # https://github.com/hashicorp/terraform-provider-aws/issues/9738
    if settings := record.get("methodSettings"):
        record["methodSettings"] = {_encoded(key): value for key, value in settings.items()}


def _encoded(key: str) -> str:
    path, _, verb = key.rpartition("/")
    return f"{path.replace('/', '~1')}/{verb}"


def _summary(record: Record, request: Request) -> None:
    for methods in record["apiSummary"].values():
        for method in methods.values():
            method.pop("apiKeyRequired", None)


def _api_key(record: Record, request: Request) -> None:
    record["stageKeys"] = [
        f"{one.get('restApiId', '')}/{one.get('stageName', '')}" if isinstance(one, Mapping) else one
        for one in record["stageKeys"]
    ]


def _root(record: Record, request: Request) -> None:
    record.pop("parentId", None)
    record.pop("pathPart", None)


def _authorizer(record: Record, request: Request) -> None:
    record.setdefault("authType", "custom")
    if b"authorizerResultTtlInSeconds" not in request.body and request.method == "POST":
        record.pop("authorizerResultTtlInSeconds", None)


def _function(record: Record, request: Request) -> None:
    if record.get("RuntimeVersionConfig") in (None, {}) or not (record["RuntimeVersionConfig"] or {}).get(
        "RuntimeVersionArn"
    ):
        record["RuntimeVersionConfig"] = {"RuntimeVersionArn": _RUNTIME.format(region=request.region)}
    if record.get("StateReasonCode") == "Updating":  # AWS's function stays Active while its update is under way
        record["State"] = "Active"
    if record.get("LastUpdateStatus") == "InProgress" and record.get("State") == "Active":
        record["LastUpdateStatusReason"] = "The function is being created."
        record["LastUpdateStatusReasonCode"] = "Creating"
    if request.method == "POST" and record.get("State") == "Pending":  # a function just made has no update
        for name in ("LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"):
            record.pop(name, None)
    if record.get("State") == "Active":
        record.pop("StateReason", None)
        record.pop("StateReasonCode", None)


def _log_stream(record: Record, request: Request) -> None:
    record.pop("uploadSequenceToken", None)


def _log_group(record: Record, request: Request) -> None:
    record.setdefault("deletionProtectionEnabled", False)
    record.setdefault("storedBytes", 0)


Rule = tuple[Callable[[Record], bool], Callable[[Record, Request], None]]
_RULES: Mapping[str, tuple[Rule, ...]] = {
    "apigateway": (
        (lambda one: "endpointConfiguration" in one, _rest_api),
        (lambda one: "passthroughBehavior" in one and "type" in one, _integration),
        (lambda one: "stageName" in one and "deploymentId" in one, _stage),
        (lambda one: isinstance(one.get("apiSummary"), dict), _summary),
        (lambda one: one.get("path") == "/" and "id" in one, _root),
        (lambda one: "authorizerUri" in one, _authorizer),
        (lambda one: isinstance(one.get("stageKeys"), list), _api_key),
    ),
    "lambda": ((lambda one: "FunctionArn" in one and "CodeSha256" in one, _function),),
    "logs": (
        (lambda one: "logStreamName" in one and "arn" in one, _log_stream),
        (lambda one: "logGroupName" in one and "arn" in one, _log_group),
    ),
}
