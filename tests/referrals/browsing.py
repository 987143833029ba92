"""What tests of the pages share: browsers that are signed in, and forms as they are filled in."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from people.model import Actor
from referrals.tables import RecipientRow
from tests.referrals.world import World
from tests.signed_in import let_in

WRITTEN: Mapping[str, Any] = {
    "age_band": "8-11",
    "year_group": "Year 5",
    "gender": "",
    "need_area": "communication_and_interaction",
    "outcomes": "Learns to ask for a break.",
    "risk_wording": "",
    "travel_zone": "Within 45 minutes",
    "starts_from": ["4", "1", "2027"],
    "starts_until": ["26", "2", "2027"],
    "weekly_hours": "",
    "is_protected": "no",
}
OFFERED: Mapping[str, Any] = {
    "kind": "offer",
    "starts_on": ["11", "1", "2027"],
    "education": "40000",
    "care": "",
    "therapy": "",
    "transport": "8000",
    "decline_code": "",
    "words": "",
}


def browser(app: Flask, actor: Actor) -> FlaskClient:
    """Return a browser in which somebody is signed in."""
    client = app.test_client()
    let_in(client, actor.id)
    return client


def words(page: TestResponse) -> str:
    """Return what a reader sees, without markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def recipient_id(world: World, number: int) -> str:
    """Return the recipient of a provider's setting."""
    with world.ground.read() as session:
        rows = select(RecipientRow.id).where(RecipientRow.setting_id == world.settings[number])
        return session.scalars(rows).one()
