"""What the lab costs: the dated table, the estimate before it is made, and what bills while it is there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from harness import STEPS, World

from hol.config import files as configuration
from hol.engine.lab import Lab
from steps.cost import endpoint as cost

PRICES = cost.table(configuration.packaged() / cost.FILE)


def _entries(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value] if "usd" in value else [entry for item in value.values() for entry in _entries(item)]
    return []


def test_every_price_has_a_source_and_a_date() -> None:
    entries = _entries(PRICES["regions"])
    assert entries
    for entry in entries:
        assert entry["source"].startswith("https://")
        assert date(2026, 1, 1) <= entry["seen"] <= PRICES["dated"]
        assert entry["per"]


def test_an_endpoint_costs_per_hour_what_the_table_says(world: World) -> None:
    config = world.config(endpoint__create="true", target="aws")
    found = cost.estimate(config, PRICES)
    assert found.hourly == 0.115
    # 1,000 calls of the API and the function, 0.2 s of 128 MB each, 500 bytes of log each
    assert found.per_thousand == pytest.approx(0.0035 + 0.0002 + 1000 * 0.125 * 0.2 * 0.0000166667 + 0.00025)
    assert found.unknown == ("page",)


def test_what_no_source_says_is_unknown_and_not_guessed(world: World) -> None:
    config = world.config(endpoint__create="true", target="aws", region="ap-northeast-2")
    found = cost.estimate(config, PRICES)
    assert (found.hourly, found.per_thousand) == (None, 0)
    said = " ".join(str(line) for line in cost.sentences(config, PRICES))
    assert "not known here: the endpoint, API Gateway" in said
    assert "https://aws.amazon.com/sagemaker/pricing/" in said


def test_the_announcement_names_price_and_date(world: World) -> None:
    config = world.config(endpoint__create="true", target="aws")
    said = [str(line) for line in cost.sentences(config, PRICES)]
    assert said[0] == "per hour: 0.115 USD for the endpoint (ml.m5.large), asked or not: about 2.76 USD a day"
    assert said[-1] == "prices as of 2026-11-22, without tax and free tier (assets/prices.yaml)"


def test_somebody_elses_endpoint_is_named_as_such(world: World) -> None:
    config = world.config(endpoint__create="false")
    assert "somebody else's" in str(next(cost.sentences(config, PRICES)))


def test_status_says_what_bills_and_until_when(world: World) -> None:
    world.up([STEPS[0]], endpoint__ttl="4h")
    said = [str(line) for line in cost.billing(Lab(world.run(), "endpoint"))]
    assert said[0].startswith("billing per hour: 0.115 USD for the endpoint")
    assert said[1].startswith("the dead-man's switch deletes it at")


def test_status_without_an_endpoint_says_so(world: World) -> None:
    assert "nothing bills per hour" in str(next(cost.billing(Lab(world.run(), "endpoint"))))


def test_down_names_an_endpoint_that_is_not_ours_as_still_billing(world: World) -> None:
    world.up([STEPS[0]], lab="somebodys")
    notes = [event for event in world.down(endpoint__create="false").events if event.mark == "!"]
    assert [str(event.why) for event in notes] == ["still billing, not mine: hol did not create it and leaves it alone"]
