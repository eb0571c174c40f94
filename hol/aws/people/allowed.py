"""Customer managed policies that say what somebody may do, in a class's own path.

What is in force is the default version; of the others, which are history, AWS keeps four.
"""

from __future__ import annotations

from hol.aws import policies, tags
from hol.aws.people import marks
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.lab import Lab
from hol.words.commands import cleaning
from hol.words.errors import HolError
from hol.words.text import t


def arn(lab: Lab, name: str) -> str:
    """The ARN of the class's policy of that name."""
    return lab.cloud.arn("iam", f"policy{marks.path(lab)}{name}", region="")


def names(lab: Lab) -> list[str]:
    """All of the class's policies."""
    listed = lab.pages("iam.list_policies", Scope="Local", PathPrefix=marks.path(lab))
    return [policy["PolicyName"] for policy in listed]


def ensure(lab: Lab, name: str, document: Structure, attendee: str = "") -> str:
    """The policy with exactly that document; returns its ARN."""
    found = _find(lab, name)
    if found is None:
        lab.change(
            "+",
            t("managed policy {}", name),
            "iam.create_policy",
            already=("EntityAlreadyExists",),
            PolicyName=name,
            Path=marks.path(lab),
            PolicyDocument=policies.text(document),
            Tags=listed_tags(marks.tags(lab, attendee)),
        )
    else:
        _converge(lab, name, found, document, attendee)
    return arn(lab, name)


def _find(lab: Lab, name: str) -> Structure | None:
    found = lab.find("iam.get_policy", "NoSuchEntity", PolicyArn=arn(lab, name))
    if found is not None:
        marks.require_own(lab, t("the policy {}", arn(lab, name)), found["Policy"].get("Tags"))
    return found and found["Policy"]


def _converge(lab: Lab, name: str, found: Structure, document: Structure, attendee: str) -> None:
    own, version = found["Arn"], found["DefaultVersionId"]
    what = t("tags of the policy {}", name)
    tags.ensure(lab, tags.POLICY, what, own, found.get("Tags"), marks.tags(lab, attendee))
    current = lab.read("iam.get_policy_version", PolicyArn=own, VersionId=version)["PolicyVersion"]
    if policies.same(current["Document"], document):
        lab.same(t("managed policy {}", name))
        return
    for old in _history(lab, own)[3:]:
        _remove_version(lab, name, old)
    lab.change(
        "~",
        t("managed policy {}", name),
        "iam.create_policy_version",
        PolicyArn=own,
        PolicyDocument=policies.text(document),
        SetAsDefault=True,
    )


def remove(lab: Lab, name: str) -> None:
    """The policy gone, its old versions first; one that a role which is left has for its boundary is left too."""
    found = _find(lab, name)
    if found is None:
        return
    for old in _history(lab, found["Arn"]):
        _remove_version(lab, name, old)
    try:
        _delete(lab, name, found)
    except HolError as error:
        if error.failure is None or error.failure.code != "DeleteConflict":
            raise
        why = t("a role or user that is still there has it, or has it for its boundary")
        lab.leave(t("managed policy {}", name), why, t("when that is gone, run again: {}", cleaning()))


def _delete(lab: Lab, name: str, found: Structure) -> None:
    lab.change(
        "-",
        t("managed policy {}", name),
        "iam.delete_policy",
        already=("NoSuchEntity",),
        created=found.get("CreateDate"),
        PolicyArn=found["Arn"],
    )


def _history(lab: Lab, own: str) -> list[str]:
    """The versions that are not in force, the latest first."""
    listed = lab.find("iam.list_policy_versions", "NoSuchEntity", PolicyArn=own)
    return [one["VersionId"] for one in (listed or {}).get("Versions", []) if not one["IsDefaultVersion"]]


def _remove_version(lab: Lab, name: str, version: str) -> None:
    lab.change(
        "-",
        t("version {} of the policy {}", version, name),
        "iam.delete_policy_version",
        already=("NoSuchEntity",),
        PolicyArn=arn(lab, name),
        VersionId=version,
    )
