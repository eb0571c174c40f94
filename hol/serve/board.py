"""The board of a class as a page: its attendees as JSON, told anew to whoever listens as soon as somebody stands otherwise.

The page is plain (`class_page/`): it gets both languages and draws. It changes nothing, and asks nothing but to look at one
attendee now. No e-mail address is sent to it: a board is shown to the whole room.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from hol.group.board import Board, Standing
from hol.group.names import Place
from hol.group.spending import Spent
from hol.serve.shown import maybe
from hol.serve.stream import Stream
from hol.serve.wire import Answer, Refused, Request
from hol.words.text import Language, t

STATIC = Path(__file__).parent / "class_page"
LANGUAGES: tuple[Language, ...] = ("ko", "en")
Row = dict[str, object]


@dataclass
class BoardPage:
    """The board, who listens, and the number of each row."""

    board: Board
    stream: Stream
    hurry: Callable[[Place], None] = lambda place: None
    spent: Spent | None = None
    places: dict[Place, int] = field(default_factory=dict)
    counter: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.places = {place: number for number, place in enumerate(self.board.standings)}

    def answers(self) -> dict[str, Callable[[Request], Answer]]:
        """What the page may ask for."""
        return {"GET /api/class": lambda request: Answer.of_json(self.whole()), "POST /api/look": self.look}

    def whole(self) -> Row:
        """What the class is, and how everybody stands."""
        group = self.board.group
        steps = [
            {"number": one.number, "name": one.name, "title": {it: one.title(it) for it in LANGUAGES}}
            for one in group.steps
        ]
        return {
            "name": group.settings.name,
            "region": group.config.region,
            "local": group.config.target == "local",
            "steps": steps,
            "rows": [self._row(place) for place in self.places],
            "spent": self._spent(),
            "now": time.time(),
        }

    def look(self, request: Request) -> Answer:
        """Look at that one now. Raises `Refused`."""
        place = next((one for one, number in self.places.items() if str(number) == request.query.get("row")), None)
        if place is None:
            raise Refused(404, t("there is no such attendee"))
        self.hurry(place)
        return Answer.of_json({})

    def heard(self, standing: Standing) -> None:
        """Somebody was looked at, or asks for help."""
        self.stream.emit("row", row=self._row(standing.attendee.place))

    def count(self, spent: Spent) -> None:
        """Cost and time, from time to time."""
        self.spent = spent
        self.stream.emit("spent", spent=self._spent())

    def _row(self, place: Place) -> Row:
        """`n` grows, so that the page knows which of two is the newer."""
        number = next(self.counter)
        one = self.board.standings[place]
        mine = one.attendee
        return {
            "row": self.places[place],
            "n": number,
            "id": mine.id,
            "name": mine.name,
            "team": mine.team,
            "account": mine.account,
            "states": [one.states.get(step.name, "unknown") for step in self.board.group.steps],
            "at": one.at.number if one.at else None,
            "done": one.done,
            "fails": one.fails.number if one.fails else None,
            "why": maybe(one.error or one.why),
            "asked": {"step": one.asked.step, "since": one.asked.since.timestamp()} if one.asked else None,
            "seen": None if one.seen is None else time.time() - (self.board.group.clock.now() - one.seen),
        }

    def _spent(self) -> Row | None:
        known = self.spent
        if known is None:
            return None
        ends = None if known.ends is None else known.ends.timestamp()
        return {"dollars": known.dollars, "hourly": known.hourly, "ends": ends, "at": datetime.now(UTC).timestamp()}
