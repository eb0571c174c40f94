"""Tables of AWS's words, held against AWS's own: botocore's service models, and its documentation where they are silent."""

from __future__ import annotations

import re
from functools import cache

import boto3
import botocore.session
import pytest
from harness import STEPS, World
from test_policy import _operations

from hol.cloud import actions
from hol.cloud.actions import Call
from hol.cloud.session import AWS, Cloud
from hol.teach import console

MODELS = botocore.session.get_session()
OPERATIONS = sorted(set().union(*(_operations(step) for step in STEPS)) - {"sts.get_caller_identity"})
# https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
DASHED = {
    "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
    "sa-east-1", "us-gov-west-1",
}  # fmt: skip
PARTITIONS = {"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}  # fmt: skip


@cache
def _members(operation: str) -> set[str]:
    """The arguments that the operation takes."""
    service, name = operation.split(".")
    model = MODELS.get_service_model(service)
    named = next(one for one in model.operation_names if _snake(one) == name)
    shape = model.operation_model(named).input_shape
    return set(shape.members) if shape else set()


def _snake(name: str) -> str:
    from botocore import xform_name

    return xform_name(name)


def _cloud(region: str) -> Cloud:
    return Cloud(AWS, boto3.Session("key", "secret", region_name=region), region, "111122223333", "arn:")


def _regions() -> list[str]:
    return [
        region for partition in PARTITIONS for region in boto3.Session().get_available_regions("s3", partition)
    ]  # fmt: skip


def test_a_website_has_a_dash_in_the_old_regions_and_a_dot_elsewhere() -> None:
    regions = _regions()
    assert set(regions) >= DASHED
    dashed = {region for region in regions if f".s3-website-{region}." in _cloud(region).website_url("b")}
    assert dashed == DASHED
    dotted = {region for region in regions if f".s3-website.{region}." in _cloud(region).website_url("b")}
    assert dotted == set(regions) - DASHED


def test_the_labs_operations_are_aws_s_own() -> None:
    assert len(OPERATIONS) > 60
    assert [operation for operation in OPERATIONS if not _known(operation)] == []


def _known(operation: str) -> bool:
    service, name = operation.split(".")
    return name in {_snake(one) for one in MODELS.get_service_model(service).operation_names}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_makes_something_with_tags_needs_the_right_to_tag(operation: str) -> None:
    """Where the call takes tags at all; nothing else needs it, and without tags nothing does."""
    argument = next((name for name in ("Tags", "tags") if name in _members(operation)), None)
    makes = operation.split(".")[1].startswith("create_")
    without = actions.needed(Call(operation, {})) - {"lambda:ListTags"}  # which GetFunction needs to show any
    assert len(without) == 1
    if argument and makes and operation != "apigateway.create_deployment":
        more = actions.needed(Call(operation, {argument: [1]})) - without
        assert len(more) == 1
        assert re.search(r":(Tag|AddTags|PUT)", min(more))
        assert min(more).split(":")[0] == min(without).split(":")[0]
        assert more <= actions.possible(operation)
    elif argument:
        assert actions.needed(Call(operation, {argument: [1]})) - {"lambda:ListTags"} == without


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_hands_a_role_over_needs_pass_role(operation: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    roles = _members(operation) & {"Role", "ExecutionRoleArn", "RoleArn", "Target", "credentials"}
    if operation == "sagemaker.create_endpoint_config":
        roles = set()  # its role is for inference components, which the lab has not
    hands = bool(roles) and operation.split(".")[0] in ("lambda", "sagemaker", "scheduler")
    assert ("iam:PassRole" in actions.possible(operation)) == hands
    for role in roles if hands else ():
        assert "iam:PassRole" in actions.needed(Call(operation, {role: "arn:aws:iam::1:role/r"}))
    assert "iam:PassRole" not in actions.needed(Call(operation, {}))


@pytest.mark.parametrize("operation", ["s3.get_object", "s3.delete_object"])
def test_a_version_of_an_object_has_rights_of_its_own(operation: str) -> None:
    plain, named = (actions.needed(Call(operation, {"Key": "k", **more})) for more in ({}, {"VersionId": "1"}))
    assert {one + "Version" for one in plain} == named
    assert plain | named == actions.possible(operation)


def test_versions_in_a_batch_are_seen() -> None:
    def needed(*objects: dict[str, str]) -> set[str]:
        return set(actions.needed(Call("s3.delete_objects", {"Delete": {"Objects": list(objects)}})))

    plain, version = {"Key": "a"}, {"Key": "b", "VersionId": "1"}
    assert needed(plain) == {"s3:DeleteObject"}
    assert needed(version) == {"s3:DeleteObjectVersion"}
    assert needed(plain, version) == {"s3:DeleteObject", "s3:DeleteObjectVersion"}


# Where the console shows what the operation is about; {r} is the region.
SEEN = {
    "iam.create_policy": "iam/home#/policies/details/arn%3Aaws%3Aiam%3A%3A111122223333%3Apolicy%2Fservice-role%2Fp",
    "iam.create_policy_version": "iam/home#/policies/details/arn%3Aaws%3Aiam%3A%3A1%3Apolicy%2Fp",
    "iam.put_role_policy": "iam/home#/roles/details/r",
    "lambda.create_function": "lambda/home?region={r}#/functions/f?tab=code",
    "lambda.add_permission": "lambda/home?region={r}#/functions/f?tab=configure",
    "lambda.update_function_configuration": "lambda/home?region={r}#/functions/f?tab=configure",
    "apigateway.create_deployment": "apigateway/main/apis/a/stages?api=a&region={r}",
    "apigateway.update_stage": "apigateway/main/apis/a/stages?api=a&region={r}",
    "apigateway.put_gateway_response": "apigateway/main/apis/a/gateway-responses?api=a&region={r}",
    "apigateway.put_method": "apigateway/main/apis/a/resources?api=a&region={r}",
    "s3.create_bucket": "s3/buckets/b?region={r}&tab=objects",
    "s3.put_object": "s3/buckets/b?region={r}&tab=objects",
    "s3.put_object_acl": "s3/buckets/b?region={r}&tab=objects",
    "s3.put_bucket_website": "s3/buckets/b?region={r}&tab=properties",
    "s3.put_public_access_block": "s3/buckets/b?region={r}&tab=permissions",
    "s3.put_bucket_ownership_controls": "s3/buckets/b?region={r}&tab=permissions",
    "sagemaker.create_model": "sagemaker/home?region={r}#/models/m",
    "sagemaker.create_endpoint_config": "sagemaker/home?region={r}#/endpointConfig/c",
    "sagemaker.create_endpoint": "sagemaker/home?region={r}#/endpoints/e",
    "logs.put_retention_policy": "cloudwatch/home?region={r}#logsV2:log-groups/log-group/$252Fg",
}
NAMES = {
    "RoleName": "r", "PolicyName": "p", "Path": "/service-role/", "FunctionName": "f", "restApiId": "a", "Bucket": "b",
    "ModelName": "m", "EndpointConfigName": "c", "EndpointName": "e", "logGroupName": "/g",
}  # fmt: skip


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-2"])
@pytest.mark.parametrize("operation", SEEN)
def test_a_change_is_shown_where_the_console_has_it(operation: str, region: str) -> None:
    """The host of the region, IAM's without one; built from nothing but the call's own arguments."""
    own = {name: value for name, value in NAMES.items() if name in _members(operation)}
    if operation == "iam.create_policy_version":
        own["PolicyArn"] = "arn:aws:iam::1:policy/p"
    found = console.page(_cloud(region), operation, own) or ""
    host = "console.aws.amazon.com" if operation.startswith("iam.") else f"{region}.console.aws.amazon.com"
    assert found.startswith(f"https://{host}/{SEEN[operation].format(r=region)}")


def test_before_the_api_is_there_its_list_is_shown_and_nothing_for_what_has_no_page() -> None:
    cloud = _cloud("us-east-1")
    page = console.page(cloud, "apigateway.put_method", {})
    assert page == "https://us-east-1.console.aws.amazon.com/apigateway/main/apis?region=us-east-1"
    assert console.page(cloud, "s3.put_object", {}) is None
    assert console.page(cloud, "sts.get_caller_identity", {}) is None


@pytest.mark.parametrize(("partition", "host"), PARTITIONS.items())
def test_every_partition_has_its_console(partition: str, host: str) -> None:
    region = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[partition]
    assert (console.page(_cloud(region), "lambda.create_function", NAMES) or "").startswith(f"https://{region}.{host}/")


# --- decisions ---

_TAKES_AWAY = re.compile(r"[a-z0-9]+\.(delete|remove|detach)_\w+")


def test_a_decisions_mark_says_what_its_calls_do(world: World) -> None:
    """`-` takes away, `+` and `~` do not; `=` and `!` do nothing; after a change by hand it is `~` and not `+`."""
    up = world.up()
    assert len([event for event in up.events if event.mark == "+"]) > 15
    client = world.client("lambda")
    client.update_function_configuration(FunctionName="myTextClassificationInference", Timeout=3)
    again = world.up()
    changed = [event for event in again.events if event.mark not in "=!"]
    assert [(event.step, event.mark) for event in changed] == [("function", "~")]
    down = world.down()
    assert down.marks == {"-"}
    for event in (*up.events, *again.events, *down.events):
        writes = [call.operation for call in event.calls]
        if event.mark in "=!":
            assert writes == [], event
        if writes:
            assert bool(_TAKES_AWAY.fullmatch(writes[-1])) == (event.mark == "-"), event
        if writes and event.mark == "~":
            assert not re.match(r"\w+\.create_(function|role|bucket|rest_api|model|endpoint)$", writes[0]), event
