"""The board of a class while everybody works: thirty who do the lab, five hundred of whom some move, and AWS's quotas."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import class_room
import pytest
from fault_proxy import Answer, Proxy, Request
from harness import STEPS, World
from playwright.sync_api import Browser, Page, expect
from test_class_board import break_cors, up_to
from test_class_page import AXE, Room, a_class, browser

from hol.cloud.quotas import for_looking
from hol.engine import runner
from hol.group import calls_for_help
from hol.group.board import Board
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.rounds import Rounds

__all__ = ["browser"]
LAST = STEPS[-1].number
# Where the board says that somebody is who has done that step; the SDK is on his own machine, so that it is seen with the upload.
AFTER = {0: 1, 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7, 7: 7, 8: 7, 9: 10, 10: LAST + 1}
BEHIND = 2.0
# What the page shows, and since when: noted in the page itself, by the clock of this machine.
_NOTE = """() => {
  window.noted = [];
  const last = new Map();
  const note = (row) => {
    const id = row.dataset.id, said = row.querySelector("td.at").textContent, why = row.querySelector("td.matter").textContent;
    const text = said + "|" + why;
    if (last.get(id) !== text) { last.set(id, text); window.noted.push([id, said, why, Date.now() / 1000]); }
  };
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((row) => row.dataset?.id && note(row))))
    .observe(document.getElementById("rows"), { childList: true });
}"""


@dataclass
class Moves:
    """What attendees did: whose, which number the board must show (or a word of what is the matter), and when it was done."""

    done: list[tuple[str, object, float]] = field(default_factory=list)

    def note(self, attendee: Attendee, shows: object) -> None:
        self.done.append((attendee.id, shows, time.time()))

    def lags(self, page: Page) -> list[float]:
        """Seconds until the page showed each; a later one may have come first. Fails for what it never showed."""
        noted = [(id_, _number(said), why, at) for id_, said, why, at in page.evaluate("window.noted")]
        found = [self._lag(noted, *one) for one in self.done]
        late = sorted(zip(found, self.done, strict=True), key=lambda one: one[0])[-5:]
        print("the latest:", *(f"{id_} {shows}: {behind:.2f} s" for behind, (id_, shows, _) in late), sep="\n  ")
        return found

    def _lag(self, noted: list[tuple[str, int, str, float]], id_: str, shows: object, done: float) -> float:
        for whose, number, why, at in noted:
            if whose == id_ and (number >= shows if isinstance(shows, int) else str(shows) in why):
                return max(0.0, at - done)
        raise AssertionError(f"the board never showed {id_}: {shows}")


def _number(said: str) -> int:
    return LAST + 1 if said == "완료" else int(said.split()[0]) if said[:1].isdigit() else -1


def watched(room: Room, browser: Browser, attendees: int, patience: int) -> Page:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(room.address)
    expect(page.locator("tbody tr")).to_have_count(attendees, timeout=30_000)
    expect(page.locator(".strip .unknown")).to_have_count(0, timeout=patience * 1000)
    page.evaluate(_NOTE)
    return page


def no_violation(page: Page) -> None:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def shown(page: Page) -> dict[str, int]:
    rows = page.evaluate(
        "[...document.querySelectorAll('#rows tr')].map((row) => [row.dataset.id, row.querySelector('td.at').textContent])"
    )
    return {id_: _number(said) for id_, said in rows}


def settled(page: Page, truth: dict[str, int], seconds: float = 5) -> None:
    """The page shows what is so."""
    until = time.monotonic() + seconds
    while (
        wrong := {id_: number for id_, number in shown(page).items() if truth[id_] != number}
    ) and time.monotonic() < until:
        page.wait_for_timeout(100)
    rows = {id_: page.locator(f"#rows tr[data-id='{id_}']").inner_text() for id_ in wrong}
    assert not rows, [f"{id_}: {text!r}, and it is {truth[id_]}" for id_, text in rows.items()]


def told(what: str, lags: list[float], record_property) -> None:
    ordered = sorted(lags)
    said = f"{what}: {len(lags)} changes, behind {ordered[len(lags) // 2]:.2f} s at the median, "
    said += f"{ordered[int(len(lags) * 0.95)]:.2f} s at 95 %, {ordered[-1]:.2f} s at most"
    record_property("counted", said)
    print(said)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_thirty_do_the_lab_and_the_board_is_two_seconds_behind_at_most(
    browser: Browser, tmp_path: Path, record_property
) -> None:
    def begun(group: Group) -> None:
        runner.up(group.run(group.everybody(""), lambda said: None), group.common)

    (tmp_path / "theirs").mkdir()
    (tmp_path / "his").mkdir()
    with a_class(tmp_path / "his", 30, before=begun) as room:
        group = replace(room.group, home=tmp_path / "theirs", accounts={})  # nobody's folder is the instructor's
        page, moves = watched(room, browser, 30, 60), Moves()
        chance = random.Random(15)

        def lab(attendee: Attendee, wait: random.Random) -> None:
            for step in group.each:
                time.sleep(wait.uniform(4.0, 14.0))
                runner.up(group.run(attendee, lambda said: None), [step])
                moves.note(attendee, AFTER[step.number])

        with ThreadPoolExecutor(30) as pool:
            working = [pool.submit(lab, one, random.Random(chance.random())) for one in group.attendees]
            while not all(one.done() for one in working):
                page.wait_for_timeout(200)
            for one in working:
                one.result()
        settled(page, dict.fromkeys([one.id for one in group.attendees], LAST + 1))
        for attendee in group.attendees[:5]:
            break_cors(room.world, group.settings_of(attendee).api.name)
            moves.note(attendee, "OPTIONS")
            page.wait_for_timeout(300)
        for attendee in group.attendees[5:8]:
            calls_for_help.ask(group.run(attendee, lambda said: None), STEPS, 10)
            moves.note(attendee, "도움 요청")
        page.wait_for_timeout(3000)
        truth = {one.id: LAST + 1 for one in group.attendees} | {one.id: 5 for one in group.attendees[:5]}
        settled(page, truth)
        lags = moves.lags(page)
        told("30 who do the lab", lags, record_property)
        no_violation(page)
        assert max(lags) <= BEHIND


# Of 50: how many have done everything up to that step.
_SIMULATED = {0: 15, 2: 15, 3: 10, 4: 6, LAST: 4}


def simulated(group: Group) -> dict[str, int]:
    """So many labs as far as that; returns where each is."""
    runner.up(group.run(group.everybody(""), lambda said: None), group.common)
    last = [step for step, many in _SIMULATED.items() for _ in range(many * len(group.attendees) // 50)]
    random.Random(500).shuffle(last)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: up_to(group, *one) if one[1] else None, zip(group.attendees, last, strict=True)))
    return {one.id: AFTER[step] for one, step in zip(group.attendees, last, strict=True)}


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("people", [50, 500])
def test_some_of_many_move_in_an_account_with_quotas(
    people: int, browser: Browser, tmp_path: Path, record_property
) -> None:
    truth: dict[str, int] = {}

    def begun(group: Group) -> None:
        truth.update(simulated(group))

    with a_class(tmp_path, people, "--set", "local.quotas=true", before=begun) as room:
        group = room.group
        page = watched(room, browser, people, 900)
        settled(page, truth)
        no_violation(page)
        moves, chance = Moves(), random.Random(7)
        moving = chance.sample([one for one in group.attendees if truth[one.id] <= 5], min(60, people // 2))
        for attendee in moving:
            number = truth[attendee.id]
            runner.up(group.run(attendee, lambda said: None), [step for step in STEPS if step.number == number])
            truth[attendee.id] = AFTER[number]
            moves.note(attendee, AFTER[number])
            page.wait_for_timeout(chance.uniform(500, 1500))
        for attendee in chance.sample(group.attendees, 10):
            calls_for_help.ask(group.run(attendee, lambda said: None), STEPS, 1)
            moves.note(attendee, "도움 요청")
            page.wait_for_timeout(200)
        page.wait_for_timeout(3000)
        settled(page, truth)
        lags = moves.lags(page)
        told(f"moves and calls for help among {people}", lags, record_property)
        assert page.locator("#waiting li").count() == 10
        no_violation(page)
        assert max(lags) <= BEHIND


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("people", [50, 500])
def test_many_are_looked_at_with_two_calls_of_api_gateway_a_second(
    people: int, faulty: World, front: Proxy, record_property
) -> None:
    """As in an account of AWS, which does not say what was touched: everybody in turn, as fast as it may be."""
    direct = class_room.group(replace(faulty, endpoint=None), people)
    simulated(direct)
    called: list[float] = []

    def note(request: Request) -> Answer | None:
        called.append(time.monotonic())
        return request.forward()

    front.add(r"apigateway\..*", note, times=float("inf"))
    group = replace(class_room.group(faulty, people), paced=True, quotas=for_looking)
    looked: list[str] = []
    rounds = Rounds(Board(group), lambda standing: looked.append(standing.attendee.id))
    threading.Timer(60, rounds.stop.set).start()
    rounds.run()
    most = _in_window(called, 1.0)
    rate = len(called) / (called[-1] - called[0])
    said = f"{people} labs: {len(called)} calls of API Gateway in 60 s, {rate:.2f} a second, {most} in one second at most; {len(looked)} looks"
    record_property("counted", said)
    print(said)
    assert rate <= 2.05
    assert _in_window(called, 10.0) <= 22
    assert len(set(looked)) > people / 5


def _in_window(times: Iterable[float], seconds: float) -> int:
    """The most in any span of so many seconds."""
    ordered = sorted(times)
    return max((sum(1 for other in ordered if one <= other < one + seconds) for one in ordered), default=0)
