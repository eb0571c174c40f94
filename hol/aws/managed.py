"""Customer managed policies of ours, each for one role.

A policy's name is unique in the account and its document has versions, at most five; the one in force is the
default version, the others are history.
"""

from __future__ import annotations

from hol.aws import policies, roles, tags
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.text import t

BASIC = "AWSLambdaBasicExecutionRole"  # AWS's own policy of that name; the console names its copies after it
PREFIX = f"{BASIC}-"
POLICY = Kind[Structure | None]("policy")
_VERSION = Kind[Structure]("policy version")
_HISTORY = Kind[list[Structure]]("policy history")


def basic_execution(role: str) -> str:
    """The name of the role's basic-execution policy; the console puts a random suffix where hol puts the role's name."""
    return f"{PREFIX}{role}"[:128]


def arn(lab: Lab, name: str) -> str:
    """The ARN of our customer managed policy of that name."""
    return lab.cloud.arn("iam", f"policy{roles.PATH}{name}", region="")


def find(lab: Lab, name: str) -> Structure | None:
    """The policy, as GetPolicy describes it; None when there is none. Raises `ForeignError` for a namesake."""
    return lab.once(POLICY(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> Structure | None:
    found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=arn(lab, name))
    if found is not None:
        lab.require_own_in_iam(t("the policy {}", arn(lab, name)), found["Policy"].get("Tags"))
    return found and found["Policy"]


def look(lab: Lab, role: str, name: str) -> None:
    """Read all that `roles.ensure` and `ensure` compare, side by side."""
    lab.in_parallel(lambda: roles.find(lab, role), lambda: _look(lab, name), lambda: roles.attached(lab, role))


def _look(lab: Lab, name: str) -> None:
    found = find(lab, name)
    if found is not None:
        _version(lab, found)


def ensure(lab: Lab, role: str, name: str, document: Structure) -> None:
    """The policy with that document, attached to the role."""
    found = find(lab, name)
    if found is None:
        lab.change(
            "+",
            t("managed policy {}", name),
            "iam.create_policy",
            already=("EntityAlreadyExists",),
            PolicyName=name,
            Path=roles.PATH,
            PolicyDocument=policies.text(document),
            Tags=listed_tags(lab.tags_of_iam),
        )
    else:
        _converge(lab, name, found, document)
    what, own = t("attachment of the policy {}", name), arn(lab, name)
    if any(policy["PolicyArn"] == own for policy in roles.attached(lab, role)):
        lab.same(what)
    else:
        lab.change("+", what, "iam.attach_role_policy", RoleName=role, PolicyArn=own)


def _version(lab: Lab, policy: Structure) -> Structure:
    """The version of the policy that is in force."""
    own, version = policy["Arn"], policy["DefaultVersionId"]

    def read() -> Structure:
        return dict(lab.read("iam.get_policy_version", PolicyArn=own, VersionId=version)["PolicyVersion"])

    return lab.once(_VERSION(own, version), read)


def _converge(lab: Lab, name: str, found: Structure, document: Structure) -> None:
    own, current = found["Arn"], _version(lab, found)
    tags.ensure(lab, tags.POLICY, t("tags of the policy {}", name), own, found.get("Tags"), lab.tags_of_iam)
    if policies.same(current["Document"], document):
        lab.same(t("managed policy {}", name))
        return
    # A policy has at most five versions; the ones that are not in force are history.
    for old in lab.read("iam.list_policy_versions", PolicyArn=own)["Versions"][4:]:
        lab.change(
            "-",
            t("version {} of the policy {}", old["VersionId"], name),
            "iam.delete_policy_version",
            PolicyArn=own,
            VersionId=old["VersionId"],
        )
    lab.change(
        "~",
        t("managed policy {}", name),
        "iam.create_policy_version",
        PolicyArn=own,
        PolicyDocument=policies.text(document),
        SetAsDefault=True,
    )


def _history(lab: Lab, name: str) -> list[Structure]:
    """The versions of the policy that are not in force."""

    def read() -> list[Structure]:
        listed = lab.find("iam.list_policy_versions", "NoSuchEntity", PolicyArn=arn(lab, name))
        return [version for version in (listed or {}).get("Versions", []) if not version["IsDefaultVersion"]]

    return lab.once(_HISTORY(name), read)


def remove(lab: Lab, name: str) -> None:
    """The policy gone, its old versions first."""
    found = find(lab, name)
    if found is None:
        return
    for version in _history(lab, name):
        lab.change(
            "-",
            t("version {} of the policy {}", version["VersionId"], name),
            "iam.delete_policy_version",
            already=("NoSuchEntity",),
            PolicyArn=found["Arn"],
            VersionId=version["VersionId"],
        )
    lab.change(
        "-",
        t("managed policy {}", name),
        "iam.delete_policy",
        already=("NoSuchEntity",),
        created=found.get("CreateDate"),
        PolicyArn=found["Arn"],
    )
    lab.learn(POLICY(name), None)


def remove_with_role(lab: Lab, role: str, inline: tuple[str, ...]) -> None:
    """The role and its basic-execution policy gone; the policy stays as long as the role has to."""
    policy = basic_execution(role)
    lab.read_ahead(lab.step, lambda: look_inside(lab, policy))
    if roles.remove(lab, role, ours=(arn(lab, policy),), inline=inline):
        remove(lab, policy)
    else:
        lab.learn(POLICY(policy), None)


def look_inside(lab: Lab, name: str) -> None:
    """Read all that `remove` needs to know, side by side."""
    lab.in_parallel(lambda: find(lab, name), lambda: _history(lab, name))
