"""stdout and stderr as they may be: closed, full, a terminal that hung up.

Results that cannot be written are a failure. Words to a person that cannot be written stop no work; that they were lost
is remembered.
"""

from __future__ import annotations

import os
import sys
from typing import TextIO, cast

from hol.cli.screen.encoding import writable


class Unwritable(OSError):
    """stdout does not take the results."""


class _Stream:
    """A text stream whose errors are ours; everything else is the stream's."""

    def __init__(self, stream: TextIO):
        self._stream = stream
        self.lost: OSError | None = None

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as error:
            return self._failed(error)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._failed(error)

    def reconfigure(self, **settings: object) -> None:
        """It is set already, and setting it again would flush what could not be written."""

    def _failed(self, error: OSError) -> int:
        raise NotImplementedError

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


class _Results(_Stream):
    def _failed(self, error: OSError) -> int:
        if isinstance(error, BrokenPipeError):
            raise error
        self.lost = error
        raise Unwritable(error.errno, error.strerror) from error


class _Words(_Stream):
    def _failed(self, error: OSError) -> int:
        if isinstance(error, BrokenPipeError):
            raise error
        self.lost = error
        return 0


def prepare() -> None:
    """Both streams, whatever they were when hol began. A closed one is opened, so that no file takes its number."""
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the lowest free number: this one; nothing can be written to stdout then
    sys.stdout = cast(TextIO, _Results(writable(_opened(sys.stdout, 1))))
    sys.stderr = cast(TextIO, _Words(writable(_opened(sys.stderr, 2))))


def _opened(stream: TextIO | None, number: int) -> TextIO:
    return stream or open(number, "w", encoding="utf-8", closefd=False)


def lost() -> bool:
    """Whether words on stderr were lost."""
    return getattr(sys.stderr, "lost", None) is not None
