"""`hol class plan`: what a class will take, before anything of it is made."""

from __future__ import annotations

from hol.cli.group.gathering import gathered, listed
from hol.cli.options import Options
from hol.cli.project import Project, load_project, looking
from hol.group.labs import Group
from hol.group.plan import Plan, Span
from hol.group.plan import plan as planned
from hol.operate.findings import MARKS, worst
from hol.words.commands import command, same
from hol.words.errors import Exit
from hol.words.text import Text, t


def plan(options: Options, roster: str) -> Exit:
    """Say how long, what stands in the way, what it costs and what is shared; exit 5 where a quota is too low."""
    project = load_project(options)
    project.ui.answer()
    group = gathered(project, listed(project, roster), looking(project))
    found = planned(group)
    say_plan(project, group, found)
    code = worst(list(found.findings))
    if group.paced:
        elsewhere = command("class", "up", roster, "--engine", "step-functions")
        project.ui.hint(t("AWS can do it though this machine is off: {}", elsewhere), key="engine")
    project.ui.hint(t("next: {}", command("class", "up", roster)), key="next")
    project.ui.done(code)
    return code


def say_plan(project: Project, group: Group, found: Plan) -> None:
    """How long, what is shared, what it costs, what stands in its way."""
    labs, accounts = len(group.attendees), len(group.numbers)
    project.ui.record(
        "plan",
        attendees=labs,
        accounts=accounts,
        up_seconds=found.up.seconds if group.paced else 0,
        down_seconds=found.down.seconds if group.paced else 0,
        dollars_an_hour=found.dollars,
        hours=group.settings.hours,
        shared=group.shares,
    )
    for line in lines(group, found):
        project.ui.say(line, key="plan")
    for one in found.findings:
        project.ui.say(t("{} {}", MARKS[one.level], one.what), MARKS[one.level], key=one.code)
        for label, text in ((t("why"), one.why), (t("what to do"), one.fix)):
            if text is not None:
                project.ui.say(t("    {}: {}", label, text), key=one.code)
    if not found.findings:
        project.ui.say(t("no quota stands in its way, as far as can be seen"), "✓", key="quotas")


def lines(group: Group, found: Plan) -> list[Text]:
    """The plan in sentences, but for what stands in its way."""
    whole = t("attendees: {}; accounts: {}", len(group.attendees), len(group.numbers))
    return [whole, *_shared(group), *_times(group, found), *_costs(group, found)]


def _shared(group: Group) -> list[Text]:
    if not group.shares:
        return [t("nothing is shared: everybody has an endpoint of his own")]
    config = group.settings_of(group.everybody(group.numbers[0]))
    name = config.endpoint.name
    if config.creates_endpoint:
        return [t("shared: the endpoint {}, one in each account, made and deleted with the class", name)]
    return [
        t(
            "shared: the endpoint {}, which must be there; to let hol make it: {}",
            name,
            same(set="endpoint.create=true"),
        )
    ]


def _times(group: Group, found: Plan) -> list[Text]:
    if not group.paced:
        return [t("how long: as fast as this machine is; the local AWS has no quotas (local.quotas)")]
    return [
        t("up: {} at least{}", _span(found.up), _because(found.up)),
        t(
            "down: {} at least{}; what bills by the hour goes first, in the first minutes",
            _span(found.down),
            _because(found.down),
        ),
    ]


def _span(span: Span) -> Text:
    minutes = max(1, round(span.seconds / 60))
    return t("{} min", minutes) if minutes < 120 else t("{} h {} min", minutes // 60, minutes % 60)


def _because(span: Span) -> Text:
    if span.quota is None:
        return Text("")
    return t(
        " ({}: {} in {} s, which AWS does not raise)", span.quota.name, span.quota.calls, f"{span.quota.seconds:g}"
    )


def _costs(group: Group, found: Plan) -> list[Text]:
    if found.dollars is None:
        return [t("cost per hour: no price is known here for {}", group.config.region)]
    hours = group.settings.hours + found.hours_beside
    total = found.dollars * hours
    return [
        t(
            "cost: {} USD an hour for all; {} hours of class, with the time to make and delete it: about {} USD",
            f"{found.dollars:.3f}",
            group.settings.hours,
            f"{total:.2f}",
        )
    ]
