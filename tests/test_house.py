"""The house keeps its order: rooms on floors, arrows downward only, no circle, nothing crowded."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOL = ROOT / "hol"
# From the ground up; rooms of one floor do not know each other.
FLOORS = (
    ("words",),
    ("config",),
    ("cloud",),
    ("engine", "local"),
    ("aws",),
    ("operate",),
    ("teach",),
    ("group",),
    ("serve", "export"),
    ("cli",),
)
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
# operate looks whether the port of the local AWS is free, and the verbs start it; nothing else knows of it.
KNOW_LOCAL = {"cli"}
MODULES = sorted(path for path in HOL.rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {_name(path) for path in MODULES}


def _imported(path: Path) -> Iterator[str]:
    """The modules of hol, and of others, that the file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in NAMES else node.module


def _room(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "hol" and len(parts) > 1 else ""


def test_every_room_has_its_floor() -> None:
    rooms = {path.name for path in HOL.iterdir() if path.is_dir() and path.name not in ("__pycache__", "_lab")}
    assert rooms == set(LEVEL)


def test_arrows_point_downward_only() -> None:
    upward = [
        (_name(path), other)
        for path in MODULES
        for other in _imported(path)
        if _room(_name(path)) in LEVEL and _room(other) in LEVEL and _room(other) != _room(_name(path))
        if LEVEL[_room(other)] >= LEVEL[_room(_name(path))]
    ]
    assert upward == []


def test_only_the_command_line_knows_the_local_aws() -> None:
    knowing = {_room(_name(path)) for path in MODULES for other in _imported(path) if _room(other) == "local"}
    assert knowing - {"local"} == KNOW_LOCAL


def test_no_modules_go_in_a_circle() -> None:
    assert _circles({_name(path): {*_imported(path)} & NAMES - {_name(path)} for path in MODULES}) == {}


def test_no_files_of_the_pages_go_in_a_circle() -> None:
    sources = [path for path in (ROOT / "console" / "src").iterdir() if path.suffix in (".js", ".jsx")]
    arrows = {path.name: set(re.findall(r'from "\./([\w.]+)"', path.read_text(encoding="utf-8"))) for path in sources}
    assert any(arrows.values())
    assert _circles(arrows) == {}


def _circles(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """What is left when whatever needs nothing that is left is taken away, again and again."""
    while free := {name for name, others in arrows.items() if not others & arrows.keys()}:
        arrows = {name: others for name, others in arrows.items() if name not in free}
    return arrows


def _rooms_below(files: Iterator[Path]) -> set[str]:
    return {_room(one) for path in files for one in _imported(path) if one.startswith("hol")}


def test_the_steps_stand_on_the_nouns_and_the_kernel() -> None:
    steps = ROOT / "steps"
    assert _rooms_below(steps.glob("*.py")) == {"aws", "config", "engine", "words"}
    assert _rooms_below((steps / "site").glob("*.py")) <= {"aws", "config", "engine", "words"}
    # What a verb loads only when it is called may also know that verb's room.
    assert _rooms_below(steps.rglob("*.py")) <= {
        "aws",
        "cloud",
        "config",
        "engine",
        "words",
        "teach",
        "operate",
        "export",
    }


STEP_WORDS = re.compile(r"\bsteps? ?\d|\bhol step \d|\bstep\d\d")


def test_no_number_and_no_name_of_a_step_stands_in_the_package() -> None:
    names = {path.stem[7:] for path in (ROOT / "steps").glob("step*.py")}
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = (
                node.value.partition("Example")[0]
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
                else ""
            )
            found += [(_name(path), said)] if STEP_WORDS.search(said) else []
            found += [(_name(path), word) for word in _named_steps(node) if word in names]
    assert found == []


def _named_steps(node: ast.AST) -> Iterator[str]:
    """The words by which a step is asked for: `Lab(run, …)`, `lab.require(…, …)`, `lab.command(…, …)`, `one.name == …`."""
    asking = {"Lab": 1, "require": 1, "command": 1, "awaited": 0, "read_ahead": 0, "number": 0}
    if isinstance(node, ast.Call):
        said = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        words = node.args[asking[said] : asking[said] + 1] if said in asking else []
    elif isinstance(node, ast.Compare) and getattr(node.left, "attr", "") in ("name", "step"):
        words = node.comparators
    else:
        return
    for word in words:
        yield from (one.value for one in ast.walk(word) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_only_one_room_reaches_into_the_emulator() -> None:
    reaching = {
        _name(path).rpartition(".")[0] for path in MODULES for one in _imported(path) if one.startswith("ministack")
    }
    assert reaching == {"hol.local.emulator"}


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=_name)
def test_no_folder_is_crowded(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= 15
    rooms = [path for path in folder.iterdir() if path.is_dir() and path.name not in ("__pycache__", "_lab")]
    assert folder != HOL or len(rooms) <= 12


# An exception from a rule of ruff's or mypy's, and the reason that has to stand beside it.
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b(?P<reason>.*)")
REASON = re.compile(r"(?:: [A-Z]+\d+ - |\[[a-z-]+\]  # )\w")


@pytest.mark.parametrize("folder", ["hol", "steps", "scripts", "tests", "bench"])
def test_every_exception_has_its_reason_beside_it(folder: str) -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (found := EXCEPTION.search(line)) and not REASON.match(found["reason"])
    ]
    assert bare == []


def test_any_stands_where_others_have_no_types() -> None:
    """At the edges of botocore, the emulator, click and ASGI; what is only passed on is an `object`."""
    annotations = sum(
        isinstance(node, ast.Name) and node.id == "Any"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
    assert annotations <= 100


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    assert [_name(path) for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, the docstring not counted."""
    said = function.body[0] if ast.get_docstring(function) is not None else None
    return (function.end_lineno or 0) - function.lineno + 1 - ((said.end_lineno or 0) - said.lineno + 1 if said else 0)


def test_functions_are_short() -> None:
    lengths = sorted(
        _lines(node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert (lengths[len(lengths) // 2] <= 6, lengths[len(lengths) * 9 // 10] <= 15, lengths[-1] <= 30) == (True,) * 3


def test_no_small_module_stands_for_one_caller() -> None:
    """A module is split where its meaning splits; one that a few lines elsewhere could be is none of its own."""
    callers: dict[str, set[Path]] = {name: set() for name in NAMES}
    for path in [*MODULES, *(ROOT / "steps").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for name in {*_imported(path), *(name for name in NAMES if f'"{name}"' in text)} & NAMES:
            callers[name].add(path)
    small = [path for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) < 40]
    assert [_name(path) for path in small if not path.name.startswith("__") and len(callers[_name(path)]) < 2] == []
