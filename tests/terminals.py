"""The commands as a person runs them: in a folder, in a process of their own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hol.config.files import packaged
from hol.local.life import process
from hol.words.errors import LocalError


@dataclass(frozen=True)
class Terminal:
    """A folder with a port of its own; `hol("up")` runs the command there, without a terminal."""

    home: Path
    port: int

    def environment(self, **more: str) -> dict[str, str]:
        dull = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LC_", "LANG"))}
        own = {"HOL_STATE_DIR": str(self.home / ".state"), "PYTHONPATH": str(packaged()), "HOME": str(self.home)}
        return {**dull, **own, "LANG": "C.UTF-8", **more}

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        port = (
            ("--set", f"local.port={self.port}")
            if arguments[0] not in ("init", "completion", "--version", "--help")
            else ()
        )
        return subprocess.Popen(
            [sys.executable, "-m", "hol", *arguments, *port],
            cwd=self.home,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def hol(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, **more) as running:
            out, err = running.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, running.returncode, out, err)


def stop_started(state: Path) -> None:
    """End every local AWS that was started with that state folder, and no other's."""
    for log in state.glob("local-*.log"):
        port = int(log.stem.removeprefix("local-"))
        with contextlib.suppress(LocalError):  # its port is another program's by now
            process.stop(port)
