"""Answers of IAM and STS, in XML, as AWS words and shapes them.

Sentences are a table of patterns; members that AWS leaves out of an answer stand beside the action that gives it. Recorded from AWS.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs

from hol.local.wire import Request, Response

SERVICES = ("iam", "sts")
# The emulator's sentence, AWS's.
_SENTENCES = tuple(
    (re.compile(pattern), wanted)
    for pattern, wanted in (
        (rb"<Message>Policy (arn:[^<\s]+) not found\.</Message>", rb"<Message>Policy \1 was not found.</Message>"),
        (rb"<Message>Policy (arn:[^<\s]+) does not exist\.</Message>", rb"<Message>Policy \1 was not found.</Message>"),
    )
)
# Action → the member that its answer has only when the call gave the parameter.
_ONLY_WHEN_GIVEN = {
    "CreateRole": ("MaxSessionDuration", "MaxSessionDuration"),
    "AssumeRole": ("PackedPolicySize", "Policy"),
}


def corrected(request: Request, answer: Response) -> Response:
    """The answer in AWS's words and shape."""
    if request.service not in SERVICES:
        return answer
    body = _worded(answer.body) if answer.status >= 400 else _shaped(request, answer.body)
    return replace(answer, body=body, headers={**answer.headers, "content-length": str(len(body))})


def _worded(body: bytes) -> bytes:
    for pattern, wanted in _SENTENCES:
        body = pattern.sub(wanted, body)
    return body


def _shaped(request: Request, body: bytes) -> bytes:
    given = parse_qs(request.body.decode("utf-8", "replace"))
    member, parameter = _ONLY_WHEN_GIVEN.get(given.get("Action", [""])[0], ("", ""))
    if not member or parameter in given:
        return body
    return re.sub(rf"\s*<{member}>[^<]*</{member}>".encode(), b"", body)
