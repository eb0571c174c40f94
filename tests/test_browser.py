"""The whole chain in a real browser: page, API Gateway, function, endpoint, model."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import World
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hol.config.files import packaged

EVENT = json.loads((packaged() / "assets/events/myTestEvent.json").read_text(encoding="utf-8"))
POSITIVE, NEGATIVE = (sentence["query"] for sentence in EVENT["sentences"])

# What the original workshop page needs of the SDK and of the server, in words of our own: its list of tags (some of
# which no SDK has had for years), `rootPost(null, body, {})`, and `result.data[0].label` and `.prob`.
WORKSHOP_PAGE = """<!doctype html><meta charset="utf-8"><title>workshop</title>
{tags}
<input id="q"><p id="out"></p>
<script>
  var apigClient = apigClientFactory.newClient({{}});
  document.getElementById("q").addEventListener("keydown", function (event) {{
    if (event.key !== "Enter") return;
    var text = event.target.value;
    apigClient.rootPost(null, {{sentences: [{{query: text}}]}}, {{}}).then(function (result) {{
      var positive = result.data[0].label == "__label__1", sure = (result.data[0].prob * 100).toFixed(2);
      document.getElementById("out").textContent = text + ": " + sure + "% " + (positive ? "긍정" : "부정");
    }}).catch(function (error) {{ document.getElementById("out").textContent = "failed " + error; }});
  }});
</script>"""
WORKSHOP_TAGS = (
    "lib/axios/dist/axios.standalone.js", "lib/CryptoJS/rollups/hmac-sha256.js", "lib/CryptoJS/rollups/sha256.js",
    "lib/CryptoJS/components/hmac.js", "lib/CryptoJS/components/enc-base64.js", "lib/moment/moment.js",
    "lib/url-template/url-template.js", "lib/apiGatewayCore/sigV4Client.js", "lib/apiGatewayCore/apiGatewayClient.js",
    "lib/apiGatewayCore/simpleHttpClient.js", "lib/apiGatewayCore/utils.js", "apigClient.js",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine; a machine without one fails here."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    assert path, "no Chromium on PATH: install it (see the README's test command)"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[*quiet, "--disable-component-update", "--disable-sync"]
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR")
    yield context.new_page()
    context.close()


@pytest.fixture
def site(world: World) -> dict[str, str]:
    """A lab that is up; its addresses."""
    return world.up().outputs


def ask(page: Page, sentence: str) -> str:
    page.fill("#sentence", sentence)
    page.press("#sentence", "Enter")
    expect(page.locator("#result")).to_contain_text(sentence)
    expect(page.locator("#result")).to_have_attribute("data-label", re.compile("[01]"))
    return page.locator("#result").inner_text()


def test_the_website_tells_positive_from_negative(page: Page, site: dict[str, str]) -> None:
    page.goto(site["website_url"])
    assert page.title() == "영화 리뷰 긍정·부정 분류 – BlazingText Text Classification Hands-On-Lab"
    assert "긍정" in ask(page, POSITIVE)
    assert "부정" in ask(page, NEGATIVE)


def test_the_page_works_from_disk(page: Page, world: World, site: dict[str, str]) -> None:
    page.goto((world.home / "site" / "index.html").as_uri())
    assert "긍정" in ask(page, POSITIVE)
    assert "부정" in ask(page, NEGATIVE)


def test_a_page_written_for_the_real_sdk_works(page: Page, world: World, site: dict[str, str]) -> None:
    tags = "\n".join(f'<script src="{tag}"></script>' for tag in WORKSHOP_TAGS)
    pages = world.home / "pages"
    shutil.copytree(packaged() / "assets" / "web", pages)
    (pages / "workshop.html").write_text(WORKSHOP_PAGE.format(tags=tags), encoding="utf-8")
    for number in (7, 9, 10):
        world.step(number, site__pages="pages")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site["website_url"] + "/workshop.html")
    for sentence, verdict in ((POSITIVE, "긍정"), (NEGATIVE, "부정")):
        page.fill("#q", sentence)
        page.press("#q", "Enter")
        expect(page.locator("#out")).to_contain_text(verdict)
    assert errors == []


def test_a_missing_page_is_the_labs_own_error_page(page: Page, site: dict[str, str]) -> None:
    answer = page.goto(site["website_url"] + "/no/such/page")
    assert answer is not None
    assert answer.status in (403, 404)
    assert page.locator("html").get_attribute("lang") == "ko"


def test_the_site_folder_is_the_guides(world: World, site: dict[str, str]) -> None:
    files = {
        path.relative_to(world.home / "site").as_posix()
        for path in Path(world.home / "site").rglob("*")
        if path.is_file()
    }
    assert {"index.html", "error.html", "apigClient.js", "README.md", *WORKSHOP_TAGS} <= files
