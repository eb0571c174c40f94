"""The button of an attendee who needs help: his hol puts a sign on a thing of his own, and the instructor's board shows it.

Only a lab with an attendee has it. It is the one thing that a button changes in an AWS account without being asked about on
a terminal: a tag of `hol/group/calls_for_help.py`, which changes nothing else and costs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hol.engine.run import Run, fresh
from hol.group import calls_for_help
from hol.serve.lesson import Lesson
from hol.serve.wire import Answer, Refused, Request
from hol.words.text import t


@dataclass
class Helping:
    """The sign of that lesson's lab."""

    lesson: Lesson
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answers(self) -> dict[str, Callable[[Request], Answer]]:
        """What a page may ask for."""
        return {"GET /api/help": self.asked, "POST /api/help": self.ask, "POST /api/help/over": self.over}

    def asked(self, request: Request) -> Answer:
        """Whether the lab is one of a class, and with which step help was asked for."""
        if not self.lesson.run.config.attendee:
            return Answer.of_json({"class": False, "step": None})
        found = calls_for_help.mine(self._run(), self.lesson.steps)
        return Answer.of_json({"class": True, "step": found and found.step})

    def ask(self, request: Request) -> Answer:
        """Ask for help with the step that the request names, or with the one that he is at. Raises `Refused`."""
        run = self._own()
        step = self.lesson.step(request) if "step" in request.query else self.lesson.at()
        with self.lock:
            calls_for_help.ask(run, self.lesson.steps, step.number)
        return self.asked(request)

    def over(self, request: Request) -> Answer:
        """It is no longer needed. Raises `Refused`."""
        with self.lock:
            calls_for_help.no_longer(self._own(), self.lesson.steps)
        return self.asked(request)

    def _own(self) -> Run:
        if not self.lesson.run.config.attendee:
            raise Refused(404, t("this lab is nobody's of a class: nobody would see it"))
        return self._run()

    def _run(self) -> Run:
        """A run that writes, also where the lesson's does not."""
        return fresh(replace(self.lesson.run, dry=False, emit=self.lesson.emit))
