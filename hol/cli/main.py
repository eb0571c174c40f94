"""The verbs: parse, call, print.

Nothing heavy is imported here: `hol --help`, `hol --version` and completion know neither boto3 nor rich. What the
verbs do is in `hol/cli/provisioning.py`.
"""

from __future__ import annotations

import os
from typing import Any

import click

from hol import __version__
from hol.cli.screen.help import Later, Verbs
from hol.cli.verbs import NUMBER, _, common, recording, run


@click.group(
    cls=Verbs,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=_(
        "A hands-on lab of the AWS console, as commands: a SageMaker endpoint that tells positive movie reviews from negative ones, "
        "behind Lambda, API Gateway and a web page.\n\n"
        "Exit codes: 0 done, 1 failed, 2 usage or config, 3 differs, 4 credentials, 5 permission or quota, 6 something left behind, "
        "7 a check failed, 130 interrupted (129 hung up, 143 terminated)."
    ),
)
@click.version_option(__version__, "-V", "--version", message="hol %(version)s", help=_("Show the version."))
@common
def cli(**options: Any) -> None:
    """The root of all verbs."""


@cli.command(
    short_help=_("Make the whole lab and check it."),
    help=_(
        "Provision the whole lab, then check that it works.\n\nExamples: hol up · hol up --dry-run · hol up --target aws"
    ),
)
@click.option("--dry-run", is_flag=True, help=_("Show what would be done, change nothing."))
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask."))
@click.option("--no-check", is_flag=True, help=_("Skip the checks at the end."))
@click.option(
    "--ttl", metavar="TIME", help=_("Delete the endpoint after this time, for example 4h, whoever forgets it.")
)
@recording
@common
def up(**options: Any) -> None:
    run("up", **options)


@cli.command(
    short_help=_("Do one step of the guide, or list them all."),
    help=_(
        "Do one step of the guide, by its number; without one, list the steps and how they stand.\n\n"
        "Examples: hol step · hol step 3 · hol step 3 --explain · hol step 3 --cli"
    ),
)
@click.argument("number", type=NUMBER, metavar=_("[NUMBER]"), required=False)
@click.option("--explain", is_flag=True, help=_("Show the guide's text and what would be done, do nothing."))
@click.option("--cli", is_flag=True, help=_("Print the equivalent aws commands, do nothing."))
@click.option("--boto3", is_flag=True, help=_("Print the equivalent Python, do nothing."))
@click.option("--text/--no-text", default=None, help=_("Show the guide's whole text first; default: in short."))
@recording
@common
def step(number: int | None, **options: Any) -> None:
    run("step", number, module="hol.cli.step", **options)


@cli.command(
    short_help=_("Write the lab as one document, with your names."),
    help=_(
        "Write the whole lab as one document, with your own names.\n\n"
        "Examples: hol guide · hol guide --format md --output - · hol guide --since-2019"
    ),
)
@click.option("--format", "form", type=click.Choice(["html", "md"]), help=_("The document's format; default: html."))
@click.option("--output", "-o", metavar="PATH", help=_("Where to write it; -: to stdout."))
@click.option(
    "--since-2019", is_flag=True, help=_("List what of the original guide no longer works, and what hol does.")
)
@click.option("--account", metavar="ID", help=_("The account that it is for; without it your credentials are asked."))
@click.option("--serve", is_flag=True, help=_("Show it in the browser, with how each step stands just now."))
@common
def guide(
    serve: bool, form: str | None, output: str | None, since_2019: bool, account: str | None, **options: Any
) -> None:
    if not serve:
        run("write_guide", form, output, since_2019, account, module="hol.cli.teaching", **options)
        return
    written = {"--format": form, "--output": output, "--since-2019": since_2019, "--account": account}
    if given := next((name for name, value in written.items() if value), ""):
        raise click.UsageError(_("{} and --serve do not go together", given))
    run("guide", module="hol.cli.serving.console", **options)


@cli.command(
    short_help=_("Open the practice console of this machine."),
    help=_(
        "Open the practice console: the lab's screens to click through, on this machine, with the guide beside them.\n\n"
        "It is not AWS. It ends with Ctrl-C; what was made stays in the local AWS."
    ),
)
@click.option("--no-browser", is_flag=True, help=_("Only print the address."))
@common
def console(no_browser: bool, **options: Any) -> None:
    run("console", no_browser, module="hol.cli.serving.console", **options)


@cli.command(
    short_help=_("Write the lab as CloudFormation, Terraform or a script."),
    help=_(
        "Write the lab as CloudFormation, as Terraform, or as a script of aws commands.\n\n"
        "Examples: hol export cfn · hol export terraform --import · hol export sh --output lab"
    ),
)
@click.argument("form", type=click.Choice(["cfn", "terraform", "sh"]), metavar="cfn|terraform|sh")
@click.option("--output", "-o", metavar="DIR", help=_("The folder to write into; default: hol-terraform and so on."))
@click.option("--import", "with_import", is_flag=True, help=_("Terraform: take over what is there now."))
@common
def export(form: str, **options: Any) -> None:
    run("export", form, module="hol.cli.exporting.forms", **options)


@cli.command(
    short_help=_("Say what is wrong with it and how to mend it."),
    help=_(
        "Look at what was made, by hand or by hol, say what is wrong and how to mend it, and run the guide's own tests.\n\n"
        "Examples: hol check · hol check 4"
    ),
)
@click.argument("number", type=NUMBER, metavar=_("[NUMBER]"), required=False)
@recording
@common
def check(number: int | None, **options: Any) -> None:
    run("check", number, module="hol.cli.teaching", **options)


@cli.command(
    short_help=_("Take over what was made by hand."),
    help=_(
        "Take over what was rightly made by hand, after showing it and asking, so that hol down deletes it too.\n\n"
        "Examples: hol adopt · hol adopt 3 --yes · hol adopt 3 --wrong-too && hol step 3"
    ),
)
@click.argument("number", type=NUMBER, metavar=_("[NUMBER]"), required=False)
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask."))
@click.option("--wrong-too", is_flag=True, help=_("Also what is wrong, for hol to put right."))
@common
def adopt(number: int | None, **options: Any) -> None:
    run("adopt", number, module="hol.cli.teaching", **options)


@cli.command(
    short_help=_("Show what is there, and what it costs."),
    help=_("Show what is there, step by step; exit code 3 when it differs from the configuration."),
)
@common
def status(**options: Any) -> None:
    run("status", **options)


@cli.command(
    short_help=_("Look whether it would work here."),
    help=_(
        "Look whether hol up would work here, and change nothing.\n\nExit codes: 0 healthy, 4, 5 or 1 by the worst finding."
    ),
)
@common
def doctor(**options: Any) -> None:
    run("examine", module="hol.cli.operating", **options)


@cli.command(
    short_help=_("Print the smallest IAM policy for it."),
    help=_(
        "Print the smallest IAM policy that the lab, or one step, needs.\n\nExamples: hol policy · hol policy --step 3"
    ),
)
@click.option("--step", "number", type=NUMBER, metavar="N", help=_("Only what this step needs."))
@click.option("--boundary", is_flag=True, help=_("A permissions boundary for a class: the lab, and nothing else."))
@click.option("--account", metavar="ID", help=_("The account that it is for; default: the one of your credentials."))
@common
def policy(number: int | None, boundary: bool, account: str | None, **options: Any) -> None:
    run("print_policy", number, boundary, account, module="hol.cli.operating", **options)


@cli.command(
    short_help=_("Let the endpoint live longer."),
    help=_("Put off the time at which the endpoint is deleted.\n\nExample: hol extend 2h"),
)
@click.argument("longer", metavar=_("TIME"))
@common
def extend(longer: str, **options: Any) -> None:
    run("extend", longer, module="hol.cli.operating", **options)


@cli.command(
    "open",
    short_help=_("Open the page."),
    help=_("Open the page in the browser, or the practice console that runs.\n\nExamples: hol open · hol open console"),
)
@click.argument("what", type=click.Choice(["page", "console"]), default="page", metavar="[page|console]")
@common
def open_(what: str, **options: Any) -> None:
    if what == "console":
        run("open_console", module="hol.cli.serving.console", **options)
    else:
        run("open_page", **options)


@cli.command(
    short_help=_("Delete it all, or one step, with proof."),
    help=_(
        "Take everything down that this lab made, or only what step N did, after showing it and asking.\n\n"
        "What of a later step lies inside what step N made goes with it: the inline policy with the role, the objects with "
        "the bucket.\n\nExamples: hol down --dry-run · hol down 9 · hol down 5 --with-later"
    ),
)
@click.argument("number", type=NUMBER, required=False)
@click.option("--dry-run", is_flag=True, help=_("Show what would be done, change nothing."))
@click.option("--yes", "-y", is_flag=True, help=_("Do not ask."))
@click.option(
    "--with-later", is_flag=True, help=_("Also take back the later steps that rest on step N, the latest first.")
)
@click.option("--cli", is_flag=True, help=_("Print the equivalent aws commands, do nothing."))
@click.option("--boto3", is_flag=True, help=_("Print the equivalent Python, do nothing."))
@recording
@common
def down(number: int | None, **options: Any) -> None:
    run("down", number, module="hol.cli.down", **options)


@cli.command(
    short_help=_("Write a commented config.yaml here."), help=_("Write the commented config.yaml into this folder.")
)
@click.option("--full", is_flag=True, help=_("Also steps/ and assets/, to make a lab of your own."))
@click.option("--lang", type=click.Choice(["ko", "en"]), help=_("The language of what is printed."))
def init(full: bool, **options: Any) -> None:
    run("init", full, **options)


cli.add_command(Later("local", "hol.cli.local.verbs", "local", short_help=_("The embedded AWS of this machine.")))
cli.add_command(Later("class", "hol.cli.group.verbs", "class_", short_help=_("A lab for everybody on a roster.")))


@cli.command(help=_('Print the shell completion.\n\nExample: eval "$(hol completion bash)"'))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, "hol", "_HOL_COMPLETE").source())


@cli.command("help", help=_("Show the help of hol, or of a verb.\n\nExamples: hol help · hol help step"))
@click.argument("words", nargs=-1, metavar=_("[COMMAND]..."))
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    above = ctx.find_root()
    for word in words:
        if not isinstance(above.command, click.Group):
            raise click.UsageError(_("{} has no commands of its own", above.info_name), above)
        name, found, _rest = above.command.resolve_command(above, [word])
        assert found is not None
        above = click.Context(found, info_name=name, parent=above)
    click.echo(above.get_help())


@cli.command(help=_("Show the version."))
def version() -> None:
    click.echo(f"hol {__version__}")


def completing() -> bool:
    """Whether the shell asks for completions."""
    return "_HOL_COMPLETE" in os.environ
