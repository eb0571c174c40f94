"""SageMaker endpoint with the sentiment model"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from hol.aws import buckets, endpoint_parts, endpoints, images, logs, objects, policies, roles, schedules
from hol.config import disk as files
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.engine.resources import Resources
from hol.words.errors import ForeignError, HolError, PermissionDenied
from hol.words.text import t

NEEDS = ()
MINUTES = 10  # by hand, in the console
ADOPTED_WRONG_TOO = True  # it may have failed or be gone: what was made for it is not left behind
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
    "scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:DeleteSchedule", "scheduler:ListSchedules",
)  # fmt: skip

_USING = ("sagemaker:DescribeEndpoint", "sagemaker:ListTags")
_POLICY = roles.INLINE[0]


def permissions(config: Config) -> tuple[str, ...]:
    """What this step needs under that configuration: little, when the endpoint is somebody else's."""
    if not config.creates_endpoint:
        return _USING
    return (*PERMISSIONS, roles.BOUNDING) if config.role.boundary else PERMISSIONS


def resources(config: Config) -> Resources:
    """What these are for; somebody else's endpoint is only asked."""
    mine = config.endpoint
    if not config.creates_endpoint:
        return Resources(endpoints=(mine.name,))
    return Resources(
        roles={mine.role: "sagemaker.amazonaws.com", mine.switch: "scheduler.amazonaws.com"},
        log_groups=(endpoints.log_group(mine.name),),
        buckets=(mine.bucket,),
        endpoints=(mine.name,),
        schedules=(mine.switch,),
    )


def up(lab: Lab) -> None:
    """The configured endpoint is in service; created from the model archive when the configuration says so."""
    settings = lab.config.endpoint
    if not lab.config.creates_endpoint:
        endpoints.verify(lab, settings.name)
        if settings.ttl:
            lab.note(t("endpoint.ttl"), t("hol did not create the endpoint {} and will not delete it", settings.name))
        return
    archive = files.ordinary(lab.asset(settings.model), "endpoint.model")
    content = hashlib.sha256(archive.read_bytes()).hexdigest()
    usual = _wanted(lab, archive, content, roles.arn(lab, settings.role))
    lab.read_ahead("endpoint", lambda: endpoints.look(lab, usual))
    lab.in_parallel(
        lambda: _archive(lab, archive),
        lambda: _role(lab),
        lambda: logs.ensure(lab, _log_group(lab), lab.config.function.log_retention),
        lambda: _switch(lab),
    )
    # A role that was made by hand and adopted lies in another path.
    role = roles.find(lab, settings.role)
    endpoints.ensure(lab, _wanted(lab, archive, content, role.arn) if role else usual)


def extend(lab: Lab, longer: timedelta) -> datetime:
    """`hol extend`: the switch fires that much later; returns when."""
    return schedules.extend(lab, lab.config.endpoint.switch, lab.config.endpoint.name, longer)


def down(lab: Lab) -> None:
    """What hol made for the endpoint gone, whatever the configuration says by now; somebody else's is left alone."""
    _read_ahead(lab)
    deleted, refused = False, None
    try:
        deleted = endpoints.delete(lab, lab.config.endpoint.name)
    except (ForeignError, PermissionDenied) as error:  # a namesake keeps nothing of ours, least of all its switch
        refused = error
    lab.in_parallel(lambda: _after_the_endpoint(lab, deleted), lambda: _remove_role(lab), lambda: _remove_bucket(lab))
    if refused:
        _left_alone(lab, refused)


def _read_ahead(lab: Lab) -> None:
    settings = lab.config.endpoint
    lab.read_ahead("endpoint", lambda: schedules.find_group(lab, settings.switch))
    lab.read_ahead("endpoint", lambda: buckets.find(lab, settings.bucket))
    lab.read_ahead("endpoint", lambda: logs.find(lab, _log_group(lab)))
    lab.read_ahead("endpoint", lambda: roles.find(lab, settings.role))
    if lab.config.creates_endpoint:
        lab.read_ahead("endpoint", lambda: roles.look_inside(lab, settings.role))
        lab.read_ahead("endpoint", lambda: objects.versions(lab, settings.bucket))


def _left_alone(lab: Lab, refused: HolError) -> None:
    """Somebody else's endpoint is a failure only where hol is to make one of that name."""
    name = lab.config.endpoint.name
    if lab.config.creates_endpoint or name not in lab.run.facts.names(endpoints.ENDPOINT.name):
        raise refused
    if isinstance(refused, PermissionDenied):
        lab.forget(endpoints.ENDPOINT(name))  # the listing by tag says whether it is ours
    lab.note(t("endpoint {}", name), t("still billing, not mine: hol did not create it and leaves it alone"))


def _is_ours(lab: Lab, look: Callable[[], object]) -> bool:
    """Whether `look` finds something of ours.

    Under what hol would not make by today's configuration, a namesake or a refusal is no failure: what hol made all the
    same, the listing by tag names.
    """
    try:
        return bool(look())
    except (ForeignError, PermissionDenied):
        if lab.config.creates_endpoint:
            raise
        return False


def _after_the_endpoint(lab: Lab, deleted: bool) -> None:
    """What stays until the endpoint is gone, above all the switch, which would delete it if we could not."""
    if deleted:
        endpoints.gone(lab, lab.config.endpoint.name)
    lab.in_parallel(lambda: _remove_parts(lab), lambda: _remove_switch(lab), lambda: _remove_log_group(lab))


def _remove_parts(lab: Lab) -> None:
    name = lab.config.endpoint.name
    if _is_ours(lab, lambda: endpoint_parts.listed(lab, name)):
        endpoint_parts.remove(lab, name)


def _remove_switch(lab: Lab) -> None:
    name = lab.config.endpoint.switch
    if _is_ours(lab, lambda: schedules.find_group(lab, name)):
        schedules.remove(lab, name)


def _remove_log_group(lab: Lab) -> None:
    name = _log_group(lab)
    if lab.config.creates_endpoint or _is_ours(lab, lambda: logs.find(lab, name)):
        logs.remove(lab, name)


def _remove_role(lab: Lab) -> None:
    name = lab.config.endpoint.role
    if _is_ours(lab, lambda: roles.find(lab, name)):
        roles.remove(lab, name, inline=(_POLICY,))


def _remove_bucket(lab: Lab) -> None:
    name = lab.config.endpoint.bucket
    if _is_ours(lab, lambda: buckets.find(lab, name)):
        buckets.remove(lab, name)


def _switch(lab: Lab) -> None:
    """The dead-man's switch, set before the endpoint is there: from its creation on it costs money."""
    settings = lab.config.endpoint
    endpoints.find(lab, settings.name)
    if settings.ttl:
        schedules.ensure(lab, settings.switch, settings.name, schedules.lifetime(settings.ttl))


def _log_group(lab: Lab) -> str:
    # SageMaker would make it by itself: without tags, kept for ever, and never deleted with the endpoint.
    return endpoints.log_group(lab.config.endpoint.name)


def _archive(lab: Lab, archive: Path) -> None:
    bucket = lab.config.endpoint.bucket
    lab.read_ahead("endpoint", lambda: objects.current(lab, bucket))
    buckets.ensure(lab, bucket, buckets.ENFORCED, buckets.CLOSED)
    objects.ensure(lab, bucket, t("model archive {}", archive.name), [objects.File(archive.name, archive)])


def _role(lab: Lab) -> None:
    name, bucket = lab.config.endpoint.role, lab.config.endpoint.bucket
    roles.ensure(lab, name, "sagemaker.amazonaws.com", roles.ENDPOINT)
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
            [f"{logs.arn(lab, _log_group(lab))}:*"],
        ),
    )
    roles.ensure_inline(lab, name, _POLICY, document)


def _wanted(lab: Lab, archive: Path, content: str, role: str) -> endpoint_parts.Wanted:
    settings = lab.config.endpoint
    if settings.serverless_memory:
        variant: dict[str, object] = {
            "ServerlessConfig": {"MemorySizeInMB": settings.serverless_memory, "MaxConcurrency": 5}
        }
    else:
        variant = {"InstanceType": settings.instance_type, "InitialInstanceCount": 1, "InitialVariantWeight": 1.0}
    return endpoint_parts.Wanted(
        settings.name,
        images.blazingtext(lab.config.region),
        f"s3://{settings.bucket}/{archive.name}",
        content,
        role,
        variant,
        settings.wait,
    )
