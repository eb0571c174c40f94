"""`hol` may be killed at any moment: a SIGKILL at a request, and the same command run again completes the work.

The sweep goes over the requests of `up`, of every step and of `down`: made one after the other (`jobs` 1), so that the
n-th is always the same, and side by side as users run it. The process is killed before a request is sent, after its
effect with the answer lost, or after the answer. The default run takes a sample; HOL_FULL=1 tries every moment that
leaves another account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from comparing import anonymous
from fault_proxy import Proxy
from harness import STEPS, World
from killed import PHASES, killed_at, moments
from sampling import FULL

from hol.engine import runner
from hol.operate import cleanup

VERBS = ["up", *(f"step {step.number}" for step in STEPS), "down"]
JOBS = ["1", "32"]
SAMPLES = {"up": 4, "down": 3}
PARTS = 6 if FULL else 1
PIECES = [
    (verb, jobs, part)
    for verb in VERBS
    for jobs in (JOBS if FULL or verb in SAMPLES else ["1"])
    for part in range(PARTS if verb in SAMPLES else 1)
]


@pytest.mark.timeout(7200 if FULL else 120)
@pytest.mark.parametrize(("verb", "jobs", "part"), PIECES)
def test_killed_at_any_request(
    verb: str,
    jobs: str,
    part: int,
    front: Proxy,
    new_world: Callable[..., World],
    clean: str,
    record_property: Callable[[str, str], None],
) -> None:
    """After the kill the same command converges: no duplicate, no orphan, and the state of an undisturbed run."""
    whole = killed_at(front, _prepared(verb, new_world(front.url)), verb, number=10**9, jobs=jobs)
    calls = list(front.seen)
    assert not whole.killed
    tried, failed, boundaries = 0, [], list(_boundaries(verb, part, calls))
    for number, phase in boundaries:
        world = _prepared(verb, new_world(front.url))
        tried += killed_at(front, world, verb, number, phase, jobs=jobs).killed
        if complaint := _complaint(verb, World(world.port, world.account, world.home), clean):
            failed.append(f"{number} {calls[number - 1]}, {PHASES[phase]}: {complaint}")
    converged = tried - len(failed)
    which = f"killed {verb}, jobs {jobs}, part {part + 1} of {PARTS if verb in SAMPLES else 1}"
    record_property("counted", f"{which}: {len(calls)} requests, {tried} kills tried, {converged} converged")
    assert failed == []
    assert calls and boundaries
    assert tried > len(boundaries) / 2


def _prepared(verb: str, world: World) -> World:
    """The world as it is before the verb."""
    direct = World(world.port, world.account, world.home)
    if verb == "down":
        direct.up()
    elif verb.startswith("step") and verb != "step 0":
        runner.up(direct.run(), [step for step in STEPS if step.number < int(verb.split()[1])])
    return world


def _boundaries(verb: str, part: int, calls: list[str]) -> Iterator[tuple[int, int]]:
    """(number of the request, phase) of each kill."""
    if FULL:
        yield from moments(calls)[part :: PARTS if verb in SAMPLES else 1]
        return
    chosen = [(number, phase) for number, _ in enumerate(calls, 1) for phase in range(3)]
    samples = SAMPLES.get(verb, 1)
    yield from chosen[len(chosen) // (2 * samples) :: max(1, len(chosen) // samples)][:samples]


def _complaint(verb: str, world: World, clean: str) -> str:
    """What is wrong after the same command was run again; "" when nothing is."""
    try:
        if verb == "down":
            run = world.run()
            still = cleanup.clean_up(run, STEPS)
            left = {kind: names for kind, names in world.listing().items() if names}
            folder = [path.name for path in world.home.iterdir()]
            return (
                str(([str(event.what) for event in still], run.left, left, folder)) if left or still or folder else ""
            )
        if verb != "up":
            world.step(int(verb.split()[1]))
        world.up()
        return "" if anonymous(world) == clean else "it differs from an undisturbed run"
    except Exception as error:
        return repr(error)
