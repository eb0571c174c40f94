"""`hol check`: a look at what was made, by hand or by hol, in the words of the console.

A step's look lists its facets, right or wrong, with what mends it. Names and what works count: tags do not, nor
whatever is as right as the guide's way. The steps' own tests (`check` in a step) come afterwards and show that the
whole works. A step without a `grade` has only its own test.
"""

from __future__ import annotations

from dataclasses import replace

from hol.engine.lab import Lab
from hol.engine.run import Run, fresh
from hol.engine.step import Step
from hol.teach.grade.finding import Finding, Grader
from hol.words.errors import HolError


def lenient(run: Run) -> Run:
    """A run that looks at untagged resources with our names as well, and changes nothing."""
    return fresh(replace(run, lenient=True))


def findings(run: Run, step: Step) -> list[Finding]:
    """What a look at that step finds; an error on the way is a finding too, and ends the look."""
    grade: Grader | None = step.facet("grade")
    found: list[Finding] = []
    try:
        found += grade(Lab(run, step.name)) if grade else ()
    except HolError as error:
        found.append(Finding("error", error.what, error.why or error.what, error.fix))
    return found
