"""A program of a council that begins drafts of referrals and reads how they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from people.actions.decide_api_token import decide_api_token
from people.actions.issue_api_token import IssueApiToken, issue_api_token
from people.api_scopes import ApiScope
from people.model import Actor, Role
from tests.fps.world import member
from tests.hub.api.conftest import LAST_DAY
from tests.hub.api.program import Program, program
from tests.referrals.world import World

SCOPES = (ApiScope.REFERRALS_READ, ApiScope.REFERRALS_WRITE)


@dataclass(frozen=True)
class CaseSystem:
    """A program of a council that begins drafts, and the commissioner who approved it."""

    asks: Program
    token_id: str
    approver: Actor
    lot_id: str
    body: Mapping[str, Any] = field(default_factory=dict)

    def send(self, body: Mapping[str, Any] | None = None, key: str | None = "a-key", **headers: str) -> TestResponse:
        """Send a draft."""
        shown = {"Authorization": f"Bearer {self.asks.token}", **({"Idempotency-Key": key} if key else {}), **headers}
        return self.asks.client.post("/api/v1/referrals", json=self.body if body is None else body, headers=shown)


def case_system(app: Flask, world: World, approver: Actor, *scopes: ApiScope) -> CaseSystem:
    """Give a program of the approver's council a token that they approve, by default to read and to write."""
    council_id = approver.roles[0].organisation_id
    with world.ground.work() as work:
        administrator = member(work, f"Ada {uuid4().hex}", Role.ADMINISTRATOR, council_id)
        wanted = IssueApiToken(council_id, "Cases", scopes or SCOPES, LAST_DAY)
        issued = issue_api_token(work, administrator, wanted)
    with world.ground.work() as work:
        decide_api_token(work, approver, issued.id, is_approved=True)
    lot_id = world.register.lots[0].id
    body = {
        "lot_id": lot_id,
        "age_band": "8-11",
        "year_group": "Year 5",
        "need_area": "social_emotional_and_mental_health",
        "outcomes": "Settles in a small class.",
        "travel_zone": "Within ten miles",
        "starts_from": "2027-01-04",
        "starts_until": "2027-02-15",
        "weekly_hours": 20,
        "is_protected": True,
    }
    return CaseSystem(program(app, issued.secret), issued.id, approver, lot_id, body)
