"""S3 where the emulator is kinder than AWS: what this lab's "make public" runs into.

Added are the account's own Block Public Access (S3 Control, stronger than any bucket's), the expected bucket owner,
reserved bucket names, malformed website configurations and deletions of more than 1,000 keys, and AWS's wording when
Block Public Access refuses an ACL or a policy. An upload over an existing object makes it private again unless it
brings an ACL. All else of S3 is the emulator's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from hol.local.emulator import buckets as emulator_buckets
from hol.local.emulator import core as emulator
from hol.local.s3 import acl_requests, documents, numbers, object_answers, query_signature, requests
from hol.local.s3.acl_requests import MALFORMED, Refusal
from hol.local.s3.place import Place, place_of
from hol.local.wire import Emulator, Request, Response

ACCOUNT_BLOCK = "/v20180820/configuration/publicAccessBlock"
SETTINGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "origin", "range")
ACTIONS = {"GET": "s3:GetAccountPublicAccessBlock"}
MOST_DELETIONS = 1000
_NO_METHOD = "The specified method is not allowed against this resource."
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_VIRTUAL_HOST = re.compile(r"(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:[.-][a-z0-9-]+)?\.localhost|[a-z0-9][a-z0-9.-]+\.localhost")
_UNREADABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Answers S3 requests that the emulator would answer too kindly."""
    if request.path == ACCOUNT_BLOCK:
        return _account_block(request)
    if unbelieved := query_signature.refusal(request):
        return _error(403, *unbelieved)
    if request.service != "s3":
        return None
    place = place_of(request)
    expected = request.headers.get("x-amz-expected-bucket-owner")
    if expected is not None and not re.fullmatch(r"\d{12}", expected):
        why = f"The value of the expected bucket owner parameter must be an AWS Account ID... [{expected}]"
        return _error(400, "InvalidBucketOwnerAWSAccountID", why)
    if expected and emulator.bucket_owner(place.bucket) not in (None, expected):
        return _denied(request, "Access Denied")
    refused = numbers.refusal(request) or _malformed(request, place)
    if not refused and emulator.bucket_owner(place.bucket):
        refused = documents.refusal(request, place) or requests.refusal(request, place)
    if refused:
        return _error(400, *refused)
    if request.method == "GET" and "requestPayment" in request.query:  # the emulator reads it under another name
        request = replace(request, query={**request.query, "request-payment": [""]})
    answer = await emulate(request)
    if answer.status == 404 and place.key and await _is_acl_of_deleted(request, emulate):
        marker = (("Method", request.method), ("ResourceType", "DeleteMarker"))
        return _error(405, "MethodNotAllowed", _NO_METHOD, marker)
    if request.method == "PUT" and (place.key or {"acl", "policy"} & set(request.query)):
        answer = _after_writing(request, place, answer)
    return _readable(request, requests.worded(object_answers.corrected(request, place, answer)))


def _readable(request: Request, answer: Response) -> Response:
    """An error names the key; what no XML can hold is not in it."""
    if answer.status < 400 or not _UNREADABLE.search(answer.body):
        return answer
    body = _UNREADABLE.sub(b"?", answer.body)
    return replace(answer, body=body, headers={**answer.headers, "content-length": str(len(body))})


async def _is_acl_of_deleted(request: Request, emulate: Emulator) -> bool:
    by_version = request.method == "PUT" or "versionId" in request.query
    return "acl" in request.query and by_version and await _is_deleted(request, emulate)


async def _is_deleted(request: Request, emulate: Emulator) -> bool:
    """Whether the current version is a delete marker."""
    found = await emulate(replace(request, method="HEAD", query={}, body=b""))
    return found.headers.get("x-amz-delete-marker") == "true"


async def public(request: Request) -> Response:
    """An object as anybody may read it: nothing of the request counts but its address and its conditions."""
    place = place_of(request)
    kept = {name: request.headers[name] for name in CONDITIONS if name in request.headers}
    return await emulator.anonymous_get(place.bucket, place.key, request.method, kept)


def is_virtual_host(host: str) -> bool:
    """Whether it is S3's own name, or names a bucket: `bucket.localhost`, `bucket.s3.us-east-1.localhost`."""
    return _VIRTUAL_HOST.fullmatch(host) is not None


def _malformed(request: Request, place: Place) -> Refusal | None:
    """(code, message and, for some, more facts) of what AWS does not accept and the emulator does."""
    on_bucket = not place.key
    if request.method == "PUT" and "acl" in request.query and emulator.bucket_owner(place.bucket):
        return acl_requests.refusal(request.headers, request.body)
    if on_bucket and request.method == "PUT" and not request.query:
        reserved = place.bucket.startswith(RESERVED_PREFIXES) or place.bucket.endswith(RESERVED_SUFFIXES)
        return Refusal("InvalidBucketName", "The specified bucket is not valid.") if reserved else None
    if on_bucket and request.method == "PUT" and "website" in request.query:
        return _malformed_website(request.body)
    if on_bucket and request.method == "POST" and "delete" in request.query:
        too_many = request.body.count(b"<Key>") > MOST_DELETIONS
        return Refusal("MalformedXML", MALFORMED) if too_many else None
    return None


def _malformed_website(body: bytes) -> Refusal | None:
    try:
        tree = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return Refusal("MalformedXML", MALFORMED)
    if tree.find("{*}RedirectAllRequestsTo") is not None:
        return None
    suffix = tree.findtext("{*}IndexDocument/{*}Suffix")
    if not suffix or "/" in suffix:
        return Refusal("InvalidArgument", "The IndexDocument Suffix is not well formed")
    return None


def _after_writing(request: Request, place: Place, answer: Response) -> Response:
    if answer.status == 200 and place.key and not request.query and not _brings_acl(request):
        emulator_buckets.forget_object_acl(emulator.account_of(request), place.bucket, place.key)
        if "x-amz-tagging" not in request.headers and "x-amz-copy-source" not in request.headers:
            emulator_buckets.forget_object_tags(emulator.account_of(request), place.bucket, place.key)
    if answer.status != 403:
        return answer
    if b"public ACLs are prevented" in answer.body:
        why = "public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting."
    elif b"public policies are prevented" in answer.body:
        why = "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access."
    else:
        return answer
    user, action = emulator_buckets.caller_arn(request), _action(request, place)
    return _denied(
        request, f'User: {user} is not authorized to perform: {action} on resource: "{place.arn}" because {why}'
    )


def _brings_acl(request: Request) -> bool:
    return any(name == "x-amz-acl" or name.startswith("x-amz-grant-") for name in request.headers)


def _action(request: Request, place: Place) -> str:
    if "policy" in request.query:
        return "s3:PutBucketPolicy"
    return "s3:PutObjectAcl" if place.key else "s3:PutBucketAcl"


def _denied(request: Request, message: str) -> Response:
    if request.method == "HEAD":
        return Response(403, {"content-type": "application/xml", "x-amz-request-id": "0"})
    return _error(403, "AccessDenied", message)


def _error(status: int, code: str, message: str, facts: Iterable[tuple[str, str]] = ()) -> Response:
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in facts)
    said = f"<Message>{escape(message)}</Message>" if message else ""
    return _xml(status, f"<Error><Code>{code}</Code>{said}{more}</Error>")


# The account's Block Public Access


def _account_block(request: Request) -> Response:
    account = emulator.account_of(request)
    action = ACTIONS.get(request.method, "s3:PutAccountPublicAccessBlock")
    if not request.credential or request.headers.get("x-amz-account-id") != account:
        return _control_error(403, "AccessDenied", "Access Denied")
    if emulator.authorize(request, action, "*"):
        user = emulator_buckets.caller_arn(request)
        return _control_error(
            403,
            "AccessDenied",
            f"User: {user} is not authorized to perform: {action} because no identity-based policy allows the "
            f"{action} action",
        )
    if request.method == "GET":
        return _get_account_block(account)
    if request.method not in ("PUT", "DELETE"):
        return _control_error(405, "MethodNotAllowed", _NO_METHOD)
    return _change_account_block(request, account)


def _get_account_block(account: str) -> Response:
    settings = emulator_buckets.account_block(account)
    if settings is None:
        missing = "The public access block configuration was not found"
        return _control_error(404, "NoSuchPublicAccessBlockConfiguration", missing)
    lines = "".join(f"<{name}>{str(settings[name]).lower()}</{name}>" for name in SETTINGS)
    name = "PublicAccessBlockConfiguration"
    return _xml(200, f'<{name} xmlns="{_NAMESPACE}">{lines}</{name}>')


def _change_account_block(request: Request, account: str) -> Response:
    if request.method == "DELETE":
        emulator_buckets.set_account_block(account, None)
        return Response(204)
    try:
        tree = ElementTree.fromstring(request.body)
    except ElementTree.ParseError:
        return _control_error(400, "MalformedXML", MALFORMED)
    settings = {name: (tree.findtext(f"{{*}}{name}") or "").strip().lower() == "true" for name in SETTINGS}
    emulator_buckets.set_account_block(account, settings)
    return Response(201)


def _control_error(status: int, code: str, message: str) -> Response:
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return _xml(status, f'<ErrorResponse xmlns="{_NAMESPACE}">{error}</ErrorResponse>')


def _xml(status: int, document: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()
    return Response(status, {"content-type": "application/xml", "x-amz-request-id": "0"}, body)
