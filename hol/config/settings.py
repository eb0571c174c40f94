"""The typed settings: one frozen dataclass a section of config.yaml, one rule (`hol/config/values.py`) a key.

The defaults stand in config.yaml and nowhere else; here stands only what a value must be.

A step may bring a section of its own, called as the step is: a frozen dataclass `Settings` in its file, with rules as
here, a default a key, and after the rule a `Text` that `hol init` writes as the key's comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, TypeAlias, TypeVar, cast, get_type_hints

from hol.config.values import Rule, duration, matching, one_of, plain, tag_map, whole
from hol.words.text import Text, t

Section: TypeAlias = Any  # settings, hol's or a step's: a frozen dataclass, whose fields say all that is asked of it
S = TypeVar("S")

REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,3}-\d")


def rules(kind: type) -> dict[str, Rule]:
    """The rule of each key of a section."""
    return {name: rule for name, (rule, _) in _annotated(kind).items()}


def comments(kind: type) -> dict[str, Text]:
    """The comment of each key of a section that has one."""
    return {name: comment for name, (_, comment) in _annotated(kind).items() if comment is not None}


@cache
def _annotated(kind: type) -> dict[str, tuple[Rule, Text | None]]:
    hints = get_type_hints(kind, include_extras=True)
    said = {name: hint.__metadata__ for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    return {name: (one[0], one[1] if len(one) > 1 else None) for name, one in said.items()}


IAM_NAME = matching(r"[\w+=,.@-]+", 64, t("an IAM name: letters, digits and + = , . @ _ -, at most {} characters", 64))
POLICY_NAME = matching(
    r"[\w+=,.@-]+", 128, t("an IAM name: letters, digits and + = , . @ _ -, at most {} characters", 128)
)
FUNCTION_NAME = matching(
    r"[A-Za-z0-9_-]+", 64, t("a function name: letters, digits, - and _, at most {} characters", 64)
)
ENDPOINT_NAME = matching(
    r"[A-Za-z0-9](-?[A-Za-z0-9])*", 63, t("an endpoint name: letters, digits and -, at most {} characters", 63)
)
BUCKET_NAME = matching(
    r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)",
    63,
    t("a bucket name: 3 to 63 of a-z, 0-9 and -, beginning and ending with a letter or digit"),
)
SWITCH_NAME = matching(
    r"[A-Za-z0-9_.-]+", 64, t("a schedule name: letters, digits, . - and _, at most {} characters", 64)
)
FILE = matching(r"[^\n\0]+", 1024, t("a path"))
FOLDER = matching(
    r"(?![~/])(?!.*(^|/)\.{0,2}(/|$))[^\n\0\\:]+",
    255,
    t("the name of a folder below the current one: no /, ~, . or .. to lead elsewhere"),
)


@dataclass(frozen=True)
class Local:
    port: Annotated[int, whole(1024, 65535)]
    quotas: Annotated[bool, one_of(True, False)]


@dataclass(frozen=True)
class Console:
    port: Annotated[int, whole(1024, 65535)]


@dataclass(frozen=True)
class Endpoint:
    name: Annotated[str, ENDPOINT_NAME]
    create: Annotated[bool | str, one_of("auto", True, False)]
    model: Annotated[str, FILE]
    bucket: Annotated[str, BUCKET_NAME]
    role: Annotated[str, IAM_NAME]
    instance_type: Annotated[
        str, matching(r"ml\.[a-z0-9]+\.[a-z0-9]+", 32, t("an instance type such as {}", "ml.m5.large"))
    ]
    serverless_memory: Annotated[int, one_of(0, 1024, 2048, 3072, 4096, 5120, 6144)]
    wait: Annotated[int, whole(1, 7200, t("seconds"))]
    ttl: Annotated[str, duration(15, 43200)]
    switch: Annotated[str, SWITCH_NAME]


@dataclass(frozen=True)
class Role:
    name: Annotated[str, IAM_NAME]
    boundary: Annotated[
        str,
        matching(
            r"arn:[\w-]+:iam::(\d{12}|aws):policy/\S+", 256, t("the ARN of a managed policy, or empty"), empty=True
        ),
    ]


@dataclass(frozen=True)
class Policy:
    name: Annotated[str, POLICY_NAME]
    resource: Annotated[str, one_of("endpoint", "any")]


@dataclass(frozen=True)
class Function:
    name: Annotated[str, FUNCTION_NAME]
    runtime: Annotated[str, matching(r"python3\.\d{1,2}", 16, t("a Python runtime such as {}", "python3.13"))]
    timeout: Annotated[int, whole(1, 900, t("seconds"))]
    memory: Annotated[int, whole(128, 10240, t("MB"))]
    code: Annotated[str, FILE]
    handler: Annotated[str, matching(r"[\w/]+(\.\w+)+", 128, t("a handler such as {}", "inference.lambda_handler"))]
    log_retention: Annotated[
        int,
        one_of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
    ]
    concurrency: Annotated[int, whole(0, 1000)]


@dataclass(frozen=True)
class Api:
    name: Annotated[str, matching(r"[^\n]+", 128, t("an API name of at most {} characters", 128))]
    errors: Annotated[str, one_of("mapped", "guide")]


@dataclass(frozen=True)
class Stage:
    name: Annotated[str, matching(r"[A-Za-z0-9_-]+", 128, t("a stage name: letters, digits, - and _"))]
    description: Annotated[str, plain(1024)]
    deployment: Annotated[str, plain(900)]
    rate: Annotated[int, whole(0, 10000)]
    burst: Annotated[int, whole(0, 5000)]


@dataclass(frozen=True)
class Site:
    folder: Annotated[str, FOLDER]
    pages: Annotated[str, FILE]


@dataclass(frozen=True)
class Bucket:
    name: Annotated[str, BUCKET_NAME]
    index: Annotated[str, matching(r"(?!\.{1,2}$)[^/\n]+", 128, t("a file name without /"))]
    error: Annotated[str, matching(r"[^\n]+", 128, t("a file name"))]


@dataclass(frozen=True)
class Config:
    """A lab's settings, with every name still as written; `named` puts account and region in."""

    target: Annotated[str, one_of("local", "aws")]
    region: Annotated[str, matching(REGION.pattern, 32, t("a region such as {}", "us-east-1"))]
    profile: Annotated[str, plain(128)]
    attendee: Annotated[
        str, matching(r"[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?", 20, t("1 to 20 of a-z, 0-9 and -"), empty=True)
    ]
    lab: Annotated[str, matching(r"[\w.-]+", 64, t("letters, digits, . - and _, at most {} characters", 64))]
    tags: Annotated[dict[str, str], tag_map]
    language: Annotated[str, one_of("auto", "ko", "en")]
    jobs: Annotated[int, whole(1, 32)]
    local: Local
    console: Console
    endpoint: Endpoint
    role: Role
    policy: Policy
    function: Function
    api: Api
    stage: Stage
    site: Site
    bucket: Bucket
    own: Mapping[str, object] = field(default_factory=dict)  # the sections that steps bring

    def of(self, kind: type[S]) -> S:
        """The section of that kind, which a step brings: known by its name, for a lab's steps may be read anew."""
        name = (kind.__module__, kind.__qualname__)
        found = (one for one in self.own.values() if (type(one).__module__, type(one).__qualname__) == name)
        return cast(S, next(found))

    @property
    def creates_endpoint(self) -> bool:
        """Whether hol creates the endpoint (and `down` deletes it) or only verifies it."""
        return self.target == "local" if self.endpoint.create == "auto" else bool(self.endpoint.create)
