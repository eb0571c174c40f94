"""What EventBridge Scheduler refuses of a schedule: an expression that is none, a time zone that is none, a role that does not trust it.

The emulator takes any text, and one that it cannot read fills its log for ever. The forms: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html;
the sentence on expressions is recorded from AWS, the one on roles is AWS's from public reports.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from hol.local.constraints import error
from hol.local.emulator import core as emulator
from hol.local.wire import Emulator, Request, Response

_PATH = re.compile(r"/schedules/[^/]+")
_RATE = re.compile(r"rate\(([1-9]\d*) (?:minute|hour|day)s?\)")
_AT = re.compile(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
# Minute, hour, day of month, month, day of week, year: least, most, names from the least on, and what else may stand there.
_FIELDS: tuple[tuple[int, int, list[str], str], ...] = (
    (0, 59, [], ""), (0, 23, [], ""), (1, 31, [], r"\?|L|LW|\d{1,2}W"), (1, 12, _MONTHS, ""),
    (1, 7, _DAYS, r"\?|L|[1-7]L|[1-7]#[1-5]|(?:SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5])"), (1970, 2199, [], ""),
)  # fmt: skip


async def layer(request: Request, emulate: Emulator) -> Response | None:
    """Refuses what Scheduler refuses of CreateSchedule and UpdateSchedule; None for everything else."""
    if request.service != "scheduler" or request.method not in ("POST", "PUT") or not _PATH.fullmatch(request.path):
        return None
    wrong = _wrong(_body(request))
    if not wrong:
        return None
    arn = f"arn:aws:scheduler:{request.region}:{emulator.account_of(request)}:schedule/*"
    action = "scheduler:CreateSchedule" if request.method == "POST" else "scheduler:UpdateSchedule"
    return emulator.authorize(request, action, arn) or error("scheduler", 400, "ValidationException", wrong)


def _body(request: Request) -> Mapping[str, object]:
    try:
        parsed = request.json()
    except ValueError:
        return {}
    return parsed if isinstance(parsed, Mapping) else {}


def _wrong(body: Mapping[str, object]) -> str:
    expression, zone, target = (
        body.get("ScheduleExpression"),
        body.get("ScheduleExpressionTimezone"),
        body.get("Target"),
    )
    if isinstance(expression, str) and not is_expression(expression):
        return f"Invalid Schedule Expression {expression}."
    if isinstance(zone, str) and not _is_zone(zone):
        return f"Invalid Schedule Expression Timezone {zone}."
    role = target.get("RoleArn") if isinstance(target, Mapping) else None
    if isinstance(role, str) and ":role/" in role and not emulator.role_trusts(role, "scheduler.amazonaws.com"):
        return "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    return ""


def is_expression(text: str) -> bool:
    """Whether it is a rate, a time or a cron expression."""
    at, cron = _AT.fullmatch(text), re.fullmatch(r"cron\(([^()]*)\)", text)
    if at:
        return _is_time(at[1])
    return bool(_RATE.fullmatch(text)) or bool(cron and _is_cron(cron[1].split()))


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_cron(fields: list[str]) -> bool:
    """Six fields, of which exactly one of the two for days is `?`."""
    days = (fields[2] == "?", fields[4] == "?") if len(fields) == 6 else (True, True)
    return days.count(True) == 1 and all(map(_is_field, fields, _FIELDS))


def _is_field(text: str, allowed: tuple[int, int, list[str], str]) -> bool:
    return all(_is_part(part, *allowed) for part in text.split(","))


def _is_part(part: str, least: int, most: int, names: list[str], also: str) -> bool:
    if also and re.fullmatch(also, part.upper()):
        return True
    body, _, step = part.partition("/")
    if step and not (step.isdigit() and int(step) > 0):
        return False
    return body == "*" or all(_is_number(one, least, most, names) for one in body.split("-", 1))


def _is_number(text: str, least: int, most: int, names: list[str]) -> bool:
    return text.upper() in names or (text.isdigit() and least <= int(text) <= most)


def _is_zone(text: str) -> bool:
    """Whether there is such a time zone; where this machine knows none at all, any."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return not available_timezones()
    return True
