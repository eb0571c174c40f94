"""The laws: what is true of every step, whatever it does."""

from __future__ import annotations

import pytest
from harness import STEPS, World

from hol.words.errors import PrerequisiteError


def test_a_dry_run_writes_nothing(world: World) -> None:
    before = world.listing()
    assert "+" in world.up(dry=True).marks
    assert world.listing() == before
    assert not list(world.home.iterdir())


def test_a_dry_run_tells_what_the_real_run_does(world: World) -> None:
    dry = world.up(dry=True).lines
    assert {line.split(":")[0] for line in dry} == {step.name for step in STEPS}
    assert dry == world.up().lines


def test_a_second_up_changes_nothing(world: World) -> None:
    world.up()
    again = world.up()
    assert again.marks == {"="}
    assert {event.step for event in again.events} == {step.name for step in STEPS}


def test_down_leaves_the_account_as_it_was(world: World) -> None:
    before = world.listing()
    world.up()
    # What only a time limit makes, and what only a class's handout does.
    assert {kind for kind, names in world.listing().items() if names == before[kind]} == {"schedule groups", "users"}
    assert world.check().checks
    assert world.down().marks == {"-"}
    assert world.listing() == before
    assert not list(world.home.iterdir())


def test_a_dry_down_tells_what_the_real_one_does(world: World) -> None:
    world.up()
    dry = world.remaining()
    assert len(dry) > 8
    assert dry == sorted(world.down().lines)
    assert world.remaining() == []


def test_down_on_nothing_is_quiet(world: World) -> None:
    assert world.down().lines == []


def test_one_step_after_the_other_equals_up(world: World, other_world: World) -> None:
    for step in STEPS:
        world.step(step.number)
    other_world.up()
    assert _anonymous(world) == _anonymous(other_world)


def _anonymous(world: World) -> str:
    return str(world.state()).replace(world.account, "ACCOUNT")


def test_several_attendees_share_an_account(world: World) -> None:
    for attendee in ("alice", "bob"):
        world.up(attendee=attendee)
        world.check(attendee=attendee)
    both = world.listing()
    assert world.up(attendee="alice").marks == {"="}
    world.down(attendee="bob")
    assert world.check(attendee="alice").checks
    left = [name for names in world.listing().values() for name in names]
    assert len(left) >= 8
    assert [name for name in left if "alice" not in name] == []
    world.up(attendee="bob")
    assert {kind: len(names) for kind, names in world.listing().items()} == {k: len(v) for k, v in both.items()}


@pytest.mark.parametrize("step", [step for step in STEPS if step.needs], ids=lambda step: step.name)
def test_a_step_out_of_order_names_the_one_to_run_first(world: World, step) -> None:
    with pytest.raises(PrerequisiteError) as raised:
        world.step(step.number)
    assert str(raised.value.fix).removeprefix("run first: hol step ") in {str(number) for number in _before(step.name)}


def _before(name: str) -> set[int]:
    """The numbers of all steps that this one needs, directly or not."""
    needs = next(step.needs for step in STEPS if step.name == name)
    return {step.number for step in STEPS if step.name in needs}.union(*(_before(need) for need in needs))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_both_guide_texts_exist(step, language) -> None:
    assert step.guide(language).read_text(encoding="utf-8").startswith("# ")
