"""The tests' own ports and servers: what one test process starts or stops is no other's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ports import free_port
from terminals import stop_started

from hol.local.life import process
from hol.local.life.process import Running


def test_two_processes_never_get_the_same_port() -> None:
    script = "from ports import free_port; print(*[free_port() for _ in range(200)])"
    here = Path(__file__).parent
    asked = subprocess.Popen([sys.executable, "-c", script], cwd=here, stdout=subprocess.PIPE, text=True)
    own = {free_port() for _ in range(20)}
    other = {int(word) for word in asked.communicate(timeout=30)[0].split()}
    assert len(other) > 50
    assert not own & other


def test_only_what_was_started_here_is_stopped(local_aws: Running, tmp_path: Path) -> None:
    stop_started(tmp_path / "none")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / f"local-{local_aws.port + 1}.log").touch()  # its neighbour, long gone
    stop_started(tmp_path / "state")
    assert process.running(local_aws.port)
