"""The lab's own customer managed policies, each for one role."""

from __future__ import annotations

from hol.aws import iam_policies, roles
from hol.aws.iam_policies import Policy
from hol.cloud.answers import Structure
from hol.engine.lab import Lab
from hol.words.text import t

BASIC = "AWSLambdaBasicExecutionRole"  # AWS's own policy of that name; the console names its copies after it
PREFIX = f"{BASIC}-"
KIND = iam_policies.POLICY.name


def basic_execution(role: str) -> str:
    """The name of the role's basic-execution policy; the console puts a random suffix where hol puts the role's name."""
    return f"{PREFIX}{role}"[:128]


def arn(lab: Lab, name: str) -> str:
    """The ARN of our customer managed policy of that name."""
    return lab.cloud.arn("iam", f"policy{roles.PATH}{name}", region="")


def _policy(lab: Lab, name: str) -> Policy:
    return Policy(name, roles.PATH, arn(lab, name), lab.ownership.tags_of_iam, lab.ownership.require_own_in_iam)


def find(lab: Lab, name: str) -> Structure | None:
    """The policy, as GetPolicy describes it; None when there is none. Raises `ForeignError` for a namesake."""
    return iam_policies.find(lab, _policy(lab, name))


def look(lab: Lab, role: str, name: str) -> None:
    """Read all that `roles.ensure` and `ensure` compare, side by side."""
    policy = _policy(lab, name)
    lab.in_parallel(
        lambda: roles.find(lab, role), lambda: iam_policies.look(lab, policy), lambda: roles.attached(lab, role)
    )


def ensure(lab: Lab, role: str, name: str, document: Structure) -> None:
    """The policy with that document, attached to the role."""
    policy = _policy(lab, name)
    iam_policies.ensure(lab, policy, document)
    if any(one["PolicyArn"] == policy.arn for one in roles.attached(lab, role)):
        lab.same(t("attachment of the policy {}", name))
    else:
        iam_policies.attach(lab, roles.named(role), policy.arn)


def remove(lab: Lab, name: str) -> None:
    """The policy gone, its old versions first."""
    iam_policies.remove(lab, _policy(lab, name))


def remove_with_role(lab: Lab, role: str, inline: tuple[str, ...]) -> None:
    """The role and its basic-execution policy gone; the policy stays as long as the role has to."""
    policy = basic_execution(role)
    lab.read_ahead(lab.step, lambda: look_inside(lab, policy))
    if roles.remove(lab, role, ours=(arn(lab, policy),), inline=inline):
        remove(lab, policy)
    else:
        lab.learn(iam_policies.POLICY(policy), None)


def look_inside(lab: Lab, name: str) -> None:
    """Read all that `remove` needs to know, side by side."""
    iam_policies.look_inside(lab, _policy(lab, name))
