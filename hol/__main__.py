"""The one boundary where errors become words and exit codes."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import shutil
import sys

import click

from hol.cli import signals, streams
from hol.cli.main import cli, completing
from hol.words import commands
from hol.words.catalogue import current_language
from hol.words.commands import cleaning, same
from hol.words.errors import Exit, HolError
from hol.words.shown import harmless, shortened
from hol.words.text import t


def main() -> None:
    """Run hol and exit with its code.

    The process ends without taking itself apart: freeing what boto3 has read takes longer than many a call to AWS.
    For the same reason the collector of cyclic garbage comes seldom.
    """
    gc.set_threshold(200_000)
    streams.prepare()
    signals.listen()
    commands.called(program=_program())
    code = run(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stderr.flush()
    os._exit(code or int(Exit.FAILED if streams.lost() else Exit.DONE))


def _program() -> tuple[str, ...]:
    """The words with which this shell reaches this hol again."""
    known = shutil.which("hol")
    ours = os.path.dirname(sys.executable)
    if known and (known == sys.argv[0] or os.path.dirname(os.path.realpath(known)) == ours):
        return ("hol",)
    return (
        (sys.argv[0],) if os.path.splitext(os.path.basename(sys.argv[0]))[0] == "hol" else (sys.executable, "-m", "hol")
    )


# Of the others there is nothing to undo.
_CHANGING = {"up", "step", "adopt", "down"}


def run(arguments: list[str]) -> int:
    """Run hol with those arguments; returns the exit code."""
    try:
        code = _called(arguments)
        sys.stdout.flush()
        return code
    except (KeyboardInterrupt, click.Abort):
        return _interrupted(arguments)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.FAILED)
    except HolError as error:
        return _failed(error, arguments)
    except OSError as error:
        return _failed(_in_words(error), arguments, error)


def _called(arguments: list[str]) -> int:
    try:
        if completing():
            cli.main(arguments, prog_name="hol", complete_var="_HOL_COMPLETE")
        return int(cli.main(arguments, prog_name="hol", standalone_mode=False) or 0)
    except click.exceptions.Exit as wanted:
        return int(wanted.exit_code)
    except SystemExit as wanted:  # click's own, after a completion or a broken pipe
        return wanted.code if isinstance(wanted.code, int) else int(Exit.FAILED)
    except click.ClickException as error:
        _show(error)
        return int(Exit.USAGE)


def _show(error: click.ClickException) -> None:
    """click's own complaint, with nothing in it that the terminal would obey."""
    said = io.StringIO()
    error.show(said)
    for line in said.getvalue().splitlines():
        print(harmless(shortened(line, 500)), file=sys.stderr)


def _interrupted(arguments: list[str]) -> int:
    from hol.cli.terminal import end_progress

    end_progress()
    text = t("interrupted")
    if not _CHANGING.isdisjoint(arguments):
        text = t(
            "interrupted: what is done is kept; go on with the same command, or undo all of it with: {}",
            cleaning(),
        )
    print("\n" + text.render(current_language()), file=sys.stderr)
    return signals.exit_code()


def _in_words(error: OSError) -> HolError:
    from hol.config.disk import failure, reason, remedy

    if error.filename is not None:
        return failure(error)
    what = t("the results could not be written to stdout") if isinstance(error, streams.Unwritable) else None
    return HolError(what or t("this machine refuses"), reason(error), remedy(error))


def _failed(error: HolError, arguments: list[str], cause: OSError | None = None) -> int:
    from hol.cli.terminal import Ui

    if "--debug" in arguments:
        import traceback

        traceback.print_exception(cause or error)
        _mention_record(arguments)
    try:
        Ui(current_language(), as_json="--json" in arguments).fail(error)
    except OSError:  # stdout does not take it
        with contextlib.suppress(OSError):
            Ui(current_language()).fail(error)
    return int(error.code)


def _mention_record(arguments: list[str]) -> None:
    """Where whoever is to help can read what AWS was asked and said."""
    if {"up", "step", "check", "down"}.isdisjoint(arguments) or "--record" in arguments:
        return
    again_with = same("--record", "hol-record.jsonl")
    text = t("to keep every call and its answer in a file that is safe to attach to an issue: {}", again_with)
    print(harmless(text.render(current_language())), file=sys.stderr)


if __name__ == "__main__":
    main()
