"""What is not AWS's answer is a fault of the way: asked again, said so, and never taken for a fact about the account.

A company's proxy or a captive portal answers in AWS's place: with HTML, a redirect, nothing, half of a body.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from comparing import anonymous
from fault_proxy import Action, Answer, Proxy, Request, lose, said
from harness import STEPS, Recorded, World

from hol.cloud.clock import JumpingClock
from hol.engine import runner
from hol.engine.lab import Lab
from hol.operate import cleanup
from hol.words.errors import Exit, HolError

PORTAL = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the Wi-Fi</body></html>"


def cut(request: Request) -> Answer | None:
    """The body breaks off in the middle, with the length of the whole announced."""
    answer = request.forward()
    if request.method == "HEAD" or len(answer.body) < 2 or answer.status >= 300:
        return None
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2], len(answer.body))


def half(request: Request) -> Answer:
    """Half of the body, and its length is right."""
    answer = request.forward()
    if request.name in ("apigateway.GetSdk", "lambda.Invoke"):  # nothing tells that these are not whole
        return answer
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2])


STRANGE: dict[str, Action] = {
    "html-200": said(200, PORTAL, "text/html"),
    "html-503": said(503, PORTAL, "text/html"),
    "html-404": said(404, PORTAL, "text/html"),
    "json": said(200, b'{"login": "required"}'),
    "redirect": lambda request: Answer(302, {"Location": "http://portal.example/"}),
    "empty": lambda request: Answer(200, {}),
    "cut": cut,
    "half": half,
    "lost": lose,
}
CALLS = [
    ("iam.get_role", {"RoleName": "r"}, "NoSuchEntity"),
    ("lambda.get_function", {"FunctionName": "f"}, "ResourceNotFoundException"),
    ("apigateway.get_rest_apis", {}, "NotFoundException"),
    ("s3.head_bucket", {"Bucket": "some-bucket"}, "404"),
    ("s3.list_buckets", {}, "AccessDenied"),
    ("sagemaker.describe_endpoint", {"EndpointName": "e"}, "ValidationException: Could not find"),
    ("logs.describe_log_groups", {}, "ResourceNotFoundException"),
    ("scheduler.get_schedule_group", {"Name": "g"}, "ResourceNotFoundException"),
]


@pytest.mark.parametrize("kind", ["html-200", "html-404", "redirect", "empty"])
@pytest.mark.parametrize(("operation", "arguments", "missing"), CALLS, ids=[call[0] for call in CALLS])
def test_what_is_not_awss_answer_is_no_fact_about_the_account(
    operation: str, arguments: dict[str, str], missing: str, kind: str, faulty: World, front: Proxy
) -> None:
    lab = Lab(faulty.run(clock=JumpingClock()), "x")
    before = lab.find(operation, missing, **arguments)
    act = STRANGE[kind]
    front.add(".*", act, times=2)
    after = lab.find(operation, missing, **arguments)
    assert (before is None) == (after is None)
    front.add(".*", act, times=10**6)
    with pytest.raises(HolError) as raised:
        lab.find(operation, missing, **arguments)
    assert "not AWS's answer" in str(raised.value.what)
    assert raised.value.failure is not None
    assert raised.value.failure.code == "strange"


@pytest.mark.parametrize("kind", ["html-200", "redirect", "empty", "cut", "half"])
def test_sts_is_asked_again(kind: str, faulty: World, front: Proxy) -> None:
    front.add("sts.*", STRANGE[kind])
    assert faulty.cloud().account == faulty.account
    front.add("sts.*", said(200, PORTAL, "text/html"), times=10**6)
    with pytest.raises(HolError) as raised:
        faulty.cloud()
    assert raised.value.code == Exit.FAILED
    assert "not AWS's answer" in str(raised.value.what)


@pytest.mark.parametrize("operation", ["apigateway.GetSdk", "lambda.Invoke", "s3.GetObject"])
def test_a_streamed_body_that_breaks_off_is_asked_for_again(
    operation: str, faulty: World, front: Proxy, clean: str
) -> None:
    rule = front.add(operation, cut, times=2)
    faulty.up()
    lab = Lab(faulty.run(clock=JumpingClock()), "x")
    if operation == "s3.GetObject":
        key = {"Bucket": lab.config.bucket.name, "Key": "index.html"}
        assert b"</html>" in lab.find("s3.get_object", **key)["Body"]
    faulty.check(3)
    assert rule.fired == (2 if operation != "lambda.Invoke" or rule.seen else 0)
    assert anonymous(faulty) == clean


@pytest.mark.parametrize("kind", ["html-200", "cut", "half", "empty"])
def test_every_write_answered_strangely_after_its_effect(
    kind: str, front: Proxy, new_world: Callable[..., World], clean: str
) -> None:
    """Whatever came instead of a write's answer, it is looked for or repeated, and nothing is made twice."""
    world, clock = new_world(front.url), JumpingClock(real=0.01)
    before, seen = world.listing(), set[str]()

    def once(request: Request) -> Answer | None:
        if request.name in seen or request.name.startswith("sts."):
            return request.forward()
        seen.add(request.name)
        if kind in ("cut", "half"):
            return STRANGE[kind](request)
        request.forward()
        return STRANGE[kind](request)

    front.add(".*", once, times=10**9)
    runner.up(world.run(clock=clock), STEPS)
    assert anonymous(world) == clean
    run = world.run(Recorded(), clock=clock)
    assert cleanup.clean_up(run, STEPS) == []
    assert run.left == []
    assert world.listing() == before
