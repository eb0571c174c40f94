"""A local AWS of a test's own, or of some tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ports import free_port

from hol.local.life import process
from hol.local.life.process import Running


@contextmanager
def local_aws_in(folder: Path) -> Iterator[Running]:
    """A running one whose files lie in that folder; ended, with all that it started, at the end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOL_STATE_DIR", str(folder))
        server = process.start(free_port())
        yield server
        process.stop(server.port)
