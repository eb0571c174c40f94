"""IAM role that the Lambda function runs as"""

from __future__ import annotations

from hol.aws import functions, logs, managed, policies, roles
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources

NEEDS = ()
MINUTES = 3  # by hand, in the console
DOWN_AFTER = ("policy",)  # a role may go before the function that runs as it
PERMISSIONS = (
    "iam:GetRole", "iam:CreateRole", "iam:DeleteRole", "iam:TagRole", "iam:UpdateAssumeRolePolicy", "iam:GetPolicy",
    "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:CreatePolicy", "iam:CreatePolicyVersion",
    "iam:DeletePolicy", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:ListAttachedRolePolicies",
    "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:DeleteRolePolicy",
    "iam:ListInstanceProfilesForRole", "iam:RemoveRoleFromInstanceProfile",
)  # fmt: skip


def permissions(config: Config) -> tuple[str, ...]:
    """With a permissions boundary, also what sets it."""
    return (*PERMISSIONS, roles.BOUNDING) if config.role.boundary else PERMISSIONS


def resources(config: Config) -> Resources:
    """What these are for."""
    name = config.role.name
    return Resources(roles={name: "lambda.amazonaws.com"}, policies=(managed.basic_execution(name),))


def up(lab: Lab) -> None:
    """Role, trust policy, and the basic-execution policy for the function's own log group."""
    name = lab.config.role.name
    managed.look(lab, name, _basic_execution(lab))
    roles.ensure(lab, name, "lambda.amazonaws.com", roles.FUNCTION)
    lab.in_background(lambda: managed.ensure(lab, name, _basic_execution(lab), _log_access(lab)))


def down(lab: Lab) -> None:
    """Role and policy gone, the policy only with the role; step 2 has removed the inline policy before."""
    managed.remove_with_role(lab, lab.config.role.name, (lab.config.policy.name,))


def _basic_execution(lab: Lab) -> str:
    return managed.basic_execution(lab.config.role.name)


def _log_access(lab: Lab) -> dict[str, object]:
    # Without logs:CreateLogGroup a dying function cannot bring its log group back; hol makes the group in step 3.
    group = logs.arn(lab, functions.log_group(lab.config.function.name))
    return policies.document(
        policies.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{group}:*"])
    )
