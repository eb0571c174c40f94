"""A pytest plugin for the mutation run: it notes what each test ran (MUTATE_TRACE), or runs only chosen tests (MUTATE_TESTS)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_TRACE, _CHOSEN, _FAILED = (os.environ.get(f"MUTATE_{name}") for name in ("TRACE", "TESTS", "FAILED"))
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
_NUMBERS: dict[str, int] = {}


def _now(number: int) -> None:
    """Tell every process of this worker's tests which test runs; they keep the file mapped, so it is written in place."""
    file = os.open(Path(str(_TRACE), f"now-{_WORKER}"), os.O_WRONLY | os.O_CREAT)
    os.write(file, number.to_bytes(4, "big"))
    os.close(file)


if _TRACE:
    _now(0)  # before conftest.py imports the first module


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chosen tests, in the order in which they were chosen."""
    if _CHOSEN:
        order = {name: at for at, name in enumerate(Path(_CHOSEN).read_text(encoding="utf-8").splitlines())}
        items[:] = sorted((item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid])
    _NUMBERS.update({item.nodeid: number for number, item in enumerate(items, 1)})


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    if _TRACE:
        _now(_NUMBERS[item.nodeid])
    try:
        return (yield)
    finally:
        if _TRACE:
            _now(0)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """One line a phase of a test: its number, name, seconds and outcome."""
    if _TRACE and _NUMBERS:
        line = json.dumps([_NUMBERS[report.nodeid], report.nodeid, report.when, report.duration, report.outcome])
        with Path(_TRACE, f"tests-{_WORKER}").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    if _FAILED and report.failed:
        Path(_FAILED).write_text(f"{report.nodeid}\n{_last(report)}", encoding="utf-8")


def _last(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr)[:300]
