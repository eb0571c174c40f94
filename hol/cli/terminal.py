"""Draws what a run emits: on a terminal, as plain lines, or as JSON lines.

Answers and results go to stdout, everything else to stderr: `hol up > urls.txt` holds the addresses alone, and
`hol check > report.txt` the whole report. What a verb was asked for is its answer (`Ui.answer`); what is being done,
questions, next commands and errors are not. No meaning is carried by colour: every decision has its sign, every failure
its word.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from hol.cli.screen import json_lines
from hol.cli.screen.drawing import Pen
from hol.cli.screen.encoding import writable
from hol.cli.screen.summary import Folding, Tally
from hol.engine.events import Checked, Event, Message, Output, Progress
from hol.words.errors import Exit, HolError
from hol.words.shown import harmless, width
from hol.words.spans import Line, plain
from hol.words.text import Language, Text, t

if TYPE_CHECKING:
    from rich.status import Status

OUTPUTS = {
    "website_url": t("page"),
    "invoke_url": t("API"),
    "site_folder": t("page from disk"),
    "console_url": t("practice console"),
    "board_url": t("class board"),
}


# A process has one terminal, and so one progress line; whoever ends the process must end it, or the cursor stays hidden.
_PROGRESS: list[Status] = []


def end_progress() -> None:
    """End the progress line, whichever `Ui` drew it."""
    while _PROGRESS:
        _PROGRESS.pop().stop()


@dataclass
class Ui:
    """Shows a run in one language, in one of three ways.

    What is as it should be is counted, and shown only when `verbose`; so are, where `folding` is set, the settings of
    what was made in the same run.
    """

    language: Language = "en"
    as_json: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    verbose: bool = False
    out: TextIO = field(default_factory=lambda: writable(sys.stdout))
    err: TextIO = field(default_factory=lambda: writable(sys.stderr))
    shown: str = ""
    titled: bool = True
    answers: bool = False
    folding: Folding | None = None
    tally: Tally = field(default_factory=Tally)
    results: dict[str, str] = field(default_factory=dict)
    _pens: dict[TextIO, Pen] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def fancy(self) -> bool:
        """Whether stderr is a terminal that can be drawn on."""
        return self._drawn_on(self.err)

    @property
    def columns(self) -> int:
        """How wide a line for a person may be."""
        return self.pen(self._stream).columns if self._drawn_on(self._stream) else 100

    @property
    def drawing(self) -> bool:
        """Whether what is said goes to a terminal that can be drawn on."""
        return self._drawn_on(self._stream)

    @property
    def place(self) -> int:
        """Where on the terminal stderr is, in rows since this process began."""
        return self.pen(self.err).rows if self.fancy else 0

    def take_back(self, place: int) -> None:
        """Take what was shown since then off the terminal, if it is all still on it and answers go there too."""
        with self._lock:
            self.end_progress()
            if self.fancy and self._drawn_on(self.out):
                self.pen(self.err).take_back(place)

    @property
    def links(self) -> bool:
        """Whether the terminal that is written to shows hyperlinks."""
        return self.drawing and self.pen(self._stream).links

    @property
    def _stream(self) -> TextIO:
        return self.out if self.answers else self.err

    def _drawn_on(self, stream: TextIO) -> bool:
        return not self.as_json and os.environ.get("TERM") != "dumb" and stream.isatty()

    def pen(self, stream: TextIO) -> Pen:
        """What draws on that terminal."""
        if stream not in self._pens:
            self._pens[stream] = Pen(stream)
        return self._pens[stream]

    def answer(self) -> None:
        """From here on what is shown and said answers the question that was asked: it goes to stdout."""
        self.answers = True

    def begin(self) -> None:
        """Count, and take the time, from here on."""
        self.tally = Tally()

    def show(self, said: Message) -> None:
        """Show one thing that a run emits."""
        with self._lock:
            self.tally.count(said)
            if self.as_json:
                json_lines.write(json_lines.facts(said, self.language), self.out)
            else:
                self._line(said)

    def say(self, text: Text, mark: str = "", key: str = "") -> None:
        """A sentence for the person in front of it; a program goes by its `key`."""
        with self._lock:
            if self.as_json:
                self._message(text, key)
            else:
                self._print(text.drawn(self.language), mark)

    def hint(self, text: Text, key: str = "") -> None:
        """What is no part of an answer: what begins, what comes next; always on stderr."""
        with self._lock:
            if self.as_json:
                self._message(text, key)
            else:
                self._print(text.drawn(self.language), to=self.err)

    def _message(self, text: Text, key: str) -> None:
        json_lines.write({"type": "message", "key": key, "text": text.render(self.language)}, self.out)

    def lay(self, lines: Iterable[Line], mark: str = "") -> None:
        """Lines that are laid out already."""
        with self._lock:
            if self._drawn_on(self._stream):
                self.end_progress()
                self.pen(self._stream).draw(lines, mark)
                return
            for line in lines:
                self._print("".join(span.text for span in line))

    def summarize(self, text: Text) -> None:
        """What it came to: a sentence, or its numbers for a program."""
        with self._lock:
            self.end_progress()
            if self.as_json:
                json_lines.write({"type": "summary", **self.tally.facts()}, self.out)
            else:
                self._print(text.drawn(self.language), "#")

    def record(self, kind: str, **facts: object) -> None:
        """A JSON line for a program; a person is told with `say`. A `Text` is written in the chosen language."""
        with self._lock:
            if self.as_json:
                shown = {k: v.render(self.language) if isinstance(v, Text) else v for k, v in facts.items()}
                json_lines.write({"type": kind, **shown}, self.out)

    def fail(self, error: HolError) -> None:
        """What happened, why, and what to do; the most important line last."""
        with self._lock:
            self.end_progress()
            parts = {"what": error.what, "why": error.why, "fix": error.fix}
            texts = {name: text for name, text in parts.items() if text is not None}
            if self.as_json:
                said = {name: text.render(self.language) for name, text in texts.items()}
                json_lines.write(
                    {"type": "error", "code": int(error.code), "name": type(error).__name__, **said}, self.out
                )
                return
            for name, label in (("what", t("error")), ("why", t("why")), ("fix", t("what to do"))):
                if name in texts:
                    begin, mark = ("", "✗") if name == "what" else ("  ", "")
                    self._print(f"{begin}{label.render(self.language)}: {texts[name].drawn(self.language)}", mark)

    def ask(self, question: Text) -> str:
        """The answer to a question, on the terminal."""
        with self._lock:
            self.end_progress()
            asked = f"{question.render(self.language)} [y/N] "
            print(asked, end="", file=self.err, flush=True)
            answer = sys.stdin.readline()
            if self.fancy:
                self.pen(self.err).count(asked + answer)
            return answer.strip()

    def end_progress(self) -> None:
        """End the progress line."""
        end_progress()

    def done(self, code: Exit = Exit.DONE) -> None:
        """The end of a run: its results, on stdout."""
        with self._lock:
            self.end_progress()
            self.show_results()
            if self.as_json:
                json_lines.write({"type": "end", "code": int(code)}, self.out)

    # --- a line each ---

    def _line(self, said: Message) -> None:
        if isinstance(said, Progress):
            self._progress(said)
        elif isinstance(said, Output):
            self.results[said.name] = said.value
        elif not self._goes_without_saying(said):
            self._title(said.step)
            self._print(*self._said(said))

    def _goes_without_saying(self, said: Event | Checked) -> bool:
        if self.verbose or isinstance(said, Checked):
            return False
        return said.mark == "=" or (self.folding is not None and self.folding.folds(said))

    def _title(self, step: str) -> None:
        if self.titled and step != self.shown and step in self.titles:
            self.shown = step
            self._print(self.titles[step], "#")

    def _said(self, said: Event | Checked) -> tuple[str, str]:
        what = said.what.drawn(self.language)
        if isinstance(said, Checked):
            return f"  ✓ {what}: {said.detail.drawn(self.language)}", "✓"
        why = f"  ({said.why.drawn(self.language)})" if said.why else ""
        return f"  {said.mark} {what}{why}", said.mark

    def show_results(self) -> None:
        """The addresses, together at the end, the page first."""
        self.end_progress()
        for name in sorted(self.results, key=[*OUTPUTS, *self.results].index):
            label = OUTPUTS.get(name, t("{}", name)).render(self.language)
            self._print(f"{label}: {self.results[name]}", to=self.out)
        self.results.clear()

    def _progress(self, said: Progress) -> None:
        limit = t("{} s, at most {} s", round(said.waited), round(said.at_most)).render(self.language)
        text = t("waiting for {} ({})", said.what, limit).render(self.language)
        if self.fancy:
            self.progress(text)
        elif said.waited == 0 and said.at_most >= 30:
            self._print(f"  … {text}", to=self.err)

    def progress(self, text: str) -> None:
        """What is being done right now, on a terminal only: one line that is always the last."""
        if not self.fancy:
            return
        from rich.text import Text as Rich

        if not _PROGRESS:
            _PROGRESS.append(self.pen(self.err).console.status(""))
            _PROGRESS[0].start()
        _PROGRESS[0].update(Rich(harmless(text), overflow="ellipsis", no_wrap=True))

    def write(self, text: str) -> None:
        """A result as it is, on stdout."""
        print(harmless(text), file=self.out, flush=True)

    def _print(self, line: str, mark: str = "", to: TextIO | None = None) -> None:
        line, stream = harmless(line), to or self._stream
        if stream is self.out:
            self.end_progress()
        if self._drawn_on(stream):
            self.pen(stream).write(line, mark)
        else:
            print(plain(line), file=stream, flush=True)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, whatever their script; the last column is as long as it is."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
