"""Calls that nobody thought of: made from botocore's own models by a seed, sent as raw HTTP, their answers judged as a client would.

A call is valid, nearly valid or absurd; it may then be damaged on the wire, where boto3 would refuse to send it. Call number n of a seed is
always the same call, whatever came before it, so that one number is enough to repeat it (`HOL_FUZZ_SEED=… HOL_FUZZ_ONLY=n`).
"""

from __future__ import annotations

import http.client
import io
import json
import random
import re
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
from botocore import parsers, serialize
from botocore.session import Session, get_session

SERVICES = (
    "iam",
    "lambda",
    "apigateway",
    "s3",
    "sagemaker",
    "sagemaker-runtime",
    "logs",
    "scheduler",
    "sts",
    "resourcegroupstaggingapi",
)
# What hol and its learners use of services that have hundreds of operations; drawn as often as all others together.
USED = {
    "iam": "Role Policy Policies Tag", "lambda": "Function Permission Policy Tag Invoke Alias Version Concurrency", "apigateway": "",
    "s3": "Bucket Object", "sagemaker": "Model Endpoint Tag", "sagemaker-runtime": "", "logs": "LogGroup LogStream Event Retention",
    "scheduler": "", "sts": "", "resourcegroupstaggingapi": "",
}  # fmt: skip
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ALLOW = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}]}
)
TEXTS = (
    "", " ", "a", "x" * 300, "y" * 70_000, "한국어", "🙂", "\x00", "a\nb\r\nc", "../../etc/passwd", "%2F%00", "null", "-1", "1e999", "${jndi:x}", "$LATEST", "arn:aws:iam::",
    "<a/>", '"', "'", "\\", "{", "[]", "a/b", "?x=1&y", "*", "true", "NaN", "\ud7ff\ufffe", "‮abc", "2026-01-01", "rate(1 minute)", "cron(71 * * * ? *)",
)  # fmt: skip
NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63), 10**30, 400, 0.5)
ABSURD: tuple[Any, ...] = (None, True, [], {}, [[]], [None], {"": None}, {"a": {"b": {"c": []}}}, *TEXTS[:12], *NUMBERS)
BODIES = (
    b"", b"null", b"[]", b'"text"', b"1", b"{", b"}", b"\xff\xfe\x00", b'{"a":' * 3000, b"[" * 200_000, b"9" * 6000, b'{"a":' + b"9" * 6000 + b"}", b'{"a":NaN,"b":1e999}',
    b'{"name":"\\ud800"}', b"<", b"<a>", b"<a>" * 3000, b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"Action=", b"Action=Nonsense", b"a=%ff&a=%00",
    b"\x00" * 64, "가".encode("utf-16"), b'{"patchOperations":null}', b'{"patchOperations":[null]}', b'{"patchOperations":[{"op":"replace"}]}', b'{"patchOperations":"x"}',
)  # fmt: skip
PATHS = ("/", "//", "/..", "/%00", "/%ff%fe", "/%2F%2F", "/" + "a" * 8000, "/a b".replace(" ", "%20"), "/restapis", "/restapis/", "/restapis//resources", "/2015-03-31/functions//",
         "/2015-03-31/functions/%20", "/restapis/x/resources/y/methods/FOO/integration/responses/abc", "/tags/", "/tags/arn", "/schedules/", "/endpoints//invocations", "/?", "/?=", "/?&&", "/?a", "/?%ff=%ff",
         "/?versions", "/?acl&policy&website", "/?uploads", "/?max-keys=x", "/?list-type=9", "/?partNumber=0&uploadId=", "/?marker=%00")  # fmt: skip
HEADERS = (
    {"content-type": "text/plain"}, {"content-type": ""}, {"content-type": "application/x-amz-json-9.9"}, {"content-md5": "x"}, {"x-amz-acl": "x"}, {"range": "bytes=9-1"}, {"range": "x"},
    {"if-modified-since": "never"}, {"x-amz-copy-source": "%"}, {"x-amz-copy-source": "/"}, {"content-encoding": "aws-chunked"}, {"x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"},
    {"x-amz-decoded-content-length": "x"}, {"x-amz-target": "Nonsense.Nothing"}, {"x-amz-target": ""}, {"x-amz-date": "x"}, {"x-amz-invocation-type": "x"}, {"x-amz-log-type": "x"},
    {"x-amz-client-context": "!"}, {"x-amz-expected-bucket-owner": "1"}, {"x-amz-tagging": "a=1&a=2&%"}, {"x-amz-checksum-crc32": "x"}, {"x-amz-security-token": "x"}, {"accept": "x/y"},
    {"content-encoding": "gzip"}, {"x-http-method-override": "DELETE"}, {"x-amz-server-side-encryption": "x"}, {"x-amz-storage-class": "x"}, {"expect": "x"},
)  # fmt: skip
CREDENTIALS = (
    "",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=",
    "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/nothing/aws4_request, SignedHeaders=host, Signature=0",
    "AWS a:b",
    "Bearer x",
)
# Answered by AWS itself with a 5xx: botocore's operation → why.
FREEZE_SECONDS = 15.0


@dataclass(frozen=True)
class Call:
    """A call as it goes over the wire; `parse` says whether the answer must be one of its operation's."""

    number: int
    service: str
    operation: str
    manner: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def __str__(self) -> str:
        return f"{self.number} {self.manner} {self.service}:{self.operation} {self.method} {self.path[:160]} {dict(self.headers)} {self.body[:300]!r}"


@dataclass
class Health:
    """How long `/_hol/health` took while calls were made, in seconds: by the clock, and without the time that other processes had the processor."""

    slowest: float = 0.0
    busiest: float = 0.0
    asked: int = 0
    failed: list[str] = field(default_factory=list)


@cache
def session() -> Session:
    return get_session()


@cache
def model(service: str) -> Any:
    return session().get_service_model(service)


@cache
def _operations(service: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = tuple(model(service).operation_names)
    return names, tuple(name for name in names if any(part in name for part in USED[service].split())) or names


# --- what is there: made once, named by members of the models ---


def furnish(url: str, account: str) -> dict[str, list[Any]]:
    """A role, a function, an API with a method, a bucket, a schedule and a log group; member name → values that name something."""
    made = {
        service: _client(url, account, service)
        for service in ("iam", "lambda", "apigateway", "s3", "logs", "scheduler")
    }
    role = made["iam"].create_role(RoleName="fuzzed", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    policy = made["iam"].create_policy(PolicyName="fuzzed", PolicyDocument=ALLOW)["Policy"]["Arn"]
    function = made["lambda"].create_function(
        FunctionName="fuzzed", Role=role, Runtime="python3.13", Handler="index.handler", Code={"ZipFile": package()}
    )["FunctionArn"]  # fmt: skip
    api = made["apigateway"].create_rest_api(name="fuzzed")["id"]
    root = made["apigateway"].get_resources(restApiId=api)["items"][0]["id"]
    child = made["apigateway"].create_resource(restApiId=api, parentId=root, pathPart="child")["id"]
    method = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    made["apigateway"].put_method(**method, authorizationType="NONE")
    made["apigateway"].put_integration(
        **method, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'}
    )
    deployment = made["apigateway"].create_deployment(restApiId=api, stageName="prod")["id"]
    made["s3"].create_bucket(Bucket=f"fuzzed-{account}")
    made["s3"].put_object(Bucket=f"fuzzed-{account}", Key="key", Body=b"x")
    made["logs"].create_log_group(logGroupName="/fuzzed")
    arns = [role, policy, function, f"arn:aws:apigateway:us-east-1::/restapis/{api}", f"arn:aws:s3:::fuzzed-{account}"]
    return {
        "rolename": ["fuzzed"], "role": [role], "rolearn": [role], "executionrolearn": [role], "policyarn": [policy], "policyname": ["fuzzed", "inline"],
        "functionname": ["fuzzed", function, "fuzzed:$LATEST"], "restapiid": [api], "resourceid": [root, child], "parentid": [root, child], "deploymentid": [deployment],
        "stagename": ["prod"], "httpmethod": ["GET", "POST", "ANY"], "statuscode": ["200", "404"], "bucket": [f"fuzzed-{account}"], "key": ["key", "a/b"],
        "loggroupname": ["/fuzzed"], "logstreamname": ["stream"], "resourcearn": arns, "resource": arns, "resourcearnlist": [arns],
        "assumerolepolicydocument": [json.dumps(TRUST)], "policydocument": [ALLOW], "runtime": ["python3.13"], "handler": ["index.handler"],
        "scheduleexpression": ["rate(10 days)", "at(2030-01-01T00:00:00)"], "zipfile": [package()], "uri": [f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"],
        "type": ["MOCK", "AWS", "AWS_PROXY"], "authorizationtype": ["NONE"], "path": ["/description", "/name", "/variables/a", "/"], "op": ["replace", "add", "remove"],
        "modelname": ["fuzzed"], "endpointname": ["fuzzed"], "endpointconfigname": ["fuzzed"], "name": ["fuzzed", "fuzzed2"], "statementid": ["s"], "sdktype": ["javascript"],
    }  # fmt: skip


def _client(url: str, account: str, service: str) -> Any:
    return boto3.client(
        service, "us-east-1", endpoint_url=url, aws_access_key_id=account, aws_secret_access_key="local"
    )


@cache
def package() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return event\n")
    return out.getvalue()


# --- the call ---


def call(seed: int, number: int, known: Mapping[str, list[Any]], account: str) -> Call:
    """Call `number` of that seed."""
    dice = random.Random(f"{seed}:{number}")
    service = SERVICES[number % len(SERVICES)]
    every, used = _operations(service)
    operation = dice.choice(used if dice.random() < 0.7 else every)
    manner = dice.choice(("valid", "nearly", "nearly", "absurd", "wire"))
    made = _serialized(dice, service, operation, manner, known)
    headers = {**made["headers"], "authorization": signature(account, model(service).signing_name)}
    method, path, body = made["method"], made["url"], made["body"]
    if manner == "wire":
        method, path, headers, body = _damaged(dice, method, path, headers, body)
    return Call(number, service, operation, manner, method, path, headers, body)


def signature(account: str, name: str, region: str = "us-east-1") -> str:
    return (
        f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/{name}/aws4_request, SignedHeaders=host, Signature=0"
    )


def _serialized(
    dice: random.Random, service: str, operation: str, manner: str, known: Mapping[str, list[Any]]
) -> dict[str, Any]:
    shape = model(service).operation_model(operation)
    for attempt in (manner, "nearly", "valid", "valid", "none"):
        given = (
            {}
            if attempt == "none" or shape.input_shape is None
            else _structure(dice, shape.input_shape, attempt, known, 0)
        )
        try:
            return _on_the_wire(service, shape, given)
        except Exception:  # what botocore itself cannot write
            continue
    return {"method": "GET", "url": "/", "headers": {}, "body": b""}


def _on_the_wire(service: str, operation: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    made = serialize.create_serializer(model(service).resolved_protocol, include_validation=False).serialize_to_request(
        given, operation
    )
    query, path = made["query_string"], made["url_path"]
    text = query if isinstance(query, str) else urlencode(query, doseq=True)
    url = path + (("&" if "?" in path else "?") + text if text else "")
    body = made["body"]
    if isinstance(body, dict):
        body = urlencode(body, doseq=True)
        made["headers"].setdefault("Content-Type", "application/x-www-form-urlencoded")
    raw = body.encode() if isinstance(body, str) else body
    if not isinstance(raw, bytes):
        raise TypeError("no body")
    headers = {str(name).lower(): str(value) for name, value in made["headers"].items()}
    _sendable(url, headers)
    return {"method": made["method"], "url": url, "headers": headers, "body": raw}


def _sendable(url: str, headers: Mapping[str, str]) -> None:
    """Raises `ValueError` for what is no HTTP."""
    text = url + "".join(f"{name}{value}" for name, value in headers.items())
    text.encode("latin-1")
    if not all(re.fullmatch(r"[!#$%&'*+.^_`|~0-9a-zA-Z-]+", name) for name in headers):
        raise ValueError
    if any(sign in text for sign in "\r\n\x00") or " " in url or len(text) > 60_000:
        raise ValueError


def _structure(
    dice: random.Random, shape: Any, manner: str, known: Mapping[str, list[Any]], depth: int
) -> dict[str, Any]:
    found = {}
    wrong = dice.choice(list(shape.members)) if shape.members and manner == "nearly" else ""
    for name, member in shape.members.items():
        needed = name in shape.required_members
        if not needed and dice.random() > (0.4 if depth < 2 else 0.1):
            continue
        if manner == "absurd" and dice.random() < 0.4:
            found[name] = dice.choice(ABSURD)
        elif name == wrong and dice.random() < 0.7:
            value = _wrong(dice, member)
            if value is not Ellipsis:
                found[name] = value
        elif name.lower() in known and dice.random() < 0.8:
            found[name] = dice.choice(known[name.lower()])
        else:
            found[name] = _value(dice, member, manner, known, depth + 1)
    return found


def _value(dice: random.Random, shape: Any, manner: str, known: Mapping[str, list[Any]], depth: int) -> Any:
    kind, least = shape.type_name, shape.metadata.get("min") or 0
    if kind == "structure":
        return _structure(dice, shape, manner if depth < 5 else "valid", known, depth) if depth < 8 else {}
    if kind == "list":
        return (
            [_value(dice, shape.member, manner, known, depth + 1) for _ in range(max(min(least, 3), dice.randrange(3)))]
            if depth < 8
            else []
        )
    if kind == "map":
        return {
            dice.choice(("a", "hol:lab", "application/json")): _value(dice, shape.value, manner, known, depth + 1)
            for _ in range(dice.randrange(3))
        }
    if kind == "string":
        return (
            dice.choice(shape.enum)
            if shape.enum
            else dice.choice(("abc", "Name-1", "fuzzed", "/a", "{}", '{"a": 1}')).ljust(min(least, 2048), "a")
        )
    if kind in ("integer", "long"):
        return max(least, dice.choice((0, 1, 5, 128, 400)))
    if kind in ("float", "double"):
        return dice.choice((0.0, 0.5, 1.0))
    if kind == "timestamp":
        return dice.choice((0, 1_800_000_000))
    return dice.choice((True, False)) if kind == "boolean" else dice.choice((b"", b"x", b"{}", package()))


def _wrong(dice: random.Random, shape: Any) -> Any:
    """A value of the right kind, or nearly, that the model does not allow; Ellipsis to leave it out."""
    kind = shape.type_name
    if dice.random() < 0.2:
        return Ellipsis
    if kind in ("integer", "long", "float", "double", "timestamp"):
        return dice.choice(NUMBERS)
    return dice.choice(TEXTS) if kind == "string" else dice.choice(ABSURD)


def _damaged(
    dice: random.Random, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[str, str, dict[str, str], bytes]:
    for _ in range(dice.choice((1, 1, 2))):
        match dice.randrange(6):
            case 0 | 1:
                body = dice.choice(BODIES) if dice.random() < 0.7 else body[: dice.randrange(len(body) + 1)]
            case 2:
                path = dice.choice(PATHS)
            case 3:
                headers = {**headers, **dice.choice(HEADERS)}
            case 4:
                method = dice.choice(("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"))
            case 5:
                headers = {**headers, "authorization": dice.choice(CREDENTIALS)}
    return method, path, headers, body


# --- the answer ---


def send(port: int, one: Call) -> tuple[int, dict[str, str], bytes]:
    """Raises OSError, also when nothing comes for `FREEZE_SECONDS`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=FREEZE_SECONDS)
    try:
        connection.putrequest(one.method, one.path, skip_accept_encoding=True)
        for name, value in {**one.headers, "content-length": str(len(one.body))}.items():
            connection.putheader(name, value.encode("latin-1"))
        connection.endheaders(one.body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


_CONTROL = re.compile(r"%[01][0-9A-Fa-f]")


def judged(one: Call, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """What is not AWS's about the answer; empty when it is. A call that is signed for no service gets S3's answer."""
    if one.headers["authorization"] in CREDENTIALS and status < 500:
        return (
            ""
            if status < 400 or b"<Code>" in body or b'"message"' in body or b'"Message"' in body or one.method == "HEAD"
            else f"{status}: no error {body[:200]!r}"
        )
    if status >= 500 and not (status == 501 and one.service == "s3"):
        return f"status {status}"
    if one.method == "HEAD" or one.method == "OPTIONS" or b"hol's local AWS:" in body:
        return ""
    if status in (301, 304, 307):
        return ""
    if one.service == "s3" and _CONTROL.search(one.path) and "encoding-type" not in one.path:
        return ""  # "an XML 1.0 parser cannot parse some characters": for them S3 has EncodingType
    return _error(one, status, headers, body) if status >= 400 else _success(one, status, headers, body)


def _parsed(one: Call, status: int, headers: Mapping[str, str], body: bytes) -> Any:
    service = model(one.service)
    operation = service.operation_model(one.operation)
    shape = operation.output_shape
    parser = parsers.create_parser(service.resolved_protocol)
    context = {"operation_name": one.operation, "error_code_fields": []}
    payload = shape is not None and shape.serialization.get("payload")
    if status < 300 and operation.has_event_stream_output:
        return {}
    kind = shape.members[payload] if payload else None
    if (
        status < 300 and kind is not None and kind.type_name in ("blob", "structure")
    ):  # as boto3 gives them: as they come
        kept = one.service == "apigateway" or kind.serialization.get("streaming")
    else:
        kept = False
    if kept:
        return {}
    return parser.parse({"headers": _Headers(headers), "body": body, "status_code": status, "context": context}, shape)


class _Headers(dict):
    """Header names in any case."""

    def __getitem__(self, name: str) -> str:
        return str(super().__getitem__(name.lower()))

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())


def _error(one: Call, status: int, headers: Mapping[str, str], body: bytes) -> str:
    try:
        error = _parsed(one, status, headers, body).get("Error", {})
    except Exception as reason:
        return f"{status}: no error of the service's: {type(reason).__name__} {body[:200]!r}"
    code, message = str(error.get("Code", "")), error.get("Message")
    if not code or code.isdigit() or code in ("InternalFailure", "InternalError", "InternalServerError"):
        return f"{status}: the error has no code {body[:200]!r}"
    return "" if message or "Message" in error else f"{status}: the error has no message {body[:200]!r}"


def _success(one: Call, status: int, headers: Mapping[str, str], body: bytes) -> str:
    if one.manner == "wire":
        return ""  # of another operation, maybe
    try:
        parsed = _parsed(one, status, headers, body)
    except Exception as reason:
        return f"{status}: no answer of the operation's: {type(reason).__name__}: {reason} {body[:200]!r}"
    shape = model(one.service).operation_model(one.operation).output_shape
    return next((f"{status}: {wrong} {body[:200]!r}" for wrong in misfits(shape, parsed)), "") if shape else ""


_PYTHON = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "float": (int, float),
    "double": (int, float),
    "list": list,
    "map": dict,
    "structure": dict,
}


def misfits(shape: Any, value: Any, at: str = "") -> Iterator[str]:
    """Where a parsed answer is not of the model's types."""
    wanted = None if getattr(shape, "is_eventstream", False) else _PYTHON.get(shape.type_name)
    if wanted and not isinstance(value, wanted):
        yield f"{at or 'the answer'} is no {shape.type_name}: {str(value)[:60]!r}"
    elif shape.type_name == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                yield from misfits(member, value[name], f"{at}.{name}")
    elif shape.type_name == "list":
        for one in value:
            yield from misfits(shape.member, one, f"{at}[]")


def waited(pid: str) -> float:
    """Seconds that the main thread of a process (or this very thread) was ready to run while others ran; 0 where Linux does not tell."""
    path = Path("/proc/thread-self/schedstat" if pid == "self" else f"/proc/{pid}/schedstat")
    try:
        return int(path.read_text(encoding="ascii").split()[1]) / 1e9
    except OSError:
        return 0.0


@contextmanager
def watched(port: int, pid: int, every: float = 0.1) -> Iterator[Health]:
    """Asks for the server's health all the while. On a busy machine the clock says more of others than of the server."""
    health, over = Health(), threading.Event()

    def watch() -> None:
        while not over.wait(every):
            began, idle = time.monotonic(), waited(str(pid)) + waited("self")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=FREEZE_SECONDS)
                connection.request("GET", "/_hol/health", headers={"X-Hol": "1"})
                if connection.getresponse().status != 200:
                    health.failed.append("not 200")
                connection.close()
            except OSError as error:
                health.failed.append(type(error).__name__)
            health.asked += 1
            took = time.monotonic() - began
            health.slowest, health.busiest = (
                max(health.slowest, took),
                max(health.busiest, took - (waited(str(pid)) + waited("self") - idle)),
            )

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield health
    finally:
        over.set()
        thread.join()
