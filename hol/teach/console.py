"""Where a change is seen in the AWS console.

One URL template a service's resource (a step brings its own as `CONSOLE`); regions, names and ids are escaped for the place in which they stand. API
Gateway's pages need the API's id, which is not known before the API exists: then the list of APIs is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from hol.cloud.session import Cloud
from hol.engine.events import Event
from hol.engine.unknown import is_unknown

_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
# Operation or service → page; {r} is the region, other fields are arguments of the call.
_PAGES = {
    "iam.create_policy": "iam/home#/policies/details/{policy}?section=permissions",
    "iam.create_policy_version": "iam/home#/policies/details/{policy}?section=permissions",
    "iam": "iam/home#/roles/details/{RoleName}?section=permissions",
    "lambda.add_permission": "lambda/home?region={r}#/functions/{FunctionName}?tab=configure",
    "lambda.update_function_configuration": "lambda/home?region={r}#/functions/{FunctionName}?tab=configure",
    "lambda": "lambda/home?region={r}#/functions/{FunctionName}?tab=code",
    "apigateway.create_deployment": "apigateway/main/apis/{restApiId}/stages?api={restApiId}&region={r}",
    "apigateway.update_stage": "apigateway/main/apis/{restApiId}/stages?api={restApiId}&region={r}",
    "apigateway.put_gateway_response": "apigateway/main/apis/{restApiId}/gateway-responses?api={restApiId}&region={r}",
    "apigateway": "apigateway/main/apis/{restApiId}/resources?api={restApiId}&region={r}",
    "s3.put_object": "s3/buckets/{Bucket}?region={r}&tab=objects",
    "s3.put_object_acl": "s3/buckets/{Bucket}?region={r}&tab=objects",
    "s3.put_bucket_website": "s3/buckets/{Bucket}?region={r}&tab=properties",
    "s3.put_public_access_block": "s3/buckets/{Bucket}?region={r}&tab=permissions",
    "s3.put_bucket_ownership_controls": "s3/buckets/{Bucket}?region={r}&tab=permissions",
    "s3": "s3/buckets/{Bucket}?region={r}&tab=objects",
    "sagemaker.create_model": "sagemaker/home?region={r}#/models/{ModelName}",
    "sagemaker.create_endpoint_config": "sagemaker/home?region={r}#/endpointConfig/{EndpointConfigName}",
    "sagemaker": "sagemaker/home?region={r}#/endpoints/{EndpointName}",
    "logs": "cloudwatch/home?region={r}#logsV2:log-groups/log-group/{group}",
}
_APIS = "apigateway/main/apis?region={r}"


def link(cloud: Cloud, event: Event, own: Mapping[str, str] | None = None) -> str | None:
    """The console's page for what the event changed; None when there is none (a change on this machine)."""
    return page(cloud, event.calls[0].operation, event.calls[0].arguments, own) if event.calls else None


def home(cloud: Cloud) -> str:
    """The console's first page, in the lab's region."""
    return f"https://{_host(cloud, '')}/console/home?region={cloud.region}"


def page(
    cloud: Cloud, operation: str, arguments: Mapping[str, object], own: Mapping[str, str] | None = None
) -> str | None:
    """The console's page for that call; `own`: the pages that its step brings."""
    service, pages = operation.split(".")[0], {**_PAGES, **(own or {})}
    template = pages.get(operation) or pages.get(service)
    if template is None:
        return None
    fields = {
        key: _escaped(value) for key, value in arguments.items() if isinstance(value, str) and not is_unknown(value)
    }
    name = arguments.get("PolicyName")
    arn = arguments.get("PolicyArn") or (
        name and cloud.arn("iam", f"policy{arguments.get('Path', '/')}{name}", region="")
    )
    fields |= {"policy": _escaped(arn or ""), "group": group(str(arguments.get("logGroupName", ""))), "r": cloud.region}
    fields["account"] = cloud.account
    try:
        path = template.format(**fields)
    except KeyError:
        path = _APIS.format(r=cloud.region) if service == "apigateway" else ""
    return f"https://{_host(cloud, service)}/{path}" if path else None


def group(name: str) -> str:
    """A log group's name as CloudWatch's fragment wants it: escaped, and its % as $25."""
    return quote(quote(name, safe=""), safe="").replace("%", "$")


def _escaped(value: object) -> str:
    return quote(str(value), safe="")


def _host(cloud: Cloud, service: str) -> str:
    host = _HOSTS.get(cloud.partition, _HOSTS["aws"])
    return host if service == "iam" else f"{cloud.region}.{host}"
