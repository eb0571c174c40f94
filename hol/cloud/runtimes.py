"""Lambda's Python runtimes, and from which day functions cannot be created or changed with them.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read 2026-08; AWS has postponed such days
before. A runtime that is not in the table is newer than it.
"""

from __future__ import annotations

from datetime import date

# Runtime → no new functions from, no changes from.
RETIRED = {
    "python2.7": (date(2021, 9, 30), date(2022, 5, 30)),
    "python3.6": (date(2022, 7, 18), date(2022, 8, 29)),
    "python3.7": (date(2024, 1, 9), date(2027, 3, 3)),
    "python3.8": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.9": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.10": (date(2027, 2, 1), date(2027, 3, 3)),
    "python3.11": (date(2027, 7, 31), date(2027, 8, 31)),
    "python3.12": (date(2028, 11, 30), date(2029, 1, 10)),
    "python3.13": (date(2029, 7, 31), date(2029, 8, 31)),
    "python3.14": (date(2029, 7, 31), date(2029, 8, 31)),
}
NEVER = (date.max, date.max)
