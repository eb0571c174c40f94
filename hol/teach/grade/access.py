"""A look at the endpoint, the role and its policies (steps 0, 1, 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import endpoints
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, allows, judged, listed, names, services, statements
from hol.words.again import command
from hol.words.text import t

_BASIC = "service-role/AWSLambdaBasicExecutionRole"
_INVOKE, _DESCRIBE = "sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"


def endpoint(lab: Lab) -> Iterator[Finding]:
    """It exists under the configured name and is in service."""
    name = lab.config.endpoint.name
    found, what = endpoints.find(lab, name), t("endpoint {}", name)
    status = found["EndpointStatus"] if found else None
    wrong = (
        t("its status is {}, not InService", status)
        if found
        else t("there is no such endpoint in {}", lab.cloud.region)
    )
    mend = t(
        "SageMaker AI → Inference → Endpoints: compare the name and the region; to make it: {}", command("step", 0)
    )
    yield judged("endpoint", status == "InService", what, wrong, mend)


def role(lab: Lab) -> Iterator[Finding]:
    """Lambda may assume it, and it may write logs; by which policy does not matter."""
    name = lab.config.role.name
    found = _role(lab, name)
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
        t("IAM → the role → Add permissions → Attach policies → {}", "AWSLambdaBasicExecutionRole"),
    )


def _role(lab: Lab, name: str) -> Any:
    answer = lab.once(("graded role", name), lambda: lab.find("iam.get_role", "NoSuchEntity", RoleName=name))
    if answer:
        lab.require_own(t("the role {}", name), answer["Role"].get("Tags"))
    return answer and answer["Role"]


def _may_log(lab: Lab, role: str) -> bool:
    attached = lab.pages("iam.list_attached_role_policies", "AttachedPolicies", "NoSuchEntity", RoleName=role)
    arns = [policy["PolicyArn"] for policy in attached]
    if any(
        arn.endswith((f"aws:policy/{_BASIC}", "aws:policy/AWSLambda_FullAccess", "/AdministratorAccess"))
        for arn in arns
    ):
        return True
    documents = [*(_managed(lab, arn) for arn in arns), *(document for _, document in inline(lab, role))]
    stream = lab.cloud.arn("logs", f"log-group:/aws/lambda/{lab.config.function.name}:log-stream:x")
    return all(allows(documents, f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents"))


def _managed(lab: Lab, arn: str) -> Any:
    found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=arn)
    if not found:
        return {}
    version = found["Policy"]["DefaultVersionId"]
    return lab.find("iam.get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def inline(lab: Lab, role: str) -> list[tuple[str, Any]]:
    """The role's inline policies: name and document."""
    found = []
    for name in lab.pages("iam.list_role_policies", "PolicyNames", "NoSuchEntity", RoleName=role):
        found.append((name, lab.find("iam.get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]))
    return found


def policy(lab: Lab) -> Iterator[Finding]:
    """The inline policy allows asking the endpoint; more than that endpoint is as right as only that one."""
    role, wanted = lab.config.role.name, lab.config.policy.name
    if not _role(lab, role):
        yield judged(
            "policy", False, t("inline policy {}", wanted), t("its role is missing"), t("first: {}", command("step", 1))
        )
        return
    found = dict(inline(lab, role))
    others = ", ".join(found)
    wrong = (
        t("the role has another inline policy, but not this one: {}", others)
        if found
        else t("the role has no inline policy")
    )
    mend = t("IAM → the role → Add permissions → Create inline policy, with exactly this name")
    yield judged("policy", wanted in found, t("inline policy {}", wanted), wrong, mend)
    if wanted in found:
        for action in (_INVOKE, _DESCRIBE):
            yield _asks(lab, action, found[wanted])


def _asks(lab: Lab, action: str, document: Any) -> Finding:
    arn = endpoints.arn(lab, lab.config.endpoint.name)
    what = t("permission {}", action)
    if allows([document], action, arn):
        return Finding(action, what)
    about = [s for s in statements([document]) if names(s, action)]
    if any(names(s, action) for s in statements([document], "Deny")):
        wrong = t("a statement denies it")
    elif not about:
        have = ", ".join(str(a) for s in statements([document]) for a in listed(s.get("Action")))
        wrong = t("the policy does not allow it but: {}", have or "-")
    else:
        have = ", ".join(str(r) for s in about for r in listed(s.get("Resource")))
        wrong = t("its resource is {}, which does not match {}: {}", have, arn, _difference(have, arn))
    return Finding(action, what, wrong, t("IAM → the role → the policy → Edit: action {}, resource {}", action, arn))


def _difference(have: str, wanted: str) -> object:
    """Which part of the ARN differs."""
    parts = (t("prefix"), t("partition"), t("service"), t("region"), t("account"), t("endpoint name"))
    mine, right = have.split(":", 5), wanted.split(":", 5)
    if len(mine) != 6:
        return t("it is no ARN")
    for part, one, other in zip(parts, mine, right, strict=True):
        if one not in (other, "*"):
            return t("{} {} instead of {}", part, one, other)
    return "-"
