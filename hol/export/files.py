"""An export: its files, and the plan that they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hol.export.plan import Plan


@dataclass(frozen=True)
class Export:
    """`files`: name → content."""

    files: Mapping[str, bytes]
    plan: Plan


_WIDTH = 100
# What a script says first: where it lies itself.
HERE = 'HERE=$(cd "$(dirname "$0")" && pwd)'


def contents(used: Mapping[str, Path]) -> dict[str, bytes]:
    """The files that a script has beside it, folders whole: path there → content."""
    files = [
        (PurePosixPath(there), path, one) for there, path in used.items() for one in (path, *sorted(path.rglob("*")))
    ]
    return {
        str(there / one.relative_to(path).as_posix()): one.read_bytes()
        for there, path, one in files
        if one.is_file() and "__pycache__" not in one.parts
    }


def laid_out(value: object, whole: int = 0, indent: str = "") -> str:
    """JSON as a person writes it: what fits on a line stands on one; the outer `whole` levels only with one plain item."""
    line = json.dumps(value, ensure_ascii=False)
    short = len(indent) + len(line) <= _WIDTH and (whole <= 0 or _is_plain(value))
    if not isinstance(value, dict | list) or not value or short:
        return line
    inside = f"{indent}  "
    if isinstance(value, dict):
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {laid_out(item, whole - 1, inside)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(inside + item for item in items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inside + laid_out(item, whole - 1, inside) for item in value) + f"\n{indent}]"


def _is_plain(value: object) -> bool:
    """Whether it holds one item, which holds nothing."""
    return (
        isinstance(value, dict)
        and len(value) == 1
        and not any(isinstance(one, dict | list) and one for one in value.values())
    )
