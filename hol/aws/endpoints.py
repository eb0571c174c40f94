"""SageMaker endpoints, which run what `hol/aws/endpoint_parts.py` makes for them.

A changed archive or instance type moves the endpoint over to new parts, and then the old ones are removed. SageMaker says
"not there", "there already" and "not now" with one code, ValidationException, so the messages are matched.
"""

from __future__ import annotations

from hol.aws import endpoint_parts as parts
from hol.cloud.answers import Structure
from hol.cloud.tags import listed_tags
from hol.engine.facts import Kind
from hol.engine.lab import Lab
from hol.engine.unknown import is_unknown
from hol.words.commands import command, in_turn, same
from hol.words.errors import HolError
from hol.words.text import Text, t

_NOT_THERE = parts.NOT_THERE
ENDPOINT = Kind[Structure | None]("endpoint")
_OWN = Kind[dict[str, str]]("own endpoint")
_RUNNING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


def describe(lab: Lab, name: str) -> Structure | None:
    """DescribeEndpoint's answer, whoever's endpoint it is; None when there is none."""
    return lab.once(ENDPOINT(name), lambda: lab.find("sagemaker.describe_endpoint", *_NOT_THERE, EndpointName=name))


def look(lab: Lab, wanted: parts.Wanted) -> None:
    """Read all that `ensure` compares, side by side."""
    lab.in_parallel(
        lambda: describe(lab, wanted.name),
        lambda: parts.tags(lab, arn(lab, wanted.name)),
        lambda: parts.found_model(lab, wanted),
        lambda: parts.found_configuration(lab, wanted),
    )


def log_group(name: str) -> str:
    """The log group that SageMaker writes to."""
    return f"/aws/sagemaker/Endpoints/{name}"


def arn(lab: Lab, name: str) -> str:
    """The endpoint's ARN; SageMaker writes endpoint names in lower case there."""
    return lab.cloud.arn("sagemaker", f"endpoint/{name.lower()}")


def verify(lab: Lab, name: str) -> None:
    """Somebody else's endpoint is there and answers. Raises `HolError` with what to do when it does not."""
    found = describe(lab, name)
    if found is None:
        raise HolError(
            t("there is no endpoint {} in {}", name, lab.cloud.region),
            why=t("hol is set to use an existing endpoint, as the guide does"),
            fix=t(
                "name yours: {}\n    or let hol create one, which is billed: {}",
                same(set="endpoint.name=YOUR-ENDPOINT"),
                same(set="endpoint.create=true"),
            ),
        )
    _in_service(found, 0)
    lab.same(t("endpoint {}", name))


def _in_service(found: Structure, timeout: int) -> Structure | None:
    status = found["EndpointStatus"]
    if status == "InService":
        return found
    if status in _RUNNING and timeout:
        return None
    raise HolError(
        t("the endpoint {} is not in service but {}", found["EndpointName"], status),
        why=t("{}", found.get("FailureReason") or "-"),
        fix=_remedy(status, str(found.get("FailureReason", ""))),
    )


def _remedy(status: str, reason: str) -> Text:
    if status in _RUNNING:
        return t("wait until it is InService, then run the same command again")
    if "capacity" in reason.lower():
        return t(
            "AWS has no such instance free just now: try again later, or choose another one: {}\n    or a serverless endpoint: {}",
            same(set="endpoint.instance_type=YOUR-TYPE"),
            same(set="endpoint.serverless_memory=2048"),
        )
    return t("take it down and make it again: {}", in_turn(command("down"), command("up")))


def find(lab: Lab, name: str) -> Structure | None:
    """DescribeEndpoint's answer; None when there is none. Raises `ForeignError` for a namesake without our tag.

    One that is being deleted (by the dead-man's switch, say) is as good as gone; `ensure` waits until it is.
    """
    found = describe(lab, name)
    if found is not None and found["EndpointStatus"] == "Deleting":
        return None
    if found is not None:
        lab.once(
            _OWN(found["EndpointArn"]),
            lambda: parts.require_own(lab, t("the endpoint {}", name), found["EndpointArn"]),
        )
    return found


def ensure(lab: Lab, wanted: parts.Wanted) -> None:
    """Model, configuration and endpoint as wanted, and in service."""
    found = find(lab, wanted.name)
    if found is None and describe(lab, wanted.name) is not None:
        gone(lab, wanted.name)
    if found is not None and found["EndpointStatus"] == "Failed":
        lab.change(
            "-",
            t("endpoint {}", wanted.name),
            "sagemaker.delete_endpoint",
            already=_NOT_THERE,
            why=t("it failed: {}", found.get("FailureReason", "-")),
            EndpointName=wanted.name,
        )
        gone(lab, wanted.name)
        found = None
    parts.ensure(lab, wanted)
    moved = found is not None and found["EndpointConfigName"] != wanted.settings
    _endpoint(lab, wanted, found)
    if moved:
        parts.remove(lab, wanted.name, keep=(wanted.model, wanted.settings))


def _endpoint(lab: Lab, wanted: parts.Wanted, found: Structure | None) -> None:
    if found is None:
        _create(lab, wanted)
    elif found["EndpointConfigName"] != wanted.settings:
        _update(lab, wanted, found)
    else:
        lab.same(t("endpoint {}", wanted.name))
        if found["EndpointStatus"] == "InService":
            return
    lab.learn(ENDPOINT(wanted.name), _moved(_wait(lab, wanted), wanted))


def _create(lab: Lab, wanted: parts.Wanted) -> None:
    answer = lab.change(
        "+",
        t("endpoint {}", wanted.name),
        "sagemaker.create_endpoint",
        already=parts.EXISTS,
        lost=lambda: lab.find("sagemaker.describe_endpoint", *_NOT_THERE, EndpointName=wanted.name),
        EndpointName=wanted.name,
        EndpointConfigName=wanted.settings,
        Tags=listed_tags(lab.tags),
    )
    if answer is None:
        lab.forget(ENDPOINT(wanted.name))
        find(lab, wanted.name)


def _update(lab: Lab, wanted: parts.Wanted, found: Structure) -> None:
    _wait(lab, wanted)
    lab.change(
        "~",
        t("endpoint {}", wanted.name),
        "sagemaker.update_endpoint",
        why=t("{} → {}", found["EndpointConfigName"], wanted.settings),
        lost=lambda: _updating(lab, wanted),
        EndpointName=wanted.name,
        EndpointConfigName=wanted.settings,
    )


def _updating(lab: Lab, wanted: parts.Wanted) -> Structure | None:
    """The endpoint, if it is on its way to the wanted configuration."""
    found = lab.find("sagemaker.describe_endpoint", *_NOT_THERE, EndpointName=wanted.name)
    moving = found and (found["EndpointConfigName"] == wanted.settings or found["EndpointStatus"] == "Updating")
    return found if moving else None


def _moved(found: Structure, wanted: parts.Wanted) -> Structure | None:
    # An update that fails rolls back: the endpoint is InService again, with the old configuration and the reason.
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
    if is_unknown(found) or found["EndpointConfigName"] == wanted.settings:
        return found
    raise HolError(
        t("the endpoint {} could not be updated and still runs the old configuration", wanted.name),
        why=t("{}", found.get("FailureReason") or "-"),
        fix=_remedy("Failed", str(found.get("FailureReason", ""))),
    )


def _wait(lab: Lab, wanted: parts.Wanted) -> Structure:
    def look() -> Structure | None:
        found = lab.find("sagemaker.describe_endpoint", *_NOT_THERE, EndpointName=wanted.name)
        return found and _in_service(found, wanted.timeout)

    return lab.wait(
        t("the endpoint {} to be in service (3 to 10 minutes on AWS)", wanted.name),
        look,
        every=15,
        up_to=wanted.timeout,
    )


def gone(lab: Lab, name: str) -> None:
    """Wait until the endpoint is no longer there."""

    def look() -> bool | None:
        return lab.find("sagemaker.describe_endpoint", *_NOT_THERE, EndpointName=name) is None or None

    lab.wait(t("the endpoint {} to be gone", name), look, every=10, up_to=1800)
    lab.learn(ENDPOINT(name), None)


def delete(lab: Lab, name: str) -> bool:
    """Ask SageMaker to delete the endpoint, if it is there; whether it was. From then on it no longer bills."""
    lab.read_ahead(lab.step, lambda: parts.listed(lab, name))
    lab.read_ahead(lab.step, lambda: parts.tags(lab, arn(lab, name)))
    found = describe(lab, name)
    if found is None:
        return False
    if found["EndpointStatus"] == "Deleting":  # by the dead-man's switch, say; its tags may be gone before it is
        return True
    parts.require_own(lab, t("the endpoint {}", name), found["EndpointArn"])
    lab.change(
        "-",
        t("endpoint {}", name),
        "sagemaker.delete_endpoint",
        already=_NOT_THERE,
        created=found.get("CreationTime"),
        EndpointName=name,
    )
    return True
