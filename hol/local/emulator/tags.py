"""What the emulator holds that bears tags, service by service, for `hol.local.tagging`.

Like `hol.local.emulator` this may reach into ministack, and nothing else may. Ministack lists most services itself;
log groups, REST APIs and customer managed policies, which it leaves out, are added here.
"""

from __future__ import annotations

from collections.abc import Iterator

from hol.local.emulator import core
from hol.local.wire import Request

Tagged = tuple[str, dict[str, str]]


def tagged(request: Request) -> list[Tagged]:
    """(ARN, tags) of the resources of the request's account and region."""

    def entered() -> list[Tagged]:
        core._enter(request)
        return list(_all(core._account(), request.region))

    return core._in_context(entered)


def _all(account: str, region: str) -> Iterator[Tagged]:
    from ministack.services import apigateway_v1, cloudwatch_logs, iam, tagging

    for collect in dict.fromkeys(tagging._COLLECTORS.values()):
        for arn, tags in collect():
            if arn.split(":")[3] in ("", region):
                yield arn, {tag["Key"]: tag["Value"] for tag in tags}
    for name, group in cloudwatch_logs._log_groups.items():
        yield f"arn:aws:logs:{region}:{account}:log-group:{name}", group.get("tags", {})
    for api, record in apigateway_v1._rest_apis.items():
        yield f"arn:aws:apigateway:{region}::/restapis/{api}", record.get("tags", {})
    for arn, policy in iam._policies.items() if region == "us-east-1" else ():  # IAM is listed there alone
        yield arn, {tag["Key"]: tag["Value"] for tag in policy.get("Tags", [])}
