"""Thousands of calls that nobody would make: every answer is one of AWS's, and the server is there all the while.

`HOL_FULL=1` makes 6,000 of them instead of some hundred; `HOL_FUZZ_SEED` and `HOL_FUZZ_ONLY` repeat what was found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fuzzing
import pytest
from ports import free_port

from hol.local.life import process
from hol.local.life.process import Running

ACCOUNT = "555555555555"
SEED = int(os.environ.get("HOL_FUZZ_SEED", "20261125"))
CALLS = 6000 if os.environ.get("HOL_FULL") else 400
ONLY = [int(number) for number in os.environ.get("HOL_FUZZ_ONLY", "").split()]
SECONDS = 1.0


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """One of its own: nobody else's tests shall meet what is left."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path))
    running = process.start(free_port())
    yield running
    process.stop(running.port)


def test_every_answer_is_one_of_awss_and_the_server_is_there_all_the_while(server: Running) -> None:
    print(f"HOL_FUZZ_SEED={SEED}")
    known = fuzzing.furnish(server.url, ACCOUNT)

    def found(number: int) -> str:
        one = fuzzing.call(SEED, number, known, ACCOUNT)
        try:
            wrong = fuzzing.judged(one, *fuzzing.send(server.port, one))
        except OSError as error:
            wrong = f"no answer: {type(error).__name__}: {error}"
        return f"{wrong}\n    {one}" if wrong else ""

    with fuzzing.watched(server.port, server.pid) as health, ThreadPoolExecutor(3) as pool:
        wrong = list(filter(None, pool.map(found, ONLY or range(CALLS))))
    print(f"{len(ONLY) or CALLS} calls, {len(wrong)} answers that are not AWS's; {health}")
    assert not wrong, "\n".join(wrong)
    assert not health.failed
    assert health.busiest <= SECONDS, health
