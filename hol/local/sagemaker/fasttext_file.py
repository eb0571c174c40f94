"""Is this byte string a whole fastText model?

fastText's own loader trusts its file: a truncated one makes it read for ever or ask for absurd amounts of memory,
inside the server's process. So the structure is walked here first. The file is a fixed header, the dictionary
(entries of a C string, a count and a type), then the input and the output matrix, each dense or quantised.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

MAGIC = 793712314
VERSIONS = (11, 12)
SUPERVISED = 3
_ARGUMENTS = 12 * 4 + 8
_PAIR = 8
_CENTROIDS = 256


class NotFastText(ValueError):
    """The bytes are no fastText model, or only a part of one; the message says which part is wrong."""


@dataclass
class _Cursor:
    data: bytes
    at: int = 0

    def skip(self, count: int) -> None:
        if count < 0 or self.at + count > len(self.data):
            raise NotFastText("model.bin is truncated")
        self.at += count

    def take(self, layout: str) -> tuple[int, ...]:
        start = self.at
        self.skip(struct.calcsize(layout))
        return struct.unpack_from(layout, self.data, start)


def check(data: bytes) -> int:
    """The number of labels; raises `NotFastText` unless the bytes are one supervised model (`.bin` or `.ftz`)."""
    cursor = _Cursor(data)
    if len(data) < _PAIR or cursor.take("<ii")[0] != MAGIC:
        raise NotFastText("model.bin is not a fastText model")
    if struct.unpack_from("<i", data, 4)[0] not in VERSIONS:
        raise NotFastText("model.bin is of an unsupported fastText version")
    _check_arguments(cursor)
    labels = _skip_dictionary(cursor)
    quantised = bool(cursor.take("<?")[0])
    _skip_matrix(cursor, quantised)
    quantised_output = bool(cursor.take("<?")[0])
    _skip_matrix(cursor, quantised and quantised_output)
    if cursor.at != len(data):
        raise NotFastText("model.bin has bytes after its end")
    return labels


def _check_arguments(cursor: _Cursor) -> None:
    start = cursor.at
    cursor.skip(_ARGUMENTS)
    kind = struct.unpack_from("<i", cursor.data, start + 7 * 4)[0]
    if kind != SUPERVISED:
        raise NotFastText("model.bin holds word vectors, not a supervised classifier")


def _skip_dictionary(cursor: _Cursor) -> int:
    entries, _, labels, _, pruned = cursor.take("<iiiqq")
    if labels < 1 or entries < labels:
        raise NotFastText("model.bin has no labels")
    if entries * 10 > len(cursor.data):
        raise NotFastText("model.bin is truncated")
    found = re.compile(rb"(?s:[^\0]*+\0.{9}){%d}+" % entries).match(cursor.data, cursor.at)
    if not found:
        raise NotFastText("model.bin is truncated")
    cursor.at = found.end()
    cursor.skip(max(pruned, 0) * _PAIR)
    return labels


def _skip_matrix(cursor: _Cursor, quantised: bool) -> None:
    if not quantised:
        rows, columns = cursor.take("<qq")
        return cursor.skip(rows * columns * 4)
    normed, rows, _, codes = cursor.take("<?qqi")
    cursor.skip(codes)
    _skip_quantiser(cursor)
    if normed:
        cursor.skip(rows)
        _skip_quantiser(cursor)
    return None


def _skip_quantiser(cursor: _Cursor) -> None:
    dimension, *_ = cursor.take("<iiii")
    cursor.skip(dimension * _CENTROIDS * 4)
