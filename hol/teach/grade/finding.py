"""What a look at somebody's work finds: facets, right or wrong, each with what mends it.

A finding is known by its key, `step.facet`, whatever the language. One cause is one finding: what cannot be looked at
because an earlier step is missing `waits` for it, and a test that fails is folded into the finding that explains it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hol.engine.lab import Lab
from hol.words.text import Text, t


@dataclass(frozen=True)
class Finding:
    """One facet: right, or wrong in a way that `wrong` says and `mend` mends in the console."""

    facet: str
    what: Text
    wrong: Text | None = None
    mend: Text | None = None
    live: bool = False  # about whether it answers, which is no matter of whose it is: `hol adopt` does not mind
    harmless: bool = False  # wrong, and all the same no reason why a test would fail
    doubtful: bool = False  # right after all, in another way than the guide's, when the step's test passes
    untested: bool = False  # with this a test would only wait for nothing
    theirs: bool = False  # of somebody's own making, which hol leaves as it is: no step puts it right
    other: Text | None = None  # right, though not as in the guide
    waits: str = ""  # the step without which it cannot be looked at
    step: str = ""
    failures: tuple[Text, ...] = ()  # what failed because of it, in AWS's own words

    @property
    def right(self) -> bool:
        return self.wrong is None and not self.waits

    @property
    def key(self) -> str:
        return f"{self.step}.{self.facet}"

    @property
    def after_all(self) -> Finding:
        """The same, now that the test has passed with it."""
        return replace(self, wrong=None, mend=None, other=self.wrong)


Grader = Callable[[Lab], Iterator[Finding]]


def judged(
    facet: str,
    right: object,
    what: Text,
    wrong: Text,
    mend: Text,
    harmless: bool = False,
    doubtful: bool = False,
    untested: bool = False,
) -> Finding:
    """The finding for a facet that is right or wrong."""
    if right:
        return Finding(facet, what)
    return Finding(facet, what, wrong, mend, harmless=harmless, doubtful=doubtful, untested=untested)


def other_way(facet: str, what: Text, way: Text | None) -> Finding:
    """The finding for what is right, in another way than the guide's if `way` says so."""
    return Finding(facet, what, other=way)


def waiting(lab: Lab, facet: str, what: Text, step: str) -> Finding:
    """The finding for what cannot be looked at before that step is done."""
    return Finding(facet, what, mend=t("first: {}", lab.command("step", step)), waits=step)
