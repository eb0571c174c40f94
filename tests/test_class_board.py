"""The board of a class: how everybody stands, who asks for help, and at what pace it is looked at."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace

import class_room
import pytest
from fault_proxy import Proxy
from harness import STEPS, World

from hol.cloud.clock import JumpingClock
from hol.cloud.quotas import for_looking
from hol.engine import runner
from hol.group import calls_for_help
from hol.group.board import Board
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.rounds import Rounds
from hol.group.spending import spent
from hol.serve.helping import Helping
from hol.serve.lesson import Lesson
from hol.serve.stream import Stream
from hol.serve.wire import Refused, Request


def up_to(group: Group, attendee: Attendee, last: int) -> None:
    """What `hol step 0` … `hol step LAST` of that attendee make."""
    runner.up(group.run(attendee, lambda said: None), [step for step in group.each if step.number <= last])


def looked_at(group: Group) -> Board:
    board = Board(group)
    board.look_at_accounts()
    board.look_for_calls()
    for one in group.attendees:
        board.look(one)
    return board


def at(board: Board) -> dict[str, int | None]:
    return {one.attendee.id: one.at and one.at.number for one in board.standings.values()}


def fails(board: Board) -> dict[str, str]:
    return {one.attendee.id: f"{one.fails.number} {one.why}" for one in board.standings.values() if one.fails}


def break_cors(world: World, name: str) -> None:
    gateway = world.client("apigateway")
    api = next(one["id"] for one in gateway.get_rest_apis(limit=500)["items"] if one["name"] == name)
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    gateway.delete_method(restApiId=api, resourceId=root, httpMethod="OPTIONS")


def test_who_is_at_which_step_whose_check_fails_and_what_it_costs(world: World, new_world) -> None:
    group = class_room.group(world, 5)
    runner.up(group.run(group.everybody(""), lambda said: None), group.common)
    for attendee, last in zip(group.attendees, (2, 4, 6, 10), strict=False):
        up_to(group, attendee, last)
    before = world.listing()
    # The instructor's machine has none of the attendees' folders.
    board = looked_at(replace(group, home=new_world().home, accounts={}))
    assert at(board) == {"a0": 3, "a1": 5, "a2": 7, "a3": None, "a4": 1}
    assert fails(board) == {}
    break_cors(world, group.settings_of(group.attendees[3]).api.name)
    board = looked_at(group)
    assert at(board)["a3"] == 5
    assert "OPTIONS" in fails(board)["a3"]
    known = spent(board)
    assert known.hourly == 0.115
    assert known.dollars is not None and 0 < known.dollars < 0.1
    assert known.seconds_left is not None and 0 < 4 * 3600 - known.seconds_left < 300
    assert world.listing() == before  # looking has changed nothing


def test_an_account_out_of_reach_is_said_and_keeps_nobody_waiting(world: World) -> None:
    far = Attendee("far", "far", account="000000000000")
    group = class_room.group(world, [class_room.named(0), far])
    near, gone = group.connect, replace(world, endpoint="http://127.0.0.1:9")
    board = looked_at(replace(group, connect=lambda number: gone.cloud() if number else near("")))
    assert at(board)["a0"] == 0
    assert board.standings[far.place].error is not None
    assert not board.standings[far.place].done


def test_a_look_at_one_of_many_asks_api_gateway_for_his_own_api_only(faulty: World, front: Proxy) -> None:
    group = class_room.group(faulty, 3)
    up_to(group, group.attendees[0], 6)
    board = Board(group)
    front.seen.clear()
    board.look_at_accounts()
    assert [name for name in front.seen if name.startswith("apigateway.")] == ["apigateway.GetRestApis"]
    front.seen.clear()
    for one in group.attendees:
        board.look(one)
    assert sorted(name for name in front.seen if name.startswith("apigateway")) == [
        "apigateway.GetResources",
        "apigateway.GetStage",
    ]


def test_whoever_looks_takes_two_calls_a_second_of_the_ten() -> None:
    clock, quotas = JumpingClock(at=0.0), for_looking()
    for _ in range(200):
        quotas.wait("apigateway.get_stage", clock, threading.Event())
    assert 200 / 2 - 1 <= clock.at <= 200 / 2
    quotas.wait("iam.get_role", clock, threading.Event())
    assert clock.at <= 100


def test_help_is_a_tag_of_ones_own_and_goes_with_the_lab(world: World) -> None:
    before = world.listing()
    group = class_room.group(world, 3)
    first, second = group.attendees[:2]
    board = looked_at(group)
    run = group.run(first, lambda said: None)
    calls_for_help.ask(run, STEPS, 1)  # before there is anything of his
    up_to(group, second, 3)
    calls_for_help.ask(group.run(second, lambda said: None), STEPS, 4)
    assert board.look_for_calls() == [first.place, second.place]
    asked = {one.attendee.id: one.asked.step for one in board.standings.values() if one.asked}
    assert asked == {"a0": 1, "a1": 4}
    assert abs(board.standings[first.place].asked.since.timestamp() - time.time()) < 60
    assert calls_for_help.mine(run, STEPS).step == 1
    up_to(group, first, 3)  # the step takes what bears the sign for its own, and leaves the sign
    assert board.look_for_calls() == []
    calls_for_help.no_longer(run, STEPS)
    assert calls_for_help.mine(run, STEPS) is None
    assert board.look_for_calls() == [first.place]
    ended = class_room.down(class_room.group(world, 3))
    assert class_room.failures(ended.outcomes) == {}
    assert world.listing() == before
    assert board.look_for_calls() == [second.place]


def test_what_lambda_made_bears_the_sign_too_and_stays_whose_it_was(world: World) -> None:
    group = class_room.group(world, 2)
    run = group.run(group.attendees[0], lambda said: None)
    name = f"/aws/lambda/{run.config.function.name}"
    world.client("logs").create_log_group(logGroupName=name)
    calls_for_help.ask(run, STEPS, 6)
    board = looked_at(group)
    assert board.standings["a0", ""].asked.step == 6
    assert class_room.failures(class_room.down(group).outcomes) == {}
    assert [one["logGroupName"] for one in world.client("logs").describe_log_groups()["logGroups"]] == [name]


def answer(answers, named: str, **query: str) -> dict[str, object]:
    method, path = named.split()
    return json.loads(answers[named](Request(method, path, query, {})).body)


def test_the_button_is_for_who_is_in_a_class_and_writes_in_an_account_too(world: World) -> None:
    def answers(**settings: str):
        run = world.run(dry=True, **settings)  # as the guide of an AWS account runs
        return Helping(Lesson(run, STEPS, Stream(), practice=False)).answers()

    alone, mine = answers(), answers(attendee="a0")
    before = world.listing()
    assert answer(alone, "GET /api/help") == {"class": False, "step": None}
    for path in ("POST /api/help", "POST /api/help/over"):
        with pytest.raises(Refused) as refused:
            answer(alone, path, step="1")
        assert refused.value.status == 404
    assert world.listing() == before
    with pytest.raises(Refused):
        answer(mine, "POST /api/help", step="99")
    assert answer(mine, "POST /api/help", step="4") == {"class": True, "step": 4}
    assert answer(answers(attendee="a0"), "GET /api/help") == {"class": True, "step": 4}
    assert answer(mine, "POST /api/help/over") == {"class": True, "step": None}
    world.up([one for one in STEPS if one.number < 3], attendee="a0")
    assert answer(answers(attendee="a0"), "POST /api/help") == {"class": True, "step": 3}


def test_who_asks_is_told_also_when_the_labs_are_listed_at_that_moment(world: World) -> None:
    group = class_room.group(world, 2)
    heard: list[str] = []
    rounds = Rounds(Board(group), lambda one: heard.append(f"{one.attendee.id} {one.asked and one.asked.step}"))
    rounds.ask()
    calls_for_help.ask(group.run(group.attendees[1], lambda said: None), STEPS, 2)
    rounds.next_list = float("-inf")
    rounds.ask()
    assert heard == ["a1 2"]


def test_whoever_is_touched_comes_first_and_once_more_when_it_is_done(world: World) -> None:
    group, clock = class_room.group(world, 3), JumpingClock(at=0.0)
    told = iter([[], ["PUT /2015-03-31/functions/myTextClassificationInference-a2/code"], [], None])
    looked: list[str] = []
    rounds = Rounds(Board(replace(group, clock=clock)), lambda one: looked.append(one.attendee.id), lambda: next(told))
    rounds.ask()
    while rounds.look():
        pass
    clock.at += 2
    rounds.ask()
    while rounds.look():
        pass
    clock.at += 2
    rounds.ask()
    while rounds.look():
        pass
    assert looked == ["a0", "a1", "a2", "a2", "a2"]
    clock.at += 2
    rounds.ask()  # too much was touched to be said: everybody
    while rounds.look():
        pass
    assert looked[5:] == ["a0", "a1", "a2"]


def test_of_whoever_is_touched_only_what_may_have_changed_is_read_again(faulty: World, front: Proxy) -> None:
    group = class_room.group(faulty, 1)
    (one,) = group.attendees
    runner.up(group.run(group.everybody(""), lambda said: None), group.common)
    up_to(group, one, 10)
    board = looked_at(group)
    settings = group.settings_of(one)
    bucket, function = settings.bucket.name, settings.function.name
    faulty.client("s3").put_object_acl(Bucket=bucket, Key="index.html", ACL="private")

    def state(step: str) -> str:
        return board.standings[one.place].states[step]

    assert (state("public"), state("function")) == ("right", "right")

    def services() -> set[str]:
        return {name.partition(".")[0] for name in front.seen if name != "s3.GetObject"}  # Lambda's link to the code

    def looked(text: str | None) -> set[str]:
        assert board.touched([text]) == {one.place: None}
        front.seen.clear()
        board.look(one, ahead=True)
        return services()

    assert looked(f"PUT /2015-03-31/functions/{function}/code") == {"lambda"}
    assert looked(f"POST / Action=DetachRolePolicy&RoleName={settings.role.name}") == {"iam"}
    root = f"/restapis/{board.common[''].apis[0]['id']}"
    assert looked(f"PUT {root}/resources/x/methods/POST/responses/200") == {"apigateway"}
    assert [name for name in front.seen if name.startswith("apigateway")] == ["apigateway.GetResources"]
    assert looked(f"PATCH {root}/stages/prod /resources") == {"apigateway"}
    assert [name for name in front.seen if name.startswith("apigateway")] == ["apigateway.GetStage"]
    assert state("public") == "right"  # nobody has said that the bucket was touched
    assert looked(f"PUT {bucket}") == {"s3"}
    assert state("public") != "right"
    faulty.client("lambda").update_function_configuration(FunctionName=function, Timeout=3)
    assert looked(None) >= {"s3", "lambda"}  # who knows what was touched
    assert state("function") == "wrong"
    front.seen.clear()
    board.look(one)  # in his turn: anew
    assert services() >= {"s3", "lambda", "iam"}
