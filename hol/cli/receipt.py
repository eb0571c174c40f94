"""The clean-up receipt: what was there, when it was created and deleted, and that AWS no longer lists it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hol.cli.terminal import Ui
from hol.engine.events import Event, Message
from hol.engine.run import Left
from hol.words.commands import cleaning
from hol.words.errors import Exit
from hol.words.text import Text, t


@dataclass(frozen=True)
class Line:
    """A resource; times are ISO 8601 in UTC, None when unknown or not deleted. `key` is its event's."""

    key: str
    resource: Text
    created: str | None
    deleted: str | None
    absent: bool


def listening(
    emit: Callable[[Message], None], times: dict[str, str], deleted: list[Event] | None = None
) -> Callable[[Message], None]:
    """A listener that also notes what was deleted, and when, under its event's key."""

    def listen(said: Message) -> None:
        if isinstance(said, Event) and said.mark == "-":
            times[said.key] = datetime.now(UTC).isoformat(timespec="seconds")
            if deleted is not None:
                deleted.append(said)
        emit(said)

    return listen


def lines(teardown: Sequence[Event], still: Sequence[Event], times: dict[str, str]) -> list[Line]:
    """A line for everything that was to be deleted, and for what turned up since."""
    there = {event.key for event in still}
    listed = {event.key: event for event in (*teardown, *still)}
    return [Line(key, event.what, event.created, times.get(key), key not in there) for key, event in listed.items()]


def show(ui: Ui, listed: Sequence[Line], left: Sequence[Left], unseen: Sequence[Text] = ()) -> Exit:
    """Print the receipt; returns the exit code: 6 when anything is left.

    What kept hol from listing the account by tag (`unseen`) makes the last word a smaller one, and no failure: under
    the configuration's own names everything was looked for.
    """
    ui.receipt([(line.key, line.resource, line.created, line.deleted, line.absent) for line in listed])
    show_left(ui, left)
    still = [line for line in listed if not line.absent]
    for line in still:
        ui.say(t("still there: {}; run: {}", line.resource, cleaning()), "!")
    if still or left:
        ui.say(
            t("{} deleted and verified absent, {} left behind", len(listed) - len(still), len(still) + len(left)), "!"
        )
        return Exit.LEFT_BEHIND
    if unseen:
        ui.say(t("{} deleted and verified absent", len(listed)), "✓")
        say_unseen(ui, unseen)
    else:
        ui.say(t("{} deleted and verified absent, nothing left behind", len(listed)), "✓")
    return Exit.DONE


def show_left(ui: Ui, left: Sequence[Left]) -> None:
    """What has to stay, why, and what to do."""
    for one in left:
        ui.say(t("left: {}: {}; {}", one.what, one.why, one.fix), "!")


def say_unseen(ui: Ui, unseen: Sequence[Text]) -> None:
    """What may be there all the same."""
    for why in unseen:
        ui.say(t("what this lab made under other names was not looked for: {}", why), "!")
