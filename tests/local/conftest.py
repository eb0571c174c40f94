"""boto3 clients of the one local AWS that all tests share."""

from __future__ import annotations

import pytest
from local_lab import Session

from hol.local.life.process import Running


@pytest.fixture(scope="session")
def session(local_aws: Running) -> Session:
    """Makes boto3 clients of the local AWS."""
    return Session(local_aws)
