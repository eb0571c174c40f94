"""Replays one case against a fresh account of the local AWS.

Placeholders are resolved from what the set-up's own calls answered; what cannot be resolved raises `Unfaithful` and is
counted as skipped, never as agreement.
"""

from __future__ import annotations

import io
import json
import re
import urllib.error
import urllib.request
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session, get_session

from .cases import Case, Write

ACCOUNT = "111111111111"
# The calls that make what placeholders stand for: kind → operation → the member of its answer.
MADE = {
    "restApiId": {"CreateRestApi": "id", "ImportRestApi": "id"},
    "resourceId": {"CreateResource": "id"},
    "deploymentId": {"CreateDeployment": "id"},
}
# Ids that the cases hold as their recorder saw them: parameter → (operation, the member of its answer).
SEEN = {
    "requestValidatorId": ("CreateRequestValidator", "id"),
    "authorizerId": ("CreateAuthorizer", "id"),
    "UploadId": ("CreateMultipartUpload", "UploadId"),
    "VersionId": ("PutObject", "VersionId"),
    "UUID": ("CreateEventSourceMapping", "UUID"),
    "FunctionUrl": ("CreateFunctionUrlConfig", "FunctionUrl"),
}
_MORE = {"PutObject": ("CopyObject", "DeleteObject", "CompleteMultipartUpload")}
_PLACEHOLDER = re.compile(r"<(restApiId|resourceId|deploymentId)(?::(\w+))?>")
_AUTOMATIC = re.compile(rf"arn:aws:iam::{ACCOUNT}:role/(?P<name>[\w<>-]+)")
_VERSION = re.compile(r"<uid>(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MAPPING = re.compile(r"event-source-mapping:<uid>(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FUNCTION_URL = re.compile(r"https://[a-z0-9]{32}\.lambda-url\.[a-z0-9-]+\.on\.aws/")
_RAW_ID = re.compile(r"[0-9a-z]{6}|<uid>(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What the recorders' functions do, as far as their answers tell; code that nothing tells of is not replayed.
CODE = {
    "handler": "import json\ndef handler(event, context):\n    if 'rawPath' in event:\n        return {'statusCode': 200, 'body': event.get('body', '')}\n    return json.loads(event['body']) if 'httpMethod' in event else event\n",
    "lambda_echo": "def handler(event, context):\n    return event\n",
    "lambda_aws_proxy": "import json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event)}\n",
}


class Unfaithful(Exception):
    """The case cannot be replayed as it was; the reason."""


@dataclass(frozen=True)
class Answered:
    """What the local AWS answered; `answer` is the parsed body."""

    status: int
    code: str | None
    message: str | None
    answer: Any


@dataclass
class Replay:
    """One case in an account of its own."""

    port: int
    account: str
    uid: str = "c0ffee42"
    made: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    root: dict[str, str] = field(default_factory=dict)
    visits: bool = False
    versions: dict[str, int] = field(default_factory=dict)
    at_once: bool = False  # AWS said that the last write was still under way
    broken: bool = False  # AWS said that the package was none
    buckets: set[str] = field(default_factory=set)

    def run(self, case: Case) -> Answered:
        """The set-up, then the call. Raises `Unfaithful` when something of it cannot be resolved or is refused here."""
        self.visits = case.is_http
        self.versions = _versions(case)
        self.buckets = {
            name
            for write in case.setup
            if write.operation == "CreateBucket" and "<uid>" not in (name := str(write.parameters["Bucket"]))
        }
        for number, write in enumerate(case.setup, 1):
            self.at_once = number == len(case.setup) and "is in progress" in str(case.recorded.message)
            self._prepare(write)
        service, operation = case.operation.split(":")
        self._roles(Write(service, operation, case.parameters))
        self.broken = "Could not unzip" in str(case.recorded.message)
        return self._call(Write("http" if case.is_http else service, operation, case.parameters))

    def _prepare(self, write: Write) -> None:
        if write.service == "http":
            return  # what a visitor asked changes nothing
        handler = str(write.parameters.get("Handler", "")).partition(".")[0]
        if write.operation == "CreateFunction" and handler not in CODE and self.visits:
            raise Unfaithful(f"the function's own code ({handler})")
        self._roles(write)
        answered = self._call(write)
        if 400 <= answered.status < 500:
            return  # so had the recorder's tests it, more than once: what it leaves unmade shows in the comparison
        if answered.status >= 300:
            raise Unfaithful(
                f"set-up failed here: {write.service}:{write.operation}: {answered.code}: {answered.message}"
            )
        self._remember(write, answered.answer)
        self._settle(write, answered.answer)

    def _settle(self, write: Write, answer: Any) -> None:
        """The recorder waited for a function to be ready before it went on."""
        if (
            not self.at_once
            and write.service == "lambda"
            and write.operation
            in (
                "CreateFunction",
                "UpdateFunctionConfiguration",
                "UpdateFunctionCode",
            )
        ):
            name = answer["FunctionName"]
            self._client("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
            self._client("lambda").get_waiter("function_updated_v2").wait(FunctionName=name)

    def _roles(self, write: Write) -> None:
        """Roles that the recorder's own fixtures had made, for functions and schedules: the set-up leaves them out."""
        for found in _AUTOMATIC.finditer(json.dumps(write.parameters, default=str)):
            name = found["name"].replace("<uid>", self.uid)
            services = ["lambda", "apigateway", "scheduler", "states", "events"]
            trust = {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": [f"{s}.amazonaws.com" for s in services]},
            }
            allow = {"Effect": "Allow", "Action": ["lambda:*", "logs:*", "s3:*"], "Resource": "*"}
            iam = self._client("iam")
            try:
                iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
                iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_policy(allow))
            except ClientError:
                return  # the set-up makes it itself

    def _remember(self, write: Write, answer: Any) -> None:
        for kind, operations in MADE.items():
            if write.operation in operations:
                self.made[kind].append(answer[operations[write.operation]])
        for parameter, (operation, member) in SEEN.items():
            if (
                write.operation in (operation, *_MORE.get(operation, ()))
                and isinstance(answer, Mapping)
                and answer.get(member)
            ):
                self.made[parameter].append(answer[member])
        if write.operation == "CreateRestApi":
            self.root[answer["id"]] = answer["rootResourceId"]

    # --- placeholders ---

    def _resolved(self, value: Any, key: str = "", api: str = "") -> Any:
        if isinstance(value, Mapping):
            named = "authorizerId" if value.get("path") == "/authorizerId" else ""
            return {
                name: self._resolved(one, named if name == "value" and named else name, api)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self._resolved(one, key, api) for one in value]
        if not isinstance(value, str):
            return value
        if value == "<zip>":
            return b"no package" if self.broken else package()
        if key == "value" and value == "<uid>" and self.made["deploymentId"]:
            return self.made["deploymentId"][-1]  # of a patch of /deploymentId; the recorder wrote no placeholder
        value = _MAPPING.sub(lambda found: f"event-source-mapping:{self._only('UUID', found[0])}", value)
        value = _FUNCTION_URL.sub(lambda found: self._only("FunctionUrl", found[0]), value)
        for name in self.buckets:
            value = value.replace(name, f"{name}-{self.uid}")
        if value in ("<BytesIO>", "<ReadFileChunk>"):
            raise Unfaithful("a body that was not recorded")
        if key in SEEN and (_RAW_ID.fullmatch(value) or value == "<uid>"):
            return self._only(key, value)
        if key == "CopySource" and "?versionId=" in value:
            source, _, version = value.partition("?versionId=")
            value = f"{source}?versionId={self._only('VersionId', version)}"
        text = _PLACEHOLDER.sub(lambda found: self._id(found[1], found[2], api), value)
        return text.replace("<uid>", self.uid).replace("<region>", "us-east-1").replace(ACCOUNT, self.account)

    def _only(self, kind: str, seen: str) -> str:
        """The id that stands for one that the recorder saw: by the answer that names it, or because there is but one."""
        known = list(dict.fromkeys(self.made[kind]))
        if self.versions.get(seen, len(known)) < len(known):
            return known[self.versions[seen]]
        if len(known) != 1:
            raise Unfaithful(f"{len(known)} ids of the kind {kind} to choose from")
        return known[0]

    def _id(self, kind: str, number: str | None, api: str) -> str:
        known = self.made[kind]
        if number == "root":
            return self._root(api)
        if number is None or len(known) == 1:  # one of a kind is meant, whatever its number in the whole test
            if not known:
                raise Unfaithful(f"no {kind} in the set-up")
            return known[-1]
        if int(number) > len(known):
            raise Unfaithful(f"{kind} {number} of {len(known)} in the set-up")
        return known[int(number) - 1]

    def _root(self, api: str) -> str:
        if api not in self.root:
            raise Unfaithful("the root of an API that the set-up does not make")
        return self.root[api]

    # --- calls ---

    def _call(self, write: Write) -> Answered:
        if write.service == "http":
            return self._visit(write)
        api = self._resolved(write.parameters.get("restApiId", ""), "restApiId")
        parameters = self._resolved(write.parameters, "", api)
        client = self._client(write.service)
        if write.operation not in client.meta.method_to_api_mapping.values():
            raise Unfaithful(f"botocore knows no {write.service}:{write.operation}")
        method = next(name for name, known in client.meta.method_to_api_mapping.items() if known == write.operation)
        try:
            return _of_answer(getattr(client, method)(**parameters))
        except ClientError as error:
            return _of_error(error.response)
        except (BotoCoreError, KeyError, TypeError, AttributeError, ValueError) as error:
            if (
                "Connect" in type(error).__name__
                or "Timeout" in type(error).__name__
                or "Parser" in type(error).__name__
            ):
                return Answered(599, type(error).__name__, str(error), None)
            raise Unfaithful(f"botocore cannot send it: {type(error).__name__}: {error}") from error

    def _visit(self, write: Write) -> Answered:
        parameters = self._resolved(write.parameters)
        url = urlsplit(parameters["url"])
        host = re.sub(r"\.amazonaws\.com.*", f".localhost:{self.port}", url.netloc)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        body, kind = _payload(parameters.get("body"))
        headers = {"Host": host, **({"Content-Type": kind} if kind else {}), **(parameters.get("headers") or {})}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", body, headers, method=write.operation.upper()
        )
        try:
            with urllib.request.build_opener(_Still).open(request, timeout=30) as answer:
                return _of_http(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            return _of_http(error.code, dict(error.headers), error.read())

    def _client(self, service: str) -> Any:
        config = Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            read_timeout=20,
            proxies={},
        )
        return _session().create_client(
            service,
            "us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            aws_access_key_id=self.account,
            aws_secret_access_key="local",
            config=config,
        )


def _versions(case: Case) -> dict[str, int]:
    """Object versions that the recorder saw → which of those made, counted from 0 (-1: the last, a delete marker)."""
    seen = _VERSION.findall(json.dumps(case.parameters, default=str))
    if case.recorded.code == "MethodNotAllowed":
        return dict.fromkeys(seen, -1)
    number = re.search(r'VersionId": "<version-id:(\d+)>', json.dumps(case.recorded.answer, default=str))
    return dict.fromkeys(seen, int(number[1]) - 1) if number and len(set(seen)) == 1 else {}


class _Still(urllib.request.HTTPRedirectHandler):
    """Redirects are answers."""

    def redirect_request(self, *args: Any) -> None:
        return None


@cache
def _session() -> Session:
    return get_session()


@cache
def package() -> bytes:
    """A deployment package with every handler that the cases name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, code in CODE.items():
            archive.writestr(f"{name}.py", code)
    return out.getvalue()


def _policy(statement: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _payload(body: Any) -> tuple[bytes | None, str | None]:
    if body is None:
        return None, None
    if isinstance(body, str):
        return body.encode(), None
    return json.dumps(body).encode(), "application/json"


def _of_answer(answer: Mapping[str, Any]) -> Answered:
    read = {name: value.read() if hasattr(value, "read") else value for name, value in answer.items()}
    return Answered(answer["ResponseMetadata"]["HTTPStatusCode"], None, None, read)


def _of_error(response: Mapping[str, Any]) -> Answered:
    error = response.get("Error", {})
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return Answered(status, error.get("Code"), error.get("Message"), response)


def _of_http(status: int, headers: Mapping[str, str], body: bytes) -> Answered:
    text = body.decode("utf-8", "replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = text
    return Answered(status, None, None, {"body": parsed, "headers": {k.lower(): v for k, v in headers.items()}})
