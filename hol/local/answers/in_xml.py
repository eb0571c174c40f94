"""Answers of IAM and STS, in XML, as AWS words and shapes them.

Sentences are a table of patterns; members that AWS leaves out of an answer stand beside the action that gives it. Recorded from AWS.
"""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from hol.local.emulator import core as emulator
from hol.local.wire import Request, Response

SERVICES = ("iam", "sts")
# The emulator's sentence, AWS's.
_SENTENCES = tuple(
    (re.compile(rb"<Message>" + pattern + rb"</Message>"), rb"<Message>" + wanted + rb"</Message>")
    for pattern, wanted in (
        (rb"Policy (arn:[^<\s]+) (?:not found|does not exist)\.", rb"Policy \1 was not found."),
        (rb"Role ([^<\s]+) not found\.", rb"The role with name \1 cannot be found."),
        (rb"Instance profile ([^<\s]+) not found\.", rb"Instance Profile \1 cannot be found."),
        (rb"Policy (arn:[^<\s]+) is not attached to \w+ [^<]+\.", rb"Policy \1 was not found."),
        (rb"A policy called ([^<]+) already exists\.", rb"A policy called \1 already exists. Duplicate names are not allowed."),
        (rb"A managed policy can have at most 5 versions\.",
         rb"A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version."),
        (rb"The account password policy does not exist\.", rb"The Password Policy with domain name {account} cannot be found."),
        (rb"Cannot delete entity, must delete all inline policies first\.", rb"Cannot delete entity, must delete policies first."),
        (rb"Cannot delete entity, must remove role from all instance profiles first\.",
         rb"Cannot delete entity, must remove roles from instance profile first."),
        (rb"Policy version (\w+) not found\.", rb"Policy {PolicyArn} version \1 does not exist or is not attachable."),
        (rb"Policy not found\.", rb"Policy {PolicyArn} was not found."),
        (rb"User: is not authorized([^<]*)", rb"User: arn:aws:iam::{account}:root is not authorized\1"),
        (rb"OIDC provider ([^<]+) not found\.", rb"OpenIDConnect Provider not found for arn \1"),
    )
)  # fmt: skip
# What no XML can hold stands in some answers as it came: no client could read them.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Action → the member that its answer has only when the call gave the parameter.
_ONLY_WHEN_GIVEN = {
    "CreateRole": ("MaxSessionDuration", "MaxSessionDuration"),
    "AssumeRole": ("PackedPolicySize", "Policy"),
}


def corrected(request: Request, answer: Response) -> Response:
    """The answer in AWS's words and shape."""
    if request.service not in SERVICES:
        return answer
    body = _worded(request, answer.body) if answer.status >= 400 else _shaped(request, answer.body)
    return replace(answer, body=body, headers={**answer.headers, "content-length": str(len(body))})


def _worded(request: Request, body: bytes) -> bytes:
    for pattern, wanted in _SENTENCES:
        body = pattern.sub(wanted, body)
    arn = parse_qs(request.body.decode("utf-8", "replace")).get("PolicyArn", [""])[0]
    body = body.replace(b"{account}", emulator.account_of(request).encode()).replace(
        b"{PolicyArn}", escape(arn).encode()
    )
    return _NOT_IN_XML.sub("?", body.decode("utf-8", "replace")).encode()


def _shaped(request: Request, body: bytes) -> bytes:
    given = parse_qs(request.body.decode("utf-8", "replace"))
    member, parameter = _ONLY_WHEN_GIVEN.get(given.get("Action", [""])[0], ("", ""))
    if not member or parameter in given:
        return body
    return re.sub(rf"\s*<{member}>[^<]*</{member}>".encode(), b"", body)
