"""`python scripts/mutate --seed 1 --count 200 --jobs 2`: how many small changes of the code do the tests notice?

Changes hol/ and steps/ one at a time in copies of the tree, runs the tests that run the changed block, prints a table
and a diff of each survivor. What is known goes into `--work` and is not done again: interrupt it, and go on with the
same command. Survivors that no test can kill, because nothing behaves differently, stand in equivalent.yaml beside
this file with the reason.
"""

from __future__ import annotations

import argparse
import difflib
import json
import queue
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml
from covering import HERE, ROOT, covering, sources
from mutations import Mutation, compiles, mutations
from trying import Suite, Tree, Verdict


def main() -> None:
    """Parse, sample, try, tell."""
    options = _options()
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    sample = _sample(options)
    results = work / f"results-{options.seed}.jsonl"
    known = {} if options.anew else _known(results)
    if options.survivors:
        known = {key: found for key, found in known.items() if found["outcome"] != "survived"}
    todo = [one for one in sample if one.key not in known]
    print(f"seed {options.seed}: {len(sample)} mutants, {len(sample) - len(todo)} of them known", flush=True)
    if todo:
        suite = Suite(covering(work, options.jobs), options.seconds)
        _try_all(todo, suite, results, work, options.jobs)
    _tell(sample, _known(results))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--paths", nargs="*", default=[""], help="only modules whose path starts so")
    parser.add_argument("--only", default="", help="only mutants whose name contains this")
    parser.add_argument("--seconds", type=float, default=60, help="tests for one mutant, by what they take undisturbed")
    parser.add_argument("--work", type=Path, default=ROOT / ".mutate")
    parser.add_argument("--survivors", action="store_true", help="try the survivors of this seed once more")
    parser.add_argument("--anew", action="store_true", help="forget what is known of this seed")
    return parser.parse_args()


def _sample(options: argparse.Namespace) -> list[Mutation]:
    """Each line that can be mutated is as likely as any other, and on it each kind of mutation."""
    lines: dict[tuple[str, int], dict[str, list[Mutation]]] = defaultdict(lambda: defaultdict(list))
    for path in sources():
        if path.startswith(tuple(options.paths)):
            for one in mutations((ROOT / path).read_text(encoding="utf-8"), path):
                if options.only in one.key:
                    lines[path, one.line][one.kind].append(one)
    chance = random.Random(options.seed)
    picked = chance.sample(sorted(lines), min(options.count, len(lines)))
    chosen = [chance.choice(lines[line][chance.choice(sorted(lines[line]))]) for line in picked]
    return [one for one in chosen if compiles(one, (ROOT / one.path).read_bytes())]


def _known(results: Path) -> dict[str, Any]:
    lines = results.read_text(encoding="utf-8").splitlines() if results.is_file() else []
    return {found["key"]: found for found in map(json.loads, lines)}


def _try_all(todo: list[Mutation], suite: Suite, results: Path, work: Path, jobs: int) -> None:
    all_trees = [Tree(work / f"job-{number}") for number in range(jobs)]
    trees: queue.Queue[Tree] = queue.Queue()
    for tree in all_trees:
        trees.put(tree)
    writing, interrupted, began = threading.Lock(), threading.Event(), time.monotonic()

    def attempt(numbered: tuple[int, Mutation]) -> None:
        number, mutation = numbered
        tree = trees.get()
        start = time.monotonic()
        try:
            verdict = tree.tried(mutation, suite)
        finally:
            trees.put(tree)
        if interrupted.is_set():  # its tests were ended, so they say nothing
            return
        with writing:
            if verdict.outcome != "busy":  # then the same command tries it again
                _note(results, mutation, verdict)
            spent = f"{time.monotonic() - start:5.1f} s, {(time.monotonic() - began) / 60:4.1f} min"
            print(f"{number:4} {verdict.outcome:8} {spent}  {mutation.key}  {verdict.by}", flush=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    pool = ThreadPoolExecutor(jobs)
    try:
        list(pool.map(attempt, enumerate(todo, 1)))
    except BaseException:  # interrupted: what runs ends with its tests
        interrupted.set()
        pool.shutdown(wait=False, cancel_futures=True)
        for tree in all_trees:
            tree.end_what_is_left()
        raise


def _note(results: Path, mutation: Mutation, verdict: Verdict) -> None:
    source = (ROOT / mutation.path).read_bytes()
    lines = (source.decode().splitlines(), mutation.apply(source).decode().splitlines())
    diff = "\n".join(difflib.unified_diff(*lines, mutation.path, mutation.path, lineterm="", n=1))
    found = {"key": mutation.key, "kind": mutation.kind, **vars(verdict), "diff": diff}
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps(found, ensure_ascii=False) + "\n")


def _tell(sample: list[Mutation], known: dict[str, Any]) -> None:
    equivalent: dict[str, str] = yaml.safe_load((HERE / "equivalent.yaml").read_text(encoding="utf-8")) or {}
    found = [known[one.key] for one in sample if one.key in known]
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        same = one["outcome"] == "survived" and one["key"] in equivalent
        one["verdict"] = "equivalent" if same else one["outcome"]
        for row in (one["kind"], "all"):
            table[row][one["verdict"]] += 1
    for one in found:
        if one["outcome"] == "survived":
            reason = equivalent.get(one["key"], f"passes {one['tests']} tests" if one["tests"] else "no test runs it")
            print(f"\n{one['verdict']}: {one['key']}\n({reason})\n{one['diff']}")
    if len(found) < len(sample):
        print(
            f"\n{len(sample) - len(found)} are not judged, since the machine was too busy; the same command tries them again"
        )
    columns = ("killed", "timeout", "survived", "equivalent")
    print(f"\n{'':20}" + "".join(f"{name:>12}" for name in columns) + f"{'killed of changed':>20}")
    for row in sorted(table, key=lambda row: (row == "all", row)):
        counts = table[row]
        changed = counts.total() - counts["equivalent"]
        share = f"{(counts['killed'] + counts['timeout']) / changed:.0%}" if changed else "-"
        print(f"{row:20}" + "".join(f"{counts[name]:12}" for name in columns) + f"{share:>20}")


if __name__ == "__main__":
    sys.exit(main())
