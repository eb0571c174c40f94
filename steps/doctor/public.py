"""Whether the account lets anything be public."""

from __future__ import annotations

from collections.abc import Iterator

from hol.engine.lab import Lab
from hol.operate.findings import Finding, Look
from hol.words.errors import Exit
from hol.words.text import t


def doctor(lab: Lab) -> Iterator[Look]:
    """The account's own Block Public Access."""
    yield Look("HOL-D05", lambda: _public_access(lab), cheap=True)


def _public_access(lab: Lab) -> Iterator[Finding]:
    """Whether the account's own Block Public Access forbids the website."""
    found = lab.find(
        "s3control.get_public_access_block", "NoSuchPublicAccessBlockConfiguration", AccountId=lab.cloud.account
    )
    settings = (found or {}).get("PublicAccessBlockConfiguration", {})
    closed = [key for key in ("BlockPublicAcls", "IgnorePublicAcls") if settings.get(key)]
    if closed:
        yield Finding(
            "HOL-D05",
            t("the account blocks public access to all its buckets"),
            t("account-level Block Public Access has {} on, so the page cannot be made public", ", ".join(closed)),
            t("ask the account's owner whether public websites are allowed here; hol never changes the account's own setting"),
            exit=Exit.PERMISSION,
        )  # fmt: skip
