"""The emulator (ministack, pinned to one exact version) behind a small typed door.

Only this module and its sisters `emulator_*` know ministack: everything else in
`hol.local` asks their functions. They reach into its stores in-process, which is why the version is pinned.
`configure` must run before anything else, because ministack reads its settings from the environment when it is
imported.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import json
import os
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from hol.local.wire import Record, Request, Response, Scope

ROOT_ACCOUNT = "000000000000"
_T = TypeVar("_T")
Message = Scope
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_SETTINGS = {
    "AUTH": "true",
    "BIND_HOST": "127.0.0.1",
    "MINISTACK_HOST": "localhost",
    "MINISTACK_ACCOUNT_ID": ROOT_ACCOUNT,
    "IOT_MTLS_ENABLED": "0",
    "IOT_MTLS_PORT": "0",
    "SFTP_ENABLED": "0",
    "LAMBDA_EXECUTOR": "local",
    "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
    "LAMBDA_WARM_TTL_SECONDS": "60",
    "PERSIST_STATE": "0",
    "S3_PERSIST": "0",
    "USE_SSL": "0",
    # A learner's Docker is none of our business; without this the emulator looks for containers to remove.
    "DOCKER_HOST": "unix:///nonexistent/hol-local",
    # Functions inherit the server's environment: they must find neither real credentials nor a real endpoint.
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_FOREIGN = ("AWS_", "LOCALSTACK_", "MINISTACK_", "LAMBDA_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def configure(port: int, scratch: Path) -> None:
    """Set the environment that ministack reads at import; unpacked functions go below `scratch`."""
    for name in list(os.environ):
        if name.upper().startswith(_FOREIGN) or name.lower() in _PROXIES or name in ("SERVICES", "EDGE_PORT"):
            del os.environ[name]
    os.environ.update(_SETTINGS, GATEWAY_PORT=str(port))
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch)))
    tempfile.tempdir = str(scratch)


@functools.cache
def application() -> Application:
    """The emulator as an ASGI application; importing it takes most of a start."""
    import ministack.app
    from ministack.core import hypercorn_compat

    hypercorn_compat.install()
    app: Application = ministack.app.app
    return app


def end_functions() -> None:
    """End the worker processes of every function, with their unpacked code."""
    from hol.local.emulator import workers

    workers.close()


async def emulate(request: Request) -> Response:
    """The emulator's own answer to a request, whole; cookies are one a line in `set-cookie`."""
    status, headers, chunks = 500, {}, []

    async def receive() -> Message:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], _merged(message["headers"])
        else:
            chunks.append(message.get("body", b""))

    # A task of its own: the emulator keeps account, region and signature in context variables.
    await asyncio.create_task(_run(application()(_scope(request), receive, send)))
    return Response(status, headers, b"".join(chunks))


async def _run(answering: Awaitable[None]) -> None:
    await answering


def _merged(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joint = "\n" if name == "set-cookie" else ", "
        merged[name] = f"{merged[name]}{joint}{value}" if name in merged else value
    return merged


def _raw_headers(request: Request) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in request.headers.items()]


def _scope(request: Request) -> Message:
    headers = [pair for pair in _raw_headers(request) if pair[0] != b"content-length"]
    if request.body or "content-length" in request.headers:
        headers.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request.method,
        "path": request.path,
        "raw_path": request.raw_path.encode("latin-1"),
        "query_string": urlencode(request.query, doseq=True).encode(),
        "headers": headers,
        "client": ("127.0.0.1", 0),
    }


def account_of(request: Request) -> str:
    """The account that the request acts in: that of its key, else the default one."""
    return _in_context(lambda: (_act(request), _account())[1])


def authorize(request: Request, action: str, resource_arn: str) -> Response | None:
    """IAM's word on the signer: None when allowed, else the denial in the protocol of the request.

    Account roots (any 12-digit key) pass; roles and users need a policy that allows `action` on `resource_arn`.
    """
    return _in_context(lambda: _authorize(request, action, resource_arn))


def _in_context(work: Callable[[], _T]) -> _T:
    return contextvars.copy_context().run(work)


def _account() -> str:
    from ministack.core.responses import get_account_id

    return str(get_account_id())


def _enter(request: Request) -> str:
    """Make the request the current one of the emulator; returns its access key."""
    from ministack.core import iam_evaluator

    key = _act(request)
    iam_evaluator.pin_request_origin("127.0.0.1", False)
    iam_evaluator.pin_signed_request(request.method, request.raw_path, dict(request.query), _raw_headers(request))
    iam_evaluator.pin_signed_body(request.body)
    return key


def _act(request: Request) -> str:
    """Make the request's account and region the current ones; returns its access key."""
    from ministack.app import _request_account_scope
    from ministack.core import responses

    key = request.credential[0] if request.credential else ""
    responses.set_request_account_id(_request_account_scope(key) if key else "")
    responses.set_request_region(request.region)
    return key


def _authorize(request: Request, action: str, resource_arn: str) -> Response | None:
    from ministack.core.iam_actions import access_denied_response, identity_denial_message
    from ministack.core.iam_evaluator import AuthError, enforce

    key = _enter(request)
    service = action.partition(":")[0]
    denied = enforce(key, action, service, request.region, resource_arn=resource_arn)
    if denied is None:
        return None
    if isinstance(denied, AuthError):
        status, headers, body = access_denied_response(
            service, action, "", "", error_code=denied.code, message=denied.message, headers=dict(request.headers)
        )
        return Response(status, {name.lower(): value for name, value in headers.items()}, body)
    explicit = denied.decision == "Deny"
    return _denial(request, identity_denial_message(action, denied.principal_arn, resource_arn, explicit))


def _denial(request: Request, message: str) -> Response:
    code = "AccessDeniedException"
    if "x-amz-target" in request.headers:
        return Response.of_json(400, {"__type": code, "Message": message})
    return Response.of_json(403, {"Message": message}, x_amzn_errortype=code)


def root_request(account: str, region: str, service: str, method: str, path: str, **changes: Any) -> Request:
    """A request signed by the root of `account`, to be given to `emulate`; `changes` are more fields of Request."""
    signature = f"Credential={account}/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
    headers = {"host": "localhost", "authorization": f"AWS4-HMAC-SHA256 {signature}", **changes.pop("headers", {})}
    return Request(method, path, changes.pop("raw_path", path), changes.pop("query", {}), headers, **changes)


# IAM roles


def role(arn: str) -> Record | None:
    """The role record of an ARN, None when there is none of exactly that ARN."""
    from ministack.services import iam

    account, name = (arn.split(":") + [""] * 5)[4], arn.rsplit("/", 1)[-1]
    found: Record | None = iam._roles.get_scoped(account, None, name)
    return found if found and found.get("Arn") == arn else None


def role_trusts(arn: str, service: str) -> bool:
    """Whether that role exists and its trust policy lets `service` (as `lambda.amazonaws.com`) assume it."""
    from ministack.core.iam_evaluator import parse_policy_document

    found = role(arn)
    if not found:
        return False
    document = found.get("AssumeRolePolicyDocument") or "{}"
    statements = _document(document).get("Statement", [])
    allowed = [s for s in ([statements] if isinstance(statements, dict) else statements) if s.get("Effect") == "Allow"]
    services = [(s.get("Principal") or {}).get("Service", []) for s in allowed if isinstance(s.get("Principal"), dict)]
    return bool(parse_policy_document(document)) and any(
        service == one for names in services for one in ([names] if isinstance(names, str) else names)
    )


def _document(document: object) -> Record:
    parsed = json.loads(document) if isinstance(document, str) else document
    return parsed if isinstance(parsed, dict) else {}


# S3


async def get_object(account: str, region: str, bucket: str, key: str) -> bytes | None:
    """An object as the root of `account` reads it; None when it is not there or not readable."""
    path = f"/{bucket}/{key}"
    answer = await emulate(root_request(account, region, "s3", "GET", path, raw_path=quote(path)))
    return answer.body if answer.status == 200 else None


async def anonymous_get(bucket: str, key: str, method: str, headers: dict[str, str]) -> Response:
    """An object as the public reads it (`method` GET or HEAD): object ACL, policy and public access block count."""
    path = f"/{bucket}/{key}"
    kept = {name: value for name, value in headers.items() if name not in ("authorization", "host")}
    return await emulate(Request(method, path, quote(path), {}, {"host": "localhost", **kept}))


def website_configuration(bucket: str) -> dict[str, str | None] | None:
    """`{"index": "index.html", "error": "error.html" or None}` of a bucket of any account; None without one."""
    from ministack.services import s3

    for (_owner, name), document in s3._bucket_websites._data.items():
        if name == bucket:
            tree = ElementTree.fromstring(document)
            return {
                "index": tree.findtext("{*}IndexDocument/{*}Suffix") or None,
                "error": tree.findtext("{*}ErrorDocument/{*}Key") or None,
            }
    return None


def bucket_owner(bucket: str) -> str | None:
    """The account that owns the bucket, None when nobody does."""
    from ministack.services import s3

    return next((account for (account, name), _record in s3._buckets._data.items() if name == bucket), None)


def role_allows(arn: str, wanted: Mapping[str, str]) -> bool:
    """Whether a session of that role may do each action on its resource; false when there is no such role."""
    from ministack.core import iam_evaluator

    if not role(arn):
        return False
    account, name = arn.split(":")[4], arn.rsplit("/", 1)[-1]
    session = f"arn:aws:sts::{account}:assumed-role/{name}/hol"
    policies = iam_evaluator._gather_role_policies(name, account)
    asked = (
        iam_evaluator.EvalContext(session, "AssumedRole", account, action, on, "us-east-1")
        for action, on in wanted.items()
    )
    return all(iam_evaluator.evaluate(one, policies).decision == "Allow" for one in asked)
