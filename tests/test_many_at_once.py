"""Several hol at once, as processes of their own: each ends well or with a clear word, and leaves no deployment over."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable

import pytest
from local_lab import Session
from sampling import FULL
from terminals import Terminal

from hol.local.life import process
from hol.local.life.process import Running

MANY = 10 if FULL else 5
SECONDS = 600 if FULL else 110
pytestmark = pytest.mark.timeout(1800 if FULL else 120)


def start(terminal: Terminal, *arguments: str, folder: str = "") -> subprocess.Popen[str]:
    home = terminal.home / folder
    home.mkdir(exist_ok=True)
    one = Terminal(home, terminal.port)
    return one.start(*arguments, HOL_STATE_DIR=str(terminal.home / ".state"))


def ended(running: Iterable[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    """Exit code and stderr of each, in order."""
    said = [(one.communicate(timeout=SECONDS)[1], one) for one in list(running)]
    assert not [text for text, _ in said if "Traceback" in text], said
    return [(one.returncode, text) for text, one in said]


def failed(said: Iterable[tuple[int, str]]) -> str:
    """What those said that did not end with 0."""
    return "\n".join(f"exit {code}:\n{text}" for code, text in said if code)


def deployments(terminal: Terminal) -> list[int]:
    """Of each API, how many deployments it has."""
    client = Session(Running(terminal.port, 0, ""))("apigateway")
    return [len(client.get_deployments(restApiId=api["id"])["items"]) for api in client.get_rest_apis()["items"]]


def test_many_downs_of_different_attendees(terminal: Terminal) -> None:
    """None stops the server under the others' hands; the last one does."""
    attendees = [("--set", f"attendee=a{number}") for number in range(MANY)]
    made = ended([start(terminal, "step", "1", *one, folder=one[1]) for one in attendees])
    assert not failed(made), failed(made)
    gone = ended([start(terminal, "down", "--yes", *one, folder=one[1]) for one in attendees])
    assert not failed(gone), failed(gone)
    assert process.running(terminal.port) is None, gone


def test_many_ups_of_one_lab_leave_one_deployment(terminal: Terminal) -> None:
    ups = ended([start(terminal, "up", "--no-check", folder=f"f{number}") for number in range(MANY)])
    assert not failed(ups), failed(ups)
    assert deployments(terminal) == [1]
    again = terminal.hol("up", "-v", "--no-check", "--set", "stage.description=x")
    assert (again.returncode, "deployment to prod" in again.stderr) == (0, True)
    assert deployments(terminal) == [1]


@pytest.mark.skipif(not FULL, reason="set HOL_FULL=1")
@pytest.mark.parametrize("seed", range(6))
def test_a_mix(terminal: Terminal, seed: int) -> None:
    """`up` and `down` of one lab and of several, at once; then one of each ends well."""
    choose = random.Random(seed)
    verbs = [(choose.choice(("up", "down")), choose.choice(("", "a1", "a2"))) for _ in range(6)]
    said = ended(
        [
            start(terminal, verb, *(["--yes"] if verb == "down" else ["--no-check"]), *_set(who), folder=f"f{number}")
            for number, (verb, who) in enumerate(verbs)
        ]
    )
    assert all(code in (0, 1, 6) for code, _ in said), said
    for number, who in enumerate(("", "a1", "a2")):
        last = f"last{number}"
        assert ended([start(terminal, "up", "--no-check", *_set(who), folder=last)])[0][0] == 0
        assert set(deployments(terminal)) == {1}
        assert ended([start(terminal, "down", "--yes", *_set(who), folder=last)])[0][0] == 0
    assert process.running(terminal.port) is None


def _set(attendee: str) -> list[str]:
    return ["--set", f"attendee={attendee}"] if attendee else []
