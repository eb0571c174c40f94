"""How much of the long families runs: all with HOL_FULL=1, else a few, always the same ones."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest
from _pytest.mark import ParameterSet

FULL = bool(os.environ.get("HOL_FULL"))


def some(cases: Iterable[Any], every: int) -> list[Any]:
    """The cases of a parametrisation; every `every`-th of them always runs, the others are marked long."""
    return [case if place % every == 0 else _long(case) for place, case in enumerate(cases)]


def _long(case: Any) -> ParameterSet:
    if isinstance(case, ParameterSet):
        return pytest.param(*case.values, marks=[*case.marks, pytest.mark.long], id=case.id)
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.long)
