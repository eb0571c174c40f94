"""What hol decides on is AWS's error and not its words; and a look neither changes nor waits."""

from __future__ import annotations

from typing import Any

import pytest
from fault_proxy import Proxy, changed, error, lose
from harness import STEPS, Recorded, World

from hol.aws import endpoints, functions
from hol.aws.gateway import apis
from hol.cloud import actions, session
from hol.cloud.actions import Call
from hol.cloud.clock import JumpingClock
from hol.config.values import tag_map
from hol.engine.lab import Lab
from hol.operate import cleanup, policy
from hol.words.errors import Exit, HolError, PermissionDenied
from hol.words.text import t


def test_hidden_tags_are_not_a_strangers(faulty: World, front: Proxy) -> None:
    """GetFunction leaves the tags out for whoever may not list them: cannot tell, and which action would help."""
    faulty.up()

    def hide(body: bytes) -> bytes:
        return body.replace(b'"Tags"', b'"TagsError": {"ErrorCode": "AccessDenied", "Message": "no"}, "Hidden"')

    front.add("lambda.GetFunction", changed(hide), times=10**6)
    lab = Lab(faulty.run(), "function")
    with pytest.raises(PermissionDenied) as raised:
        functions.find(lab, lab.config.function.name)
    assert "lambda:ListTags" in str(raised.value.fix)
    assert "lambda:ListTags" in actions.needed(Call("lambda.get_function", {}))


def test_the_local_aws_withholds_tags_without_list_tags(world: World) -> None:
    world.up()
    iam, name = world.client("iam"), "myTextClassificationInference"
    iam.create_user(UserName="u")
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:GetFunction","Resource":"*"}]}'
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document)
    key = iam.create_access_key(UserName="u")["AccessKey"]
    import boto3

    client = boto3.client(
        "lambda", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{world.port}",
        aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
    )  # fmt: skip
    found = client.get_function(FunctionName=name)
    assert "Tags" not in found
    assert found["TagsError"]["ErrorCode"]
    assert world.client("lambda").get_function(FunctionName=name)["Tags"]


@pytest.mark.parametrize(("operation", "code"), [("PutMethod", "ConflictException"), ("PutMethodResponse", "ConflictException")])  # fmt: skip
def test_a_concurrent_modification_is_not_already_there(operation: str, code: str, faulty: World, front: Proxy) -> None:
    message = "Unable to complete operation due to concurrent modification. Please try again later."
    rule = front.add(f"apigateway.{operation}", error(code, message, 409), times=3)
    faulty.up()
    assert rule.fired == 3
    assert faulty.up().marks <= {"="}


@pytest.mark.parametrize("what", ["DeleteEndpoint", "DeleteEndpointConfig", "DeleteModel"])
def test_a_delete_whose_answer_was_lost_is_not_left_behind(what: str, faulty: World, front: Proxy) -> None:
    """SageMaker says "Could not find …" to the second one: it is gone."""
    faulty.up()
    rule = front.add(f"sagemaker.{what}", lose)
    run = faulty.run(Recorded(), clock=JumpingClock(real=0.02))
    assert cleanup.clean_up(run, STEPS) == []
    assert rule.fired == 1
    assert run.left == []


def test_an_error_carries_awss_own(faulty: World, front: Proxy) -> None:
    front.add("iam.GetRole", error("SomethingElse", "Could not find the words"))
    with pytest.raises(HolError) as raised:
        Lab(faulty.run(), "x").find("iam.get_role", RoleName="r")
    assert raised.value.failure is not None
    assert raised.value.failure.code == "SomethingElse"


def test_looking_for_the_api_deletes_no_twin(faulty: World, front: Proxy) -> None:
    faulty.up()
    gateway = faulty.client("apigateway")
    api = gateway.get_rest_apis()["items"][0]
    gateway.create_rest_api(name=api["name"], tags=api["tags"])
    front.seen.clear()
    run = faulty.run()
    assert apis.find(Lab(run, "x"), api["name"])["id"] == api["id"]
    assert "apigateway.DeleteRestApi" not in front.seen
    faulty.up()
    assert [one["id"] for one in gateway.get_rest_apis()["items"]] == [api["id"]]


def test_looking_for_the_endpoint_does_not_wait_until_it_is_gone(faulty: World, front: Proxy) -> None:
    faulty.up()
    front.add("sagemaker.DescribeEndpoint", changed(lambda body: body.replace(b"InService", b"Deleting")), times=10**6)
    clock = JumpingClock()
    lab = Lab(faulty.run(clock=clock), "x")
    assert endpoints.find(lab, lab.config.endpoint.name) is None
    assert clock.waits == []


def test_a_lenient_look_writes_nothing_here(world: World) -> None:
    run = world.run()
    run.lenient = True
    done: list[Any] = []
    Lab(run, "x").local("+", t("x"), lambda: done.append(1), key="x")
    assert done == []


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("us-east-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_partitions(region: str, partition: str, suffix: str) -> None:
    assert session.partition(region) == (partition, suffix)
    assert policy.partition(region) == partition


@pytest.mark.parametrize("tags", [{"a": "x" * 257}, {"a": "tab\there"}, {"a;b": "x"}, {"a": "100 %"}, {"": "x"}, {"a": "🙂"}, {str(n): "x" for n in range(51)}])  # fmt: skip
def test_tags_that_aws_would_refuse_are_refused_first(tags: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        tag_map(tags)


def test_tags_in_any_script_are_taken() -> None:
    assert tag_map({"과목": "자연어 처리 2026", "a-b": "x+y=z/@:."})["과목"] == "자연어 처리 2026"


def test_a_new_accounts_concurrency_is_named(faulty: World, front: Proxy) -> None:
    def ten(body: bytes) -> bytes:
        import json

        recorded = json.loads(body)
        recorded["AccountLimit"] |= {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}
        return json.dumps(recorded).encode()

    front.add("lambda.GetAccountSettings", changed(ten), times=9)
    lab = Lab(faulty.run(dry=True, function__concurrency="0"), "doctor")
    looks = next(step for step in STEPS if step.name == "function").facet("doctor")(lab)
    found = [one for look in looks if look.code == "HOL-D22" for one in look.find()]
    assert "10" in str(found[0].what)
    assert found[0].level == "warning"
    assert found[0].exit == Exit.DONE


def test_an_exception_without_a_message_is_an_error_to_the_page(world: World) -> None:
    """API Gateway knows a failed function by its message only."""
    import importlib.util

    from hol.config.files import packaged

    spec = importlib.util.spec_from_file_location("inference_bare", packaged() / "assets/lambda/inference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    import os

    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
    spec.loader.exec_module(module)
    bare = Exception()

    def broken(payload: object) -> None:
        raise bare

    module.ask = broken
    with pytest.raises(Exception, match="without a message"):
        module.lambda_handler({"sentences": [{"query": "x"}]}, None)
