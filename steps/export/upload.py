"""The site folder uploaded, readable by everyone: one line does what two steps of the guide do."""

from __future__ import annotations

import shlex

from hol.engine.lab import Lab
from hol.export.plan import After

from ..site.contents import patterns


def after(lab: Lab) -> After:
    """Of the folder what is the lab's, and nothing hidden: whatever goes becomes public."""
    folder = shlex.quote(lab.config.site.folder)
    chosen = " ".join(f"--include {shlex.quote(one)}" for one in patterns(lab.asset(lab.config.site.pages)))
    sync = f"aws s3 sync {folder} \"s3://$BUCKET_NAME\" --acl public-read --exclude '*' {chosen}"
    return After([f"{sync} --exclude '.*' --exclude '*/.*'"], ["bucket_name"])
