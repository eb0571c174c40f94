"""The operator's verbs: doctor, policy, extend; and what `hol up` and `hol status` say to whoever pays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from hol.aws import schedules
from hol.cli.options import Options
from hol.cli.project import Project, account_number, connected, load_project
from hol.cloud.session import AWS, Cloud, Place
from hol.config import files as configuration
from hol.config.values import minutes
from hol.engine.facts import Facts
from hol.engine.lab import Lab
from hol.engine.run import Run
from hol.operate import doctor, machine, policy
from hol.operate.doctor import Patient
from hol.operate.findings import MARKS, Finding, of_error, worst
from hol.words.commands import command
from hol.words.errors import ConfigError, Exit, HolError, LocalError
from hol.words.shown import short
from hol.words.text import Text, t

LOCAL_ACCOUNT = "000000000000"
LONGEST = 43_200  # minutes, as of endpoint.ttl


def examine(options: Options) -> Exit:
    """`hol doctor`: would `hol up` work here?"""
    project = load_project(options)
    project.ui.answer()
    patient = _patient(project)
    try:
        place = _place(project)
    except LocalError as error:  # something is there, and nobody can tell what is in it
        findings = [*doctor.without_aws(patient), of_error("HOL-D16", error)]
    else:
        findings = doctor.examine(replace(patient, place=place)) if place else doctor.without_aws(patient)
        if place is None:
            project.ui.say(t("the local AWS does not run, so there is nothing in it"), key="local-not-running")
    _show(project, findings)
    code = worst(findings)
    if code == Exit.DONE:
        project.ui.say(t("nothing stands in the way of: {}", command("up")), "✓", key="next")
    project.ui.done(code)
    return code


def _place(project: Project) -> Place | None:
    """Where the lab would be; None for a local AWS that does not run. Raises `LocalError` as `running` does."""
    if project.config.target == "aws":
        return AWS
    from hol.local.life import place
    from hol.local.life.port import running

    return place.place(project.config.local.port) if running(project.config.local.port) else None


def _patient(project: Project) -> Patient:
    """The lab as the doctor sees it; its runs change nothing and tell nobody."""

    steps = {step.name: step for step in project.steps}

    def begin(cloud: Cloud) -> Run:
        named = configuration.resolved(project.config, cloud.account)
        return Run(named, cloud, project.folder.root, project.folder.home, lambda said: None, steps, dry=True)

    facts = machine.look(project.folder.home, project.language)
    return Patient(project.config, AWS, facts, project.steps, begin)


def _show(project: Project, findings: list[Finding]) -> None:
    for finding in findings:
        facts = {
            "code": finding.code,
            "level": finding.level,
            "what": finding.what,
            "why": finding.why,
            "fix": finding.fix,
        }
        project.ui.record("finding", **facts)
    for finding in findings if not project.ui.as_json else ():
        project.ui.say(t("{} {} {}", MARKS[finding.level], finding.code, finding.what), "!")
        if finding.why is not None:
            project.ui.say(t("    why: {}", finding.why))
        if finding.fix is not None:
            project.ui.say(t("    what to do: {}", finding.fix))


def before_up(project: Project, run: Run) -> None:
    """What the owner of a paid account is told before the first write: what stands in the way, and what it costs.

    Raises `HolError` with the worst finding's exit code when `hol up` would fail.
    """
    patient = _patient(project)
    findings = doctor.before_up(Lab(patient.begin(run.cloud), "doctor"), patient)
    _show(project, findings)
    code = worst(findings)
    if code != Exit.DONE:
        raise HolError(
            t("the lab cannot be made here as things stand; nothing was changed"),
            fix=t("put right what stands above, then look at everything: {}", command("doctor")),
            code=code,
        )
    for line in _costs(project, run, "announced"):
        project.ui.say(line, key="cost")


def say_billing(project: Project, run: Run) -> None:
    """What bills at this moment; the local AWS bills nothing."""
    if project.config.target != "aws":
        project.ui.say(t("the local AWS bills nothing"), key="cost")
        return
    silent = replace(run, emit=lambda said: None, facts=Facts())  # what a dry-run made up is no fact
    for line in _costs(project, silent, "billing"):
        project.ui.say(line, key="cost")


def _costs(project: Project, run: Run, facet: str) -> Iterator[Text]:
    """The sentences of the steps that know what they cost."""
    for step in project.steps:
        if brought := step.facet(facet, "cost"):
            yield from brought(Lab(run, step.name))


def print_policy(options: Options, number: int | None, boundary: bool, account: str | None) -> Exit:
    """`hol policy`: the documents on stdout, what to do with them on stderr."""
    account = account_number(account)
    project = load_project(options)
    steps = project.steps if number is None else [project.step(number)]
    where = policy.Where(policy.partition(project.config.region), project.config.region, account or _account(project))
    config = configuration.resolved(project.config, where.account)
    make = policy.boundary if boundary else policy.operator
    document = make(config, steps, where, number is None)
    documents = policy.split(document)
    if boundary and len(documents) > 1:
        raise ConfigError(
            t("the boundary is longer than IAM allows: {} characters", policy.size(document)),
            why=t("a user or role has one permissions boundary, of at most {} characters", policy.LIMIT),
            fix=t("shorten the names in config.yaml"),
        )
    for document in documents:
        project.ui.write(json.dumps(document, indent=2))
    sizes = ", ".join(str(policy.size(document)) for document in documents)
    project.ui.say(t("{} of {} characters that IAM allows in a policy", sizes, policy.LIMIT), key="policy-size")
    if len(documents) > 1:
        project.ui.say(t("these are {} policies: attach all of them", len(documents)), "!", key="policy-count")
    return Exit.DONE


def _account(project: Project) -> str:
    if project.config.target == "local":
        return LOCAL_ACCOUNT
    return str(connected(project, start=False, dry=True).cloud.account)


def extend(options: Options, longer: str) -> Exit:
    """`hol extend 2h`: the dead-man's switch fires later."""
    if not 0 < minutes(longer) <= LONGEST:
        raise ConfigError(t("{} is not a time such as {}", short(longer), "90m, 4h, 2d"))
    project = load_project(options)
    extending = next((step for step in project.steps if step.does("extend")), None)
    if extending is None:
        raise ConfigError(t("no step of this lab deletes anything by itself after a time"))
    run = connected(project, start=False)
    later = extending.module.extend(Lab(run, extending.name), schedules.lifetime(longer))
    project.ui.say(t("the dead-man's switch deletes it at {} UTC", later.strftime("%Y-%m-%d %H:%M")), key="deletes-at")
    project.ui.done()
    return Exit.DONE
