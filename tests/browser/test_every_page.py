"""Every page that somebody can reach, as somebody of every role reaches it (WCAG 2.2 AA)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from channels.sandbox.answer import sms_in
from hub.demo.cast import seed_cast
from hub.migrations import upgrade
from hub.serving import open_front
from hub.wiring import open_house
from kernel.clock import FixedClock
from people.model import Role
from people.permissions import PERMISSIONS, Permission
from people.queries import persons_with_role
from people.web.guard import declared_access
from surveys.actions.start_survey import StartSurvey, start_survey
from surveys.queries import surveys_of
from tests.browser.demo_house import MONDAY, Demo, demo_settings, running_demo
from tests.browser.demo_people import Phone, sign_in
from tests.browser.walk import LEFT_ALONE, Walk, html_faults
from tools.docs import pages_of

STAFF = {
    Role.FORUM_COORDINATOR: "nadia.forster@example.org",
    Role.COMMISSIONER: "colin.baker@example.org",
    Role.LEAD_AUTHORITY: "farah.iqbal@example.org",
    Role.QA_OFFICER: "quentin.abbott@example.org",
    Role.SAFEGUARDING_DUTY: "maureen.tatlock@example.org",
    Role.AUDITOR: "gwen.ormerod@example.org",
    Role.ADMINISTRATOR: "ada.millward@example.org",
    Role.PROVIDER_USER: "priya.desai@example.org",
}
PARENTS = {"en": "+447700900101", "pl": "+447700900105", "ur": "+447700900108"}
PUBLIC = ("/", "/sign-in", "/sign-in/sent")
_FILE, _LATER = "a file, not a page", "its day has not come: the browser slice of its domain looks at it"
_ROUND_OVER = "no round of the demo has come to its end: tests/fps/applications looks at its letters and its list"
_NO_FACTOR = "nobody in the demo has a second factor: tests/browser/test_passkeys.py looks at it"
_NO_ROWS = "a list leads there, which has no rows for this role in the demo; other roles look at the same page"
_NOT_NAMED = "for those who are named to evaluate: commissioners look at the same page"
_MANAGERS = dict.fromkeys(
    (
        "people.access.leave",
        "people.access.show",
        "people.contacts.add",
        "people.places.edit",
        "people.profile.edit",
        "people.profile.end",
        "people.profile.give",
    ),
    "for those who manage people: they look at the same page",
)
NOT_HERE: dict[Role | None, dict[str, str]] = {
    None: {
        "authenticator.remove": _NO_FACTOR,
        "authenticator.renew_codes": _NO_FACTOR,
        "fps.concluding.listed": _ROUND_OVER,
        "fps.concluding.listed_csv": _FILE,
        "fps.evidence.file": _FILE,
        "fps.own_evidence_pieces.file": _FILE,
        "fps.own_sending.letter": _ROUND_OVER,
        "inbox.attachment": _FILE,
        "own_passkeys.new": _NO_FACTOR,
        "own_passkeys.remove": _NO_FACTOR,
        "people.contacts.confirm": _LATER,
        "people.merging.preview": _LATER,
        "people.own.confirm": _LATER,
        "qa_visits.visits.calendar_entry": _FILE,
        "qa_visits.answering.outcome": _LATER,
        "referrals.files.asked": _FILE,
        "second_factor.ask": _NO_FACTOR,
        "second_factor.recover": _NO_FACTOR,
        "second_factor.reset": _NO_FACTOR,
    },
    Role.ADMINISTRATOR: {"people.places.edit": _NO_ROWS},
    Role.AUDITOR: _MANAGERS,
    Role.COMMISSIONER: _MANAGERS
    | dict.fromkeys(("referrals.evaluating.score", "referrals.placements.sign"), _LATER)
    | dict.fromkeys(("referrals.opening.file", "referrals.preparing.file"), _FILE)
    | {
        "referrals.admitting.decide": "nobody has asked to let an answer in: tests/referrals/late looks at it",
        "referrals.notices.record": "no notice of the demo is due: tests/referrals/notices looks at it",
        "referrals.notices.sent": _FILE,
    },
    Role.LEAD_AUTHORITY: _MANAGERS
    | dict.fromkeys(("fps.evaluating.evaluate", "fps.evaluating.interest"), _NOT_NAMED)
    | dict.fromkeys(
        (
            "fps.framework_editing.drop_option",
            "fps.framework_editing.last_day_of_user",
            "fps.rounds.preview",
            "fps.evaluating.contract",
            "fps.evaluating.signed",
            "qa_visits.improvement_actions.one",
            "qa_visits.visits.one",
        ),
        _NO_ROWS,
    ),
    Role.PROVIDER_USER: _MANAGERS | {"qa_visits.own_actions.one": _NO_ROWS},
}
"""Views that a role cannot reach in the demo as it stands, and why; those under None no role can."""


@pytest.mark.parametrize("role", STAFF)
def test_every_page_of_a_role_can_be_used_by_everybody(demo: Demo, role: Role) -> None:
    _let_something_wait(demo)
    app = pages_of(open_front(demo.house))
    page = demo.window()
    sign_in(demo, page, STAFF[role])
    walk = Walk(page, demo.url, app)
    walk.from_here("/", "/search")
    _search(walk)
    if role is Role.ADMINISTRATOR:
        _read_a_file(walk)
    if role is Role.AUDITOR:
        _handle_requests(walk)
    if role in {Role.LEAD_AUTHORITY, Role.COMMISSIONER}:
        _look_at_decisions(walk)
    if role is Role.COMMISSIONER:
        _press_buttons_of_referrals(walk)
    assert not _faults(walk)
    missed = _views_of(app, role) - set(walk.reached) - set(NOT_HERE[None]) - set(NOT_HERE.get(role, ()))
    assert not missed, f"{sorted(missed)}: no link leads there, or the demo has nothing to show there"


def _search(walk: Walk) -> None:
    """Look at what the box in the header finds, and at what it says when it finds nothing."""
    for words in ("school", "nothing of that name"):
        walk.page.goto(f"{walk.url}/")
        walk.page.locator("#header-q").fill(words)
        walk.page.locator("#header-q").press("Enter")
        walk.page.wait_for_url("**/search**")
        walk.inspect(f"a search for {words}")


def _handle_requests(walk: Walk) -> None:
    """State a purpose for each rights request, and look at all that then opens."""
    walk.page.goto(f"{walk.url}/rights")
    links = walk.page.locator("main table a").evaluate_all("all => all.map((link) => link.getAttribute('href'))")
    for path in links:
        walk.page.goto(f"{walk.url}{path}/purpose")
        if walk.page.locator("main form input[type=radio]").count():
            walk.inspect(f"{path}/purpose")
            walk.page.locator("main form input[type=radio]").first.check()
            walk.page.locator("main form button").first.click()
            walk.page.wait_for_load_state()
        for part in ("purpose", "person", "records", "correct", "erase"):
            there = f"{path}/{part}"
            if walk.page.request.get(walk.url + there, max_redirects=0).ok:
                walk.look_at(there, walk.view_of(there) or "")


def _look_at_decisions(walk: Walk) -> None:
    """Look at settings that are suspended, leave or are paused by a council, and at all that can be done there."""
    for words in ("Gorse+Hill+Annexe", "Gorse+Hill+Works", "Fell+View+College"):
        walk.page.goto(f"{walk.url}/register?name={words}")
        path = walk.page.locator("main table a").first.get_attribute("href") or ""
        for link in walk.look_at(path, "fps.register_setting.one"):
            if link.startswith(f"{path}/"):
                walk.look_at(link, walk.view_of(link) or "")


def _press_buttons_of_referrals(walk: Walk) -> None:
    """Look at the pages of a referral to which its buttons lead, where no link does."""
    walk.page.goto(f"{walk.url}/commissioning/referrals")
    rows = walk.page.locator("main table a").evaluate_all("all => all.map((link) => link.getAttribute('href'))")
    for rule in walk.map.url_map.iter_rules():
        is_of_one = rule.arguments == {"referral_id"} and rule.rule.startswith("/commissioning/")
        if not is_of_one or "GET" not in (rule.methods or ()):
            continue
        for row in rows:
            path = rule.rule.replace("<referral_id>", urlsplit(row).path.split("/")[3])
            if walk.reached[rule.endpoint] or not walk.page.request.get(walk.url + path, max_redirects=0).ok:
                continue
            for link in walk.look_at(path, rule.endpoint):
                if link.startswith(f"{path}/") and not walk.reached[walk.view_of(link) or ""]:
                    walk.look_at(link, walk.view_of(link) or "")


def _read_a_file(walk: Walk) -> None:
    """Look at the faults of a sheet of people, and at what a good one would do."""
    person = "Iris Wood,Commissioner,Cheshire East,iris.wood@example.org"
    for name, row in (("faults", "Iris Wood,Wizard,Nowhere,none"), ("preview", person)):
        walk.page.goto(f"{walk.url}/people/import")
        sheet = f"Name,Role,Organisation,Email\n{row}\n".encode()
        walk.page.locator("#file").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": sheet})
        walk.page.get_by_role("button", name="Check the file").click()
        walk.page.wait_for_load_state()
        walk.inspect(f"the {name} of a sheet")
    walk.reached[walk.view_of(walk.page.url.removeprefix(walk.url)) or ""] += 1


@pytest.mark.parametrize("role", STAFF)
def test_every_page_says_what_to_do_where_there_is_nothing_yet(tmp_path: Path, browser: Browser, role: Role) -> None:
    path = tmp_path / "empty.db"
    _only_people(path)
    with running_demo(path, browser) as demo:
        page = demo.window()
        sign_in(demo, page, STAFF[role])
        walk = Walk(page, demo.url, pages_of(open_front(demo.house)))
        walk.from_here("/")
        assert not _faults(walk)


@pytest.mark.parametrize("language", ["en", "pl", "ur"])
def test_every_page_of_a_family_can_be_used_by_everybody(demo: Demo, language: str) -> None:
    _ask_families(demo)
    link = Phone(demo, PARENTS[language]).link()
    page = demo.window()
    page.goto(link)
    assert page.locator("html").get_attribute("lang") == language
    walk = Walk(page, demo.url, pages_of(open_front(demo.house)))
    walk.from_here(page.url.removeprefix(demo.url), *PUBLIC)
    assert not _faults(walk)


def _ask_families(demo: Demo) -> None:
    with demo.house.ground.work() as work:
        coordinator = persons_with_role(work.session, Role.FORUM_COORDINATOR)[0]
        forums = coordinator.organisations_as(Role.FORUM_COORDINATOR)
        ready = next(card for card in surveys_of(work.session, forums) if card.opened_at is None)
        start_survey(work, coordinator, StartSurvey(ready.id, work.now + timedelta(days=14)))
    demo.work()


def _let_something_wait(demo: Demo) -> None:
    question = "Who do I ask about a taxi to the new school?"
    for number, text in ((1, question), (2, "he hurt me")):
        sms_in(demo.house.inbox, f"+44770090010{number}", text)
    demo.later(seconds=1)


def _only_people(path: Path) -> None:
    house = open_house(demo_settings(path), clock=FixedClock(MONDAY))
    upgrade(house.ground.database)
    with house.ground.work() as work:
        seed_cast(work)
    house.close()


def _views_of(app: Flask, role: Role) -> set[str]:
    """Return the pages that a role may open."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.endpoint.startswith(LEFT_ALONE)
        and isinstance(access := declared_access(app.view_functions[rule.endpoint]), Permission)
        and access in PERMISSIONS[role]
    }


def _faults(walk: Walk) -> str:
    found = walk.faults + html_faults(walk.sent)
    return "\n".join(f"{count} times {fault}" for fault, count in Counter(found).most_common(60))
