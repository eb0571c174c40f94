"""Another one-time address of a server of ours that runs on this machine already."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPException

from hol.serve.door import MINT


def minted(port: int, key: str) -> str | None:
    """A token of the server on that port; None where none of this key runs."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", MINT, headers={"X-Hol-Key": key})
        return str(json.loads(connection.getresponse().read())["token"])
    except (OSError, HTTPException, ValueError, KeyError):
        return None
    finally:
        connection.close()
