"""A look at what of the API is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hol.aws.gateway import stages
from hol.engine.lab import Lab
from hol.teach.grade.finding import Finding, judged, waiting
from hol.words.errors import CheckFailed, Unreachable
from hol.words.text import Text, t

from .api import the_api

_STAGE = t("API Gateway → the API → Stages → the stage")
_LIMITS = (("throttlingRateLimit", t("rate")), ("throttlingBurstLimit", t("burst")))


def grade(lab: Lab) -> Iterator[Finding]:
    """The stage exists, lets calls through, and answers each of them anew from one deployment."""
    found, _ = the_api(lab)
    name = lab.config.stage.name
    if not found:
        yield waiting(lab, "missing", t("stage {}", name), "api")
        return
    api = found["id"]
    there = stages.find(lab, api, name)
    mend = t("API Gateway → the API → Resources → Deploy API → New stage: {}", name)
    yield judged("missing", there, t("stage {}", name), t("{}", "") if there else _missing(lab, api), mend)
    if there:
        yield from _throttling(there)
        yield _cache(there)
        yield _canary(there)


def _missing(lab: Lab, api: str) -> Text:
    if lab.run.brief:
        return t("the API has no stage {}", lab.config.stage.name)
    others = [item["stageName"] for item in lab.read("apigateway.get_stages", restApiId=api).get("item", [])]
    if others:
        return t("the stage is called {}", ", ".join(others))
    made = lab.read("apigateway.get_deployments", restApiId=api).get("items", [])
    return t("there is a deployment, but no stage that shows it") if made else t("the API has never been deployed")


def _settings(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What holds for the methods on /, by how the console writes the method."""
    for path, settings in (found.get("methodSettings") or {}).items():
        if path.replace("~1", "/").lstrip("/") in ("*/*", "POST", "OPTIONS"):
            yield path.replace("~1", "/"), settings


def _throttling(found: Mapping[str, Any]) -> Iterator[Finding]:
    """A limit below one call (a second, or at once) lets next to nothing through; any other, and none, is right."""
    for path, settings in _settings(found):
        for key, word in _LIMITS:
            limit = settings.get(key)
            if limit is not None and 0 <= float(limit) < 1:
                wrong = t("the {} of {} is {}: calls are answered 429", word, path, f"{float(limit):g}")
                yield Finding(
                    "throttling",
                    t("throttling"),
                    wrong,
                    t("{} → Edit → Throttling: 10 a second, 20 at once, or off", _STAGE),
                    untested=True,
                )
                return
    yield Finding("throttling", t("throttling"))


def _cache(found: Mapping[str, Any]) -> Finding:
    """A cache knows a call by its parameters, not by its body: every sentence would get the first one's answer."""
    cached = [path for path, settings in _settings(found) if path.endswith("POST") and settings.get("cachingEnabled")]
    on = bool(found.get("cacheClusterEnabled") and cached)
    wrong = t("answers of {} are cached: every sentence gets the first one's", ", ".join(cached))
    return judged(
        "cache", not on, t("cache of the stage"), wrong, t("{} → Edit: Default method-level caching off", _STAGE)
    )


def _canary(found: Mapping[str, Any]) -> Finding:
    """Calls that get another deployment's answers."""
    canary = found.get("canarySettings") or {}
    share, other = float(canary.get("percentTraffic") or 0), canary.get("deploymentId")
    on = share > 0 and other not in (None, found.get("deploymentId"))
    wrong = t("{} % of the calls go to the deployment {}", f"{share:g}", other)
    return judged("canary", not on, t("canary of the stage"), wrong, t("{} → Canary: delete it", _STAGE))


def stale(lab: Lab, verb: str, error: CheckFailed) -> Finding:
    """What answers is not what is configured: it was changed after the deployment. No answer says nothing of that."""
    if isinstance(error, Unreachable):
        network = t("look at the network of this machine and at the address, then check again")
        return Finding(
            "reached", t("invoke URL"), t("it could not be reached from here"), network, live=True, step="stage"
        )
    wrong = t("{} answers otherwise than it is configured: it was changed after the deployment", verb)
    mend = t("API Gateway → the API → Resources → Deploy API → Stage: {}", lab.config.stage.name)
    return Finding("deployed", t("deployment"), wrong, mend, live=True, step="stage")


def explain(lab: Lab, error: CheckFailed) -> Finding:
    """API Gateway's own test of POST passes, and the same call from outside does not."""
    return stale(lab, "POST", error)
