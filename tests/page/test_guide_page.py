"""The guide's page in a browser: one step a view, by keyboard alone, ticks and names that stay, and all of it in print."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from harness import STEPS
from playwright.sync_api import Page, expect
from sampling import some

LEAVES = len(STEPS) + 2  # the overview, the steps, the clean-up
OWN = "text-classification-webservice-123456789012-hol"


@pytest.fixture(scope="module", params=["ko", "en"])
def guide_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `hol guide --account` writes it: without credentials."""
    folder = tmp_path_factory.mktemp("guide")
    arguments = ["guide", "--target", "aws", "--account", "123456789012", "--lang", request.param]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true"}
    subprocess.run([sys.executable, "-m", "hol", *arguments], cwd=folder, check=True, env=environment)
    return folder / f"hol-guide.{request.param}.html"


@pytest.fixture
def guide(opened: Callable[..., Page], guide_file: Path) -> Page:
    return opened(guide_file.as_uri(), viewport={"width": 1200, "height": 900})


def shown(page: Page) -> list[str]:
    return list(page.locator(".leaf:visible").evaluate_all("all => all.map(one => one.id)"))


@pytest.mark.parametrize("guide_file", some(["ko", "en"], 2), indirect=True)
def test_every_step_by_keyboard_alone(guide: Page) -> None:
    seen = shown(guide)
    assert seen == ["start"]
    for _ in range(LEAVES - 1):
        for _ in range(400):
            guide.keyboard.press("Tab")
            if guide.evaluate("document.activeElement.className") == "next":
                break
        guide.keyboard.press("Enter")
        guide.wait_for_function("document.activeElement === document.querySelector('.leaf.shown h2')")
        seen += shown(guide)
        guide.locator(".leaf:visible .turn a").last.focus()
    assert seen == ["start", *(f"step-{step.number}" for step in STEPS), "cleanup"]
    guide.keyboard.press("ArrowLeft")
    expect(guide.locator(f"#step-{STEPS[-1].number}")).to_be_visible()
    assert guide.locator("nav.contents a[aria-current]").get_attribute("href") == f"#step-{STEPS[-1].number}"


def test_ticks_stay_and_the_contents_tell(guide: Page) -> None:
    step = STEPS[1]
    guide.goto(f"{guide.url}#step-{step.number}")
    boxes = guide.locator(f"#step-{step.number} .tick")
    assert boxes.count() > 3
    for number in range(boxes.count()):
        boxes.nth(number).check()
    expect(guide.locator(f"nav.contents a[href='#step-{step.number}'] .done")).to_have_count(1)
    guide.reload()
    expect(boxes.first).to_be_checked()
    boxes.first.uncheck()
    expect(guide.locator("nav.contents .done")).to_have_count(0)


def test_every_numbered_action_can_be_ticked(guide: Page) -> None:
    ids = guide.locator(".tick").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids)) >= 49
    assert guide.locator(".leaf > ol > li").count() == len(ids)


def test_every_code_is_copied_as_it_stands(guide: Page) -> None:
    guide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    codes = guide.locator("main code").evaluate_all("all => all.filter(one => !one.closest('.names')).length")
    assert guide.locator(".copy").count() == codes > 100
    guide.goto(f"{guide.url}#step-3")
    block = guide.locator("#step-3 .block").first
    block.locator(".copy").click()
    assert guide.evaluate("navigator.clipboard.readText()") == block.locator("code").text_content()
    assert '"sentences"' in guide.evaluate("navigator.clipboard.readText()")


def test_a_name_is_edited_once(guide: Page) -> None:
    field = guide.locator("input[id='name-bucket.name']")
    assert field.input_value() == OWN
    before = guide.content().count(OWN)
    field.fill("my-own-bucket")
    text = guide.locator("main").evaluate("main => main.textContent")
    assert OWN not in text
    assert text.count("my-own-bucket") > 10
    assert before > 10
    links = guide.locator("main a[href*=my-own-bucket]").count()
    assert links >= 3
    guide.reload()
    assert guide.locator("main").evaluate("main => main.textContent").count("my-own-bucket") > 10
    guide.locator(".names button").click()
    assert OWN in guide.locator("main").evaluate("main => main.textContent")


def test_a_name_that_is_markup_stays_text(guide: Page) -> None:
    guide.locator("input[id='name-api.name']").fill("<img src=x onerror=window.pwned=1>")
    guide.wait_for_timeout(100)
    assert guide.evaluate("window.pwned") is None
    assert guide.locator("main img").count() == 0


LOOKS: list[dict[str, Any]] = [
    {"viewport": {"width": 1200, "height": 900}},
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    {"viewport": {"width": 390, "height": 844}, "forced_colors": "active"},
]


@pytest.mark.parametrize("look", some(LOOKS, 3), ids=["desktop", "phone-dark", "forced"])
def test_axe_finds_nothing(opened: Callable[..., Page], guide_file: Path, look: dict[str, Any]) -> None:
    page = opened(guide_file.as_uri(), **look)
    for leaf in ("start", "step-0", "step-3", "step-8", "cleanup"):
        page.goto(f"{guide_file.as_uri()}#{leaf}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{leaf}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), leaf


def test_print_has_all_of_it(guide: Page) -> None:
    guide.emulate_media(media="print")
    assert len(shown(guide)) == LEAVES
    expect(guide.locator(".copy").first).to_be_hidden()
    assert len(guide.pdf()) > 50_000


def test_without_its_script_it_is_one_long_page(browser: Any, guide_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(guide_file.as_uri())
    assert page.locator(".leaf").count() == LEAVES
    assert page.locator(".leaf").last.is_visible()
    assert not page.locator(".tick").first.is_visible()
    context.close()


def test_minutes_figures_and_the_true_path(guide_file: Path) -> None:
    html = guide_file.read_text(encoding="utf-8")
    assert len(re.findall(r"<figure>", html)) == len(STEPS)
    assert len(re.findall(r"<small>\d+", html)) == LEAVES - 1
    picture = html[html.index("<svg") : html.index("</svg>")]
    assert "…" not in picture  # names stand in full
    ends = re.findall(r'<path d="M(\d+) (\d+) (\d+) (\d+)"', picture)
    assert len({start[:1] for start in ends}) == 1  # S3 and API Gateway: both from the browser
