"""Whose request it is: a name that the emulator does not know is not worth reading every service model for.

Like its sisters this module may reach into ministack, and nothing else may. Asked by a service that it lacks (SageMaker), ministack loads
the models of all of AWS's services, some 4 s of work on the event loop, to learn that there is such a service.
"""

from __future__ import annotations

import functools

from hol.local.wire import Request

_OBJECTS = ("s3", "s3express", "s3-outposts", "s3-object-lambda")


@functools.cache
def correct() -> None:
    """Make the emulator believe the signature; once a process."""
    from ministack.core import router

    router._is_aws_service_name = _is_another_service


def _is_another_service(name: str) -> bool:
    """Whether a request signed for that service is none for S3's."""
    return name not in _OBJECTS


def service_of(request: Request) -> str:
    """Who the emulator lets answer: by target, signature, or the path."""
    from ministack.core.router import detect_service

    return str(detect_service(request.method, request.path, dict(request.headers), dict(request.query)))
