"""Pages of SageMaker's List operations: filter by name and status, sort, cut, and continue by token.

The token names the last row given rather than a position, so rows deleted between two pages do not make the next
page skip any.
"""

from __future__ import annotations

import base64
import json

from hol.local.sagemaker.checks import Refused, constraint
from hol.local.wire import Body, Record

DEFAULT_PAGE = 10
LARGEST_PAGE = 100
_SORT_FIELDS = {"Name": "", "CreationTime": "CreationTime", "Status": "EndpointStatus"}


def page(query: Body, rows: list[Record], name_field: str) -> tuple[list[Record], str | None]:
    """(the rows of this page, the token of the next or None); newest first unless asked otherwise."""
    size = query.get("MaxResults", DEFAULT_PAGE)
    if not isinstance(size, int) or not 1 <= size <= LARGEST_PAGE:
        raise constraint(size, "maxResults", f"have value between 1 and {LARGEST_PAGE}")
    field = _SORT_FIELDS.get(query.get("SortBy", "CreationTime"), "CreationTime") or name_field
    descending = query.get("SortOrder", "Descending") == "Descending"

    def place(row: Record) -> list[object]:
        return [row[field], row[name_field]]

    wanted = sorted((row for row in rows if _matches(query, row, name_field)), key=place, reverse=descending)
    last = _read(query["NextToken"]) if query.get("NextToken") else None
    if last:
        wanted = [row for row in wanted if (place(row) < last if descending else place(row) > last)]
    token = _token(place(wanted[size - 1])) if len(wanted) > size else None
    return wanted[:size], token


def _matches(query: Body, row: Record, name_field: str) -> bool:
    part, status = query.get("NameContains"), query.get("StatusEquals")
    after, before = query.get("CreationTimeAfter"), query.get("CreationTimeBefore")
    return (
        (not part or part.lower() in row[name_field].lower())
        and (not status or status == row.get("EndpointStatus"))
        and (after is None or row["CreationTime"] > after)
        and (before is None or row["CreationTime"] < before)
    )


def _token(place: list[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _read(token: str) -> list[object]:
    try:
        place = json.loads(base64.urlsafe_b64decode(token))
    except ValueError as error:
        raise Refused("Invalid pagination token.") from error
    if not isinstance(place, list):
        raise Refused("Invalid pagination token.")
    return place
