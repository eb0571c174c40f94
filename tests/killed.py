"""A `hol` process that is killed, with SIGKILL, at one of its requests.

The process is a child of multiprocessing's fork server, so that it is a process of its own, with no thread of the
tests in it, and yet starts at once. The proxy in front of the local AWS kills it: before a request is sent on, when
it has taken effect and the answer is on its way, or when the answer has been delivered.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from fault_proxy import Answer, Proxy, Request

PHASES = ("before it is sent", "after its effect, the answer lost", "after its answer")
_SPAWN = multiprocessing.get_context("forkserver")
_SPAWN.set_forkserver_preload(["harness", "boto3"])


_READS = ("Get", "List", "Head", "Describe", "Invoke", "TestInvoke", "Simulate")


def moments(calls: list[str]) -> list[tuple[int, int]]:
    """(number of the request, phase) of every kill that leaves another account than the one before.

    What a killed process leaves is what it has written: before each write, after its effect, and after all of it.
    """
    writes = [n for n, name in enumerate(calls, 1) if not name.split(".")[1].startswith(_READS)]
    return [*((number, phase) for number in writes for phase in (0, 1)), (len(calls), 2)]


def _ready() -> None:
    """Start the fork server where it finds what it is to load: it is told no sys.path but by the environment."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


def hol(verb: str, port: int, account: str, home: Path, endpoint: str, settings: dict[str, Any]) -> None:
    """What the child does: `up`, `down`, `down N`, `down N --with-later`, `step N`, or one of a class's."""
    from harness import STEPS, World, undoing

    from hol.operate import cleanup

    world = World(port, account, home, endpoint)
    if verb == "down":
        cleanup.clean_up(world.run(**settings), STEPS)
    elif verb.startswith("down "):
        steps = undoing(int(verb.split()[1]), verb.endswith(" --with-later"))
        cleanup.clean_up(world.run(**settings), steps, cleanup.undo)
    elif verb.startswith("class "):
        import class_room

        of = class_room.group(world, **settings)
        {
            "class up": class_room.up,
            "class down": class_room.down,
            "class handout": class_room.handed,
            "class up by engine": class_room.up_by_engine,
            "class down by engine": class_room.down_by_engine,
        }[verb](of)
    elif verb == "up":
        world.up(**settings)
    else:
        world.step(int(verb.removeprefix("step ")), **settings)


@dataclass(frozen=True)
class Killed:
    """Whether the process was killed (or came to its end before), at which call, and how many calls it had made."""

    killed: bool
    call: str
    calls: int


def killed_at(
    front: Proxy, world: Any, verb: str, number: int = 1, phase: int = 0, name: str = ".*", **settings: Any
) -> Killed:
    """Run the verb in a process and kill it at the `number`-th request of that name."""
    known, dead = threading.Event(), threading.Event()
    child = _SPAWN.Process(
        target=hol, args=(verb, world.port, world.account, world.home, front.url, settings), daemon=True
    )

    def kill() -> None:
        known.wait(10)
        os.kill(child.pid or 0, signal.SIGKILL)
        dead.wait(10)

    _ready()
    front.rules.clear()
    front.seen.clear()
    rule = front.add(name, _deadly(phase, kill), skip=number - 1)
    others = set(front.connections)
    child.start()
    known.set()
    child.join(60)
    dead.set()
    _settled(front, others)
    front.rules.clear()
    if not rule.fired:
        assert child.exitcode == 0, child.exitcode
    call = front.seen[number - 1] if rule.fired and name == ".*" else name
    return Killed(bool(rule.fired), call, len(front.seen))


def dies_at(number: int, do: Callable[..., object], *arguments: Any) -> bool:
    """Do it in a process that dies, with SIGKILL, just before it touches a file for the `number`-th time; whether it did.

    `do` and its arguments must be picklable.
    """
    _ready()
    child = _SPAWN.Process(target=_mortal, args=(number, do, *arguments), daemon=True)
    child.start()
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL), child.exitcode
    return child.exitcode != 0


def _mortal(number: int, do: Callable[..., object], *arguments: Any) -> None:
    left = number

    def watch(event: str, _: object) -> None:
        nonlocal left
        if event in ("open", "os.mkdir", "os.remove", "os.rename", "os.rmdir"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    do(*arguments)


def _settled(front: Proxy, others: set[int]) -> None:
    """Wait until what the dead process had sent has been answered: nothing of it takes effect later."""
    until = time.monotonic() + 30
    while front.connections - others:
        assert time.monotonic() < until, "the dead process still has connections"
        time.sleep(0.005)


def _deadly(phase: int, kill: Callable[[], None]) -> Callable[[Request], Answer | None]:
    def act(request: Request) -> Answer | None:
        answer = request.forward() if phase else None
        if phase == 2:
            threading.Timer(0.002, kill).start()
            return answer
        kill()
        return None

    return act
