"""What AWS has not answered yet.

In a dry-run a write returns `UNKNOWN`. Its members are UNKNOWN, text made of it is recognised, and using it as a
condition raises: a step cannot branch on what AWS has not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

_SIGN = "\N{WHITE QUESTION MARK ORNAMENT}"


class _Unknown:
    def __getattr__(self, name: str) -> _Unknown:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: object) -> _Unknown:
        return self

    def __call__(self, *args: object, **kwargs: object) -> _Unknown:
        return self

    def __iter__(self) -> NoReturn:
        raise TypeError("a dry-run cannot go through what AWS has not answered")

    def __bool__(self) -> bool:
        raise TypeError("a dry-run cannot decide on what AWS has not answered")

    def __eq__(self, other: object) -> bool:
        raise TypeError("a dry-run cannot compare what AWS has not answered")

    def __hash__(self) -> int:
        return id(self)

    def __str__(self) -> str:
        return _SIGN

    __repr__ = __str__


UNKNOWN: Any = _Unknown()  # stands for whatever AWS would have answered


def is_unknown(value: object) -> bool:
    """Whether the value is, holds, or was made of `UNKNOWN`."""
    if isinstance(value, _Unknown):
        return True
    if isinstance(value, str):
        return _SIGN in value
    if isinstance(value, Mapping):
        return any(is_unknown(item) for item in value.values())
    return isinstance(value, list | tuple | set) and any(is_unknown(item) for item in value)
