"""`hol class down`: everybody's lab shown, asked about, deleted, and the account listed again by its tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hol.cli.group import driving
from hol.cli.group.driving import HERE
from hol.cli.group.gathering import Telling, gathered, listed, say_failed
from hol.cli.options import Options
from hol.cli.project import LocalNotRunning, Project, connected, load_project, unconnected
from hol.cli.provisioning import confirm
from hol.cli.screen import receipt
from hol.cli.terminal import columns
from hol.engine.run import Run
from hol.group import teardown
from hol.group.engine import orders
from hol.group.found import Found
from hol.group.handout import ways_in
from hol.group.labs import Group
from hol.group.roster import Attendee
from hol.group.teardown import Ended
from hol.group.work import Outcome, merged
from hol.operate.cleanup import left_behind
from hol.words.commands import same
from hol.words.errors import Exit
from hol.words.text import Text, counted, t


def down(options: Options, roster: str, engine: str, dry_run: bool, yes: bool) -> Exit:
    """Take everybody's lab down; exit 6 when anything is left."""
    project = load_project(options)
    people = listed(project, roster)
    run = _connected(project)
    group = gathered(project, people, run)
    found, unlisted = teardown.plan(group)
    for one in unlisted:
        project.ui.hint(t("not on the roster, but of this class by its tag: {}", one.id), key="unlisted")
    if dry_run:
        return _planned(project, group, found, unlisted)
    if not yes:
        confirm(project, _question(len(group.attendees), len(unlisted)))
    project.ui.begin()
    labs = len(group.attendees) + len(unlisted) + len(group.shared)
    telling = Telling(project, group, labs, _detail)
    if engine == HERE or group.blank:
        ended = driving.without(group, lambda: _taken_down(project, group, found, telling))
    else:
        ended = driving.down(project, options, group, found, telling)
    project.ui.end_progress()
    project.ui.answer()
    code = _receipt(project, group, ended)
    if code == Exit.DONE:
        _stop_unused(project, run)
    project.ui.done(code)
    return code


def _taken_down(project: Project, group: Group, found: Mapping[str, Found], telling: Telling) -> Ended:
    def unbilled(seconds: float) -> None:
        project.ui.hint(
            t("nothing of the class bills by the hour any more, after {} s", round(seconds)), key="unbilled"
        )

    return teardown.down(group, found, telling, unbilled)


def _question(listed: int, unlisted: int) -> Text:
    if unlisted:
        return t("delete the labs of {} attendees, {} of whom are not on the roster?", listed + unlisted, unlisted)
    return t("delete the labs of {} attendees?", listed)


def _connected(project: Project) -> Run:
    try:
        return connected(project, start=False)
    except LocalNotRunning:
        project.ui.hint(t("the local AWS does not run; what was in it went with it"), key="local-not-running")
        return replace(unconnected(project), dry=False, blank=True)


def _planned(project: Project, group: Group, found: Mapping[str, Found], unlisted: Sequence[Attendee]) -> Exit:
    """What would be deleted, a line an attendee."""
    project.ui.answer()
    looked = merged([*teardown.remaining(group, found, unlisted), *orders.taken_away(group, dry=True)])
    rows = [(one.attendee.id, one.attendee.name, _resources(_things(one)).render(project.language)) for one in looked]
    for one in looked:
        project.ui.record("attendee", id=one.attendee.id, things=_things(one))
    for line in columns(rows) if not project.ui.as_json else ():
        project.ui.write(line)
    say_failed(project, group, [replace(one, still=[]) for one in looked if one.errors or one.left])
    project.ui.hint(t("this was a dry-run: nothing was changed; to do it: {}", same()), key="dry-run")
    code = Exit.LEFT_BEHIND if any(one.errors or one.left for one in looked) else Exit.DONE
    project.ui.done(code)
    return code


def _resources(number: int) -> Text:
    return counted(number, t("1 resource"), t("{} resources", number))


def _things(outcome: Outcome) -> int:
    return sum(event.things for event in outcome.still)


def _gone(outcome: Outcome) -> int:
    return outcome.elsewhere + sum(event.things for event in outcome.events if event.mark == "-")


def _detail(outcome: Outcome) -> Text:
    gone = _gone(outcome)
    return t("{} deleted in {} s", gone, round(outcome.seconds)) if gone else t("nothing there")


def _receipt(project: Project, group: Group, ended: Ended) -> Exit:
    """A line an attendee, what is left and whose it is, and the verdict."""
    unlisted = {one.place for one in ended.unlisted}
    yes, no = t("yes"), t("NO")
    rows: list[tuple[Text | str, ...]] = [(t("deleted"), t("absent"), t("attendee"))]
    for one in ended.outcomes:
        mine = one.attendee
        who = t("{}, not on the roster", mine.shown) if mine.place in unlisted else t("{}", mine.shown)
        rows.append((str(_gone(one)), no if one.failed else yes, who))
        project.ui.record("attendee", id=mine.id, name=mine.name, deleted=_gone(one), verified_absent=not one.failed)
    shown = [[cell if isinstance(cell, str) else cell.render(project.language) for cell in row] for row in rows]
    for line in columns(shown) if not project.ui.as_json else ():
        project.ui.say(t("  {}", line))
    _say_notes(project, ended)
    failed = [one for one in ended.outcomes if one.failed]
    say_failed(project, group, failed)
    receipt.say_unseen(project.ui, list(ended.unseen))
    gone, seconds = sum(map(_gone, ended.outcomes)), project.ui.tally.seconds
    left = sum(len(one.errors) + left_behind(one.still, one.left) for one in failed)
    project.ui.record("class", deleted=gone, left=left, attendees=len(ended.outcomes), seconds=seconds)
    if failed:
        project.ui.say(t("{} deleted and verified absent, {} left behind, {} s", gone, left, seconds), key="summary")
        return Exit.LEFT_BEHIND
    where = ", ".join(dict.fromkeys(group.account(number).cloud.account for number in group.numbers))
    region = project.config.region
    project.ui.say(
        t("{} deleted and verified absent, nothing left behind in {} ({}), {} s", gone, where, region, seconds),
        key="summary",
    )
    return Exit.DONE


def _say_notes(project: Project, ended: Ended) -> None:
    """Who is out, and what was decided not to be touched, once, though it was looked at more than once."""
    if out := ways_in.revoked(ended.outcomes):
        project.ui.say(
            t("who can no longer sign in, his role or user gone and nowhere listed: {} attendees", out), key="revoked"
        )
    for one in ended.outcomes:
        notes = {(str(event.what), str(event.why)): event for event in one.events if event.mark == "!"}
        for event in notes.values():
            project.ui.say(t("{}: {} ({})", one.attendee.shown, event.what, event.why or ""), "!", key=event.key)


def _stop_unused(project: Project, run: Run) -> None:
    from hol.cli.local.server import stop_unused

    if project.config.target == "local" and not run.blank and (said := stop_unused(run)):
        project.ui.hint(said, key="local-stopped")
