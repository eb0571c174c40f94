"""Mistakes that a person makes by clicking: each is named beside the console, soon, and nothing of it turns green.

Beside it what others do: a change by the AWS CLI in another terminal, a server that is killed and started again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import test_console_actions as actions
from console_hands import CODE, ConsoleHands, Pair
from console_server import Console, console, entered
from handmade import Hands
from harness import World
from playwright.sync_api import Browser, Page, expect
from sampling import some
from servers import local_aws_in

from hol.local.life.place import ACCOUNT
from hol.local.life.process import Running

browser = actions.browser
SOON, LATEST = 3.0, 30.0  # seconds; a busy machine may take longer than it should, and is told apart in the count


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with local_aws_in(tmp_path_factory.mktemp("state")) as server:
        yield server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def served(aws: Running, home: Path) -> Iterator[Console]:
    with console(aws.port, home) as running:
        assert actions.hol(running, home, aws, "step", "0").returncode == 0
        yield running


@pytest.fixture
def world(aws: Running, home: Path) -> World:
    """The learner's account, with nothing in it but the endpoint."""
    found = World(aws.port, ACCOUNT, home)
    _wipe(found)
    return found


@pytest.fixture(scope="module")
def page(served: Console, browser: Browser) -> Iterator[Page]:
    with entered(served, browser, "ko-KR") as page:
        yield page


@pytest.fixture
def hands(served: Console, home: Path, page: Page) -> ConsoleHands:
    page.goto("about:blank")
    page.goto(f"{served.origin}/")
    return ConsoleHands(page, actions.config(home), home)


def _wipe(world: World) -> None:
    for region in ("us-east-1", "us-west-2"):
        functions = world.client("lambda", region)
        for one in functions.list_functions()["Functions"]:
            functions.delete_function(FunctionName=one["FunctionName"])
    gateway, s3, iam = world.client("apigateway"), world.client("s3"), world.client("iam")
    for one in gateway.get_rest_apis()["items"]:
        gateway.delete_rest_api(restApiId=one["id"])
    for one in [one for one in s3.list_buckets()["Buckets"] if not one["Name"].startswith("hol-model-")]:
        s3 = world.client("s3", s3.get_bucket_location(Bucket=one["Name"])["LocationConstraint"] or "us-east-1")
        for item in s3.list_objects_v2(Bucket=one["Name"]).get("Contents", []):
            s3.delete_object(Bucket=one["Name"], Key=item["Key"])
        s3.delete_bucket(Bucket=one["Name"])
    for role in [one["RoleName"] for one in iam.list_roles()["Roles"] if "Endpoint" not in one["RoleName"]]:
        for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
        for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            iam.delete_role_policy(RoleName=role, PolicyName=name)
        iam.delete_role(RoleName=role)


@dataclass(frozen=True)
class Slip:
    """`before`: the last part that is made rightly before; `says`: what must stand beside the step then."""

    step: int
    name: str
    says: str
    before: str | None
    click: Callable[[ConsoleHands, Hands], None]


def go(hands: ConsoleHands, screen: str, **params: str) -> None:
    from urllib.parse import urlencode

    hands.page.evaluate("where => { location.hash = where; }", f"{screen}?{urlencode(params)}")
    expect(hands.page.locator(f'[data-screen="{screen}"]')).to_be_visible()


def role(
    service: str, name: str = "", policies: tuple[str, ...] = ("AWSLambdaBasicExecutionRole",)
) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "iam.create")
        hands.choose(("서비스 또는 사용 사례", ""), service)
        hands.press(("다음", ""))
        for policy in policies:
            hands.tick(policy)
        hands.press(("다음", ""))
        hands.fill(("역할 이름", ""), name or hands.config.role.name)
        hands.act(("역할 생성", ""))

    return click


def policy(
    *ticked: str,
    name: str = "",
    effect: str = "허용",
    region: str = "",
    account: str = "",
    kind: str = "",
    endpoint: str = "",
) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "iam.inline", role=hands.config.role.name)
        hands.suggest(("서비스 선택", ""), "SageMaker")
        hands.pick((effect, ""))
        for one in ticked or ("DescribeEndpoint", "InvokeEndpoint"):
            hands.tick(one)
        if region:
            hands.fill(("ARN의 리전", ""), region)
        if account:
            hands.fill(("ARN의 계정", ""), account)
        if kind:
            hands.choose(("리소스 유형", ""), kind)
        hands.fill(("엔드포인트 이름", ""), endpoint or hands.config.endpoint.name)
        hands.press(("다음", ""))
        hands.fill(("정책 이름", ""), name or hands.config.policy.name)
        hands.act(("정책 생성", ""))

    return click


def edited(screen: str, button: str, *changes: tuple[str, str, str]) -> Callable[..., None]:
    """On a screen of the function: (how, label, value), then the button."""

    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, screen, name=hands.config.function.name)
        for how, label, value in changes:
            getattr(hands, how)((label, label), value)
        hands.act((button, button))

    return click


def api(name: str = "", kind: str = "") -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "apigateway.create")
        hands.fill(("API 이름", ""), name or hands.config.api.name)
        if kind:
            hands.choose(("API 엔드포인트 유형", ""), kind)
        hands.act(("API 생성", ""))

    return click


def method(verb: str = "POST", *more: Callable[[ConsoleHands], None], function: str = "") -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "apigateway.method", api=made.api, resource=made.root)
        hands.choose(("메서드 유형", ""), verb)
        hands.suggest(("Lambda 함수", ""), function or hands.config.function.name)
        for one in more:
            one(hands)
        hands.act(("메서드 생성", ""))

    return click


def proxied(hands: ConsoleHands) -> None:
    hands.room.get_by_role("checkbox", name="Lambda 프록시 통합").set_checked(True, force=True)


def cors(*ticked: str, **filled: str) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "apigateway.cors", api=made.api, resource=made.root)
        for one in ticked:
            hands.tick(one)
        for name, value in filled.items():
            label = f"Access-Control-Allow-{name}"
            hands.fill((label, label), value)
        hands.act(("저장", ""))

    return click


def deployed(stage: str) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "apigateway.deploy", api=made.api)
        hands.choose(("스테이지", ""), "*새 스테이지*")
        hands.fill(("스테이지 이름", ""), stage)
        hands.act(("배포", ""))

    return click


def throttled(hands: ConsoleHands, made: Hands) -> None:
    go(hands, "apigateway.stage", api=made.api, stage="prod")
    hands.room.get_by_role("checkbox", name="조절").set_checked(True, force=True)
    hands.fill(("요율", ""), "0")
    hands.act(("저장", ""))


def bucket(region: str = "", acls: bool = True, opened: bool = True, ignored: bool = False) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        if region:
            hands.room.locator(".region").get_by_role("button").click()
            hands.page.get_by_role("option", name=region).click()
        go(hands, "s3.create")
        hands.a37()
        if acls:
            hands.pick(("ACL 활성화됨", ""))
        if opened:
            hands.tick(("모든 퍼블릭 액세스 차단", ""), on=False)
            if ignored:
                hands.tick(("임의의 ACL을 통해 부여된 퍼블릭 액세스 차단", ""))
            hands.tick(("이 설정 때문에 버킷과 그 안의 객체가 공개될 수 있음을 알고 있어요.", ""))
        hands.act(("버킷 만들기", ""))

    return click


def website(index: str, error: str) -> Callable[..., None]:
    def click(hands: ConsoleHands, made: Hands) -> None:
        go(hands, "s3.website", bucket=hands.config.bucket.name)
        hands.pick(("활성화", ""))
        hands.fill(("인덱스 문서", ""), index)
        hands.fill(("오류 문서 - 선택 사항", ""), error)
        hands.act(("변경 사항 저장", ""))

    return click


@dataclass(frozen=True)
class Way:
    """What others would call a slip, and is right all the same: its step turns green, and nothing is said against it."""

    step: int
    name: str
    before: str
    click: Callable[[ConsoleHands, Hands], None]


SAVE: Pair = ("저장", "저장")
SLIPS = (
    Slip(1, "role name typo", "myTextClasificationLambdaRole-hol", None, role("Lambda", "myTextClasificationLambdaRole-hol")),
    Slip(1, "trust policy for EC2", "ec2.amazonaws.com", None, role("EC2")),
    Slip(1, "trust policy for API Gateway", "apigateway.amazonaws.com", None, role("API Gateway")),
    Slip(1, "no basic execution policy", "logs:PutLogEvents", None, role("Lambda", policies=())),
    Slip(2, "the action InvokeEndpointAsync", "InvokeEndpointAsync", "role", policy("InvokeEndpointAsync", "DescribeEndpoint")),
    Slip(2, "only DescribeEndpoint", "InvokeEndpoint", "role", policy("DescribeEndpoint")),
    Slip(2, "only InvokeEndpoint", "DescribeEndpoint", "role", policy("InvokeEndpoint")),
    Slip(2, "wrong region in the ARN", "us-west-2", "role", policy(region="us-west-2")),
    Slip(2, "wrong account in the ARN", "999999999999", "role", policy(account="999999999999")),
    Slip(2, "endpoint name typo in the ARN", "엔드포인트", "role", policy(endpoint="blazingtext-text-clasification")),
    Slip(2, "model instead of endpoint", "model", "role", policy(kind="model")),
    Slip(2, "Deny instead of Allow", "거부|Deny", "role", policy(effect="거부")),
    Slip(3, "timeout of 3 seconds", "3초", "function", edited("lambda.general", "저장", ("fill", "제한 시간: 초", "3"))),
    Slip(3, "Python 3.9", "python3.9", "function", edited("lambda.runtime", "저장", ("choose", "런타임", "python3.9"))),
    Slip(3, "handler typo", "lambda_function.handler", "function", edited("lambda.runtime", "저장", ("fill", "핸들러", "lambda_function.handler"))),
    Slip(3, "code in another file", "inference.lambda_handler", "function", edited("lambda.function", "Deploy", ("fill", "파일 이름", "inference.py"))),
    Slip(3, "nested key typo in the code", "KeyError|qeury", "function", edited("lambda.function", "Deploy", ("fill", "코드", CODE.replace('"query"', '"qeury"')), ("fill", "파일 이름", "lambda_function.py"))),
    Slip(3, "the console's own code", "엔드포인트", "function", edited("lambda.function", "Deploy", ("fill", "코드", "def lambda_handler(event, context):\n    return 'Hello from Lambda!'\n"))),
    Slip(4, "API name typo", "그 대신 SageMakerTextClasificationLambdaGateway", "function", api("SageMakerTextClasificationLambdaGateway")),
    Slip(4, "edge-optimised", "EDGE", "function", api(kind="엣지 최적화")),
    Slip(4, "GET instead of POST", "GET", "new_api", method("GET")),
    Slip(4, "proxy integration ticked", "프록시", "new_api", method("POST", proxied)),
    Slip(4, "an API key required", "API 키", "new_api", method("POST", lambda hands: hands.tick(("API 키가 필요함", "")))),
    Slip(4, "IAM authorization", "AWS_IAM", "new_api", method("POST", lambda hands: hands.choose(("권한 부여", ""), "AWS IAM"))),
    Slip(4, "function of another region", "us-west-2", "new_api", method("POST", lambda hands: hands.choose(("Lambda 리전", ""), "us-west-2"), function="myTextClassificationInference2")),
    Slip(4, "the API made twice", "2개", "permission", api()),
    Slip(5, "POST not ticked", "Access-Control-Allow-Origin", "permission", cors()),
    Slip(5, "another origin", "example.com", "permission", cors("POST", Origin="https://example.com")),
    Slip(5, "Content-Type not among the headers", "Access-Control-Allow-Headers", "permission", cors("POST", Headers="X-Api-Key")),
    Slip(6, "stage name typo", "pord", "cors", deployed("pord")),
    Slip(6, "CORS not deployed", "OPTIONS", "early deploy", cors("POST")),
    Slip(6, "throttled to nothing", "429", "deploy", throttled),
    Slip(8, "Block Public Access on", "BlockPublicAcls", None, bucket(opened=False)),
    Slip(8, "public ACLs ignored", "IgnorePublicAcls", None, bucket(ignored=True)),
    Slip(8, "ACLs disabled", "ACL", None, bucket(acls=False)),
    Slip(8, "wrong index document", "index.htm", "bucket", website("index.htm", "error.html")),
    Slip(8, "no error document", "오류 문서", "bucket", website("index.html", "")),
    Slip(8, "bucket in another region", "eu-west-1", None, bucket(region="eu-west-1")),
)  # fmt: skip


WAYS = (
    Way(2, "another policy name", "role", policy(name="sagemaker-lamda-policy-hol")),
    Way(3, "timeout of 10 minutes", "function", edited("lambda.general", "저장", ("fill", "제한 시간: 분", "10"))),
)


def prepare(world: World, before: str | None) -> Hands:
    """What is made rightly before the slip."""
    made = Hands(world)
    if before == "early deploy":
        made.make("deploy", cors=None)
    elif before:
        made.make(before)
    return made


def named(page: Page, slip: Slip, since: float) -> float:
    """How long after the click the slip stood on the screen; its step is not green then."""
    import re

    expect(page.get_by_test_id("findings")).to_contain_text(re.compile(slip.says), timeout=LATEST * 1000)
    took = time.monotonic() - since
    assert page.get_by_test_id("standing").get_attribute("data-state") in ("wrong", "absent")
    return took


@pytest.mark.timeout(240)
@pytest.mark.parametrize("slip", some(SLIPS, 7), ids=lambda slip: f"{slip.step}: {slip.name}")
def test_a_slip_is_named(world: World, hands: ConsoleHands, slip: Slip, record_property: Any) -> None:
    made = prepare(world, slip.before)
    hands.page.locator(".steps button").nth(slip.step).click()
    slip.click(hands, made)
    took = named(hands.page, slip, time.monotonic())
    record_property(
        "counted", f"{'within' if took <= SOON else 'not within'} 3 s: {slip.step}: {slip.name}: {took:.1f} s"
    )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.step}: {way.name}")
def test_another_right_way_turns_green(world: World, hands: ConsoleHands, way: Way) -> None:
    made = prepare(world, way.before)
    hands.page.locator(".steps button").nth(way.step).click()
    way.click(hands, made)
    expect(hands.page.get_by_test_id("standing")).to_have_attribute("data-state", "right", timeout=LATEST * 1000)
    expect(hands.page.locator('[data-testid="findings"] li.wrong')).to_have_count(0)


@pytest.mark.timeout(240)
def test_a_change_by_the_cli_elsewhere_shows(
    world: World, hands: ConsoleHands, served: Console, record_property: Any
) -> None:
    prepare(world, "policy")
    page, pill = hands.page, hands.page.locator(".steps button").nth(2)
    expect(pill).to_have_class("pill right", timeout=LATEST * 1000)
    names = ("--role-name", hands.config.role.name, "--policy-name", hands.config.policy.name)
    environment = {
        **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.port}", "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    aws = str(Path(sys.executable).with_name("aws"))
    subprocess.run([aws, "iam", "delete-role-policy", *names], env=environment, check=True, timeout=60)
    since = time.monotonic()
    expect(pill).to_have_class("pill absent", timeout=LATEST * 1000)
    record_property("counted", f"a change by aws in another terminal shows after {time.monotonic() - since:.1f} s")
    assert page.locator(".steps button").nth(1).get_attribute("class") == "pill right"


@pytest.mark.timeout(240)
def test_a_server_that_was_killed_goes_on(world: World, hands: ConsoleHands, served: Console) -> None:
    """AWS is the state: the page comes back by itself, and knows what was there, and what has happened meanwhile."""
    prepare(world, "role")
    page = hands.page
    go(hands, "iam.roles")
    expect(page.locator(".steps button").nth(1)).to_have_class("pill right", timeout=LATEST * 1000)
    served.process.kill()
    served.process.wait()
    expect(page.get_by_text("hol console이 멈췄어요")).to_be_visible(timeout=LATEST * 1000)
    Hands(world).policy()
    served.again()
    expect(page.get_by_text("hol console이 멈췄어요")).to_be_hidden(timeout=LATEST * 1000)
    for step in (1, 2):
        expect(page.locator(".steps button").nth(step)).to_have_class("pill right", timeout=LATEST * 1000)
    expect(page.locator('[data-screen="iam.roles"]')).to_be_visible()
