"""One local AWS for all tests, on a free port; each test that wants one gets an account of its own in it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from burst import Burst, microburst
from comparing import anonymous
from fault_proxy import Proxy, proxy
from harness import World, new_account
from ports import free_port
from servers import local_aws_in
from terminals import Terminal, stop_started

from hol.local.life.process import Running

TALLIES = {
    "hol check, seeded mistakes named": "test_a_mistake_is_named",
    "hol doctor, seeded faults found without a write": "test_a_seeded_fault_is_found_without_a_write",
    "failures whose cause the page names": "test_the_page_names_the_cause",
    "statements of the operator's policy without which something breaks": "test_without_any_one_statement_something_breaks",
    "actions of the original guide covered by a step, a call and a text": "test_an_action_is_covered_by_a_step_a_call_and_a_text",
    "instructions of 2019 that fail as said": "test_the_instruction_fails",
}


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running local AWS; ended, with all that it started, after the last test."""
    with local_aws_in(tmp_path_factory.mktemp("state")) as server:
        yield server


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """An empty folder; whatever local AWS was started in it is stopped."""
    found = Terminal(tmp_path, free_port())
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path / ".state"))
    yield found
    stop_started(tmp_path / ".state")


@pytest.fixture
def world(local_aws: Running, tmp_path: Path) -> World:
    """An empty account, and an empty folder to work in."""
    return World(local_aws.port, new_account(), tmp_path)


@pytest.fixture
def other_world(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A second empty account."""
    return World(local_aws.port, new_account(), tmp_path_factory.mktemp("other"))


@pytest.fixture
def new_world(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., World]:
    """Makes as many empty accounts as a test wants; `endpoint` may be a proxy's."""
    return lambda endpoint=None: World(
        local_aws.port, new_account(), tmp_path_factory.mktemp("home"), endpoint=endpoint
    )


@pytest.fixture
def front(local_aws: Running) -> Iterator[Proxy]:
    """A proxy of ours in front of the local AWS."""
    with proxy(local_aws.port) as running:
        yield running


@pytest.fixture
def faulty(front: Proxy, local_aws: Running, tmp_path: Path) -> World:
    """An empty account whose every call goes through `front`."""
    return World(local_aws.port, new_account(), tmp_path, endpoint=front.url)


@pytest.fixture(scope="session")
def burst(local_aws: Running) -> Iterator[Burst]:
    """A microburst in front of the local AWS."""
    with microburst(local_aws.port, free_port()) as running:
        yield running


@pytest.fixture
def burst_front(burst: Burst) -> Iterator[Proxy]:
    """A proxy of ours in front of microburst, which counts what passes."""
    with proxy(burst.port) as running:
        yield running


@pytest.fixture
def bursting(burst_front: Proxy, local_aws: Running, tmp_path: Path) -> World:
    """An empty account whose every call goes through microburst."""
    return World(local_aws.port, new_account(), tmp_path, endpoint=burst_front.url)


@pytest.fixture(scope="session")
def clean(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What an undisturbed `hol up` leaves in an account, as `anonymous` tells it."""
    undisturbed = World(local_aws.port, new_account(), tmp_path_factory.mktemp("clean"))
    undisturbed.up()
    return anonymous(undisturbed)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is marked long runs with HOL_FULL=1."""
    if os.environ.get("HOL_FULL"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if not item.get_closest_marker("long")]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One table of the faults F1 to F30, and what the long sweeps counted."""
    reports = [r for key in ("passed", "failed", "error") for r in terminalreporter.stats.get(key, [])]
    faults = sorted((r for r in reports if "::test_F" in r.nodeid and r.when in ("call", "setup")), key=_fault_number)
    if faults:
        terminalreporter.section("faults of AWS (reference F1 to F30)")
    for report in faults:
        number, _, words = report.nodeid.split("::test_")[1].partition("_")
        terminalreporter.write_line(f"{number:5} {words.replace('_', ' '):75} {report.outcome}")
    counts = [value for r in reports for name, value in getattr(r, "user_properties", []) if name == "counted"]
    counts += [line for what, name in TALLIES.items() if (line := _tally(what, name, reports))]
    if counts:
        terminalreporter.section("counted")
    for line in counts:
        terminalreporter.write_line(line)


def _tally(what: str, name: str, reports: list[pytest.TestReport]) -> str:
    """How many cases of the test passed; "" when none ran."""
    cases = {r.nodeid: r.passed for r in reports if f"::{name}[" in r.nodeid and (r.when == "call" or not r.passed)}
    return f"{what}: {sum(cases.values())} of {len(cases)}" if cases else ""


def _fault_number(report: pytest.TestReport) -> tuple[int, str]:
    found = re.search(r"::test_F(\d+)(\w*)", report.nodeid)
    return (int(found[1]), found[2]) if found else (0, "")
