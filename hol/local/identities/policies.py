"""What IAM refuses of a policy document, in its own words: a role's trust, and what an identity is allowed.

The grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html; the sentences are those that IAM is publicly
known to answer with, the one for what is no JSON is recorded. The first fault is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from botocore.session import get_session

Kind = Literal["trust", "inline", "managed"]
_SYNTAX = "Syntax errors in policy."
_VERSIONS = ("2012-10-17", "2008-10-17")
_ACTION = re.compile(r"\*|[\w-]+:[\w*?-]+")
_ARN = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:.+|\*|\$\{.+", re.DOTALL)
_SERVICE = re.compile(
    r"(?:[\w-]+\.)*?(?P<name>[\w-]+)(?:\.[a-z]{2}(?:-[a-z]+)+-\d)?\.(?P<end>amazonaws\.com(?:\.cn)?|amazon\.com|aws\.internal)"
)
# Services that sign in to roles under a name that no API has, and some whose API botocore no longer has.
_OTHER_SERVICES = frozenset((
    "a4b", "alexaforbusiness", "billingconsole", "bugbust", "codestar", "deeplens", "deepracer", "diode",
    "ec2fleet", "ec2scheduled", "edgelambda", "elastic-inference", "elastictranscoder", "emrwal", "evidently",
    "honeycode", "iot1click", "iotanalytics", "iotevents", "iotfleethub", "iotmanagedintegrations", "iotroborunner",
    "lexv2", "lookoutmetrics", "lookoutvision", "macie", "mobile", "mobilehub", "nimble", "opensearchservice",
    "opsworks", "opsworks-cm", "panorama", "private-networks", "purchaseorders", "qldb", "quicksetup", "robomaker",
    "simspaceweaver", "sms", "spot", "spotfleet", "sumerian", "transitgateway", "verified-access", "vmie",
    "vpc-flow-logs", "vpce", "wam", "worklink",
))  # fmt: skip
_MEMBERS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}


def fault(text: str, kind: Kind) -> str:
    """The first thing that is wrong with the document; "" when nothing is."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return "This policy contains invalid Json"
    if not isinstance(document, Mapping):
        return _SYNTAX
    return next(_faults(document, kind), "")


def _faults(document: Mapping[str, object], kind: Kind) -> Iterator[str]:
    statements = _listed(document.get("Statement"))
    if document.keys() - {"Version", "Id", "Statement"} or not statements:
        yield _SYNTAX
    if "Version" in document and document["Version"] not in _VERSIONS:
        yield _SYNTAX
    if kind == "managed" and document.get("Version") != "2012-10-17":
        yield "Policy document must be version 2012-10-17 or greater."
    for one in statements:
        wrong_form = not isinstance(one, Mapping) or one.keys() - _MEMBERS or one.get("Effect") not in ("Allow", "Deny")
        yield from [_SYNTAX] if wrong_form else (_of_trust(one) if kind == "trust" else _of_identity(one))
    named = [one["Sid"] for one in statements if isinstance(one, Mapping) and one.get("Sid")]
    if len(set(map(str, named))) < len(named):
        yield "Statement IDs (SID) in a single policy must be unique."


def _of_trust(statement: Mapping[str, object]) -> Iterator[str]:
    if "Resource" in statement or "NotResource" in statement:
        yield "Has prohibited field Resource"
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if not principal:
        yield "Missing required field Principal cannot be empty!"
    actions = _listed(statement.get("Action", statement.get("NotAction")))
    if not actions:
        yield "Missing required field Action cannot be empty!"
    if any(not str(one).startswith("sts:") and one != "*" for one in actions):
        yield "AssumeRole policy may only specify STS AssumeRole actions."
    for service in _listed(principal.get("Service")) if isinstance(principal, Mapping) else ():
        if not is_service(str(service)):
            yield f'Invalid principal in policy: "SERVICE":"{service}"'


def is_service(principal: str) -> bool:
    """Whether it may be one of AWS's services: one that botocore has, or a part of one (`ecs-tasks`, `ops.apigateway`)."""
    found = _SERVICE.fullmatch(principal.lower())
    if found is None:
        return False
    if found["end"] == "amazon.com":  # Alexa's skills are the only ones
        return found["name"].startswith("alexa")
    first = found["name"].partition("-")[0]
    return found["end"] == "aws.internal" or bool({found["name"], first} & _services())


@cache
def _services() -> frozenset[str]:
    """The names under which botocore knows the services: its own, and those of their endpoints."""
    session = get_session()
    partitions = session.get_component("data_loader").load_data("endpoints")["partitions"]
    endpoints = {name.rpartition(".")[2] for one in partitions for name in one["services"]}
    return _OTHER_SERVICES | endpoints.union(session.get_available_services())


def _of_identity(statement: Mapping[str, object]) -> Iterator[str]:
    if "Principal" in statement or "NotPrincipal" in statement:
        yield "Policy document should not specify a principal."
    actions = _listed(statement.get("Action", statement.get("NotAction")))
    resources = _listed(statement.get("Resource", statement.get("NotResource")))
    if not re.fullmatch("[0-9A-Za-z]*", str(statement.get("Sid", ""))):
        yield "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    if not actions:
        yield "Policy statement must contain actions."
    if not resources:
        yield "Policy statement must contain resources."
    if any(not _ACTION.fullmatch(str(one)) for one in actions):
        yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    for one in resources:
        if not _ARN.fullmatch(str(one)):
            yield f'Resource {one} must be in ARN format or "*".'


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]
