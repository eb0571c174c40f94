"""What S3 refuses of a request's parameters and of a bucket policy, and its own sentences where the emulator has others.

Source of the sentences: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, and public reports of S3's answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from hol.local.s3.acl_requests import Refusal
from hol.local.s3.place import Place
from hol.local.wire import Request, Response

_LONGEST_KEY = 1024
_VERSION = re.compile(r"null|[\w.-]{32,40}")
_METHODS = (b"GET", b"PUT", b"POST", b"DELETE", b"HEAD")
_SENTENCES = tuple(
    (re.compile(rb"<Message>" + pattern + rb"</Message>"), rb"<Message>" + wanted + rb"</Message>")
    for pattern, wanted in (
        (rb"The specified multipart upload does not exist\.[^<]*",
         rb"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
        (rb"One or more of the specified parts could not be found\.[^<]*",
         rb"One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not "
         rb"match the part's entity tag."),
        (rb"(The XML you provided was not well-formed or did not validate against our published schema)\.", rb"\1"),
        (rb"Provided max-keys not an integer or within integer range", rb"Argument maxKeys must be an integer between 0 and 2147483647"),
        (rb"Invalid x-amz-server-side-encryption value: [^<]*", rb"The encryption method specified is not supported"),
    )
)  # fmt: skip


def worded(answer: Response) -> Response:
    """An error in S3's own words."""
    if answer.status < 400:
        return answer
    body = answer.body
    for pattern, wanted in _SENTENCES:
        body = pattern.sub(wanted, body)
    return (
        replace(answer, body=body, headers={**answer.headers, "content-length": str(len(body))})
        if body != answer.body
        else answer
    )


def refusal(request: Request, place: Place) -> Refusal | None:
    """Why S3 does not take the request, in a bucket that is there."""
    query = {name: values[0] for name, values in request.query.items()}
    if len(place.key.encode()) > _LONGEST_KEY:
        return Refusal("KeyTooLongError", "Your key is too long")
    if place.key and "versionId" in query and not _VERSION.fullmatch(query["versionId"]):
        return Refusal("InvalidArgument", "Invalid version id specified")
    if request.method == "GET" and not place.key:
        return _wrong_list(query)
    if request.method == "PUT" and not place.key and "policy" in query:
        return _wrong_policy(request.body, place.bucket)
    if request.method == "PUT" and not place.key and "cors" in query:
        return _wrong_method(request.body)
    return None


def _wrong_list(query: Mapping[str, str]) -> Refusal | None:
    if query.get("continuation-token") == "":
        return Refusal("InvalidArgument", "The continuation token provided is incorrect")
    if query.get("encoding-type", "url") != "url":
        return Refusal("InvalidArgument", "Invalid Encoding Method specified in Request")
    return None


def _wrong_policy(body: bytes, bucket: str) -> Refusal | None:
    try:
        policy = json.loads(body)
    except (ValueError, RecursionError):
        policy = None
    if not isinstance(policy, Mapping):
        return Refusal("MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
    statements = policy.get("Statement")
    for one in statements if isinstance(statements, list) else [statements]:
        wrong = _wrong_statement(one, bucket) if isinstance(one, Mapping) else "Missing required field Statement"
        if wrong:
            return Refusal("MalformedPolicy", wrong)
    return None


def _wrong_statement(statement: Mapping[str, object], bucket: str) -> str:
    for names in (("Effect",), ("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")):
        if not any(statement.get(one) for one in names):
            return f"Missing required field {names[0]}"
    resources = statement.get("Resource", statement.get("NotResource"))
    for one in resources if isinstance(resources, list) else [resources]:
        if (
            str(one).rpartition(":::")[2].partition("/")[0] not in (bucket, "*")
            and "*" not in str(one).partition("/")[0]
        ):
            return "Policy has invalid resource"
    return ""


def _wrong_method(body: bytes) -> Refusal | None:
    for method in re.findall(rb"<AllowedMethod>([^<]*)</AllowedMethod>", body):
        if method not in _METHODS:
            said = method.decode("utf-8", "replace")
            return Refusal(
                "InvalidRequest", f"Found unsupported HTTP method in CORS config. Unsupported method is {said}"
            )
    return None
