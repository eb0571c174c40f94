"""`hol adopt`, step 0: the endpoint with all that the guide lets one make for it, what bills first.

Taken over is what hol would otherwise make, so only where the configuration lets hol make an endpoint; an endpoint that
the lab only uses stays whoever's it is, and is named. Configurations and models may be called anything: they are those
that the endpoint runs on. Role and bucket are taken by the configuration's names only, for others may use other ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hol.aws import endpoint_parts, endpoints, objects, policies, roles
from hol.cloud.tags import Tags, listed_tags, plain_tags
from hol.engine.lab import OWNER, Lab
from hol.words.again import command
from hol.words.text import Text, t

Free = Callable[[Lab, Text, Tags], bool]


def take(lab: Lab, free: Free, mark: Callable[[Lab, str, str, Any], dict[str, Any]]) -> None:
    """Endpoint, configurations, models, log group, bucket and role, as far as `free` says that they are nobody's.

    `mark` makes the copy that gives an object hol's marks.
    """
    name = lab.config.endpoint.name
    found = endpoints.find(lab, name)
    if not lab.config.creates_endpoint:
        if found is not None:
            why = t(
                "it is billed and stays whoever's it is; to take it over too: {}",
                command("adopt", "--set", "endpoint.create=true"),
            )
            lab.note(t("endpoint {}", name), why)
        return
    if found is not None:
        _sagemaker(lab, free, t("endpoint {}", name), found["EndpointArn"])
        _parts(lab, free, found["EndpointConfigName"])
    _log_group(lab, free, f"/aws/sagemaker/Endpoints/{name}")
    _bucket(lab, free, mark)
    _role(lab, free)


def _sagemaker(lab: Lab, free: Free, what: Text, arn: str) -> None:
    if free(lab, what, endpoint_parts.tags(lab, arn)):
        lab.change("~", t("tags of the {}", what), "sagemaker.add_tags", ResourceArn=arn, Tags=listed_tags(lab.tags))


def _parts(lab: Lab, free: Free, name: str) -> None:
    """The configuration that the endpoint runs on, and its models."""
    found = lab.find("sagemaker.describe_endpoint_config", EndpointConfigName=name)
    _sagemaker(lab, free, t("endpoint configuration {}", name), found["EndpointConfigArn"])
    for variant in found["ProductionVariants"]:
        model = lab.find("sagemaker.describe_model", ModelName=variant["ModelName"])
        _sagemaker(lab, free, t("model {}", model["ModelName"]), model["ModelArn"])
        _elsewhere(lab, model)


def _elsewhere(lab: Lab, model: Any) -> None:
    """What the model uses under other names than the configuration's is named, and stays."""
    settings, stays = lab.config.endpoint, t("the model uses it, but the configuration names another; it stays yours")
    role = str(model.get("ExecutionRoleArn", "")).rsplit("/", 1)[-1]
    if role != settings.role:
        lab.note(t("role {}", role), stays)
    archive = str(model.get("PrimaryContainer", {}).get("ModelDataUrl", ""))
    if archive and not archive.startswith(f"s3://{settings.bucket}/"):
        lab.note(t("model archive {}", archive), stays)


def _log_group(lab: Lab, free: Free, name: str) -> None:
    groups = lab.pages("logs.describe_log_groups", "logGroups", logGroupNamePrefix=name)
    if name not in [group["logGroupName"] for group in groups]:
        return
    arn = lab.cloud.arn("logs", f"log-group:{name}")
    if free(lab, t("log group {}", name), lab.find("logs.list_tags_for_resource", resourceArn=arn).get("tags", {})):
        lab.change("~", t("tags of the log group {}", name), "logs.tag_resource", resourceArn=arn, tags=lab.tags)


def _bucket(lab: Lab, free: Free, mark: Callable[[Lab, str, str, Any], dict[str, Any]]) -> None:
    """The bucket, and the model archive in it; other objects in it stay their owners'."""
    name, own = lab.config.endpoint.bucket, objects.own(lab, lab.config.endpoint.bucket)
    if lab.find("s3.head_bucket", "404", "NoSuchBucket", **own) is None:
        return
    tags = plain_tags((lab.find("s3.get_bucket_tagging", "NoSuchTagSet", **own) or {}).get("TagSet"))
    if free(lab, t("bucket {}", name), tags):
        wanted = {"TagSet": listed_tags({**tags, **lab.tags})}
        lab.change("~", t("tags of the bucket {}", name), "s3.put_bucket_tagging", **own, Tagging=wanted)
    elif tags.get(OWNER) != lab.owner:
        return
    key = lab.asset(lab.config.endpoint.model).name
    head = objects.head(lab, name, key)
    if head and "hol-lab" not in head.get("Metadata", {}):
        lab.change("~", t("marks of the model archive {}", key), "s3.copy_object", **mark(lab, name, key, head))


def _role(lab: Lab, free: Free) -> None:
    """The role; its inline policies become one under hol's name, by which `hol down` knows it."""
    name = lab.config.endpoint.role
    found = lab.find("iam.get_role", "NoSuchEntity", RoleName=name)
    if found is None:
        return
    tags = found["Role"].get("Tags")
    if free(lab, t("role {}", name), tags):
        lab.change("~", t("tags of the role {}", name), "iam.tag_role", RoleName=name, Tags=listed_tags(lab.tags))
    elif not lab.owns(tags):
        return
    theirs = [
        one for one in lab.pages("iam.list_role_policies", "PolicyNames", RoleName=name) if one != roles.INLINE[0]
    ]
    if theirs:
        _merge(lab, name, theirs)


def _merge(lab: Lab, role: str, names: list[str]) -> None:
    """Those inline policies as one of hol's name: what the role may do stays the same."""
    found = [
        lab.find("iam.get_role_policy", "NoSuchEntity", RoleName=role, PolicyName=one)
        for one in [roles.INLINE[0], *names]
    ]
    statements = [statement for one in found if one for statement in _listed(one["PolicyDocument"]["Statement"])]
    for number, statement in enumerate(statements):
        statement["Sid"] = f"{statement.get('Sid', 'Statement')}{number}"
    document = policies.text(policies.document(*statements))
    what = t("inline policy {}", roles.INLINE[0])
    lab.change("~", what, "iam.put_role_policy", RoleName=role, PolicyName=roles.INLINE[0], PolicyDocument=document)
    for one in names:
        why = t("hol's own takes its place: {}", roles.INLINE[0])
        lab.change("-", t("inline policy {}", one), "iam.delete_role_policy", why=why, RoleName=role, PolicyName=one)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
