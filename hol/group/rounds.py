"""Looks at everybody of a class again and again, and first at whoever has just done something.

Nothing is read faster than the account can spare: of API Gateway's ten calls a second two (`quotas.for_looking`), and a look
every quarter of a second. So a round takes as long as the class is large. Where it is known what was touched (the local AWS
says it), whoever's that is is looked at at once, and rounds are seldom.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from hol.engine.facts import Answers
from hol.engine.run import Interrupted
from hol.group.board import Board, Standing
from hol.group.names import Place, is_changed_in_many

TOGETHER = 4  # looks at once
# Seconds between two looks of a round, in an account with quotas; where what is touched is known, so many times as long,
# so that a call is free for whoever is touched.
SPACING, SPARED = 0.25, 8.0
# Seconds until somebody is looked at again: on the way, and done; where what is touched is known, so many times as long.
AGAIN, DONE_AGAIN, SELDOM = 5.0, 30.0, 4.0
# Seconds between two lists of what the labs have in common, and between two questions what was touched and who asks; those
# that only AWS answers have a quota of their own.
LISTS, PULSE, ACCOUNT_PULSE = 5.0, 0.25, 1.0
# At least so long between two lists, also where one is another by now: what is refused is asked for again.
RELISTS = 1.0
# Seconds after the last touch until it is looked at again: most is then what it becomes, a function a second later. Objects
# come and change in dozens, and reads of API Gateway are scarce: they are looked at once, when the last change has come.
SETTLED, SETTLED_ONCE = (0.3, 1.5), (0.3,)
# A request after which the list of APIs is another one.
_LISTED = re.compile(r"(?:POST|PUT) /restapis(?:\?.*)?(?: |$)|DELETE /restapis/[^/ ]+(?: |$)")


@dataclass
class Rounds:
    """The looks of a board; `heard` hears how somebody stands whenever he was looked at or asked for help.

    `touched` says what requests were about since it was asked last, None for too many; it is None where nobody knows.
    """

    board: Board
    heard: Callable[[Standing], None]
    touched: Callable[[], Sequence[str] | None] | None = None
    listed: Callable[[], None] = lambda: None
    wanted: Callable[[], bool] = lambda: True
    stop: threading.Event = field(default_factory=threading.Event)
    urgent: dict[Place, None] = field(default_factory=dict)  # in the order in which they were touched
    # What was touched (None: who knows what), and after how long it is looked at → when that is.
    settling: dict[tuple[str | None, float], float] = field(default_factory=dict)
    at_work: set[Place] = field(default_factory=set)
    unlisted: list[str] = field(default_factory=list)  # what was touched and stands in no list yet
    next_list: float = float("-inf")
    next_look: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> float:
        return self.board.group.clock.now()

    def run(self) -> None:
        """Until `stop`; nothing is asked while nobody wants to know."""
        with ThreadPoolExecutor(TOGETHER + 1) as pool:
            pool.submit(self._until_stopped, self.ask, PULSE if self.touched else ACCOUNT_PULSE)
            for _ in range(TOGETHER):
                pool.submit(self._until_stopped, self.look, 0.05)

    def _until_stopped(self, do: Callable[[], object], seconds: float) -> None:
        while not self.stop.is_set():
            try:
                busy = self.wanted() and do()
            except Interrupted:
                return
            except Exception:
                logging.getLogger("hol.group").exception("a look at the class failed")
                busy = False
            if not busy:
                self.stop.wait(seconds)

    def _list(self) -> None:
        self.board.look_at_accounts()
        self.next_list = self.now() + LISTS
        self.listed()

    def ask(self) -> None:
        """Who was touched, and who asks for help."""
        told = self.touched() if self.touched else []
        texts = [None] if told is None else [*self.unlisted, *told]
        self.unlisted = [text for text in texts if text is not None and self._is_new(text)]
        if self.now() >= self.next_list - (LISTS - RELISTS if self.unlisted else 0):
            self._list()
            self.unlisted = []
        self._hurry([text for text in texts if text not in self.unlisted])
        for place in self.board.look_for_calls():
            self.heard(self.board.standings[place])

    def _hurry(self, touched: Sequence[str | None]) -> None:
        """Look at whoever was touched, unless he was looked at just now, and again once nothing more happens there."""
        now = self.now()
        settled = [one for one, since in self.settling.items() if since <= now]
        for one in settled:
            del self.settling[one]
        at_once = [text for text in touched if text is None or not is_changed_in_many(text)]
        for text in touched:
            delays = SETTLED if text in at_once else SETTLED_ONCE
            self.settling |= {(text, after): now + after for after in delays}
        again, first = self.board.touched([text for text, _ in settled]), self.board.touched(at_once)
        with self.lock:
            self.urgent |= dict.fromkeys([*again, *(one for one in first if not self._just_seen(one, now))])

    def _just_seen(self, place: Place, now: float) -> bool:
        seen = self.board.standings[place].seen
        return seen is not None and now - seen < SETTLED[0]

    def _is_new(self, text: str) -> bool:
        """Whether the list of APIs may be another one since, or has to say whose that is."""
        return bool(_LISTED.match(text)) or not self.board.names.whose(text)

    def hurry(self, place: Place) -> None:
        """Look at that one next, and anew."""
        self.board.answers[place] = Answers()
        with self.lock:
            self.urgent[place] = None

    def look(self) -> bool:
        """Look at whoever is next; whether there was anybody."""
        place, ahead = self._next() if self.board.listed else (None, False)
        if place is None:
            return False
        try:
            self.heard(self.board.look(self.board.standings[place].attendee, ahead))
        finally:
            self.at_work.discard(place)
        return True

    def _next(self) -> tuple[Place | None, bool]:
        """Who is next, and whether at once."""
        with self.lock:
            place = next((one for one in self.urgent if one not in self.at_work), None)
            ahead = place is not None
            if place is not None:
                del self.urgent[place]
            elif self.now() >= self.next_look and (place := self._due()) is not None:
                self.next_look = self.now() + self._spacing(place)
            if place is not None:
                self.at_work.add(place)
            return place, ahead

    def _spacing(self, place: Place) -> float:
        if not self.board.group.paced:
            return 0.0
        again = self.touched is not None and self.board.standings[place].seen is not None
        return SPACING * SPARED if again else SPACING

    def _due(self) -> Place | None:
        """Whoever was not looked at for the longest time, if that is long enough."""
        free = [one for place, one in self.board.standings.items() if place not in self.at_work]
        late = {one.attendee.place: self._late(one) for one in free}
        place = max(late, key=late.__getitem__, default=None)
        return place if place is not None and late[place] >= 0 else None

    def _late(self, one: Standing) -> float:
        """For how many seconds he should have been looked at already; the longest for whoever never was."""
        if one.seen is None:
            return float("inf")
        again = (DONE_AGAIN if one.done else AGAIN) * (SELDOM if self.touched else 1.0)
        return self.now() - one.seen - again
