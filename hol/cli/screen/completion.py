"""What the shell proposes: the numbers of the steps, and the keys of config.yaml; read from files, nothing is loaded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from hol.words.catalogue import current_language

if TYPE_CHECKING:
    from pathlib import Path

_KEY = re.compile(r"^(?P<indent>(?:  )?)(?P<name>\w+):(?P<value>[^#]*)(?:#\s*(?P<comment>.*))?$")


def _folders() -> list[Path]:
    """Where the lab's files may lie: here, else packaged."""
    from pathlib import Path

    package = Path(__file__).resolve().parents[3]
    return [folder for folder in (Path.cwd(), package, package / "hol" / "_lab") if folder.is_dir()]


def step_numbers(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The steps' numbers, each with its title."""
    language = current_language()
    for folder in _folders():
        if files := sorted((folder / "steps").glob("step[0-9][0-9]_*.py")):
            found = {str(int(file.name[4:6])): _title(file.with_suffix(f".{language}.md")) for file in files}
            return [
                CompletionItem(number, help=title) for number, title in found.items() if number.startswith(incomplete)
            ]
    return []


def _title(guide: Path) -> str:
    if not guide.is_file():
        return ""
    with guide.open(encoding="utf-8", errors="replace") as file:
        return file.readline().lstrip("# ").strip()


def keys(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`function.timeout=` for every key of config.yaml, each with its comment."""
    commented = "config.ko.yaml" if current_language() == "ko" else "config.yaml"
    file = next((folder / commented for folder in reversed(_folders()) if (folder / commented).is_file()), None)
    if file is None:
        return []
    section, found = "", list[CompletionItem]()
    for line in file.read_text(encoding="utf-8").splitlines():
        named = _KEY.match(line)
        if named and not named["indent"]:
            section = named["name"]
        if named and (named["indent"] or named["value"].strip()):
            key = f"{section}.{named['name']}" if named["indent"] else section
            found.append(CompletionItem(f"{key}=", help=(named["comment"] or "").strip()))
    return [one for one in found if one.value.startswith(incomplete)]
