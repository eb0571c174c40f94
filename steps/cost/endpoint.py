"""What the lab costs: per hour while it is there, and per 1,000 requests.

The prices are a dated table in assets/prices.yaml, each with its source. What no source says is not guessed: it is
named as unknown, with AWS's own price page. An endpoint that hol did not create is somebody else's cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from hol.aws import endpoint_parts, endpoints, schedules
from hol.config.settings import Config
from hol.engine.lab import Lab
from hol.words.commands import command
from hol.words.errors import PermissionDenied
from hol.words.text import Text, t

FILE = "assets/prices.yaml"
# What a request is taken to need, for the estimate: seconds of the function, and bytes of its log.
SECONDS, LOG_BYTES = 0.2, 500
_WORDS = {
    "endpoint": t("the endpoint"), "serverless": t("the serverless endpoint"), "api": t("API Gateway"),
    "function": t("Lambda requests"), "time": t("Lambda time"), "logs": t("CloudWatch Logs"), "page": t("S3 requests"),
}  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """US dollars; None or in `unknown` (keys of the price table) is what no source says."""

    hourly: float | None
    per_thousand: float
    unknown: tuple[str, ...]
    dated: str
    pages: tuple[str, ...]


def table(file: Path) -> dict[str, Any]:
    """The price table as it is in the file."""
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def estimate(config: Config, prices: dict[str, Any]) -> Estimate:
    """What this configuration costs in its region."""
    local = prices["regions"].get(config.region, {})
    serverless = bool(config.endpoint.serverless_memory)
    hourly: float | None = 0.0
    unknown = []
    if config.creates_endpoint and not serverless:
        hourly = _usd((local.get("endpoint") or {}).get(config.endpoint.instance_type))
        unknown += ["endpoint"] if hourly is None else []
    if config.creates_endpoint and serverless:
        unknown.append("serverless")
    total = 0.0
    for name, units in _per_request(config).items():
        price = _usd(local.get(name))
        unknown += [name] if price is None else []
        total += 1000 * units * (price or 0.0)
    pages = tuple(dict.fromkeys(prices["pages"][name] for name in unknown))
    return Estimate(hourly, total, tuple(unknown), str(prices["dated"]), pages)


def _per_request(config: Config) -> dict[str, float]:
    """How many of each price's units one request uses."""
    gigabytes = config.function.memory / 1024
    return {"api": 1e-6, "function": 1e-6, "time": gigabytes * SECONDS, "logs": LOG_BYTES / 1e9, "page": 1.0}


def hourly(lab: Lab) -> float | None:
    """US dollars an hour of what hol makes; None when no source says it."""
    return estimate(lab.config, table(lab.asset(FILE))).hourly


def _usd(entry: Any) -> float | None:
    return None if not entry else float(entry["usd"])


def announced(lab: Lab) -> Iterator[Text]:
    """The sentences before anything is created."""
    return sentences(lab.config, table(lab.asset(FILE)))


def sentences(config: Config, prices: dict[str, Any]) -> Iterator[Text]:
    """What the configuration costs, in words."""
    found = estimate(config, prices)
    yield _hourly(config, found)
    yield t("per 1,000 requests: about {} USD, as far as known", f"{found.per_thousand:.4f}")
    if found.unknown:
        yield t("not known here: {}; see {}", _named(found.unknown), ", ".join(found.pages))
    yield t("prices as of {}, without tax and free tier ({})", found.dated, FILE)


def _named(unknown: tuple[str, ...]) -> Text:
    words = [_WORDS[name] for name in unknown]
    joined = words[0]
    for word in words[1:]:
        joined = t("{}, {}", joined, word)
    return joined


def _hourly(config: Config, found: Estimate) -> Text:
    mine = config.endpoint
    if not config.creates_endpoint:
        return t(
            "per hour: nothing that hol creates; the endpoint {} is somebody else's and bills its owner", mine.name
        )
    if mine.serverless_memory:
        return t("per hour: nothing; the serverless endpoint bills what its requests use")
    if found.hourly is None:
        return t("per hour: the endpoint ({}) bills as long as it exists, asked or not", mine.instance_type)
    return t(
        "per hour: {} USD for the endpoint ({}), asked or not: about {} USD a day",
        f"{found.hourly:.3f}", mine.instance_type, f"{found.hourly * 24:.2f}",
    )  # fmt: skip


def billing(lab: Lab) -> Iterator[Text]:
    """The sentences about what bills now; nothing when there is no endpoint."""
    mine = lab.config.endpoint
    found = endpoints.describe(lab, mine.name)
    if found is None:
        yield t("nothing bills per hour: there is no endpoint {}", mine.name)
        return
    if not _is_ours(lab, found):
        yield t("still billing, not mine: the endpoint {}, which hol did not create", mine.name)
        return
    age = datetime.now(UTC) - found["CreationTime"]
    made = replace(lab.config, endpoint=replace(mine, create=True))
    price = estimate(made, table(lab.asset(FILE))).hourly
    if mine.serverless_memory:
        yield t("the endpoint {} bills per request (serverless), nothing per hour", mine.name)
    elif price is None:
        yield t("billing per hour: the endpoint {} ({}), for {} already", mine.name, mine.instance_type, _hours(age))
    else:
        yield t(
            "billing per hour: {} USD for the endpoint {}, for {} already: about {} USD so far",
            f"{price:.3f}", mine.name, _hours(age), f"{price * age.total_seconds() / 3600:.2f}",
        )  # fmt: skip
    yield _end(lab)


def running(lab: Lab) -> tuple[float | None, datetime] | None:
    """US dollars an hour of the endpoint that is there and ours, and since when; None where there is none."""
    found = endpoints.describe(lab, lab.config.endpoint.name)
    if found is None or not _is_ours(lab, found):
        return None
    made = replace(lab.config, endpoint=replace(lab.config.endpoint, create=True))
    return estimate(made, table(lab.asset(FILE))).hourly, found["CreationTime"]


def _is_ours(lab: Lab, endpoint: Any) -> bool:
    """Whether it bears our tag; whoever may not ask for the tags did not make it."""
    try:
        return lab.owns(endpoint_parts.tags(lab, endpoint["EndpointArn"]))
    except PermissionDenied:
        return False


def _end(lab: Lab) -> Text:
    schedule = schedules.find(lab, lab.config.endpoint.switch)
    due = schedules.deadline(schedule) if schedule else None
    if due is None:
        return t("it bills until: {}\n    to set an end: {}", command("down"), command("up", "--ttl", "4h"))
    return t("the dead-man's switch deletes it at {} UTC", due.strftime("%Y-%m-%d %H:%M"))


def _hours(age: timedelta) -> Text:
    minutes = max(0, int(age.total_seconds() // 60))
    return t("{} h {} min", minutes // 60, minutes % 60)
