"""An account's quotas, as Service Quotas lists them, and the command that asks for more.

The numbers that AWS documents stand in for a list that does not name a quota, or may not be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.words.commands import Aws, aws

_LISTED = Kind[list[dict[str, object]]]("service quotas")


@dataclass(frozen=True)
class Quota:
    """One quota; `code` is AWS's, by which more is asked for."""

    service: str
    code: str
    value: int

    def raised_to(self, wanted: int) -> Aws:
        """The command that asks AWS for so many."""
        return aws(
            "service-quotas", "request-service-quota-increase",
            "--service-code", self.service, "--quota-code", self.code, "--desired-value", str(wanted),
        )  # fmt: skip


def named(lab: Lab, service: str, name: str) -> Quota | None:
    """The account's quota of that name; None when the list does not have it. Raises `PermissionDenied` without the list."""
    listed = lab.once(
        _LISTED(service),
        lambda: lab.pages("service-quotas.list_service_quotas", ServiceCode=service, MaxResults=100),
    )
    found = next((one for one in listed if one["QuotaName"] == name), None)
    return Quota(service, str(found["QuotaCode"]), int(str(found["Value"]).partition(".")[0])) if found else None
