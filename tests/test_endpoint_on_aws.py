"""The endpoint as it is on AWS: updates that roll back, instances that are not to be had, images, its log group."""

from __future__ import annotations

import json

import pytest
from fault_proxy import Answer, Proxy, Request
from harness import STEPS, World

from hol.aws import images
from hol.words.errors import HolError

ENDPOINT = [step for step in STEPS if step.name == "endpoint"]
AWS = "application/x-amz-json-1.1"


def _says(**facts: str):
    def act(request: Request) -> Answer:
        answer = request.forward()
        return Answer(answer.status, answer.headers, json.dumps({**json.loads(answer.body), **facts}).encode())

    return act


def test_an_update_that_rolled_back_is_an_error_though_the_endpoint_is_in_service(faulty: World, front: Proxy) -> None:
    faulty.up(ENDPOINT)
    old = faulty.client("sagemaker").list_endpoint_configs()["EndpointConfigs"][0]["EndpointConfigName"]
    rolled_back = _says(EndpointConfigName=old, FailureReason="Unable to pull the image")
    front.add("sagemaker.DescribeEndpoint", rolled_back, times=99, when=lambda request: updated)
    updated: list[bool] = []

    def update(request: Request) -> Answer:
        updated.append(True)
        return request.forward()

    front.add("sagemaker.UpdateEndpoint", update)
    with pytest.raises(HolError, match="could not be updated and still runs the old configuration") as raised:
        faulty.up(ENDPOINT, endpoint__instance_type="ml.m5.xlarge")
    assert "Unable to pull the image" in str(raised.value.why)


def test_an_instance_that_is_not_to_be_had_names_the_alternatives(faulty: World, front: Proxy) -> None:
    reason = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."
    front.add("sagemaker.DescribeEndpoint", _says(EndpointStatus="Failed", FailureReason=reason), times=1, skip=1)
    with pytest.raises(HolError, match="is not in service but Failed") as raised:
        faulty.up(ENDPOINT)
    assert reason in str(raised.value.why)
    assert "endpoint.serverless_memory" in str(raised.value.fix)


def test_a_serverless_endpoint_is_made_by_one_key(world: World) -> None:
    world.up(ENDPOINT, endpoint__serverless_memory="2048")
    sagemaker = world.client("sagemaker")
    name = sagemaker.list_endpoint_configs()["EndpointConfigs"][0]["EndpointConfigName"]
    variant = sagemaker.describe_endpoint_config(EndpointConfigName=name)["ProductionVariants"][0]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 5}


def test_its_log_group_is_made_before_it_with_tags_and_retention_and_goes_with_it(world: World) -> None:
    world.up(ENDPOINT)
    logs, config = world.client("logs"), world.run().config
    group = logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker/")["logGroups"][0]
    assert group["logGroupName"] == f"/aws/sagemaker/Endpoints/{config.endpoint.name}"
    assert group["retentionInDays"] == config.function.log_retention
    world.down()
    assert logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker/")["logGroups"] == []


def test_up_while_the_switch_deletes_the_endpoint_makes_a_new_one(world: World) -> None:
    world.up(ENDPOINT)
    world.client("sagemaker").delete_endpoint(EndpointName=world.run().config.endpoint.name)
    assert [line for line in world.up(ENDPOINT).lines if ": +" in line] == [
        f"endpoint: + endpoint {world.run().config.endpoint.name}"
    ]
    assert len(world.listing()["endpoints"]) == 1


@pytest.mark.parametrize(
    ("region", "image"),
    [
        ("us-east-1", "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"),
        ("ap-northeast-2", "306986355934.dkr.ecr.ap-northeast-2.amazonaws.com/blazingtext:1"),
        ("cn-north-1", "390948362332.dkr.ecr.cn-north-1.amazonaws.com.cn/blazingtext:1"),
        ("us-isof-east-1", "108575199400.dkr.ecr.us-isof-east-1.csp.hci.ic.gov/blazingtext:1"),
    ],
)
def test_the_image_lies_in_the_region_s_own_registry(region: str, image: str) -> None:
    assert images.blazingtext(region) == image


def test_a_region_without_blazingtext_is_refused_with_one_that_has_it() -> None:
    with pytest.raises(HolError, match="SageMaker has no BlazingText in mx-central-1"):
        images.blazingtext("mx-central-1")
