"""The AWS that a lab runs on: who is asking, where, and one lazily made client a service.

`connect` asks STS who is asking before anything else happens, and makes the clients that a lab needs while STS
thinks about it. Clients share the session's credentials and never retry by themselves: `hol/cloud/retry.py` decides about
that for every call.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from hol import __version__
from hol.cloud.answers import Structure, watch, whole
from hol.cloud.clock import Clock, SystemClock
from hol.cloud.failures import connecting, explain, failure_of
from hol.cloud.models import Client, Descriptions, Pagination
from hol.cloud.pace import Attempts, Pace
from hol.config.settings import Config
from hol.words.commands import aws
from hol.words.errors import CredentialsError
from hol.words.text import t

if TYPE_CHECKING:
    import boto3
    from botocore.awsrequest import AWSRequest
    from botocore.loaders import Loader

    from hol.cloud.record import Recorder

# The regions whose website endpoints have a dash before the region; all others have a dot.
# https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
_DASHED = frozenset(
    [
        "us-east-1",
        "us-west-1",
        "us-west-2",
        "eu-west-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-northeast-1",
        "sa-east-1",
        "us-gov-west-1",
    ]
)


# What a lab talks to: first what most of its time goes into.
_SERVICES = ("apigateway", "sagemaker", "s3", "iam", "lambda", "logs")


@dataclass(frozen=True)
class Place:
    """Where API calls go and how public addresses look; None and the two functions below mean AWS itself."""

    endpoint: str | None
    credentials: tuple[str, ...] | None  # key, secret, and a session's token
    invoke_url: Callable[[str, str, str, str], str]
    website_url: Callable[[str, str, str], str]
    federation: Callable[[str], str] | None = None  # partition → where a session becomes a link to the console


def aws_invoke_url(api: str, stage: str, region: str, suffix: str) -> str:
    """`https://{api}.execute-api.{region}.{suffix}/{stage}`"""
    return f"https://{api}.execute-api.{region}.{suffix}/{stage}"


def aws_website_url(bucket: str, region: str, suffix: str) -> str:
    """The bucket's website; plain HTTP, since S3 websites know no other."""
    return f"http://{bucket}.s3-website{'-' if region in _DASHED else '.'}{region}.{suffix}"


def aws_federation(partition: str) -> str:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html"""
    return f"https://{_SIGNIN.get(partition, _SIGNIN['aws'])}/federation"


_SIGNIN = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}
_NO_PROFILE = {"profile": (None, None, None, None)}
AWS = Place(None, None, aws_invoke_url, aws_website_url, aws_federation)


@dataclass(frozen=True)
class Cloud:
    """An account in a region, and the clients that talk to it."""

    place: Place
    session: boto3.Session
    region: str
    account: str
    identity: str
    recorder: Recorder | None = None
    _clients: dict[str, Client] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def partition(self) -> str:
        """`aws`, `aws-cn`, `aws-us-gov`, …"""
        return partition(self.region)[0]

    @property
    def suffix(self) -> str:
        """The partition's DNS suffix."""
        return partition(self.region)[1]

    def client(self, service: str) -> Client:
        """The service's client; sessions are not thread-safe while they make one, clients are."""
        if service not in self._clients:
            with self._lock:
                if service not in self._clients:
                    self._clients[service] = _client(self.session, service, self.region, self.place)
        return self._clients[service]

    def call(self, operation: str, arguments: Mapping[str, object]) -> Structure:
        """The answer of `service.operation`, a streamed body as bytes; made once. Raises botocore's errors."""
        client = self.client(operation.split(".")[0])
        if self.recorder is None:
            return whole(client, operation, arguments)
        return self.recorder.call(operation, arguments, lambda: whole(client, operation, arguments))

    def pagination(self, operation: str) -> Pagination:
        """How the operation (`service.name`) is paginated, as botocore describes it."""
        service, name = operation.split(".")
        known = _loader(None).load_service_model(service, "paginators-1")["pagination"]
        return Pagination.described(known[self.client(service).meta.method_to_api_mapping[name]])

    def elsewhere(self, region: str) -> Cloud:
        """The same account in another region."""
        return replace(self, region=region, _clients={}, _lock=threading.Lock())

    def make_clients(self) -> None:
        """Make all clients that a lab needs, in a thread: it is work for the processor while AWS is being asked."""
        threading.Thread(target=lambda: [self.client(service) for service in _SERVICES], daemon=True).start()

    def arn(self, service: str, resource: str, region: str | None = None, account: str | None = None) -> str:
        """An ARN in this account and region unless told otherwise (IAM and S3 have no region)."""
        region = self.region if region is None else region
        return f"arn:{self.partition}:{service}:{region}:{self.account if account is None else account}:{resource}"

    def invoke_url(self, api: str, stage: str) -> str:
        """Where a stage of a REST API answers, without a trailing slash."""
        return self.place.invoke_url(api, stage, self.region, self.suffix)

    def website_url(self, bucket: str) -> str:
        """Where the bucket's website answers, without a trailing slash."""
        return self.place.website_url(bucket, self.region, self.suffix)


def connect(config: Config, place: Place = AWS, clock: Clock | None = None, recorder: Recorder | None = None) -> Cloud:
    """The cloud of that configuration, after STS has said who is asking; `recorder` writes down every call.

    Raises `CredentialsError` when nobody is, or AWS does not believe it; `PermissionDenied` or `HolError` for the
    rest (no network, a region that is not enabled).
    """
    with connecting(config):
        cloud = Cloud(place, _session(config, place), config.region, "", "", recorder)
        cloud.client("sts")
        cloud.make_clients()
        _hide_credentials(cloud)
        who = _who(cloud, clock or SystemClock())
    if not str(who.get("Arn", "")).startswith("arn:"):
        raise CredentialsError(
            t("AWS did not say who is asking"), fix=t("check the profile: {}", aws("sts", "get-caller-identity"))
        )
    if recorder:
        recorder.is_asked_by(who["Arn"])
    return replace(cloud, account=who["Account"], identity=who["Arn"])


def assumed(cloud: Cloud, account: str, role: str) -> Cloud:
    """The cloud in another account, as the role there; its credentials are renewed before they end.

    Raises `CredentialsError` and the like when the role does not let itself be assumed.
    """
    import boto3
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.session import Session

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=lambda service, **keys: cloud.client(service),
        source_credentials=cloud.session.get_credentials(),
        role_arn=cloud.arn("iam", f"role/{role}", "", account),
        extra_args={"RoleSessionName": "hol-class"},
    )
    inner = Session(_NO_PROFILE)
    inner._credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    inner.register_component("data_loader", _loader(None))
    session = boto3.Session(region_name=cloud.region, botocore_session=inner)
    there = replace(cloud, session=session, account=account, _clients={}, _lock=threading.Lock())
    try:
        identity = there.client("sts").get_caller_identity()["Arn"]
    except (BotoCoreError, ClientError) as error:
        raise explain(t("assume the role {} in the account {}", role, account), error) from error
    return replace(there, identity=identity)


def _hide_credentials(cloud: Cloud) -> None:
    """Real ones stand in no record, whatever repeats them."""
    found = cloud.session.get_credentials() if cloud.recorder and cloud.place.credentials is None else None
    if cloud.recorder and found:
        frozen = found.get_frozen_credentials()
        for kind, text in (("key", frozen.access_key), ("secret", frozen.secret_key), ("token", frozen.token)):
            cloud.recorder.anonymous.hide(kind, text)


def _who(cloud: Cloud, clock: Clock) -> Structure:
    """STS's answer. A connection that cannot be made is an error at once: nobody has heard of AWS yet."""
    operation = "sts.get_caller_identity"
    attempts = Attempts(operation, clock, Random(), (), Pace())
    while True:
        try:
            return cloud.call(operation, {})
        except (ClientError, BotoCoreError) as error:
            failure = failure_of(error)
            if failure.code == "unreachable":
                raise
            clock.sleep(attempts.next_wait(failure, error)[1], threading.Event())


def _session(config: Config, place: Place) -> boto3.Session:
    import boto3
    from botocore.session import Session

    # Credentials of the environment or of a profile never go anywhere but to AWS.
    chain = Session(profile=config.profile or None) if place.credentials is None else Session(_NO_PROFILE)
    loader = _loader(chain.get_config_variable("data_path"))
    chain.register_component("data_loader", loader)
    session = boto3.Session(*(place.credentials or ()), region_name=config.region, botocore_session=chain)
    loader.search_paths[:] = dict.fromkeys(loader.search_paths)  # each session of boto3 adds the same one
    return session


@cache
def _loader(data_path: str | None) -> Loader:
    """Reads the service descriptions, each once a process."""
    more = [os.path.expandvars(one) for one in (data_path or "").split(os.pathsep) if one]
    return Descriptions([str(Path(one).expanduser()) for one in more])


@cache
def partition(region: str) -> tuple[str, str]:
    """(name, DNS suffix) of the region's partition, as botocore's endpoint data has it; AWS's first for a new region."""
    from botocore.exceptions import UnknownRegionError
    from botocore.regions import EndpointResolver

    known = EndpointResolver(_loader(None).load_data("endpoints"))
    try:
        name = str(known.get_partition_for_region(region))
    except UnknownRegionError:
        name = "aws"
    return name, str(known.get_partition_dns_suffix(name))


def _client(session: boto3.Session, service: str, region: str, place: Place) -> Client:
    from botocore.config import Config as ClientConfig

    extra: Structure = {} if place.endpoint is None else {"proxies": {}, "s3": {"addressing_style": "path"}}
    settings = ClientConfig(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=10,
        read_timeout=70,
        max_pool_connections=64,
        user_agent_extra=f"hol/{__version__}",
        **extra,
    )
    client = session.client(service, region_name=region, endpoint_url=place.endpoint, config=settings)
    watch(client)
    if service == "s3control":
        client.meta.events.register("before-sign.s3-control", _one_host)
    return client


def _one_host(request: AWSRequest, **_: object) -> None:
    # S3 Control puts the account in front of the host's name; this machine's addresses have no such names.
    request.url = re.sub(r"^(https?://)\d{12}\.(?=127\.|localhost\b)", r"\1", request.url)
