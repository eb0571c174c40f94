"""A learner's walk: `hol step 0` to `10`, a mistake of the guide's own making after each, and only what the screen says is typed.

What went wrong is done in the console between the steps; then the learner types what the last screen proposes, whatever
it is, and ends at a page that answers.
"""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from handmade import Hands
from harness import World
from mistakes.api import unstage
from mistakes.made import Make, configure, then
from mistakes.role import asking, trusting
from mistakes.site import website
from terminals import Terminal
from test_browser import NEGATIVE, POSITIVE, ask, browser, page  # noqa: F401 - fixtures

PROPOSED = re.compile(r"^(?:next|to check it|to look at it alone|to let hol put it right): (hol .+)$", re.M)


def _unheaded(hands: Hands) -> None:
    path = "/responseParameters/method.response.header.Access-Control-Allow-Methods"
    operation = [{"op": "replace", "path": path, "value": "'OPTIONS'"}]
    hands.gateway.update_integration_response(**hands.at("OPTIONS"), statusCode="200", patchOperations=operation)


def _proxied(hands: Hands) -> None:
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{hands.function_arn()}/invocations"
    hands.gateway.put_integration(**hands.at("POST"), type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)


# Step → what a learner of the guide does wrong after it.
WRONG: dict[int, Make] = {
    1: trusting(json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})),
    2: asking("sagemaker:DescribeEndpoint"),
    3: configure(Timeout=3, Runtime="python3.9"),
    4: _proxied,
    5: _unheaded,
    6: unstage,
    8: then(lambda hands: hands.block(BlockPublicAcls=True, IgnorePublicAcls=True), website(IndexDocument={"Suffix": "index.htm"})),
    10: lambda hands: [
        hands.s3.put_object_acl(Bucket=hands.config.bucket.name, Key="apigClient.js", ACL="private")
    ],
}  # fmt: skip


def _typed(terminal: Terminal, line: str, world: World) -> subprocess.CompletedProcess[str]:
    """What the screen proposed, without the options that it repeats of this very call."""
    words = line.split()[1:]
    words = words[: words.index("--set")] if "--set" in words else words
    return terminal.hol(*words, *(("--yes",) if words[0] == "adopt" else ()))


@pytest.mark.timeout(600)
def test_the_walk_ends_at_a_page_that_answers(terminal: Terminal, page, browser) -> None:  # noqa: F811 - the fixtures
    world = World(terminal.port, "000000000000", terminal.home)
    line, walked = "hol step 0", []
    for _ in range(80):
        done = _typed(terminal, line, world)
        screen = done.stdout + done.stderr
        walked.append(line)
        words = line.split()
        if words[1] == "open":
            break
        proposed = PROPOSED.findall(screen)
        assert proposed, screen
        if words[1] == "step" and int(words[2]) in WRONG and f"wrong {words[2]}" not in walked:
            walked.append(f"wrong {words[2]}")
            _go_wrong(world, int(words[2]))
            line = next(one for one in proposed if " check " in one)
            checked = _typed(terminal, line, world)
            assert checked.returncode == 7, checked.stdout + checked.stderr
            line = next(one for one in PROPOSED.findall(checked.stdout + checked.stderr) if "check" not in one)
        elif words[1] == "check":
            assert done.returncode == 0, screen
            line = proposed[-1]
        else:
            line = next(one for one in reversed(proposed) if "check" not in one)
    assert len([one for one in walked if one.startswith("wrong")]) == len(WRONG)
    final = terminal.hol("check")
    assert final.returncode == 0, final.stdout
    assert "11 of 11 right" in final.stdout
    page.goto(_website(terminal))
    assert "긍정" in ask(page, POSITIVE)
    assert "부정" in ask(page, NEGATIVE)


def _website(terminal: Terminal) -> str:
    out = terminal.hol("open", BROWSER="true").stdout
    found = re.search(r"http://\S+", out)
    assert found, out
    return found[0]


def _go_wrong(world: World, number: int) -> None:
    hands = Hands(world)
    found = [one for one in hands.gateway.get_rest_apis()["items"] if one["name"] == hands.config.api.name]
    if found:
        hands.api = found[0]["id"]
        hands.root = next(
            r["id"] for r in hands.gateway.get_resources(restApiId=hands.api)["items"] if r["path"] == "/"
        )
    WRONG[number](hands)
