"""botocore's descriptions of services, as far as hol reads them: botocore has no types, and makes its clients of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

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
