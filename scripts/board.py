"""The picture of a class's board for docs/, as Chromium shows it.

python -m scripts.board    a class of its own on the local AWS, some of it done; docs/board.ko.png and docs/board.en.png
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from scripts.commands import ROOT, Hol, at_work

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


def _roster(home: Path, name: str, people: list[str]) -> None:
    lines = ["name,team", *(f"{one},{1 + list(PEOPLE).index(one) // 4}조" for one in people)]
    (home / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def worked(hol: Hol) -> None:
    """Everybody as far as that; one has taken away what CORS needs."""
    from hol.group import roster

    _roster(hol.home, "class.csv", list(PEOPLE))
    _roster(hol.home, "done.csv", [one for one, steps in PEOPLE.items() if steps > 8])
    hol("class", "up", "done.csv")
    ids = {one.name: one.id for one in roster.read(str(hol.home / "class.csv"), "class").attendees}
    for name, steps in PEOPLE.items():
        for step in range(1, steps if steps <= 8 else 0):
            hol("step", str(step), "--set", f"attendee={ids[name]}")
    hol("down", "5", "--yes", "--set", f"attendee={ids['최유진']}")


def asking(hol: Hol, browser: Browser, name: str) -> None:
    """Somebody presses the button on his guide page."""
    own = ("--set", "console.port=28303", "--set", f"attendee={name}")
    with hol.serving("console", "--no-browser", *own) as address:
        page = browser.new_page(locale="ko-KR")
        page.goto(address)
        page.locator(".steps button").nth(PEOPLE[name]).click(timeout=60_000)
        page.get_by_role("button", name="강사에게 도움 요청").click(timeout=60_000)
        page.get_by_role("button", name="이제 괜찮아요").wait_for(timeout=60_000)
        page.close()


def picture(hol: Hol, browser: Browser, language: str) -> None:
    with hol.serving("class", "board", "class.csv", "--no-browser") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale=language)
        page.goto(address)
        page.locator("tbody tr").nth(len(PEOPLE) - 1).wait_for()
        expect(page.locator(".strip .unknown")).to_have_count(0, timeout=60_000)
        page.wait_for_timeout(1500)
        page.screenshot(path=ROOT / "docs" / f"board.{language[:2]}.png")
        page.close()


def main() -> None:
    with at_work(*PORTS) as (hol, browser):
        worked(hol)
        asking(hol, browser, "bob")
        for language in ("ko-KR", "en-US"):
            picture(hol, browser, language)


if __name__ == "__main__":
    main()
