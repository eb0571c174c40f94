"""The board of a class as a page: it follows what the attendees do, and lets nobody else in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import class_room
import pytest
import test_console_actions as actions
from console_server import console
from harness import STEPS, World
from playwright.sync_api import Browser, Page, expect
from ports import free_port
from test_class_board import break_cors, up_to
from test_console_look import AXE

from hol.engine import runner
from hol.group.labs import Group
from hol.local.life import process
from hol.local.life.place import ACCOUNT

ROOT = Path(__file__).parents[1]
browser = actions.browser
SECONDS = 10.0  # however busy the machine is; how far behind the page is, tests/test_class_crowd.py measures


@dataclass
class Room:
    """A class on a local AWS of its own, and the board of it that is served."""

    group: Group
    world: World
    port: int
    address: str

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        """The status and the body, as something else than the page gets it."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def roster(attendees: int) -> str:
    return "".join(
        [
            "name,email,team\n",
            *(f"a{number},secret{number}@example.com,team {number % 5}\n" for number in range(attendees)),
        ]
    )


@contextmanager
def a_class(
    home: Path, attendees: int, *options: str, before: Callable[[Group], object] = lambda group: None
) -> Iterator[Room]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOL_STATE_DIR", str(home / ".state"))
        server, port = process.start(free_port()), free_port()
        world = World(server.port, ACCOUNT, home)
        before(class_room.group(world, attendees))
        (home / "class.csv").write_text(roster(attendees), encoding="utf-8")
        settings = ("--set", f"local.port={server.port}", "--set", f"console.port={port}", "--lang", "ko", *options)
        command = [sys.executable, "-m", "hol", "class", "board", "class.csv", "--no-browser", *settings]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        serving = subprocess.Popen(
            command, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            assert serving.stdout
            found = re.search(r"http://\S+", serving.stdout.readline())
            assert found, "it did not start"
            yield Room(class_room.group(world, attendees), world, port, found[0])
        finally:
            serving.terminate()
            serving.wait(20)
            process.stop(server.port)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with a_class(tmp_path_factory.mktemp("room"), 4) as found:
        group = found.group
        runner.up(group.run(group.everybody(""), lambda said: None), group.common)
        up_to(group, group.attendees[0], STEPS[-1].number)
        up_to(group, group.attendees[1], 3)
        yield found


@pytest.fixture(scope="module")
def page(room: Room, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 800}, bypass_csp=True)
    found = context.new_page()
    found.goto(room.address)
    expect(found.locator("tbody tr")).to_have_count(4)
    expect(found.locator(".strip .unknown")).to_have_count(0, timeout=20_000)
    yield found
    context.close()


def at(page: Page, id_: str) -> str:
    return page.locator(f'tr[data-id="{id_}"] td.at').inner_text()


def order(page: Page) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('tbody tr')].map((row) => row.dataset.id)")


def test_it_shows_how_everybody_stands_and_follows(room: Room, page: Page) -> None:
    assert [at(page, f"a{number}")[:2] for number in range(4)] == ["완료", "4 ", "1 ", "1 "]
    group = room.group
    for number in (1, 2):
        up_to(group, group.attendees[2], number)
        row = page.locator('tr[data-id="a2"] td.at')
        expect(row).to_contain_text(f"{number + 1} ", timeout=SECONDS * 1000)
    break_cors(room.world, group.settings_of(group.attendees[0]).api.name)
    why = page.locator('tr[data-id="a0"] td.matter')
    expect(why).to_contain_text("OPTIONS", timeout=SECONDS * 1000)
    assert why.inner_text().startswith("5단계")
    assert order(page) == ["a0", "a1", "a2", "a3"]


def test_whoever_asks_for_help_on_his_page_comes_first_and_is_said(
    room: Room, page: Page, browser: Browser, tmp_path: Path
) -> None:
    with console(room.world.port, tmp_path, "--set", "attendee=a3") as his:
        guide = browser.new_page(locale="ko-KR")
        guide.goto(his.address)
        guide.get_by_role("button", name="강사에게 도움 요청").click(timeout=20_000)
        expect(guide.get_by_test_id("help")).to_contain_text("단계에서 도움을 요청했어요")
        expect(page.locator("#waiting li")).to_contain_text(re.compile(r"a3 · \d단계"), timeout=SECONDS * 1000)
        assert order(page)[0] == "a3"
        assert page.locator('[data-sum="asking"] dd').inner_text() == "1"
        assert "도움 요청" in page.locator('tr[data-id="a3"] td.matter').inner_text()
        guide.reload()  # what he asked stands in his account
        guide.get_by_role("button", name="이제 괜찮아요").click(timeout=20_000)
        expect(guide.get_by_role("button", name="강사에게 도움 요청")).to_be_visible(timeout=20_000)
        expect(page.locator("#waiting .nobody")).to_be_visible(timeout=SECONDS * 1000)
        guide.close()


def test_whoever_asks_before_his_steps_were_looked_at_asks_for_the_one_that_he_is_at(
    room: Room, browser: Browser, tmp_path: Path
) -> None:
    attendee = room.group.attendees[3]
    up_to(room.group, attendee, 1)
    shared = f"endpoint.name={room.group.settings_of(attendee).endpoint.name}"
    options = [word for one in ("attendee=a3", "endpoint.create=false", shared) for word in ("--set", one)]
    with console(room.world.port, tmp_path, *options) as his:
        guide = browser.new_page(locale="ko-KR")
        guide.route("**/events", lambda route: route.abort())  # the page hears nothing of how the steps stand
        guide.goto(his.address)
        guide.get_by_role("button", name="강사에게 도움 요청").click(timeout=20_000)
        expect(guide.get_by_test_id("help")).to_contain_text("2단계에서 도움을 요청했어요", timeout=20_000)
        guide.get_by_role("button", name="이제 괜찮아요").click(timeout=20_000)
        expect(guide.get_by_role("button", name="강사에게 도움 요청")).to_be_visible(timeout=20_000)
        guide.close()


def test_both_languages_search_and_the_money(page: Page) -> None:
    assert page.locator('[data-sum="cost"] dd').inner_text().endswith("USD (시간당 0.115)")
    assert re.fullmatch(r"[34]시간 \d+분", page.locator('[data-sum="left"] dd').inner_text())
    page.locator("#language").click()
    assert page.locator("h1").inner_text().startswith("Class board")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator("#search").fill("team 2")
    assert page.locator("tbody tr:visible").count() == 1
    page.locator("#search").fill("")
    page.locator("#language").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_screen_reader_finds_nothing_to_complain_of(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_nobody_else_gets_in_and_no_address_is_shown(room: Room, page: Page) -> None:
    assert room.ask("/api/class")[0] == 401
    assert room.ask("/")[0] == 401
    assert room.ask(room.address.partition(str(room.port))[2])[0] == 401  # it was used already
    assert room.ask("/api/class", Host=f"localhost:{room.port}")[0] == 403
    assert room.ask("/api/class", Origin="http://127.0.0.1:1")[0] == 403
    shown = page.evaluate("fetch('/api/class').then((answer) => answer.text())")
    assert len(json.loads(shown)["rows"]) == 4
    assert "@example.com" not in shown
    policy = page.evaluate("fetch('/').then((answer) => answer.headers.get('content-security-policy'))")
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert page.evaluate("fetch('/api/look?row=99', {method: 'POST'}).then((answer) => answer.status)") == 404
    assert page.evaluate("fetch('/static/index.jsx').then((answer) => answer.status)") == 404
    assert page.evaluate("fetch('/api/look?row=2', {method: 'POST'}).then((answer) => answer.status)") == 200
