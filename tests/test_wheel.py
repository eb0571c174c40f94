"""The built wheel carries the lab inside and works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ports import free_port

from hol.config.files import packaged
from hol.local.life import process


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(packaged())]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_lab_is_in_it_and_nothing_else_is(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for inside in (
        "config.yaml",
        "config.ko.yaml",
        "steps/step00_endpoint.py",
        "steps/step10_public.ko.md",
        "assets/model/model.tar.gz",
        "assets/web/index.html",
        "steps/console/function.yaml",
    ):
        assert f"hol/_lab/{inside}" in names
    for page in ("index.html", "app.js", "app.css", "LICENSES.txt"):
        assert f"hol/serve/static/{page}" in names
    for domain in ("hol", "click"):
        assert f"hol/words/locale/ko/LC_MESSAGES/{domain}.mo" in names
        assert f"hol/words/locale/ko/LC_MESSAGES/{domain}.po" not in names
    assert "hol/local/sdk_js/lib/axios/axios.js" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"hol"}


def test_it_speaks_korean(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HOL_STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-P", "-m", "hol", "--lang", "ko"]
    said = [
        subprocess.run(
            [*command, *more], cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60
        )
        for more in (["up", "--help"], ["up", "--nonsense"])
    ]
    assert "사용법: hol up [옵션]" in said[0].stdout
    assert "실습 전체를 만들고 잘 되는지 확인해요." in said[0].stdout
    assert "오류: '--nonsense': 없는 옵션이에요." in said[1].stderr


def test_it_works_from_an_empty_folder(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed, here = tmp_path / "installed", tmp_path / "here"
    zipfile.ZipFile(wheel).extractall(installed)
    here.mkdir()
    port, state = free_port(), str(tmp_path / "state")
    monkeypatch.setenv("HOL_STATE_DIR", state)
    environment = {**os.environ, "PYTHONPATH": str(installed), "HOL_STATE_DIR": state}
    for verb in (["up"], ["status"], ["down", "--yes"]):
        command = [sys.executable, "-m", "hol", *verb, "--set", f"local.port={port}"]
        answer = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, timeout=60)
        assert answer.returncode == 0, answer.stderr
    assert process.running(port) is None
    assert list(here.iterdir()) == []
