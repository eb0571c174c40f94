"""Errors of the emulator in the protocol of the service that was asked, with a code: every client must be able to read them.

The emulator refuses some requests before it knows whose they are, in S3's XML or in JSON without a code.
"""

from __future__ import annotations

import json
import re
from html import unescape

from hol.local import constraints, operations
from hol.local.wire import Request, Response

_CODE = re.compile(rb"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(rb"<Message>([^<]*)</Message>")


def enveloped(request: Request, answer: Response) -> Response:
    """The answer, or an error as that service sends errors."""
    service = operations.service_of(request)
    if answer.status < 400 or not service or request.method == "HEAD" or _is_readable(service, answer):
        return answer
    code, message = _told(answer)
    sent = constraints.error(service, answer.status, code, message)
    kept = {name: value for name, value in answer.headers.items() if name.lower().startswith("x-amz")}
    return Response(sent.status, {**kept, **sent.headers}, sent.body)


def _is_readable(service: str, answer: Response) -> bool:
    if operations.protocol_of(service) == "query":
        return b"<Error>" in answer.body and b"<ErrorResponse" in answer.body
    data = _json(answer.body)
    return "x-amzn-errortype" in answer.headers or "__type" in data or "code" in data


def _told(answer: Response) -> tuple[str, str]:
    """Code and message, wherever they stand."""
    code, message = _CODE.search(answer.body), _MESSAGE.search(answer.body)
    if code:
        return code[1].decode(), unescape(message[1].decode("utf-8", "replace")) if message else ""
    data = _json(answer.body)
    kind = str(data.get("__type") or answer.headers.get("x-amzn-errortype") or "UnknownOperationException")
    said = data.get("message") or data.get("Message") or data.get("error") or "Unknown operation"
    return kind.rpartition("#")[2].partition(":")[0], str(said)


def _json(body: bytes) -> dict[str, object]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
