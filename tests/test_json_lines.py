"""`--json` as docs/json.md says: every line of every verb has a type and the fields of that type, and is known without its sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ports import free_port
from test_korean_screens import _shown as screens_of

from hol.local.life import process

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "json.md").read_text(encoding="utf-8")
TYPES = {
    row[1]: set(re.findall(r"`(\w+)`", row[2])) for row in re.finditer(r"^\| `(\w+)` \| ([^|]*) \|", PAGE, re.MULTILINE)
}
MAY_LACK = {"error": {"why", "fix"}}
LANGUAGES = ("en", "ko")
pytestmark = pytest.mark.timeout(500)  # the story is told once for all tests
# With what each of them must tell, whatever the language: (type, field, value).
STORY: list[tuple[str, list[tuple[str, str, Any]]]] = [
    ("up --dry-run", [("summary", "deleted", 0), ("message", "key", "dry-run")]),
    ("step 3", [("error", "name", "PrerequisiteError"), ("error", "code", 1)]),
    ("step", [("state", "state", "not there"), ("message", "key", "next")]),
    ("up", [("event", "key", "iam.role myTextClassificationLambdaRole-hol"), ("check", "key", "page-call")]),
    ("up", [("summary", "created", 0), ("output", "name", "website_url")]),
    ("status", [("state", "state", "in place"), ("message", "key", "cost")]),
    ("doctor", [("message", "key", "next")]),
    ("step 5 --explain", [("message", "key", "guide"), ("summary", "unchanged", 10)]),
    ("step 1 --cli", [("output", "name", "command")]),
    ("guide --since-2019", [("since", "step", 3)]),
    ("check", [("check", "key", "post"), ("summary", "deleted", 0), ("message", "key", "verdict"), ("end", "code", 0)]),
    ("down --dry-run", [("summary", "created", 0), ("message", "key", "dry-run")]),
    ("down", [("error", "name", "ConfigError")]),
    ("down --yes", [("receipt", "verified_absent", True), ("end", "code", 0)]),
    ("down --yes", [("message", "key", "local-not-running")]),
]


def test_the_page_lists_the_types() -> None:
    assert len(TYPES) == 19
    assert all(TYPES.values())


@pytest.fixture(scope="module", params=LANGUAGES)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """What each verb of the story prints, on stdout and stderr together: nothing but JSON."""
    home, port = tmp_path_factory.mktemp("json"), free_port()
    calls = [[*words.split(), "--set", f"local.port={port}"] for words, _ in STORY]
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("HOL_STATE_DIR", str(home / "state"))
        try:
            shown = screens_of(calls, home, "--json", "--lang", request.param, LANG="C.UTF-8")
        finally:
            process.stop(port)
    return [[json.loads(line) for line in screen.splitlines()] for _, _, screen in shown]


def test_every_line_has_the_fields_of_its_type(story: list[list[dict[str, Any]]]) -> None:
    for (words, _), lines in zip(STORY, story, strict=True):
        for line in lines:
            fields = line.keys() - {"schema", "type"}
            assert line["schema"] == "hol/1"
            assert fields <= TYPES[line["type"]], (words, line)
            assert TYPES[line["type"]] - fields <= MAY_LACK.get(line["type"], set()), (words, line)


def test_whatever_is_said_is_known_without_its_sentence(story: list[list[dict[str, Any]]]) -> None:
    for (words, expected), lines in zip(STORY, story, strict=True):
        for kind, name, value in expected:
            assert [one for one in lines if one["type"] == kind and one.get(name) == value], (words, kind, name, lines)
        keyless = [one for one in lines if one.get("key") == "" and one.get("mark") != "="]
        assert keyless == [], (words, keyless)


def test_a_dry_run_names_no_address(story: list[list[dict[str, Any]]]) -> None:
    assert not [line for line in story[0] if "http" in json.dumps(line)]
