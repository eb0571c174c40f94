"""An export: its files, and the plan that they are of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hol.export.plan import Plan


@dataclass(frozen=True)
class Export:
    """`files`: name → content."""

    files: Mapping[str, bytes]
    plan: Plan


_WIDTH = 100


def laid_out(value: Any, whole: int = 0, indent: str = "") -> str:
    """JSON as a person writes it: what fits on a line stands on one; the outer `whole` levels never do."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (whole <= 0 and len(indent) + len(line) <= _WIDTH):
        return line
    inside = f"{indent}  "
    if isinstance(value, dict):
        items = [
            f"{json.dumps(key, ensure_ascii=False)}: {laid_out(item, whole - 1, inside)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(inside + item for item in items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inside + laid_out(item, whole - 1, inside) for item in value) + f"\n{indent}]"
