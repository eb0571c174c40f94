"""What bears this lab's tag, whatever it is called and whichever setting it was made under.

One listing by tag covers the services that the Resource Groups Tagging API covers; it names deleted things for a
while, so what it says is looked at again before it counts. IAM roles are not in it, and their tags are in no listing
either: of all roles those are asked that carry one of hol's own descriptions, and of the policies those that are
named as hol names them. REST APIs are listed with their tags.
https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hol.aws import buckets, endpoint_parts, endpoints, functions, logs, managed, roles, schedules
from hol.aws.gateway import apis
from hol.aws.stepfunctions import machines
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.engine.run import Run
from hol.words.errors import PermissionDenied

# In the order in which they are to go: what bills first, what others need last.
KINDS = {
    endpoints.ENDPOINT.name: r"sagemaker:[^:]+:\d+:endpoint/(.+)",
    schedules.GROUP.name: r"scheduler:[^:]+:\d+:schedule-group/(.+)",
    endpoint_parts.CONFIGURATION.name: r"sagemaker:[^:]+:\d+:endpoint-config/(.+)",
    endpoint_parts.MODEL.name: r"sagemaker:[^:]+:\d+:model/(.+)",
    machines.MACHINE.name: r"states:[^:]+:\d+:stateMachine:([^:/]+)",
    functions.FUNCTION.name: r"lambda:[^:]+:\d+:function:([^:]+)",
    apis.API.name: r"apigateway:[^:]+::/restapis/([^/]+)",
    buckets.BUCKET.name: r"s3:::([^/]+)",
    logs.LOG_GROUP.name: r"logs:[^:]+:\d+:log-group:([^:]+)(?::\*)?",
    roles.ROLE.name: r"iam::\d+:role/(?:.+/)?([^/]+)",
    managed.KIND: rf"iam::\d+:policy{roles.PATH}([^/]+)",
}
IN_LOWER_CASE = (endpoints.ENDPOINT.name, endpoint_parts.CONFIGURATION.name, endpoint_parts.MODEL.name)  # in their ARNs
Remove = Callable[[Lab, str], object]
ASKED = (roles.ROLE.name, managed.KIND)
PERMISSIONS = (
    "tag:GetResources", "iam:ListRoles", "iam:ListRoleTags", "iam:ListPolicies", "sagemaker:ListEndpoints",
    "apigateway:GET",
)  # fmt: skip
_PART = re.compile(r"arn:[\w-]+:apigateway:[^:]+::/restapis/[^/]+/.+")  # a stage, a resource, …
_CONSOLES = re.compile(
    r".*-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)  # a policy's name as the Lambda console makes it


@dataclass(frozen=True)
class Owned:
    """Something that the listings call ours. `kind` is one of KINDS or a step's, or "" for what none makes; `name` is what
    the noun's module calls it (an API's id, an endpoint's name in lower case, an ARN without a kind)."""

    kind: str
    name: str


def by_tag(lab: Lab) -> list[Owned]:
    """What GetResources lists; raises `PermissionDenied` where `tag:GetResources` is not allowed."""
    filters = [{"Key": OWNER, "Values": [lab.owner]}]
    operation = "resourcegroupstaggingapi.get_resources"
    listed = lab.pages(operation, TagFilters=filters, ResourcesPerPage=100)
    known = kinds(lab.run)
    return [owned(one["ResourceARN"], known) for one in listed if not is_part(one["ResourceARN"])]


def is_part(arn: str) -> bool:
    """Whether it is of something that is listed itself, and goes with that."""
    return bool(_PART.fullmatch(arn))


def kinds(run: Run) -> dict[str, str]:
    """Kind → the ARNs of it, without their partition: of hol's nouns, and of what the steps bring."""
    return {**KINDS, **{kind: pattern for kind, (pattern, _) in brought(run).items()}}


def brought(run: Run) -> dict[str, tuple[str, Remove]]:
    """What the steps bring as `OWNED`: kind → its ARNs, and what removes it by the name in them.

    The kind is what `once` keeps it under in the step's own look: what a step has looked at is that step's.
    """
    return {kind: how for step in run.steps.values() for kind, how in (step.facet("OWNED") or {}).items()}


def owned(arn: str, known: Mapping[str, str]) -> Owned:
    """What the ARN is of."""
    for kind, pattern in known.items():
        if found := re.fullmatch(r"arn:[\w-]+:" + pattern, arn):
            return Owned(kind, found[1])
    return Owned("", arn)


def of_iam(lab: Lab) -> list[Owned]:
    """The roles and policies that may be ours: their own tags have yet to be asked."""
    return [one for listed in lab.each((_roles, _policies), lambda look: look(lab)) for one in listed]


def _roles(lab: Lab) -> list[Owned]:
    listed = lab.pages("iam.list_roles", PathPrefix="/")
    return [
        Owned(roles.ROLE.name, role["RoleName"]) for role in listed if role.get("Description") in roles.DESCRIPTIONS
    ]


def _policies(lab: Lab) -> list[Owned]:
    policies = lab.pages("iam.list_policies", Scope="Local", PathPrefix=roles.PATH)
    named = [policy["PolicyName"] for policy in policies if policy["PolicyName"].startswith(managed.PREFIX)]
    return [Owned(managed.KIND, name) for name in named if not _CONSOLES.fullmatch(name)]


def is_ours(lab: Lab, one: Owned) -> bool:
    """Whether a role or policy that may be ours bears our tag."""
    if one.kind == roles.ROLE.name:
        return lab.ownership.owns_in_iam(lab.pages("iam.list_role_tags", "NoSuchEntity", RoleName=one.name))
    try:
        found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=managed.arn(lab, one.name))
    except PermissionDenied:  # what the operator may not even read is hardly of hol's making
        return False
    return found is not None and lab.ownership.owns_in_iam(found["Policy"].get("Tags"))


def of_api_gateway(lab: Lab) -> list[Owned]:
    """Every REST API of ours."""
    return [Owned(apis.API.name, api["id"]) for api in apis.listed(lab) if lab.owns(api.get("tags"))]
