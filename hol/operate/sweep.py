"""What is this lab's under another name or another setting than today's: found by its tag, reported, and taken down.

The steps look for what the configuration names. It may have been written since: an endpoint that hol made is ours
though `endpoint.create` is no longer true, a bucket though it is called otherwise now. What a step has looked at in
this run is known by its kind and name, and is left to that step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from hol.aws import buckets, endpoint_parts, endpoints, functions, logs, managed, roles, schedules
from hol.aws.gateway import apis
from hol.aws.stepfunctions import machines
from hol.engine.lab import Lab
from hol.engine.run import SWEEP, Run
from hol.operate import owned
from hol.operate.owned import Owned
from hol.words.errors import CredentialsError, ForeignError, HolError, PermissionDenied
from hol.words.text import Text, t

Listing = list[Owned]


@contextmanager
def begun(run: Run) -> Iterator[Future[Listing]]:
    """The listings, asked for while the steps work: what they delete meanwhile is known to them."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(_listed, Lab(run, SWEEP))


def _listed(lab: Lab) -> Listing:
    looks: tuple[tuple[Text, Callable[[Lab], Listing]], ...] = (
        (t("{} is not allowed", "tag:GetResources"), owned.by_tag),
        (t("{} are not allowed", "iam:ListRoles, iam:ListPolicies"), owned.of_iam),
        (t("{} is not allowed", "apigateway:GET"), owned.of_api_gateway),
    )
    found = {one for listed in lab.each(looks, lambda look: _allowed(lab, *look)) for one in listed}
    order = ["", *owned.kinds(lab.run)]
    return sorted(found, key=lambda one: (order.index(one.kind), one.name))


def _allowed(lab: Lab, denied: Text, look: Callable[[Lab], Listing]) -> Listing:
    try:
        return look(lab)
    except PermissionDenied:
        if denied not in lab.run.unseen:
            lab.run.unseen.append(denied)
        return []


def remove(run: Run, listing: Future[Listing]) -> list[HolError]:
    """Take down what the steps have not looked at; goes on past a failure and returns what went wrong."""
    lab = Lab(run, SWEEP)
    try:
        found = _others(lab, listing.result())
    except CredentialsError:
        raise
    except HolError as error:
        return [error]
    return _removed(lab, found)


def remove_these(run: Run, these: Iterable[Owned]) -> list[HolError]:
    """Take down what a listing of the whole account has shown to bear this lab's tag; otherwise as `remove`."""
    return _removed(Lab(run, SWEEP), these)


def _removed(lab: Lab, found: Iterable[Owned]) -> list[HolError]:
    errors = list[HolError]()
    for one in found:
        try:
            _remove(lab, one)
        except CredentialsError:
            raise
        except ForeignError:
            pass  # the listing was of yesterday: it bears the tag no longer
        except HolError as error:
            errors.append(error)
    return errors


def _others(lab: Lab, listing: Listing) -> Listing:
    """What the steps have not looked at."""
    others = [one for one in listing if not _looked_at(lab, one)]
    proven = [one for one in others if one.kind not in owned.ASKED]
    return proven + _allowed(lab, t("{} is not allowed", "iam:ListRoleTags"), lambda lab: _ours(lab, others))


def _ours(lab: Lab, maybe: Listing) -> Listing:
    """Those of the roles and policies that bear our tag, now that it is asked for."""
    candidates = [one for one in maybe if one.kind in owned.ASKED]
    ours = lab.each(candidates, lambda one: owned.is_ours(lab, one))
    return [one for one, is_ours in zip(candidates, ours, strict=True) if is_ours]


def _remove(lab: Lab, one: Owned) -> None:
    if one.kind == "":
        lab.note(t("{}", one.name), t("it bears this lab's tag, but is nothing that hol makes; hol leaves it alone"))
    elif not _looked_at(lab, one):  # by another one's removal
        brought = owned.brought(lab.run).get(one.kind)
        (brought[1] if brought else _REMOVE[one.kind])(lab, one.name)


def _looked_at(lab: Lab, one: Owned) -> bool:
    """Whether a step of this run has dealt with it."""
    if one.kind == apis.API.name:
        api = next((api for api in apis.listed(lab) if api["id"] == one.name), None)
        return api is None or api["name"] in lab.run.facts.names(one.kind)
    if one.kind in owned.IN_LOWER_CASE:
        return one.name in {name.lower() for name in lab.run.facts.names(one.kind)}
    return one.name in lab.run.facts.names(one.kind)


def _endpoint(lab: Lab, name: str) -> None:
    for item in lab.pages("sagemaker.list_endpoints", NameContains=name, MaxResults=100):
        if item["EndpointName"].lower() == name and endpoints.delete(lab, item["EndpointName"]):
            endpoints.gone(lab, item["EndpointName"])


def _function(lab: Lab, name: str) -> None:
    functions.remove(lab, name)


def _log_group(lab: Lab, name: str) -> None:
    if logs.find(lab, name) is not None:
        logs.remove(lab, name)


def _role(lab: Lab, name: str) -> None:
    managed.remove_with_role(lab, name, (lab.config.policy.name, *roles.INLINE))


_REMOVE: Mapping[str, Callable[[Lab, str], object]] = {
    endpoints.ENDPOINT.name: _endpoint,
    schedules.GROUP.name: schedules.remove,
    endpoint_parts.CONFIGURATION.name: partial(endpoint_parts.remove_one, part=endpoint_parts.CONFIGURATION),
    endpoint_parts.MODEL.name: partial(endpoint_parts.remove_one, part=endpoint_parts.MODEL),
    machines.MACHINE.name: machines.remove,
    functions.FUNCTION.name: _function,
    apis.API.name: apis.remove_one,
    buckets.BUCKET.name: buckets.remove,
    logs.LOG_GROUP.name: _log_group,
    roles.ROLE.name: _role,
    managed.KIND: managed.remove,
}
