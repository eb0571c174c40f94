"""The printed commands and the printed Python: run alone, they make the lab that `hol up` makes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from harness import STEPS, World

from hol.cloud.actions import Call
from hol.engine.events import Event
from hol.engine.lab import Lab
from hol.engine.run import blank
from hol.teach import awscli, console, guide, python, views
from hol.words.text import t

PYTHON_BIN = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def in_the_folder(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are printed as they are seen from the lab's folder."""
    monkeypatch.chdir(world.home)


def printed(world: World, language: str, number: int) -> list[str]:
    """What `hol step N --cli` or `--boto3` prints."""
    run, step = world.run(dry=True), STEPS[number]
    events = views.changes(run, STEPS, step)
    return (awscli if language == "cli" else python).script(Lab(run, step.name), events)


def environment(world: World) -> dict[str, str]:
    """Nothing of this machine's AWS settings, and the world's account."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **own,
        "PATH": f"{PYTHON_BIN}{os.pathsep}{own['PATH']}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{world.port}",
        "AWS_ACCESS_KEY_ID": world.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def follow(world: World, command: list[str], text: str) -> None:
    done = subprocess.run(
        command, input=text, cwd=world.home, env=environment(world), capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, f"{done.stderr[-1500:]}\n{text[-1500:]}"


def anonymous(world: World) -> str:
    return str(world.state()).replace(world.account, "ACCOUNT")


@pytest.mark.timeout(900)
def test_the_printed_clean_up_leaves_the_account_as_it_was(world: World) -> None:
    """The guide's last chapter: its commands delete all that `hol up` makes, on this machine too."""
    before = world.listing()
    world.up()
    run = world.run(dry=True)
    known = guide.values(run.config, run.cloud, views.api_id(run))
    _, commands = guide.cleanup(Lab(run, ""), "en", known)
    follow(world, ["bash", "-eu"], "\n".join(commands))
    assert world.listing() == before
    assert world.remaining() == []


def test_the_printed_clean_up_spares_an_endpoint_of_somebody_else(world: World) -> None:
    run = world.run(dry=True, endpoint__create="false")
    _, commands = guide.cleanup(Lab(run, ""), "en", guide.values(run.config, run.cloud, None))
    assert [line for line in commands if "aws lambda delete-function" in line]
    assert [line for line in commands if "aws sagemaker" in line or run.config.endpoint.role in line] == []


@pytest.mark.timeout(900)
def test_the_printed_aws_commands_alone_make_the_lab(world: World, other_world: World) -> None:
    scripts = ["\n".join(printed(world, "cli", step.number)) for step in STEPS]  # before anything is there
    for script in scripts:
        follow(world, ["bash", "-eu", "-o", "pipefail", "-s"], script)
    other_world.up()
    assert anonymous(world) == anonymous(other_world)
    world.check()


def test_the_printed_python_alone_makes_the_lab(world: World, other_world: World) -> None:
    for step in STEPS:  # each printed after the one before was run, so that ids are known
        follow(world, [sys.executable, "-"], "\n".join(printed(world, "boto3", step.number)))
    other_world.up()
    assert anonymous(world) == anonymous(other_world)
    world.check()


def test_with_everything_in_place_the_commands_from_nothing_are_printed(world: World) -> None:
    before = printed(world, "cli", 1)
    world.step(1)
    assert printed(world, "cli", 1) == before


def test_a_difference_prints_its_own_command(world: World) -> None:
    world.up([step for step in STEPS if step.number <= 3])
    world.client("lambda").update_function_configuration(FunctionName="myTextClassificationInference", Timeout=3)
    commands = printed(world, "cli", 3)
    assert commands[0].startswith("aws lambda update-function-configuration")
    assert "--timeout 10" in commands[0]
    assert commands[1].startswith("aws lambda wait function-updated-v2")


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ({"RoleName": "it's"}, """--role-name 'it'"'"'s'"""),
        ({"Description": "$(rm -rf /) `id`"}, "--description '$(rm -rf /) `id`'"),
        ({"SetAsDefault": True}, "--set-as-default"),
        ({"apiKeyRequired": False}, "--no-api-key-required"),
        ({"Tags": [{"Key": "a", "Value": "한글"}]}, """--tags '[{"Key": "a", "Value": "한글"}]'"""),
        ({"restApiId": "\ue000API_ID\ue001"}, '--rest-api-id "$API_ID"'),
        ({"embed": ["methods"]}, "--embed methods"),
    ],
)
def test_arguments_are_quoted_for_bash(arguments: dict[str, object], written: str) -> None:
    assert awscli.command(Call("iam.create_role", arguments)) == f"aws iam create-role {written}"


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (Call("iam.create_role", {"RoleName": "a+b@c"}), "//console.aws.amazon.com/iam/home#/roles/details/a%2Bb%40c"),
        (Call("logs.create_log_group", {"logGroupName": "/aws/lambda/f"}), "log-group/$252Faws$252Flambda$252Ff"),
        (Call("apigateway.put_method", {"restApiId": "abc"}), "/apigateway/main/apis/abc/resources?api=abc&region="),
        (Call("lambda.create_function", {"FunctionName": "f"}), "//us-east-1.console.aws.amazon.com/lambda/home?"),
        (Call("s3.put_object", {"Bucket": "b", "Key": "k"}), "/s3/buckets/b?region=us-east-1&tab=objects"),
        (Call("sagemaker.create_endpoint", {"EndpointName": "e"}), "#/endpoints/e"),
    ],
)
def test_links_lead_to_the_console(world: World, call: Call, path: str) -> None:
    found = console.link(world.cloud(), Event("step", "+", t("{}", "x"), None, (call,)))
    assert found is not None
    assert path in found


def test_every_change_of_the_lab_has_a_link(world: World) -> None:
    empty = blank(world.run(dry=True))
    for step in STEPS:
        for event in views.would(empty, STEPS, step):
            assert not event.calls or console.link(empty.cloud, event), event
