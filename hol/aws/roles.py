"""IAM roles that a service assumes, with their permissions.

A role is six facets: the role itself with path, trust policy, permissions boundary and tags, customer managed policies
attached to it, and inline policies. Names are unique in the account whatever the path, so a namesake elsewhere is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

from hol.aws import iam_policies, policies, tags
from hol.aws.logs import LATE
from hol.cloud.answers import Structure
from hol.cloud.tags import Tags, listed_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import cleaning
from hol.words.text import t

PATH = "/service-role/"
# What the lab's roles are for, in the words by which they are recognised under any name.
FUNCTION = "Lets the Lambda function of the hands-on lab run"
ENDPOINT = "Lets the SageMaker endpoint read its model archive"
SWITCH = "Lets the dead-man's switch of the lab delete its endpoint"
WORKER = "Lets the engine of a class make and delete its labs"
ENGINE = "Lets Step Functions hand the labs of a class to the engine"
DESCRIPTIONS = (FUNCTION, ENDPOINT, SWITCH, WORKER, ENGINE)
BOUNDING = "iam:PutRolePermissionsBoundary"
WORKING, HANDING_OUT = "work-on-the-labs", "hand-out-the-labs"
INLINE = ("read-model-archive", "delete-the-endpoint", WORKING, HANDING_OUT)


@dataclass(frozen=True)
class Role:
    """A role of ours; `id` changes when it is deleted and made again under the same name."""

    name: str
    arn: str
    id: str
    trust: object
    tags: Tags
    created: object
    boundary: str = ""


ROLE = Kind[Role | None]("role")
_ATTACHED = Kind[list[Structure]]("attached policies")
_INLINE = Kind[list[str]]("inline policies")
_PROFILES = Kind[list[Structure]]("instance profiles")
_KEPT_BY = Kind[list[str]]("kept by")


def named(role: str) -> Structure:
    """The argument that names it."""
    return {"RoleName": role}


def find(lab: Lab, name: str) -> Role | None:
    """The role; None when there is none. Raises `ForeignError` for a namesake without our tag."""
    return lab.once(ROLE(name), lambda: _read(lab, name))


def _read(lab: Lab, name: str) -> Role | None:
    answer = lab.find("iam.get_role", "NoSuchEntity", RoleName=name)
    if answer is None:
        return None
    role = answer["Role"]
    lab.ownership.require_own_in_iam(t("the role {}", name), role.get("Tags"))
    # Right after its creation a role's Arn may be its unique id instead, so it is put together here.
    arn = lab.cloud.arn("iam", f"role{role['Path']}{name}", region="")
    boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
    trust = role["AssumeRolePolicyDocument"]
    return Role(name, arn, role["RoleId"], trust, role.get("Tags"), role.get("CreateDate"), boundary)


def ensure(lab: Lab, name: str, service: str, description: str) -> Role:
    """The role with path, trust policy and tags as they should be."""
    found = find(lab, name)
    if found is None:
        return _create(lab, name, service, description)
    if not policies.same(found.trust, policies.trust(service)):
        lab.change(
            "~",
            t("trust policy of the role {}", name),
            "iam.update_assume_role_policy",
            why=t("only {} may assume it", service),
            RoleName=name,
            PolicyDocument=policies.text(policies.trust(service)),
        )
    ensure_boundary(lab, found, lab.config.role.boundary)
    tags.ensure(lab, tags.ROLE, t("tags of the role {}", name), name, found.tags, lab.ownership.tags_of_iam)
    lab.same(t("role {}", name))
    return found


def ensure_boundary(lab: Lab, role: Role, boundary: str) -> None:
    """The role's permissions boundary, where one is wanted; without one whichever it has stays."""
    if boundary and role.boundary != boundary:
        lab.change(
            "~",
            t("permissions boundary of the role {}", role.name),
            "iam.put_role_permissions_boundary",
            RoleName=role.name,
            PermissionsBoundary=boundary,
        )


def _create(lab: Lab, name: str, service: str, description: str) -> Role:
    bounded: Structure = {"PermissionsBoundary": lab.config.role.boundary} if lab.config.role.boundary else {}
    answer = lab.change(
        "+",
        t("role {}", name),
        "iam.create_role",
        already=("EntityAlreadyExists",),
        lost=lambda: _again(lab, name),
        RoleName=name,
        Path=PATH,
        Description=description,
        Tags=listed_tags(lab.ownership.tags_of_iam),
        AssumeRolePolicyDocument=policies.text(policies.trust(service)),
        **bounded,
    )
    if answer is None:  # somebody made it since we looked; if that was us, all is well
        seen = lab.wait(t("IAM to show the role {}", name), lambda: _read(lab, name), every=4, up_to=120)
        lab.learn(ROLE(name), seen)
        return seen
    made = Role(
        name, arn(lab, name), answer["Role"]["RoleId"], policies.trust(service), lab.ownership.tags_of_iam, None
    )
    lab.learn(ROLE(name), made)
    return made


def arn(lab: Lab, name: str) -> str:
    """The ARN of a role that hol makes."""
    return lab.cloud.arn("iam", f"role{PATH}{name}", region="")


def _again(lab: Lab, name: str) -> Structure | None:
    return lab.find("iam.get_role", "NoSuchEntity", RoleName=name)


def ensure_inline(lab: Lab, role: str, name: str, document: Structure) -> None:
    """The role's inline policy of that name with exactly that document."""
    found = lab.find("iam.get_role_policy", "NoSuchEntity", RoleName=role, PolicyName=name)
    if found is not None and policies.same(found["PolicyDocument"], document):
        lab.same(t("inline policy {}", name))
        return
    lab.change(
        "+" if found is None else "~",
        t("inline policy {}", name),
        "iam.put_role_policy",
        RoleName=role,
        PolicyName=name,
        PolicyDocument=policies.text(document),
    )


def look_inside(lab: Lab, role: str) -> None:
    """Read all that `remove` needs to know of the role, side by side."""
    lab.in_parallel(
        lambda: find(lab, role), lambda: _inline(lab, role), lambda: attached(lab, role), lambda: _profiles(lab, role)
    )


def attached(lab: Lab, role: str) -> list[Structure]:
    """The managed policies attached to the role; none when there is no role."""
    return lab.once(
        _ATTACHED(role), lambda: lab.pages("iam.list_attached_role_policies", "NoSuchEntity", RoleName=role)
    )


def _inline(lab: Lab, role: str) -> list[str]:
    return lab.once(_INLINE(role), lambda: lab.pages("iam.list_role_policies", "NoSuchEntity", RoleName=role))


def _profiles(lab: Lab, role: str) -> list[Structure]:
    return lab.once(
        _PROFILES(role), lambda: lab.pages("iam.list_instance_profiles_for_role", "NoSuchEntity", RoleName=role)
    )


def remove_inline(lab: Lab, role: str, name: str) -> None:
    """Our inline policy gone, the role left."""
    if find(lab, role) is None or name not in _inline(lab, role):
        return
    iam_policies.delete_inline(lab, named(role), name)
    lab.learn(_INLINE(role), [one for one in _inline(lab, role) if one != name])


def kept_by(lab: Lab, role: str, inline: tuple[str, ...]) -> list[str]:
    """The inline policies that keep the role: neither of those names nor, under a former name, of hol's making."""

    def former(policy: str) -> bool:
        found = lab.find("iam.get_role_policy", "NoSuchEntity", RoleName=role, PolicyName=policy)
        return found is None or policies.only_asks(found["PolicyDocument"])

    def read() -> list[str]:
        return [one for one in _inline(lab, role) if one not in inline and not former(one)]

    return lab.once(_KEPT_BY(role, inline), read)


def remove(lab: Lab, name: str, ours: tuple[str, ...] = (), inline: tuple[str, ...] = ()) -> bool:
    """The role gone; whether it is. `ours`: ARNs of managed policies, `inline`: names of inline policies that hol made.

    What others attached is detached. Their inline policies keep the role, and then nothing of it is changed.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html
    """
    lab.read_ahead(lab.step, lambda: look_inside(lab, name))
    found = find(lab, name)
    if found is None:
        return True
    foreign = kept_by(lab, name, inline)
    if foreign:
        made = [policy["PolicyName"] for policy in attached(lab, name) if policy["PolicyArn"] in ours]
        made += [policy for policy in _inline(lab, name) if policy not in foreign]
        why = t("it has inline policies that hol did not make: {}", ", ".join(foreign))
        lab.leave(
            t("role {}", name),
            t("{}; what hol made stays with it: {}", why, ", ".join(made)) if made else why,
            t("delete them in the IAM console, then run again: {}", cleaning()),
        )
        return False
    _detach(lab, name, ours)
    for policy in list(_inline(lab, name)):
        remove_inline(lab, name, policy)
    lab.change(
        "-", t("role {}", name), "iam.delete_role", already=("NoSuchEntity",), created=found.created, RoleName=name
    )
    lab.learn(ROLE(name), None)
    return True


def _detach(lab: Lab, role: str, ours: tuple[str, ...]) -> None:
    for policy in attached(lab, role):
        if policy["PolicyArn"] not in ours:
            lab.learn(LATE(), True)
            lab.note(
                t("policy {}", policy["PolicyArn"]),
                t("somebody attached it to the role {}; hol detaches it and leaves the policy itself alone", role),
            )
        iam_policies.detach(lab, named(role), policy["PolicyArn"])
    for profile in _profiles(lab, role):
        name = profile["InstanceProfileName"]
        lab.note(
            t("instance profile {}", name),
            t("somebody put the role {} into it; hol takes it out and leaves the profile alone", role),
        )
        lab.change(
            "-",
            t("role {} in the instance profile {}", role, name),
            "iam.remove_role_from_instance_profile",
            already=("NoSuchEntity",),
            RoleName=role,
            InstanceProfileName=name,
        )
