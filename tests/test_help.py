"""Help, the version and what the shell proposes: nothing is loaded for them, and everything is found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from test_korean_screens import _verbs

from hol import __version__
from hol.__main__ import run
from hol.cli.main import cli
from hol.config.files import packaged

OF_EVERY_VERB = {"up", "step", "down", "check", "status"}


@pytest.mark.parametrize("words", [("help",), ("--help",), ("-h",)])
def test_help_has_many_names(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(list(words)) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in cli.commands)
    assert "..." not in shown.replace("[ARGS]...", "")  # no sentence is cut short


@pytest.mark.parametrize("path", [path for _, path in _verbs() if path], ids=" ".join)
def test_the_help_of_a_verb(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", *path]) == 0
    asked = capsys.readouterr().out
    assert run([*path, "--help"]) == 0
    assert capsys.readouterr().out == asked
    assert asked.startswith(f"Usage: hol {' '.join(path)}")
    own, _, common = asked.partition("Which lab:\n")
    assert "\n  --target" not in own
    assert path[0] not in OF_EVERY_VERB or "How it runs:\n" in common


def test_unknown_help_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", "nope"]) == 2
    assert "No such command 'nope'" in capsys.readouterr().err
    assert run(["version"]) == run(["--version"]) == 0
    assert capsys.readouterr().out == f"hol {__version__}\n" * 2


def _proposed(line: str, home: Path, *environment: str) -> dict[str, str]:
    """What zsh would propose for the last word, with its help."""
    words = line.split(" ")
    variables = {"_HOL_COMPLETE": "zsh_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        ["env", *environment, *(f"{name}={value}" for name, value in variables.items()), sys.executable, "-m", "hol"],
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    found = done.stdout.splitlines()
    return dict(zip(found[1::3], found[2::3], strict=True))


def test_the_shell_proposes_steps_and_keys(tmp_path: Path) -> None:
    steps = _proposed("hol step ", tmp_path)
    assert [*steps] == [str(number) for number in range(11)]
    assert steps["5"] == "CORS"
    assert [*_proposed("hol down 1", tmp_path)] == ["1", "10"]
    assert "CORS" in _proposed("hol check ", tmp_path, "LANG=ko_KR.UTF-8")["5"]
    known = yaml.safe_load((packaged() / "config.yaml").read_text(encoding="utf-8"))
    keys = _proposed("hol up --set ", tmp_path)
    assert {one.rstrip("=") for one in keys} == {
        f"{name}.{key}" if isinstance(value, dict) and value else name
        for name, value in known.items()
        for key in (value if isinstance(value, dict) and value else [""])
    }
    assert keys["function.timeout="].startswith("seconds")
    assert [*_proposed("hol up --set function.t", tmp_path)] == ["function.timeout="]
