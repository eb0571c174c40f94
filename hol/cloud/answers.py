"""Whether an answer is AWS's at all, and the whole of it.

On the way to AWS a company's proxy or a captive portal may answer in its place: an HTML page with status 200, a
redirect, nothing. botocore makes an empty answer of much of that, from which nothing follows about the account. Here
each answer is looked at before it is parsed, and after: its form is the service's, and what the operation always has
is there. Bodies that are streamed are read to their end, so that one that breaks off is a lost answer.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any, TypeAlias
from xml.etree import ElementTree

from botocore.exceptions import BotoCoreError
from botocore.parsers import ResponseParserError

from hol.cloud.models import Client, Operation

Structure: TypeAlias = dict[
    str, Any
]  # of AWS's: an answer, an argument, or a part of one, as botocore gives and takes it

# Members of the answer that an operation always has, besides those that its description requires.
ALWAYS: Mapping[str, tuple[str, ...]] = {
    "sts.get_caller_identity": ("Account", "Arn"),
    "apigateway.create_rest_api": ("id",),
    "apigateway.create_deployment": ("id",),
    "apigateway.get_resources": ("items",),
    "apigateway.get_stage": ("stageName", "deploymentId"),
    "apigateway.put_method": ("httpMethod",),
    "apigateway.put_integration": ("type",),
    "apigateway.put_method_response": ("statusCode",),
    "apigateway.put_integration_response": ("statusCode",),
    "apigateway.test_invoke_method": ("status",),
    "lambda.get_function": ("Configuration",),
    "lambda.create_function": ("FunctionName",),
    "lambda.get_function_configuration": ("FunctionName",),
    "lambda.update_function_configuration": ("FunctionName",),
    "lambda.update_function_code": ("FunctionName",),
    "lambda.get_policy": ("Policy",),
    "lambda.add_permission": ("Statement",),
    "lambda.get_account_settings": ("AccountLimit",),
    "logs.describe_log_groups": ("logGroups",),
    "scheduler.get_schedule_group": ("Name",),
    "scheduler.get_schedule": ("Name", "ScheduleExpression"),
    "s3.put_object": ("ETag",),
    "s3.get_object": ("ETag",),
    "s3.head_object": ("ETag", "ContentLength"),
    "s3.get_object_acl": ("Grants",),
    "s3.list_buckets": ("Buckets",),
    "s3.get_bucket_ownership_controls": ("OwnershipControls",),
    "s3.get_public_access_block": ("PublicAccessBlockConfiguration",),
}
_REQUEST_IDS = ("x-amzn-requestid", "x-amz-request-id")
# botocore reads all of a service's shapes to tell its errors apart, 30 ms of work, in each thread that does not find it done.
_TELLING_ERRORS_APART = threading.Lock()
_ERROR_KEYS = {"__type", "code", "Code", "message", "Message", "Type"}


class StrangeAnswer(BotoCoreError):  # type: ignore[misc]  # botocore has no types
    """What came is not the service's answer; `status` is its HTTP status."""

    fmt = "{said} (HTTP status {status})"

    @property
    def status(self) -> int:
        return int(self.kwargs["status"])


def watch(client: Client) -> None:
    """Let the client raise `StrangeAnswer` for what is not its service's answer."""
    client.meta.events.register("before-parse", _look)


def whole(client: Client, operation: str, arguments: Mapping[str, object]) -> Structure:
    """The answer of the operation (`service.name`), a streamed body as bytes. Raises botocore's errors."""
    name = operation.split(".")[1]
    try:
        answer: Structure = getattr(client, name)(**arguments)
    except ResponseParserError as error:
        raise StrangeAnswer(said=str(error), status=0) from error
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name])
    shape = model.output_shape
    missing = [
        one for one in (*ALWAYS.get(operation, ()), *getattr(shape, "required_members", ())) if one not in answer
    ]
    if missing:
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        raise StrangeAnswer(said=f"the answer lacks {', '.join(dict.fromkeys(missing))}", status=status)
    if model.has_streaming_output:
        body = shape.serialization["payload"]
        answer[body] = answer[body].read()
        if not answer[body] and "ETag" not in answer:
            raise StrangeAnswer(said="it is empty", status=answer["ResponseMetadata"]["HTTPStatusCode"])
    return answer


def _look(operation_model: Operation, response_dict: Structure, **_: object) -> None:
    status = response_dict["status_code"]
    headers = {name.lower(): value for name, value in response_dict["headers"].items()}
    body = b"" if operation_model.has_streaming_output and status < 300 else response_dict["body"]
    said = _wrong(operation_model, status, headers, body)
    if said:
        raise StrangeAnswer(said=said, status=status)
    if status >= 300:
        with _TELLING_ERRORS_APART:
            operation_model.service_model.shape_for_error_code("")


def _wrong(model: Operation, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """What is strange about the answer; "" when nothing is."""
    signed = any(name in headers for name in _REQUEST_IDS)
    if model.http.get("method") == "HEAD":  # its Content-Type is the object's
        return "" if signed else "it bears no request id"
    streamed = model.has_streaming_output and status < 300
    if headers.get("content-type", "").startswith("text/html") and not (streamed and "etag" in headers):
        return "it is an HTML page"
    if streamed:
        return ""
    if not body.strip() and model.service_model.metadata["protocol"] == "query":  # which always answers with a document
        return "" if status >= 500 else "it is empty"
    if not body.strip():
        return "" if status >= 500 or (signed and not _says_something(model, status)) else "it is empty"
    if _is_document(model) and status < 300:
        return ""
    if model.service_model.metadata["protocol"] in ("json", "rest-json"):
        return _wrong_json(model, status, headers, body)
    return _wrong_xml(model, status, body)


def _is_document(model: Operation) -> bool:
    """Whether the whole body is one text, such as a bucket policy, in no form of the service's."""
    shape = model.output_shape
    payload = shape.members[shape.serialization["payload"]] if shape and "payload" in shape.serialization else None
    return payload is not None and payload.type_name in ("string", "blob")


def _says_something(model: Operation, status: int) -> bool:
    """Whether the operation answers with a body."""
    members = model.output_shape.members.values() if model.output_shape and status in (200, 201) else ()
    return any("location" not in member.serialization for member in members)


def _wrong_json(model: Operation, status: int, headers: Mapping[str, str], body: bytes) -> str:
    try:
        said = json.loads(body)
    except ValueError:
        return "it is not JSON, or only a part of it"
    if not isinstance(said, dict):
        return "it is not a JSON object"
    if status >= 300:
        return "" if _ERROR_KEYS & set(said) or "x-amzn-errortype" in headers else "it is no error of AWS's"
    shape = model.output_shape
    known = {m.serialization.get("name", name) for name, m in shape.members.items()} if shape else set()
    return "it has none of the operation's members" if said and known and not known & set(said) else ""


def _wrong_xml(model: Operation, status: int, body: bytes) -> str:
    try:
        root = ElementTree.fromstring(body).tag.rpartition("}")[2]
    except ElementTree.ParseError:
        return "it is not XML, or only a part of it"
    if status >= 300:
        return "" if root in ("Error", "ErrorResponse") else "it is no error of AWS's"
    expected = f"{model.name}Response" if model.service_model.metadata["protocol"] == "query" else ""
    return f"it is <{root}>" if root.lower() == "html" or (expected and root != expected) else ""
