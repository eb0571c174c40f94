"""The recorded answers of AWS, where they lie: the marks are reached, and docs/fidelity.md is what is measured."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_BESIDE = [above / "shared" / "data" / "aws_recorded" for above in (ROOT.parent, ROOT.parent.parent)]
DATA = Path(os.environ.get("HOL_RECORDED") or next(filter(Path.is_dir, _BESIDE), _BESIDE[0]))


@pytest.mark.timeout(600)
@pytest.mark.skipif(not DATA.is_dir(), reason="AWS's recorded answers are not here: HOL_RECORDED names their folder")
def test_the_local_aws_answers_as_aws_did(tmp_path: Path) -> None:
    document = tmp_path / "fidelity.md"
    command = [sys.executable, "-m", "tests.conformance", str(DATA), "--write", str(document)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=550)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    written = (ROOT / "docs" / "fidelity.md").read_text(encoding="utf-8")
    assert written == document.read_text(encoding="utf-8"), "python -m tests.conformance DIR --write docs/fidelity.md"
