"""`hol check` over work done by hand: nothing is said against what is right, every mistake is named, and mended as said.

The mistakes stand in `tests/mistakes/`, in families; a family shares a lab: whatever was wrong in it is mended, as the
finding says, before the next one is made, and that must leave it right. By default a sample of them; HOL_FULL=1 all.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from fault_proxy import Proxy, error
from handmade import Hands
from harness import STEPS, Recorded, World, new_account
from mistakes import FAMILIES, MISTAKES, Mistake, mends
from mistakes.second import SECOND, Several
from mistakes.variations import VARIATIONS, Variation
from sampling import FULL

from hol.cloud.clock import SystemClock
from hol.config.files import packaged
from hol.engine import runner
from hol.engine.run import Run
from hol.engine.step import discover
from hol.teach.grade import check as grade
from hol.teach.grade.check import Report
from hol.teach.grade.finding import Finding
from hol.words.errors import ForeignError, PrerequisiteError

READS = re.compile(r"(get|list|head|describe|test_invoke|invoke)(_|$)")
LONGEST = 15.0  # seconds that a check may take
ROUNDS = 9  # findings that a learner mends, one after the other, until all is right
SAMPLE = MISTAKES if FULL else MISTAKES[::21]
RIGHT = VARIATIONS if FULL else VARIATIONS[::9]


def looked(world: World, *steps: str) -> list[Finding]:
    """The findings of these steps, or of all, without their tests."""
    run = grade.lenient(world.run())
    return [f for step in STEPS if not steps or step.name in steps for f in grade.findings(run, step)]


def wrong(found: list[Finding]) -> list[str]:
    return [f"{f.key}: {f.what}: {f.wrong}" for f in found if not f.right]


@lru_cache(maxsize=8)
def _run(world: World) -> Run:
    """A run to look with; what it has seen is forgotten by `lenient`, its clients are kept."""
    return world.run()


def checked(world: World, *steps: str) -> Report:
    """What `hol check`, or `hol check N`, finds."""
    chosen = [step for step in STEPS if not steps or step.name in steps]
    return grade.look(grade.lenient(_run(world)), STEPS, chosen)


class Labs:
    """A lab that is right, made by hand, for each family; a new one after one that was not mended."""

    def __init__(self, new_world: Callable[..., World]) -> None:
        self.new_world, self.ready = new_world, dict[str, Hands]()

    def take(self, family: str) -> Hands:
        """The family's lab; it is given back with `give` once it is right again."""
        hands = self.ready.pop(family, None)
        if hands is None:
            hands = Hands(self.new_world())
            hands.world.step(0)
            hands.make()
        return hands

    def give(self, family: str, hands: Hands) -> None:
        """Right again: as it was at first but for what does not matter."""
        mends.as_by_hand(hands)
        self.ready[family] = hands


@pytest.fixture(scope="module")
def labs(local_aws: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    yield Labs(lambda: World(local_aws.port, new_account(), tmp_path_factory.mktemp("lab")))


def _family(mistake: Mistake) -> str:
    return next(name for name, members in FAMILIES.items() if mistake in members)


@pytest.mark.parametrize("mistake", SAMPLE, ids=lambda mistake: mistake.id)
def test_a_mistake_is_named(labs: Labs, mistake: Mistake) -> None:
    """With its cause, in time, and nothing beside it; `hol check N` agrees; what it says mends it."""
    family = _family(mistake)
    hands = labs.take(family)
    mistake.make(hands)
    began = time.monotonic()
    report = checked(hands.world)
    took = time.monotonic() - began
    found = report.all_wrong
    assert found, "it passed"
    named = [one for one in found if one.key == mistake.key and mistake.shows in f"{one.what} {one.wrong}"]
    assert named, (mistake.key, mistake.shows, wrong(found), [str(said) for one in found for said in one.failures])
    assert [line for line in wrong(found) if line.partition(":")[0] not in (mistake.key, *mistake.also)] == []
    assert took < LONGEST
    alone = checked(hands.world, mistake.step).all_wrong
    assert mistake.key in [one.key for one in alone], wrong(alone)
    assert _mended(hands, report), "its mend does not mend it"
    labs.give(family, hands)


def _mended(hands: Hands, report: Report) -> bool:
    """Whether all is right after what is said has been done, finding by finding."""
    for _ in range(ROUNDS):
        if not report.all_wrong:
            break
        mends.follow(hands, report.all_wrong[0])
        report = checked(hands.world)
    return all(report.is_right(step.name) for step in STEPS)


@pytest.mark.parametrize(
    "mistake", [one for one in SAMPLE if one.step != "endpoint"][:: 1 if FULL else 6], ids=lambda m: m.id
)
def test_hol_step_mends_it_or_says_why_not(labs: Labs, mistake: Mistake) -> None:
    """What somebody made by hand is refused, with what lets hol take it over; then hol puts it right or shows what stays."""
    hands = Hands(labs.new_world())
    hands.world.step(0)
    hands.make()
    mistake.make(hands)
    number = next(step.number for step in STEPS if step.name == mistake.step)
    try:
        hands.world.step(number)
    except (ForeignError, PrerequisiteError) as error:
        assert "adopt" in f"{error.why} {error.fix}"
    left = [one for one in looked(hands.world, mistake.step) if one.wrong is not None]
    assert all(one.mend for one in left)


@pytest.mark.parametrize("variation", RIGHT, ids=lambda variation: variation.name)
def test_another_right_way_is_not_complained_about(labs: Labs, variation: Variation) -> None:
    hands = Hands(labs.new_world())
    hands.world.step(0)
    hands.make()
    variation.make(hands)
    report = checked(hands.world)
    assert wrong(report.all_wrong) == []
    assert all(report.is_right(step.name) for step in STEPS)
    others = [one.key for found in report.found.values() for one in found if one.other]
    assert others == list(variation.other)


@pytest.mark.parametrize("several", SECOND if FULL else SECOND[::14], ids=lambda several: several.name)
def test_whatever_went_wrong_at_once_is_named(labs: Labs, several: Several) -> None:
    """The second set: two at once, and neighbours' settings."""
    hands = Hands(labs.new_world())
    hands.world.step(0)
    hands.make()
    several.make(hands)
    found = [one.key for one in checked(hands.world).all_wrong]
    assert [key for key in several.keys if not any(key in one for one in found)] == []


def test_right_work_by_hand_is_not_complained_about(world: World) -> None:
    world.step(0)
    Hands(world).make()
    assert wrong(looked(world)) == []


def test_hols_own_work_is_not_complained_about(world: World) -> None:
    world.up()
    report = checked(world)
    assert wrong(report.all_wrong) == []
    assert [one.key for found in report.found.values() for one in found if one.other] == []


def test_there_are_mistakes_and_right_ways_enough() -> None:
    assert len(MISTAKES) >= 160
    assert len({mistake.id for mistake in MISTAKES}) == len(MISTAKES)
    assert len(VARIATIONS) >= 12


def test_a_look_changes_nothing(world: World) -> None:
    hands = Hands(world)
    hands.make("permission")
    before = world.listing()
    run = grade.lenient(world.run())
    for step in STEPS:
        grade.findings(run, step)
    writes = [call.operation for call in run.transcript if not READS.match(call.operation.split(".")[1])]
    assert (world.listing(), writes) == ({**before, "log groups": world.listing()["log groups"]}, [])


def test_a_policy_that_goes_while_it_is_looked_at_is_no_error(faulty: World, front: Proxy) -> None:
    """Deleted in another window, between the list of the role's policies and the look into it."""
    faulty.up([step for step in STEPS if step.number in (1, 2)])
    gone = front.add(
        "iam.GetRolePolicy", error("NoSuchEntity", "The role policy with name x cannot be found.", 404), times=1
    )
    run = grade.lenient(faulty.run())
    (role,) = (step for step in STEPS if step.name == "role")
    assert [one.key for one in grade.findings(run, role) if not one.right] == []
    assert gone.fired == 1


def test_what_waits_for_an_earlier_step_is_not_wrong(world: World) -> None:
    """Nothing is there: one finding for each thing that can be made now, and the others say for what they wait."""
    found = looked(world)
    assert [one.key for one in found if one.wrong is not None] == [
        "endpoint.missing", "role.missing", "function.missing", "api.missing", "sdk.missing", "bucket.missing",
    ]  # fmt: skip
    assert {one.step: one.waits for one in found if one.waits} == {
        "policy": "role", "cors": "api", "stage": "api", "upload": "bucket", "public": "bucket",
    }  # fmt: skip


def test_two_mistakes_at_once_are_two_findings(world: World) -> None:
    world.step(0)
    hands = Hands(world)
    hands.make(policy=None, website={"index": "index.htm"})
    assert {"policy.missing", "bucket.index document"} <= {one.key for one in checked(world).all_wrong}


def test_another_labs_resource_is_said_to_be_so(world: World) -> None:
    hands = Hands(world)
    hands.role()
    hands.iam.tag_role(RoleName=hands.config.role.name, Tags=[{"Key": "hol:lab", "Value": "somebody"}])
    assert "hol:lab" in wrong(looked(world, "role"))[0]


@pytest.mark.parametrize("settings", [{"function__concurrency": "1"}, {"stage__rate": "2", "stage__burst": "1"}])
def test_a_lab_that_lets_little_in_at_once_is_not_called_wrong_for_the_tests_own_haste(
    world: World, settings: dict[str, str]
) -> None:
    """Four tests ask at once; with one place in the function the others were told 429 (by Lambda, as on AWS)."""
    world.up(**settings)
    for _ in range(3):
        told = Recorded()
        # The stage lets through what it does in real seconds, so they are waited for.
        runner.check(world.run(told, clock=SystemClock(), **settings), STEPS)
        assert len(told.checks) == 6


def test_an_origin_of_ones_own_is_not_called_a_stale_deployment(world: World) -> None:
    world.up(cors__origin="https://example.com")
    run = grade.lenient(world.run(cors__origin="https://example.com"))
    keys = {finding.key for finding in grade.look(run, STEPS, STEPS).all_wrong}
    assert "cors.another" in keys
    assert "stage.deployed" not in keys


def test_an_address_that_cannot_be_reached_is_not_called_a_stale_deployment(world: World) -> None:
    discover(packaged() / "steps")  # read anew, as for a lab of one's own: what failed is known all the same
    world.up()
    run = world.run()
    place = replace(run.cloud.place, invoke_url=lambda *_: "http://127.0.0.1:9/prod")
    run = grade.lenient(replace(run, cloud=replace(run.cloud, place=place)))
    keys = {finding.key for finding in grade.look(run, STEPS, STEPS).all_wrong}
    assert "stage.reached" in keys
    assert "stage.deployed" not in keys
