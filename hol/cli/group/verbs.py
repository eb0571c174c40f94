"""`hol class`: parses; what its verbs do is in the modules beside it."""

from __future__ import annotations

import click

from hol.cli.screen.help import Verbs
from hol.cli.verbs import _, common, run

ENGINES = ("this-machine", "step-functions")

_roster = click.argument("roster", metavar=_("ROSTER.csv"))
_yes = click.option("--yes", "-y", is_flag=True, help=_("Do not ask."))

_engine = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    help=_("Who works on the labs: this machine, or AWS Step Functions, though this machine is off."),
)


@click.group(
    "class",
    cls=Verbs,
    short_help=_("A lab for everybody on a roster."),
    help=_(
        "A lab for everybody on a roster: a CSV file with the column name, and with email, team, account if you like."
    ),
)
@common
def class_(**options: object) -> None:
    """plan, up, handout, board, check, down."""


@class_.command(
    short_help=_("Say how long it takes, what it costs, what stands in its way."),
    help=_(
        "Say what the class will take, and change nothing: minutes by AWS's quotas, which quotas are too low and how to raise "
        "them, what it costs.\n\nExit codes: 0 nothing stands in its way, 5 a quota is too low."
    ),
)
@_roster
@common
def plan(roster: str, **options: object) -> None:
    run("plan", roster, module="hol.cli.group.planning", **options)


@class_.command(
    short_help=_("Make everybody's lab."),
    help=_(
        "Make everybody's lab, as fast as the account's quotas let it. Whose lab breaks is named, and the others' are made all "
        "the same; it may be ended and run again at any time.\n\nExit codes: 0 everybody's lab stands, 1 not everybody's."
    ),
)
@_roster
@_engine
@_yes
@common
def up(roster: str, engine: str, yes: bool, **options: object) -> None:
    run("up", roster, engine, yes, module="hol.cli.group.making", **options)


@class_.command(
    short_help=_("Let everybody sign in to his own lab, with a page each."),
    help=_(
        "Let every attendee sign in to his own lab and to nothing else, and write a page for each: how he signs in, what is his, where his "
        "page answers. The pages hold secrets and only you can read them. class down takes it all back.\n\n"
        "Exit codes: 0 everybody can sign in, 1 not everybody."
    ),
)
@_roster
@click.option("--output", "-o", metavar="PATH", help=_("The folder for the pages; default: handout-NAME."))
@click.option("--only", multiple=True, metavar="NAME", help=_("Only this attendee, by id or name; may be repeated."))
@_yes
@common
def handout(roster: str, output: str | None, only: tuple[str, ...], yes: bool, **options: object) -> None:
    run("handout", roster, output, only, yes, module="hol.cli.group.handout", **options)


@class_.command(
    short_help=_("Grade everybody's lab."),
    help=_(
        "Grade everybody's lab, made by hand or by hol, and write a CSV: a line an attendee, a column a step (1 right, 0 not), the step to "
        "go on with and why.\n\nExit codes: 0 everybody's lab is right, 7 not everybody's."
    ),
)
@_roster
@click.option("--output", "-o", metavar="PATH", help=_("The file to write, for a spreadsheet; default: to stdout."))
@common
def check(roster: str, output: str | None, **options: object) -> None:
    run("check", roster, output, module="hol.cli.group.grading", **options)


@class_.command(
    short_help=_("Show who is at which step, who needs help, whose lab fails and why."),
    help=_(
        "Show how everybody stands: at which step, what fails there and why, who asks for help, what it has cost, how much time is "
        "left. On a terminal a page in the browser that follows, until Ctrl-C; otherwise a table, once. Nothing is changed, and "
        "of API Gateway's ten calls a second it uses two."
    ),
)
@_roster
@click.option("--once", is_flag=True, help=_("The table, once, also on a terminal."))
@click.option("--no-browser", is_flag=True, help=_("Only print the page's address."))
@common
def board(roster: str, once: bool, no_browser: bool, **options: object) -> None:
    run("board", roster, once, no_browser, module="hol.cli.group.boarding", **options)


@class_.command(
    short_help=_("Delete everybody's lab, with proof."),
    help=_(
        "Delete everybody's lab, what bills first, and list the account again by its tags. Whoever is no longer on the roster is "
        "found by the class's tag.\n\nExit codes: 0 nothing is left, 6 something is."
    ),
)
@_roster
@click.option("--dry-run", is_flag=True, help=_("Show what would be done, change nothing."))
@_engine
@_yes
@common
def down(roster: str, engine: str, dry_run: bool, yes: bool, **options: object) -> None:
    run("down", roster, engine, dry_run, yes, module="hol.cli.group.ending", **options)
