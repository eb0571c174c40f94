"""The policies of IAM as things: customer managed ones with their versions, attachments to a role or a user, inline ones.

A customer managed policy's name is unique in the account. Its document has versions, at most five: the one in force is the
default version, the others are history.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hol.aws import policies, tags
from hol.cloud.answers import Structure
from hol.cloud.tags import Tags, listed_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import cleaning
from hol.words.errors import HolError
from hol.words.text import Text, t

POLICY = Kind[Structure | None]("policy")
_VERSION = Kind[Structure]("policy version")
_HISTORY = Kind[list[str]]("policy history")


@dataclass(frozen=True)
class Policy:
    """A customer managed policy: where it lies, what tags it bears, and what refuses a namesake by its tags."""

    name: str
    path: str
    arn: str
    tags: Mapping[str, str]
    require_own: Callable[[Text, Tags], None] = field(compare=False)


def find(lab: Lab, policy: Policy) -> Structure | None:
    """The policy, as GetPolicy describes it; None when there is none. Raises `ForeignError` for a namesake."""

    def read() -> Structure | None:
        found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=policy.arn)
        if found is not None:
            policy.require_own(t("the policy {}", policy.arn), found["Policy"].get("Tags"))
        return found and found["Policy"]

    return lab.once(POLICY(policy.name), read)


def look(lab: Lab, policy: Policy) -> None:
    """Read all that `ensure` compares."""
    found = find(lab, policy)
    if found is not None:
        _in_force(lab, found)


def look_inside(lab: Lab, policy: Policy) -> None:
    """Read all that `remove` needs to know, side by side."""
    lab.in_parallel(lambda: find(lab, policy), lambda: _history(lab, policy))


def ensure(lab: Lab, policy: Policy, document: Structure) -> None:
    """The policy with exactly that document."""
    found, text = find(lab, policy), policies.text(document)
    if found is None:
        lab.change(
            "+",
            t("managed policy {}", policy.name),
            "iam.create_policy",
            already=("EntityAlreadyExists",),
            PolicyName=policy.name,
            Path=policy.path,
            PolicyDocument=text,
            Tags=listed_tags(policy.tags),
        )
        return
    tags.ensure(lab, tags.POLICY, t("tags of the policy {}", policy.name), policy.arn, found.get("Tags"), policy.tags)
    if policies.same(_in_force(lab, found)["Document"], document):
        lab.same(t("managed policy {}", policy.name))
        return
    for old in _history(lab, policy)[3:]:
        _remove_version(lab, policy, old)
    what, operation = t("managed policy {}", policy.name), "iam.create_policy_version"
    lab.change("~", what, operation, PolicyArn=policy.arn, PolicyDocument=text, SetAsDefault=True)


def _in_force(lab: Lab, found: Structure) -> Structure:
    """The version of the policy that is in force."""
    own, version = found["Arn"], found["DefaultVersionId"]

    def read() -> Structure:
        return dict(lab.read("iam.get_policy_version", PolicyArn=own, VersionId=version)["PolicyVersion"])

    return lab.once(_VERSION(own, version), read)


def _history(lab: Lab, policy: Policy) -> list[str]:
    """The versions that are not in force, the latest first."""

    def read() -> list[str]:
        listed = lab.find("iam.list_policy_versions", "NoSuchEntity", PolicyArn=policy.arn) or {}
        return [one["VersionId"] for one in listed.get("Versions", []) if not one["IsDefaultVersion"]]

    return lab.once(_HISTORY(policy.arn), read)


def _remove_version(lab: Lab, policy: Policy, version: str) -> None:
    lab.change(
        "-",
        t("version {} of the policy {}", version, policy.name),
        "iam.delete_policy_version",
        already=("NoSuchEntity",),
        PolicyArn=policy.arn,
        VersionId=version,
    )


def remove(lab: Lab, policy: Policy) -> None:
    """The policy gone, its old versions first; one that something still has stays, and says so."""
    found = find(lab, policy)
    if found is None:
        return
    for old in _history(lab, policy):
        _remove_version(lab, policy, old)
    what, created = t("managed policy {}", policy.name), found.get("CreateDate")
    try:
        lab.change("-", what, "iam.delete_policy", already=("NoSuchEntity",), created=created, PolicyArn=policy.arn)
    except HolError as error:
        if error.failure is None or error.failure.code != "DeleteConflict":
            raise
        why = t("a role or user that is still there has it, or has it for its boundary")
        lab.leave(what, why, t("when that is gone, run again: {}", cleaning()))
    else:
        lab.learn(POLICY(policy.name), None)


# --- what a role or a user has; `holder` is the argument that names it ---


def attach(lab: Lab, holder: Structure, arn: str) -> None:
    """It has that managed policy."""
    lab.change("+", _attachment(arn), f"iam.attach_{_word(holder)}_policy", **holder, PolicyArn=arn)


def detach(lab: Lab, holder: Structure, arn: str) -> None:
    """It no longer has that managed policy."""
    operation = f"iam.detach_{_word(holder)}_policy"
    lab.change("-", _attachment(arn), operation, already=("NoSuchEntity",), **holder, PolicyArn=arn)


def delete_inline(lab: Lab, holder: Structure, name: str) -> None:
    """It no longer has the inline policy of that name."""
    what, operation = t("inline policy {}", name), f"iam.delete_{_word(holder)}_policy"
    lab.change("-", what, operation, already=("NoSuchEntity",), **holder, PolicyName=name)


def _attachment(arn: str) -> Text:
    return t("attachment of the policy {}", arn.rpartition("/")[2])


def _word(holder: Structure) -> str:
    """`role` or `user`, as IAM's operations say it."""
    return next(iter(holder)).removesuffix("Name").lower()
