"""A look at what lets the function ask the endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from hol.aws import endpoints
from hol.engine.lab import Lab
from hol.teach.grade import iam
from hol.teach.grade.finding import Finding, other_way, waiting
from hol.teach.grade.iam import Call, Policy, Verdict
from hol.words.errors import HolError
from hol.words.text import Text, t

from .role import bounded, log_calls, policies, the_role

_INVOKE, _DESCRIBE = "sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"
_ROLE = t("IAM → Roles → the role")


def grade(lab: Lab) -> Iterator[Finding]:
    """Whichever policies the role has, together they let it ask the endpoint; more than that is as right."""
    role, wanted = lab.config.role.name, lab.config.policy.name
    what = t("inline policy {}", wanted)
    if not the_role(lab, role):
        yield waiting(lab, "missing", what, "role")
        return
    held = policies(lab, role)
    verdict = iam.verdict(held, _call(lab, _INVOKE))
    if verdict.allowed:
        yield other_way("missing", what, _other_name(held, wanted, verdict))
        yield from _describes(lab, held)
        return
    refused = list(_refused(lab, held, verdict))
    if refused[0].facet != "missing":
        yield Finding("missing", what)  # it is there, and does not do
    yield from refused


def may_ask(lab: Lab, role: str) -> bool:
    """Whether a role, whatever its name, may ask the endpoint."""
    try:
        return bool(the_role(lab, role)) and iam.verdict(policies(lab, role), _call(lab, _INVOKE)).allowed
    except HolError:
        return False


def _call(lab: Lab, action: str) -> Call:
    context = {
        "aws:RequestedRegion": lab.cloud.region,
        "aws:PrincipalAccount": lab.cloud.account,
        "aws:ResourceAccount": lab.cloud.account,
        "aws:SecureTransport": "true",
    }
    return Call(action, endpoints.arn(lab, lab.config.endpoint.name), context)


def _other_name(held: list[Policy], wanted: str, verdict: Verdict) -> Text | None:
    if any(policy.name == wanted and policy.kind == "inline" for policy in held) or not verdict.by:
        return None
    return t("the policy {} allows it", verdict.by.name)


def _describes(lab: Lab, held: list[Policy]) -> Iterator[Finding]:
    """The guide's second action; the function works without it."""
    found = iam.verdict(held, _call(lab, _DESCRIBE))
    wrong = (
        None
        if found.allowed
        else t("the policy does not allow it but: {}", iam.shown(iam.written(held, "Action", "sagemaker")))
    )
    mend = _edit(lab, _DESCRIBE)
    yield Finding("action", t("permission {}", _DESCRIBE), wrong, None if found.allowed else mend, harmless=True)


def _edit(lab: Lab, action: str) -> Text:
    arn = endpoints.arn(lab, lab.config.endpoint.name)
    return t(
        "{} → the policy → Edit: effect Allow, actions {} and {}, resource {}, no condition",
        _ROLE,
        _INVOKE,
        _DESCRIBE,
        arn,
    )


def _refused(lab: Lab, held: list[Policy], verdict: Verdict) -> Iterator[Finding]:
    what = t("permission {}", _INVOKE)
    if verdict.bounded:
        if iam.verdict(held, log_calls(lab)[1]).bounded is None:  # else the role's own look has named it
            yield bounded(verdict.bounded, _INVOKE)
        else:
            yield waiting(lab, "boundary", what, "role")
        return
    if verdict.denied and iam.verdict(held, log_calls(lab)[1]).denied is verdict.denied:
        yield waiting(lab, "denied", what, "role")  # one cause, which the role's own look has named
        return
    if verdict.denied:
        wrong = t("the policy {} denies it: {}", verdict.denied.name, iam.shown(_about(verdict)))
        mend = t("{} → Permissions: take the Deny out of {}, which wins over every Allow", _ROLE, verdict.denied.name)
        if verdict.denied.kind == "boundary":
            yield bounded(verdict.denied, _INVOKE)
        else:
            yield Finding("denied", what, wrong, mend, theirs=True)
        if _about_sagemaker(lab, held) and not iam.allowing(held, _call(lab, _INVOKE)):
            yield _unallowed(lab, held, what)  # it would be refused without that Deny, too
        return
    yield _unallowed(lab, held, what)


def _about(verdict: Verdict) -> list[str]:
    statement = verdict.statement or {}
    said = [f"{part} {iam.shown(iam.listed(statement[part]))}" for part in ("Action", "NotAction") if part in statement]
    return [*said, *([iam.condition_shown(statement)] if statement.get("Condition") else [])]


def _unallowed(lab: Lab, held: list[Policy], what: Text) -> Finding:
    """Nothing denies it, and nothing allows it: which part of what there is does not fit."""
    call = _call(lab, _INVOKE)
    allow = _about_sagemaker(lab, held)
    naming = [s for s in allow if iam.names(s, call.action)]
    meeting = [s for s in naming if iam.meets(s, call.resource)]
    if not allow:
        mend = t(
            "{} → Add permissions → Create inline policy → JSON, with exactly the name {}",
            _ROLE,
            lab.config.policy.name,
        )
        return Finding("missing", what, t("no policy of the role is about SageMaker"), mend)
    if meeting:
        wrong = t("its condition does not hold: {}", ", ".join(map(iam.condition_shown, meeting)))
        return Finding("condition", what, wrong, _edit(lab, call.action))
    if naming:
        return Finding("resource", what, _unmet(naming, call.resource), _edit(lab, call.action))
    have = [
        f"{part} {iam.shown(v for s in allow for v in iam.listed(s[part]))}"
        for part in ("Action", "NotAction")
        if any(part in s for s in allow)
    ]
    return Finding(
        "action", what, t("the policy does not allow {} but: {}", call.action, ", ".join(have)), _edit(lab, call.action)
    )


def _about_sagemaker(lab: Lab, held: list[Policy]) -> list[iam.Statement]:
    """What allows anything, in the lab's own policy and in those that speak of SageMaker."""
    ours = [p for p in held if p.name == lab.config.policy.name or any(iam.written([p], "Action", "sagemaker"))]
    return [s for p in ours for s in p.statements()]


def _unmet(naming: list[iam.Statement], arn: str) -> Text:
    turned = [s for s in naming if "NotResource" in s]
    if turned:
        return t(
            "it has {} where {} belongs: {}", "NotResource", "Resource", iam.shown(iam.listed(turned[0]["NotResource"]))
        )
    have = [str(r) for s in naming for r in iam.listed(s.get("Resource"))]
    shown = ", ".join(f"“{one}”" for one in have)
    return t("its resource is {}, which does not match {}: {}", shown, arn, _difference(have[0], arn))


def _difference(have: str, wanted: str) -> object:
    """Which part of the ARN differs."""
    parts = (t("prefix"), t("partition"), t("service"), t("region"), t("account"), t("endpoint name"))
    mine, right = have.split(":", 5), wanted.split(":", 5)
    if len(mine) != 6:
        return t("it is no ARN")
    for part, one, other in zip(parts, mine, right, strict=True):
        if one != other and not iam.covers(one, other):
            return t("{} {} instead of {}", part, f"“{one}”", other)
    return "-"
