"""`hol local compare FILE`: a record replayed against an empty account of a local AWS of its own, and every difference named."""

from __future__ import annotations

import hashlib
import json
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hol.cli.options import Options
from hol.cli.project import Project, known_sections, load_project
from hol.cli.records import recording
from hol.cloud.anonymous import Anonymous
from hol.cloud.record import Line, read
from hol.cloud.session import connect
from hol.config import files as configuration
from hol.config.settings import Config
from hol.engine import runner
from hol.engine.run import Run
from hol.local.compare.differences import Difference
from hol.local.compare.replay import Compared, Replay, runs
from hol.local.compare.stand_ins import StandIns
from hol.local.life import process, state
from hol.local.life.place import place
from hol.words.errors import Exit
from hol.words.text import Text, counted, t

_FIRST_ACCOUNT = 210000000001


@dataclass
class Account:
    """An account of the local AWS, and the folder that goes with it."""

    project: Project
    port: int
    number: str
    home: Path

    def run(self, line: Line) -> Run:
        """A run under the names of the record's run."""
        config = self._config(line)
        cloud = connect(config, place(self.port, self.number))
        steps = {step.name: step for step in self.project.steps}
        named = configuration.resolved(config, cloud.account)
        return Run(named, cloud, self.project.folder.root, self.home, lambda said: None, steps)

    def stand_ins(self) -> StandIns:
        from hol.aws.images import ACCOUNTS

        return StandIns(self.number, Anonymous(ACCOUNTS.values()), _stored(self.project))

    def _config(self, line: Line) -> Config:
        settings = self.stand_ins().within(line.get("settings", {}))
        wanted = [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
        own = [f"region={line['region']}", "target=local", f"local.port={self.port}"]
        return configuration.load(self.project.folder, [*wanted, *own], known_sections(self.project.steps))


def compare(options: Options, path: str) -> Exit:
    """Replay every run of the record, one after the other; exit 3 where the local AWS answers otherwise."""
    project = load_project(options)
    lines = read(Path(path))
    project.ui.answer()
    told = Compared()
    with tempfile.TemporaryDirectory(prefix="hol-compare-") as folder, _local_aws() as port:
        _replay(project, port, Path(folder), runs(lines), told)
    _show(project, told)
    for number in (at for at, line in enumerate(lines, 1) if "cut" in line):
        project.ui.say(t("line {} was cut off: what followed it in that run is not in the file", number), "!")
    code = Exit.DIFFERS if told.differences or told.not_made else Exit.DONE
    project.ui.done(code)
    return code


@contextmanager
def _local_aws() -> Iterator[int]:
    """One of its own: nobody else's is disturbed, and nothing is left."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        process.start(port)
        yield port
    finally:
        process.stop(port)
        state.log(port).unlink(missing_ok=True)


def _replay(project: Project, port: int, folder: Path, found: Sequence[list[tuple[int, Line]]], told: Compared) -> None:
    account: Account | None = None
    for number, lines in enumerate(found):
        begun = next((line for _, line in lines if "there" in line), None)
        calls = [(at, line) for at, line in lines if "call" in line]
        if begun is None:
            told.not_made += [(at, str(line["call"]), "-") for at, line in calls]
            continue
        if account is None or recording.standing(account.run(begun)) != begun["there"]:
            account = Account(project, port, str(_FIRST_ACCOUNT + number), folder / str(number))
            _prepare(account, begun)
        run, stand_ins = account.run(begun), account.stand_ins()
        stand_ins.pair(begun.get("names", {}), recording.computed(run))
        Replay(run.cloud, stand_ins).run(calls, told)


def _prepare(account: Account, begun: Line) -> None:
    """What the run found, made here by hol itself."""
    account.home.mkdir()
    run = account.run(begun)
    if there := [step for name, step in run.steps.items() if name in begun["there"]]:
        runner.up(run, there)


def _stored(project: Project) -> Callable[[str], bytes | None]:
    """Finds a file of the lab by its digest: a record holds no file that cannot be read as text."""
    known: dict[str, Path] = {}

    def find(wanted: str) -> bytes | None:
        if not known:
            known.update(_digests(project.folder.root / "assets", configuration.packaged() / "assets"))
        return known[wanted].read_bytes() if wanted in known else None

    return find


def _digests(*folders: Path) -> Mapping[str, Path]:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}


# --- shown ---


def _show(project: Project, told: Compared) -> None:
    for one in told.differences:
        _show_difference(project, one)
    for line, operation, placeholder in told.not_made:
        project.ui.record("not_made", line=line, operation=operation, lacking=placeholder)
        if not project.ui.as_json:
            project.ui.say(_not_made(line, operation, placeholder), "!")
    differing = len({one.line for one in told.differences})
    project.ui.record("compared", calls=told.calls, differing=differing, not_made=len(told.not_made))
    if not project.ui.as_json:
        calls = counted(told.calls, t("1 call compared"), t("{} calls compared", told.calls))
        project.ui.say(t("{}: {} with a difference, {} not possible", calls, differing, len(told.not_made)))


def _not_made(line: int, operation: str, placeholder: str) -> Text:
    if placeholder == "-":
        return t("! line {} {}: AWS did not answer, or the run ended before it began", line, operation)
    return t("! line {} {}: cannot be asked here: nothing has given {}", line, operation, placeholder)


def _show_difference(project: Project, one: Difference) -> None:
    project.ui.record("difference", **vars(one))
    if not project.ui.as_json:
        words = {"status": t("status"), "code": t("code"), "message": t("message"), "shape": t("shape")}
        text = t(
            "! line {} {}: {}: recorded {}, here {}", one.line, one.operation, words[one.aspect], one.recorded, one.here
        )
        project.ui.say(text, "!")
