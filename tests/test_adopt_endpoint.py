"""`hol adopt` of step 0: the endpoint made by hand as the guide says, and everything that it is made of."""

from __future__ import annotations

import json

import pytest
from handmade import Hands, trust
from harness import STEPS, World

from hol.config.files import packaged
from hol.operate import cleanup
from hol.teach import adopt

ENDPOINT = [step for step in STEPS if step.name == "endpoint"]
IMAGE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1"


def made(world: World) -> Hands:
    """Bucket, archive, role, model, configuration and endpoint as the guide's step 0 has them made in the console."""
    hands = Hands(world)
    settings, sagemaker = hands.config.endpoint, world.client("sagemaker")
    hands.s3.create_bucket(Bucket=settings.bucket)
    archive = (packaged() / settings.model).read_bytes()
    hands.s3.put_object(Bucket=settings.bucket, Key="model.tar.gz", Body=archive)
    role = hands.iam.create_role(RoleName=settings.role, AssumeRolePolicyDocument=trust("sagemaker.amazonaws.com"))
    reading = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::{settings.bucket}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [reading]})
    hands.iam.put_role_policy(RoleName=settings.role, PolicyName="by-hand", PolicyDocument=document)
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{settings.bucket}/model.tar.gz"}
    arn = role["Role"]["Arn"]
    sagemaker.create_model(ModelName="my-model", PrimaryContainer=container, ExecutionRoleArn=arn)
    variant = {"VariantName": "v", "ModelName": "my-model", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="my-config", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=settings.name, EndpointConfigName="my-config")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=settings.name, WaiterConfig={"Delay": 1})
    world.client("logs").create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{settings.name}")
    return hands


@pytest.mark.parametrize("up_between", [False, True])
def test_the_adopted_endpoint_is_cleaned_up_whole(world: World, up_between: bool) -> None:
    before = world.listing()
    made(world)
    settings = {"target": "aws", "endpoint__create": "true"}
    adopt.take(world.run(**settings), ENDPOINT, dry=False)
    if up_between:
        world.up(ENDPOINT, **settings)
    run = world.run(target="aws")  # whatever the flag says by then
    assert cleanup.clean_up(run, STEPS) == []
    assert run.left == []
    assert world.listing() == before


def test_what_bills_is_named_first_and_showing_it_changes_nothing(world: World) -> None:
    made(world)
    before = world.listing()
    recorded: list[str] = []
    run = world.run()
    run.emit = lambda said: recorded.append(str(getattr(said, "what", "")))
    assert adopt.take(run, ENDPOINT, dry=True)
    assert "endpoint" in recorded[0]
    assert world.listing() == before
    assert adopt.take(world.run(), ENDPOINT, dry=True)


def test_an_endpoint_that_the_lab_only_uses_is_named_and_stays(world: World) -> None:
    hands = made(world)
    run = world.run(target="aws")
    recorded: list[str] = []
    run.emit = lambda said: recorded.append(f"{getattr(said, 'mark', '')} {getattr(said, 'what', '')}")
    assert not adopt.take(run, ENDPOINT, dry=False)
    assert recorded == [f"! endpoint {hands.config.endpoint.name}"]


def test_another_labs_endpoint_is_never_adopted(world: World) -> None:
    world.up(ENDPOINT, lab="another")
    before = world.listing()
    adopt.take(world.run(), ENDPOINT, dry=False)
    cleanup.clean_up(world.run(), STEPS)
    assert world.listing() == before
