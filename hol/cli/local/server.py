"""`hol local start | stop | status | logs`, and the end of a local AWS that nobody needs any longer."""

from __future__ import annotations

from hol.cli.options import Options
from hol.cli.project import load_project
from hol.engine.events import Output
from hol.engine.run import Run
from hol.local.life import process, state
from hol.local.life.port import running
from hol.words.commands import command
from hol.words.errors import Exit, HolError, LocalError
from hol.words.text import Text, t


def start(options: Options) -> Exit:
    """Start the local AWS, to stay."""
    project = load_project(options)
    state.lease(project.config.local.port)
    found = process.start(project.config.local.port)
    state.keep(found.port, found.pid)
    project.ui.show(Output("", "local_url", found.url))
    project.ui.done()
    return Exit.DONE


def stop(options: Options) -> Exit:
    """Stop the local AWS."""
    project = load_project(options)
    stopped = process.stop(project.config.local.port)
    project.ui.say(t("the local AWS was stopped") if stopped else t("the local AWS does not run"), key="local-stopped")
    project.ui.done()
    return Exit.DONE


def status(options: Options) -> Exit:
    """Whether the local AWS runs; exit 3 when it does not."""
    project = load_project(options)
    project.ui.answer()
    found = running(project.config.local.port)
    if found is None:
        project.ui.say(t("the local AWS does not run"), key="local-not-running")
    else:
        project.ui.show(Output("", "local_url", found.url))
        project.ui.say(t("it runs: hol {}, process {}", found.version, found.pid), key="local-running")
    code = Exit.DONE if found else Exit.DIFFERS
    project.ui.done(code)
    return code


def logs(options: Options) -> Exit:
    """The local AWS's log."""
    project = load_project(options)
    path = state.log(project.config.local.port)
    if not path.is_file():
        raise HolError(t("there is no log yet: {}", str(path)), fix=t("run: {}", command("local", "start")))
    print(path.read_text(encoding="utf-8", errors="replace"), end="")
    return Exit.DONE


def stop_unused(run: Run) -> Text | None:
    """Stop a local AWS that `hol up` started if nothing is left in it and nobody uses it; what came of it.

    None when it was started by hand, or does not run any more.
    """
    port = run.config.local.port
    try:
        found = running(port)
        if found is None or state.kept(port, found.pid):
            return None
        why = process.stop_if_empty(found) if state.alone(port) else t("another hol works with it")
    except LocalError as error:
        why = error.what
    return t("the local AWS goes on running: {}", why) if why else t("the local AWS is empty and was stopped")
