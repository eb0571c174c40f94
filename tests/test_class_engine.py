"""A class by Step Functions on the local AWS: hol really runs in the Lambda function, whoever watches or does not."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import class_room
import killed
from fault_proxy import Proxy
from harness import World

from hol.aws.stepfunctions.executions import arn
from hol.group.engine import package, things
from hol.group.labs import Group

SOME = ("role",)


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
