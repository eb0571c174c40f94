"""The smallest IAM policy that an operator of this lab needs, and a permissions boundary to hand out.

Each step names the actions that it needs, and what for. Here they are put together, and each is narrowed to the resources
that the configuration names: what the lab calls its role is what the policy allows to change. Actions that IAM cannot
narrow (lists) stay with "*". API ids are AWS's choice, so API Gateway is narrowed to REST APIs of the region. Sources
of the resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hol.aws import roles
from hol.cloud.answers import Structure
from hol.config.settings import Config
from hol.engine.resources import Resources, together
from hol.engine.step import Step
from hol.operate import owned
from hol.words.errors import ConfigError
from hol.words.text import t

# Of a managed policy, spaces not counted: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LIMIT = 6144
BOUNDARY_BROWSING = (
    "apigateway:GET", "iam:ListPolicies", "iam:ListRoles", "lambda:GetAccountSettings", "lambda:ListFunctions",
    "s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets", "sagemaker:ListEndpoints",
)  # fmt: skip


@dataclass(frozen=True)
class Where:
    """The account that the policy is for."""

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str, region: str | None = None, account: str | None = None) -> str:
        """An ARN there; IAM and S3 have no region, S3 and API Gateway no account."""
        region = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{region}:{self.account if account is None else account}:{resource}"


def partition(region: str) -> str:
    """`aws`, `aws-cn`, `aws-us-gov`, …"""
    from hol.cloud import session

    return session.partition(region)[0]


def names(config: Config, steps: Iterable[Step]) -> Resources:
    """What these steps work on."""
    brought = [step.facet("resources") for step in steps]
    return together(resources(config) for resources in brought if resources)


# Sid, the actions: the first that fits has an action; what fits none is of a service that a step brings.
_GROUPS: tuple[tuple[str, str], ...] = (
    ("PassRole", r"iam:PassRole"),
    ("Attach", r"iam:AttachRolePolicy"),
    ("Profiles", r"iam:RemoveRoleFromInstanceProfile"),
    ("Owners", r"iam:ListRoleTags"),
    ("Roles", r"iam:(?!ListRoles$)\w*Role\w*|iam:UpdateAssumeRolePolicy|iam:ListAttachedRolePolicies"),
    ("Policies", r"iam:(?!ListPolicies$)\w*Polic(y|ies)\w*"),
    ("Function", r"lambda:\w+"),
    (
        "Lists",
        r"tag:GetResources|iam:List(Roles|Policies)|logs:DescribeLogGroups|scheduler:ListSchedules|s3:ListAllMyBuckets|sagemaker:List(?!Tags)\w+",
    ),
    ("Logs", r"logs:\w+"),
    ("Apis", r"apigateway:\w+"),
    ("Objects", r"s3:\w*Object\w*|s3:AbortMultipartUpload"),
    ("Buckets", r"s3:\w+"),
    ("Endpoint", r"sagemaker:\w+"),
    ("Switch", r"scheduler:\w+"),
)


def operator(config: Config, steps: Sequence[Step], where: Where, whole: bool = True) -> Structure:
    """The policy document for these steps, the whole lab's unless told otherwise; `config` has its placeholders resolved."""
    grouped: dict[str, list[str]] = {}
    known = names(config, steps)
    for action in actions(config, steps, whole):
        grouped.setdefault(_group(action, known), []).append(action)
    order = [*(sid for sid, _ in _GROUPS), *grouped]
    statements = [
        statement
        for sid in sorted(grouped, key=order.index)
        for statement in _statements(sid, grouped[sid], known, where)
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def actions(config: Config, steps: Iterable[Step], whole: bool) -> list[str]:
    """Every action that these steps name, once, sorted; of the whole lab, also what finds all that is the lab's."""
    sweeping = owned.PERMISSIONS if whole else ()
    return sorted({*sweeping, *(action for step in steps for action in step_actions(config, step))})


def step_actions(config: Config, step: Step) -> tuple[str, ...]:
    """A step's actions; one whose need depends on the configuration says so in `permissions(config)`."""
    own = getattr(step.module, "permissions", None)
    return tuple(own(config) if own else getattr(step.module, "PERMISSIONS", ()))


def _group(action: str, known: Resources) -> str:
    service = action.partition(":")[0]
    for sid, pattern in _GROUPS:
        if re.fullmatch(pattern, action):
            return sid
    for brought in (action, service):
        if brought in known.arns:
            return "Lists" if known.arns[brought] == ("*",) else brought
    raise ConfigError(t("no resource is known for the action {}, so the policy cannot be narrowed", action))


def _statements(sid: str, wanted: list[str], known: Resources, where: Where) -> list[Structure]:
    if sid == "PassRole":
        return [
            _allow(f"Pass{_camel(service)}", wanted, [_role(where, name)], {"iam:PassedToService": service})
            for name, service in known.roles.items()
        ]
    if sid == "Attach":
        owned = [where.arn("iam", f"policy{roles.PATH}{name}", "") for name in known.policies]
        runs = [_role(where, name) for name, service in known.roles.items() if service.startswith("lambda.")]
        statement = _allow(sid, wanted, runs)
        return [{**statement, "Condition": {"ArnEquals": {"iam:PolicyARN": _short(owned)}}}]
    if sid == "Apis":
        return _apis(wanted, where)
    if sid in known.arns:
        brought = [arn.format(**vars(where)) for arn in known.arns[sid]]
        return [_allow("".join(re.findall(r"\w+", sid.title())), wanted, brought)]
    return [_allow(sid, wanted, _resources(sid, known, where))]


def _apis(wanted: list[str], where: Where) -> list[Structure]:
    # Tags have a path of their own, also when the call that creates an API carries them:
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-iam-policy-examples.html
    rest = [where.arn("apigateway", path, account="") for path in ("/restapis", "/restapis/*")]
    tags = [where.arn("apigateway", "/tags/*", account="")]
    tagging = [action for action in wanted if action == "apigateway:PUT"]
    return [_allow("Apis", wanted, rest), *([_allow("Tags", tagging, tags)] if tagging else [])]


def _resources(sid: str, known: Resources, where: Where) -> list[str]:
    listed: dict[str, list[str]] = {
        "Profiles": [where.arn("iam", "instance-profile/*", "")],
        "Roles": _roles(known, where),
        "Policies": [where.arn("iam", f"policy{roles.PATH}{name}", "") for name in known.policies],
        "Function": [where.arn("lambda", f"function:{name}") for name in known.functions],
        "Owners": [where.arn("iam", "role/*", "")],
        "Lists": ["*"],
        # With and without ":*": the tag calls take the one, the others the other.
        "Logs": [where.arn("logs", f"log-group:{n}{end}") for n in known.log_groups for end in ("", ":*")],
        "Objects": [where.arn("s3", f"{name}/*", "", "") for name in known.buckets],
        "Buckets": [where.arn("s3", name, "", "") for name in known.buckets],
        # The names of models and configurations begin with (at most 50 characters of) the endpoint's.
        "Endpoint": [
            where.arn("sagemaker", resource.lower())
            for name in known.endpoints
            for resource in (f"endpoint/{name}", f"endpoint-config/{name[:50]}-*", f"model/{name[:50]}-*")
        ],
        "Switch": [
            arn
            for name in known.schedules
            for arn in (
                where.arn("scheduler", f"schedule-group/{name}"),
                where.arn("scheduler", f"schedule/{name}/{name}"),
            )
        ],
    }
    return listed[sid]


def _roles(known: Resources, where: Where) -> list[str]:
    # Before a role exists, IAM is asked about its name without a path.
    return [arn for name in known.roles for arn in (_role(where, name), where.arn("iam", f"role/{name}", ""))]


def _role(where: Where, name: str) -> str:
    return where.arn("iam", f"role{roles.PATH}{name}", "")


def _allow(sid: str, wanted: list[str], resources: list[str], equals: dict[str, str] | None = None) -> Structure:
    condition = {"Condition": {"StringEquals": equals}} if equals else {}
    return {"Sid": sid, "Effect": "Allow", "Action": _short(wanted), "Resource": _short(resources), **condition}


def _short(listed: list[str]) -> list[str] | str:
    """A list of one as its element, as IAM allows."""
    return listed[0] if len(listed) == 1 else listed


def _listed(value: list[str] | str) -> list[str]:
    return [value] if isinstance(value, str) else value


def _camel(service: str) -> str:
    return {"lambda": "Function", "sagemaker": "Endpoint", "scheduler": "Switch"}.get(service.split(".")[0], "Other")


# --- the boundary ---


def boundary(config: Config, steps: Sequence[Step], where: Where, whole: bool = True) -> Structure:
    """The most that anybody in a class may do: this lab's actions, on the lab's names of every attendee.

    It is for an instructor to attach to the attendees' users or roles as their permissions boundary: whatever other
    policies they have, they can do no more than the lab, in one region, and may look around in the console.
    """
    document = operator(config, steps, where, whole)
    listing = [statement for statement in document["Statement"] if statement["Sid"] == "Lists"]
    lists = [action for statement in listing for action in _listed(statement["Action"])]
    document["Statement"] = [
        *(for_everybody(one, config.attendee) for one in document["Statement"] if one not in listing),
        _allow("Lists", sorted({*lists, *BOUNDARY_BROWSING}), ["*"]),
    ]
    return document


def for_everybody(statement: Structure, attendee: str) -> Structure:
    """The statement with the attendee's name as "*", so that one document fits a class."""
    if not attendee:
        return statement
    text = re.sub(rf"[-_]?{re.escape(attendee)}(?![a-z0-9])", "*", json.dumps(statement, ensure_ascii=False))
    widened: Structure = json.loads(text)
    every = widened["Resource"]
    if isinstance(every, list):
        widened["Resource"] = [one for one in every if not any(_covers(other, one) for other in every)]
    return widened


def _covers(wider: str, narrower: str) -> bool:
    """Whether a resource that ends with a star has the other one in it."""
    return wider != narrower and wider.endswith("*") and narrower.startswith(wider[:-1])


# --- size ---


def size(document: Structure) -> int:
    """Characters as IAM counts them: without spaces."""
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"))))


def split(document: Structure, limit: int = LIMIT) -> list[Structure]:
    """The document, or as few as are needed for each to stay within the limit; all of them are to be attached."""
    parts: list[list[object]] = [[]]
    for statement in document["Statement"]:
        if parts[-1] and size({**document, "Statement": [*parts[-1], statement]}) > limit:
            parts.append([])
        parts[-1].append(statement)
    return [{**document, "Statement": part} for part in parts]
