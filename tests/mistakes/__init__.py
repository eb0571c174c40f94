"""Mistakes that learners make, in families, found by going through every setting of every resource of the lab."""

from __future__ import annotations

from mistakes import api, endpoint, function, role, site
from mistakes.made import Mistake

FAMILIES: dict[str, tuple[Mistake, ...]] = {
    name: tuple(module.MISTAKES)
    for name, module in (("endpoint", endpoint), ("role", role), ("function", function), ("api", api), ("site", site))
}
MISTAKES = tuple(one for family in FAMILIES.values() for one in family)
