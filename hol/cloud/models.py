"""botocore's descriptions of services, as far as hol reads them: botocore has no types, and makes its clients of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from botocore.loaders import Loader

Client: TypeAlias = Any  # its methods are made of a description, one an operation


class Shape(Protocol):
    """An input, an answer or a part of one; `serialization` says where it stands on the wire, and as what."""

    @property
    def type_name(self) -> str: ...
    @property
    def serialization(self) -> Mapping[str, str]: ...
    @property
    def metadata(self) -> Mapping[str, Any]: ...  # its rules: min, max, pattern
    @property
    def members(self) -> Mapping[str, Shape]: ...  # of a structure
    @property
    def required_members(self) -> Sequence[str]: ...
    @property
    def member(self) -> Shape: ...  # of a list
    @property
    def key(self) -> Shape: ...  # of a map
    @property
    def value(self) -> Shape: ...
    @property
    def enum(self) -> Sequence[str]: ...  # of a text


class Service(Protocol):
    """A service with its operations."""

    @property
    def metadata(self) -> Mapping[str, str]: ...
    @property
    def resolved_protocol(self) -> str: ...
    @property
    def operation_names(self) -> Sequence[str]: ...
    def operation_model(self, name: str) -> Operation: ...
    def shape_for_error_code(self, error_code: str) -> Shape | None: ...


class Operation(Protocol):
    """One operation; `http` has its method and its path."""

    @property
    def name(self) -> str: ...
    @property
    def http(self) -> Mapping[str, str]: ...
    @property
    def input_shape(self) -> Shape | None: ...
    @property
    def output_shape(self) -> Shape | None: ...
    @property
    def has_streaming_output(self) -> bool: ...
    @property
    def service_model(self) -> Service: ...


@dataclass(frozen=True)
class Pagination:
    """How a list goes on: its lists in an answer, and the parameters of the next call → members of the answer."""

    lists: tuple[str, ...]
    tokens: Mapping[str, str]

    @classmethod
    def described(cls, how: Mapping[str, str | list[str]]) -> Pagination:
        """As botocore's data has it: one name as it is, several as a list."""
        named = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in how.items()}
        given, answered, lists = named["input_token"], named["output_token"], named["result_key"]
        return cls(lists, dict(zip(given, answered, strict=True)))


class Descriptions(Loader):  # type: ignore[misc]  # botocore has no types
    """botocore's own loader, but for one question that costs it 30 ms for each kind of description."""

    def list_available_services(self, type_name: str) -> list[str]:
        """The folders' names, whatever kinds stand in each; one without that kind is an error when it is loaded."""
        return _folders(tuple(self.search_paths))


@cache
def _folders(paths: tuple[str, ...]) -> list[str]:
    found: set[str] = set()
    for path in paths:
        with suppress(OSError):
            found.update(one.name for one in Path(path).iterdir())
    return sorted(found)
