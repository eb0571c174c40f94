"""What a whole account does: log groups that come back, other accounts, other regions, stops in the middle."""

from __future__ import annotations

import threading

import boto3
import pytest
from comparing import anonymous
from fault_proxy import Proxy, Request, after, error, said
from harness import STEPS, World
from killed import killed_at
from runs import Runs
from sampling import some
from test_random_faults import LateClock

from hol.cloud.session import AWS, Cloud
from hol.operate import cleanup

GROUP = "/aws/lambda/myTextClassificationInference"
ROLE = "myTextClassificationLambdaRole-hol"


def test_F25_log_group_comes_back(faulty: World, front: Proxy) -> None:
    """A dying function makes its log group anew, without tags, once it was deleted: it is deleted again."""
    before = faulty.listing()
    faulty.up(STEPS[1:4])
    logs = faulty.client("logs")
    front.add("logs.DeleteLogGroup", after(lambda: logs.create_log_group(logGroupName=GROUP)))
    run, _ = Runs(faulty).down()
    assert run.left == []
    assert front.seen.count("logs.DeleteLogGroup") == 2  # the function's, and the one that came back
    assert faulty.listing() == before


@pytest.mark.parametrize(
    ("read", "fails"),
    some([("logs.DescribeLogGroups", 2), ("logs.DescribeLogGroups", 0), ("iam.ListAttachedRolePolicies", 2)], 3),
)
def test_F25b_log_group_comes_back_late(faulty: World, front: Proxy, read: str, fails: int) -> None:
    """Seconds after it was deleted, since somebody let the function make it; also when it was deleted, or that was seen,
    at the second try."""
    before = faulty.listing()
    faulty.up()
    iam, logs, clock = faulty.client("iam"), faulty.client("logs"), LateClock()
    iam.attach_role_policy(RoleName=ROLE, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    come_back = (5.0, lambda: logs.create_log_group(logGroupName=GROUP))
    front.add(read, error("AccessDenied", "no"), times=fails, when=_about_the_function)
    front.add(
        "logs.DeleteLogGroup",
        after(lambda: clock.due.append((clock.now() + come_back[0], come_back[1]))),
        when=_about_the_function,
    )
    run = faulty.run(clock=clock)
    assert cleanup.clean_up(run, STEPS) == []
    clock.at += 60
    clock.sleep(0, threading.Event())
    assert run.left == []
    assert faulty.listing() == before


def _about_the_function(request: Request) -> bool:
    return GROUP in request.body.decode() or ROLE in request.body.decode()


def test_F26_deleted_things_still_listed_by_the_tagging_service(faulty: World, front: Proxy) -> None:
    """The Resource Groups Tagging API lists deleted things for hours; each service itself is asked."""
    faulty.up(STEPS[1:4])
    stale = b'{"ResourceTagMappingList":[{"ResourceARN":"arn:aws:lambda:us-east-1:1:function:gone","Tags":[]}]}'
    front.add("tagging.*", said(200, stale), times=9999)
    run, _ = Runs(faulty).down()
    assert run.left == []
    assert "lambda.DeleteFunction" in front.seen
    assert faulty.listing()["functions"] == []


def test_F29_same_configuration_in_another_account(world: World, other_world: World) -> None:
    """AWS is the state, so there is no file of another account to be misled by: each sees its own only."""
    world.up()
    state = anonymous(world)
    assert Runs(other_world).down()[1].lines == []
    other_world.up()
    assert Runs(other_world).down()[0].left == []
    assert anonymous(world) == state
    assert world.up().marks == {"="}


@pytest.mark.parametrize("call", some(["apigateway.PutIntegration", "iam.AttachRolePolicy", "lambda.AddPermission"], 3))
def test_F29c_killed_between_two_calls(faulty: World, front: Proxy, clean: str, call: str) -> None:
    """A process killed between PutMethod and PutIntegration, or between CreateRole and AttachRolePolicy."""
    killed_at(front, faulty, "up", name=call)
    front.rules.clear()
    faulty.up()
    assert anonymous(faulty) == clean


@pytest.mark.parametrize(
    ("region", "website", "invoke", "role"),
    [
        ("us-east-1", "http://b.s3-website-us-east-1.amazonaws.com", "a.execute-api.us-east-1.amazonaws.com", "aws"),
        (
            "ap-northeast-2",
            "http://b.s3-website.ap-northeast-2.amazonaws.com",
            "a.execute-api.ap-northeast-2.amazonaws.com",
            "aws",
        ),
        (
            "cn-north-1",
            "http://b.s3-website.cn-north-1.amazonaws.com.cn",
            "a.execute-api.cn-north-1.amazonaws.com.cn",
            "aws-cn",
        ),
    ],
)
def test_F30_addresses_of_regions_and_partitions(region: str, website: str, invoke: str, role: str) -> None:
    """Website and API addresses, and ARNs, have the form of their region and partition."""
    cloud = Cloud(AWS, boto3.Session("key", "secret", region_name=region), region, "111122223333", "arn:")
    assert cloud.website_url("b") == website
    assert cloud.invoke_url("a", "prod") == f"https://{invoke}/prod"
    assert cloud.arn("iam", "role/r", region="") == f"arn:{role}:iam::111122223333:role/r"


def test_F30_lab_in_seoul(world: World) -> None:
    """The whole lab in another region works, and leaves nothing there."""
    before = world.listing()
    recorded = world.up(region="ap-northeast-2")
    assert "ap-northeast-2" in recorded.outputs["website_url"]
    world.check(region="ap-northeast-2")
    assert Runs(world).down(region="ap-northeast-2")[0].left == []
    assert world.listing() == before
    gateway = world.client("apigateway", "ap-northeast-2")
    assert gateway.get_rest_apis()["items"] == []
    assert len(STEPS) == 11
