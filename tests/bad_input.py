"""Bad configurations and arguments, made from a seed, each with what `hol` is called with and the folder that it finds."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import get_type_hints

from hol.config.files import packaged
from hol.config.settings import Config, rules
from hol.engine.step import discover, sections

SEED = 20261125
SECONDS = 5  # of the processor's time, so that a busy machine makes nothing fail; a hang ends after a minute
VERBS = (("status",), ("policy",), ("guide", "-o", "-"), ("local", "status"), ("down", "--dry-run"), ("check",))
DIGITS = "9" * 5000
# What no setting may be, as YAML.
NOTHING = (
    "[1]", "[[x]]", "{a: {b: 1}}", "2001-99-99", "2001-01-01", "2001-01-01T00:00:00Z", "1.5", ".inf", "-.INF", "1:30:00", "0x1F",
    "1_000",  DIGITS, f"-{DIGITS}", "null", "~", "!!python/object/apply:os.system [id]", "!!int x", "*nowhere",
    '"\\u202eevil"', '"\\e[31mred"', '"\\0"', '"a\\nb"', '"\\u2066x"', '"\\x7f"', "'unclosed", "? x", "{", "]", "&a [*a]",
)  # fmt: skip
# The same as one argument: there, what is not YAML is text.
NOTHING_SET = (
    "[1]",
    "2001-99-99",
    "1.5",
    ".nan",
    DIGITS,
    "null",
    "\u202eevil",
    "\x1b[31mred",
    "1:30",
    "{x",
    "x}{y}",
)


@dataclass(frozen=True)
class Case:
    """One call: arguments, and what prepares the folder that it is made in."""

    name: str
    arguments: tuple[str, ...]
    prepare: Callable[[Path], object] = lambda folder: None


@dataclass(frozen=True)
class Answer:
    """How it ended."""

    code: int
    out: bytes
    err: bytes
    seconds: float

    def complaint(self, allowed: tuple[int, ...] = (2,)) -> str:
        """What is wrong with it; "" when nothing is."""
        said = self.out + self.err
        if self.code not in allowed:
            return f"exit {self.code}"
        if b"Traceback" in said or (self.code and not self.err.strip() + self.out.strip()):
            return "a traceback" if b"Traceback" in said else "no words"
        if b"\x1b" in said or "\u202e".encode() in said:
            return "what a terminal obeys"
        if self.code == 2 and len(said) > 3000:
            return f"{len(said)} bytes of words"
        return ""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Without credentials, locale and state of the person who runs the tests."""
    dull = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LC_", "LANG"))}
    own = {"HOL_STATE_DIR": str(folder / ".state"), "PYTHONPATH": str(packaged()), "HOME": str(folder)}
    return {**dull, **own, "LANG": "C.UTF-8", **more}


# Before a command: root that the modes of files bind like anybody; nothing to do for others.
POWERLESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.getuid() == 0 else ()


def asked(folder: Path, *arguments: str, before: tuple[str, ...] = (), **more: str) -> Answer:
    """`hol` in a process of its own, perhaps with a command before it."""
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", f'ulimit -t {SECONDS}; exec "$@"', "-", *before, sys.executable, "-m", "hol", *arguments],
        cwd=folder,
        env=environment(folder, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr, time.monotonic() - began)


def tried(case: Case, folder: Path, port: int) -> Answer:
    """The case, with a port at which nothing listens."""
    folder.mkdir()
    case.prepare(folder)
    elsewhere = ("--set", f"local.port={port}") if case.arguments[0] in {verb[0] for verb in VERBS} else ()
    return asked(folder, *case.arguments[:1], *(elsewhere if case.arguments[0] != "local" else ()), *case.arguments[1:])


def keys() -> Iterator[tuple[str, str]]:
    """(section or "", key) of every setting."""
    hints = get_type_hints(Config)
    for name, kind in hints.items():
        if name in rules(Config):
            yield "", name
        elif is_dataclass(kind):
            yield from ((name, key) for key in rules(kind))
    yield from ((name, key) for name, kind in sections(discover(packaged() / "steps")).items() for key in rules(kind))


def _written(data: str | bytes) -> Callable[[Path], object]:
    raw = data.encode() if isinstance(data, str) else data
    return lambda folder: (folder / "config.yaml").write_bytes(raw)


def cases() -> list[Case]:
    """All of them, in an order that depends on the seed alone."""
    found = [*_values(), *_overrides(), *_documents(), *_no_files(), *_arguments()]
    random.Random(SEED).shuffle(found)
    return found


def _values() -> Iterator[Case]:
    for number, (section, key) in enumerate(keys()):
        for place, value in enumerate(NOTHING):
            if key == "tags" and value.startswith('"a'):
                continue
            text = f"{section}:\n  {key}: {value}\n" if section else f"{key}: {value}\n"
            verb = ("local", "status") if key == "port" else VERBS[(number + place) % len(VERBS)]
            yield Case(f"config {section}.{key}: {value[:20]}", verb, _written(text))


def _overrides() -> Iterator[Case]:
    for number, (section, key) in enumerate(keys()):
        name = f"{section}.{key}".lstrip(".")
        for place, value in enumerate(NOTHING_SET):
            verb = VERBS[(number + place) % len(VERBS)]
            yield Case(f"--set {name}={value[:20]!r}", (*verb, "--set", f"{name}={value}"))


def _documents() -> Iterator[Case]:
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(24)
    )
    texts: dict[str, str | bytes] = {
        "alias bomb": bomb,
        "alias bomb as tags": f"tags: {{x: &x [1], y: *x}}\n{bomb}",
        "anchor that holds itself": "tags: &t {a: *t}\n",
        "nested brackets": "tags: " + "[" * 100_000,
        "nested braces": "{a: " * 50_000,
        "nested lines": "\n".join(" " * n + "a:" for n in range(900)),
        "nested dashes": "- " * 50_000 + "x",
        "a key twice": "lab: a\nlab: b\n",
        "a section twice": "api:\n  name: a\napi:\n  name: b\n",
        "merge": "x: &x {a: 1}\nlocal:\n  <<: *x\n",
        "merge alone": "local:\n  <<: {port: 5000}\n",
        "two documents": "lab: a\n---\nlab: b\n",
        "a list": "- lab\n",
        "a word": "hello\n",
        "a number": "42\n",
        "a number as key": "1: x\n",
        "true as key": "true: x\n",
        "null as key": "null: x\n",
        "a list as key": "? [a, b]\n: x\n",
        "a mapping as key": "{a: 1}: x\n",
        "unknown key": "functoin: {timeout: 3}\n",
        "unknown key in a section": "function:\n  timeuot: 3\n",
        "a key in the wrong section": "timeout: 3\n",
        "a section as text": "function: quick\n",
        "a section as a list": "function: [timeout, 3]\n",
        "a huge key": "x" * 200_000 + ": 1\n",
        "a huge value": "lab: " + "x" * 200_000 + "\n",
        "a huge folder": "site:\n  folder: " + "x/" * 100_000 + "\n",
        "too large": "# " + "x" * 1_100_000 + "\n",
        "many keys": "tags:\n" + "".join(f"  k{n}: [1]\n" for n in range(50_000)),
        "latin-1": "lab: caf\xe9\n".encode("latin-1"),
        "utf-16": "lab: x\n".encode("utf-16"),
        "NUL": b"lab: a\0b\n",
        "escape": b"lab: \x1b[31mred\n",
        "bell in a comment": b"# \x07\nlab: a\n",
        "bidi in a comment": "# \u202e\nlab: a\n",
        "tabs": "function:\n\ttimeout: 3\n",
        "a directive": "%YAML 9.9\n---\nlab: a b\n",
        "a python object": "!!python/object/apply:os.system ['touch owned']\n",
        "a python name": "lab: !!python/name:os.system\n",
        "a set": "tags: !!set {a, b}\n",
        "binary": "lab: !!binary aGVsbG8=\n",
    }  # fmt: skip
    for folder in (
        "..",
        "../x",
        "a/../../b",
        "/",
        "/tmp/x",
        "~",
        "~/x",
        ".",
        "./x",
        "a//b",
        "''",
        "a/.",
        "a\\b",
        "C:x",
    ):
        texts[f"site.folder {folder}"] = f"site:\n  folder: {folder}\n"
    for name, text in texts.items():
        for verb in VERBS[:2]:
            yield Case(f"document: {name}, {verb[0]}", verb, _written(text))
    noise = random.Random(SEED)
    for number in range(30):
        yield Case(f"noise {number}", ("status",), _written(b"\xff" + noise.randbytes(noise.randrange(1, 3000))))


def _listening(folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("config.yaml")
    os.chdir(before)


SPECIAL: dict[str, Callable[[Path], object]] = {
    "a link to nothing": lambda folder: (folder / "config.yaml").symlink_to("nowhere"),
    "a link to itself": lambda folder: (folder / "config.yaml").symlink_to("config.yaml"),
    "links in a circle": lambda folder: ((folder / "a").symlink_to("config.yaml"), (folder / "config.yaml").symlink_to("a")),
    "a folder": lambda folder: (folder / "config.yaml").mkdir(),
    "a pipe": lambda folder: os.mkfifo(folder / "config.yaml"),
    "a link to a pipe": lambda folder: (os.mkfifo(folder / "p"), (folder / "config.yaml").symlink_to("p")),
    "a link to zeroes": lambda folder: (folder / "config.yaml").symlink_to("/dev/zero"),
    "a link to nowhere": lambda folder: (folder / "config.yaml").symlink_to("/dev/null"),
    "a link to the process": lambda folder: (folder / "config.yaml").symlink_to("/proc/self/mem"),
    "a socket": _listening,
}  # fmt: skip


def _no_files() -> Iterator[Case]:
    for name, prepare in SPECIAL.items():
        for verb in (("status",), ("down", "--yes"), ("up",)):
            yield Case(f"config.yaml is {name}, {verb[0]}", verb, prepare)
        yield Case(f"--config: {name}", ("status", "--config", "config.yaml"), prepare)
        yield Case(f"--config folder: {name}", ("status", "--config", "."), prepare)


def _arguments() -> Iterator[Case]:
    long = "x" * 100_000
    wrong: list[tuple[str, ...]] = [
        ("fly",), ("\x1b[31mfly",), (long,), ("--fly",), ("step", "x"), ("step", "99"), ("step", "-1"), ("step", "--", "-1"),
        ("step", "٣"), ("step", " 3"), ("step", "1_0"), ("step", "1.0"), ("step", ""), ("step", "9" * 5000), ("step", long), ("step", "1", "2"),
        ("check", "٣"), ("check", "99"), ("check", "1_0"), ("adopt", "٣"), ("adopt", "99"), ("policy", "--step", "٣"), ("policy", "--step", "11"),
        ("policy", "--account", "abc"), ("policy", "--account", ""), ("policy", "--account", "1" * 11), ("policy", "--account", "1" * 13),
        ("policy", "--account", "٣" * 12), ("policy", "--account", "12345678901\x1b"), ("policy", "--account", long), ("policy", "--account=-1"),
        ("extend",), ("extend", ""), ("extend", "soon"), ("extend", "0h"), ("extend", "-1h"), ("extend", "٣h"), ("extend", "999999d"),
        ("extend", "1" * 5000 + "h"), ("extend", "\x1b[31m"), ("extend", long), ("extend", "1.5h"), ("extend", "1h30m"), ("extend", "h"),
        ("up", "--ttl", "soon"), ("up", "--ttl", "1m"), ("up", "--ttl", "31d"), ("up", "--ttl", "٣h"), ("up", "--ttl", "{a: 1}"), ("up", "--ttl", long),
        ("up", "--ttl"), ("guide", "-o", "/nope/x.html"), ("guide", "-o", "."), ("guide", "-o", "/"), ("guide", "-o", ""), ("guide", "-o", "/dev/full"),
        ("guide", "-o", "a\x1bb"), ("guide", "--format", "pdf"), ("guide", "-o"), ("init", "extra"), ("init", "--lang", "de"), ("completion", "tcsh"),
        ("completion",), ("local",), ("local", "fly"), ("local", "start", "--set", "local.port=0"), ("local", "start", "--set", "local.port=80"),
    ]  # fmt: skip
    options = {
        "--jobs": ("0", "-1", "abc", "33", str(10**9), DIGITS, "", "1.0", "٣", "1_0", "null", "[1]", "0x1"),
        "--region": ("nonsense", "", "us-east", "US-EAST-1", "us- east-1", "us-east-٣", "../..", "us-east-1\nx", "\x1b[31m", long, "null", "[us-east-1]"),
        "--profile": ("\x1b[31m", "x" * 129, long, "\u202e", "null", "[a]"),
        "--target": ("", "azure", "LO CAL", "\x1b"),
        "--lang": ("", "de", "ko_KR"),
        "--config": ("", "nowhere", "/nowhere/config.yaml", "\x1b[31m", "/dev/null", "/dev/zero", long, "a" * 300, "/etc/passwd/x", "\u202e"),
        "--set": (
            "", "=", "=x", "lab", ".", ".=1", "a..b=1", "lab.x=1", "endpoint=x", "endpoint.=1", "." * 50_000 + "=1", "a" * 100_000 + "=1",
            "lab=" + long, "tags=[1]", "tags={aws:x: 1}", "tags={hol:lab: x}", "tags={a: [1]}", "tags={a: {b: 1}}", "tags={a: &x 1, b: *x}",
            "tags={a: 1, a: 2}", "site.folder=..", "site.folder=/", "site.folder=", "site.folder=~", "site.folder=.", "bucket.name=A", "bucket.name=..",
            "bucket.index=..", "bucket.index=a/b", "role.name=역할", "lab=실습", "function.handler=한.글", "attendee=-", "attendee=A", "attendee=no",
            "api.name={nobody}", "api.name={", "local.port=99999", "local.port=no", "function.timeout=901", "function.timeout=1:30", "cors.origin=ftp://x",
            "cors.origin=https://예.com", "language=[1]", "language=de", "endpoint.create=maybe", "endpoint.ttl=٣h", "tags.a.b.c.d.e.f=1",
            "endpoint.name" + ".a" * 30_000 + "=1",
        ),
    }  # fmt: skip
    wrong += [("status", name, value) for name, values in options.items() for value in values]
    for arguments in wrong:
        yield Case(f"arguments {' '.join(one[:24] for one in arguments)!r}", arguments)


def mutated(number: int) -> bytes:
    """The packaged config.yaml with one to three bits turned over, its names kept apart from anybody's."""
    noise = random.Random(SEED + number)
    data = bytearray((packaged() / "config.yaml").read_bytes())
    for _ in range(noise.randrange(1, 4)):
        data[noise.randrange(len(data))] ^= 1 << noise.randrange(8)
    return bytes(data)
