"""`--record FILE` and `hol local compare FILE`: what is written says nothing of whose it was, and can be replayed."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sampling import some
from terminals import Terminal

from hol.__main__ import _interrupted as interrupted
from hol.cloud.anonymous import Anonymous, readable, written
from hol.cloud.record import Recorder, read
from hol.local.compare import replay
from hol.local.compare.differences import Answered
from hol.words.errors import ConfigError

Compare = Callable[[Path], tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def compare(terminal: Terminal) -> Compare:
    """`hol local compare FILE`: exit code, and what it tells."""

    def run(file: Path) -> tuple[int, list[dict[str, Any]]]:
        done = terminal.hol("local", "compare", str(file), "--json")
        assert done.stdout, done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    return run


def _told(said: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in said if one["type"] == kind]


def _agrees(said: tuple[int, list[dict[str, Any]]], least: int) -> None:
    code, lines = said
    assert (code, _told(lines, "difference"), _told(lines, "not_made")) == (0, [], [])
    assert _told(lines, "compared")[0]["calls"] >= least


def _recorded(terminal: Terminal, file: Path, *arguments: str) -> None:
    done = terminal.hol(*arguments, "--record", str(file))
    assert done.returncode == 0, done.stderr
    assert not re.search(r"(?<!\d)0{12}(?!\d)", file.read_text(encoding="utf-8"))


@pytest.mark.timeout(400)
def test_up_check_one_step_and_down_in_one_file_are_answered_as_recorded(terminal: Terminal, compare: Compare) -> None:
    file = terminal.home / "story.jsonl"
    for arguments in (("up",), ("check",), ("step", "5"), ("down", "--yes")):
        _recorded(terminal, file, *arguments)
    _agrees(compare(file), 300)
    assert sum("record" in line for line in read(file)) == 4


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "arguments", [("check",), pytest.param(("down", "--yes"), marks=pytest.mark.long)], ids=["check", "down"]
)
def test_what_a_run_found_there_is_there_again(
    terminal: Terminal,
    compare: Compare,
    arguments: tuple[str, ...],
) -> None:
    """A record that begins in the middle: what was there is made anew, under names that are another account's."""
    file = terminal.home / "middle.jsonl"
    assert terminal.hol("up", "--no-check").returncode == 0
    _recorded(terminal, file, *arguments)
    _agrees(compare(file), 70)


@pytest.mark.timeout(400)
def test_step_by_step_in_one_file(terminal: Terminal, compare: Compare) -> None:
    file = terminal.home / "steps.jsonl"
    last = 11 if os.environ.get("HOL_FULL") else 4
    for number in range(last):
        _recorded(terminal, file, "step", str(number))
    _agrees(compare(file), 40)
    assert sum("record" in line for line in read(file)) == last


@pytest.mark.timeout(400)
def test_one_answer_altered_by_hand_is_named_and_nothing_else(terminal: Terminal, compare: Compare) -> None:
    original = terminal.home / "role.jsonl"
    _recorded(terminal, original, "step", "1")
    lines = read(original)
    made = next(at for at, line in enumerate(lines) if line.get("call") == "iam.create_role")
    refused = {
        "status": 409,
        "code": "EntityAlreadyExists",
        "message": "Role with name r already exists.",
        "answer": None,
    }
    without = {key: value for key, value in lines[made]["answer"]["Role"].items() if key != "RoleId"}
    for altered, expected in (
        ({"status": 201}, [("status", "201", "200")]),
        (refused, [("status", "409", "200"), ("code", refused["code"], "-"), ("message", refused["message"], "-")]),
        ({"answer": {"Role": without}}, [("shape", "-", "Role.RoleId")]),
        ({"answer": {**lines[made]["answer"], "More": 1}}, [("shape", "More", "-")]),
    ):
        file = terminal.home / "altered.jsonl"
        changed = [{**line, **altered} if at == made else line for at, line in enumerate(lines)]
        file.write_text("".join(json.dumps(line) + "\n" for line in changed), encoding="utf-8")
        code, said = compare(file)
        named = [(one["line"], one["aspect"], one["recorded"], one["here"]) for one in _told(said, "difference")]
        assert (code, named) == (3, [(made + 1, *one) for one in expected])


PLANTED = (
    "123456789012", "AKIAIOSFODNN7EXAMPLE", "ASIAQWERTYUIOPASDFGH", "AROAEXAMPLEEXAMPLE123", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQD" + "x" * 60, "kim.cheolsu", "cheolsu.kim@example.co.kr", "203.0.113.77",
    "2001:db8:85a3:8d3:1319:8a2e:370:7348", "3fa85f64-5717-4562-b3fc-2c963f66afa6", "qwe123rty9", "hunter2hunter2", "AIDAZZZZZZZZZZZZZZZZZ",
)  # fmt: skip
ACCOUNT, KEY, TEMPORARY, ROLE_ID, SECRET, TOKEN, NAME, EMAIL, IP, IPV6, UUID, API, PASSWORD, USER_ID = PLANTED


def _answer() -> dict[str, Any]:
    caller = f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/{NAME}"
    return {
        "ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": UUID},
        "id": API,
        "Arn": caller,
        "UserId": f"{ROLE_ID}:{NAME}",
        "Credentials": {"AccessKeyId": TEMPORARY, "SecretAccessKey": SECRET, "SessionToken": TOKEN},
        "Owner": {"DisplayName": EMAIL, "ID": USER_ID},
        "Location": f"https://bucket.s3.amazonaws.com/x?X-Amz-Security-Token={TOKEN}&X-Amz-Credential={KEY}%2F20260101",
        "Policy": json.dumps({"Condition": {"IpAddress": {"aws:SourceIp": [f"{IP}/32", IPV6]}}, "By": EMAIL}),
        "Body": f"called by {caller} from {IP} with {SECRET}".encode(),
        "Url": f"https://{API}.execute-api.us-east-1.amazonaws.com/prod",
    }


def test_nothing_that_says_whose_it_was_stands_in_a_record(tmp_path: Path) -> None:
    """Planted everywhere: in arguments, answers, errors, bodies, documents inside texts."""
    file = tmp_path / "record.jsonl"
    recorder = Recorder.opened(file)
    recorder.call("sts.get_caller_identity", {}, _answer)
    recorder.is_asked_by(_answer()["Arn"])
    environment = {"Variables": {"DB_PASSWORD": PASSWORD, "PLAIN": "plain text", "NOTE": f"ask {NAME} at {EMAIL}"}}
    arguments = {"restApiId": API, "Environment": environment, "ZipFile": _package(f"KEY = '{KEY}' # {SECRET}")}
    recorder.call("lambda.create_function", arguments, _answer)

    def refuse() -> None:
        message = f"User: arn:aws:iam::{ACCOUNT}:user/{NAME} ({USER_ID}) is not authorized with {KEY} {PASSWORD}"
        raise ClientError(
            {"Error": {"Code": "AccessDenied", "Message": message}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "x"
        )

    with pytest.raises(ClientError):
        recorder.call("iam.create_role", {"Tags": [{"Key": "owner", "Value": EMAIL}]}, refuse)
    text = file.read_text(encoding="utf-8")
    assert [one for one in PLANTED if one in text] == []
    assert "plain text" in text
    assert "is not authorized with" in text
    assert all("://" not in line or "amazonaws.com/prod" in line for line in text.split('"'))


def _package(code: str) -> bytes:
    return written({"zip": {"index.py": {"text": code}}}, lambda digest: None)


def test_the_credentials_themselves_are_hidden_wherever_they_stand() -> None:
    anonymous = Anonymous()
    anonymous.hide("secret", "a plain secret")
    assert anonymous.of({"Description": "it is a plain secret."}) == {"Description": "it is <secret:1>."}


def test_what_is_only_the_labs_stays_as_it_was() -> None:
    """Names, texts, numbers, public account numbers, and the same placeholder for the same thing."""
    anonymous = Anonymous(["811284229777"])
    kept = {
        "Image": "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1", "name": "SageMakerTextClassificationLambdaGateway",
        "Runtime": "python3.13", "authorizationType": "NONE", "apiKeyRequired": False, "timeout": 10, "path": "/service-role/",
        "uri": "http://127.0.0.1:4566/x", "when": "2026-11-30T16:33:19+00:00", "pattern": "'Content-Type,X-Amz-Date'", "VersionId": "null",
    }  # fmt: skip
    anonymous.learn(kept)
    assert anonymous.of(kept) == kept
    anonymous.learn({"id": "abc1234567"})
    assert anonymous.of(["abc1234567", "/restapis/abc1234567/x", "xabc1234567"]) == [
        "<id:1>",
        "/restapis/<id:1>/x",
        "xabc1234567",
    ]


@pytest.mark.parametrize("data", [b"", b"text", "한국어".encode(), b"\x00\x01\xff" * 9])
def test_bytes_come_back_as_they_were_or_as_long(data: bytes) -> None:
    back = written(readable(data, str), lambda digest: None)
    assert len(back) == len(data)
    assert back == data or not any(back)
    assert written(readable(data, str), lambda digest: data) == data


def test_a_killed_run_leaves_a_record_that_goes_on(terminal: Terminal) -> None:
    file = terminal.home / "killed.jsonl"
    running = terminal.start("up", "--record", str(file))
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and (not file.exists() or file.read_bytes().count(b"\n") < 30):
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    assert len(read(file)) >= 30
    with file.open("ab") as half:
        half.write(b'{"at": 1, "call": "iam.cre')
    assert terminal.hol("step", "1", "--record", str(file)).returncode == 0
    assert sum("record" in line for line in read(file)) == 2


@pytest.mark.parametrize("content", ["", "notes\n", '{"hol": "0.1.0"}\n', "\x00\x01"])
def test_another_file_is_left_alone(terminal: Terminal, content: str) -> None:
    file = terminal.home / "mine.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError):
        read(file)
    answer = terminal.hol("step", "1", "--record", str(file))
    assert answer.returncode == 2
    assert "mine.txt" in answer.stderr
    assert file.read_text(encoding="utf-8") == content


def test_debug_mentions_the_record(terminal: Terminal) -> None:
    said = terminal.hol("step", "3", "--debug")
    assert said.returncode == 1
    assert "hol step 3 --record hol-record.jsonl" in said.stderr.replace("-m hol", "hol")
    assert "--record" not in terminal.hol("step", "3").stderr


BEGUN = {"hol": "0", "record": 1}
NO_LINE = {
    "no object": "[1, 2]",
    "no call": '{"call": 7, "parameters": {}}',
    "parameters that are none": '{"call": "sts.get_caller_identity", "parameters": []}',
    "a status in words": '{"call": "sts.get_caller_identity", "parameters": {}, "status": "fine"}',
    "half a line in the middle": '{"call": "sts.get_cal',
}


@pytest.mark.parametrize("line", NO_LINE.values(), ids=NO_LINE)
def test_a_line_that_hol_never_wrote_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "record.jsonl"
    file.write_text("\n".join([json.dumps(BEGUN), line, '{"call": "sts.get_caller_identity", "parameters": {}}']))
    with pytest.raises(ConfigError, match="line 2"):
        read(file)


def test_a_cut_line_keeps_its_place_and_is_said(terminal: Terminal, compare: Compare) -> None:
    file = terminal.home / "record.jsonl"
    terminal.hol("step", "1", "--record", str(file))
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole[: -len(whole.splitlines()[-1]) // 2], encoding="utf-8")
    lines = read(file)
    assert [number for number, line in enumerate(lines, 1) if "cut" in line] == [len(lines)]
    said = terminal.hol("local", "compare", str(file))
    assert f"line {len(lines)} was cut off" in said.stdout
    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize("operation", some(["os.system", "s3.nosuch_op", "nosuch.op", "s3.meta", "s3.close"], 5))
def test_what_is_no_operation_is_not_called(terminal: Terminal, compare: Compare, operation: str) -> None:
    file = terminal.home / "record.jsonl"
    terminal.hol("step", "1", "--record", str(file))
    line = {"call": operation, "parameters": {}, "status": 200, "answer": {}}
    with file.open("a", encoding="utf-8") as end:
        end.write(json.dumps(line) + "\n")
    code, lines = compare(file)
    assert code == 3
    assert [one["operation"] for one in _told(lines, "not_made")] == [operation]


@pytest.mark.parametrize(("verb", "undone"), [("up", True), ("down", True), ("check", False), ("local", False)])
def test_what_changed_nothing_is_not_to_be_undone(verb: str, undone: bool, capsys: pytest.CaptureFixture[str]) -> None:
    interrupted([verb])
    said = capsys.readouterr().err
    assert "interrupted" in said
    assert ("hol down" in said) == undone


@pytest.mark.parametrize(
    ("status", "later", "sooner"),
    [("Deleting", True, True), ("Deleting", False, False), ("InService", True, False)],
)
def test_what_is_gone_sooner_here_is_no_difference(status: str, later: bool, sooner: bool) -> None:
    asked = {"call": "sagemaker.describe_endpoint", "parameters": {"EndpointName": "e"}}
    line = {**asked, "status": 200, "answer": {"EndpointStatus": status}}
    gone = {**asked, "status": 400, "code": "ValidationException", "message": 'Could not find endpoint "e".'}
    found = replay._is_gone_sooner(line, Answered.of(line), Answered.of(gone), [gone] if later else [])
    assert found == sooner
