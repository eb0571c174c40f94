"""What the local AWS holds, in every account and region, whatever the service.

ministack keeps its resources in the globals of its service modules. What those were when a module had just been
imported is noted; whatever they are more than that is a resource. So a service that nobody here has thought of counts
as well, and what cannot be told from a resource counts as one.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any, TypeAlias

from hol.local.emulator import buckets, core
from hol.local.sagemaker import endpoints
from hol.local.wire import Request

Tagged = tuple[str, dict[str, str]]
_SERVICES = "ministack.services."
# Not resources: counters and caches, temporary credentials, and what AWS itself makes for every account. Each says
# which keys of its store do not count.
_NO_RESOURCES: dict[str, Callable[[_Key], bool]] = {
    "apigateway_v1._throttle_state": lambda key: True,
    "apigateway_v1._quota_state": lambda key: True,
    "apigateway_v1._authorizer_cache": lambda key: True,
    "sts._sessions": lambda key: True,
    "eventbridge._events_log": lambda key: True,
    "scheduler._schedule_groups": lambda key: key[2] == "default",
    "cloudwatch._metrics": lambda key: str(key[2][0]).startswith("AWS/"),
}
_Key: TypeAlias = Any  # of a store of the emulator's: a text or a tuple, as its service likes
_Place = tuple[str | None, str | None]
_fresh: dict[str, dict[str, object]] = {}
_keys: dict[str, dict[str, frozenset[_Key]]] = {}


def watch() -> None:
    """Note every service module as it is imported; to be called before ministack is."""
    sys.meta_path.insert(0, _Watch())


def note_all() -> None:
    """Note anew what has been imported: no request has been answered yet."""
    for module in _services():
        _note(module)


class _Watch(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name.startswith(_SERVICES) else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Noting(spec.loader.name, spec.loader.path)
        return spec


class _Noting(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _note(module)


def _note(module: ModuleType) -> None:
    _fresh[module.__name__] = {name: _mark(value) for name, value in _globals(module)}
    _keys[module.__name__] = {name: frozenset(_entries(value)) for name, value in _globals(module)}


def holdings() -> list[dict[str, object]]:
    """What is there: `{"what": "sqs queues", "count": 2, "account": "…" or None, "region": "…" or None}`."""
    return [*(one for module in _services() for one in _of_service(module)), *_of_ours()]


def _services() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.startswith(_SERVICES)]


def _of_service(module: ModuleType) -> Iterator[dict[str, object]]:
    """For each account and region the first store that holds something there: it is the service's main one."""
    service, seen = module.__name__.removeprefix(_SERVICES), set()
    for store, value in _globals(module):
        if _mark(value) == _fresh.get(module.__name__, {}).get(store):
            continue
        for place, count in _added(module, store, value).items():
            if place not in seen:
                seen.add(place)
                what = f"{service} {store.strip('_')}".replace("_", " ")
                yield {"what": what, "count": count, "account": place[0], "region": place[1]}


def _added(module: ModuleType, store: str, value: object) -> Counter[_Place]:
    """How many entries there are that were not there at first, by account and region."""
    entries, known = _entries(value), _keys.get(module.__name__, {}).get(store, frozenset())
    ignored = _NO_RESOURCES.get(f"{module.__name__.removeprefix(_SERVICES)}.{store}", lambda key: False)
    new = Counter(_place(value, key) for key in entries if key not in known)
    ours = Counter(_place(value, key) for key in entries if key not in known and not ignored(key))
    return ours if new else Counter({(None, None): 1})  # the same entries, but changed


def _globals(module: ModuleType) -> list[tuple[str, object]]:
    return [(name, one) for name, one in list(vars(module).items()) if not name.startswith("__") and _may_hold(one)]


def _may_hold(value: object) -> bool:
    """Whether it could be, or contain, a resource; flags, numbers and what runs cannot."""
    if isinstance(value, bool | int | float | ModuleType | threading.Thread | threading.Event):
        return False
    return not callable(value) or isinstance(value, _scoped())


def _scoped() -> Any:
    from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict

    return AccountScopedDict | AccountRegionScopedDict


def _content(value: Any) -> object:
    return value._data if isinstance(value, _scoped()) else value


def _mark(value: object) -> object:
    """What a global is compared by: containers by what is in them."""
    content = _content(value)
    return repr(content) if isinstance(content, dict | list | set | deque) else content


def _entries(value: object) -> list[_Key]:
    content = _content(value)
    if isinstance(content, list | deque):
        return list(range(len(content)))
    return list(content) if isinstance(content, dict | set) else []


def _place(value: object, key: _Key) -> _Place:
    if not isinstance(value, _scoped()):
        return None, None
    return str(key[0]), str(key[1]) if len(key) == 3 else None


def _of_ours() -> Iterator[dict[str, object]]:
    """What our own layers keep: SageMaker's resources and the accounts' Block Public Access."""
    for account, region, kind, count in endpoints.held():
        yield {"what": f"sagemaker {kind}", "count": count, "account": account, "region": region}
    for account in buckets.blocked_accounts():
        yield {"what": "s3control public access blocks", "count": 1, "account": account, "region": None}


# --- what bears tags ---


def tagged(request: Request) -> list[Tagged]:
    """(ARN, tags) of the resources of the request's account and region.

    Ministack lists most services itself; log groups, REST APIs, state machines and customer managed policies, which it leaves
    out, are added here.
    """

    def entered() -> list[Tagged]:
        core._enter(request)
        return list(_all_tagged(core._account(), request.region))

    return core._in_context(entered)


def _all_tagged(account: str, region: str) -> Iterator[Tagged]:
    from ministack.services import apigateway_v1, cloudwatch_logs, iam, tagging

    for collect in dict.fromkeys(tagging._COLLECTORS.values()):
        for arn, tags in collect():
            if arn.split(":")[3] in ("", region):
                yield arn, {tag["Key"]: tag["Value"] for tag in tags}
    for name, group in cloudwatch_logs._log_groups.items():
        yield f"arn:aws:logs:{region}:{account}:log-group:{name}", group.get("tags", {})
    for api, record in apigateway_v1._rest_apis.items():
        yield f"arn:aws:apigateway:{region}::/restapis/{api}", record.get("tags", {})
    machines = sys.modules.get(f"{_SERVICES}stepfunctions")  # loaded when somebody asks it
    for arn, pairs in machines._tags.items() if machines else ():
        yield arn, {pair["key"]: pair["value"] for pair in pairs}
    for arn, policy in iam._policies.items() if region == "us-east-1" else ():  # IAM is listed there alone
        yield arn, {tag["Key"]: tag["Value"] for tag in policy.get("Tags", [])}
