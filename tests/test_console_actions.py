"""All 49 actions of the guide in the practice console: by visible Korean labels, by English ones, and by keyboard alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from console_hands import ConsoleHands, KeyboardHands
from console_server import Console, console
from harness import STEPS
from playwright.sync_api import Browser, expect, sync_playwright
from ports import free_port
from sampling import some

from hol.config import files as configuration
from hol.config.files import packaged
from hol.config.settings import Config
from hol.engine.step import sections
from hol.local.life import process
from hol.local.life.place import ACCOUNT
from hol.local.life.process import Running

TABLE: list[dict[str, Any]] = yaml.safe_load((packaged() / "assets/guide/actions.yaml").read_text(encoding="utf-8"))
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A local AWS of its own, for the learner is its one account."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path / "state"))
    server = process.start(free_port())
    yield server
    process.stop(server.port)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def served(aws: Running, home: Path) -> Iterator[Console]:
    with console(aws.port, home) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "no Chromium on PATH"
    rules = "--host-resolver-rules=MAP *.localhost 127.0.0.1"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", rules])
        expect.set_options(timeout=30_000)
        yield running
        expect.set_options(timeout=5_000)
        running.close()


def config(home: Path) -> Config:
    folder = configuration.Folder(packaged(), home, packaged() / "config.yaml")
    return configuration.resolved(configuration.load(folder, (), sections(STEPS)), ACCOUNT)


def hol(served: Console, home: Path, aws: Running, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "hol", *words, "--set", f"local.port={aws.port}"]
    environment = {**os.environ, "PYTHONPATH": str(packaged())}
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=120)


def wanted() -> dict[int, set[str]]:
    """The calls of each action in the table."""
    return {row["n"]: {call for call in row["calls"] if not call.startswith("none")} for row in TABLE}


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("language", "kind"),
    some([(0, ConsoleHands), (1, ConsoleHands), (0, KeyboardHands)], 3),
    ids=["Korean", "English", "keyboard"],
)
def test_all_actions(
    served: Console, aws: Running, home: Path, browser: Browser, language: int, kind: type[ConsoleHands]
) -> None:
    """Every action calls what the table says and nothing else; what comes of it is right, works, and goes without a rest."""
    assert hol(served, home, aws, "step", "0").returncode == 0
    context = browser.new_context(locale=("ko-KR", "en-US")[language], viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(served.address)
    hands = kind(page, config(home), home, language)
    called = defaultdict[int, set[str]](set)
    for number in sorted(wanted()):
        before = len(hands.records)
        hands.do(number)
        new = hands.records[before:]
        assert [one for one in new if one["refused"] or not one["actions"]] == [], number
        assert not new or any(number in one["actions"] for one in new), number
        for one in new:
            for action in one["actions"]:
                called[action].add(one["operation"])
    assert dict(called) == {number: calls for number, calls in wanted().items() if calls}
    for place in range(len(STEPS)):
        expect(page.locator(".steps button").nth(place)).to_have_class("pill right")
    context.close()
    checked = hol(served, home, aws, "check")
    assert checked.returncode == 0, checked.stdout
    assert hol(served, home, aws, "adopt", "--yes").returncode == 0
    down = hol(served, home, aws, "down", "--yes", "--lang", "en")
    assert down.returncode == 0, down.stderr
    assert "nothing left behind" in down.stdout
