"""What the IAM things of a class's attendees are called, and whose of them an account holds."""

from __future__ import annotations

from hol.aws.people import marks, principals
from hol.aws.people.principals import Kind
from hol.engine.lab import CLASS, Lab


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


def handed(lab: Lab) -> dict[str, Kind]:
    """Attendee's id → as what he may sign in."""
    first = person(lab.tags[CLASS], "")
    listed = ((kind, name) for kind in principals.KINDS for name in principals.names(lab, kind))
    return {name.removeprefix(first): kind for kind, name in listed if name.startswith(first)}
