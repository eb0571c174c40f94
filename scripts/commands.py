"""`hol` as commands in a folder of their own, for the scripts that take pictures of what it serves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Hol:
    """Runs commands in that folder, all of them with those options."""

    home: Path
    options: Sequence[str]

    def __call__(self, *words: str) -> str:
        """What the command writes on stdout."""
        said = subprocess.run(
            self._command(*words), cwd=self.home, env=self._environment, capture_output=True, text=True
        )
        return said.stdout

    @contextmanager
    def serving(self, *words: str) -> Iterator[str]:
        """The address that a command prints which serves a page; ended at the end."""
        process = subprocess.Popen(
            self._command(*words),
            cwd=self.home,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "it does not run"
            yield found[0]
        finally:
            process.terminate()
            process.wait(20)

    def _command(self, *words: str) -> list[str]:
        return [
            sys.executable,
            "-u",
            "-m",
            "hol",
            *self.options,
            *words,
        ]  # of two settings of a key the last one counts

    @property
    def _environment(self) -> dict[str, str]:
        more = {"PYTHONPATH": str(ROOT), "HOL_STATE_DIR": str(self.home / ".state"), "BROWSER": "true"}
        return {**os.environ, **more}


@contextmanager
def at_work(*options: str) -> Iterator[tuple[Hol, Browser]]:
    """An empty folder with its commands, and a browser; the local AWS is stopped at the end."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        hol = Hol(Path(folder), options)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            yield hol, browser
        finally:
            browser.close()
            hol("local", "stop")
