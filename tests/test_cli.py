"""The commands as a person runs them: in a folder, in a process of their own, by what they print and exit with."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys

import pytest
import yaml
from terminals import Terminal

from hol.config.files import packaged
from hol.local.life import process


def test_the_whole_story(terminal: Terminal) -> None:
    first = terminal.hol("up")
    assert first.returncode == 0, first.stderr
    assert "page: http://text-classification-webservice-000000000000-hol.s3-website-us-east-1.localhost" in first.stdout
    assert "next: hol open" in first.stderr

    def changes(stderr: str) -> list[str]:
        return [line for line in stderr.splitlines() if line.startswith(("  +", "  ~", "  -"))]

    assert len(changes(first.stderr)) > 11
    again = terminal.hol("up")
    assert (again.returncode, changes(again.stderr)) == (0, []), again.stderr
    assert re.match(r"no changes: \d\d things are as they should be, [\d.]+ s\n\d checks passed", again.stderr), (
        again.stderr
    )
    assert terminal.hol("status").returncode == 0
    assert terminal.hol("check").returncode == 0
    down = terminal.hol("down", "--yes")
    assert down.returncode == 0, down.stderr
    first, *_, last = down.stdout.splitlines()
    assert (first.split()[0], "nothing left behind" in last) == ("deleted", True), down.stdout
    assert "role myTextClassificationLambdaRole-hol" in down.stdout
    assert "role" not in down.stderr  # each thing is named once
    assert process.running(terminal.port) is None
    assert terminal.hol("down", "--yes").returncode == 0


def test_json_lines_have_a_schema_and_an_end(terminal: Terminal) -> None:
    said = [json.loads(line) for line in terminal.hol("up", "--dry-run", "--json").stdout.splitlines()]
    assert {line["schema"] for line in said} == {"hol/1"}
    assert said[-1] == {"schema": "hol/1", "type": "end", "code": 0}
    assert [line["mark"] for line in said if line["type"] == "event" and line["step"] == "role"] == ["+", "+", "+"]


def test_a_step_out_of_order_says_what_to_run_first(terminal: Terminal) -> None:
    answer = terminal.hol("step", "3")
    assert (answer.returncode, "hol step 1" in answer.stderr) == (1, True)


def test_korean_is_spoken_to_a_korean_locale(terminal: Terminal) -> None:
    assert "할 일" in terminal.hol("step", "3", LANG="ko_KR.UTF-8").stderr
    assert "할 일" in terminal.hol("step", "3", "--lang", "ko").stderr


@pytest.mark.parametrize(
    ("setting", "complaint"),
    [
        ("function.timeout=10s", "function.timeout: 10s is not a whole number of seconds from 1 to 900"),
        ("function.timout=3", "did you mean function.timeout?"),
        ("attendee=A B", "attendee: A B is not 1 to 20 of a-z, 0-9 and -"),
        ("endpoint.create=maybe", "endpoint.create: maybe is none of auto, true, false"),
        ("role.name={who}", "unknown placeholder {who}"),
    ],
)
def test_a_wrong_setting_is_named(terminal: Terminal, setting: str, complaint: str) -> None:
    answer = terminal.hol("up", "--set", setting)
    assert answer.returncode == 2
    assert complaint in answer.stderr
    assert process.running(terminal.port) is None


def test_a_path_that_leads_nowhere_is_named(terminal: Terminal) -> None:
    answer = terminal.hol("step", "0", "--set", "endpoint.model=no/such.tar.gz")
    assert answer.returncode == 2
    assert "no/such.tar.gz" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("text", ["a: [", "- 1", "functoin: {timeout: 3}", "function: {timeout: ten}", "\x00"])
def test_a_broken_file_is_refused_whole(terminal: Terminal, text: str) -> None:
    (terminal.home / "config.yaml").write_text(text)
    answer = terminal.hol("up")
    assert answer.returncode == 2
    assert "config.yaml" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_an_occupied_port_is_named_with_the_way_out(terminal: Terminal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", terminal.port))
        other.listen()
        answer = terminal.hol("up")
    assert answer.returncode == 1
    assert f"port {terminal.port} is used by another program" in answer.stderr
    assert "--set local.port=" in answer.stderr


def test_a_missing_extra_is_named_with_its_install_command(terminal: Terminal) -> None:
    (terminal.home / "sitecustomize.py").write_text("import sys\nsys.modules['ministack'] = None\n")
    answer = terminal.hol("up", PYTHONPATH=f"{terminal.home}{os.pathsep}{packaged()}")
    assert answer.returncode == 1
    assert "pip install" in answer.stderr
    assert f"{packaged()}[local]" in answer.stderr


def test_a_killed_local_aws_is_said_to_be_gone(terminal: Terminal) -> None:
    assert terminal.hol("step", "1").returncode == 0
    server = process.running(terminal.port)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    process._gone(server, 1e12)
    answer = terminal.hol("check")
    assert answer.returncode == 1
    assert "the local AWS does not run" in answer.stderr
    assert "run: hol up" in answer.stderr
    (terminal.home / "class.csv").write_text("name\nalice\n", encoding="utf-8")
    assert "run: hol class up class.csv" in terminal.hol("class", "check", "class.csv").stderr
    assert terminal.hol("step", "1").returncode == 0


def test_down_without_the_local_aws_clears_this_machine(terminal: Terminal) -> None:
    """After a restart of the machine the local AWS is gone, and the site folder is not."""
    assert terminal.hol("step", "7").returncode == 1
    assert terminal.hol("up", "--no-check").returncode == 0
    assert terminal.hol("local", "stop").returncode == 0
    assert (terminal.home / "site").is_dir()
    assert "site folder site" in terminal.hol("down").stderr  # asks, and without a terminal does nothing
    answer = terminal.hol("down", "--yes")
    assert (answer.returncode, "1 deleted and verified absent" in answer.stdout) == (0, True), answer.stderr
    assert not (terminal.home / "site").exists()
    assert "nothing of this lab is here" in terminal.hol("down", "--yes").stdout
    assert process.running(terminal.port) is None


def test_absent_credentials_end_with_4(terminal: Terminal) -> None:
    answer = terminal.hol("up", "--target", "aws", AWS_EC2_METADATA_DISABLED="true")
    assert answer.returncode == 4
    assert "there are no AWS credentials" in answer.stderr
    assert "hol up --target local" in answer.stderr


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(terminal: Terminal) -> None:
    running = terminal.start("up")
    assert running.stderr is not None
    for line in running.stderr:
        if "+ role" in line:
            running.send_signal(signal.SIGINT)
            break
    rest = running.communicate(timeout=30)[1]
    assert running.returncode == 130
    assert "hol down" in rest
    assert "Traceback" not in rest
    assert terminal.hol("up").returncode == 0


def test_ctrl_c_while_waiting_gives_the_cursor_back(terminal: Terminal) -> None:
    """The progress line hides the cursor; no other way out of hol may leave it hidden."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "hol", "up", "--set", f"local.port={terminal.port}"],
        cwd=terminal.home,
        env=terminal.environment(HOL_LOCAL_FUNCTION_SECONDS="20", TERM="xterm"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen, hidden = b"", b"\x1b[?25l"
    with contextlib.suppress(OSError):  # how a closed terminal ends on Linux
        while chunk := os.read(ours, 4096):
            if hidden in chunk and hidden not in seen:
                running.send_signal(signal.SIGINT)
            seen += chunk
    assert running.wait(30) == 130
    assert hidden in seen
    assert seen.rfind(b"\x1b[?25h") > seen.rfind(hidden)
    os.close(ours)


def test_down_without_a_terminal_wants_yes(terminal: Terminal) -> None:
    terminal.hol("step", "1")
    answer = terminal.hol("down")
    assert answer.returncode == 2
    assert "--yes" in answer.stderr
    assert "myTextClassificationLambdaRole-hol" in answer.stderr


def test_a_whole_life_on_target_aws(terminal: Terminal) -> None:
    """The ordinary credential chain, with AWS itself replaced by its address alone."""
    assert terminal.hol("local", "start").returncode == 0
    there = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{terminal.port}",
        "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    guide = ("--target", "aws")  # the endpoint is somebody else's, and not there
    assert "HOL-D08" in terminal.hol("doctor", *guide, **there).stdout
    status = terminal.hol("status", *guide, **there)
    assert (status.returncode, "! 0" in status.stdout, "+ 10" in status.stdout) == (3, True, True), status.stderr
    ours = (*guide, "--set", "endpoint.create=true")
    status = terminal.hol("status", *ours, **there)
    assert (status.returncode, "nothing bills per hour" in status.stdout) == (3, True), status.stderr
    made = terminal.hol("up", *ours, "--yes", "--no-check", **there)
    assert made.returncode == 0, made.stderr
    first = made.stderr.splitlines()[0]
    assert first == "AWS account 123456789012, region us-east-1, as arn:aws:iam::123456789012:root"
    assert "USD for the endpoint" in made.stderr.split("+ bucket")[0]
    assert "execute-api.us-east-1.amazonaws.com/prod" in made.stdout
    assert terminal.hol("status", *ours, **there).returncode == 0
    assert terminal.hol("down", *ours, "--yes", **there).returncode == 0
    assert terminal.hol("status", *ours, **there).returncode == 3


def test_init_writes_a_lab_of_ones_own_and_never_overwrites(terminal: Terminal) -> None:
    assert terminal.hol("init", "--full").returncode == 0
    assert (terminal.home / "steps" / "step01_role.py").is_file()
    assert terminal.hol("init").returncode == 2
    assert terminal.hol("step", "1").returncode == 0


def test_a_step_of_ones_own_that_is_broken_is_named(terminal: Terminal) -> None:
    assert terminal.hol("init", "--full").returncode == 0
    (terminal.home / "steps" / "step11_mine.py").write_text("def up(lab:\n")
    answer = terminal.hol("up")
    assert (answer.returncode, "step11_mine.py" in answer.stderr, "SyntaxError" in answer.stderr) == (2, True, True)
    assert "Traceback" not in answer.stderr
    assert "Traceback" in terminal.hol("up", "--debug").stderr


def test_init_comments_in_the_learners_language(terminal: Terminal) -> None:
    """Both files say the same, key by key, and each in one language."""
    english, korean = (packaged() / name for name in ("config.yaml", "config.ko.yaml"))
    assert yaml.safe_load(english.read_text(encoding="utf-8")) == yaml.safe_load(korean.read_text(encoding="utf-8"))
    assert terminal.hol("init", LANG="ko_KR.UTF-8").returncode == 0
    assert (terminal.home / "config.yaml").read_bytes() == korean.read_bytes()
    comments = [
        [line.partition("#")[2] for line in file.open(encoding="utf-8") if "#" in line] for file in (english, korean)
    ]
    assert len(comments[1]) >= len(comments[0]) - 3
    assert not [line for line in comments[0] if re.search("[가-힣]", line)]


def test_status_and_open_tell_an_empty_lab_from_a_broken_one(terminal: Terminal) -> None:
    assert terminal.hol("step", "1").returncode == 0
    status = terminal.hol("status", "--json")
    states = {line["step"]: line["state"] for line in map(json.loads, status.stdout.splitlines()) if "state" in line}
    assert (status.returncode, states["role"], set(states.values())) == (3, "in place", {"in place", "not there"})
    assert "http" not in terminal.hol("status").stdout
    answer = terminal.hol("open")
    assert (answer.returncode, "hol step 9" in answer.stderr) == (1, True)
    assert terminal.hol("up").returncode == 0
    assert terminal.hol("step", "3", "--set", "function.timeout=20").returncode == 0
    changed = terminal.hol("status")
    assert changed.returncode == 3
    assert "~ 3" in changed.stdout
    assert "settings of the function" in changed.stdout
    assert "http" in changed.stdout


def test_help_and_version_import_nothing_heavy(terminal: Terminal) -> None:
    heavy = "import sys; from hol.__main__ import run; run(['--help']); print([m for m in ('boto3','botocore','rich','yaml') if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", heavy], env=terminal.environment(), capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"
    assert terminal.hol("--version").stdout.startswith("hol ")


def test_hol_alone_shows_the_verbs(terminal: Terminal) -> None:
    answer = subprocess.run([sys.executable, "-m", "hol"], env=terminal.environment(), capture_output=True, text=True)
    shown = [line.split()[0] for line in (answer.stdout + answer.stderr).splitlines() if line.startswith("  ")]
    verbs = {"up", "step", "guide", "check", "adopt", "status", "doctor", "policy", "extend", "open", "down", "init"}
    assert verbs - set(shown) == set()
    assert "Traceback" not in answer.stderr


def test_unknown_verbs_and_steps_are_usage_errors(terminal: Terminal) -> None:
    assert terminal.hol("fly").returncode == 2
    answer = terminal.hol("step", "11")
    assert (answer.returncode, "the steps are 0 to 10" in answer.stderr) == (2, True)
