"""The one boundary where errors become words and exit codes."""

from __future__ import annotations

import contextlib
import gc
import os
import sys

import click

from hol.cli import cli, completing
from hol.encoding import writable
from hol.errors import Exit, HolError
from hol.text import t
from hol.verbs import LANGUAGE


def main() -> None:
    """Run hol and exit with its code.

    The process ends without taking itself apart: freeing what boto3 has read takes longer than many a call to AWS.
    For the same reason the collector of cyclic garbage comes seldom.
    """
    gc.set_threshold(200_000)
    writable(sys.stdout)
    writable(sys.stderr)
    code = run(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run hol with those arguments; returns the exit code."""
    try:
        if completing():
            cli.main(arguments, prog_name="hol", complete_var="_HOL_COMPLETE")
        result = cli.main(arguments, prog_name="hol", standalone_mode=False)
        return int(result or 0)
    except click.exceptions.Exit as wanted:
        return int(wanted.exit_code)
    except click.ClickException as error:
        error.show()
        return int(Exit.USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(Exit.FAILED)
    except HolError as error:
        return _failed(error, arguments)


def _interrupted() -> int:
    from hol.ui import end_progress

    end_progress()
    text = t("interrupted: what is done is kept; go on with the same command, or undo all of it with: {}", "hol down")
    print("\n" + text.render(LANGUAGE), file=sys.stderr)
    return int(Exit.INTERRUPTED)


def _failed(error: HolError, arguments: list[str]) -> int:
    from hol.ui import Ui

    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    Ui(LANGUAGE, as_json="--json" in arguments).fail(error)
    return int(error.code)


if __name__ == "__main__":
    main()
