"""From a session to AWS's console: the federation endpoint makes of its keys a token, and of the token a link.

The link is good for a quarter of an hour, the session in the console for as long as was asked.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from hol.words.errors import HolError
from hol.words.text import t

LINK_MINUTES = 15
_ISSUER = "hol"


@dataclass(frozen=True)
class Keys:
    """A session's credentials, and until when they are good."""

    key: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    until: datetime

    @property
    def whole(self) -> tuple[str, str, str]:
        """As `Place.credentials` takes them."""
        return self.key, self.secret, self.token


def link(federation: str, keys: Keys, destination: str, seconds: int | None = None) -> str:
    """The link that signs whoever opens it in to the console; `seconds`: how long for, which a chained role may not say.

    Raises `HolError`, which never repeats what was asked: the keys are in it.
    """
    session = json.dumps({"sessionId": keys.key, "sessionKey": keys.secret, "sessionToken": keys.token})
    asked = {"Action": "getSigninToken", "Session": session}
    if seconds:
        asked["SessionDuration"] = str(seconds)
    answer = _asked(f"{federation}?{urlencode(asked)}")
    given = {"Action": "login", "Issuer": _ISSUER, "Destination": destination, "SigninToken": answer}
    return f"{federation}?{urlencode(given)}"


def _asked(url: str) -> str:
    try:
        with urlopen(url, timeout=20) as answer:  # an address of AWS's own
            return str(json.load(answer)["SigninToken"])
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        said = getattr(error, "code", None) or type(getattr(error, "reason", error)).__name__
        raise HolError(
            t("AWS's sign-in service made no link"),
            why=t("it answered: {}", said),
            fix=t("run the same command again: what is done is kept"),
        ) from None
