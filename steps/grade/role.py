"""A look at the role: who may assume it, and what it may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import functions, logs, managed
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, allows, judged, services
from hol.words.text import t

_BASIC = f"service-role/{managed.BASIC}"
_ROLE = Kind[Any]("graded role")


def grade(lab: Lab) -> Iterator[Finding]:
    """Lambda may assume it, and it may write logs; by which policy does not matter."""
    name = lab.config.role.name
    found = the_role(lab, name)
    what = t("role {}", name)
    mend = t("IAM → Roles → Create role → AWS service → Lambda, with exactly this name")
    yield judged("role", found, what, t("there is no such role"), mend)
    if not found:
        return
    trusted = services(found["AssumeRolePolicyDocument"])
    yield judged(
        "trust",
        "lambda.amazonaws.com" in trusted,
        t("trust policy of the role"),
        t("it trusts {}, not lambda.amazonaws.com", ", ".join(trusted) or t("nobody")),
        t("IAM → the role → Trust relationships → Edit trust policy: set the Service to lambda.amazonaws.com"),
    )
    yield judged(
        "logs",
        _may_log(lab, name),
        t("permission to write logs"),
        t("no policy of the role allows logs:CreateLogStream and logs:PutLogEvents"),
        t("IAM → the role → Add permissions → Attach policies → {}", managed.BASIC),
    )


def the_role(lab: Lab, name: str) -> Any:
    """The role as it is; None without one."""
    answer = lab.once(_ROLE(name), lambda: lab.find("iam.get_role", "NoSuchEntity", RoleName=name))
    if answer:
        lab.require_own(t("the role {}", name), answer["Role"].get("Tags"))
    return answer and answer["Role"]


def _may_log(lab: Lab, role: str) -> bool:
    attached = lab.pages("iam.list_attached_role_policies", "NoSuchEntity", RoleName=role)
    arns = [policy["PolicyArn"] for policy in attached]
    if any(
        arn.endswith((f"aws:policy/{_BASIC}", "aws:policy/AWSLambda_FullAccess", "/AdministratorAccess"))
        for arn in arns
    ):
        return True
    documents = [*(_managed(lab, arn) for arn in arns), *(document for _, document in inline(lab, role))]
    stream = f"{logs.arn(lab, functions.log_group(lab.config.function.name))}:log-stream:x"
    return all(allows(documents, f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents"))


def _managed(lab: Lab, arn: str) -> Any:
    found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=arn)
    if not found:
        return {}
    version = found["Policy"]["DefaultVersionId"]
    return lab.read("iam.get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def inline(lab: Lab, role: str) -> list[tuple[str, Any]]:
    """The role's inline policies: name and document."""
    found = []
    for name in lab.pages("iam.list_role_policies", "NoSuchEntity", RoleName=role):
        found.append((name, lab.read("iam.get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]))
    return found
