"""What a run sums up to: how much was created, changed, deleted and left as it was, and how long it took."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from hol.engine.events import Checked, Event, Message
from hol.words.text import Text, counted, t

# sign → its name for a program
NAMES = {"+": "created", "~": "changed", "-": "deleted", "=": "unchanged", "!": "noticed", "✓": "passed"}


@dataclass
class Tally:
    """Counts what is told, from its beginning on."""

    clock: Callable[[], float] = time.monotonic
    counts: Counter[str] = field(default_factory=Counter)
    began: float = 0.0

    def __post_init__(self) -> None:
        self.began = self.clock()

    def count(self, said: Message) -> None:
        """One more of its kind; a call for many objects is about each of them."""
        if isinstance(said, Event):
            self.counts[said.mark] += said.things if said.mark == "-" else 1
        elif isinstance(said, Checked):
            self.counts["✓"] += 1

    @property
    def seconds(self) -> float:
        return round(self.clock() - self.began, 1)

    @property
    def changes(self) -> int:
        """How many things were, or would be, made, changed or deleted."""
        return sum(self.counts[mark] for mark in "+~-")

    def done(self) -> Text:
        """What was done."""
        if not self.changes:
            same, seconds = self.counts["="], self.seconds
            one = t("no changes: 1 thing is as it should be, {} s", seconds)
            return counted(same, one, t("no changes: {} things are as they should be, {} s", same, seconds))
        return _listed([*self._parts(), t("{} s", self.seconds)])

    def planned(self) -> Text:
        """What would be done."""
        if not self.changes:
            same, one = self.counts["="], t("no changes to make: 1 thing is as it should be")
            return counted(same, one, t("no changes to make: {} things are as they should be", same))
        create, change, delete = (self.counts[mark] for mark in "+~-")
        return t(
            "plan: {} to create, {} to change, {} to delete, {} unchanged", create, change, delete, self.counts["="]
        )

    def facts(self) -> dict[str, object]:
        """The same for a program."""
        return {**{name: self.counts[mark] for mark, name in NAMES.items()}, "seconds": self.seconds}

    def _parts(self) -> list[Text]:
        said = {
            "+": t("{} created", self.counts["+"]),
            "~": t("{} changed", self.counts["~"]),
            "-": t("{} deleted", self.counts["-"]),
            "=": t("{} unchanged", self.counts["="]),
        }
        return [text for mark, text in said.items() if self.counts[mark]]


def _listed(parts: list[Text]) -> Text:
    """The parts with commas between them; a template without words needs no translation."""
    return Text(", ".join(["{}"] * len(parts)), tuple(parts))


@dataclass
class Folding:
    """Knows what goes without saying: the settings of something that was made in the same run."""

    _made: list[tuple[str, str, str, str]] = field(default_factory=list)  # step, service, noun, names
    _step: str = ""

    def folds(self, event: Event) -> bool:
        """Whether it is about a part of what was created before: in the same step, or a change to it.

        The first line of a step is always shown: no step goes without saying.
        """
        first, self._step = event.step != self._step, event.step
        noun, _, names = event.key.partition(" ")
        service = noun.partition(".")[0]
        if not names or event.mark not in "+~":
            return False
        if not first and any(
            of == service
            and (event.mark == "~" or step == event.step)
            and (names.startswith(f"{made}/") or (names == made and noun != other))
            for step, of, other, made in self._made
        ):
            return True
        if event.mark == "+":
            self._made.append((event.step, service, noun, names))
        return False
