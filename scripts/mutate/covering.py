"""Which test runs which block, in whatever process: seen once in a copy of the tree whose every block reports itself.

A report is written as soon as it is known, so that killed processes count too. The server that all tests share knows
the running test from a file that the pytest plugin writes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from blocks import traced

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# They measure, look at assets only, or take minutes: no mutant is theirs to find.
NOT_FOR_MUTANTS = ("tests/test_speed.py", "tests/test_wheel.py", "tests/test_nsmc.py", "tests/test_model.py")
_TOO_LONG = "not printed_aws_commands_alone and not printed_clean_up_leaves"

_REPORTER = """
import mmap, os
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
_seen = set()
try:
    _now = mmap.mmap(os.open({folder!r} + "/now-" + _worker, os.O_RDONLY), 4, prot=mmap.PROT_READ)
    _out = os.open({folder!r} + "/hits-" + _worker, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
except (OSError, ValueError):
    _now = None

def hit(block):
    if _now is not None:
        key = _now[:4], block
        if key not in _seen:
            _seen.add(key)
            os.write(_out, b"%d %s\\n" % (int.from_bytes(key[0], "big"), block.encode()))
"""


def sources(root: Path = ROOT) -> list[str]:
    """The modules that are mutated; wording has none of its own behaviour."""
    found = [path for folder in ("hol", "steps") for path in sorted((root / folder).rglob("*.py"))]
    names = [str(path.relative_to(root)) for path in found]
    return [name for name in names if not Path(name).name.startswith(("korean", "_traced"))]


def copy_tree(to: Path) -> None:
    """The tree as git sees it, with what is not committed yet."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in names:
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def environment(tree: Path, home: Path, **more: str) -> dict[str, str]:
    """For tests in that tree: nobody's credentials, nobody's folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HOL_", "MUTATE_"))}
    own = {"PYTHONPATH": f"{tree}{os.pathsep}{HERE}", "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true"}
    return {**kept, **own, "PLAYWRIGHT_BROWSERS_PATH": os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), **more}


def covering(work: Path, jobs: int, renew: bool = False) -> dict[str, Any]:
    """{test: {"seconds", "passed", "blocks"}}; tests of changed files are looked at again, all if a source has changed."""
    path = work / "covering.json"
    known = json.loads(path.read_text()) if path.is_file() and not renew else {"sources": "", "files": {}, "tests": {}}
    digest, files = _digest(sources()), {str(p.relative_to(ROOT)): _digest([p]) for p in _test_files()}
    if known["sources"] != digest:
        known = {"sources": digest, "files": {}, "tests": {}}
    stale = [name for name, found in files.items() if known["files"].get(name) != found]
    if stale:
        print(f"looking which test of {len(stale)} files runs what …", file=sys.stderr, flush=True)
        tests = _traced_run(work, stale, jobs)
        kept = {k: v for k, v in known["tests"].items() if (name := k.split("::")[0]) in files and name not in stale}
        known = {"sources": digest, "files": files, "tests": {**kept, **tests}}
        path.write_text(json.dumps(known))
    return dict(known["tests"])


def _test_files() -> list[Path]:
    return [p for p in sorted((ROOT / "tests").rglob("test_*.py")) if str(p.relative_to(ROOT)) not in NOT_FOR_MUTANTS]


def _digest(names: list[Any]) -> str:
    return hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def _traced_run(work: Path, files: list[str], jobs: int) -> dict[str, Any]:
    tree, out = work / "traced", work / "hits"
    for folder in (tree, out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    copy_tree(tree)
    for name in sources(tree):
        (tree / name).write_text(traced((tree / name).read_text(encoding="utf-8"), name), encoding="utf-8")
    (tree / "hol" / "_traced.py").write_text(_REPORTER.format(folder=str(out)), encoding="utf-8")
    parallel = ["-n", str(jobs), "--dist", "worksteal"] if jobs > 1 else []
    options = ["-q", "-p", "pytest_chosen", "-p", "no:cacheprovider", "-k", _TOO_LONG, *parallel]
    command = [sys.executable, "-m", "pytest", *options, *files]
    with (work / "traced.log").open("w") as log:
        subprocess.run(command, cwd=tree, env=environment(tree, work, MUTATE_TRACE=str(out)), stdout=log, stderr=log)
    return _with_second_chance(work, _read(out), options)


def _with_second_chance(work: Path, tests: dict[str, Any], options: list[str]) -> dict[str, Any]:
    """Tests that read the sources fail where these report themselves: whether they pass is seen in a plain copy."""
    failed, plain, out = [name for name, test in tests.items() if not test["passed"]], work / "plain", work / "again"
    if not failed:
        return tests
    for folder in (plain, out):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    copy_tree(plain)
    (work / "chosen").write_text("\n".join(failed), encoding="utf-8")
    files = list(dict.fromkeys(name.split("::")[0] for name in failed))
    marks = {"MUTATE_TRACE": str(out), "MUTATE_TESTS": str(work / "chosen")}
    command = [sys.executable, "-m", "pytest", *options, *files]
    subprocess.run(command, cwd=plain, env=environment(plain, work, **marks), stdout=subprocess.DEVNULL)
    for name, test in _read(out).items():
        tests[name] |= {"passed": test["passed"], "seconds": test["seconds"]}
    return tests


def _read(folder: Path) -> dict[str, Any]:
    tests: dict[str, Any] = {}
    for file in folder.glob("tests-*"):
        names: dict[int, str] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            number, name, _, seconds, outcome = json.loads(line)
            names[number] = name
            test = tests.setdefault(name, {"seconds": 0.0, "passed": True, "blocks": []})
            test["seconds"] += seconds
            test["passed"] &= outcome == "passed"
        hits = defaultdict(set)
        reports = folder / file.name.replace("tests-", "hits-")
        for line in reports.read_text(encoding="utf-8").splitlines() if reports.is_file() else ():
            number, _, block = line.partition(" ")
            hits[int(number)].add(block)
        for number, name in names.items():
            tests[name]["blocks"] = sorted(hits[number])
    return tests
