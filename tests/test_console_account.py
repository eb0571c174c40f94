"""`hol console --target aws`: the practice side says why it does nothing, the guide side works; nothing is written.

The account is one of the local AWS's, reached as anybody's is: a profile of the AWS CLI's, with an address of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import test_console_actions as actions
from console_server import Console, console, entered
from harness import World, new_account
from playwright.sync_api import Browser, Page, expect

from hol.local.life.port import ask
from hol.local.life.process import Running

browser = actions.browser
LATEST = 100_000  # milliseconds; an account is looked at every half minute, and a look takes its time on a busy machine


@pytest.fixture(scope="module")
def world(local_aws: Running, tmp_path_factory: pytest.TempPathFactory) -> World:
    """An account in which the first steps are done."""
    found = World(local_aws.port, new_account(), tmp_path_factory.mktemp("account"))
    for number in range(4):
        found.step(number)
    return found


@pytest.fixture(scope="module")
def served(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    profile = world.home / "aws"
    profile.write_text(
        f"[profile at-work]\naws_access_key_id = {world.account}\naws_secret_access_key = local\n"
        f"endpoint_url = http://127.0.0.1:{world.port}\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_CONFIG_FILE", str(profile))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        with console(world.port, world.home, "--target", "aws", "--profile", "at-work") as running:
            yield running


@pytest.fixture(scope="module")
def page(served: Console, browser: Browser) -> Iterator[Page]:
    with entered(served, browser, "en-US") as page:
        yield page


def pill(page: Page, number: int, state: str) -> None:
    expect(page.locator(".steps button").nth(number)).to_have_class(f"pill {state}", timeout=LATEST)


@pytest.mark.timeout(240)
def test_the_practice_side_says_why_it_does_nothing(page: Page) -> None:
    room = page.locator("main.practice")
    expect(room.get_by_text("Practising is for the local AWS only")).to_be_visible()
    expect(room.get_by_text("This is a real AWS account, and the practice screens do nothing to it.")).to_be_visible()
    expect(page.get_by_test_id("mark")).to_have_count(0)  # it says that this is not AWS, which it is
    assert room.get_by_role("button").count() == 0


@pytest.mark.timeout(240)
def test_the_guide_side_shows_the_states_checks_and_leads_to_the_accounts_console(page: Page, world: World) -> None:
    before = ask(world.port, "GET", "/_hol/health", 5)[1]["writes"]
    for number in range(4):
        pill(page, number, "right")
    pill(page, 4, "absent")
    page.locator(".steps button").nth(3).click()
    for name in ("Do it for me", "Undo it"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    page.get_by_role("button", name="Check this step", exact=True).click()
    tested = page.locator('.log [data-mark="✓"]').filter(has_text="positive")  # what the function really answered
    expect(tested).to_have_count(1, timeout=LATEST)
    links = page.locator('a[href^="https://us-east-1.console.aws.amazon.com/lambda/"]')
    assert links.count() > 0
    assert ask(world.port, "GET", "/_hol/health", 5)[1]["writes"] == before


@pytest.mark.timeout(240)
def test_what_would_change_the_account_is_refused(page: Page, served: Console, world: World) -> None:
    """Whoever asks past the page, with its cookie: no button does it, and no screen is drawn."""
    before, listed = ask(world.port, "GET", "/_hol/health", 5)[1]["writes"], world.listing()
    for path in (
        "/api/do?step=4",
        "/api/undo?step=3",
        "/api/act?screen=iam.roles&button=delete",
        "/api/screen?id=iam.roles",
    ):
        verb = "GET" if "/screen" in path else "POST"
        status = page.evaluate(
            "async ([path, verb]) => (await fetch(path, {method: verb, body: verb === 'POST' ? '{}' : undefined})).status",
            [path, verb],
        )
        assert status >= 400, path
    assert world.listing() == listed
    assert ask(world.port, "GET", "/_hol/health", 5)[1]["writes"] == before


@pytest.mark.long
@pytest.mark.timeout(240)
def test_a_change_in_the_account_shows(page: Page, world: World) -> None:
    run = world.run()
    names = {"RoleName": run.config.role.name, "PolicyName": run.config.policy.name}
    iam = world.client("iam")
    page.locator(".steps button").nth(3).click()
    page.get_by_role("button", name="Check this step", exact=True).click()
    pill(page, 2, "right")
    document = iam.get_role_policy(**names)["PolicyDocument"]
    iam.delete_role_policy(**names)
    pill(page, 2, "absent")
    iam.put_role_policy(**names, PolicyDocument=json.dumps(document))
    pill(page, 2, "right")
