"""`hol adopt`: what was made by hand becomes hol's, and `hol down` then leaves the account as it was before."""

from __future__ import annotations

import json
from typing import Any

from handmade import BASIC, Hands
from harness import STEPS, World

from hol.teach import adopt


def made(world: World) -> Hands:
    """The lab as the console leaves it: its own log policy beside the role, and Lambda's log group."""
    hands = Hands(world)
    hands.make()
    statement = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    policy = hands.iam.create_policy(
        PolicyName="AWSLambdaBasicExecutionRole-2f6e0c7e",
        Path="/service-role/",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )["Policy"]["Arn"]
    hands.iam.detach_role_policy(RoleName=hands.config.role.name, PolicyArn=BASIC)
    hands.iam.attach_role_policy(RoleName=hands.config.role.name, PolicyArn=policy)
    world.client("logs").create_log_group(logGroupName=f"/aws/lambda/{hands.config.function.name}")
    return hands


def tags(hands: Hands) -> list[Any]:
    """Everything by which ownership shows."""
    name, bucket = hands.config.role.name, hands.config.bucket.name
    keys = [item["Key"] for item in hands.s3.list_objects_v2(Bucket=bucket)["Contents"]]
    return [
        hands.iam.list_role_tags(RoleName=name)["Tags"],
        hands.functions.list_tags(Resource=hands.function_arn())["Tags"],
        [api.get("tags") for api in hands.gateway.get_rest_apis()["items"]],
        [hands.s3.head_object(Bucket=bucket, Key=key)["Metadata"] for key in keys],
    ]


def test_adopted_work_is_cleaned_up_like_hols_own(world: World) -> None:
    before = world.listing()
    hands = made(world)
    adopt.take(world.run(), STEPS, dry=False)
    recorded = world.up()
    assert {event.step for event in recorded.events} == {step.name for step in STEPS}
    assert [line for line in recorded.lines if ": ! " in line] == []
    world.check()
    world.down()
    assert world.listing() == before
    assert not hands.folder().exists()


def test_adopting_keeps_the_page_working_and_a_second_time_changes_nothing(world: World) -> None:
    world.step(0)
    made(world)
    assert adopt.take(world.run(), STEPS, dry=False)
    world.check()
    assert not adopt.take(world.run(), STEPS, dry=False)


def test_showing_what_would_be_adopted_changes_nothing(world: World) -> None:
    hands = made(world)
    before = (tags(hands), world.listing())
    assert adopt.take(world.run(), STEPS, dry=True)
    assert (tags(hands), world.listing()) == before


def test_another_labs_things_are_never_adopted(world: World) -> None:
    hands, foreign = made(world), {"hol:lab": "somebody"}
    listed = [{"Key": "hol:lab", "Value": "somebody"}]
    bucket, group = hands.config.bucket.name, f"/aws/lambda/{hands.config.function.name}"
    hands.iam.tag_role(RoleName=hands.config.role.name, Tags=listed)
    hands.functions.tag_resource(Resource=hands.function_arn(), Tags=foreign)
    hands.gateway.tag_resource(resourceArn=f"arn:aws:apigateway:us-east-1::/restapis/{hands.api}", tags=foreign)
    hands.s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": listed})
    world.client("logs").tag_log_group(logGroupName=group, tags=foreign)
    before = (tags(hands), world.listing())
    adopt.take(world.run(), [step for step in STEPS if step.name != "sdk"], dry=False)
    assert (tags(hands), world.listing()) == before
