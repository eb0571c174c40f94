"""`hol console`, `hol guide --serve`, `hol open console`: the small web server put together, and its address."""

from __future__ import annotations

import socket
import webbrowser
from http.client import HTTPException
from pathlib import Path

from hol.cli import calls
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project, looking
from hol.cli.serving.tokens import minted
from hol.engine.events import Output
from hol.engine.run import Run
from hol.local.life import state
from hol.local.life.port import ask
from hol.serve import shown
from hol.serve.app import Shell
from hol.serve.door import Door, key_of
from hol.serve.helping import Helping
from hol.serve.lesson import Lesson
from hol.serve.practice import Practice
from hol.serve.server import listener, serve
from hol.serve.stream import Stream
from hol.serve.watch import Watch
from hol.words.commands import command
from hol.words.errors import Exit, HolError
from hol.words.text import t

CONSOLE, GUIDE = "/", "/guide"


def console(options: Options, no_browser: bool) -> Exit:
    """Serve until Ctrl-C: the practice console with the guide beside it."""
    project = load_project(options)
    if project.config.target != "local":
        project.ui.say(
            t("the practice console is for the local AWS; here is the guide, beside the console of your account"), "!"
        )
    return _serve(project, CONSOLE, no_browser)


def guide(options: Options) -> Exit:
    """The same with the guide alone."""
    return _serve(load_project(options), GUIDE, no_browser=False)


def _serve(project: Project, page: str, no_browser: bool) -> Exit:
    local = project.config.target == "local"
    at = _listener(project)
    run = connected(project) if local else looking(project)
    run.dry = not local
    lesson = _lesson(project, run)
    watch = Watch(lesson, (lambda: _pulse(project.config.local.port)) if local else None, 10.0 if local else 30.0)
    lesson.changed = watch.nudge
    door = Door(project.config.console.port, key_of(_key(project)))
    practice = Practice(lesson)
    lesson.links = practice.links
    answers = {**lesson.answers(), **practice.answers(), **Helping(lesson).answers()}
    shell = Shell(door, lesson.stream, answers, shown.error, (CONSOLE, GUIDE))
    serve(shell, at, watch.run, lambda: _say(project, door.address(page), no_browser))
    project.ui.done()
    return Exit.DONE


def _listener(project: Project) -> socket.socket:
    try:
        return listener(project.config.console.port)
    except HolError as taken:
        try:
            _token(project)
        except HolError:
            raise taken from None
        fix = t("open it: {}", command("open", "console"))
        raise HolError(t("the practice console runs already"), fix=fix) from taken


def _lesson(project: Project, run: Run) -> Lesson:
    stream = Stream()
    local = project.config.target == "local"
    environment = {"aws": calls.environment(project, run), "boto3": calls.python_environment(project, run)}
    lesson = Lesson(run, project.steps, stream, local, environment)
    stream.beginning = lesson.beginning
    return lesson


def _pulse(port: int) -> object:
    """What differs after anything in the local AWS may have changed; None while it does not answer."""
    try:
        known = ask(port, "GET", "/_hol/health", 2.0)[1]
    except (OSError, ValueError, HTTPException):
        return None
    return known.get("pid"), known.get("writes")


def _key(project: Project) -> Path:
    return state.folder() / f"console-{project.config.console.port}.key"


def _say(project: Project, address: str, no_browser: bool) -> None:
    project.ui.show(Output("", "console_url", address))
    project.ui.show_results()
    project.ui.hint(t("the address is good for one visit; for another one: {}", command("open", "console")))
    project.ui.hint(t("to end it: {}", "Ctrl-C"))
    if not no_browser and not webbrowser.open(address):
        project.ui.say(t("there is no browser to open here; open it yourself: {}", address))


def open_console(options: Options) -> Exit:
    """Another address of the console that runs, opened in the browser."""
    project = load_project(options)
    address = f"http://127.0.0.1:{project.config.console.port}{CONSOLE}?token={_token(project)}"
    project.ui.show(Output("", "console_url", address))
    project.ui.show_results()
    if not webbrowser.open(address):
        project.ui.say(t("there is no browser to open here; open it yourself: {}", address))
    project.ui.done()
    return Exit.DONE


def _token(project: Project) -> str:
    """A token of the server that runs. Raises `HolError` without one."""
    found = minted(project.config.console.port, key_of(_key(project)))
    if found is None:
        raise HolError(t("the practice console does not run"), fix=t("run: {}", command("console")))
    return found
