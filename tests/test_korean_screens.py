"""With `--lang ko`, or a Korean locale, no screen has an English sentence, be it hol's or click's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from ports import free_port

from hol.cli.main import cli
from hol.config.files import packaged
from hol.local.life import process

# hol itself, once for all screens: what it is called with, a line each; what it prints and its exit code, a line each.
SCREENS = """
import contextlib, io, json, sys
lines = [json.loads(line) for line in sys.stdin]
from hol.__main__ import run
for words in lines:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = run([*sys.argv[1:], *words])
    print(json.dumps([words, code, out.getvalue() + err.getvalue()]))
"""
# Names and code are no sentences: whatever has a sign or a digit in it, is quoted, or in capitals; and these words.
CODE = re.compile(
    r"`[^`]*`|“[^”]*”|'[^']*'|\"[^\"]*\"|https?://\S+|\S*[-_./=:@{}()\[\]<>|$~\\0-9]+\S*|\b[A-Z]+\b|\b[A-Za-z]+[A-Z]\w*\b"
)
NAMES = {"hol", "aws", "API", "Gateway", "Lambda", "SageMaker", "CloudWatch", "Logs", "Python", "Amazon", "IAM"}
ENGLISH = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z']+){2,}")
FRAMES = (
    "Usage:",
    "Options:",
    "Commands:",
    "Error:",
    "Try '",
    "Missing ",
    "Invalid value",
    "No such ",
    "Did you mean",
    "Aborted",
)
# What the guide of 2019 calls the console's buttons.
HANGUL = re.compile("[가-힣]")
LABELS = re.compile(
    "Block all public access|Choose or create an execution role|Create a new role from( AWS policy templates)?|Add inline policy"
    "|Configure test events|(Yes, )?replace existing values|Use this bucket to host a website"
)


def english(screen: str) -> list[str]:
    """Runs of three words or more that read as English."""
    names = NAMES | {name for _, path in _verbs() for name in path}
    found = []
    for line in screen.splitlines():
        plain = " ".join("·" if word in names else word for word in CODE.sub(" · ", LABELS.sub("", line)).split(" "))
        found += ENGLISH.findall(re.sub(r" +", " ", plain))
    return [*found, *(frame for frame in FRAMES if frame in screen)]


def _verbs(command: click.Command = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[click.Command, tuple[str, ...]]]:
    yield command, path
    for name, verb in command.commands.items() if isinstance(command, click.Group) else ():
        yield from _verbs(verb, (*path, name))


def _wrong(command: click.Command) -> Iterator[list[str]]:
    """One call for each kind of usage error that the command knows, without the arguments before it."""
    needed = [_good(param) for param in command.params if isinstance(param, click.Argument) and param.required]
    yield ["--nonsense"]
    yield from (["one", "two", *needed], [*needed, "1", "2", "3"])
    if needed:
        yield []
    for param in command.params:
        if isinstance(param, click.Option):
            yield from (([*needed, *call]) for call in _wrong_options(param))
        elif isinstance(param.type, click.Choice | click.types.IntParamType):
            yield ["nonsense"]
    if isinstance(command, click.Group):
        yield from ([], ["nonsense"], [f"{next(iter(command.commands))}x"])


def _wrong_options(option: click.Option) -> Iterator[list[str]]:
    name = max(option.opts, key=len)
    yield [f"{name}x"]
    yield [f"{name}=1"] if option.is_flag else [name]
    if isinstance(option.type, click.Choice | click.types.IntParamType):
        yield [name, "nonsense"]


def _good(argument: click.Argument) -> str:
    return argument.type.choices[0] if isinstance(argument.type, click.Choice) else "1"


def _shown(calls: list[list[str]], home: Path, *words: str, **variables: str) -> list[tuple[list[str], int, str]]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    answer = subprocess.run(
        [sys.executable, "-c", SCREENS, *words],
        input="\n".join(map(json.dumps, calls)),
        env={**clean, "HOL_STATE_DIR": str(home / "state"), "PYTHONIOENCODING": "utf-8", **variables},
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=400,
    )
    assert answer.returncode == 0, answer.stderr
    return [tuple(json.loads(line)) for line in answer.stdout.splitlines()]


LOCALES = [(("--lang", "ko"), "C.UTF-8"), (("--lang=ko",), "en_US.UTF-8"), ((), "ko_KR.UTF-8")]


@pytest.mark.parametrize(("words", "locale"), LOCALES)
def test_help_is_korean(words: tuple[str, ...], locale: str, tmp_path: Path) -> None:
    calls = [[*path, option] for _, path in _verbs() for option in ("--help", "-h")] + [["--version"], ["-V"]]
    screens = _shown(calls, tmp_path, *words, LANG=locale)
    assert len(screens) == len(calls) > 36
    assert {code for _, code, _ in screens} == {0}
    assert {" ".join(call): english(screen) for call, _, screen in screens if english(screen)} == {}
    assert all("사용법: hol" in screen for call, _, screen in screens if len(call[-1]) > 2 and "--version" not in call)


@pytest.mark.parametrize(("words", "locale"), LOCALES)
def test_every_usage_error_is_korean(words: tuple[str, ...], locale: str, tmp_path: Path) -> None:
    calls = [[*path, *wrong] for command, path in _verbs() for wrong in _wrong(command)]
    calls = [call for call in calls if "--lang" not in call or call[-1] == "--lang"]
    screens = _shown(calls, tmp_path, *words, LANG=locale)
    assert len(screens) == len(calls) > 300
    assert {" ".join(call): code for call, code, _ in screens if code != 2} == {}
    assert {" ".join(call): english(screen) for call, _, screen in screens if english(screen)} == {}


def test_what_a_wrong_word_gets_in_korean(tmp_path: Path) -> None:
    said = {
        " ".join(call): screen.splitlines()[-1]
        for call, _, screen in _shown(
            [
                ["extend"],
                ["step", "x"],
                ["stpe"],
                ["up", "--profle"],
                ["guide", "--format", "x"],
                ["up", "1"],
                ["up", "--jobs"],
            ],
            tmp_path,
            "--lang",
            "ko",
        )
    }
    assert said == {
        "extend": "오류: 빠진 인수: '시간'.",
        "step x": "오류: '[번호]'의 값이 잘못됐어요: 단계 번호가 아니에요",
        "stpe": "오류: 'stpe': 없는 명령이에요. 혹시 'step'인가요?",
        "up --profle": "오류: '--profle': 없는 옵션이에요. 혹시 '--profile'인가요?",
        "guide --format x": "오류: '--format'의 값이 잘못됐어요: 'x': 'html', 'md' 중에서 고르세요.",
        "up 1": "오류: 남는 인수가 있어요(1)",
        "up --jobs": "오류: 옵션 '--jobs'에 값이 필요해요.",
    }


SETTINGS = [
    "function.timeout=10s",
    "function.timout=3",
    "attendee=A",
    "role.name={who}",
    "role=",
    "nonsense",
    "function.memory=",
    "bucket.name=A_B",
    "jobs=0",
    "region=nowhere",
    "stage.rate=-1",
    "site.folder=/",
    "endpoint.model=no/such.tar.gz",
    "function=3",
    "a.b.c=1",
    "target=moon",
    "local.port=99999",
    "endpoint.ttl=soon",
    "cors.origin=x",
    "=3",
]
FILES = ["a: [", "- 1", "functoin: {timeout: 3}", "function: {timeout: ten}", "a: &a 1\nb: *a", "a: 1\na: 2", "\ta: 1"]


def test_every_config_error_is_korean(tmp_path: Path) -> None:
    calls = [["step", "0", "--explain", "--set", setting] for setting in SETTINGS]
    for number, text in enumerate(FILES):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "config.yaml").write_text(text, encoding="utf-8")
        calls.append(["status", "--config", str(tmp_path / str(number))])
    calls += [
        ["status", "--config", "no-such-file"],
        ["step", "99"],
        ["check", "99"],
    ]
    screens = _shown(calls, tmp_path, "--lang", "ko", LANG="C.UTF-8")
    failed = [(call, screen) for call, code, screen in screens if code == 2]
    assert len(failed) > 20
    assert {" ".join(call): english(screen) for call, screen in failed if english(screen)} == {}


def test_the_language_of_the_configuration_counts_once_it_is_read(tmp_path: Path) -> None:
    for language in ("ko", "en"):
        (tmp_path / language).mkdir()
        whole = (packaged() / "config.yaml").read_text(encoding="utf-8")
        text, changed = re.subn(r"(?m)^language: auto", f"language: {language}", whole)
        assert changed == 1
        (tmp_path / language / "config.yaml").write_text(text, encoding="utf-8")
    calls = [["step", "99", "--config", str(tmp_path / language)] for language in ("ko", "en")]
    for locale in ("C.UTF-8", "ko_KR.UTF-8"):
        korean, other = (screen for _, _, screen in _shown(calls, tmp_path, LANG=locale))
        assert english(korean) == []
        assert "there is no step 99" in other


def test_english_stays_english_beside_a_korean_locale(tmp_path: Path) -> None:
    ((_, _, screen),) = _shown([["up", "--nonsense"]], tmp_path, "--lang", "en", LANG="ko_KR.UTF-8", LANGUAGE="ko")
    assert "Usage: hol up [OPTIONS]" in screen
    assert "No such option" in screen


STORY = """up --dry-run; doctor; step 3; step 3 --explain; check; up --no-check; status; check 4; guide --since-2019; extend 2h;
local status; init; init; down --dry-run; down; down --yes; status; check 4; step 9; open; local stop; doctor --target aws; up --target aws"""


def test_the_whole_story_is_korean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every verb that ends by itself; that there is no terminal to ask, and there are no credentials, is part of it."""
    monkeypatch.setenv("HOL_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    port = free_port()
    calls = [
        [*call.split(), *([] if call.strip() == "init" else ["--set", f"local.port={port}"])]
        for call in STORY.split(";")
    ]
    try:
        screens = _shown(calls, tmp_path, "--lang", "ko", LANG="C.UTF-8")
    finally:
        process.stop(port)
    assert len(screens) == len(calls)
    assert all(HANGUL.search(screen) for _, _, screen in screens)
    assert {
        f"{n} {' '.join(call)}": english(screen) for n, (call, _, screen) in enumerate(screens) if english(screen)
    } == {}


def test_the_detector_detects() -> None:
    assert english("Show this message and exit.")
    assert english("오류: the role is not there")
    assert not english("예: hol up · hol up --dry-run · hol up --target aws")
    assert not english("실습을 SageMaker 엔드포인트와 API Gateway로")
