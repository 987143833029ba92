"""People from the first invitation to the last link: invited, reached, away, merged, and a family's own page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from people.actions.register_person import NewPerson, register_person
from people.model import Role
from people.queries import council_by_code, persons_by_address
from tests.browser.demo_house import NARROW, Demo
from tests.browser.demo_people import Mailbox, Phone, fill_date, sign_in

ADMIN, NEW = "alan.peel@example.org", "nora.kelly@example.org"
AMELIA, NEW_PHONE = "+447700900101", "+447700900191"


@pytest.fixture
def admin(demo: Demo) -> Page:
    """An administrator of Sefton, signed in."""
    with demo.house.ground.work() as work:
        sefton = council_by_code(work.session, "E08000014").id
        roles = ((Role.ADMINISTRATOR, sefton),)
        register_person(work, NewPerson("Alan Peel", "en", roles, (("email", ADMIN),)))
    page = demo.window()
    sign_in(demo, page, ADMIN, "/people")
    return page


def _code(text: str) -> str:
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found is not None
    return found[0]


def _person(demo: Demo, admin: Page, name: str) -> None:
    admin.goto(f"{demo.url}/people")
    admin.get_by_text("Search and filter").click()
    admin.get_by_label("Name", exact=True).fill(name)
    admin.get_by_role("button", name="Apply").click()
    admin.get_by_role("link", name=name, exact=True).click()


def test_somebody_is_invited_accepts_and_is_signed_in(demo: Demo, admin: Page) -> None:
    demo.inspect(admin, "people-1-directory")
    admin.get_by_role("button", name="Invite somebody").click()
    demo.inspect(admin, "people-2-invite")
    admin.get_by_role("button", name="Send the invitation").click()
    demo.inspect(admin, "people-3-invite-errors")
    admin.get_by_label("Full name").fill("Nora Kelly")
    admin.get_by_label("Email address").fill(NEW)
    admin.get_by_label("Role").select_option(label="QA officer, Sefton")
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_role("alert")).to_contain_text("an invitation is on its way")
    demo.inspect(admin, "people-4-invitations")
    demo.later(seconds=1)
    nora = demo.window()
    nora.goto(Mailbox(demo, NEW).link("You are invited"))
    demo.inspect(nora, "people-5-accept")
    nora.get_by_role("button", name="Accept").click()
    expect(nora).to_have_url(f"{demo.url}/")
    nora.goto(f"{demo.url}/account/details")
    expect(nora.locator("main")).to_contain_text("QA officer, Sefton")
    demo.inspect(nora, "people-6-own-details")


def test_a_new_number_is_proved_by_its_code(demo: Demo, admin: Page) -> None:
    _person(demo, admin, "Amelia Hart")
    demo.inspect(admin, "people-7-profile")
    admin.get_by_role("link", name="Add a number or address").click()
    admin.get_by_role("button", name="Send the code").click()
    demo.inspect(admin, "people-8-contact-errors")
    admin.get_by_label("Text message").check()
    admin.get_by_label("Phone number, email address").fill("07700 900191")
    admin.get_by_role("button", name="Send the code").click()
    demo.later(seconds=1)
    (text,) = Phone(demo, NEW_PHONE).texts()
    admin.get_by_label("6-digit code").fill("000000")
    admin.get_by_role("button", name="Confirm").click()
    demo.inspect(admin, "people-9-wrong-code")
    admin.get_by_label("6-digit code").fill(_code(text))
    admin.get_by_role("button", name="Confirm").click()
    expect(admin.get_by_role("alert")).to_contain_text("The code was right.")
    demo.inspect(admin, "people-10-two-numbers")


@pytest.fixture
def mum(demo: Demo, admin: Page) -> Page:
    """Amelia's phone, at her own page, in Urdu."""
    _person(demo, admin, "Amelia Hart")
    admin.get_by_role("button", name="Send them a link to their own details").click()
    demo.later(seconds=1)
    phone = Phone(demo, AMELIA)
    mum = demo.window(NARROW)
    mum.goto(phone.link("Change how we write to you"))
    demo.inspect(mum, "people-11-my-details")
    mum.get_by_role("link", name="Change the language").click()
    demo.inspect(mum, "people-12-language")
    mum.get_by_label("اردو").check()
    mum.get_by_role("button", name="Save").click()
    expect(mum.locator("html")).to_have_attribute("dir", "rtl")
    return mum


def test_a_family_sets_its_own_page_in_its_own_language(demo: Demo, admin: Page, mum: Page) -> None:
    demo.inspect(mum, "people-13-my-details-urdu")
    mum.locator("a[href$='/quiet-hours']").click()
    demo.inspect(mum, "people-14-quiet-urdu")
    mum.go_back()
    mum.locator("a[href*='/add?by=sms']").click()
    mum.locator("main form button").first.click()
    demo.inspect(mum, "people-15-add-error-urdu")
    mum.locator("#field").fill("07700 900191")
    mum.locator("main form button").first.click()
    demo.inspect(mum, "people-16-code-urdu")
    demo.later(seconds=1)
    mum.locator("#field").fill(_code(Phone(demo, NEW_PHONE).texts()[-1]))
    mum.locator("main form button").first.click()
    mum.locator("form[action$='/messages/stop'] button").click()
    demo.inspect(mum, "people-17-stopped-urdu")
    admin.reload()
    expect(admin.locator("main")).to_contain_text("Said STOP")


def test_two_records_are_made_one_and_two_again(demo: Demo, admin: Page) -> None:
    with demo.house.ground.work() as work:
        (mum,) = persons_by_address(work.session, "sms", AMELIA)
        roles = tuple((held.role, held.organisation_id) for held in mum.roles)
        points = (("sms", AMELIA), ("email", "amelia@example.org"))
        register_person(work, NewPerson("amelia hart", "en", roles, points))
    admin.goto(f"{demo.url}/people/duplicates")
    demo.inspect(admin, "people-18-duplicates")
    admin.get_by_role("link", name="Look at both").first.click()
    demo.inspect(admin, "people-19-merge")
    admin.get_by_role("button", name="Make them one").click()
    expect(admin.get_by_role("alert")).to_contain_text("The two records are one now.")
    demo.inspect(admin, "people-20-merged")
    admin.get_by_role("button", name="Undo").click()
    expect(admin.get_by_role("alert")).to_contain_text("The merge is undone.")


def test_the_duty_officer_goes_away_and_a_colleague_reads_the_worry(demo: Demo) -> None:
    duty = demo.window()
    sign_in(demo, duty, "maureen.tatlock@example.org", "/account/delegation")
    demo.inspect(duty, "people-21-away")
    duty.get_by_role("button", name="Save").click()
    demo.inspect(duty, "people-22-away-errors")
    duty.get_by_label("Who acts for you").select_option(label="Quentin Abbott, Sefton")
    fill_date(duty, "First day", "2026-11-23")
    fill_date(duty, "Last day", "2026-11-27")
    duty.get_by_role("button", name="Save").click()
    expect(duty.locator("main")).to_contain_text("Quentin Abbott acts for you")
    demo.inspect(duty, "people-23-named")
    Phone(demo, AMELIA).say("the escort hits him in the taxi")
    officer = demo.window()
    sign_in(demo, officer, "quentin.abbott@example.org", "/worries")
    expect(officer.locator("body")).to_contain_text("You are acting for Maureen Tatlock too.")
    expect(officer.locator("main table a")).to_have_count(1)
    demo.inspect(officer, "people-24-acting")


def test_organisations_are_registered_and_found(demo: Demo) -> None:
    lead = demo.window()
    sign_in(demo, lead, "farah.iqbal@example.org", "/organisations")
    demo.inspect(lead, "people-25-organisations")
    lead.get_by_role("button", name="Register a provider").click()
    lead.get_by_label("Name").fill("Gorse Hill Schools")
    lead.get_by_role("button", name="Save").click()
    demo.inspect(lead, "people-26-provider")
    lead.goto(f"{demo.url}/organisations?name=cumbria")
    lead.get_by_role("link", name="Cumbria", exact=True).click()
    expect(lead.locator("main")).to_contain_text("Followed by")
    demo.inspect(lead, "people-27-cumbria")
