from __future__ import annotations

from dataclasses import replace

from flask import Flask

from channels.findings import Finding, State
from channels.inbox.accept import Inbox
from channels.slack.check import SCOPES, check_slack
from channels.slack.receiver import slack_blueprint
from channels.slack.settings import SlackSettings
from kernel.work import Ground
from tests.channels.slack.test_set_up import items
from tests.services.served import served
from tests.services.vendor import VendorStub

NOWHERE = "http://127.0.0.1:1"
TEAM = {"ok": True, "team": "Invented", "user_id": "U1", "bot_id": "B1"}


def _told(vendor: VendorStub) -> SlackSettings:
    return SlackSettings("xoxb-invented", "a secret for Slack", base_url=vendor.slack_url)


def _of(found: list[Finding], title: str) -> tuple[State, str]:
    return next((finding.state, finding.text) for finding in found if finding.title == title)


def test_what_is_checked_for_is_what_the_manifest_asks_for() -> None:
    assert items("bot") == SCOPES


def test_a_token_with_all_its_permissions_is_good(vendor: VendorStub) -> None:
    vendor.fail_next(status=200, content=TEAM, headers={"x-oauth-scopes": ",".join(SCOPES)}, call="auth.test")
    found = check_slack(_told(vendor), NOWHERE, timeout_s=2)
    assert _of(found, "Slack app") == (State.GOOD, "Slack knows the bot in the workspace Invented.")
    assert _of(found, "Slack permissions")[0] is State.GOOD


def test_a_missing_permission_is_named(vendor: VendorStub) -> None:
    scopes = ", ".join(SCOPES - {"im:write"})
    vendor.fail_next(status=200, content=TEAM, headers={"x-oauth-scopes": scopes}, call="auth.test")
    state, text = _of(check_slack(_told(vendor), NOWHERE, timeout_s=2), "Slack permissions")
    assert state is State.BAD
    assert text.startswith("The app lacks im:write.")


def test_a_token_that_was_taken_back_is_told(vendor: VendorStub) -> None:
    vendor.fail_next(status=200, content={"ok": False, "error": "token_revoked"}, call="auth.test")
    state, text = _of(check_slack(_told(vendor), NOWHERE, timeout_s=2), "Slack app")
    assert state is State.BAD
    assert "token_revoked" in text


def test_no_answer_at_all_is_told(vendor: VendorStub) -> None:
    told = replace(_told(vendor), base_url=f"{NOWHERE}/api/")
    assert [finding.state for finding in check_slack(told, NOWHERE, timeout_s=2)] == [State.BAD, State.BAD]


def test_our_own_address_takes_events_signed_as_slack_signs(vendor: VendorStub, ground: Ground) -> None:
    told = _told(vendor)
    inbox = Inbox(ground)
    app = Flask("front")
    app.register_blueprint(slack_blueprint(inbox, told, lambda _message, _action: None))
    with served(app) as url:
        good = _of(check_slack(told, url), "Slack events")
        forged = _of(check_slack(replace(told, signing_secret="another"), url), "Slack events")
    inbox.close()
    assert good == (
        State.GOOD,
        f"Our public address takes signed events. Slack's request URL must be {url}/webhooks/slack.",
    )
    assert forged[0] is State.BAD
