"""A look at the inline policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hol.aws import endpoints
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, allows, judged, listed, names, statements
from hol.words.text import t

from .role import inline, the_role

_INVOKE, _DESCRIBE = "sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"


def grade(lab: Lab) -> Iterator[Finding]:
    """The inline policy allows asking the endpoint; more than that endpoint is as right as only that one."""
    role, wanted = lab.config.role.name, lab.config.policy.name
    if not the_role(lab, role):
        yield judged(
            "policy",
            False,
            t("inline policy {}", wanted),
            t("its role is missing"),
            t("first: {}", lab.command("step", "role")),
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
