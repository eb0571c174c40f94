"""`hol class board` as a page: the small web server put together over the looks of a class."""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Callable, Sequence
from http.client import HTTPException

from hol.cli.project import Project
from hol.cli.serving.tokens import minted
from hol.engine.events import Output
from hol.group.board import Board
from hol.group.labs import Group
from hol.group.rounds import Rounds
from hol.group.spending import spent
from hol.local.life import state
from hol.local.life.port import ask
from hol.serve import shown
from hol.serve.app import Shell
from hol.serve.board import STATIC, BoardPage
from hol.serve.door import Door, key_of
from hol.serve.server import listener, serve
from hol.serve.stream import Stream
from hol.words.commands import same
from hol.words.errors import Exit
from hol.words.text import t


def serve_board(project: Project, group: Group, no_browser: bool) -> Exit:
    """Serve until Ctrl-C; of one that runs already, another address."""
    port = project.config.console.port
    key = key_of(state.folder() / f"board-{port}.key")
    if token := minted(port, key):
        _say(project, f"http://127.0.0.1:{port}/?token={token}", no_browser)
        project.ui.done()
        return Exit.DONE
    at = listener(port)
    page = BoardPage(Board(group), Stream())
    rounds = Rounds(page.board, page.heard, _touched(project), lambda: page.count(spent(page.board)))
    rounds.wanted, page.hurry = lambda: page.stream.heard, rounds.hurry
    door = Door(port, key, again=same())
    shell = Shell(door, page.stream, page.answers(), shown.error, static=STATIC)
    serve(shell, at, lambda: _beside(rounds), lambda: _say(project, door.address(), no_browser))
    project.ui.done()
    return Exit.DONE


async def _beside(rounds: Rounds) -> None:
    try:
        await asyncio.to_thread(rounds.run)
    finally:
        rounds.stop.set()
        rounds.board.group.stop.set()


def _say(project: Project, address: str, no_browser: bool) -> None:
    project.ui.show(Output("", "board_url", address))
    project.ui.show_results()
    project.ui.hint(t("the address is good for one visit; for another one: {}", same()))
    project.ui.hint(t("to end it: {}", "Ctrl-C"))
    if not no_browser and not webbrowser.open(address):
        project.ui.say(t("there is no browser to open here; open it yourself: {}", address))


def _touched(project: Project) -> Callable[[], Sequence[str] | None] | None:
    """What the local AWS was asked to change since the last question; nobody says so of an account."""
    if project.config.target != "local":
        return None
    known = 0

    def since() -> Sequence[str] | None:
        nonlocal known
        try:
            answer = ask(project.config.local.port, "GET", f"/_hol/touched?since={known}", 2.0)[1]
        except (OSError, ValueError, HTTPException):
            return []
        writes, touched = answer.get("writes"), answer.get("touched")
        if not isinstance(writes, int) or not isinstance(touched, list):
            return []
        known = writes
        return None if answer.get("missed") else [str(one) for one in touched]

    return since
