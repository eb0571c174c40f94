"""What the IAM things of a class's attendees are called, and whose of them an account holds."""

from __future__ import annotations

from hol.aws.people import allowed, marks, principals
from hol.aws.people.principals import Kind
from hol.engine.lab import Lab
from hol.engine.ownership import CLASS


def person(class_: str, attendee: str) -> str:
    """The role or user that he signs in as."""
    return f"hol.{class_}.{attendee}"


def policy(class_: str, attendee: str, part: int) -> str:
    """What he may do; several where it is too long for one."""
    return f"hol-lab.{class_}.{attendee}{f'.{part}' if part else ''}"


def most(class_: str) -> str:
    """The most that anybody of the class may do."""
    return f"hol-boundary.{class_}"


def most_of_roles(class_: str, attendee: str) -> str:
    """The most that the roles of his lab may do."""
    return f"hol-roles.{class_}.{attendee}"


def boundary(partition: str, account: str, lab: str, class_: str, attendee: str) -> str:
    """The ARN of that."""
    return f"arn:{partition}:iam::{account}:policy{marks.path_of(lab, class_)}{most_of_roles(class_, attendee)}"


def whose(lab: Lab, policy: str) -> str:
    """The id of the attendee that one of the class's policies is for; "" for that of all of them."""
    first = (f"{kind}.{lab.tags[CLASS]}." for kind in ("hol-lab", "hol-roles"))
    return next((policy.removeprefix(one).partition(".")[0] for one in first if policy.startswith(one)), "")


def known(lab: Lab) -> set[str]:
    """The ids of those for whom there are policies: they are the last that goes of whoever was let in."""
    return {whose(lab, name) for name in allowed.names(lab)} - {""}


def handed(lab: Lab, kind: Kind) -> set[str]:
    """The ids of the attendees who may sign in as a role, or as a user."""
    first = person(lab.tags[CLASS], "")
    return {name.removeprefix(first) for name in principals.names(lab, kind) if name.startswith(first)}
