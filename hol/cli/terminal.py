"""Draws what a run emits: on a terminal, as plain lines, or as JSON lines.

Answers and results go to stdout, everything else to stderr: `hol up > urls.txt` holds the addresses alone, and
`hol check > report.txt` the whole report. What a verb was asked for is its answer (`Ui.answer`); what is being done,
questions, next commands and errors are not. No meaning is carried by colour: every decision has its sign, every failure
its word.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from hol.cli.encoding import writable
from hol.engine.events import Checked, Event, Message, Output, Progress
from hol.words.errors import Exit, HolError
from hol.words.shown import harmless, harmless_json, width
from hol.words.text import Language, Text, t

_STYLES = {"+": "green", "~": "yellow", "-": "red", "=": "dim", "!": "bold magenta", "✓": "green", "✗": "bold red"}
OUTPUTS = {
    "website_url": t("page"),
    "invoke_url": t("API"),
    "site_folder": t("page from disk"),
    "console_url": t("practice console"),
}


# A process has one terminal, and so one progress line; whoever ends the process must end it, or the cursor stays hidden.
_PROGRESS: list[Any] = []


def end_progress() -> None:
    """End the progress line, whichever `Ui` drew it."""
    while _PROGRESS:
        _PROGRESS.pop().stop()


@dataclass
class Ui:
    """Shows a run in one language, in one of three ways."""

    language: Language = "en"
    as_json: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    out: TextIO = field(default_factory=lambda: writable(sys.stdout))
    err: TextIO = field(default_factory=lambda: writable(sys.stderr))
    shown: str = ""
    answers: bool = False
    results: dict[str, str] = field(default_factory=dict)
    _consoles: dict[TextIO, Any] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def fancy(self) -> bool:
        """Whether stderr is a terminal that can be drawn on."""
        return self._drawn_on(self.err)

    def _drawn_on(self, stream: TextIO) -> bool:
        return not self.as_json and os.environ.get("TERM") != "dumb" and stream.isatty()

    def answer(self) -> None:
        """From here on what is shown and said answers the question that was asked: it goes to stdout."""
        self.answers = True

    def show(self, said: Message) -> None:
        """Show one thing that a run emits."""
        with self._lock:
            (self._json if self.as_json else self._line)(said)

    def say(self, text: Text, mark: str = "") -> None:
        """A sentence for the person in front of it."""
        with self._lock:
            if self.as_json:
                self._write_json({"type": "message", "text": text.render(self.language)})
            else:
                self._print(text.render(self.language), mark)

    def hint(self, text: Text) -> None:
        """What is no part of an answer: what begins, what comes next; always on stderr."""
        with self._lock:
            if self.as_json:
                self.say(text)
            else:
                self._print(text.render(self.language), to=self.err)

    def record(self, kind: str, **facts: object) -> None:
        """A JSON line for a program; a person is told with `say`. A `Text` is written in the chosen language."""
        with self._lock:
            if self.as_json:
                shown = {k: v.render(self.language) if isinstance(v, Text) else v for k, v in facts.items()}
                self._write_json({"type": kind, **shown})

    def fail(self, error: HolError) -> None:
        """What happened, why, and what to do; the most important line last."""
        with self._lock:
            self.end_progress()
            parts = {"what": error.what, "why": error.why, "fix": error.fix}
            texts = {name: text.render(self.language) for name, text in parts.items() if text is not None}
            if self.as_json:
                self._write_json({"type": "error", "code": int(error.code), "name": type(error).__name__, **texts})
                return
            self._print(f"{t('error').render(self.language)}: {texts['what']}", "✗")
            for name, label in (("why", t("why")), ("fix", t("what to do"))):
                if name in texts:
                    self._print(f"  {label.render(self.language)}: {texts[name]}")

    def end_progress(self) -> None:
        """End the progress line."""
        end_progress()

    def done(self, code: Exit = Exit.DONE) -> None:
        """The end of a run: its results, on stdout."""
        with self._lock:
            self.end_progress()
            self.show_results()
            if self.as_json:
                self._write_json({"type": "end", "code": int(code)})

    def receipt(self, rows: Sequence[tuple[str, Text, str | None, str | None, bool]]) -> None:
        """The clean-up receipt as a table, or as one JSON line a resource."""
        with self._lock:
            self.end_progress()
            if self.as_json:
                for key, what, created, deleted, absent in rows:
                    times = {"created": created, "deleted": deleted, "verified_absent": absent}
                    self._write_json({"type": "receipt", "key": key, "resource": what.render(self.language), **times})
                return
            heads = (t("deleted (UTC)"), t("created (UTC)"), t("absent"), t("resource"))
            yes, no = t("yes").render(self.language), t("NO").render(self.language)
            cells = [
                (_short(deleted), _short(created), yes if absent else no, what.render(self.language))
                for _, what, created, deleted, absent in rows
            ]
            for row in columns([tuple(head.render(self.language) for head in heads), *cells]):
                self._print(f"  {row}")

    # --- a line each ---

    def _line(self, said: Message) -> None:
        if isinstance(said, Progress):
            self._progress(said)
            return
        if isinstance(said, Output):
            self.results[said.name] = said.value
            return
        if said.step != self.shown and said.step in self.titles:
            self.shown = said.step
            self._print(self.titles[said.step], "#")
        if isinstance(said, Event):
            why = f"  ({said.why.render(self.language)})" if said.why else ""
            self._print(f"  {said.mark} {said.what.render(self.language)}{why}", said.mark)
        else:
            self._print(f"  ✓ {said.what.render(self.language)}: {said.detail.render(self.language)}", "✓")

    def show_results(self) -> None:
        """The addresses, together at the end, the page first."""
        self.end_progress()
        for name in sorted(self.results, key=[*OUTPUTS, *self.results].index):
            label = OUTPUTS.get(name, t("{}", name)).render(self.language)
            self.write(f"{label}: {self.results[name]}")
        self.results.clear()

    def _progress(self, said: Progress) -> None:
        limit = t("{} s, at most {} s", round(said.waited), round(said.at_most)).render(self.language)
        text = t("waiting for {} ({})", said.what, limit).render(self.language)
        if not self.fancy:
            if said.waited == 0 and said.at_most >= 30:
                self._print(f"  … {text}", to=self.err)
            return
        if not _PROGRESS:
            _PROGRESS.append(self._console(self.err).status(""))
            _PROGRESS[0].start()
        from rich.text import Text as Rich

        _PROGRESS[0].update(Rich(text))

    def write(self, text: str) -> None:
        """A result, on stdout."""
        print(harmless(text), file=self.out, flush=True)

    def _print(self, line: str, mark: str = "", to: TextIO | None = None) -> None:
        line = harmless(line)
        stream = to or (self.out if self.answers else self.err)
        if stream is self.out:
            self.end_progress()
        if not self._drawn_on(stream):
            print(line, file=stream, flush=True)
            return
        from rich.text import Text as Rich

        style = "bold" if mark == "#" else _STYLES.get(mark, "")
        self._console(stream).print(Rich(line, style=style if not os.environ.get("NO_COLOR") or mark == "#" else ""))

    def _console(self, stream: TextIO) -> Any:
        from rich.console import Console

        if stream not in self._consoles:
            self._consoles[stream] = Console(file=stream, highlight=False, soft_wrap=True)
        return self._consoles[stream]

    # --- JSON lines ---

    def _json(self, said: Message) -> None:
        def say(text: Text | None) -> str | None:
            return None if text is None else text.render(self.language)

        if isinstance(said, Event):
            calls = [call.operation for call in said.calls]
            line: dict[str, Any] = {
                "type": "event",
                "step": said.step,
                "mark": said.mark,
                "key": said.key,
                "what": say(said.what),
                "why": say(said.why),
                "calls": calls,
            }
        elif isinstance(said, Progress):
            line = {
                "type": "progress",
                "step": said.step,
                "what": say(said.what),
                "waited": round(said.waited, 1),
                "at_most": said.at_most,
            }
        elif isinstance(said, Checked):
            line = {"type": "check", "step": said.step, "ok": True, "what": say(said.what), "detail": say(said.detail)}
        else:
            line = {"type": "output", "step": said.step, "name": said.name, "value": said.value}
        self._write_json(line)

    def _write_json(self, line: Mapping[str, Any]) -> None:
        narrow = self.out.encoding.lower().replace("-", "") != "utf8"
        print(
            harmless_json(json.dumps({"schema": "hol/1", **line}, ensure_ascii=narrow)),
            file=self.out,
            flush=True,
        )


def _short(moment: str | None) -> str:
    return moment[:19].replace("T", " ") if moment else "-"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned lines, whatever their script; the last column is as long as it is."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    return [
        "  ".join([*(c + " " * (w - width(c)) for c, w in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
