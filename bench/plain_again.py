"""The reads that compare every facet of a lab that is there, with plain boto3."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from bench.script import API, BUCKET, ENDPOINT, FUNCTION, GROUPS, MODEL_ROLE, MODELS, REGION, ROLE, Script


def again(s: Script) -> None:
    """Every read at once, but for those that need the answer of another."""
    account = s.start(lambda: s.sts.get_caller_identity()["Account"])
    reads: list[Callable[[], Any]] = [
        lambda: _read_api(s),
        lambda: _read_site(s),
        lambda: _read_policy(s, account.result()),
        lambda: s.iam.get_role(RoleName=ROLE),
        lambda: s.iam.get_role_policy(RoleName=ROLE, PolicyName="inline"),
        lambda: s.iam.list_attached_role_policies(RoleName=ROLE),
        lambda: s.iam.get_role(RoleName=MODEL_ROLE),
        lambda: s.iam.get_role_policy(RoleName=MODEL_ROLE, PolicyName="inline"),
        lambda: s.lambda_.get_function(FunctionName=FUNCTION),
        lambda: s.lambda_.get_policy(FunctionName=FUNCTION),
        lambda: s.s3.get_bucket_tagging(Bucket=MODELS),
        lambda: s.s3.get_bucket_ownership_controls(Bucket=MODELS),
        lambda: s.s3.get_public_access_block(Bucket=MODELS),
        lambda: s.s3.head_object(Bucket=MODELS, Key="model.tar.gz"),
        lambda: s.s3.get_bucket_tagging(Bucket=BUCKET),
        lambda: s.s3.get_bucket_ownership_controls(Bucket=BUCKET),
        lambda: s.s3.get_public_access_block(Bucket=BUCKET),
        lambda: s.s3.get_bucket_website(Bucket=BUCKET),
        lambda: s.sagemaker.describe_endpoint(EndpointName=ENDPOINT),
        lambda: s.sagemaker.describe_endpoint_config(EndpointConfigName=ENDPOINT),
        lambda: s.sagemaker.describe_model(ModelName=ENDPOINT),
        lambda: s.sagemaker.list_tags(ResourceArn=f"arn:aws:sagemaker:{REGION}:{account.result()}:endpoint/{ENDPOINT}"),
    ]
    for name in GROUPS:
        reads.append(partial(s.logs.describe_log_groups, logGroupNamePrefix=name))
        reads.append(partial(_read_tags, s, name, account))
    s.each(lambda read: read(), reads)


def _read_tags(s: Script, group: str, account: Future[str]) -> Any:
    return s.logs.list_tags_for_resource(resourceArn=f"arn:aws:logs:{REGION}:{account.result()}:log-group:{group}")


def _read_api(s: Script) -> None:
    api = next(api["id"] for api in s.apigateway.get_rest_apis(limit=500)["items"] if api["name"] == API)
    reads = (
        lambda: s.apigateway.get_resources(restApiId=api, embed=["methods"]),
        lambda: s.apigateway.get_gateway_responses(restApiId=api),
        lambda: s.apigateway.get_stage(restApiId=api, stageName="prod"),
    )
    s.each(lambda read: read(), reads)


def _read_policy(s: Script, account: str) -> None:
    arn = f"arn:aws:iam::{account}:policy/bench-policy"
    version = s.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    s.iam.get_policy_version(PolicyArn=arn, VersionId=version)


def _read_site(s: Script) -> None:
    keys = [item["Key"] for item in s.s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    both = [(read, key) for key in keys for read in (s.s3.head_object, s.s3.get_object_acl)]
    s.each(lambda one: one[0](Bucket=BUCKET, Key=one[1]), both)
