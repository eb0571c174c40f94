"""Everything deleted, with plain boto3."""

from __future__ import annotations

import time

from bench.script import API, BUCKET, ENDPOINT, FUNCTION, GROUPS, MODEL_ROLE, MODELS, ROLE, Script


def down(s: Script) -> None:
    """Everything deleted, what needs nothing else at once."""
    account = s.start(lambda: s.sts.get_caller_identity()["Account"])
    parts = (
        lambda: _no_endpoint(s),
        lambda: _no_api(s),
        lambda: (s.lambda_.delete_function(FunctionName=FUNCTION), s.logs.delete_log_group(logGroupName=GROUPS[0])),
        lambda: _no_bucket(s, BUCKET),
        lambda: _no_bucket(s, MODELS),
        lambda: _no_role(s, account.result()),
        lambda: (
            s.iam.delete_role_policy(RoleName=MODEL_ROLE, PolicyName="inline"),
            s.iam.delete_role(RoleName=MODEL_ROLE),
        ),
    )
    s.each(lambda part: part(), parts)


def _no_endpoint(s: Script) -> None:
    s.sagemaker.delete_endpoint(EndpointName=ENDPOINT)
    while s.sagemaker.list_endpoints(NameContains=ENDPOINT)["Endpoints"]:
        time.sleep(0.05)
    rest = (
        lambda: s.sagemaker.delete_endpoint_config(EndpointConfigName=ENDPOINT),
        lambda: s.sagemaker.delete_model(ModelName=ENDPOINT),
        lambda: s.logs.delete_log_group(logGroupName=GROUPS[1]),
    )
    s.each(lambda one: one(), rest)


def _no_api(s: Script) -> None:
    api = next(api["id"] for api in s.apigateway.get_rest_apis(limit=500)["items"] if api["name"] == API)
    s.apigateway.delete_rest_api(restApiId=api)


def _no_bucket(s: Script, bucket: str) -> None:
    keys = [{"Key": item["Key"]} for item in s.s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    s.s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    s.s3.delete_bucket(Bucket=bucket)


def _no_role(s: Script, account: str) -> None:
    arn = f"arn:aws:iam::{account}:policy/bench-policy"
    first = (
        lambda: s.iam.detach_role_policy(RoleName=ROLE, PolicyArn=arn),
        lambda: s.iam.delete_role_policy(RoleName=ROLE, PolicyName="inline"),
    )
    s.each(lambda one: one(), first)
    s.each(lambda one: one(), (lambda: s.iam.delete_role(RoleName=ROLE), lambda: s.iam.delete_policy(PolicyArn=arn)))
