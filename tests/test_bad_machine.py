"""A full disk, a folder that can only be read, streams that take nothing, signals: words, a code, and nothing half-made."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from bad_input import POWERLESS, environment
from harness import World
from ports import free_port

from hol.local.life import process

PORT = ("--set", f"local.port={free_port()}")


def asked(folder: Path, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    before = given.pop("before", ())
    command = [*before, sys.executable, "-m", "hol", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(folder), text=True, encoding="utf-8", timeout=60, **given
    )


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB that has 2 kB left."""
    place = tmp_path / "full"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True).returncode:
        pytest.skip("only root may mount a disk")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_folder_that_is_not_there_takes_no_time(tmp_path: Path) -> None:
    """The other name that is proposed is found, not chosen among a million."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    answer = asked(tmp_path, "guide", "-o", str(tmp_path / "nowhere" / "x.html"), *PORT)
    took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - began
    assert (answer.returncode, f"--output {tmp_path / 'x.html'}" in answer.stderr) == (2, True), answer
    assert took < 3


def _filled(place: Path) -> None:
    with (place / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


@pytest.mark.parametrize("arguments", [("guide", *PORT), ("init",), ("init", "--full")])
def test_a_full_disk_leaves_no_half_file(full: Path, arguments: tuple[str, ...]) -> None:
    _filled(full)
    answer = asked(full, *arguments)
    assert (answer.returncode, "the disk is full" in answer.stderr, "make room" in answer.stderr) == (1, True, True), (
        answer
    )
    assert [path.name for path in full.iterdir() if path.name != "filler"] == []


@pytest.mark.parametrize("arguments", [("guide", *PORT), ("init",), ("init", "--full")])
def test_a_limit_of_the_file_size_leaves_no_half_file(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (2000, 2000))
    answer = asked(tmp_path, *arguments, preexec_fn=limit)
    assert (answer.returncode, "ulimit -f" in answer.stderr) == (1, True), answer
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("guide", *PORT), ("init",), ("init", "--full")])
def test_a_folder_that_can_only_be_read(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    tmp_path.chmod(0o555)
    answer = asked(tmp_path, *arguments, before=POWERLESS)
    tmp_path.chmod(0o755)
    assert (answer.returncode, "a folder of your own" in answer.stderr) == (1, True), answer
    assert "another hol" not in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_writes_over_no_link(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").symlink_to("elsewhere")
    assert asked(tmp_path, "init").returncode == 2
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("policy", *PORT), ("guide", "-o", "-", *PORT)])
@pytest.mark.parametrize("where", ["closed", "full"])
def test_results_that_cannot_be_written_are_a_failure(tmp_path: Path, arguments: tuple[str, ...], where: str) -> None:
    with Path("/dev/full").open("w") as full:
        given = {"stdout": full} if where == "full" else {"stdout": None, "preexec_fn": lambda: os.close(1)}
        answer = asked(tmp_path, *arguments, **given)
    assert (answer.returncode, "could not be written to stdout" in answer.stderr) == (1, True), answer
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("where", ["closed", "full"])
def test_words_that_nobody_hears_stop_nothing(tmp_path: Path, where: str) -> None:
    with Path("/dev/full").open("w") as full:
        given = {"stderr": full} if where == "full" else {"stderr": None, "preexec_fn": lambda: os.close(2)}
        answer = asked(tmp_path, "policy", *PORT, **given)
    assert answer.returncode == (1 if where == "full" else 0)
    assert answer.stdout.startswith("{")


def test_a_reader_that_has_gone(tmp_path: Path) -> None:
    script = f"{sys.executable} -m hol guide -o - {' '.join(PORT)} | head -1"
    answer = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert (answer.stdout, answer.stderr) == ("<!doctype html>\n", "")


def test_a_folder_that_was_deleted(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m hol status"
    answer = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=60
    )
    assert (answer.returncode, "change into a folder" in answer.stderr) == (2, True), answer


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_keeps_what_is_done_and_says_how_to_go_on(tmp_path: Path, sent: int, code: int) -> None:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOL_STATE_DIR", str(tmp_path / ".state"))
        running = subprocess.Popen(
            [sys.executable, "-m", "hol", "up", "--set", f"local.port={port}"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(sent, signal.SIG_DFL),  # under nohup a SIGHUP is to be ignored, and is
        )
        assert running.stderr is not None
        for line in running.stderr:
            if "+ role" in line:
                running.send_signal(sent)
                break
        rest = running.communicate(timeout=30)[1]
        process.stop(port)
    assert (running.returncode, "hol down" in rest, "Traceback" in rest) == (code, True, False), rest


def test_what_is_printed_moves_no_cursor() -> None:
    from hol.words.shown import harmless, harmless_json, one_line
    from hol.words.text import t

    evil = "a\x1b[2Jb\u202ec\x9bd\re"
    assert harmless(evil) == r"a\x1b[2Jb\u202ec\x9bd\x0de"
    assert t("role {}", evil).render() == r"role a\x1b[2Jb\u202ec\x9bd\x0de"
    assert harmless_json('"\u202e"') == r'"\u202e"'
    assert one_line("not so\n✓ all is well") == "not so ✓ all is well"
    assert harmless("한글 👩‍💻 é") == "한글 👩‍💻 é"


def test_a_strangers_file_in_the_site_folder_is_named_and_not_uploaded(world: World) -> None:
    world.up()
    (world.home / "site" / "grades.xlsx").write_text("private")
    page = world.home / "site" / "index.html"
    page.write_text(page.read_text(encoding="utf-8") + "<!-- mine -->", encoding="utf-8")
    recorded = world.up()
    assert "upload: ! grades.xlsx" in recorded.lines
    listed = world.client("s3").list_objects_v2(Bucket=world.listing()["buckets"][-1])["Contents"]
    keys = {one["Key"] for one in listed}
    assert ("grades.xlsx" in keys, "index.html" in keys) == (False, True)
    assert any(line.startswith("upload: ~ pages in") for line in recorded.lines)
    world.down()
    assert (world.home / "site" / "grades.xlsx").read_text() == "private"


def test_a_strangers_file_is_not_overwritten(world: World) -> None:
    """Not even by a page of the lab that comes later under the same name."""
    world.up()
    page = world.home / "site" / "index.html"
    before = page.read_text(encoding="utf-8")
    (world.home / "site" / "mine.html").write_text("years of work")
    pages = world.home / "pages"
    pages.mkdir()
    (pages / "index.html").write_text(before)
    (pages / "error.html").write_text(before)
    (pages / "mine.html").write_text("another")
    world.up(site__pages="pages")
    assert (world.home / "site" / "mine.html").read_text() == "years of work"


@pytest.mark.parametrize(("key", "value"), [("site__pages", "."), ("site__pages", "/"), ("function__code", "..")])
def test_a_folder_of_ones_own_is_not_published(world: World, key: str, value: str) -> None:
    from hol.words.errors import ConfigError

    with pytest.raises(ConfigError, match="holds your own folder"):
        world.up(**{key: value})


@pytest.mark.parametrize("value", ["/dev", "/proc/self/fdinfo"])
def test_a_folder_without_the_page_is_not_the_sites_and_a_dry_run_says_so(world: World, value: str) -> None:
    from hol.words.errors import ConfigError

    with pytest.raises(ConfigError, match=r"site\.pages"):
        world.up(dry=True, site__pages=value)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("/", "is the root of the disk"),
        ("afile", "afile is no folder"),
        ("afile/x", "what should be a folder on the way to it is a file"),
        ("/proc/x", "nothing can be made in /proc"),
    ],
)
def test_where_no_export_can_go_another_place_is_named(tmp_path: Path, place: str, said: str) -> None:
    (tmp_path / "afile").write_text("mine")
    answer = asked(tmp_path, "export", "sh", "--output", place, "--lang", "en", *PORT)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer
    assert "choose another folder: " in answer.stderr
    assert f"--output {'hol-sh'} " in answer.stderr
    assert not Path("/lab.sh").exists()
    assert (tmp_path / "afile").read_text() == "mine"


def test_what_has_changed_since_2019_goes_where_it_is_told(tmp_path: Path) -> None:
    shown = asked(tmp_path, "guide", "--since-2019", "--lang", "en", *PORT)
    for _ in range(2):  # the same again is no stranger's file
        answer = asked(tmp_path, "guide", "--since-2019", "--output", "f.txt", "--lang", "en", *PORT)
        assert (answer.returncode, answer.stdout) == (0, f"guide: {tmp_path / 'f.txt'}\n"), answer
    written = (tmp_path / "f.txt").read_text(encoding="utf-8")
    assert written.split() == shown.stdout.split()
    (tmp_path / "f.txt").write_text("mine")
    answer = asked(tmp_path, "guide", "--since-2019", "--output", "f.txt", "--lang", "en", *PORT)
    assert (answer.returncode, "f-2.txt" in answer.stderr) == (2, True), answer


@pytest.mark.parametrize(
    ("form", "begins"), [("md", "# What has changed since 2019\n\n- **"), ("html", "<!doctype html>")]
)
def test_what_has_changed_since_2019_has_the_format_that_it_is_asked_for_in(
    tmp_path: Path, form: str, begins: str
) -> None:
    plain = asked(tmp_path, "guide", "--since-2019", "--lang", "en", *PORT).stdout
    shown = asked(tmp_path, "guide", "--since-2019", "--format", form, "--output", "-", "--lang", "en", *PORT)
    assert (shown.returncode, begins in shown.stdout) == (0, True), shown
    sources = re.findall(r"https://\S+", plain)
    assert [one for one in sources if one not in shown.stdout] == []
    for _ in range(2):
        written = asked(tmp_path, "guide", "--since-2019", "--format", form, "--lang", "en", *PORT)
        assert written.stdout == f"guide: {tmp_path / f'hol-since-2019.en.{form}'}\n"
    assert (tmp_path / f"hol-since-2019.en.{form}").read_text(encoding="utf-8") == shown.stdout


@pytest.mark.parametrize("option", ["--format=md", "--output=x", "--since-2019", "--account=123456789012"])
def test_a_guide_that_is_served_is_not_written_too(tmp_path: Path, option: str) -> None:
    answer = asked(tmp_path, "guide", "--serve", option, "--lang", "en", *PORT)
    said = f"{option.partition('=')[0]} and --serve do not go together"
    assert (answer.returncode, said in answer.stderr) == (2, True), answer


@pytest.mark.parametrize("place", ["/", "."])
def test_a_folder_is_no_place_for_a_guide_but_a_file_in_it_is(tmp_path: Path, place: str) -> None:
    answer = asked(tmp_path, "guide", "--output", place, "--lang", "en", *PORT)
    assert (answer.returncode, f"{place} is a folder" in answer.stderr) == (2, True), answer
    assert "/hol-guide.en.html" in answer.stderr


def test_a_wrong_value_is_said_of_the_option_that_it_was_given_by(tmp_path: Path) -> None:
    for option, value in (("--ttl", "5m"), ("--jobs", "x"), ("--region", "Mars 1")):
        answer = asked(tmp_path, "up", option, value, "--lang", "en", *PORT)
        assert (answer.returncode, answer.stderr.startswith(f"error: {option}: {value} ")) == (2, True), answer
