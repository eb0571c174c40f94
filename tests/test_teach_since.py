"""What no longer works since 2019: each instruction fails as it is said to, and hol does it all the same.

Instructions about screens that are gone have nothing to fail here; for them the guide text of their step must say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from handmade import Hands
from harness import STEPS, World

from hol.config.files import packaged
from hol.teach import since
from steps.site import checks

ENTRIES = since.entries(packaged() / since.FILE)
PAGE = packaged() / "assets" / "web"


def refused(code: str, do: Callable[[], object]) -> None:
    with pytest.raises(ClientError) as raised:
        do()
    assert raised.value.response["Error"]["Code"] == code


def python37(world: World) -> None:
    hands = Hands(world)
    hands.role()
    refused("InvalidParameterValueException", lambda: hands.function(Runtime="python3.7"))


def acls_disabled(world: World) -> None:
    hands = Hands(world)
    name = hands.config.bucket.name
    hands.s3.create_bucket(Bucket=name)
    hands.block()
    hands.s3.put_object(Bucket=name, Key="index.html", Body=b"x")
    refused("AccessControlListNotSupported", hands.publish)


def blocked(world: World) -> None:
    hands = Hands(world)
    hands.bucket(opened=False)
    hands.s3.put_object(Bucket=hands.config.bucket.name, Key="index.html", Body=b"x")
    refused("AccessDenied", hands.publish)


def blocked_by_account(world: World) -> None:
    hands = Hands(world)
    hands.bucket()
    hands.s3.put_object(Bucket=hands.config.bucket.name, Key="index.html", Body=b"x")
    every = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    control = world.cloud().client("s3control")
    control.put_public_access_block(AccountId=world.account, PublicAccessBlockConfiguration=dict.fromkeys(every, True))
    refused("AccessDenied", hands.publish)


def endpoint_deleted(world: World) -> None:
    world.step(0)
    name = Hands(world).config.endpoint.name
    world.client("sagemaker").delete_endpoint(EndpointName=name)
    ask = world.client("sagemaker-runtime").invoke_endpoint
    refused("ValidationError", lambda: ask(EndpointName=name, ContentType="application/json", Body=b"{}"))


def answers_200(world: World) -> None:
    answer = _broken(world)
    assert (answer.status, "errorMessage" in answer.text) == (200, True)


def without_cors(world: World) -> None:
    hands = Hands(world)
    hands.make("deploy", permission=None, policy=None)
    answer = checks.http("POST", _url(world, hands), b"{}", Origin="http://example.com")
    assert answer.status >= 500
    assert "access-control-allow-origin" not in answer.headers


def any_resource(world: World) -> None:
    hands = Hands(world)
    hands.make("policy")
    document = hands.iam.get_role_policy(RoleName=hands.config.role.name, PolicyName=hands.config.policy.name)
    assert "endpoint/*" in json.dumps(document["PolicyDocument"])


def log_group_left(world: World) -> None:
    hands = Hands(world)
    hands.make("function")
    hands.functions.invoke(FunctionName=hands.config.function.name, Payload=b"{}")
    hands.functions.delete_function(FunctionName=hands.config.function.name)
    groups = world.client("logs").describe_log_groups()["logGroups"]
    assert [("retentionInDays" in group) for group in groups] == [False]


def new_sdk_names(world: World) -> None:
    hands = Hands(world)
    hands.make("sdk", policy=None)
    assert (
        not (hands.folder() / "lib" / "CryptoJS" / "components" / "hmac.js").is_file()
        or (hands.folder() / "CHANGELOG.md").is_file()
    )


def _url(world: World, hands: Hands) -> str:
    return world.cloud().invoke_url(hands.api, "prod")


def _broken(world: World) -> checks.Answer:
    hands = Hands(world)
    hands.make("deploy", policy=None)
    body = json.dumps({"sentence": []}).encode()
    return checks.http("POST", _url(world, hands), body, Content_Type="application/json")


REPRODUCED: dict[str, Callable[[World], None]] = {
    "python37-runtime": python37,
    "make-public-acls-disabled": acls_disabled,
    "block-public-access-default": blocked,
    "block-public-access-account": blocked_by_account,
    "notebook-deletes-endpoint": endpoint_deleted,
    "policy-any-resource": any_resource,
    "error-answers-200": answers_200,
    "error-answers-without-cors": without_cors,
    "log-group-for-ever": log_group_left,
    "sdk-files-2024": new_sdk_names,
}


@pytest.mark.parametrize("name", REPRODUCED)
def test_the_instruction_fails(world: World, name: str) -> None:
    assert name in [entry.id for entry in ENTRIES]
    REPRODUCED[name](world)


def test_hol_succeeds_with_all_of_them(world: World) -> None:
    before = world.listing()
    world.up()
    world.check()
    hands = Hands(world)
    config, home = hands.config, hands.folder()
    function = hands.functions.get_function_configuration(FunctionName=config.function.name)
    document = hands.iam.get_role_policy(RoleName=config.role.name, PolicyName=config.policy.name)["PolicyDocument"]
    groups = world.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
    hands.api = hands.gateway.get_rest_apis()["items"][0]["id"]
    body = json.dumps({"sentence": []}).encode()
    failing = checks.http("POST", _url(world, hands), body, Content_Type="application/json", Origin="http://a.example")
    page = (home / "index.html").read_text(encoding="utf-8")
    assert function["Runtime"] == config.function.runtime  # python37-runtime
    assert config.endpoint.name in json.dumps(document)  # policy-any-resource, seq2seq-wording
    assert failing.status == 400  # error-answers-200
    assert "access-control-allow-origin" in failing.headers  # error-answers-without-cors
    assert [group["retentionInDays"] for group in groups] == [config.function.log_retention]  # log-group-for-ever
    assert not _from_elsewhere(page)  # jquery-from-cdn, moment-tag-404, sdk-files-2024
    assert "innerHTML" not in (PAGE / "app.js").read_text(encoding="utf-8")  # input-inserted-as-html
    assert world.account in config.bucket.name  # bucket-name-taken
    world.down()
    assert world.listing() == before  # no-cleanup-guide


def _from_elsewhere(page: str) -> list[str]:
    return [line for line in page.splitlines() if "src=" in line and ("http://" in line or "https://" in line)]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_guide_text_of_its_step_tells_of_changes(entry: since.Entry, language: str) -> None:
    step = next(step for step in STEPS if step.number == entry.step)
    text = Path(step.guide(language)).read_text(encoding="utf-8")
    assert {"ko": "## 2019년 이후 바뀐 것", "en": "## What has changed since 2019"}[language] in text
    assert entry.instruction[language]
    assert entry.why[language]
    assert entry.hol[language]
