"""A class by Step Functions on the local AWS: hol really runs in the Lambda function, whoever watches or does not."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import class_room
import killed
import pytest
from fault_proxy import Proxy
from harness import STEPS, World
from sampling import FULL
from terminals import Terminal

from hol.aws import roles
from hol.aws.stepfunctions.executions import Counts, arn, children, described, redrive, start
from hol.config import files
from hol.engine.step import sections
from hol.group.engine import machine, orders, package, things
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.settings import SECTION, Settings


def name(of: Group) -> str:
    return things.names(class_room.engine(of)).engine


def everything(world: World) -> dict[str, list[str]]:
    """The account's listing, with what only the engine makes."""
    machines = world.client("stepfunctions").list_state_machines()["stateMachines"]
    return {**world.listing(), "state machines": [one["name"] for one in machines]}


def executions(world: World, of: Group) -> list[dict[str, Any]]:
    machine_arn = arn(class_room.engine(of), name(of))
    listed = world.client("stepfunctions").list_executions(stateMachineArn=machine_arn)["executions"]
    return [world.client("stepfunctions").describe_execution(executionArn=one["executionArn"]) for one in listed]


def ended(world: World, of: Group, up_to: float = 60) -> dict[str, Any]:
    """The only execution, once it has ended."""
    until = time.monotonic() + up_to
    while True:
        (found,) = executions(world, of)
        if found["status"] != "RUNNING":
            return found
        assert time.monotonic() < until, "it does not end"
        time.sleep(0.1)


def page(url: str) -> str:
    """The page, as a browser would get it: this machine's resolver may not know its name."""
    host = url.partition("//")[2]
    asked = urllib.request.Request(f"http://127.0.0.1:{host.rpartition(':')[2]}/", headers={"Host": host})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return answer.read().decode()


def test_the_labs_are_made_and_deleted_though_the_client_is_gone_after_the_start(faulty: World, front: Proxy) -> None:
    before, of = everything(faulty), class_room.group(faulty, 2)
    start = "states.StartExecution"
    dead = killed.killed_at(front, faulty, "class up by engine", 1, 2, name=start, attendees=2)
    assert dead.killed
    assert ended(faulty, of)["status"] == "SUCCEEDED"
    for number in range(2):
        config = of.settings_of(class_room.named(number))
        assert "BlazingText" in page(faulty.cloud().website_url(config.bucket.name))
    assert faulty.listing()["endpoints"] == ["blazingtext-text-classification-class"]
    dead = killed.killed_at(front, faulty, "class down by engine", 1, 2, name=start, attendees=2)
    assert dead.killed
    assert [one["status"] for one in _until_ended(faulty, of)] == ["SUCCEEDED", "SUCCEEDED"]
    assert faulty.listing()["apis"] == faulty.listing()["endpoints"] == []
    done = class_room.down_by_engine(of)
    assert class_room.failures(done.outcomes) == {}
    assert everything(faulty) == before


def _until_ended(world: World, of: Group) -> list[dict[str, Any]]:
    until = time.monotonic() + 60
    while any(one["status"] == "RUNNING" for one in executions(world, of)):
        assert time.monotonic() < until, "it does not end"
        time.sleep(0.1)
    return executions(world, of)


def test_the_package_is_whole_by_itself_and_always_the_same(world: World, tmp_path: Path) -> None:
    source = class_room.source(class_room.group(world, 1))
    archive = package.package(source)
    assert archive == package.package(source)
    zipped = zipfile.ZipFile(io.BytesIO(archive))
    assert len(archive) < package.LARGEST and sum(one.file_size for one in zipped.infolist()) < 250 * 1024 * 1024
    assert [one for one in zipped.namelist() if one.endswith((".so", ".pyd", ".pyc"))] == []
    zipped.extractall(tmp_path)
    module = package.HANDLER.rpartition(".")[0]
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {module} as m; m._project(); print(m.__file__)"
    # Without the site packages: what is not in the package is not there.
    ran = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", script], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.strip(), ran.stderr) == (str(tmp_path / f"{module.replace('.', '/')}.py"), "")


def test_what_a_project_has_of_its_own_goes_along(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<h1>own</h1>")
    (tmp_path / "secret.txt").write_text("nobody's business")
    (tmp_path / "config.yaml").write_text("site:\n  pages: pages\nfunction:\n  timeout: 20\n")
    folder = files.locate(str(tmp_path))
    config = files.load(folder, [], {**sections(STEPS), SECTION: Settings})
    archive = package.package(package.Source(folder, ["function.memory=512"], config))
    zipped = zipfile.ZipFile(io.BytesIO(archive))
    own = {one for one in zipped.namelist() if one.startswith("project/")}
    assert own == {"project/config.yaml", "project/overrides.json", "project/pages/index.html"}
    zipped.extractall(tmp_path / "unpacked")
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'unpacked')!r}); from hol.group.engine import function; "
        "folder, steps, config = function._project(); "
        "print(config.function.timeout, config.function.memory, (folder.home / 'pages/index.html').read_text(), len(steps))"
    )
    ran = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", script], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.strip(), ran.stderr) == (f"20 512 <h1>own</h1> {len(STEPS)}", "")


def _buckets(world: World, of: Group, make: bool) -> None:
    """Somebody else's buckets have the attendees' names, or no longer."""
    for one in of.attendees:
        bucket = of.settings_of(one).bucket.name
        s3 = world.client("s3")
        s3.create_bucket(Bucket=bucket) if make else s3.delete_bucket(Bucket=bucket)


def _children(of: Group, execution: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = children(class_room.engine(of), execution["executionArn"])
    return {one["input"]["attendee"]["id"]: one for one in found}


def test_what_failed_is_redriven_and_what_was_done_is_not_done_again(world: World) -> None:
    before, of = everything(world), class_room.group(world, 2)
    _buckets(world, of, make=True)
    made = class_room.up_by_engine(of)
    assert {id_ for id_, one in made.items() if one.failed} == {"a0", "a1"}
    assert of.settings_of(class_room.named(0)).bucket.name in str(made["a0"].errors[0].what)
    (failed,) = executions(world, of)
    assert (failed["status"], failed["error"]) == ("FAILED", "States.ExceedToleratedFailureThreshold")
    first = _children(of, failed)
    _buckets(world, of, make=False)
    made = class_room.up_by_engine(of)
    assert class_room.failures(made.values()) == {}
    (redriven,) = executions(world, of)
    assert (redriven["executionArn"], redriven["redriveCount"]) == (failed["executionArn"], 1)
    again = _children(of, redriven)
    assert [again["class"][key] == first["class"][key] for key in ("executionArn", "stopDate")] == [True, True]
    assert [(one["a0"]["executionArn"], one["a0"]["status"]) for one in (first, again)] == [
        (first["a0"]["executionArn"], "FAILED"),
        (first["a0"]["executionArn"], "SUCCEEDED"),
    ]
    again_made = class_room.up_by_engine(of)
    assert [one.changed for one in again_made.values()] == [0, 0, 0]
    # Without the engine, `hol class down` finds it by the class's tag.
    assert class_room.failures(class_room.down(of).outcomes) == {}
    assert everything(world) == before


def test_what_runs_is_watched_and_not_begun_again(world: World) -> None:
    before, of = everything(world), class_room.group(world, 1)

    def gone(counts: Counts) -> None:
        raise class_room.ClientGone

    with pytest.raises(class_room.ClientGone):
        class_room.up_by_engine(of, gone)
    seen = list[Counts]()
    made = class_room.up_by_engine(of, seen.append)
    assert class_room.failures(made.values()) == {}
    assert [one["status"] for one in executions(world, of)] == ["SUCCEEDED"]
    assert seen[-1] == Counts(2, 0, 2, 0)
    would_go = [event.what for one in orders.taken_away(of, dry=True) for event in one.still]
    assert len(would_go) == 9, would_go  # six things, two inline policies, the roster
    assert class_room.failures(class_room.down_by_engine(of).outcomes) == {}
    assert everything(world) == before


def test_a_call_that_runs_out_of_time_is_unfinished_and_the_next_goes_on(world: World) -> None:
    before, of = everything(world), class_room.group(world, 1)
    lab, functions = class_room.engine(of), world.client("lambda")
    things.ensure(of, lab, class_room.source(of))
    given = orders._input(of, lab, orders.Order("up", of.attendees, "en"))
    event = {**given, "execution": "none", "attendee": {"id": "a0", "account": "", "bounded": ""}}

    def call(seconds: int) -> tuple[str, dict[str, Any]]:
        functions.update_function_configuration(FunctionName=name(of), Timeout=seconds)
        functions.get_waiter("function_updated_v2").wait(FunctionName=name(of))
        answer = functions.invoke(FunctionName=name(of), Payload=json.dumps(event))
        return answer.get("FunctionError", ""), json.loads(answer["Payload"].read())

    failed, said = call(60)  # less than is spared: it ends itself as soon as it has begun
    assert (failed, said["errorType"]) == ("Unhandled", "Unfinished")
    failed, said = call(machine.SECONDS)
    assert failed == "" and 0 < said["changed"] <= 70
    assert len(world.listing()["apis"]) == 1
    assert class_room.failures(class_room.down(of).outcomes) == {}
    assert everything(world) == before


def test_the_state_machine_may_do_no_more_than_it_needs(world: World) -> None:
    before, of = everything(world), class_room.group(world, 1)
    lab, own = class_room.engine(of), name(of)
    things.ensure(of, lab, class_room.source(of))
    given = orders._input(of, lab, orders.Order("down", of.attendees, "en"))
    roster = orders._roster(of, of.attendees)
    world.client("s3").put_object(Bucket=own, Key=given["roster"], Body=roster, Metadata={"hol-lab": lab.owner})
    document = machine.may_hand_out(lab, own)

    def without(sid: str) -> None:
        left = {**document, "Statement": [one for one in document["Statement"] if one["Sid"] != sid]}
        role, policy = things.names(lab).handing_out, roles.HANDING_OUT
        world.client("iam").put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(left))

    def ended(one: str) -> str:
        until = time.monotonic() + 60
        while (found := described(lab, one))["status"] == "RUNNING":
            assert time.monotonic() < until
            time.sleep(0.05)
        return str(found.get("error"))

    without("ReadTheRoster")
    assert ended(start(lab, own, "one", given)) == "States.ItemReaderFailed"
    without("StartTheLabs")
    assert ended(start(lab, own, "two", given)) == "States.Permissions"
    without("InvokeTheFunction")
    its_arn = start(lab, own, "three", {**given, "tolerated": 0})
    assert ended(its_arn) == "States.ExceedToleratedFailureThreshold"
    without("KeepTheLabs")
    redrive(lab, described(lab, its_arn))
    assert ended(its_arn) == "States.Permissions"
    without("")
    redrive(lab, described(lab, its_arn))
    assert ended(its_arn) == "None"
    assert class_room.failures(class_room.down(of).outcomes) == {}
    assert everything(world) == before


def test_an_account_of_its_own_is_worked_in_by_its_role(world: World, other_world: World) -> None:
    trusted = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{world.account}:root"},
        "Action": "sts:AssumeRole",
    }
    rights = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam, role = other_world.client("iam"), "OrganizationAccountAccessRole"
    iam.create_role(
        RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=document)
    before = everything(world), everything(other_world)
    of = class_room.group(world, [Attendee("a0", "a0", account=other_world.account)])
    made = class_room.up_by_engine(of)
    assert class_room.failures(made.values()) == {}
    assert (len(other_world.listing()["apis"]), len(world.listing()["apis"])) == (1, 0)
    assert class_room.failures(class_room.down_by_engine(of).outcomes) == {}
    assert (everything(world), everything(other_world)) == before


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(20 if FULL else 1))
def test_killed_at_a_random_moment_and_run_again_it_converges(faulty: World, front: Proxy, seed: int) -> None:
    chance = random.Random(seed)
    before = everything(faulty)
    for verb, calls in (("class up by engine", 60), ("class down by engine", 60)):
        number, phase = chance.randrange(1, calls), chance.randrange(3)
        dead = killed.killed_at(front, faulty, verb, number, phase, attendees=1)
        print(verb, dead)
        of = class_room.group(faulty, 1)
        if verb == "class up by engine":
            assert class_room.failures(class_room.up_by_engine(of).values()) == {}
    assert class_room.failures(class_room.down_by_engine(class_room.group(faulty, 1)).outcomes) == {}
    assert everything(faulty) == before


@pytest.mark.long
@pytest.mark.timeout(600)
def test_down_stops_an_up_that_runs_and_leaves_nothing(world: World) -> None:
    before, of = everything(world), class_room.group(world, 6)

    def gone(counts: Counts) -> None:
        if counts.running:
            raise class_room.ClientGone

    with pytest.raises(class_room.ClientGone):
        class_room.up_by_engine(of, gone)
    assert class_room.failures(class_room.down_by_engine(of).outcomes) == {}
    assert everything(world) == before
    time.sleep(10)  # whatever had begun would have made something by now
    assert everything(world) == before


def _patiently(terminal: Terminal, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, however busy this machine is."""
    with terminal.start(*arguments) as running:
        out, err = running.communicate(timeout=600)
    return subprocess.CompletedProcess(arguments, running.returncode, out, err)


@pytest.mark.timeout(900)
def test_by_commands(terminal: Terminal) -> None:
    (terminal.home / "class.csv").write_text("name\n김민수\n")
    engine = ("class.csv", "--engine", "step-functions", "--yes")
    made = _patiently(terminal, "class", "up", *engine, "--lang", "ko")
    assert (made.returncode, "실습 2개" in made.stderr, "s3-website" in made.stdout) == (0, True, True), made.stderr
    assert "hol-engine" not in terminal.hol("class", "down", *engine, "--dry-run").stderr
    gone = _patiently(terminal, "class", "down", *engine, "--json")
    assert gone.returncode == 0, gone.stderr
    told = [json.loads(line) for line in gone.stdout.splitlines()]
    (whole,) = (one for one in told if one["type"] == "class")
    assert (whole["left"], whole["attendees"]) == (0, 2)
    assert terminal.hol("class", "down", *engine).returncode == 0  # there is no local AWS any more


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_thirty_labs_by_commands_that_are_killed_after_the_start(terminal: Terminal) -> None:
    (terminal.home / "class.csv").write_text("name\n" + "".join(f"a{number}\n" for number in range(30)))
    assert terminal.hol("local", "start").returncode == 0
    world = World(terminal.port, "000000000000", terminal.home)
    world.client("s3").create_bucket(Bucket="somebody-elses")  # what is not empty does not stop
    before = everything(world)
    began = time.monotonic()
    _killed_after_the_start(terminal, world, "up", 1)
    assert [one["status"] for one in _all_ended(world, 1)] == ["SUCCEEDED"]
    print("up", time.monotonic() - began)
    urls = [
        world.cloud().website_url(f"text-classification-webservice-a{one}-{world.account}-hol") for one in range(30)
    ]
    assert sum("BlazingText" in page(url) for url in urls) == 30
    began = time.monotonic()
    _killed_after_the_start(terminal, world, "down", 2)
    assert [one["status"] for one in _all_ended(world, 2)] == ["SUCCEEDED", "SUCCEEDED"]
    print("down", time.monotonic() - began)
    assert world.listing()["apis"] == world.listing()["endpoints"] == []
    last = _patiently(terminal, "class", "down", "class.csv", "--yes")
    assert last.returncode == 0, last.stdout + last.stderr
    print(last.stdout)
    assert everything(world) == before


def _started(world: World) -> list[dict[str, Any]]:
    client = world.client("stepfunctions")
    machines = client.list_state_machines()["stateMachines"]
    return [
        one for it in machines for one in client.list_executions(stateMachineArn=it["stateMachineArn"])["executions"]
    ]


def _killed_after_the_start(terminal: Terminal, world: World, verb: str, number: int) -> None:
    with terminal.start("class", verb, "class.csv", "--engine", "step-functions", "--yes") as client:
        until = time.monotonic() + 300
        while len(_started(world)) < number:
            assert time.monotonic() < until and client.poll() is None, client.communicate()
            time.sleep(0.05)
        os.kill(client.pid, signal.SIGKILL)


def _all_ended(world: World, number: int) -> list[dict[str, Any]]:
    until = time.monotonic() + 900
    while any(one["status"] == "RUNNING" for one in _started(world)):
        assert time.monotonic() < until, "it does not end"
        time.sleep(0.5)
    assert len(_started(world)) == number
    return _started(world)
