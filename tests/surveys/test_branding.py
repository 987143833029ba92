"""A family sees the name and the colour of the council whose survey it was asked to answer."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from channels.inbox.accept import Inbox
from hub.web.app import create_app
from hub.web.branding import Branding
from hub.web.site import Site
from kernel.work import Ground
from people.queries import council_of
from surveys.web import blueprint
from tests.surveys.forum_world import REGISTRY, ForumWorld

OWN = Branding("Seaborough Together", "#5a0b3f", "Seaborough Council")


def _app(ground: Ground, branded: ForumWorld) -> Flask:
    def own(session: Session, organisation_id: str) -> Branding | None:
        council = council_of(session, organisation_id)
        return OWN if council and council.id == branded.council_id else None

    links = {"surveys.answer": "surveys.answering.show"}
    site = Site(messages=REGISTRY, inbox=Inbox(ground), pages=(blueprint(),), link_pages=links, own_branding=own)
    return create_app(ground, site)


def test_a_survey_looks_like_the_council_of_its_forum(ground: Ground, world: ForumWorld) -> None:
    client = _app(ground, world).test_client()
    for each, is_own in ((world, True), (ForumWorld(ground), False)):
        each.add_parents("en")
        each.started()
        page = client.get(each.link_of(each.parents[0]), follow_redirects=True).text
        assert (OWN.name in page, "5a0b3f.css" in page) == (is_own, is_own)
