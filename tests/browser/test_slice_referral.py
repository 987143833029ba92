"""A mini-competition as its people live it: two commissioners, and providers by text, email and Slack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from channels.tables import SandboxPostRow
from tests.browser.demo_house import NARROW, Demo
from tests.browser.demo_people import Mailbox, Phone, SlackUser, fill_date, sign_in

COLIN, DENISE = "colin.baker@example.org", "denise.platt@example.org"
PRIYA, OWEN, ROSA, SEAN, TANYA = (
    "priya.desai@example.org",
    "+447700900302",
    "U0PROV303",
    "sean.kirby@example.org",
    "+447700900305",
)
DEADLINE = datetime(2026, 12, 1, 12, tzinfo=UTC)
_CHECKED = (
    "24 November 2026 at 9:30am",
    "5 will be asked",
    "12 will not be asked",
    "It is suspended.",
    "It has paused new referrals itself.",
    "The insurance certificate ended on 22 November 2026.",
    "It is admitted and not active yet.",
    "It is not on Lot 1: day, 0 to 16.",
    "It is registered for ages 12 to 16.",
)
"""What a commissioner reads before the referral goes out: the release, who is asked, who is not and why."""


def _write(page: Page, outcomes: str) -> None:
    page.get_by_label("Which lot do you need?").select_option(label="Lot 1: day, 0 to 16")
    page.get_by_label("Age band").select_option(label="8 to 11")
    page.get_by_label("Year group").select_option(label="Year 5")
    page.get_by_label("Communication and interaction").check()
    page.get_by_label("What should the learner achieve?").fill(outcomes)
    page.get_by_label("How far can the learner travel?").fill("Within 45 minutes by taxi")
    fill_date(page, "Earliest start", "2027-1-4")
    fill_date(page, "Latest start", "2027-2-26")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Save and check the wording").click()


def _choose_times(page: Page, release: str | None = None) -> None:
    page.get_by_role("button", name="Continue").click()
    fill_date(page, "Last day for answers", "2026-12-1")
    if release:
        page.get_by_label("At a time that I choose").check()
        fill_date(page, "Release day", "2026-11-24")
        page.get_by_label("Release time").fill(release)
    page.get_by_role("button", name="Save and check the referral").click()


def _approve(demo: Demo, page: Page) -> None:
    """Ask for the second pair of eyes, let Denise look and approve, and issue."""
    page.get_by_role("button", name="Ask a colleague to approve it").click()
    second = demo.window()
    sign_in(demo, second, DENISE, page.url.removeprefix(demo.url))
    second.get_by_label("Approve it exactly as it is shown").check()
    second.get_by_role("button", name="Save the decision").click()
    page.reload()
    page.get_by_role("button", name="Issue this referral").click()


def _issue(demo: Demo, page: Page, release: str | None = None) -> str:
    """Write, check and issue a referral; return its reference."""
    sign_in(demo, page, COLIN, "/commissioning/referrals/new")
    _write(page, "Learns to ask for a break.")
    page.get_by_role("button", name="The wording is safe, continue").click()
    _choose_times(page, release)
    _approve(demo, page)
    demo.work()
    return page.inner_text("h1").removeprefix("Referral ")


def _alerts(demo: Demo, reference: str) -> dict[str, tuple[str, datetime]]:
    """Return which providers were told of a referral, on which channel and when, as the sandbox took it."""
    with demo.house.ground.read() as session:
        posts = session.scalars(select(SandboxPostRow).order_by(SandboxPostRow.seq)).all()
        return {
            post.address: (post.channel, post.at)
            for post in posts
            if reference in post.title + post.body
            and "Answer to" not in post.body + post.title
            and post.address not in {COLIN, DENISE}
        }


def _answer(demo: Demo, page: Page) -> None:
    """Answer for the provider's one setting: first without its reason, then well."""
    page.get_by_role("link", name="Answer for").click()
    _choose(page, "Decline")
    page.get_by_role("button", name="Send the answer").click()
    demo.inspect(page, "referral-11-answer-errors")
    page.get_by_role("link", name="Choose another answer").click()
    _offer(page)


def _choose(page: Page, kind: str) -> None:
    page.get_by_role("radio", name=kind, exact=True).check()
    page.get_by_role("button", name="Continue").click()


def _offer(page: Page) -> None:
    _choose(page, "Offer a place")
    _fill_offer(page)


def _fill_offer(page: Page) -> None:
    fill_date(page, "Earliest start", "2027-1-11")
    page.get_by_label("Education").fill("48000")
    page.get_by_role("button", name="Send the answer").click()


def test_a_commissioner_takes_out_what_tells_who_the_learner_is(demo: Demo) -> None:
    """R31"""
    page = demo.window()
    sign_in(demo, page, COLIN, "/commissioning/referrals")
    demo.inspect(page, "referral-1-list")
    page.get_by_role("button", name="New referral").click()
    page.get_by_role("button", name="Save and check the wording").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Enter the earliest start")
    demo.inspect(page, "referral-2-errors")

    _write(page, "Jakub reads for ten minutes a day. Lives near L20 3AB. Works with Numicon.")
    for found in ("“L20 3AB” looks like a postcode", "“Jakub” looks like a name", "“Numicon” looks like a name"):
        expect(page.locator("main")).to_contain_text(found)
    demo.inspect(page, "referral-3-wording")
    page.get_by_label("“Numicon” looks like a name").check()
    page.get_by_role("button", name="Confirm what I ticked").click()
    expect(page.locator("main")).not_to_contain_text("“Numicon”")
    expect(page.locator("main")).to_contain_text("“Jakub” looks like a name")

    page.get_by_role("link", name="Change the wording").click()
    page.get_by_label("What should the learner achieve?").fill("Reads for ten minutes a day. Works with Numicon.")
    page.get_by_role("button", name="Save and check the wording").click()
    page.get_by_role("button", name="The wording is safe, continue").click()
    demo.inspect(page, "referral-4-route")


def _sign_in_again(demo: Demo, page: Page, address: str) -> None:
    """Come back to the page that is open, after the session has run out."""
    sign_in(demo, page, address, page.url.removeprefix(demo.url))


def test_everybody_eligible_is_told_at_the_release_time_and_nobody_else(demo: Demo) -> None:
    """R2, R3, R9, R30"""
    page = demo.window()
    sign_in(demo, page, COLIN, "/commissioning/referrals/new")
    _write(page, "Learns to ask for a break.")
    page.get_by_role("button", name="The wording is safe, continue").click()
    _choose_times(page, "09:30")
    main = page.locator("main")
    for told in _CHECKED:
        expect(main).to_contain_text(told)
    demo.inspect(page, "referral-5-check")
    _approve(demo, page)
    release = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    demo.until(release - timedelta(seconds=2))
    _sign_in_again(demo, page, COLIN)  # which takes a second
    reference = page.inner_text("h1").removeprefix("Referral ")
    demo.inspect(page, "referral-6-scheduled")
    assert _alerts(demo, reference) == {}, "nothing leaves before the release"

    demo.until(release)
    ways = {PRIYA: "email", OWEN: "sms", ROSA: "slack", SEAN: "email", TANYA: "sms"}
    assert _alerts(demo, reference) == {address: (channel, release) for address, channel in ways.items()}
    page.reload()
    expect(main).to_contain_text("0 of 5 answered")
    demo.inspect(page, "referral-7-open")
    for text in (
        Phone(demo, OWEN).texts()[-1],
        SlackUser(demo, ROSA).texts()[-1],
        Mailbox(demo, SEAN).letter(reference),
    ):
        assert "break" not in text, "the alert says nothing of the learner"
        assert f"{demo.url}/referrals/" in text


def test_a_provider_signs_in_from_the_alert_and_answers(demo: Demo) -> None:
    """R23, R32"""
    reference = _issue(demo, demo.window())
    phone = Phone(demo, OWEN)
    alert = phone.texts()[-1]
    assert alert.startswith(f"A North West council: referral {reference}, lot 1. Answer by Tuesday 1 December 2026")

    page = demo.window(NARROW)
    sign_in(demo, page, "owen.hughes@example.org", phone.link(reference).removeprefix(demo.url))
    expect(page.locator("main")).to_contain_text("Learns to ask for a break.")
    demo.inspect(page, "referral-8-asked")
    page.goto(demo.url)
    expect(page.locator("main")).to_contain_text("2 referrals to answer")
    demo.inspect(page, "referral-9-provider-start")
    page.get_by_role("link", name="My referrals").last.click()
    demo.inspect(page, "referral-10-mine")
    page.get_by_role("link", name=reference).click()
    _answer(demo, page)
    expect(page.locator("main")).to_contain_text("We have your answer")
    demo.inspect(page, "referral-12-receipt")
    demo.work()
    receipt = phone.texts()[-1]
    assert f"{reference} for Beacon Lane School" in receipt
    assert "23 November 2026, 10:0" in receipt


def test_a_late_answer_is_refused_as_late(demo: Demo) -> None:
    """R16, R17"""
    council, page = demo.window(), demo.window(NARROW)
    reference = _issue(demo, council)
    demo.until(DEADLINE - timedelta(minutes=10))
    sign_in(demo, page, SEAN, Mailbox(demo, SEAN).link(reference).removeprefix(demo.url))
    page.get_by_role("link", name="Answer for Dove Meadow School").click()
    _choose(page, "Offer a place")
    demo.until(DEADLINE + timedelta(seconds=1))
    _fill_offer(page)
    expect(page.locator("h1")).to_have_text("Too late to answer")
    expect(page.locator("main")).to_contain_text("1 December 2026, 12:00:01")
    demo.inspect(page, "referral-13-late")
    _sign_in_again(demo, council, COLIN)
    expect(council.locator("main")).to_contain_text("Answers that came too late and were not accepted: 1.")


def test_two_people_of_the_council_unseal_the_answers(demo: Demo) -> None:
    """R21, R22"""
    council, provider = demo.window(), demo.window(NARROW)
    reference = _issue(demo, council)
    sign_in(demo, provider, "owen.hughes@example.org", Phone(demo, OWEN).link(reference).removeprefix(demo.url))
    _answer(demo, provider)
    demo.until(DEADLINE + timedelta(seconds=1))
    first, second = demo.window(), demo.window()
    sign_in(demo, first, COLIN)
    expect(first.locator("main")).to_contain_text("1 referral to unseal")
    demo.inspect(first, "referral-14-commissioner-start")
    first.goto(council.url)
    demo.inspect(first, "referral-15-sealed")
    assert "48,000" not in first.content()
    first.get_by_role("button", name="Unseal the answers").click()
    expect(first.locator("main")).to_contain_text("A colleague must unseal too.")
    assert "48,000" not in first.content()
    assert first.get_by_role("button", name="Unseal the answers").count() == 0, "one person is not two"
    sign_in(demo, second, DENISE, council.url.removeprefix(demo.url))
    second.get_by_role("button", name="Unseal the answers").click()
    expect(second.locator("main")).to_contain_text("£48,000")
    demo.inspect(second, "referral-16-unsealed")


def test_only_who_has_not_answered_is_reminded_and_all_alike(demo: Demo) -> None:
    """R18"""
    reference = _issue(demo, demo.window())
    page = demo.window()
    phone, mailbox = Phone(demo, OWEN), Mailbox(demo, SEAN)
    sign_in(demo, page, "owen.hughes@example.org", phone.link(reference).removeprefix(demo.url))
    _answer(demo, page)
    demo.later(days=4, hours=3)
    reminder = mailbox.letter(f"Reminder: referral {reference}")
    assert f"Reminder: referral {reference} from A North West council" in reminder
    assert not [text for text in phone.texts() if text.startswith("Reminder") and reference in text]
