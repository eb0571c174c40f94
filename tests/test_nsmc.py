"""Fetching the corpus: what is not the published file is refused, what is gets split without losing a row."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
from pathlib import Path

import pytest

from hol.config.files import packaged

_SPEC = importlib.util.spec_from_file_location("nsmc", packaged() / "scripts/nsmc.py")
assert _SPEC is not None
assert _SPEC.loader is not None
nsmc = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(nsmc)


def test_a_file_that_is_not_the_published_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\tdocument\tlabel\n")
    with pytest.raises(SystemExit, match="is not the published file"):
        nsmc.fetch((tmp_path / "file").as_uri())


def test_every_row_is_in_one_of_the_two_parts(tmp_path: Path) -> None:
    data = ("id\tdocument\tlabel\n" + "".join(f"{n}\t재미있다 {n}\t{n % 2}\n" for n in range(10_050))).encode()
    (tmp_path / "file").write_bytes(data)
    fetched = nsmc.fetch((tmp_path / "file").as_uri(), hashlib.sha256(data).hexdigest())
    nsmc.split(fetched, tmp_path / "out")
    parts = {name: _rows(tmp_path / "out" / f"{name}.tsv.gz") for name in ("train", "dev")}
    assert [len(parts["train"]), len(parts["dev"])] == [51, 10_001]
    assert parts["train"][1:] + parts["dev"][1:] == data.decode().splitlines()[1:]


def _rows(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as opened:
        return opened.read().splitlines()
