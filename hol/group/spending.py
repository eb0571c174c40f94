"""What a class has cost so far, and how much of its time is left.

What bills by the hour, and since when, the steps say: `running(lab)` (folder `cost/`), US dollars an hour and the beginning,
of what is there now. The class begins with the first thing of it that is there, and lasts `class.hours`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hol.engine.lab import Lab
from hol.group.board import Board
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.words.errors import HolError
from hol.words.text import Text, t


@dataclass(frozen=True)
class Spent:
    """US dollars; None when no source says it. `ends`: None as long as nothing of the class is there."""

    dollars: float | None
    hourly: float | None
    ends: datetime | None

    @property
    def seconds_left(self) -> float | None:
        """Until the class is to end; negative afterwards."""
        return None if self.ends is None else (self.ends - datetime.now(UTC)).total_seconds()

    @property
    def said(self) -> Text:
        """Both in a sentence."""
        return t("{}; {}", self._cost(), self._time())

    def _cost(self) -> Text:
        if self.dollars is None or self.hourly is None:
            return t("cost so far: no price is known here")
        return t("cost so far: about {} USD, {} USD an hour", f"{self.dollars:.2f}", f"{self.hourly:.3f}")

    def _time(self) -> Text:
        seconds = self.seconds_left
        if seconds is None:
            return t("time left: nothing of the class is there yet")
        minutes = round(abs(seconds) / 60)
        said = t("{} h {} min", minutes // 60, minutes % 60)
        return t("time left: {}", said) if seconds >= 0 else t("over for {}", said)


def spent(board: Board) -> Spent:
    """What is known of it now. What cannot be looked at counts as unknown."""
    now, group = datetime.now(UTC), board.group
    try:
        running = [*_running(group)]
    except HolError:
        return Spent(None, None, _ends(group, [*_made(board)]))
    prices = [price for price, _ in running if price is not None]
    known = len(prices) == len(running)
    so_far = sum(price * (now - since).total_seconds() / 3600 for price, since in running if price is not None)
    ends = _ends(group, [*(since for _, since in running), *_made(board)])
    return Spent(so_far if known else None, sum(prices) if known else None, ends)


def _running(group: Group) -> Iterator[tuple[float | None, datetime]]:
    """What bills by the hour now, and since when: what all share, or what everybody has."""
    whose = [group.everybody(number) for number in group.numbers] if group.common else group.attendees
    for attendee in whose:
        yield from _of(group, attendee)


def _of(group: Group, attendee: Attendee) -> Iterator[tuple[float | None, datetime]]:
    run = group.run(attendee, lambda said: None, dry=True)
    for step in group.common or group.steps:
        running = step.facet("running", "cost")
        if running and (found := running(Lab(run, step.name))):
            yield found


def _made(board: Board) -> Iterator[datetime]:
    for common in board.common.values():
        for api in common.apis:
            if board.names.whose(str(api["id"])):
                yield api["createdDate"]


def _ends(group: Group, made: list[datetime]) -> datetime | None:
    return min(made) + timedelta(hours=group.settings.hours) if made else None
