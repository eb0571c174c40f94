"""Whatever fails, the page names the cause, from any origin, in both languages, and nothing internal gets out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import urllib3
from botocore.exceptions import ClientError
from failing import BUG, NONSENSE, REVIEW, SLOW, Broken, Said, asked, chromium, served
from harness import World
from local_lab import call
from playwright.sync_api import Page

from hol.local.life.process import Running

ACCOUNT = "210987654321"
_INTERNAL = re.compile(
    rf"arn:|{ACCOUNT}|Traceback|stackTrace|/var/task|File \\?\"|Error\b.*\bline \d|boto|InferenceError"
)
# The matrix asks faster than a stage of the lab would let it.
QUICK = {"stage__rate": "1000", "stage__burst": "1000"}


def _nothing(lab: Broken) -> None:
    """As it should be."""


def _throttled(lab: Broken) -> None:
    lab.stage(("/~1/POST/throttling/rateLimit", "0"), ("/~1/POST/throttling/burstLimit", "0"))


def _unthrottled(lab: Broken) -> None:
    client = lab.world.client("apigateway")
    patch = [{"op": "remove", "path": "/~1/POST"}]
    client.update_stage(restApiId=lab.api, stageName="prod", patchOperations=patch)


@dataclass(frozen=True)
class Case:
    """A way to fail, the status that the API answers, the page's key of the cause, and words that it must say."""

    breaks: Callable[[Broken], None]
    mended: tuple[int, ...]
    status: int
    cause: str
    korean: str
    english: str
    body: Any = None


CASES = {
    "200": Case(_nothing, (), 200, "", "긍정", "positive"),
    "400 a malformed request": Case(_nothing, (), 400, "400", "요청의 형식", "malformed", {"sentences": []}),
    "403 no inline policy": Case(Broken.without_policy, (2,), 403, "403", "인라인 정책", "inline policy"),
    "404 endpoint missing": Case(Broken.without_endpoint, (0,), 404, "404", "엔드포인트", "endpoint"),
    "413 too many sentences": Case(
        _nothing, (), 413, "413", "너무 커요", "too large", {"sentences": [{"query": "가"}] * 101}
    ),
    "413 too many characters": Case(
        _nothing, (), 413, "413", "너무 커요", "too large", {"sentences": [{"query": "가" * 5001}]}
    ),
    "429 throttled": Case(_throttled, (), 429, "429", "요청이 너무 많거나", "Too many requests"),
    "500 the function fails": Case(
        lambda lab: lab.function(BUG % ACCOUNT), (3,), 500, "function", "함수가 실패", "function failed"
    ),
    "500 missing permission": Case(
        Broken.without_permission, (4,), 500, "500", "함수를 호출할 권한", "permission to invoke"
    ),
    "502 the model fails": Case(lambda lab: lab.function(NONSENSE), (3,), 502, "502", "모델이", "model"),
    "504 the function is too slow": Case(
        lambda lab: lab.function(SLOW, timeout=1), (3,), 504, "504", "제시간에", "in time"
    ),
    "403 no such method": Case(Broken.without_post, (4, 5, 6, 7), 403, "address", "배포(6단계)", "deployment (step 6)"),
    "403 the API is gone": Case(
        Broken.without_stage, (6, 7), 403, "network", "연결하지 못했어요", "could not be reached"
    ),
}


@pytest.fixture(scope="module")
def lab(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> Broken:
    world = World(local_aws.port, ACCOUNT, tmp_path_factory.mktemp("errors"))
    return Broken(world, world.up(**QUICK).outputs)


@pytest.fixture(scope="module")
def pages(lab: Broken) -> Iterator[dict[str, Page]]:
    """The page from another origin, and from the website itself; by address."""
    with served(lab.world.home / "site") as elsewhere, chromium() as browser:
        yield {
            address: browser.new_context(locale="ko-KR").new_page()
            for address in (f"{elsewhere}/index.html", lab.outputs["website_url"])
        }


@pytest.fixture
def broken(lab: Broken, request: pytest.FixtureRequest) -> Iterator[Case]:
    case = CASES[request.param]
    case.breaks(lab)
    yield case
    if case.breaks is _throttled:
        _unthrottled(lab)
    for number in case.mended:
        lab.world.step(number, **QUICK)


@pytest.mark.parametrize("broken", CASES, indirect=True)
def test_the_page_names_the_cause(lab: Broken, pages: dict[str, Page], broken: Case) -> None:
    answer = lab.post(REVIEW if broken.body is None else broken.body)
    assert answer.status == broken.status, answer.body
    assert not _INTERNAL.search(answer.body.decode())
    readable = broken.cause != "network"
    assert answer.headers.get("access-control-allow-origin") == ("*" if readable else None)
    assert (lab.preflight().status == 200) == readable
    for address, page in pages.items():
        said = asked(page, address, broken.body)
        assert said.cause == broken.cause, said
        assert broken.korean in said.korean
        assert broken.english in said.english
        assert not _INTERNAL.search(said.technical)


def test_everything_is_mended_again(lab: Broken) -> None:
    assert lab.post().status == 200
    assert lab.world.up(**QUICK).marks == {"="}


def test_a_body_that_is_too_large_for_the_gateway_or_for_lambda(lab: Broken) -> None:
    for size in (11, 7):
        answer = lab.post(b'{"sentences": [{"query": "%s"}]}' % (b"x" * size * 1024 * 1024))
        assert (answer.status, answer.json) == (413, {"message": "Request Too Long"})
        assert answer.headers["access-control-allow-origin"] == "*"


def test_errors_of_the_gateway_carry_the_headers_once_up(lab: Broken) -> None:
    wrong = [lab.post(b"no json"), call(lab.invoke_url, None, "GET"), call(f"{lab.invoke_url}/nowhere", b"{}")]
    assert [answer.status for answer in wrong] == [400, 403, 403]
    assert all(answer.headers["access-control-allow-origin"] == "*" for answer in wrong)


def test_the_guides_literal_behaviour(lab: Broken, pages: dict[str, Page], request: pytest.FixtureRequest) -> None:
    """HTTP 200 with an errorMessage, no CORS header on the gateway's errors; the page still names the cause."""
    request.addfinalizer(lambda: lab.world.up(**QUICK))
    lab.world.up(api__errors="guide", **QUICK)
    answer = lab.post({"sentences": []})
    assert (answer.status, answer.json["errorType"]) == (200, "InferenceError")
    assert answer.json["errorMessage"].startswith("[400] ")
    assert "access-control-allow-origin" not in lab.post(b"no json").headers
    assert lab.world.up(api__errors="guide", **QUICK).marks == {"="}
    for address, page in pages.items():
        said = asked(page, address, {"sentences": []})
        assert (said.cause, "요청의 형식" in said.korean, "malformed" in said.english) == ("400", True, True)


def test_the_origin_of_the_website_only(lab: Broken, pages: dict[str, Page], request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: lab.world.up(**QUICK))
    lab.world.up(cors__origin="website", **QUICK)
    website = lab.outputs["website_url"]
    for answer in (lab.post(), lab.post({"sentences": []}), lab.post(b"no json"), lab.preflight()):
        assert answer.headers["access-control-allow-origin"] == website
    causes = {address: asked(page, address).cause for address, page in pages.items()}
    assert causes == {address: "" if address == website else "network" for address in pages}


def test_a_page_that_cannot_reach_anything(lab: Broken, pages: dict[str, Page]) -> None:
    address, page = next(iter(pages.items()))
    page.route("**/*execute-api*/**", lambda route: route.abort())
    said: Said = asked(page, address)
    page.unroute("**/*execute-api*/**")
    assert said.cause == "network"
    assert "연결하지 못했어요" in said.korean
    assert "could not be reached" in said.english


def test_a_burst_reaches_the_function_at_the_configured_rate_only(
    world: World, record_property: Callable[[str, str], None]
) -> None:
    lab = Broken(world, world.up(stage__rate="4", stage__burst="10").outputs)
    assert _limits(lab) == {"*/*": (4, 10), "OPTIONS": (40, 100)}
    url, before, began = lab.invoke_url, _invocations(lab), time.monotonic()
    with ThreadPoolExecutor(16) as clients, urllib3.PoolManager(maxsize=16) as pool:
        headers, body = {"content-type": "application/json"}, json.dumps(REVIEW)
        answers = clients.map(lambda _: pool.request("POST", url, body=body, headers=headers), range(1000))
        statuses = [answer.status for answer in answers]
        took = time.monotonic() - began
        preflights = {answer.status for answer in clients.map(lambda _: lab.preflight(), range(40))}
    reached = _invocations(lab) - before
    assert set(statuses) == {200, 429}
    assert reached == statuses.count(200)
    allowed = 10 + 4 * took + 1
    record_property(
        "counted", f"burst: {len(statuses)} requests in {took:.1f} s, {reached} reached the function, {allowed:.0f} may"
    )
    assert 10 <= reached <= allowed
    assert preflights == {200}  # else the page would see a network error, and not the 429
    assert world.up(stage__rate="4", stage__burst="10").marks == {"="}
    world.up(stage__rate="0")
    assert _limits(lab) == {}


def _limits(lab: Broken) -> dict[str, tuple[float, int]]:
    """Of the stage's methods: requests a second and at once."""
    stage = lab.world.client("apigateway").get_stage(restApiId=lab.api, stageName="prod")
    return {
        method if method == "*/*" else method.rpartition("/")[2]: (
            one["throttlingRateLimit"],
            one["throttlingBurstLimit"],
        )
        for method, one in stage.get("methodSettings", {}).items()
    }


def _invocations(lab: Broken) -> int:
    """How often the function was started, by its own log."""
    group = f"/aws/lambda/{lab.config.function.name}"
    pages = lab.world.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    return sum(event["message"].startswith("START ") for page in pages for event in page["events"])


def test_reserved_concurrency(lab: Broken, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: lab.world.step(3, **QUICK))
    client, name = lab.world.client("lambda"), lab.config.function.name

    def reserved() -> int | None:
        found: int | None = client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
        return found

    assert reserved() is None
    lab.world.step(3, function__concurrency="5", **QUICK)
    assert reserved() == 5
    assert lab.world.step(3, function__concurrency="5", **QUICK).marks == {"="}
    lab.world.step(3, **QUICK)
    assert reserved() is None


def test_nothing_is_public_but_the_objects_of_the_site(lab: Broken) -> None:
    """What anybody without credentials can do with what the lab made."""
    s3, url = lab.world.client("s3"), f"http://127.0.0.1:{lab.world.port}"
    site, model = lab.config.bucket.name, lab.config.endpoint.bucket
    keys = {name: [one["Key"] for one in s3.list_objects_v2(Bucket=name)["Contents"]] for name in (site, model)}
    anybody = {name: {call(f"{url}/{name}/{key}", None, "GET").status for key in keys[name]} for name in keys}
    assert anybody == {site: {200}, model: {403}}
    for name in keys:
        for address in (f"{url}/{name}", f"{url}/{name}?list-type=2", f"{url}/{name}?acl", f"{url}/{name}?versions"):
            assert call(address, None, "GET").status == 403
        assert call(f"{url}/{name}/new", b"x", "PUT").status == 403
        assert call(f"{url}/{name}/{keys[name][0]}", None, "DELETE").status == 403
        with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
            s3.get_bucket_policy(Bucket=name)
    host = lab.outputs["website_url"].removeprefix("http://")
    folder, root = (call(f"{url}/{path}", None, "GET", host=host) for path in ("lib/", "?list-type=2"))
    assert (folder.status in (403, 404), root.status) == (True, 200)
    assert b"ListBucketResult" not in folder.body + root.body
    blocked = s3.get_public_access_block(Bucket=model)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}


def test_only_api_gateways_post_may_invoke_the_function(lab: Broken) -> None:
    allowed = [(statement["Principal"], statement["Action"], statement["Condition"]) for statement in lab.permissions()]
    source = f"arn:aws:execute-api:us-east-1:{ACCOUNT}:{lab.api}/*/POST/"
    assert allowed == [
        ({"Service": "apigateway.amazonaws.com"}, "lambda:InvokeFunction", {"ArnLike": {"AWS:SourceArn": source}})
    ]


def test_the_page_lets_nothing_foreign_in(lab: Broken, pages: dict[str, Page]) -> None:
    """S3 cannot send security headers of one's own, so the page carries its policy; a browser keeps to it."""
    website = lab.outputs["website_url"]
    page = pages[website]
    page.goto(website)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
    wanted = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "form-action 'none'"}
    assert wanted <= {part.strip() for part in policy.split(";")}
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.got_in = 1'}))")
    assert page.evaluate("window.got_in") is None
    s3, bucket = lab.world.client("s3"), lab.config.bucket.name
    kinds = {
        one["Key"]: s3.head_object(Bucket=bucket, Key=one["Key"])
        for one in s3.list_objects_v2(Bucket=bucket)["Contents"]
    }
    assert all(kind["ContentType"] != "binary/octet-stream" for kind in kinds.values())
    assert kinds["index.html"]["ContentType"] == "text/html; charset=utf-8"
