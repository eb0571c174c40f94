"""`hol local start | stop | status | logs`, and the end of a local AWS that nobody needs any longer."""

from __future__ import annotations

from hol.errors import Exit, HolError
from hol.events import Output
from hol.local import process
from hol.options import Options
from hol.project import project
from hol.run import Run
from hol.text import t


def start(options: Options) -> Exit:
    """Start the local AWS, to stay."""
    lab = project(options)
    found = process.start(lab.config.local.port)
    process.keep(found)
    lab.ui.tell(Output("", "local_url", found.url))
    lab.ui.done()
    return Exit.DONE


def stop(options: Options) -> Exit:
    """Stop the local AWS."""
    lab = project(options)
    stopped = process.stop(lab.config.local.port)
    lab.ui.say(t("the local AWS was stopped") if stopped else t("the local AWS does not run"))
    lab.ui.done()
    return Exit.DONE


def status(options: Options) -> Exit:
    """Whether the local AWS runs; exit 3 when it does not."""
    lab = project(options)
    found = process.running(lab.config.local.port)
    if found is None:
        lab.ui.say(t("the local AWS does not run"))
    else:
        lab.ui.tell(Output("", "local_url", found.url))
        lab.ui.say(t("it runs: hol {}, process {}", found.version, found.pid))
    code = Exit.DONE if found else Exit.DIFFERS
    lab.ui.done(code)
    return code


def logs(options: Options) -> Exit:
    """The local AWS's log."""
    lab = project(options)
    path = process.log_path(lab.config.local.port)
    if not path.is_file():
        raise HolError(t("there is no log yet: {}", str(path)), fix=t("run: {}", "hol local start"))
    print(path.read_text(encoding="utf-8", errors="replace"), end="")
    return Exit.DONE


def stop_unused(run: Run) -> bool:
    """Stop a local AWS that `hol up` started and in which nothing is left; whether it was stopped."""
    found = process.running(run.config.local.port)
    if found is None or process.kept(found) or not _empty(run):
        return False
    return process.stop(found.port)


def _empty(run: Run) -> bool:
    listed = (
        ("iam", "list_roles", "Roles"),
        ("lambda", "list_functions", "Functions"),
        ("apigateway", "get_rest_apis", "items"),
        ("s3", "list_buckets", "Buckets"),
        ("sagemaker", "list_endpoints", "Endpoints"),
    )
    return not any(getattr(run.cloud.client(service), call)()[result] for service, call, result in listed)
