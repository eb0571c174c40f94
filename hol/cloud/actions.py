"""Which IAM actions a call needs.

Mostly the action is named like the operation. S3 and API Gateway have their own ways: S3 checks what the call is
about (HeadBucket is s3:ListBucket), API Gateway knows only HTTP verbs, and tags or roles that a call carries need
permissions of their own. Source: the service authorization reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One AWS call: `operation` is `service.snake_case_name`, the names of boto3."""

    operation: str
    arguments: Mapping[str, object] = field(default_factory=dict)


_VERBS = {
    "get": "GET", "create": "POST", "test": "POST", "put": "PUT", "tag": "PUT", "update": "PATCH", "delete": "DELETE",
}  # fmt: skip

_NAMED = {
    "lambda.invoke": "lambda:InvokeFunction",
    "s3.head_bucket": "s3:ListBucket",
    "s3.head_object": "s3:GetObject",
    "s3.list_buckets": "s3:ListAllMyBuckets",
    "s3.list_objects_v2": "s3:ListBucket",
    "s3.list_object_versions": "s3:ListBucketVersions",
    "s3.list_multipart_uploads": "s3:ListBucketMultipartUploads",
    "s3.delete_objects": "s3:DeleteObject",
    "s3.get_public_access_block": "s3:GetBucketPublicAccessBlock",
    "s3.put_public_access_block": "s3:PutBucketPublicAccessBlock",
    "s3control.get_public_access_block": "s3:GetAccountPublicAccessBlock",
    "sagemaker-runtime.invoke_endpoint": "sagemaker:InvokeEndpoint",
    "resourcegroupstaggingapi.get_resources": "tag:GetResources",
    "service-quotas.list_service_quotas": "servicequotas:ListServiceQuotas",
}

_PREFIXES = {"stepfunctions": "states"}

# What tags in the call need besides; argument → action.
_TAGGING = {
    "iam.create_role": ("Tags", "iam:TagRole"),
    "iam.create_policy": ("Tags", "iam:TagPolicy"),
    "lambda.create_function": ("Tags", "lambda:TagResource"),
    "logs.create_log_group": ("tags", "logs:TagResource"),
    "s3.create_bucket": ("CreateBucketConfiguration", "s3:TagResource"),
    "apigateway.create_rest_api": ("tags", "apigateway:PUT"),
    "sagemaker.create_model": ("Tags", "sagemaker:AddTags"),
    "sagemaker.create_endpoint_config": ("Tags", "sagemaker:AddTags"),
    "sagemaker.create_endpoint": ("Tags", "sagemaker:AddTags"),
    "scheduler.create_schedule_group": ("Tags", "scheduler:TagResource"),
    "stepfunctions.create_state_machine": ("tags", "states:TagResource"),
}

# The calls that hand a role to a service: argument that names the role.
_PASSING = {
    "lambda.create_function": "Role",
    "lambda.update_function_configuration": "Role",
    "sagemaker.create_model": "ExecutionRoleArn",
    "scheduler.create_schedule": "Target",
    "scheduler.update_schedule": "Target",
    "stepfunctions.create_state_machine": "roleArn",
    "stepfunctions.update_state_machine": "roleArn",
}

# What a call asks for besides, whatever its arguments are: without it GetFunction leaves the tags out.
_BESIDES = {"lambda.get_function": ("lambda:ListTags",)}

_VERSIONED = {"s3:GetObject": "s3:GetObjectVersion", "s3:DeleteObject": "s3:DeleteObjectVersion"}
_FREE = ("sts.get_caller_identity",)


def needed(call: Call) -> frozenset[str]:
    """Every IAM action that AWS asks for before it does this call."""
    if call.operation in _FREE:
        return frozenset()
    action = named(call.operation)
    wanted = {action, *_BESIDES.get(call.operation, ())}
    argument, tagging = _TAGGING.get(call.operation, ("", ""))
    if argument and call.arguments.get(argument):
        wanted.add(tagging)
    if call.arguments.get(_PASSING.get(call.operation, "")):
        wanted.add("iam:PassRole")
    if action in _VERSIONED:
        named_versions = _names_versions(call.arguments)
        wanted |= {_VERSIONED[action]} if any(named_versions) else set()
        wanted -= {action} if all(named_versions) else set()
    return frozenset(wanted)


def named(operation: str) -> str:
    """The action of an operation in boto3's words: `iam.get_role` → `iam:GetRole`."""
    service, name = operation.split(".")
    if service == "apigateway":
        return f"apigateway:{_VERBS[name.split('_')[0]]}"
    prefix = _PREFIXES.get(service, service)
    return _NAMED.get(operation) or f"{prefix}:{''.join(word.capitalize() for word in name.split('_'))}"


def possible(operation: str) -> frozenset[str]:
    """Every action that the operation may need, whatever its arguments are."""
    wanted = {named(operation), *_BESIDES.get(operation, ())}
    if operation in _TAGGING:
        wanted.add(_TAGGING[operation][1])
    if operation in _PASSING:
        wanted.add("iam:PassRole")
    return frozenset(wanted | {_VERSIONED[action] for action in wanted if action in _VERSIONED})


def _names_versions(arguments: Mapping[str, object]) -> list[bool]:
    """For each object that the call is about, whether it names a version of it."""
    batch = arguments.get("Delete")
    objects = batch.get("Objects", []) if isinstance(batch, Mapping) else [arguments]
    return ["VersionId" in item for item in objects]
