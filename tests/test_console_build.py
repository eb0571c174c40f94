"""The console's pages are what their source builds to, small, whole and under their licences."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE, STATIC = ROOT / "console", ROOT / "hol/serve/static"
FILES = {"app.css", "app.js", "index.html", "LICENSES.txt"}


@pytest.mark.timeout(400)
def test_the_source_builds_to_these_very_bytes(tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("Node builds the pages, and is not here")
    shutil.copytree(SOURCE, tmp_path / "console", ignore=shutil.ignore_patterns("node_modules"))
    here = tmp_path / "console"
    got = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=here, capture_output=True, text=True, timeout=300)
    if got.returncode and re.search("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT", got.stderr):
        pytest.skip("no package registry can be reached")
    assert got.returncode == 0, got.stderr
    subprocess.run([node, "build.mjs", str(tmp_path / "out")], cwd=here, check=True, timeout=120)
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (STATIC / name).read_bytes(), name


def test_nothing_else_is_shipped_and_it_is_small() -> None:
    assert {file.name for file in STATIC.iterdir()} == FILES
    packed = sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in FILES - {"LICENSES.txt"})
    assert packed < 1_000_000


def test_everything_inside_has_its_licence_and_its_notice() -> None:
    said = (STATIC / "LICENSES.txt").read_text(encoding="utf-8")
    named = set(re.findall(r"^=+\n(\S+) \S+ \((MIT|Apache-2.0|ISC|BSD-3-Clause|0BSD)\)$", said, re.MULTILINE))
    assert {"@cloudscape-design/components", "react", "react-dom"} <= {name for name, _ in named}
    assert len(named) == said.count("=" * 78)
    assert "--- NOTICE ---" in said and "Apache License" in said and "Permission is hereby granted" in said


def test_the_lock_names_every_package_by_its_digest_and_no_registry() -> None:
    lock = json.loads((SOURCE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert "resolved" not in json.dumps(lock) and "http" not in json.dumps([*packages])


def test_no_mark_of_aws_and_nothing_from_elsewhere() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (SOURCE / "src").iterdir())
    assert not re.search(r"""(?:src|href|from|import|fetch|url)\s*[=(]?\s*["'`(]https?://""", source)
    assert not re.search(r"<svg|\.png|\.svg|logo", source, re.IGNORECASE)
    css = (STATIC / "app.css").read_text(encoding="utf-8")
    assert re.findall(r"url\((?!\s*['\"]?data:)[^)]*\)|@import", css) == []
