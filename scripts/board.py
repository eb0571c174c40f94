"""The picture of a class's board for docs/, as Chromium shows it.

python -m scripts.board    a class of its own on the local AWS, some of it done; docs/board.ko.png and docs/board.en.png
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PORTS = (
    "--set",
    "local.port=28301",
    "--set",
    "console.port=28302",
    "--set",
    "endpoint.name=blazingtext-text-classification-class",
)
# Who is on the roster, and how many steps each has done; whoever has done more than eight has all.
PEOPLE = {
    "김민수": 11,
    "이서연": 11,
    "박지훈": 7,
    "최유진": 7,
    "정하준": 5,
    "alice": 4,
    "강도윤": 4,
    "bob": 3,
    "윤서아": 2,
    "임시우": 1,
}


def hol(home: Path, *words: str) -> str:
    """What the command writes on stdout."""
    said = subprocess.run(
        [sys.executable, "-m", "hol", *words, *PORTS], cwd=home, env=_environment(home), capture_output=True, text=True
    )
    return said.stdout


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "HOL_STATE_DIR": str(home / ".state"), "BROWSER": "true"}


def _roster(home: Path, name: str, people: list[str]) -> None:
    lines = ["name,team", *(f"{one},{1 + list(PEOPLE).index(one) // 4}조" for one in people)]
    (home / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def worked(home: Path) -> None:
    """Everybody as far as that; one has taken away what CORS needs."""
    from hol.group import roster

    _roster(home, "class.csv", list(PEOPLE))
    _roster(home, "done.csv", [one for one, steps in PEOPLE.items() if steps > 8])
    hol(home, "class", "up", "done.csv")
    ids = {one.name: one.id for one in roster.read(str(home / "class.csv"), "class").attendees}
    for name, steps in PEOPLE.items():
        for step in range(1, steps if steps <= 8 else 0):
            hol(home, "step", str(step), "--set", f"attendee={ids[name]}")
    hol(home, "down", "5", "--yes", "--set", f"attendee={ids['최유진']}")


def asking(home: Path, browser: Browser, name: str) -> None:
    """Somebody presses the button on his guide page."""
    served = [sys.executable, "-u", "-m", "hol", "console", "--no-browser", *PORTS, "--set", "console.port=28303"]
    with _serving(home, [*served, "--set", f"attendee={name}"]) as address:
        page = browser.new_page(locale="ko-KR")
        page.goto(address)
        page.locator(".steps button").nth(PEOPLE[name]).click(timeout=60_000)
        page.get_by_role("button", name="강사에게 도움 요청").click(timeout=60_000)
        page.get_by_role("button", name="이제 괜찮아요").wait_for(timeout=60_000)
        page.close()


@contextmanager
def _serving(home: Path, command: list[str]) -> Iterator[str]:
    """The address that it printed."""
    process = subprocess.Popen(
        command, cwd=home, env=_environment(home), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, "it does not run"
        yield found[0]
    finally:
        process.terminate()
        process.wait(20)


def picture(browser: Browser, home: Path, language: str) -> None:
    board = [sys.executable, "-u", "-m", "hol", "class", "board", "class.csv", "--no-browser", *PORTS]
    with _serving(home, board) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale=language)
        page.goto(address)
        page.locator("tbody tr").nth(len(PEOPLE) - 1).wait_for()
        expect(page.locator(".strip .unknown")).to_have_count(0, timeout=60_000)
        page.wait_for_timeout(1500)
        page.screenshot(path=ROOT / "docs" / f"board.{language[:2]}.png")
        page.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            worked(home)
            asking(home, browser, "bob")
            for language in ("ko-KR", "en-US"):
                picture(browser, home, language)
        finally:
            browser.close()
            hol(home, "local", "stop")


if __name__ == "__main__":
    main()
