"""The words and exit codes of `hol down` when something cannot be read, and what its question counts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from fault_proxy import Proxy, error
from harness import World

from hol.config.files import packaged
from hol.words.errors import Exit


def hol(world: World, front: Proxy, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with `--target aws` and AWS behind the proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LC_", "LANG"))}
    aws = {"AWS_ENDPOINT_URL": front.url, "AWS_ACCESS_KEY_ID": world.account, "AWS_SECRET_ACCESS_KEY": "local"}
    own = {"PYTHONPATH": str(packaged()), "HOME": str(world.home), "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", "hol", *arguments, "--target", "aws", "--lang", "en"],
        cwd=world.home,
        env={**kept, **aws, **own},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def unreadable(faulty: World, front: Proxy) -> World:
    """An account in which the function cannot be read."""
    front.add("lambda.GetFunction", error("AccessDeniedException", "no", 403), times=999)
    return faulty


def test_a_dry_run_that_cannot_read_says_so_and_does_not_end_well(unreadable: World, front: Proxy) -> None:
    answer = hol(unreadable, front, "down", "--dry-run")
    assert answer.returncode == Exit.LEFT_BEHIND, answer.stderr
    assert "not allowed to read lambda.get_function" in answer.stdout


def test_with_nothing_but_what_cannot_be_read_it_asks_all_the_same(unreadable: World, front: Proxy) -> None:
    answer = hol(unreadable, front, "down")
    assert answer.returncode == Exit.USAGE, answer.stderr
    assert "there is no terminal to ask on" in answer.stderr
    assert not [name for name in front.seen if name.split(".")[1].startswith("Delete")]


def test_b1_the_endpoint_of_another_flag_is_gone_from_the_command_line(faulty: World, front: Proxy) -> None:
    faulty.up(lab="text-classification", endpoint__create="true", target="aws")
    shutil.rmtree(faulty.home / "site")  # it was made for the local address, not for this target's
    answer = hol(faulty, front, "down", "--yes")
    assert answer.returncode == Exit.DONE, answer.stderr
    assert "nothing left behind" in answer.stdout
    assert faulty.listing()["endpoints"] == faulty.listing()["buckets"] == []


def test_what_is_left_behind_is_named_once_each_and_the_number_agrees(faulty: World, front: Proxy) -> None:
    faulty.up(lab="text-classification", endpoint__create="true", target="aws")
    shutil.rmtree(faulty.home / "site")
    front.add("iam.DeleteRole", error("AccessDenied", "no", 403), times=999)
    answer = hol(faulty, front, "down", "--yes")
    assert answer.returncode == Exit.LEFT_BEHIND, answer.stderr
    *before, summary = answer.stdout.strip().splitlines()
    named = [line for line in before if line.startswith(("left: ", "still there: "))]
    assert "3 left behind" in summary, answer.stdout
    assert [sum(thing in line for line in named) for thing in ("role mySage", "role myText", "managed policy")] == [
        1
    ] * 3
    assert len(named) == 3


def test_objects_that_stay_are_counted_one_by_one(faulty: World, front: Proxy) -> None:
    faulty.up(lab="text-classification", endpoint__create="true", target="aws")
    shutil.rmtree(faulty.home / "site")
    front.add("s3.DeleteObjects", error("AccessDenied", "no", 403), times=999)
    answer = hol(faulty, front, "down", "--yes")
    *before, summary = answer.stdout.strip().splitlines()
    named = [line for line in before if line.startswith(("left: ", "still there: "))]
    objects = sum(int(found[1]) for line in named if (found := re.search(r"(\d+) objects? of", line)))
    buckets = sum("still there: bucket" in line for line in named)
    assert f"{objects + buckets} left behind" in summary, answer.stdout
    assert (objects > 10, buckets, len(named)) == (True, 2, 4)


def test_objects_of_others_are_numbered_where_they_keep_the_bucket(faulty: World, front: Proxy) -> None:
    run = faulty.run()
    faulty.up(lab="text-classification", endpoint__create="true", target="aws")
    shutil.rmtree(faulty.home / "site")
    for key in "abc":
        faulty.client("s3").put_object(Bucket=run.config.bucket.name, Key=key, Body=b"theirs")
    answer = hol(faulty, front, "down", "--yes")
    assert "it holds 3 objects that hol did not upload: a, b, c" in answer.stdout
    assert "1 left behind" in answer.stdout
