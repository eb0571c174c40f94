"""What the doctor finds: a code, what is wrong, why, and what to do.

A `fault` will stop or spoil `hol up`; a `warning` will not, but somebody should know; `unknown` is what could not be
looked at, said plainly instead of counted as healthy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from hol.words.errors import CredentialsError, Exit, HolError, PermissionDenied
from hol.words.text import Text, t

Level = Literal["fault", "warning", "unknown"]
MARKS: dict[Level, str] = {"fault": "✗", "warning": "!", "unknown": "?"}


@dataclass(frozen=True)
class Finding:
    """One finding; `exit` is the exit code that a fault stands for."""

    code: str
    what: Text
    why: Text | None = None
    fix: Text | None = None
    level: Level = "fault"
    exit: Exit = Exit.FAILED


def of_error(code: str, error: HolError) -> Finding:
    """An error that a look at AWS ended with; one for lack of permission only says that nothing could be seen."""
    if isinstance(error, PermissionDenied):
        return unknown(code, error.what, error.fix)
    kind = Exit.CREDENTIALS if isinstance(error, CredentialsError) else Exit(error.code)
    return Finding(code, error.what, error.why, error.fix, exit=kind)


def unknown(code: str, what: Text, fix: Text | None = None) -> Finding:
    """Something that could not be looked at."""
    return Finding(code, t("cannot tell: {}", what), fix=fix, level="unknown", exit=Exit.DONE)


def worst(findings: list[Finding]) -> Exit:
    """The exit code of all findings: 0 without a fault, else credentials (4), permission or quota (5), failed (1)."""
    codes = {finding.exit for finding in findings if finding.level == "fault"}
    if not codes:
        return Exit.DONE
    return next((code for code in (Exit.CREDENTIALS, Exit.PERMISSION) if code in codes), Exit.FAILED)


@dataclass(frozen=True)
class Look:
    """A look of the doctor's: what it finds, and the code that an error on the way has. `hol up` makes the cheap ones."""

    code: str
    find: Callable[[], Iterable[Finding]]
    cheap: bool = False


def free(code: str, find: Callable[[], object], cheap: bool = False) -> Look:
    """A look whether a name is nobody else's: `find` refuses somebody else's namesake with `ForeignError`."""

    def look() -> Iterator[Finding]:
        find()
        yield from ()

    return Look(code, look, cheap)
