"""Pictures of the lab's page and of the guide for docs/, as Chromium shows them.

python -m scripts.pages ADDRESS    the page of a running lab (the address that `hol open` opens), and a guide made anew
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

DOCS = Path(__file__).resolve().parents[1] / "docs"
NEGATIVE = "스토리가 너무 단방향이라 재미가 없고 성우 더빙도 그닥이네요..."


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        picture(browser, address, DOCS / "page.png", {"width": 1000, "height": 760}, NEGATIVE)
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["guide", "--account", "123456789012", "--lang", "ko", "--output", f"{folder}/guide.html"]
            subprocess.run([sys.executable, "-m", "hol", *arguments], check=True, cwd=folder)
            shown = Path(folder, "guide.html").as_uri() + "#step-3"
            picture(browser, shown, DOCS / "guide.png", {"width": 1200, "height": 1000})
        browser.close()


def picture(browser: Browser, address: str, file: Path, size: ViewportSize, sentence: str = "") -> None:
    """What stands there, after the sentence has been answered."""
    page = browser.new_page(viewport=size, reduced_motion="reduce")
    page.goto(address)
    if sentence:
        page.fill("#sentence", sentence)
        page.press("#sentence", "Enter")
        page.wait_for_selector("#result[data-label]")
    page.screenshot(path=file)


if __name__ == "__main__":
    main(sys.argv[1])
