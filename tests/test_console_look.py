"""How the practice console holds up: for a screen reader, in the dark, narrow, on a phone, offline, and how soon it is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import test_console_actions as actions
from console_server import Console, console
from harness import STEPS
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sampling import some
from servers import local_aws_in

from hol.local.life.place import place
from hol.local.life.process import Running
from hol.serve.screens import load

AXE = Path(str(resources.files("axe_playwright_python"))) / "axe.min.js"
SCREENS = load(STEPS)
browser = actions.browser


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A local AWS with the whole lab in it, so that every screen has something to show."""
    with local_aws_in(tmp_path_factory.mktemp("state")) as server:
        yield server


@pytest.fixture(scope="module")
def served(aws: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    home = tmp_path_factory.mktemp("home")
    with console(aws.port, home) as running:
        up = actions.hol(running, home, aws, "up", "--no-check")
        assert up.returncode == 0, up.stderr
        yield running


def entered(browser: Browser, served: Console, **how: Any) -> tuple[BrowserContext, Page]:
    """A browser in the console, all steps looked at."""
    context = browser.new_context(**{"locale": "ko-KR", "viewport": {"width": 1440, "height": 900}, **how})
    page = context.new_page()
    page.goto(served.another_address())
    expect(page.locator(".pill.right")).to_have_count(len(STEPS), timeout=60_000)
    return context, page


@pytest.fixture(scope="module")
def places(served: Console, aws: Running) -> list[str]:
    """The address of every screen, with what is there for its parameters."""
    import boto3

    there = place(aws.port)
    key, secret = there.credentials or ("", "")
    where = {"region_name": "us-east-1", "endpoint_url": there.endpoint}
    gateway = boto3.client("apigateway", aws_access_key_id=key, aws_secret_access_key=secret, **where)
    api = gateway.get_rest_apis()["items"][0]["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    config = actions.config(Path())
    known = {
        "role": config.role.name, "name": config.function.name, "api": api, "resource": root, "method": "POST",
        "stage": config.stage.name, "bucket": config.bucket.name, "endpoint": config.endpoint.name, "url": "http://127.0.0.1/",
        "selected": "index.html",
    }  # fmt: skip
    wanted = [(one.id, [*one.data.get("params", ()), "selected"]) for one in SCREENS.values()]
    return [f"{name}?{urlencode({param: known[param] for param in params})}" for name, params in wanted]


def test_there_are_the_screens_of_the_actions_and_no_more() -> None:
    assert 25 <= len(SCREENS) <= 35
    for screen in SCREENS.values():
        assert str(screen.data["source"]).startswith("https://docs.aws.amazon.com/"), screen.id
        assert screen.data["as_of"], screen.id


@pytest.mark.timeout(600)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_violation_on_any_screen(browser: Browser, served: Console, places: list[str], scheme: str) -> None:
    context, page = entered(browser, served, color_scheme=scheme, bypass_csp=True)
    found: dict[tuple[str, str], str] = {}
    for where in ["", *places]:
        page.evaluate("where => { location.hash = where; }", where)
        name = where.partition("?")[0]
        shown = page.locator(f'[data-screen="{name}"]') if where else page.locator(".home")
        expect(shown).to_be_visible()
        page.wait_for_timeout(150)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [one for one in result["violations"] if one["impact"] in ("serious", "critical")]
        if serious:
            found |= {(one["id"], one["nodes"][0]["html"][:200]): name for one in serious}
    context.close()
    assert not found, found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", some([390, 1024], 2))
def test_no_screen_is_wider_than_the_window(browser: Browser, served: Console, places: list[str], width: int) -> None:
    """At 1024 pixels guide and console stand side by side; a phone shows one of the two."""
    context, page = entered(browser, served, viewport={"width": width, "height": 768})
    wide = []
    for where in ["", *places]:
        page.evaluate("where => { location.hash = where; }", where)
        name = where.partition("?")[0]
        expect(page.locator(f'[data-screen="{name}"]') if where else page.locator(".home")).to_be_visible()
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    both = page.locator("aside.guide").is_visible() and page.locator("main.practice").is_visible()
    context.close()
    assert wide == []
    assert both == (width == 1024)


def test_the_mark_is_always_there(browser: Browser, served: Console, places: list[str]) -> None:
    context, page = entered(browser, served, viewport={"width": 390, "height": 700})
    for where in places[:4]:
        page.evaluate("where => { location.hash = where; }", where)
        expect(page.get_by_test_id("mark")).to_have_text("연습 콘솔, AWS가 아니에요")
        expect(page.get_by_test_id("mark")).to_be_in_viewport()
    context.close()


@pytest.mark.alone
def test_the_first_paint_and_the_whole_size(browser: Browser, served: Console, record_property: Any) -> None:
    """Nothing but this server is asked, so that it works with the network cut."""
    context, page = entered(browser, served)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    record_property("counted", f"practice console, first contentful paint: {paint:.0f} ms")
    assert {url for url in asked if not url.startswith((served.origin, "data:"))} == set()
    assert paint <= 1500


def test_there_is_a_chromium() -> None:
    assert any(map(shutil.which, actions.CHROMIUM))
