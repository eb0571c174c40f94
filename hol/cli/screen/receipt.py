"""The clean-up receipt: what was there, when it was created and deleted, and that AWS no longer lists it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hol.cli.terminal import Ui, columns
from hol.engine.events import Event, Message
from hol.engine.run import Left
from hol.operate.cleanup import left_behind, unexplained
from hol.words.commands import cleaning
from hol.words.errors import Exit
from hol.words.shown import width
from hol.words.spans import Span, line_width, spans, wrapped
from hol.words.text import Text, t


@dataclass(frozen=True)
class Line:
    """A resource; times are ISO 8601 in UTC, None when unknown or not deleted. `key` is its event's."""

    key: str
    resource: Text
    created: str | None
    deleted: str | None
    absent: bool
    things: int = 1


def listening(
    emit: Callable[[Message], None],
    times: dict[str, str],
    deleted: list[Event] | None = None,
    instead: Callable[[Event], None] | None = None,
) -> Callable[[Message], None]:
    """A listener that notes what was deleted, and when, under its event's key; `instead` is told of it, else `emit`."""

    def listen(said: Message) -> None:
        if isinstance(said, Event) and said.mark == "-":
            times[said.key] = datetime.now(UTC).isoformat(timespec="seconds")
            if deleted is not None:
                deleted.append(said)
            if instead is not None:
                instead(said)
                return
        emit(said)

    return listen


def lines(teardown: Sequence[Event], still: Sequence[Event], times: dict[str, str]) -> list[Line]:
    """A line for everything that was to be deleted, and for what turned up since."""
    there = {event.key for event in still}
    listed = {event.key: event for event in (*teardown, *still)}
    return [
        Line(key, event.what, event.created, times.get(key), key not in there, event.things)
        for key, event in listed.items()
    ]


def show(ui: Ui, listed: Sequence[Line], left: Sequence[Left], unseen: Sequence[Text] = ()) -> Exit:
    """Print the receipt; returns the exit code: 6 when anything is left.

    What kept hol from listing the account by tag (`unseen`) makes the last word a smaller one, and no failure: under
    the configuration's own names everything was looked for.
    """
    ui.end_progress()
    _table(ui, listed)
    show_left(ui, left)
    still = [line for line in listed if not line.absent]
    for line in unexplained(still, left):
        ui.say(t("still there: {}; run: {}", line.resource, cleaning()), "!", key=line.key)
    gone, seconds = sum(line.things for line in listed if line.absent), ui.tally.seconds
    if still or left:
        ui.summarize(t("{} deleted and verified absent, {} left behind, {} s", gone, left_behind(still, left), seconds))
        return Exit.LEFT_BEHIND
    if unseen:
        ui.summarize(t("{} deleted and verified absent, {} s", gone, seconds))
        say_unseen(ui, unseen)
    else:
        ui.summarize(t("{} deleted and verified absent, nothing left behind, {} s", gone, seconds))
    return Exit.DONE


def _table(ui: Ui, listed: Sequence[Line]) -> None:
    """A row a resource: on a terminal its times of today, in a file all of them; for a program a line each."""
    if ui.as_json:
        for line in listed:
            times = {"created": line.created, "deleted": line.deleted, "verified_absent": line.absent}
            ui.record("receipt", key=line.key, resource=line.resource, **times)
    elif ui.drawing:
        _drawn(ui, listed)
    else:
        heads = (t("deleted (UTC)"), t("created (UTC)"), t("absent"), t("resource"))
        yes, no = t("yes"), t("NO")
        rows: list[tuple[Text | str, ...]] = [heads]
        rows += [(_full(one.deleted), _full(one.created), yes if one.absent else no, one.resource) for one in listed]
        for row in columns([[_text(ui, cell) for cell in cells] for cells in rows]):
            ui.say(t("  {}", row))


def _drawn(ui: Ui, listed: Sequence[Line]) -> None:
    today = max((line.deleted or "" for line in listed), default="")[:10]
    rows = [(_brief(one.deleted, today), _brief(one.created, today)) for one in listed]
    heads = (_text(ui, t("deleted")), _text(ui, t("created")))
    wide = [max(width(row[place]) for row in (heads, *rows)) for place in (0, 1)]
    above = "  ".join(_padded(*one) for one in zip(heads, wide, strict=True))
    ui.lay([(Span(f"    {above}  {_text(ui, t('{}, times in UTC', today))}", "dim"),)])
    for line, times in zip(listed, rows, strict=True):
        sign = "✓" if line.absent else "!"
        before = "  ".join(_padded(*one) for one in zip(times, wide, strict=True))
        head = (Span("  "), Span(f"{sign} ", "mark"), Span(f"{before}  ", "dim"))
        what = list(spans(line.resource.drawn(ui.language)))
        longest = max(width(word) for span in what for word in span.text.split(" "))
        indent = line_width(head) if line_width(head) + longest <= ui.columns else 4  # a name is not broken
        ui.lay(wrapped(what, ui.columns, head, " " * indent), sign)


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _text(ui: Ui, cell: Text | str) -> str:
    return cell.render(ui.language) if isinstance(cell, Text) else cell


def _full(moment: str | None) -> str:
    return moment[:19].replace("T", " ") if moment else "-"


def _brief(moment: str | None, today: str) -> str:
    """The time of that day, or else the date."""
    return "-" if not moment else moment[11:19] if moment.startswith(today) else moment[:10]


def show_left(ui: Ui, left: Sequence[Left]) -> None:
    """What has to stay, why, and what to do."""
    for one in left:
        ui.say(t("left: {}: {}; {}", one.what, one.why, one.fix), "!", key="left")


def say_unseen(ui: Ui, unseen: Sequence[Text]) -> None:
    """What may be there all the same."""
    for why in unseen:
        ui.say(t("what this lab made under other names was not looked for: {}", why), "!", key="not-looked-for")
