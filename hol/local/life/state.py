"""What the local AWS keeps on disk, in the per-user state folder: its log, its scratch folder, and two small files.

None of them says that a server runs; that is asked at its port. The scratch folder names the process that took the
port, `keep` the one that was started by hand, and on `lease` every hol that works with the local AWS holds a lock for
as long as it lives.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import IO

from hol.words.errors import LocalError
from hol.words.text import t

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]  # Windows has none

_LONGEST_STOP = 20.0
_held: dict[int, IO[str]] = {}


def folder() -> Path:
    """HOL_STATE_DIR, else the user's state folder of this system."""
    if own := os.environ.get("HOL_STATE_DIR"):
        return Path(own)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "hol"
    return Path(os.environ.get("XDG_STATE_HOME") or _home() / ".local" / "state") / "hol"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError as error:
        fix = t("set HOL_STATE_DIR to a folder that can be written")
        raise LocalError(t("cannot start the local AWS: {}", error), fix=fix) from error


def log(port: int) -> Path:
    """The server's log."""
    return folder() / f"local-{port}.log"


def scratch(port: int, pid: int) -> Path:
    """The folder for temporary files of the server with that process id."""
    return folder() / f"local-{port}-{pid}"


def holder(port: int) -> int | None:
    """The process that took the port for the local AWS and still lives; None when there is none that we know of."""
    ids = (path.name.rpartition("-")[2] for path in folder().glob(f"local-{port}-*"))
    return next((int(one) for one in ids if one.isdigit() and is_server(int(one))), None)


def is_server(pid: int) -> bool:
    """Whether that process lives and, where the system tells, is a local AWS."""
    if pid <= 1 or sys.platform == "win32":  # there, asking with signal 0 would end the process
        return pid > 1
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    try:
        return b"hol.local" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()


def seconds_used(port: int) -> float:
    """Of the processor, by the local AWS that holds the port; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{holder(port)}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def keep(port: int, pid: int) -> None:
    """This server was started by hand: `hol down` does not stop it."""
    _write(folder() / f"local-{port}.keep", str(pid))


def kept(port: int, pid: int) -> bool:
    """Whether it was started by hand; what an earlier server left does not count."""
    try:
        return (folder() / f"local-{port}.keep").read_text(encoding="utf-8") == str(pid)
    except OSError:
        return False


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise not_writable(error) from error


def not_writable(error: OSError) -> LocalError:
    """The state folder cannot be written to."""
    return LocalError(
        t("cannot start the local AWS: {}", error), fix=t("set HOL_STATE_DIR to a folder that can be written")
    )


def lease(port: int) -> None:
    """Let nobody stop the local AWS as unused while this process lives; waits while one is being stopped.

    Without locks (Windows), or a state folder that can be written, there is no lease, and the server alone decides.
    """
    if fcntl is None or port in _held:
        return
    try:
        folder().mkdir(parents=True, exist_ok=True)
        file = (folder() / f"local-{port}.lease").open("w")
    except OSError:
        return
    until = time.monotonic() + _LONGEST_STOP
    while not _locked(file, fcntl.LOCK_SH) and time.monotonic() < until:
        time.sleep(0.05)
    _held[port] = file


def alone(port: int) -> bool:
    """Whether no other hol works with the local AWS; then none begins until this process ends, or `lease`s again."""
    file = _held.get(port)
    if fcntl is None or file is None:
        return True
    fcntl.flock(file, fcntl.LOCK_UN)  # two that ask at once must not keep each other from it
    return _locked(file, fcntl.LOCK_EX)


def _locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
