"""The dead-man's switch: set with `--ttl`, put off with `hol extend`, gone with `hol down`; and what firing it does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from harness import STEPS, Recorded, World

from hol.aws import schedules
from hol.cli.screen import receipt
from hol.engine.lab import Lab
from hol.operate import cleanup
from hol.words.errors import ForeignError, PrerequisiteError

ENDPOINT = [step for step in STEPS if step.name == "endpoint"]
TARGET = "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"


def _up(world: World, **settings: str) -> Recorded:
    return world.up(ENDPOINT, endpoint__ttl="4h", **settings)


def _schedule(world: World) -> Any:
    name = world.run().config.endpoint.switch
    return world.client("scheduler").get_schedule(GroupName=name, Name=name)


def test_the_switch_deletes_exactly_this_endpoint_after_that_time(world: World) -> None:
    _up(world)
    config, found = world.run().config.endpoint, _schedule(world)
    assert found["Target"]["Arn"] == TARGET
    assert json.loads(found["Target"]["Input"]) == {"EndpointName": config.name}
    assert found["Target"]["RoleArn"] == f"arn:aws:iam::{world.account}:role/service-role/{config.switch}"
    assert (found["ActionAfterCompletion"], found["State"], found["FlexibleTimeWindow"]) == (
        "DELETE", "ENABLED", {"Mode": "OFF"},
    )  # fmt: skip
    due = schedules.deadline(found)
    assert due is not None
    assert abs(due - datetime.now(UTC) - timedelta(hours=4)) < timedelta(minutes=5)


def test_the_group_carries_the_owner_tag(world: World) -> None:
    _up(world)
    name = world.run().config.endpoint.switch
    arn = f"arn:aws:scheduler:us-east-1:{world.account}:schedule-group/{name}"
    tags = world.client("scheduler").list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert {"Key": "hol:lab", "Value": "text-classification"} in tags


def test_the_role_may_delete_the_endpoint_and_nothing_else(world: World) -> None:
    _up(world)
    iam, config = world.client("iam"), world.run().config.endpoint
    role = iam.get_role(RoleName=config.switch)["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert iam.list_attached_role_policies(RoleName=config.switch)["AttachedPolicies"] == []
    names = iam.list_role_policies(RoleName=config.switch)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=config.switch, PolicyName=name)["PolicyDocument"] for name in names]
    assert [(one["Action"], one["Resource"]) for document in documents for one in document["Statement"]] == [
        (["sagemaker:DeleteEndpoint"], [f"arn:aws:sagemaker:us-east-1:{world.account}:endpoint/{config.name.lower()}"])
    ]


def test_firing_deletes_the_endpoint(world: World) -> None:
    _up(world)
    config, sagemaker = world.run().config.endpoint, _as_the_schedule(world)
    with pytest.raises(ClientError, match="AccessDenied"):
        sagemaker.describe_endpoint(EndpointName=config.name)
    with pytest.raises(ClientError, match="AccessDenied"):
        sagemaker.delete_endpoint(EndpointName="another")
    sagemaker.delete_endpoint(**json.loads(_schedule(world)["Target"]["Input"]))
    run = world.run()
    Lab(run, "endpoint").wait("", lambda: None if world.listing()["endpoints"] else True, up_to=600)
    assert world.listing()["endpoints"] == []


def _as_the_schedule(world: World) -> Any:
    """SageMaker, called as EventBridge Scheduler would call it; the role trusts a service only, so that is widened."""
    role = _schedule(world)["Target"]["RoleArn"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"arn:aws:iam::{world.account}:root"}}
    world.client("iam").update_assume_role_policy(
        RoleName=role.rsplit("/", 1)[1],
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    keys = world.client("sts").assume_role(RoleArn=role, RoleSessionName="firing")["Credentials"]
    return boto3.client(
        "sagemaker",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{world.port}",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_a_second_up_changes_nothing_and_keeps_the_time(world: World) -> None:
    _up(world)
    before = _schedule(world)["ScheduleExpression"]
    assert world.up(ENDPOINT, endpoint__ttl="1h").marks == {"="}
    assert world.up(ENDPOINT).marks == {"="}
    assert _schedule(world)["ScheduleExpression"] == before


def test_a_changed_switch_is_put_right(world: World) -> None:
    _up(world)
    found = _schedule(world)
    kept = {key: found[key] for key in ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")}
    world.client("scheduler").update_schedule(**kept, State="DISABLED", ActionAfterCompletion="NONE")
    assert [line for line in _up(world).lines if ": ~" in line] == [f"endpoint: ~ dead-man's switch {found['Name']}"]
    assert (_schedule(world)["State"], _schedule(world)["ScheduleExpression"]) == (
        "ENABLED",
        found["ScheduleExpression"],
    )


def test_extend_puts_it_off(world: World) -> None:
    _up(world)
    before = schedules.deadline(_schedule(world))
    settings = world.run().config.endpoint
    later = schedules.extend(Lab(world.run(), "endpoint"), settings.switch, settings.name, timedelta(hours=2))
    assert before is not None
    assert later == before + timedelta(hours=2) == schedules.deadline(_schedule(world))


def test_there_is_nothing_to_extend_without_one(world: World) -> None:
    settings = world.run().config.endpoint
    with pytest.raises(PrerequisiteError, match="no dead-man's switch is set"):
        schedules.extend(Lab(world.run(), "endpoint"), settings.switch, settings.name, timedelta(hours=2))


def test_down_removes_it_and_both_are_in_the_receipt(world: World) -> None:
    before = world.listing()
    _up(world)
    obsolete = cleanup.remaining(world.run(), ENDPOINT)
    times: dict[str, str] = {}
    run = world.run()
    run.emit = receipt.listening(lambda said: None, times)
    still = cleanup.clean_up(run, ENDPOINT)
    name = world.run().config.endpoint.switch
    lines = {line.resource.render(): line for line in receipt.lines(obsolete, still, times)}
    for resource in (f"dead-man's switch {name}", f"role {name}", f"schedule group {name}"):
        assert lines[resource].absent
        assert lines[resource].deleted
    assert world.listing() == before


def test_down_after_it_fired_leaves_nothing(world: World) -> None:
    before = world.listing()
    _up(world)
    name = world.run().config.endpoint.switch
    world.client("scheduler").delete_schedule(GroupName=name, Name=name)
    world.client("sagemaker").delete_endpoint(EndpointName=world.run().config.endpoint.name)
    world.down()
    assert world.listing() == before


def test_a_dry_run_tells_the_same(world: World) -> None:
    dry = world.up(ENDPOINT, dry=True, endpoint__ttl="4h").lines
    assert dry == _up(world).lines


def test_a_group_that_is_not_ours_is_left_alone(world: World) -> None:
    name = world.run().config.endpoint.switch
    world.client("scheduler").create_schedule_group(Name=name)
    with pytest.raises(ForeignError):
        _up(world)
    assert world.client("scheduler").list_schedules()["Schedules"] == []


def test_no_switch_is_set_against_an_endpoint_of_somebody_else(world: World) -> None:
    _up(world)
    with pytest.raises(ForeignError):
        world.up(ENDPOINT, endpoint__ttl="4h", endpoint__switch="other", lab="other")
    assert len(world.client("scheduler").list_schedules()["Schedules"]) == 1
