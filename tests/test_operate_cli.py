"""doctor, policy and extend as a person runs them: what they print, where, and what they exit with."""

from __future__ import annotations

import json
import re
import socket
from dataclasses import replace

import pytest
from fault_proxy import Proxy, said
from harness import STEPS, World
from terminals import Terminal

from hol.cli import operating as commands
from hol.cli.project import Project
from hol.cli.terminal import Ui
from hol.cloud.session import AWS
from hol.config import files as configuration
from hol.words.errors import Exit, HolError


def test_doctor_has_nothing_to_say_against_a_healthy_machine(terminal: Terminal) -> None:
    done = terminal.hol("doctor")
    assert done.returncode == 0
    assert f"nothing stands in the way of: hol up --set local.port={terminal.port}\n" in done.stdout


def test_doctor_names_code_cause_and_fix_in_both_languages(terminal: Terminal) -> None:
    english = terminal.hol("doctor", "--lang", "en", "--set", "function.runtime=python3.7")
    korean = terminal.hol("doctor", "--lang", "ko", "--set", "function.runtime=python3.7")
    assert english.returncode == korean.returncode == 1
    assert "HOL-D12 the runtime python3.7 can no longer be created" in english.stdout
    assert "--set function.runtime=" in english.stdout
    assert re.search(r"HOL-D12 .*런타임", korean.stdout)


def test_doctor_names_a_taken_port(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", terminal.port))
        taken.listen()
        done = terminal.hol("doctor", "--lang", "en")
    assert done.returncode == Exit.FAILED
    assert "HOL-D16 port" in done.stdout


def test_doctor_speaks_json(terminal: Terminal) -> None:
    done = terminal.hol("doctor", "--json", "--set", "function.runtime=python3.7")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    (finding,) = [line for line in lines if line["type"] == "finding"]
    assert (finding["code"], finding["level"]) == ("HOL-D12", "fault")
    assert lines[-1] == {"schema": "hol/1", "type": "end", "code": 1}


def test_doctor_without_credentials_ends_with_4(terminal: Terminal) -> None:
    done = terminal.hol("doctor", "--target", "aws", AWS_EC2_METADATA_DISABLED="true")
    assert done.returncode == Exit.CREDENTIALS
    assert "HOL-D01 there are no AWS credentials" in done.stdout


def test_policy_prints_a_document_and_nothing_else_on_stdout(terminal: Terminal) -> None:
    done = terminal.hol("policy", "--step", "3", "--account", "123456789012")
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert {statement["Sid"] for statement in document["Statement"]} >= {"Function", "Logs", "PassFunction"}
    assert "123456789012" in done.stdout
    assert "of 6144 characters" in done.stderr


def test_the_switch_is_set_extended_and_taken_down(terminal: Terminal) -> None:
    assert terminal.hol("up", "--ttl", "4h", "--no-check").returncode == 0
    extended = terminal.hol("extend", "2h")
    assert extended.returncode == 0
    assert "the dead-man's switch deletes it at" in extended.stderr
    down = terminal.hol("down", "--yes")
    assert down.returncode == 0
    assert "dead-man's switch hol-dead-mans-switch" in down.stdout


def test_extend_wants_a_time(terminal: Terminal) -> None:
    done = terminal.hol("extend", "soon")
    assert done.returncode == Exit.USAGE
    assert "soon is not a time such as 90m, 4h, 2d" in done.stderr


def test_a_ttl_of_a_minute_is_refused(terminal: Terminal) -> None:
    done = terminal.hol("up", "--ttl", "1m")
    assert done.returncode == Exit.USAGE
    assert "error: --ttl: 1m is not a time such as 90m, 4h, 2d, from 15 to 43200 minutes" in done.stderr


# --- what `hol up --target aws` says before the first write ---


def _project(world: World, said_: list[str], **settings: str) -> Project:
    config = world.config(target="aws", **settings)
    found = configuration.Folder(configuration.packaged(), world.home, configuration.packaged() / "config.yaml")
    ui = Ui("en")
    ui.say = lambda text, mark="", **_: said_.append(text.render("en"))
    return Project(found, config, STEPS, ui)


def test_up_names_the_cost_before_it_asks(world: World) -> None:
    lines: list[str] = []
    run = world.run(target="aws", endpoint__create="true")
    commands.before_up(_project(world, lines, endpoint__create="true"), run)
    assert lines[0].startswith("per hour: 0.115 USD for the endpoint")
    assert any(line.startswith("per 1,000 requests: about") for line in lines)


def test_up_stops_before_the_first_write_when_the_account_forbids_it(faulty: World, front: Proxy) -> None:
    flags = "".join(f"<{key}>true</{key}>" for key in ("BlockPublicAcls", "IgnorePublicAcls"))
    body = f"<PublicAccessBlockConfiguration>{flags}</PublicAccessBlockConfiguration>".encode()
    answer = said(200, body, "application/xml")
    front.add(".*", answer, times=9, when=lambda request: "/configuration/publicAccessBlock" in request.target)
    lines: list[str] = []
    with pytest.raises(HolError, match="the lab cannot be made here") as raised:
        commands.before_up(_project(faulty, lines), faulty.run(target="aws"))
    assert raised.value.code == Exit.PERMISSION
    assert "HOL-D05" in lines[0]


def test_status_on_the_local_aws_bills_nothing(world: World) -> None:
    lines: list[str] = []
    lab = replace(_project(world, lines), config=world.config())
    commands.say_billing(lab, world.run())
    assert lines == ["the local AWS bills nothing"]
    assert AWS.endpoint is None
