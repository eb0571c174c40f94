"""The clean-up receipt: what was there, when it was created and deleted, and that AWS no longer lists it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hol.again import command
from hol.errors import Exit
from hol.events import Event, Told
from hol.run import Left
from hol.text import Text, t
from hol.ui import Ui


@dataclass(frozen=True)
class Line:
    """A resource; times are ISO 8601 in UTC, None when unknown or not deleted."""

    resource: Text
    created: str | None
    deleted: str | None
    absent: bool


def listening(
    tell: Callable[[Told], None], times: dict[str, str], deleted: list[Event] | None = None
) -> Callable[[Told], None]:
    """A listener that also notes what was deleted, and when, under its English name."""

    def listen(said: Told) -> None:
        if isinstance(said, Event) and said.mark == "-":
            times[said.what.render()] = datetime.now(UTC).isoformat(timespec="seconds")
            if deleted is not None:
                deleted.append(said)
        tell(said)

    return listen


def lines(doomed: Sequence[Event], still: Sequence[Event], times: dict[str, str]) -> list[Line]:
    """A line for everything that was to be deleted, and for what turned up since."""
    there = {event.what.render() for event in still}
    listed = {event.what.render(): event for event in (*still, *reversed(doomed))}
    first = dict.fromkeys(event.what.render() for event in (*doomed, *still))
    return [Line(listed[name].what, listed[name].created, times.get(name), name not in there) for name in first]


def show(ui: Ui, listed: Sequence[Line], left: Sequence[Left]) -> Exit:
    """Print the receipt; returns the exit code: 6 when anything is left."""
    ui.receipt([(line.resource, line.created, line.deleted, line.absent) for line in listed])
    for one in left:
        ui.say(t("left: {}: {}; {}", one.what, one.why, one.fix), "!")
    still = [line for line in listed if not line.absent]
    for line in still:
        ui.say(t("still there: {}; run: {}", line.resource, command("down")), "!")
    if still or left:
        ui.say(
            t("{} deleted and verified absent, {} left behind", len(listed) - len(still), len(still) + len(left)), "!"
        )
        return Exit.LEFT_BEHIND
    ui.say(t("{} deleted and verified absent, nothing left behind", len(listed)), "✓")
    return Exit.DONE
