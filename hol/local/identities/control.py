"""What IAM refuses where the emulator accepts: policy documents that are none, and policies that are not there.

Recorded from AWS: a trust that is no JSON, attaching a policy that is not there, an ARN that is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

from hol.local.constraints import error
from hol.local.emulator import core as emulator
from hol.local.identities import policies
from hol.local.wire import Emulator, Request, Response

# Action → the parameter that holds a policy document, and of what kind.
_DOCUMENTS: Mapping[str, tuple[str, policies.Kind]] = {
    "CreateRole": ("AssumeRolePolicyDocument", "trust"),
    "UpdateAssumeRolePolicy": ("PolicyDocument", "trust"),
    "CreatePolicy": ("PolicyDocument", "managed"),
    "CreatePolicyVersion": ("PolicyDocument", "managed"),
    "PutRolePolicy": ("PolicyDocument", "inline"),
    "PutUserPolicy": ("PolicyDocument", "inline"),
    "PutGroupPolicy": ("PolicyDocument", "inline"),
}
_ATTACHING = ("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
_POLICY = re.compile(r"arn:[\w-]+:iam::(?P<account>\d{12}|aws):policy/.+")
# AWS has more than a thousand of its own, of which the emulator knows a few: whatever is named as they are is one.
_MANAGED = re.compile(
    r"arn:[\w-]+:iam::aws:policy/([\w-]+/)*\w*(Access|Role|Policy|Admin\w*|Permissions?|ReadOnly|User|Audit\w*|Only|Execute|Billing)(_?[vV]\d+)?"
)
_SEVERAL = "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
_UNPARSED = "Invalid ARN:  Could not be parsed!"


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what IAM refuses; None for everything else."""
    if request.service != "iam":
        return None
    given = {
        name: values[0]
        for name, values in parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True).items()
    }
    refused = _wrong_document(given) or await _wrong_policy(request, given, emulate)
    if refused is None:
        return None
    return emulator.authorize(request, f"iam:{given['Action']}", "*") or refused


def _wrong_document(given: Mapping[str, str]) -> Response | None:
    parameter, kind = _DOCUMENTS.get(given.get("Action", ""), ("", "trust"))
    wrong = policies.fault(given[parameter], kind) if parameter in given else ""
    return error("iam", 400, "MalformedPolicyDocument", wrong) if wrong else None


async def _wrong_policy(request: Request, given: Mapping[str, str], emulate: Emulator) -> Response | None:
    action, arn = given.get("Action", ""), given.get("PolicyArn", "")
    if action in _ATTACHING:
        return await _not_attachable(request, arn, emulate)
    if action == "DeletePolicy":
        answer = await _asked(request, emulate, Action="ListPolicyVersions", PolicyArn=arn)
        several = answer.status < 300 and answer.body.count(b"<VersionId>") > 1
        return error("iam", 409, "DeleteConflict", _SEVERAL) if several else None
    return None


async def _not_attachable(request: Request, arn: str, emulate: Emulator) -> Response | None:
    if not _POLICY.fullmatch(arn):
        return error("iam", 400, "ValidationError", _UNPARSED)
    # Who may not look at the policy may attach it all the same.
    known = _MANAGED.fullmatch(arn) or (await _asked(request, emulate, Action="GetPolicy", PolicyArn=arn)).status != 404
    return None if known else error("iam", 404, "NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")


async def _asked(request: Request, emulate: Emulator, **parameters: str) -> Response:
    """The emulator's answer to another question of the same caller."""
    body = urlencode({**parameters, "Version": "2010-05-08"}).encode()
    return await emulate(request.with_body(body))
