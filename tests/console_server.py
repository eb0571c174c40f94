"""`hol console` as a process, for tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from ports import free_port


@dataclass
class Console:
    """A running one: its port, the one-time address that it printed, and how to start it again."""

    command: list[str]
    home: Path
    port: int
    process: subprocess.Popen[str]
    address: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def another_address(self) -> str:
        """What `hol open console` prints."""
        verb = [*self.command[:4], "open", "console", *self.command[5:]]
        said = subprocess.run(verb, cwd=self.home, env=_environment(), capture_output=True, text=True, timeout=60)
        found = re.search(r"http://\S+", said.stdout)
        assert found, said.stderr
        return found[0]

    def again(self) -> None:
        """Killed, and started again."""
        self.process.kill()
        self.process.wait()
        self.process, self.address = _started(self.command, self.home)


@contextmanager
def console(local_port: int, home: Path, *options: str) -> Iterator[Console]:
    """A console over the local AWS on that port, in that folder."""
    port = free_port()
    settings = ["--set", f"local.port={local_port}", "--set", f"console.port={port}", *options]
    command = [sys.executable, "-P", "-m", "hol", "console", *settings]
    running = Console(command, home, port, *_started(command, home))
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(10)


@contextmanager
def entered(served: Console, browser: Browser, locale: str) -> Iterator[Page]:
    """A desktop's browser in the console."""
    context = browser.new_context(locale=locale, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(served.another_address())
    yield page
    context.close()


def _started(command: list[str], home: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [*command, "--no-browser"],
        cwd=home,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found, "it did not start"
    return process, found[0]


def _environment() -> dict[str, str]:
    root = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1", "BROWSER": "true"}
