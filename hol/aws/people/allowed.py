"""Customer managed policies that say what somebody may do, in a class's own path."""

from __future__ import annotations

from functools import partial

from hol.aws import iam_policies
from hol.aws.iam_policies import Policy
from hol.aws.people import marks
from hol.cloud.answers import Structure
from hol.engine.lab import Lab


def arn(lab: Lab, name: str) -> str:
    """The ARN of the class's policy of that name."""
    return lab.cloud.arn("iam", f"policy{marks.path(lab)}{name}", region="")


def names(lab: Lab) -> list[str]:
    """All of the class's policies."""
    listed = lab.pages("iam.list_policies", Scope="Local", PathPrefix=marks.path(lab))
    return [policy["PolicyName"] for policy in listed]


def ensure(lab: Lab, name: str, document: Structure, attendee: str = "") -> str:
    """The policy with exactly that document; returns its ARN."""
    iam_policies.ensure(lab, _policy(lab, name, attendee), document)
    return arn(lab, name)


def remove(lab: Lab, name: str) -> None:
    """The policy gone, its old versions first; one that a role which is left has for its boundary is left too."""
    iam_policies.remove(lab, _policy(lab, name))


def _policy(lab: Lab, name: str, attendee: str = "") -> Policy:
    own = marks.tags(lab, attendee)
    return Policy(name, marks.path(lab), arn(lab, name), own, partial(marks.require_own, lab))
