"""What can go wrong, with its cause, its fix and its exit code.

Every error that hol expects is a `HolError`: it says what happened, why, and what to do next, in both
languages. Anything else that escapes is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from hol.words.text import Text


@dataclass(frozen=True)
class Failure:
    """An AWS error as the table sees it; `lost` when the call may have taken effect all the same."""

    code: str
    message: str
    status: int = 0
    lost: bool = False

    def is_one_of(self, known: Collection[str]) -> bool:
        """Whether one of `known` describes it: a code, or `code: part of the message`."""
        parts = (one.partition(": ") for one in known)
        return any(code == self.code and words in self.message for code, _, words in parts)


class Exit(IntEnum):
    """The documented exit codes."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    DIFFERS = 3
    CREDENTIALS = 4
    PERMISSION = 5
    LEFT_BEHIND = 6
    CHECK_FAILED = 7
    INTERRUPTED = 130
    HUNG_UP = 129
    TERMINATED = 143


class HolError(Exception):
    """An expected failure: `what` happened, `why`, and the `fix`; ends hol with `code`.

    `failure` is AWS's own error, if it was one: whoever must decide on it tests that and never the words. `about` is the key
    of the event that failed.
    """

    code = Exit.FAILED
    failure: Failure | None = None
    about = ""

    def __init__(self, what: Text, why: Text | None = None, fix: Text | None = None, code: Exit | None = None):
        super().__init__(what.render())
        self.what, self.why, self.fix = what, why, fix
        if code is not None:
            self.code = code


class ConfigError(HolError):
    """config.yaml, an option or an argument is not what it must be."""

    code = Exit.USAGE


class PrerequisiteError(HolError):
    """A step needs something that an earlier step makes."""


class ForeignError(HolError):
    """Something with our name exists that is not provably ours; it was left alone."""


class ManagedElsewhere(ForeignError):
    """A stack or another tool has made it, and takes it down again."""


class NameTaken(ForeignError):
    """The name is unique in the world, and somebody else has it."""


class CredentialsError(HolError):
    """AWS does not know who is asking, or no longer believes it."""

    code = Exit.CREDENTIALS


class ClockError(CredentialsError):
    """The clock of this machine is wrong, so that AWS refuses its signatures."""


class PermissionDenied(HolError):
    """AWS knows who is asking and says no; also quotas."""

    code = Exit.PERMISSION


class CheckFailed(HolError):
    """A check found that the lab does not work."""

    code = Exit.CHECK_FAILED


class Unreachable(CheckFailed):
    """No answer at all: of the network, or of the address, which says nothing of what is behind it."""


class LocalError(HolError):
    """The embedded local AWS cannot be started, reached or stopped."""
