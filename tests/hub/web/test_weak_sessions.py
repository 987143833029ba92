"""What a session without a second factor does not reach, and does not hand on to one that has it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

import people.web
from channels.sandbox.answer import sms_in
from hub.web.app import create_app
from hub.web.site import Site
from kernel.clock import FixedClock
from kernel.work import Ground
from people.permissions import PERMISSIONS, STRONG, Permission, may
from people.queries import person
from people.queries.delegation import acting
from people.tables import InvitationRow
from tests.hub.web.factor_walk import ASK, enrol, send
from tests.hub.web.test_second_factor import weak
from tests.hub.web.village import PARENT_PHONE, Post, Village, token_on


@pytest.fixture
def app(ground: Ground, site: Site) -> Flask:
    pages = (people.web.blueprint(), people.web.delegation_pages())
    return create_app(ground, replace(site, second_factor=True, pages=pages))


def _days(village: Village) -> dict[str, object]:
    return {
        "delegate": f"{village.web_reader}:{village.council}",
        "starts_on": ["23", "11", "2026"],
        "ends_on": ["30", "11", "2026"],
    }


def test_everything_but_ones_own_account_and_inbox_asks_for_a_second_factor() -> None:
    assert set(Permission) - STRONG == {Permission.OWN_ACCOUNT, Permission.OWN_INBOX}


def test_invites_no_administrator(app: Flask, village: Village, ground: Ground, clock: FixedClock) -> None:
    phone, _ = enrol(weak(app, village.administrator), clock)
    client = weak(app, village.administrator)
    token = token_on(client, ASK)
    new = {"csrf_token": token, "name": "Nora Kelly", "email": "nora@example.org"}
    role = f"administrator:{village.council}"
    answer = client.post("/people/invite", data={**new, "role": role})
    assert answer.headers["Location"].startswith("/second-factor")
    with ground.read() as session:
        assert session.scalars(select(InvitationRow.role)).all() == []
    send(client, ASK, code=phone.next_code())
    client.post("/people/invite", data={**new, "role": role, "csrf_token": token_on(client, "/people/invite")})
    with ground.read() as session:
        assert session.scalars(select(InvitationRow.role)).all() == ["administrator"]


def test_hands_over_no_role_that_asks_for_more(app: Flask, village: Village, ground: Ground, clock: FixedClock) -> None:
    phone, _ = enrol(weak(app, village.duty_officer), clock)
    client = weak(app, village.duty_officer)

    def stands_in() -> bool:
        with ground.read() as session:
            actor = acting(session, person(session, village.web_reader), clock.now())
        return may(actor, Permission.WORRIES_READ)

    for is_handed_over in (False, True):
        answer = client.post(
            "/account/delegation", data={**_days(village), "csrf_token": token_on(client, "/account/delegation")}
        )
        assert answer.headers["Location"].startswith("/second-factor") is not is_handed_over
        assert stands_in() is is_handed_over
        if not is_handed_over:
            send(client, ASK, code=phone.next_code())


def test_reads_no_words_of_families(app: Flask, site: Site, post: Post, village: Village, clock: FixedClock) -> None:
    sms_in(site.inbox, PARENT_PHONE, "My son Tom Hart of 4 Mill Lane, what is his plan?")
    post.hear()
    enrol(weak(app, village.coordinator), clock)
    client = weak(app, village.coordinator)
    for page in ("/messages", "/questions"):
        answer = client.get(page)
        assert answer.status_code == 303
        assert "Tom Hart" not in answer.text


def test_whoever_works_here_needs_one() -> None:
    needing = {role for role, permissions in PERMISSIONS.items() if permissions & STRONG}
    assert len(needing) == len(PERMISSIONS) - 2, "all but families and young people"
