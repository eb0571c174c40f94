"""The endpoint with all that the guide lets one make for it, what bills first.

Taken over is what hol would otherwise make, so only where the configuration lets hol make an endpoint; an endpoint that
the lab only uses stays whoever's it is, and is named. Configurations and models may be called anything: they are those
that the endpoint runs on. Role and bucket are taken by the configuration's names only, for others may use other ones.
"""

from __future__ import annotations

from typing import Any

from hol.aws import endpoint_parts, endpoints, objects, policies, roles, tags
from hol.engine.lab import Lab
from hol.teach import adopt as taking
from hol.words.commands import command
from hol.words.text import Text, t


def adopt(lab: Lab) -> None:
    """Endpoint, configurations, models, log group, bucket and role, as far as they are nobody's."""
    name = lab.config.endpoint.name
    found = endpoints.describe(lab, name)
    if not lab.config.creates_endpoint:
        if found is not None:
            why = t(
                "it is billed and stays whoever's it is; to take it over too: {}",
                command("adopt", "--set", "endpoint.create=true"),
            )
            lab.note(t("endpoint {}", name), why)
        return
    if found is not None:
        _sagemaker(lab, t("endpoint {}", name), found["EndpointArn"])
        _parts(lab, found["EndpointConfigName"])
    taking.log_group(lab, endpoints.log_group(name))
    _bucket(lab)
    _role(lab)


def _sagemaker(lab: Lab, what: Text, arn: str) -> None:
    found = endpoint_parts.tags(lab, arn)
    if taking.free(lab, what, found):
        tags.ensure(lab, tags.SAGEMAKER, t("tags of the {}", what), arn, found)


def _parts(lab: Lab, name: str) -> None:
    """The configuration that the endpoint runs on, and its models."""
    found = lab.read("sagemaker.describe_endpoint_config", EndpointConfigName=name)
    _sagemaker(lab, t("endpoint configuration {}", name), found["EndpointConfigArn"])
    for variant in found["ProductionVariants"]:
        model = lab.read("sagemaker.describe_model", ModelName=variant["ModelName"])
        _sagemaker(lab, t("model {}", model["ModelName"]), model["ModelArn"])
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


def _bucket(lab: Lab) -> None:
    """The bucket, and the model archive in it; other objects in it stay their owners'."""
    name = lab.config.endpoint.bucket
    if not taking.bucket(lab, name):
        return
    key = lab.asset(lab.config.endpoint.model).name
    head = objects.head(lab, name, key)
    if head and "hol-lab" not in head.get("Metadata", {}):
        copy = taking.marked(lab, name, key, head)
        lab.change("~", t("marks of the model archive {}", key), "s3.copy_object", **copy)


def _role(lab: Lab) -> None:
    """The role; its inline policies become one under hol's name, by which `hol down` knows it."""
    name = lab.config.endpoint.role
    if not taking.role(lab, name):
        return
    inline = lab.pages("iam.list_role_policies", RoleName=name)
    theirs = [one for one in inline if one != roles.INLINE[0]]
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
