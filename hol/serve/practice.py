"""The practice side: the screens drawn, the clicks done; everything of it in the local AWS.

The browser names a screen, a button and what was filled in; which calls that is, stands in the screen's data here.
"""

from __future__ import annotations

import base64
import re
import threading
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hol.cloud.session import Cloud
from hol.config.settings import REGION
from hol.engine.lab import Lab
from hol.engine.run import Run, fresh
from hol.serve.acts import Act, is_here, missing
from hol.serve.drawing import Drawing, pair
from hol.serve.lesson import Lesson
from hol.serve.screens import Data, Screen, load
from hol.serve.wire import Answer, Refused, Request
from hol.words.text import t


@dataclass
class Practice:
    """The practice console of a lesson."""

    lesson: Lesson
    screens: Mapping[str, Screen] = field(default_factory=dict)
    clouds: dict[str, Cloud] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.screens = self.screens or load(self.lesson.steps)

    def answers(self) -> dict[str, Callable[[Request], Answer]]:
        """What a page may ask for."""
        return {
            "GET /api/screens": lambda request: Answer.of_json(self.menu()),
            "GET /api/screen": lambda request: Answer.of_json(self.draw(request)),
            "POST /api/act": lambda request: Answer.of_json(self.act(request)),
        }

    def menu(self) -> list[dict[str, object]]:
        """Every screen: its service, its name in the service's menu, and its address in the real console."""
        known = {"region": "{region}", "account": "{account}"}
        return [
            {
                "id": one.id,
                "step": one.step,
                "service": one.data["service"],
                "menu": {name: pair(one.data["menu"][name], known) for name in ("service", "label")}
                if "menu" in one.data
                else None,
                "order": one.data["menu"]["order"] if "menu" in one.data else 0,
                "params": list(one.data.get("params", ())),
            }
            for one in self.screens.values()
        ]

    def links(self, html: str) -> dict[str, dict[str, object]]:
        """Addresses of the real console in the text that a screen here stands for."""
        found: dict[str, dict[str, object]] = {}
        for url in set(re.findall(r'href="(https://[^"]*console\.aws\.amazon\.com/[^"]*)"', html)):
            address = url.replace("&amp;", "&")
            for screen in self.screens.values():
                if match := _address(screen).fullmatch(address.split("amazon.com/", 1)[1]):
                    found[address] = {"screen": screen.id, "params": match.groupdict()}
                    break
        return found

    def draw(self, request: Request) -> dict[str, object]:
        """The screen that the request names, in its region."""
        screen = self._screen(request.query.get("screen", ""))
        params: dict[str, object] = {
            k: v for k, v in request.query.items() if k not in ("screen", "region", "selected")
        }
        params["selected"] = request.query["selected"].split("\n") if request.query.get("selected") else []
        run = self._run(request.query.get("region", ""))
        return Drawing(self.screens, self._fetch).screen(screen, Lab(run, screen.step), self._values(run, params))

    def act(self, request: Request) -> dict[str, object]:
        """Do what the button does."""
        asked = request.json()
        screen = self._screen(str(asked.get("screen")))
        button = screen.buttons.get(str(asked.get("button")))
        if button is None:
            raise Refused(404, t("there is no such button"))
        run = self._run(str(asked.get("region", "")))
        values = self._given(run, asked)
        form = next((one for one in screen.forms if button in one.get("buttons", ())), None)
        if form and (empty := missing(_fields(form), values)):
            return {"invalid": empty, "records": []}
        act = Act(run, screen.step, Drawing(self.screens, self._fetch).read(screen, Lab(run, screen.step), values))
        try:
            act.perform(button)
        finally:
            self.lesson.changed()
        told = {"screen": screen.id, "button": pair(button["label"], act.values), "records": act.records}
        self.lesson.stream.emit("acted", keep=True, act={**told, "error": act.error})
        return {"records": act.records, "error": act.error, **act.outcome(button), **_download(button, act)}

    def _screen(self, name: str) -> Screen:
        if not self.lesson.practice or name not in self.screens:
            raise Refused(404, t("there is no such screen"))
        return self.screens[name]

    def _given(self, run: Run, asked: Mapping[str, Any]) -> dict[str, object]:
        """The values of a click: what was filled in, what was selected, which files were dropped."""
        files = [{**one, "body": base64.b64decode(one["body"])} for one in asked.get("files", ())]
        selected = [str(one) for one in asked.get("selected", ())]
        params, fields = asked.get("params", {}), asked.get("fields", {})
        if not (isinstance(params, dict) and isinstance(fields, dict)):
            raise Refused(400, t("the body is no JSON object"))
        own = {**params, **fields}
        return {
            **self._values(run, own),
            "selected": selected,
            "chosen": selected[0] if selected else None,
            "files": files,
        }

    def _values(self, run: Run, own: Mapping[str, object]) -> dict[str, object]:
        return {**self.lesson.known(), **own, "region": run.cloud.region, "account": run.cloud.account}

    def _run(self, region: str) -> Run:
        """A run of its own for each click, in that region."""
        run = fresh(replace(self.lesson.run, emit=self.lesson.emit, made=set(), transcript=[]))
        if region in ("", run.cloud.region):
            return run
        if not REGION.fullmatch(region):
            raise Refused(400, t("there is no such region"))
        with self.lock:
            cloud = self.clouds.setdefault(region, run.cloud.elsewhere(region))
        return replace(run, cloud=cloud)

    def _fetch(self, address: str) -> bytes:
        """What the local AWS hands out an address for (a function's code)."""
        if not is_here(self.lesson.run, address):
            return b""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=10) as answer:
            return bytes(answer.read())


def _address(screen: Screen) -> re.Pattern[str]:
    """What an address of the real console must be to mean this screen; `{name}` is a parameter."""
    template = re.escape(str(screen.data.get("address", "\0")))
    template = template.replace(re.escape("{region}"), "[a-z0-9-]+")
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/?&#]+)", template) + "(?:[?&#].*)?")


def _fields(form: Data) -> list[Data]:
    """Every field of the form; what a section wants, its fields want too."""
    return [
        {**field, "when": {**section.get("when", {}), **field.get("when", {})}}
        for page in form["pages"]
        for section in page["sections"]
        for field in section["fields"]
    ]


def _download(button: Data, act: Act) -> dict[str, object]:
    """The file that the click is for."""
    wanted = button.get("download")
    if wanted is None or act.error:
        return {}
    body = base64.b64encode(act.answers[wanted["body"]]).decode("ascii")
    return {"download": {"name": wanted["name"], "type": wanted["type"], "body": body}}
