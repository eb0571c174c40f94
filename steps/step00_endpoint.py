"""SageMaker endpoint with the sentiment model"""

from __future__ import annotations

import hashlib
from pathlib import Path

from hol import files
from hol.aws import buckets, endpoint_parts, endpoints, images, logs, objects, policies, roles, schedules
from hol.errors import ForeignError
from hol.lab import Lab
from hol.settings import Config
from hol.text import t

NEEDS = ()
PERMISSIONS = (
    "sagemaker:DescribeEndpoint", "sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:DeleteEndpoint",
    "sagemaker:DescribeEndpointConfig", "sagemaker:CreateEndpointConfig", "sagemaker:DeleteEndpointConfig",
    "sagemaker:ListEndpointConfigs", "sagemaker:DescribeModel", "sagemaker:CreateModel", "sagemaker:DeleteModel",
    "sagemaker:ListModels", "sagemaker:AddTags", "sagemaker:ListTags", "iam:GetRole", "iam:CreateRole",
    "iam:DeleteRole", "iam:TagRole", "iam:UpdateAssumeRolePolicy", "iam:PassRole", "iam:GetRolePolicy",
    "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies",
    "iam:DetachRolePolicy", "iam:ListInstanceProfilesForRole", "iam:RemoveRoleFromInstanceProfile", "s3:CreateBucket",
    "s3:DeleteBucket", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListAllMyBuckets",
    "s3:ListBucketMultipartUploads", "s3:AbortMultipartUpload", "s3:GetBucketTagging", "s3:PutBucketTagging",
    "s3:TagResource", "s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls",
    "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock", "s3:GetObject", "s3:GetObjectVersion",
    "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion",
    "logs:DescribeLogGroups", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy",
    "logs:TagResource", "logs:ListTagsForResource", "scheduler:GetScheduleGroup", "scheduler:CreateScheduleGroup",
    "scheduler:DeleteScheduleGroup", "scheduler:TagResource", "scheduler:ListTagsForResource", "scheduler:GetSchedule",
    "scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule",
)  # fmt: skip

_POLICY = "read-model-archive"


def permissions(config: Config) -> tuple[str, ...]:
    """What this step needs under that configuration: little, when the endpoint is somebody else's."""
    return PERMISSIONS if config.creates_endpoint else ("sagemaker:DescribeEndpoint",)


def up(lab: Lab) -> None:
    """The configured endpoint is in service; created from the model archive when the configuration says so."""
    settings = lab.config.endpoint
    if not lab.config.creates_endpoint:
        endpoints.verify(lab, settings.name)
        if settings.ttl:
            lab.note(t("endpoint.ttl"), t("hol did not create the endpoint {} and will not delete it", settings.name))
        return
    archive = files.ordinary(lab.asset(settings.model), "endpoint.model")
    wanted = _wanted(lab, archive)
    lab.read_ahead("endpoint", lambda: endpoints.look(lab, wanted))
    lab.together(
        lambda: _archive(lab, archive),
        lambda: _role(lab),
        lambda: logs.ensure(lab, _log_group(lab), lab.config.function.log_retention),
        lambda: _switch(lab),
    )
    endpoints.ensure(lab, wanted)


def down(lab: Lab) -> None:
    """The endpoint gone if hol creates it; somebody else's is left alone, and said so."""
    settings = lab.config.endpoint
    if not lab.config.creates_endpoint:
        if endpoints.find(lab, settings.name) is not None:
            lab.note(
                t("endpoint {}", settings.name), t("still billing, not mine: hol did not create it and leaves it alone")
            )
        return
    lab.read_ahead("endpoint", lambda: schedules.find_group(lab, settings.switch))
    lab.read_ahead("endpoint", lambda: roles.look_inside(lab, settings.role))
    lab.read_ahead("endpoint", lambda: objects.versions(lab, settings.bucket))
    lab.read_ahead("endpoint", lambda: buckets.find(lab, settings.bucket))
    lab.read_ahead("endpoint", lambda: logs.find(lab, _log_group(lab)))
    deleted, foreign = False, None
    try:
        deleted = endpoints.delete(lab, settings.name)
    except ForeignError as namesake:  # it keeps nothing of ours, least of all the switch that would delete it
        foreign = namesake
    lab.together(
        lambda: _after_the_endpoint(lab, deleted),
        lambda: roles.remove(lab, settings.role, inline=(_POLICY,)),
        lambda: buckets.remove(lab, settings.bucket),
    )
    if foreign:
        raise foreign


def _after_the_endpoint(lab: Lab, deleted: bool) -> None:
    """What stays until the endpoint is gone, above all the switch, which would delete it if we could not."""
    settings = lab.config.endpoint
    if deleted:
        endpoints.gone(lab, settings.name)
    lab.together(
        lambda: endpoint_parts.remove(lab, settings.name),
        lambda: schedules.remove(lab, settings.switch),
        lambda: logs.remove(lab, _log_group(lab)),
    )


def _switch(lab: Lab) -> None:
    """The dead-man's switch, set before the endpoint is there: from its creation on it costs money."""
    settings = lab.config.endpoint
    endpoints.find_own(lab, settings.name)
    if settings.ttl:
        schedules.ensure(lab, settings.switch, settings.name, schedules.lifetime(settings.ttl))


def _log_group(lab: Lab) -> str:
    # SageMaker would make it by itself: without tags, kept for ever, and never deleted with the endpoint.
    return f"/aws/sagemaker/Endpoints/{lab.config.endpoint.name}"


def _archive(lab: Lab, archive: Path) -> None:
    bucket = lab.config.endpoint.bucket
    lab.read_ahead("endpoint", lambda: objects.current(lab, bucket))
    buckets.ensure(lab, bucket, buckets.ENFORCED, buckets.CLOSED)
    objects.ensure(lab, bucket, t("model archive {}", archive.name), [objects.File(archive.name, archive)])


def _role(lab: Lab) -> None:
    name, bucket = lab.config.endpoint.role, lab.config.endpoint.bucket
    roles.ensure(lab, name, "sagemaker.amazonaws.com", "Lets the SageMaker endpoint read its model archive")
    in_bucket = f"arn:{lab.cloud.partition}:s3:::{bucket}"
    pulling = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
    writing = ["logs:CreateLogStream", "logs:PutLogEvents"]
    document = policies.document(
        policies.allow("ReadModel", ["s3:GetObject"], [f"{in_bucket}/*"]),
        policies.allow("FindModel", ["s3:ListBucket"], [in_bucket]),
        policies.allow("SignInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
        policies.allow("PullImage", pulling, [images.repository(lab.cloud.partition, lab.config.region)]),
        policies.allow(
            "WriteOwnLogs",
            writing,
            [lab.cloud.arn("logs", f"log-group:{_log_group(lab)}:*")],
        ),
    )
    roles.ensure_inline(lab, name, _POLICY, document)


def _wanted(lab: Lab, archive: Path) -> endpoints.Wanted:
    settings = lab.config.endpoint
    role = lab.cloud.arn("iam", f"role{roles.PATH}{settings.role}", region="")
    if settings.serverless_memory:
        variant: dict[str, object] = {
            "ServerlessConfig": {"MemorySizeInMB": settings.serverless_memory, "MaxConcurrency": 5}
        }
    else:
        variant = {"InstanceType": settings.instance_type, "InitialInstanceCount": 1, "InitialVariantWeight": 1.0}
    return endpoints.Wanted(
        settings.name,
        images.blazingtext(lab.config.region),
        f"s3://{settings.bucket}/{archive.name}",
        hashlib.sha256(archive.read_bytes()).hexdigest(),
        role,
        variant,
        settings.wait,
    )
