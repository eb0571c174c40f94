"""What hol prints can be pasted: every command of every message, run as printed in the same shell's folder.

First the source is read: no message holds a command as a bare string, and a command always ends its line, in both
languages. Then hol is run in real situations with options that say which lab is meant, and whatever it tells to run
next is run, on a terminal that answers yes.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.metadata
import json
import os
import pty
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from string import Formatter

import boto3
import pytest
from packaging.requirements import Requirement
from ports import free_port
from sampling import some
from terminals import stop_started
from test_cli import Terminal

from hol.config.files import packaged
from hol.local.life import process
from hol.words import install
from hol.words.catalogue import korean
from hol.words.commands import command, in_turn, joined, same

ROOT = Path(__file__).resolve().parents[1]
MADE_BY = {"command", "same", "aws", "shell", "in_turn", "cleaning", "extra", "_elsewhere"}
VERBS = "up|down|step|check|status|doctor|adopt|guide|policy|extend|open|init|local"
BARE = re.compile(rf"\bhol ({VERBS})\b|^(--[a-z]|pip |aws [a-z]|rm |mv )")
EXAMPLES = {"--set function.timeout=20"}
# A complaint begins with the option that it is about.
ABOUT = re.compile(r"--[a-z]+ \{\}: ")
# A command ends its line, after a colon; a value that only a person knows is in it as YOUR-….
PRINTED = re.compile(r"(?m): ((?:[A-Z_]+=\S+ )*(?:hol|aws|pip|mv|mkdir|\S+ -m hol|\S+ -m pip) \S.*?)\s*$")
UNKNOWN = re.compile(r"\bYOUR-[A-Z-]+")
ENOUGH = (0, 3, 7)  # done, differs, a check failed: what hol found, not what the command lacked


# --- the source ---


def _messages() -> Iterator[tuple[str, ast.Call]]:
    for file in [*ROOT.glob("hol/**/*.py"), *ROOT.glob("steps/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def _strings(node: ast.AST) -> Iterator[str]:
    """The string literals of an expression, except those inside a command."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE_BY:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _strings(child)


def test_no_message_holds_a_command_as_a_string() -> None:
    found = [(at, text) for at, call in _messages() for arg in call.args for text in _strings(arg) if BARE.search(text)]
    assert [one for one in found if one[1] not in EXAMPLES and not ABOUT.match(one[1])] == []


def _is_command(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_command(node.body) or _is_command(node.orelse)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MADE_BY


def _ends_a_line(template: str, place: int) -> bool:
    """Whether that value is the last thing on its line, and stands after a colon."""
    pieces = [*Formatter().parse(template), ("", None, None, None)]
    fields = [i for i, piece in enumerate(pieces) if piece[1] is not None]
    at = next(i for count, i in enumerate(fields) if (pieces[i][1] or str(count)) == str(place))
    after = pieces[at + 1]
    return pieces[at][0].endswith(": ") and (after[0].startswith("\n") or (after[0] == "" and after[1] is None))


def test_a_command_ends_its_line_in_both_languages() -> None:
    seen, inside = 0, []
    for at, call in _messages():
        for place, value in enumerate(call.args[1:]):
            if _is_command(value):
                template = ast.literal_eval(call.args[0])
                seen += 1
                inside += [(at, t) for t in {template, korean(template)} if not _ends_a_line(t, place)]
    assert seen > 50
    assert inside == []


# --- real situations ---


@dataclass(frozen=True)
class Shell:
    """A person's shell in a folder, with the options that say which lab is meant."""

    terminal: Terminal
    given: tuple[str, ...]
    more: dict[str, str]

    def hol(self, *words: str) -> subprocess.CompletedProcess[str]:
        """hol without a terminal, with the options."""
        given = () if words[0] == "init" else self.given
        return subprocess.run(
            [sys.executable, "-m", "hol", *words, *given],
            cwd=self.terminal.home,
            env=self.terminal.environment(**self.more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def paste(self, line: str) -> tuple[int, str]:
        """The line in bash, on a terminal that says yes; its exit code and what it showed."""
        ours, theirs = pty.openpty()
        os.write(ours, b"y\n")
        running = subprocess.Popen(
            ["bash", "-c", line],
            cwd=self.terminal.home,
            env=self.terminal.environment(**self.more, BROWSER="true"),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        shown: list[bytes] = []
        reader = threading.Thread(target=_read, args=(ours, shown))
        reader.start()
        code = running.wait(90)
        reader.join(10)
        os.close(ours)
        return code, b"".join(shown).decode(errors="replace")

    def lacks(self, line: str) -> list[str]:
        """The given options that a printed command forgot."""
        pairs = list(zip(self.given[::2], self.given[1::2], strict=True))
        forgotten = []
        for part in line.split(" && "):
            words = shlex.split(part)
            if words[0] != "hol" or words[1] == "init":
                continue
            said = list(pairwise(words))
            keys = {(a, b.partition("=")[0]) for a, b in said if a == "--set"} | {a for a, _ in said if a != "--set"}
            forgotten += [
                f"{part}: {name} {value}"
                for name, value in pairs
                if (name, value) not in said and (name, value.partition("=")[0]) not in keys
                and (name == "--set" or name not in keys)
            ]  # fmt: skip
        return forgotten


def _read(descriptor: int, into: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        while chunk := os.read(descriptor, 65_536):
            into.append(chunk)


def _printed(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert "Traceback" not in done.stderr, done.stderr
    return PRINTED.findall(done.stdout) + PRINTED.findall(done.stderr)


def _runs(shell: Shell, lines: list[str], ends: tuple[int, ...] = ENOUGH) -> None:
    for line in lines:
        if UNKNOWN.search(line):
            continue
        code, shown = shell.paste(line)
        assert code in ends or (code == 1 and re.search(r"run first:\s", shown)), (line, code, shown)
        assert "Traceback" not in shown, (line, shown)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A lab of somebody's own beside the current folder, on a port of its own, with values that want quoting."""
    found = Terminal(tmp_path, free_port())
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path / ".state"))
    lab = tmp_path / "my lab"
    lab.mkdir()
    (lab / "config.yaml").write_text("lab: mine\n")
    own = ("--config", "my lab", "--set", "attendee=alice", "--set", "stage.description=it's $HOME")
    yield Shell(found, (*own, "--set", f"local.port={found.port}", "--lang", "en"), {})
    stop_started(tmp_path / ".state")


UP = ("up", "--no-check")
SITUATIONS: list[tuple[tuple[tuple[str, ...], ...], tuple[str, ...], list[str]]] = [
    ((), ("up", "--dry-run"), ["up"]),
    ((), ("up",), ["open", "down"]),
    ((), ("step", "3"), ["step 1"]),
    ((), ("step", "1"), ["step 2"]),
    ((UP,), ("step", "3"), ["check 3", "step 4"]),
    ((UP,), ("step", "10"), ["check 10", "open"]),
    ((), ("check",), ["up"]),
    ((("step", "1"),), ("check", "2"), ["step 2"]),
    # What was asked for is wrong itself; or because of the first of those that it is made on; or only its test is.
    ((("step", "1"), ("step", "3"), ("step", "4")), ("check", "5"), ["check 5", "step 5"]),
    ((("step", "4"), ("step", "1")), ("check", "5"), ["check 3", "step 3"]),
    ((("step", "1"), ("step", "3")), ("check", "6"), ["check 4", "step 4"]),
    ((UP, ("down", "0", "--yes")), ("check", "3"), ["check 0", "step 0"]),
    ((), ("status",), ["up"]),
    ((UP,), ("status",), ["check"]),
    ((UP,), ("down", "--dry-run"), ["down"]),
    ((("step", "1"),), ("down",), ["down --yes"]),
    ((), ("doctor",), ["up"]),
    ((), ("doctor", "--set", "function.runtime=python3.7"), ["doctor"]),
    ((("step", "1"),), ("open",), ["step 9"]),
    ((), ("local", "logs"), ["local start"]),
    ((("step", "1"),), ("extend", "2h"), ["up --ttl 4h"]),
]


@pytest.mark.parametrize(("before", "words", "expected"), some(SITUATIONS, 3), ids=lambda value: str(value)[:40])
def test_what_is_printed_runs(
    shell: Shell, before: tuple[tuple[str, ...], ...], words: tuple[str, ...], expected: list[str]
) -> None:
    for one in before:
        shell.hol(*one)
    lines = _printed(shell.hol(*words))
    assert [line for line in lines for gone in shell.lacks(line) if gone] == []
    parts = [part for line in lines for part in line.split(" && ")]
    for verb in expected:
        assert [part for part in parts if part.startswith(f"hol {verb} --")], (verb, lines)
    _runs(shell, lines)


def test_what_was_pasted_meant_the_same_lab(shell: Shell) -> None:
    up = shell.hol(*UP)
    opened, down = (line for line in _printed(up) if line.startswith(("hol open", "hol down")))
    code, shown = shell.paste(opened)
    assert (code, "text-classification-webservice-alice-" in shown) == (0, True), shown
    code, shown = shell.paste(down)
    assert (code, "nothing left behind" in shown) == (0, True), shown
    assert process.running(shell.terminal.port) is None


def test_a_taken_port_is_answered_with_another_one(shell: Shell) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", shell.terminal.port))
        other.listen()
        for verb in ("doctor", "step"):
            for _again in range(3):  # another process of this machine may take the proposed one meanwhile
                (line,) = _printed(shell.hol(verb, *(["1"] if verb == "step" else [])))
                assert shell.lacks(line) == []
                assert f"local.port={shell.terminal.port}" not in line
                code, shown = shell.paste(line)
                if "is used by another program" not in shown:
                    break
            assert code in ENOUGH or (code == 1 and re.search(r"run first:\s", shown)), (line, code, shown)


def test_a_missing_file_is_answered_with_what_works(shell: Shell) -> None:
    (line,) = _printed(replaced(shell, "--config", "nope").hol("status"))
    assert line == "hol init --lang en"
    _runs(shell, [line])
    (line,) = _printed(replaced(shell, "--config", "nope").hol("status"))
    assert "--config" not in line
    assert "attendee=alice" in line
    _runs(shell, [line])
    (line,) = _printed(shell.hol("init", "--full"))
    _runs(shell, [line], (0,))
    assert (shell.terminal.home / "hol-lab" / "steps").is_dir()


def replaced(shell: Shell, option: str, value: str) -> Shell:
    given = list(shell.given)
    given[given.index(option) + 1] = value
    return Shell(shell.terminal, tuple(given), shell.more)


def test_a_file_that_is_not_hols_is_left_and_another_named(shell: Shell) -> None:
    (shell.terminal.home / "a.md").write_text("mine")
    (line,) = _printed(shell.hol("guide", "--format", "md", "-o", "a.md"))
    _runs(shell, [line], (0,))
    assert (shell.terminal.home / "a.md").read_text() == "mine"
    assert (shell.terminal.home / "a-2.md").is_file()


def test_one_of_two_twins_is_deleted_by_the_printed_command(shell: Shell) -> None:
    shell.hol("up", "--no-check")
    gateway = boto3.client(
        "apigateway", "us-east-1", endpoint_url=f"http://127.0.0.1:{shell.terminal.port}",
        aws_access_key_id="000000000000", aws_secret_access_key="local",
    )  # fmt: skip
    ours = gateway.get_rest_apis()["items"][0]
    twin = gateway.create_rest_api(name=ours["name"], tags=ours["tags"])
    root = gateway.get_resources(restApiId=twin["id"])["items"][0]["id"]
    gateway.put_method(restApiId=twin["id"], resourceId=root, httpMethod="GET", authorizationType="NONE")
    gateway.put_integration(restApiId=twin["id"], resourceId=root, httpMethod="GET", type="MOCK")
    gateway.create_deployment(restApiId=twin["id"], stageName="prod")
    lines = [line for line in _printed(shell.hol("step", "4")) if twin["id"] in line]
    if not lines:
        pytest.skip("hol tells the two apart by itself")
    _runs(shell, lines, (0,))
    assert [api["id"] for api in gateway.get_rest_apis()["items"]] == [ours["id"]]


def test_an_account_is_meant_again_by_its_profile_and_region(shell: Shell) -> None:
    """Through the ordinary credential chain: without its --profile nobody is signed in."""
    assert shell.hol("local", "start").returncode == 0
    (shell.terminal.home / "aws").write_text(
        "[profile at-work]\naws_access_key_id = 123456789012\naws_secret_access_key = none\n"
        f"endpoint_url = http://127.0.0.1:{shell.terminal.port}\n"
    )
    given = ("--target", "aws", "--profile", "at-work", "--region", "us-west-2", "--set", "endpoint.create=true")
    there = {"AWS_CONFIG_FILE": str(shell.terminal.home / "aws"), "AWS_EC2_METADATA_DISABLED": "true"}
    account = Shell(shell.terminal, (*given, *shell.given), there)
    for words in (("status",), ("up", "--yes", "--no-check"), ("status",), ("down", "--dry-run"), ("check",)):
        lines = _printed(account.hol(*words))
        assert [gone for line in lines for gone in account.lacks(line)] == []
        _runs(account, [line for line in lines if not line.startswith(("hol down", "hol up"))])
    down = next(line for line in lines_of(account, "down", "--dry-run") if line.startswith("hol down"))
    _runs(account, [down], (0,))
    refused = lines_of(replaced(account, "--profile", "nobody"), "status")
    assert (len(refused), UNKNOWN.findall(refused[0])) == (1, ["YOUR-PROFILE"])


def lines_of(shell: Shell, *words: str) -> list[str]:
    return _printed(shell.hol(*words))


def test_without_credentials_the_way_in_is_complete(shell: Shell) -> None:
    nobody = Shell(shell.terminal, ("--target", "aws", *shell.given), {"AWS_EC2_METADATA_DISABLED": "true"})
    configure, sso, local = lines_of(nobody, "up")
    assert (configure, sso) == ("aws --region us-east-1 configure", "aws --region us-east-1 sso login")
    assert "--target local" in local
    assert "--target aws" not in local
    _runs(nobody, [local])


# --- answers go to stdout, the rest to stderr ---


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        (("status",), "not there"),
        (("check", "2"), "policy"),
        (("doctor",), "nothing stands in the way"),
        (("adopt",), "there is nothing to take over"),
        (("up", "--dry-run"), "+ role"),
        (("down", "--dry-run"), "- role"),
        (("step", "2", "--explain"), "+ inline policy"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_an_answer_goes_to_stdout(shell: Shell, words: tuple[str, ...], answered: str) -> None:
    shell.hol("step", "1")
    done = shell.hol(*words)
    assert answered in done.stdout, done.stderr
    recorded = [line for line in done.stderr.splitlines() if not PRINTED.search(line)]
    assert recorded == []


def test_the_failure_of_a_check_is_part_of_its_report(shell: Shell) -> None:
    shell.hol(*UP)
    client = boto3.client(
        "s3", "us-east-1", endpoint_url=f"http://127.0.0.1:{shell.terminal.port}",
        aws_access_key_id="000000000000", aws_secret_access_key="local",
    )  # fmt: skip
    client.delete_object(Bucket="text-classification-webservice-alice-000000000000-hol", Key="index.html")
    done = shell.hol("check")
    assert done.returncode == 7
    assert "index.html" in done.stdout
    assert [line for line in done.stderr.splitlines() if not PRINTED.search(line)] == []  # next commands alone


# --- options before the verb ---


@pytest.mark.parametrize("wrong", [(), ("--set", "nobody=1"), ("--config", "nope")], ids=["right", "key", "file"])
def test_options_may_stand_before_the_verb(shell: Shell, wrong: tuple[str, ...]) -> None:
    common = ("--lang", "ko", *shell.given[:-2], *wrong)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        how = {"cwd": shell.terminal.home, "env": shell.terminal.environment()}
        return subprocess.run([sys.executable, "-m", "hol", *words], capture_output=True, text=True, **how)

    after, before, local = run("status", *common), run(*common, "status"), run("local", *common, "status")
    assert (after.returncode, after.stdout, after.stderr) == (before.returncode, before.stdout, before.stderr)
    assert re.search("[가-힣]", after.stdout + after.stderr)
    assert local.returncode == (2 if wrong else 3)


# --- how hol was installed ---


def test_an_extra_is_installed_from_where_hol_came() -> None:
    assert shlex.split(str(install.extra("local")))[-1] == f"{packaged()}[local]"
    wheel = Path(__file__)
    assert install.came_from({"url": wheel.as_uri(), "archive_info": {}}, "local") == [f"{wheel}[local]"]
    assert install.came_from({"url": "file:///gone/hol.whl", "archive_info": {}}, "local") == []
    version = {"url": "https://example.com/hol.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    assert install.came_from(version, "local") == ["hol[local] @ git+https://example.com/hol.git@abc"]


def test_where_nobody_remembers_the_requirements_are_named() -> None:
    known = importlib.metadata.requires("hol") or []
    named = [Requirement(one) for one in install.requirements(known, "local")]
    assert {one.name for one in named} == {"ministack", "fasttext-predict", "fasttext-community", "hypercorn"}
    assert sum(one.marker is None or one.marker.evaluate() for one in named) == 3
    assert "extra" not in str(named)


def test_no_message_names_hol_to_the_package_index() -> None:
    sources = [*ROOT.glob("hol/**/*.py"), *ROOT.glob("steps/*.py"), ROOT / "README.md", ROOT / "README.ko.md"]
    assert [
        file.name for file in sources if re.search(r"install[^\n]*['\" ]hol(\[\w+\])?['\"]", file.read_text())
    ] == []


def test_words_are_quoted_for_the_shell() -> None:
    assert joined(["AWS_PROFILE=of work", "aws", "it's", "a=b c"]) == "AWS_PROFILE='of work' aws 'it'\"'\"'s' a='b c'"
    assert str(in_turn(command("step", 5), command("step", 6))) == "hol step 5 && hol step 6"
    assert str(command("up", target="local", set="local.port=1")) == "hol up --target local --set local.port=1"
    assert str(same("--yes")).endswith("--yes")


def test_hol_is_not_offered_for_what_it_leaves_as_it_is(shell: Shell) -> None:
    """A Deny of somebody's own making: no step takes it out, though the step would change something else."""
    assert shell.hol(*UP).returncode == 0
    asked = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*"}]}
    keys = {"aws_access_key_id": "000000000000", "aws_secret_access_key": "local", "region_name": "us-east-1"}
    iam = boto3.client("iam", endpoint_url=f"http://127.0.0.1:{shell.terminal.port}", **keys)
    role = next(one["RoleName"] for one in iam.list_roles()["Roles"] if "Lambda" in one["RoleName"])
    iam.put_role_policy(RoleName=role, PolicyName="extra", PolicyDocument=json.dumps(asked))
    own = next(name for name in iam.list_role_policies(RoleName=role)["PolicyNames"] if name != "extra")
    asked["Statement"][0]["Effect"] = "Allow"
    iam.put_role_policy(RoleName=role, PolicyName=own, PolicyDocument=json.dumps(asked))
    said = shell.hol("check")
    assert said.returncode == 7
    assert "the policy extra denies it" in said.stdout
    assert [line for line in said.stderr.splitlines() if "hol step" in line] == []
    iam.delete_role_policy(RoleName=role, PolicyName=own)
    iam.delete_role_policy(RoleName=role, PolicyName="extra")
    assert "to let hol put it right" in shell.hol("check").stderr
