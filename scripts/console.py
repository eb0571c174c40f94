"""Pictures of the practice console for docs/, as Chromium shows them.

python -m scripts.console    a lab of its own, half made; five screens in both languages into docs/console/
"""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page

from scripts.commands import ROOT, Hol, at_work

FOLDER = ROOT / "docs" / "console"
PORTS = ("--set", "local.port=46201", "--set", "console.port=46202")
FUNCTION, ROLE = "myTextClassificationInference", "myTextClassificationLambdaRole-hol"
EVENT = (ROOT / "assets/events/myTestEvent.json").read_text(encoding="utf-8")


def pictures(hol: Hol, browser: Browser, language: str) -> None:
    """The five screens, over a lab whose first five steps are done."""
    found = re.search(r"http://\S+", hol("open", "console"))
    assert found, "the console does not run"
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale=language)
    page.goto(found[0])
    page.locator(".pill.right").nth(4).wait_for(timeout=60_000)
    for name, step, screen in (
        ("role", 1, f"iam.role?role={ROLE}"),
        ("create-function", 3, "lambda.create"),
        ("create-bucket", 8, "s3.create"),
    ):
        _shot(page, name, step, screen, language)
    _tested(page, language)
    page.get_by_role("link", name="API Gateway").first.click()
    page.get_by_role("link", name="SageMakerTextClassificationLambdaGateway").click()
    page.get_by_role("link", name="POST", exact=True).click()
    page.locator(".steps button").nth(5).click()
    _save(page, "resources", language)
    page.close()


def _shot(page: Page, name: str, step: int, screen: str, language: str) -> None:
    page.locator(".steps button").nth(step).click()
    page.evaluate("where => { location.hash = where; }", screen)
    page.locator(f'[data-screen="{screen.partition("?")[0]}"]').wait_for()
    _save(page, name, language)


def _tested(page: Page, language: str) -> None:
    """The function's test with its result."""
    page.locator(".steps button").nth(3).click()
    page.evaluate("where => { location.hash = where; }", f"lambda.function?name={FUNCTION}")
    page.locator(".practice").get_by_role("tab").nth(1).click()
    page.locator(".editor textarea").fill(EVENT)
    page.locator(".ends button").last.click()
    page.get_by_test_id("shows").scroll_into_view_if_needed()
    _save(page, "test-function", language)


def _save(page: Page, name: str, language: str) -> None:
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{name}.{language[:2]}.png")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with at_work(*PORTS) as (hol, browser), hol.serving("console", "--no-browser"):
        for step in range(5):
            hol("step", str(step))
        for language in ("ko-KR", "en-US"):
            pictures(hol, browser, language)


if __name__ == "__main__":
    main()
