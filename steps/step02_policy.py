"""Inline policy that lets the function ask the endpoint"""

from __future__ import annotations

from hol.aws import endpoints, managed, policies, roles
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

NEEDS = ("role",)
MINUTES = 3  # by hand, in the console
PERMISSIONS = (
    "iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy",
)  # fmt: skip


def resources(config: Config) -> Resources:
    """What these are for."""
    return Resources(roles={config.role.name: "lambda.amazonaws.com"})


def up(lab: Lab) -> None:
    """DescribeEndpoint and InvokeEndpoint on the lab's endpoint, or on every endpoint as in the guide."""
    role = lab.require(roles.find(lab, lab.config.role.name), "role")
    own = endpoints.arn(lab, lab.config.endpoint.name)
    every = f"arn:{lab.cloud.partition}:sagemaker:*:*:endpoint/*"
    resource = every if lab.config.policy.resource == "any" else own
    roles.ensure_inline(lab, role.name, lab.config.policy.name, policies.asking(resource))


def undo(lab: Lab) -> None:
    """The inline policy gone; other people's on the role do not matter to it."""
    roles.remove_inline(lab, lab.config.role.name, lab.config.policy.name)


def down(lab: Lab) -> None:
    """The inline policy gone, unless somebody else's keep the role: then nothing of it is changed."""
    role, policy = lab.config.role.name, lab.config.policy.name
    lab.read_ahead("role", lambda: roles.look_inside(lab, role))
    lab.read_ahead("role", lambda: managed.look_inside(lab, managed.basic_execution(role)))
    if roles.find(lab, role) is not None and not roles.kept_by(lab, role, (policy,)):
        roles.remove_inline(lab, role, policy)
