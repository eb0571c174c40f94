"""Whatever hol decides on, of what AWS answers, rests on a record or a document, and stands in docs/matched.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from test_conformance import DATA, ROOT

from tests.conformance import cases, matched

PAGE = (ROOT / "docs" / "matched.md").read_text(encoding="utf-8")


def _rows() -> set[tuple[str, str, str]]:
    rows = re.findall(r"^\| (.+?) \| `(.+?)` \| (\S+) \| .+ \|$", PAGE, re.M)
    return {(operation, words.replace("\\|", "|"), where) for operation, words, where in rows}


def test_everything_matched_stands_in_the_table() -> None:
    found = {(one.operation, one.words, one.where) for one in [*matched.of_calls(), *matched.of_tables()]}
    assert found == _rows(), "python -m tests.conformance.matched DIR > docs/matched.md"
    assert len(found) > 100
    assert "**nothing**" not in PAGE


def test_every_already_in_the_source_was_read() -> None:
    """No `already=` goes unread: each one's texts stand in the table, whatever expression it is."""
    known = {(words, where) for _, words, where in _rows()}
    for path in [*sorted((ROOT / "hol" / "aws").rglob("*.py")), *sorted((ROOT / "steps").rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "already":
                texts = [
                    one.value
                    for one in ast.walk(node.value)
                    if isinstance(one, ast.Constant) and one.value not in ("+", "~", "-")
                ]
                assert all((text, path.relative_to(ROOT).as_posix()) in known for text in texts), (path, texts)


def test_a_new_already_without_an_entry_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tmp_path / "steps"
    steps.mkdir()
    (tmp_path / "hol").mkdir()
    (steps / "step99_new.py").write_text(
        'def up(lab):\n    gone = ("NeverHeardOf: of it",)\n    lab.change("-", "what", "iam.delete_role", already=gone, RoleName="r")\n'
    )
    monkeypatch.setattr(matched, "ROOT", tmp_path)
    found = matched.of_calls()
    assert [(one.operation, one.words) for one in found] == [("iam.delete_role", "NeverHeardOf: of it")]
    assert matched.evidence(found[0], []) == ""


@pytest.mark.skipif(not DATA.is_dir(), reason="AWS's recorded answers are not here: HOL_RECORDED names their folder")
def test_the_page_is_what_the_source_and_the_records_say() -> None:
    assert matched.document(list(cases.read(DATA))) == PAGE, "python -m tests.conformance.matched DIR > docs/matched.md"
