"""A class on the local AWS: everybody's lab, whoever's breaks, whenever hol is killed, and nothing left of it."""

from __future__ import annotations

import csv
import json
import random
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import class_room
import killed
import pytest
from fault_proxy import Proxy
from harness import STEPS, World
from local_lab import TRUST
from sampling import FULL
from terminals import Terminal

from hol.aws import roles
from hol.cloud.session import Cloud
from hol.engine.ownership import CLASS, OWNER, REGION
from hol.group import grades, teardown, work
from hol.group.labs import Group
from hol.group.plan import plan
from hol.group.roster import Attendee
from hol.words.errors import PermissionDenied
from hol.words.text import Text

SOME = ("endpoint", "role", "policy", "function")


def page(outcome) -> str:
    """The page, as a browser would get it: this machine's resolver may not know its name."""
    url = outcome.outputs["website_url"]
    host = url.partition("//")[2]
    port = host.rpartition(":")[2]
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"Host": host})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return answer.read().decode()


def names(world: World) -> set[str]:
    return {name for kind in world.listing().values() for name in kind}


def test_everybody_has_a_lab_and_all_share_one_endpoint(world: World) -> None:
    before = world.listing()
    made = class_room.up(class_room.group(world, 2))
    assert {id_: one.failed for id_, one in made.items()} == {"class": False, "a0": False, "a1": False}
    there = world.listing()
    assert there["endpoints"] == ["blazingtext-text-classification-class"]
    assert len(there["apis"]) == 2
    assert all("BlazingText" in page(made[f"a{number}"]) for number in range(2))
    again = class_room.up(class_room.group(world, 2))
    assert sum(one.changed for one in again.values()) == 0
    _break_cors(world, class_room.group(world, 2).settings_of(class_room.named(1)).api.name)
    graded = grades.grades(class_room.group(world, 2), lambda outcome: None)
    assert [len(one.right) for one in graded] == [11, 10], grades.table(graded, STEPS, "en")
    head, *rows = csv.reader(grades.table(graded, STEPS, "en").splitlines())
    assert [dict(zip(head, row, strict=True))["5"] for row in rows] == ["1", "0"]
    assert dict(zip(head, rows[1], strict=True))["next"] == "5"
    assert "OPTIONS" in dict(zip(head, rows[1], strict=True))["why"]
    named = class_room.group(world, 2).settings_of(class_room.named(1)).function.name
    world.client("lambda").delete_function(FunctionName=named)
    (_, second) = grades.grades(class_room.group(world, 2), lambda outcome: None)
    assert second.next and second.next.number == 3
    assert "-a0" not in str(second.why)  # the other's has nearly that name, and is not what he meant
    ended = class_room.down(class_room.group(world, 2))
    assert class_room.failures(ended.outcomes) == {}
    assert world.listing() == before


def _break_cors(world: World, name: str) -> None:
    gateway = world.client("apigateway")
    api = next(one["id"] for one in gateway.get_rest_apis()["items"] if one["name"] == name)
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.delete_method(restApiId=api, resourceId=root, httpMethod="OPTIONS")


def test_no_cell_is_a_formula() -> None:
    found = grades.Grade(Attendee("a", "=cmd|' /C calc'!A0", "+1"), ())
    row = next(csv.reader(grades.table([found], STEPS, "en").splitlines()[1:]))
    assert row[1:3] == ["'=cmd|' /C calc'!A0", "'+1"]


def test_one_is_broken_by_a_namesake_and_the_others_have_their_labs(world: World) -> None:
    config = class_room.group(world, 2).settings_of(class_room.named(1))
    world.client("s3").create_bucket(Bucket=config.bucket.name)
    before = world.listing()
    made = class_room.up(class_room.group(world, 2))
    assert [id_ for id_, one in made.items() if one.failed] == ["a1"]
    assert config.bucket.name in str(made["a1"].errors[0].what)
    assert "BlazingText" in page(made["a0"])
    ended = class_room.down(class_room.group(world, 2))
    assert [one.attendee.id for one in ended.outcomes if one.failed] == ["a1"]
    assert world.listing() == before


def test_all_of_the_class_goes_and_nothing_else(world: World, other_world: World) -> None:
    _only_roles(world, "zoe")
    class_room.up(class_room.group(world, [Attendee("b0", "b0")], only=("role",), class__name="other"))
    before = world.listing(), other_world.listing()
    far = Attendee("a1", "a1", account=other_world.account)
    made = class_room.up(class_room.group(world, [class_room.named(0), far], only=SOME))
    assert class_room.failures(made.values()) == {}
    assert len(other_world.listing()["functions"]) == len(other_world.listing()["endpoints"]) == 1
    # a0 makes an endpoint of his own, and a role, which no listing by tag names, is all that there is of a7.
    world.step(0, attendee="a0")
    assert len(world.listing()["endpoints"]) == 2
    _only_roles(world, "a7", **{CLASS: "class"})
    here = class_room.group(world, [class_room.named(9), far], only=SOME)
    assert [one.id for one in teardown.plan(here)[1]] == ["a0", "a7"]
    ended = class_room.down(here)
    assert sorted(one.id for one in ended.unlisted) == ["a0", "a7"]
    assert class_room.failures(ended.outcomes) == {}
    assert (world.listing(), other_world.listing()) == before


@pytest.mark.parametrize("of_class", ["other", ""], ids=["of another class", "of no class"])
def test_a_lab_that_is_not_of_the_class_is_left_and_named(world: World, of_class: str) -> None:
    if of_class:
        class_room.up(class_room.group(world, 1, only=("role",), class__name=of_class))
    else:
        world.step(1, attendee="a0")
    before = world.listing()
    evening = class_room.group(world, 1, only=("role",), class__name="evening")
    assert [id_ for id_, one in class_room.failures(class_room.down(evening).outcomes).items()] == ["a0"]
    assert world.listing() == before
    made = class_room.up(class_room.group(world, 2, only=("role",)))
    assert [id_ for id_, one in made.items() if one.failed] == ["a0"]
    error = made["a0"].errors[0]
    assert (str(error.what), of_class in str(error.why)) == (
        "there is a lab of the attendee a0 already, and it is not of this class",
        True,
    )
    assert made["a1"].changed
    here = class_room.group(world, 2, only=("role",))
    looked = teardown.remaining(here, *teardown.plan(here))
    assert {one.attendee.id for one in looked if one.failed and one.errors} == {"a0"}
    assert {one.attendee.id for one in looked if one.still} == {"a1"}
    ended = class_room.down(class_room.group(world, 2, only=("role",)))
    assert [one.attendee.id for one in ended.outcomes if one.failed] == ["a0"]
    assert world.listing() == before


def test_an_account_that_cannot_be_reached_keeps_nobody_else_waiting(world: World) -> None:
    before = world.listing()
    near, far = class_room.named(0), Attendee("a1", "a1", account="999999999999")

    def reach(of: Group) -> Group:
        known = of.connect

        def connect(number: str) -> Cloud:
            if number:
                raise PermissionDenied(Text("no such role"))
            return known(number)

        return replace(of, connect=connect)

    assert "no such role" in [
        str(one.what).partition(": ")[2]
        for one in plan(reach(class_room.group(world, [near, far], only=SOME))).findings
    ]
    made = work.up(reach(class_room.group(world, [near, far], only=SOME)), lambda outcome: None)
    failed = {(one.attendee.id, one.attendee.account) for one in made if one.failed}
    assert failed == {("class", far.account), ("a1", far.account)}
    ended = class_room.down(reach(class_room.group(world, [near, far], only=SOME)))
    assert {(one.attendee.id, one.attendee.account) for one in ended.outcomes if one.failed} == failed
    assert [str(one) for one in ended.unseen] == ["no such role"]
    assert world.listing() == before


def _only_roles(world: World, owner: str, **tags: str) -> None:
    known = {OWNER: f"text-classification/{owner}", REGION: "us-east-1", **tags}
    world.client("iam").create_role(
        RoleName=f"{owner}-role",
        AssumeRolePolicyDocument=json.dumps(TRUST),
        Description=next(iter(roles.DESCRIPTIONS)),
        Tags=[{"Key": key, "Value": value} for key, value in known.items()],
    )


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(50 if FULL else 1))
def test_killed_at_a_random_moment_and_run_again_it_converges(faulty: World, front: Proxy, seed: int) -> None:
    chance = random.Random(seed)
    before = faulty.listing()
    for verb, calls in (("class up", 115), ("class down", 110)):
        dead = killed.killed_at(front, faulty, verb, chance.randrange(1, calls), chance.randrange(3), attendees=1)
        print(verb, dead)
        if verb == "class up":
            assert class_room.failures(class_room.up(class_room.group(faulty, 1)).values()) == {}
            again = class_room.up(class_room.group(faulty, 1))
            assert sum(one.changed for one in again.values()) == 0
    ended = class_room.down(class_room.group(faulty, 1))
    assert class_room.failures(ended.outcomes) == {}
    assert faulty.listing() == before


@pytest.mark.skipif(not FULL, reason="a minute of work: HOL_FULL=1")
@pytest.mark.timeout(600)
def test_thirty_labs_take_less_than_twenty_times_as_long_as_one(
    new_world: Callable[..., World], record_property
) -> None:
    one, many = new_world(), new_world()
    class_room.down(class_room.group(one, 1))  # what is read once a process has been read
    began = time.monotonic()
    class_room.up(class_room.group(one, 1))
    alone = time.monotonic() - began
    began = time.monotonic()
    made = class_room.up(class_room.group(many, 30))
    took = time.monotonic() - began
    pages = sum("BlazingText" in page(made[f"a{number}"]) for number in range(30))
    said = f"30 attendees up on the real clock: {took:.1f} s, one: {alone:.1f} s, ratio {took / alone:.1f}; {pages} pages answer"
    record_property("counted", said)
    print(said)
    assert pages == 30
    assert took <= 20 * alone


def test_the_verbs(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("name,email\n김민수,\n", encoding="cp949")
    planned = terminal.hol("class", "plan", "r.csv", "--set", "local.quotas=true")
    assert planned.returncode == 0
    assert "attendees: 1; accounts: 1" in planned.stdout
    assert "CreateDeployment: 1 in 5 s" in planned.stdout
    made = terminal.hol("class", "up", "r.csv", "--json")
    assert made.returncode == 0, made.stderr
    said = [json.loads(line) for line in made.stdout.splitlines()]
    assert [one["name"] for one in said if one["type"] == "attendee"] == ["김민수"]
    planned = terminal.hol("class", "down", "r.csv", "--dry-run", "--json")
    assert planned.returncode == 0
    said = [json.loads(line) for line in planned.stdout.splitlines()]
    assert [(one["id"] == "class", one["things"] > 5) for one in said if one["type"] == "attendee"] == [
        (True, True),
        (False, True),
    ]
    roster = (tmp_path / "r.csv").read_bytes()
    refused = terminal.hol("class", "check", "r.csv", "--output", "r.csv")
    assert (refused.returncode, (tmp_path / "r.csv").read_bytes()) == (2, roster), refused.stderr
    refused = terminal.hol("class", "down", "r.csv")
    assert refused.returncode == 2
    ended = terminal.hol("class", "down", "r.csv", "--yes")
    assert ended.returncode == 0, ended.stderr
    assert "nothing left behind in 000000000000 (us-east-1)" in ended.stdout
    assert ended.stderr.index("bills by the hour") >= 0
    assert not list(tmp_path.glob("site-*"))
