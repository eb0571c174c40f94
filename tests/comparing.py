"""Two ways to the same lab must end in the same account."""

from __future__ import annotations

import re

from harness import World


def anonymous(world: World) -> str:
    """The state and the listing of the world, without its account number and what depends on it."""
    text = str((world.state(), world.listing())).replace(world.account, "ACCOUNT")
    return re.sub(r"-[0-9a-f]{12}'", "-DIGEST'", text)
