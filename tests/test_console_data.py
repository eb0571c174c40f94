"""The screens' data: every label in both languages, every way leads somewhere, every call is one of AWS's, and what the little language does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml
from botocore import xform_name
from harness import STEPS

from hol.config.files import packaged
from hol.serve.acts import lines, missing
from hol.serve.filling import archive, filled, find, holds, unpacked
from hol.serve.screens import Screen, load
from hol.words.errors import ConfigError

SCREENS = load(STEPS)
LABELS = ("label", "title", "hint", "text", "said", "confirm", "silent", "empty", "placeholder", "unit")
ACTIONS = yaml.safe_load((packaged() / "assets/guide/actions.yaml").read_text(encoding="utf-8"))
HANGUL = re.compile("[가-힣]")


def walked(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in the data."""
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from walked(part)
    elif isinstance(value, list):
        for part in value:
            yield from walked(part)


@cache
def operations(service: str) -> dict[str, Any]:
    """boto3's name → the operation, of one service."""
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


@pytest.mark.parametrize("screen", SCREENS.values(), ids=lambda screen: screen.id)
def test_every_label_is_in_both_languages(screen: Screen) -> None:
    for data in walked(screen.data):
        for name in LABELS:
            label = data.get(name)
            if isinstance(label, list):
                assert len(label) == 2 and all(isinstance(one, str) for one in label), label
                assert not HANGUL.search(label[1]), label
                assert not re.search(r"(니다|시오|십시오)[.!]?$", label[0]), label


@pytest.mark.parametrize("screen", SCREENS.values(), ids=lambda screen: screen.id)
def test_every_way_leads_to_a_screen_with_what_it_wants(screen: Screen) -> None:
    for data in walked(screen.data):
        for name in ("go", "then", "cancel", "child_go"):
            if name in data:
                assert data[name]["screen"] in SCREENS, data[name]
                assert set(data[name].get("with", {})) <= set(SCREENS[data[name]["screen"]].data.get("params", ()))


@pytest.mark.parametrize("screen", SCREENS.values(), ids=lambda screen: screen.id)
def test_every_call_is_one_of_aws_with_its_arguments(screen: Screen) -> None:
    for data in walked(screen.data):
        if "call" in data and not data["call"].startswith("hol."):
            service, name = data["call"].split(".")
            shape = operations(service)[name].input_shape
            known = set(shape.members) if shape else set()
            assert set(data.get("with", {})) <= known, data["call"]


def test_the_calls_of_the_actions_are_the_tables() -> None:
    found: dict[int, set[str]] = {}
    for screen in SCREENS.values():
        for button in screen.buttons.values():
            for call in button.get("calls", ()):
                numbers = call.get("action", [])
                for number in numbers if isinstance(numbers, list) else [numbers]:
                    found.setdefault(number, set()).add(call["call"])
    table = {row["n"]: {one for one in row["calls"] if not one.startswith("none")} for row in ACTIONS}
    assert found == {number: calls for number, calls in table.items() if calls}


def test_a_typing_mistake_in_the_data_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    (tmp_path / "console").mkdir()
    file = tmp_path / "console" / f"{STEPS[0].name}.yaml"
    file.write_text("- {screen: a, service: b, title: c, blocks: [{kind: note, txet: d}]}", encoding="utf-8")
    with pytest.raises(ConfigError, match="txet"):
        load([replace(STEPS[0], path=tmp_path / STEPS[0].path.name)])


VALUES = {"a": "x", "n": 75, "b.c": "dotted", "d": {"e": [1, 2]}, "empty": "", "off": False}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{a}", "x"),
        ("{n}", 75),
        ("{n} s", "75 s"),
        ("{b.c}", "dotted"),
        ("{d.e}", [1, 2]),
        ("{nothing}", None),
        ("-{nothing}-", "--"),
        ('{"statusCode": 200}', '{"statusCode": 200}'),
        ({"A": "{a}", "B": "{nothing}"}, {"A": "x"}),
        ({"$json": {"A": ["{a}"]}}, '{\n  "A": [\n    "x"\n  ]\n}'),
        ({"$find": "d.e[1]"}, 2),
        ({"$find": "empty || none"}, None),
        ({"$find": "it is no question ("}, None),
        ({"$sum": {"n": 2, "nothing": 60}}, 150),
        ({"$divided": ["n", 60]}, 1),
        ({"$rest": ["n", 60]}, 15),
        ({"$decoded": "aGVsbG8="}, "hello"),
    ],
    ids=str,
)
def test_what_a_template_becomes(template: Any, expected: Any) -> None:
    assert filled(template, VALUES) == expected


def test_conditions() -> None:
    assert holds(None, VALUES) and holds({"a": "x"}, VALUES) and holds({"a": ["y", "x"]}, VALUES)
    assert holds({"a": "*"}, VALUES) and holds({"nothing": None}, VALUES) and holds({"off": [False, None]}, VALUES)
    assert not holds({"a": "y"}, VALUES) and not holds({"empty": "*"}, VALUES) and not holds({"a": "x", "n": 1}, VALUES)


def test_a_quotation_mark_in_a_value_asks_for_nothing_else() -> None:
    there = {**VALUES, "quoted": "' || a || '"}
    assert find("'{quoted}'", there) == "' || a || '"
    assert find('d."{quoted}"', there) is None


def test_an_archive_is_the_same_bytes_for_the_same_files() -> None:
    assert archive({"a.py": "1"}) == archive({"a.py": "1"})
    assert unpacked(archive({"a.py": "1", "b/c.py": "2"})) == {"a.py": "1", "b/c.py": "2"}


def test_what_must_be_filled_in() -> None:
    fields = [
        {"name": "a", "required": True},
        {"name": "b", "required": True, "when": {"a": "x"}},
        {"name": "c", "must": True},
    ]
    assert missing(fields, {"a": "", "c": True}) == ["a"]
    assert missing(fields, {"a": "x", "b": "", "c": False}) == ["b", "c"]


def test_contents_are_named_in_the_lines_and_never_shown() -> None:
    from hol.cloud.actions import Call

    shown = lines(Call("s3.put_object", {"Bucket": "b", "Key": "k", "Body": b"secret"}), {"path": "lib/a.js"})
    assert "secret" not in str(shown) and "lib/a.js" in shown["aws"] and "lib/a.js" in shown["boto3"]
    invoked = lines(Call("lambda.invoke", {"FunctionName": "f", "Payload": "{}"}))["aws"]
    assert invoked.split()[-3:] == ["raw-in-base64-out", "\\", "response.json"]
