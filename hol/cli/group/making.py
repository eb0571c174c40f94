"""`hol class up`: everybody's lab, told as each is done."""

from __future__ import annotations

from hol.cli.group import driving
from hol.cli.group.driving import HERE
from hol.cli.group.gathering import Telling, gathered, listed, say_failed
from hol.cli.group.planning import say_plan
from hol.cli.options import Options
from hol.cli.project import Project, connected, load_project
from hol.cli.provisioning import confirm
from hol.cli.terminal import columns
from hol.engine.lab import Lab
from hol.group import work
from hol.group.labs import Group
from hol.group.plan import plan as planned
from hol.group.work import Outcome
from hol.words.commands import command, same
from hol.words.errors import Exit
from hol.words.text import Text, t


def up(options: Options, roster: str, engine: str, yes: bool) -> Exit:
    """Make what all share and everybody's lab; whoever's breaks is named, and the exit code is 1 then."""
    project = load_project(options)
    group = gathered(project, listed(project, roster), connected(project))
    if project.config.target == "aws":
        say_plan(project, group, planned(group))
    if project.config.target == "aws" and not yes:
        confirm(project, t("create or change the labs of {} attendees?", len(group.attendees)))
    project.ui.begin()
    telling = Telling(project, group, len(group.attendees) + len(group.shared), _detail)
    outcomes = work.up(group, telling) if engine == HERE else driving.up(project, options, group, telling)
    project.ui.end_progress()
    code = _summed_up(project, group, outcomes)
    project.ui.hint(t("when you are done: {}", command("class", "down", roster)), key="when-done")
    project.ui.done(code)
    return code


def _detail(outcome: Outcome) -> Text:
    if not outcome.changed:
        return t("as it should be")
    return t("{} changes in {} s", outcome.changed, round(outcome.seconds))


def _summed_up(project: Project, group: Group, outcomes: list[Outcome]) -> Exit:
    """Everybody's page on stdout, whose lab failed on stderr, and how many stand."""
    shared = {group.everybody(number).place for number in group.numbers}
    own = [outcome for outcome in outcomes if outcome.attendee.place not in shared]
    _pages(project, group, own)
    failed = [outcome for outcome in outcomes if outcome.failed]
    say_failed(project, group, failed)
    stand = sum(not outcome.failed for outcome in own)
    project.ui.record("class", labs=len(own), stand=stand, seconds=project.ui.tally.seconds)
    project.ui.say(t("{} of {} labs stand, {} s", stand, len(own), project.ui.tally.seconds), key="summary")
    if failed:
        project.ui.hint(t("mend that, then run the same command again: {}", same()), key="again")
    return Exit.FAILED if failed else Exit.DONE


def _page(group: Group, outcome: Outcome) -> str:
    """Where his page answers; "" in a lab without one."""
    step = next((step for step in group.steps if step.does("website")), None)
    told = outcome.outputs.get("website_url", "")
    if told or step is None or outcome.failed:
        return told
    return str(step.module.website(Lab(group.run(outcome.attendee, lambda said: None, dry=True), step.name)))


def _pages(project: Project, group: Group, own: list[Outcome]) -> None:
    listed = [(one, url) for one in own if (url := _page(group, one))]
    for one, page in listed:
        mine = one.attendee
        project.ui.record("attendee", id=mine.id, name=mine.name, team=mine.team, account=mine.account, page=page)
    rows = [(one.attendee.id, one.attendee.name, page) for one, page in listed]
    for line in columns(rows) if rows and not project.ui.as_json else ():
        project.ui.write(line)
