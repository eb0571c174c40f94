"""A look at the role: who may assume it, and what it may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hol.aws import functions, logs, managed
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, judged
from hol.teach.grade.iam import Call, Policy
from hol.teach.grade.near import peek, peek_all, similar
from hol.words.text import Text, t

_FOUND, _HELD = Kind[Any]("graded role"), Kind[list[Policy]]("graded policies")
_ROLE = t("IAM → Roles → the role")
_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
# What AWS's own policies allow where they cannot be read.
_KNOWN = {"AWSLambdaBasicExecutionRole": "logs:*", "AWSLambda_FullAccess": "logs:*", "AdministratorAccess": "*"}


def grade(lab: Lab) -> Iterator[Finding]:
    """Lambda may assume it, and it may write logs; by which policy does not matter."""
    name = lab.config.role.name
    found = the_role(lab, name)
    mend = t("IAM → Roles → Create role → AWS service → Lambda, with exactly this name: {}", name)
    yield judged("missing", found, t("role {}", name), _missing(lab, name) if not found else t("{}", ""), mend)
    if not found:
        return
    yield _trust(lab, found["AssumeRolePolicyDocument"])
    yield from _logs(lab, name)


def _missing(lab: Lab, name: str) -> Text:
    near = similar(lab, name, [one["RoleName"] for one in peek_all(lab, "iam.list_roles")])
    return t("there is {} instead: compare it letter by letter", near) if near else t("there is no such role")


def the_role(lab: Lab, name: str) -> Any:
    """The role as it is; None without one."""
    answer = lab.once(_FOUND(name), lambda: lab.find("iam.get_role", "NoSuchEntity", RoleName=name))
    if answer:
        lab.require_own(t("the role {}", name), answer["Role"].get("Tags"))
    return answer and answer["Role"]


def function_arn(lab: Lab) -> str:
    return lab.cloud.arn("lambda", f"function:{lab.config.function.name}")


def _trust(lab: Lab, document: Any) -> Finding:
    """Lambda may take the role for this function."""
    context = {"aws:SourceAccount": lab.cloud.account, "aws:SourceArn": function_arn(lab)}
    call = Call("sts:AssumeRole", "*", context)
    trusted = [one for one in iam.statements([document]) if "lambda.amazonaws.com" in iam.services(one)]
    allowed = any(iam.applies(one, call) for one in trusted)
    denied = any(iam.applies(one, call) for one in iam.statements([document], "Deny"))
    mend = t("{} → Trust relationships → Edit trust policy: {}", _ROLE, _as_it_should_be())
    return judged(
        "trust", allowed and not denied, t("trust policy of the role"), _mistrust(document, trusted, denied), mend
    )


def _as_it_should_be() -> str:
    allow = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [allow]})


def _mistrust(document: Any, trusted: list[iam.Statement], denied: bool) -> Text:
    if denied:
        return t("a statement with the effect {} forbids it", "Deny")
    if not trusted:
        others = [name for one in iam.statements([document]) for name in iam.services(one)]
        return t("it trusts {}, not lambda.amazonaws.com", ", ".join(others) or t("nobody"))
    if conditions := [said for one in trusted if (said := iam.condition_shown(one))]:
        return t("its condition does not hold for this function: {}", ", ".join(conditions))
    return t(
        "it allows {}, not {}", iam.shown(a for s in trusted for a in iam.listed(s.get("Action"))), "sts:AssumeRole"
    )


def policies(lab: Lab, role: str) -> list[Policy]:
    """Every policy that meets the role: inline, attached, and its boundary."""

    def read() -> list[Policy]:
        attached = lab.pages("iam.list_attached_role_policies", "NoSuchEntity", RoleName=role)
        found = [Policy(one["PolicyName"], "attached", _managed(lab, one["PolicyArn"])) for one in attached]
        for name in lab.pages("iam.list_role_policies", "NoSuchEntity", RoleName=role):
            answer = lab.find("iam.get_role_policy", "NoSuchEntity", RoleName=role, PolicyName=name)
            if answer is not None:  # else it has been deleted since it was listed
                found.append(Policy(name, "inline", answer["PolicyDocument"]))
        bounds = (the_role(lab, role) or {}).get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
        return [*found, *([Policy(bounds.rpartition("/")[2], "boundary", _managed(lab, bounds))] if bounds else [])]

    return lab.once(_HELD(role), read)


def _managed(lab: Lab, arn: str) -> Any:
    """The document of a managed policy as it is now."""
    known = _KNOWN.get(arn.rpartition("/")[2]) if ":iam::aws:" in arn else None
    found = None if known else peek(lab, "iam.get_policy", "NoSuchEntity", PolicyArn=arn)
    if not found:
        return {"Statement": [{"Effect": "Allow", "Action": known, "Resource": "*"}] if known else []}
    version = found["Policy"]["DefaultVersionId"]
    return lab.read("iam.get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def log_calls(lab: Lab) -> list[Call]:
    """What the function asks of CloudWatch Logs."""
    stream = f"{logs.arn(lab, functions.log_group(lab.config.function.name))}:log-stream:x"
    return [Call(action, stream, {"aws:RequestedRegion": lab.cloud.region}) for action in _LOGS]


def _logs(lab: Lab, role: str) -> Iterator[Finding]:
    held = policies(lab, role)
    verdicts = [iam.verdict(held, call) for call in log_calls(lab)]
    wrong = next((one for one in verdicts if not one.allowed), None)
    if wrong and wrong.bounded:
        yield bounded(wrong.bounded, _LOGS[1])
        return
    what = t("permission to write logs")
    if wrong and wrong.denied:
        said = t("the policy {} denies it", wrong.denied.name)
        yield Finding(
            "logs",
            what,
            said,
            t("{} → Permissions: detach or delete {}", _ROLE, wrong.denied.name),
            harmless=not iam.covers(
                [str(a).lower() for a in iam.listed((wrong.statement or {}).get("Action"))], "sagemaker:invokeendpoint"
            ),
            theirs=True,
        )
        return
    resources = iam.shown(iam.written(held, "Resource", "logs:"))
    said = t("no policy of the role allows {} for its own log group (resource: {})", " + ".join(_LOGS), resources)
    mend = t("{} → Add permissions → Attach policies → {}", _ROLE, managed.BASIC)
    yield judged("logs", wrong is None, what, said, mend, harmless=True)


def bounded(boundary: Policy, action: str) -> Finding:
    """The finding for a boundary that does not allow it, whatever the policies say."""
    wrong = t("the permissions boundary {} does not allow {}, whatever the policies allow", boundary.name, action)
    mend = t("{} → Permissions boundary → Remove boundary", _ROLE)
    return Finding("boundary", t("permissions boundary of the role"), wrong, mend, theirs=True)
