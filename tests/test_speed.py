"""How many calls hol makes: the numbers in docs/performance.md, and that nothing is asked twice.

Times depend on the machine and are measured by `python -m bench`; the number of calls does not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fault_proxy import Proxy
from harness import STEPS, Recorded, World

from hol.cloud.clock import JumpingClock
from hol.config.files import packaged
from hol.operate import cleanup

_READ = re.compile(r"\w+\.(Get|List|Describe|Head)\w+")
# Asked until the answer is the hoped-for one: how often depends on AWS.
_POLLED = {"sagemaker.DescribeEndpoint", "lambda.GetFunctionConfiguration"}


def reads(seen: list[str]) -> Counter[str]:
    """The reads, but for those that are repeated until something is ready."""
    return Counter(name for name in seen if _READ.fullmatch(name) and name not in _POLLED)


def writes(seen: list[str]) -> Counter[str]:
    return Counter(name for name in seen if not _READ.fullmatch(name))


def documented(verb: str) -> tuple[int, int]:
    """(reads, writes) of the verb as docs/performance.md says."""
    text = (packaged() / "docs" / "performance.md").read_text(encoding="utf-8")
    found = re.search(rf"\| `{re.escape(verb)}` \| (\d+) \| (\d+) \|", text)
    assert found, verb
    return int(found[1]), int(found[2])


def counted(seen: list[str]) -> tuple[int, int]:
    return reads(seen).total(), writes(seen).total()


def test_up_makes_the_documented_calls(faulty: World, front: Proxy) -> None:
    faulty.up()
    assert counted(front.seen) == documented("hol up")


def test_an_unchanged_up_makes_the_documented_reads_and_no_write(faulty: World, front: Proxy) -> None:
    faulty.up()
    front.seen.clear()
    faulty.up()
    assert counted(front.seen) == documented("hol up, unchanged")
    assert not writes(front.seen)


def test_down_makes_the_documented_calls(faulty: World, front: Proxy) -> None:
    faulty.up()
    front.seen.clear()
    run = faulty.run(Recorded(), clock=JumpingClock(real=0.02))
    cleanup.down(run, STEPS)
    assert counted(front.seen) == documented("hol down")
    front.seen.clear()
    assert cleanup.remaining(run, STEPS) == []
    assert counted(front.seen) == documented("the receipt's listing")


def test_objects_are_read_once_each_and_one_by_one_only(faulty: World, front: Proxy) -> None:
    faulty.up()
    objects = writes(front.seen)["s3.PutObject"] - 1
    front.seen.clear()
    faulty.up()
    found = reads(front.seen)
    assert found["s3.GetObjectAcl"] == objects
    assert found["s3.HeadObject"] == objects + 1  # and the model archive
    assert found["apigateway.GetResources"] == found["apigateway.GetRestApis"] == found["apigateway.GetStage"] == 1


def test_jobs_1_makes_no_more_reads(faulty: World, front: Proxy) -> None:
    faulty.up()
    front.seen.clear()
    faulty.up(jobs="1")
    assert counted(front.seen) <= documented("hol up, unchanged")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["up", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    heavy = ["boto3", "botocore", "rich", "yaml", "urllib3", "concurrent.futures", "asyncio", "json"]
    script = (
        f"import sys; sys.argv = ['hol', *{arguments!r}]; from hol.__main__ import run; run({arguments!r});"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=packaged(), check=True)
    assert ran.stderr.strip() == "[]"
