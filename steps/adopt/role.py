"""The role; the policy that the console made beside it is replaced by hol's own, which `hol down` finds by its name."""

from __future__ import annotations

from hol.aws import managed, roles
from hol.cloud.tags import plain_tags
from hol.engine.lab import Lab
from hol.engine.ownership import OWNER
from hol.teach import adopt as taking
from hol.words.text import t

_CONSOLE_MADE = f":policy{roles.PATH}{managed.PREFIX}"


def adopt(lab: Lab) -> None:
    """The role by its tags; the console's log policy becomes hol's own."""
    name = lab.config.role.name
    if not taking.role(lab, name):
        return
    for policy in lab.pages("iam.list_attached_role_policies", RoleName=name):
        if _CONSOLE_MADE in policy["PolicyArn"] and policy["PolicyName"] != managed.basic_execution(name):
            _replace_policy(lab, name, policy["PolicyArn"], policy["PolicyName"])


def _replace_policy(lab: Lab, role: str, arn: str, name: str) -> None:
    found = lab.read("iam.get_policy", PolicyArn=arn)["Policy"]
    what = t("managed policy {}", name)
    if found.get("AttachmentCount", 1) > 1 or OWNER in plain_tags(found.get("Tags")):
        lab.note(what, t("somebody else uses it too; hol leaves it alone"))
        return
    version = lab.read("iam.get_policy_version", PolicyArn=arn, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    managed.ensure(lab, role, managed.basic_execution(role), version["Document"])
    lab.change("-", t("attachment of the policy {}", name), "iam.detach_role_policy", RoleName=role, PolicyArn=arn)
    for old in lab.read("iam.list_policy_versions", PolicyArn=arn)["Versions"]:
        if not old["IsDefaultVersion"]:
            number = old["VersionId"]
            wording = t("version {} of the policy {}", number, name)
            lab.change("-", wording, "iam.delete_policy_version", PolicyArn=arn, VersionId=number)
    why = t("hol's own takes its place: {}", managed.basic_execution(role))
    lab.change("-", what, "iam.delete_policy", why=why, created=found.get("CreateDate"), PolicyArn=arn)
