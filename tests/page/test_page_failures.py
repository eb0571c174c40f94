"""The page names the cause of a failure, in both languages, whatever generation of SDK reports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from page_site import WEB, answer, ask, cause, reply, result
from playwright.sync_api import Page, expect
from sampling import some

STATUSES = ["400", "403", "404", "413", "429", "500", "502", "503", "504"]


@pytest.mark.parametrize("status", some(STATUSES, 3))
@pytest.mark.parametrize("old", [False, True], ids=["error", "response"])
def test_http_errors_of_both_sdk_generations(opened: Callable[..., Page], status: str, old: bool) -> None:
    page = opened()
    response = {"status": int(status), "data": {"message": "the technical reason"}}
    reply(page, reject=response if old else {"message": "Request failed", "response": response})
    ask(page)
    assert cause(page) == status
    korean = page.locator("#cause").text_content()
    page.click("#language")
    assert page.locator("#cause").text_content() != korean
    page.click("#error summary")
    expect(page.locator("#technical")).to_contain_text("the technical reason")
    expect(page.locator("#technical")).to_contain_text(status)
    expect(result(page)).to_be_hidden()


@pytest.mark.parametrize(("what", "expected"), [
    ({"reject": {"message": "Network Error"}}, "network"),
    ({"reject": {"status": 0, "data": ""}}, "network"),
    ({"reject": {"message": "timeout of 0ms exceeded", "code": "ECONNABORTED"}}, "timeout"),
    ({"reject": {"response": {"status": 418, "data": "teapot"}}}, "other"),
    ({"throw": "body must be defined"}, "sdk"),
    ({"resolve": {"data": {"errorMessage": "[403] not allowed: the role", "errorType": "InferenceError"}}}, "403"),
    ({"resolve": {"data": {"errorMessage": "[404] endpoint not found"}}}, "404"),
    ({"resolve": {"data": {"errorMessage": "2026-01-01 x Task timed out after 10.01 seconds"}}}, "504"),
    ({"resolve": {"data": {"errorMessage": "name 'x' is not defined", "errorType": "NameError"}}}, "function"),
    ({"resolve": {"data": []}}, "shape"),
    ({"resolve": {"data": "[{\"label\": [\"__label__1\"]}]"}}, "shape"),
    ({"resolve": {"data": None}}, "shape"),
    ({"resolve": {"data": [{"label": ["__label__7"], "prob": [0.9]}]}}, "shape"),
    ({"resolve": {"data": [{"label": ["__label__1"], "prob": ["much"]}]}}, "shape"),
    ({"resolve": {"data": [{"label": ["__label__1"], "prob": [7]}]}}, "shape"),
    ({"resolve": {}}, "shape"),
])  # fmt: skip
def test_other_failures(opened: Callable[..., Page], what: dict[str, Any], expected: str) -> None:
    page = opened()
    reply(page, **what)
    ask(page)
    assert cause(page) == expected
    reply(page, resolve=answer("1", 0.9))
    ask(page, "다시 물어봅니다")
    expect(result(page)).to_have_attribute("data-label", "1")
    expect(page.locator("#error")).to_be_hidden()


def test_an_answer_that_never_comes(opened: Callable[..., Page], address: str) -> None:
    page = opened()
    page.clock.install()
    page.goto(address)
    reply(page, wait=True)
    ask(page)
    expect(page.locator("#verdict")).to_have_text("분석하는 중…")
    page.clock.fast_forward(32_000)
    assert cause(page) == "timeout"


def test_without_the_sdk(opened: Callable[..., Page]) -> None:
    page = opened((WEB / "index.html").as_uri())
    ask(page)
    assert cause(page) == "sdk"
    expect(page.locator("#advice")).to_contain_text("apigClient.js")


def test_offline(opened: Callable[..., Page], address: str) -> None:
    page = opened()
    here = address.rsplit("/", 1)[0]
    page.context.route(
        "http://lab.example/**",
        lambda route: route.fulfill(response=route.fetch(url=route.request.url.replace("http://lab.example", here))),
    )
    page.goto("http://lab.example/index.html")
    reply(page, reject={"message": "Network Error"})
    page.context.set_offline(True)
    ask(page)
    assert cause(page) == "offline"


def test_a_machine_without_a_network_still_reaches_itself(opened: Callable[..., Page]) -> None:
    page = opened()
    reply(page, reject={"message": "Network Error"})
    page.context.set_offline(True)
    ask(page)
    assert cause(page) == "network"


def test_length(opened: Callable[..., Page]) -> None:
    page = opened()
    ask(page, "영" * 4999 + "😀")  # characters, not UTF-16 units
    expect(page.locator("#counter")).to_have_text("5,000 / 5,000")
    expect(result(page)).to_have_attribute("data-label", "0")
    ask(page, "영" * 5001)
    assert cause(page) == "long"
    expect(page.locator("#counter")).to_have_class("over")
    assert len(page.evaluate("window.asked")) == 1
