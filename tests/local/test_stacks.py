"""CloudFormation on the local AWS: what a template says of buckets, APIs and SageMaker is so."""

from __future__ import annotations

import json
import time
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from local_lab import Session
from test_sagemaker import ARCHIVE, IMAGE, allow, trust


def template(**resources: dict[str, Any]) -> str:
    return json.dumps({"Resources": resources})


def settled(client: Any, name: str) -> str:
    for _ in range(400):
        found = [one["StackStatus"] for one in client.list_stacks()["StackSummaries"] if one["StackName"] == name]
        if found and not found[0].endswith("_IN_PROGRESS"):
            return str(found[0])
        time.sleep(0.05)
    raise AssertionError(f"{name} does not settle")


@pytest.fixture
def stacks(session: Session) -> Any:
    return session("cloudformation")


@pytest.fixture
def name() -> str:
    return f"stack-{uuid4().hex[:8]}"


def made(stacks: Any, name: str, body: str) -> dict[str, str]:
    """The stack's resources: logical id → physical id."""
    stacks.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    status = settled(stacks, name)
    events = stacks.describe_stack_events(StackName=name)["StackEvents"]
    assert status == "CREATE_COMPLETE", [e["ResourceStatusReason"] for e in events if "FAILED" in e["ResourceStatus"]]
    listed = stacks.describe_stack_resources(StackName=name)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in listed}


def bucket(name: str, ownership: str = "ObjectWriter") -> dict[str, Any]:
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    tags = [{"Key": "course", "Value": "nlp"}]
    return {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": name, "OwnershipControls": controls, "Tags": tags},
    }


def test_a_buckets_ownership_and_tags_are_set_changed_and_taken_away(session: Session, stacks: Any, name: str) -> None:
    s3 = session("s3")
    made(stacks, name, template(B=bucket(name)))
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=name)["TagSet"]}
    assert rules == [{"ObjectOwnership": "ObjectWriter"}]
    assert (tags["course"], tags["aws:cloudformation:stack-name"]) == ("nlp", name)
    stacks.update_stack(StackName=name, TemplateBody=template(B=bucket(name, "BucketOwnerEnforced")))
    assert settled(stacks, name) == "UPDATE_COMPLETE"
    rules = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_a_stack_does_not_delete_a_bucket_that_holds_something(session: Session, stacks: Any, name: str) -> None:
    s3 = session("s3")
    made(stacks, name, template(B=bucket(name)))
    s3.put_object(Bucket=name, Key="mine", Body=b"1")
    stacks.delete_stack(StackName=name)
    assert settled(stacks, name) == "DELETE_FAILED"
    assert s3.get_object(Bucket=name, Key="mine")["Body"].read() == b"1"
    s3.delete_object(Bucket=name, Key="mine")
    stacks.delete_stack(StackName=name)
    assert settled(stacks, name) == "DELETE_COMPLETE"
    with pytest.raises(ClientError):
        s3.head_bucket(Bucket=name)


@pytest.mark.parametrize(
    ("given", "types"), [({"EndpointConfiguration": {"Types": ["REGIONAL"]}}, "REGIONAL"), ({}, "EDGE")]
)
def test_an_apis_endpoint_type_is_the_templates(
    session: Session, stacks: Any, name: str, given: dict[str, Any], types: str
) -> None:
    ids = made(stacks, name, template(A={"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": name, **given}}))
    found = session("apigateway").get_rest_api(restApiId=ids["A"])
    assert found["endpointConfiguration"]["types"] == [types]


def test_the_keys_of_a_stages_settings_are_as_update_stage_takes_them(session: Session, stacks: Any, name: str) -> None:
    method = {"RestApiId": {"Ref": "A"}, "ResourceId": {"Fn::GetAtt": ["A", "RootResourceId"]}, "HttpMethod": "GET"}
    mock = {"Type": "MOCK", "RequestTemplates": {"application/json": '{"statusCode": 200}'}}
    settings = [{"ResourcePath": "/", "HttpMethod": "GET", "ThrottlingRateLimit": 3, "ThrottlingBurstLimit": 4}]
    ids = made(
        stacks,
        name,
        template(
            A={"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": name}},
            M={"Type": "AWS::ApiGateway::Method", "Properties": {**method, "AuthorizationType": "NONE", "Integration": mock}},
            D={"Type": "AWS::ApiGateway::Deployment", "DependsOn": "M", "Properties": {"RestApiId": {"Ref": "A"}}},
            S={
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {
                    "RestApiId": {"Ref": "A"}, "DeploymentId": {"Ref": "D"}, "StageName": "x", "MethodSettings": settings
                },
            },
        ),
    )  # fmt: skip
    gateway = session("apigateway")
    stage = {"restApiId": ids["A"], "stageName": "x"}
    assert list(gateway.get_stage(**stage)["methodSettings"]) == ["~1/GET"]
    patch = [{"op": "replace", "path": "/~1/GET/throttling/rateLimit", "value": "5"}]
    changed = gateway.update_stage(**stage, patchOperations=patch)["methodSettings"]
    assert {key: (one["throttlingRateLimit"], one["throttlingBurstLimit"]) for key, one in changed.items()} == {
        "~1/GET": (5.0, 4)
    }


def sagemaker(name: str, memory: int = 1024, key: str = "model.tar.gz") -> str:
    role = {
        "RoleName": name,
        "AssumeRolePolicyDocument": json.loads(trust("sagemaker.amazonaws.com")),
        "Policies": [{"PolicyName": "read", "PolicyDocument": json.loads(allow("s3:GetObject"))}],
    }
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{name}/{key}"}
    serverless = {"MemorySizeInMB": str(memory), "MaxConcurrency": 5}
    named = {"ModelName": {"Fn::GetAtt": ["M", "ModelName"]}, "VariantName": "all", "ServerlessConfig": serverless}
    configured = {"EndpointName": name, "EndpointConfigName": {"Fn::GetAtt": ["C", "EndpointConfigName"]}}
    return template(
        R={"Type": "AWS::IAM::Role", "Properties": role},
        M={
            "Type": "AWS::SageMaker::Model",
            "Properties": {"ExecutionRoleArn": {"Fn::GetAtt": ["R", "Arn"]}, "PrimaryContainer": container},
        },
        C={"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [named]}},
        E={"Type": "AWS::SageMaker::Endpoint", "Properties": configured},
    )


@pytest.fixture
def archive(session: Session, name: str) -> str:
    s3 = session("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="model.tar.gz", Body=ARCHIVE)
    return name


def test_an_endpoint_of_a_stack_is_in_service_moves_on_and_goes(session: Session, stacks: Any, archive: str) -> None:
    client = session("sagemaker")
    made(stacks, archive, sagemaker(archive))
    found = client.describe_endpoint(EndpointName=archive)
    tags = client.list_tags(ResourceArn=found["EndpointArn"])["Tags"]
    assert found["EndpointStatus"] == "InService"
    assert {"Key": "aws:cloudformation:stack-name", "Value": archive} in tags
    stacks.update_stack(StackName=archive, TemplateBody=sagemaker(archive, 2048), Capabilities=["CAPABILITY_NAMED_IAM"])
    assert settled(stacks, archive) == "UPDATE_COMPLETE"
    moved = client.describe_endpoint(EndpointName=archive)
    variant = client.describe_endpoint_config(EndpointConfigName=moved["EndpointConfigName"])["ProductionVariants"][0]
    assert (moved["EndpointStatus"], variant["ServerlessConfig"]["MemorySizeInMB"]) == ("InService", 2048)
    assert variant["InitialVariantWeight"] == 1.0  # of which the template says nothing
    left = [one["EndpointConfigName"] for one in client.list_endpoint_configs(NameContains=archive)["EndpointConfigs"]]
    assert left == [moved["EndpointConfigName"]]
    stacks.delete_stack(StackName=archive)
    assert settled(stacks, archive) == "DELETE_COMPLETE"
    assert client.list_endpoints(NameContains=archive)["Endpoints"] == []
    assert client.list_models(NameContains=archive)["Models"] == []


def test_a_model_without_its_archive_fails_the_stack_in_sagemakers_words(stacks: Any, archive: str) -> None:
    body = sagemaker(archive, key="missing.tar.gz")
    stacks.create_stack(StackName=archive, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    assert settled(stacks, archive) == "ROLLBACK_COMPLETE"
    events = stacks.describe_stack_events(StackName=archive)["StackEvents"]
    reasons = [one.get("ResourceStatusReason", "") for one in events if one["LogicalResourceId"] == "M"]
    assert any(f"Could not find model data at s3://{archive}/missing.tar.gz" in one for one in reasons)


def test_a_model_says_its_mode(session: Session, stacks: Any, archive: str) -> None:
    made(stacks, archive, sagemaker(archive))
    client = session("sagemaker")
    named = client.list_models(NameContains=archive)["Models"][0]["ModelName"]
    assert client.describe_model(ModelName=named)["PrimaryContainer"]["Mode"] == "SingleModel"
