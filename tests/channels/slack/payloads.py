"""What Slack sends, in the shapes of its documentation, with invented people."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

TEAM = "T0INVENTED"
APP = "A0HUB"
BOT = "U0HUB"
OFFICER = "U012OFFICER"
DIRECT = "D012OFFICER"
SHARED = "C012VISITS"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Sent = tuple[str, str]
"""A body and its content type."""


def event(event: dict[str, Any], event_id: str = "Ev012ONE", **more: object) -> Sent:
    wrapped = {
        "token": "an old way to verify",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": 1795428000,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-invented",
        **more,
    }
    return json.dumps(wrapped), JSON


def direct_message(text: str, event_id: str = "Ev012ONE", **more: object) -> Sent:
    told = {
        "client_msg_id": "d8b1a2f2-0000-4000-8000-invented0000",
        "type": "message",
        "text": text,
        "user": OFFICER,
        "ts": "1795428000.000100",
        "team": TEAM,
        "channel": DIRECT,
        "event_ts": "1795428000.000100",
        "channel_type": "im",
        **more,
    }
    return event(told, event_id)


def mention(text: str, event_id: str = "Ev012TWO", **more: object) -> Sent:
    told = {
        "type": "app_mention",
        "user": OFFICER,
        "text": text,
        "ts": "1795428000.000200",
        "team": TEAM,
        "channel": SHARED,
        "event_ts": "1795428000.000200",
        **more,
    }
    return event(told, event_id)


def command(text: str, trigger_id: str = "398738663015.47445629121.invented", name: str = "/hub") -> Sent:
    told = {
        "token": "an old way to verify",
        "team_id": TEAM,
        "team_domain": "invented-council",
        "channel_id": SHARED,
        "channel_name": "visits",
        "user_id": OFFICER,
        "user_name": "officer",
        "command": name,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": f"https://hooks.slack.com/commands/{TEAM}/397700885554/invented",
        "trigger_id": trigger_id,
    }
    return urlencode(told), FORM


def interaction(told: dict[str, Any]) -> Sent:
    own = {
        "user": {"id": OFFICER, "username": "officer", "name": "officer", "team_id": TEAM},
        "api_app_id": APP,
        "token": "an old way to verify",
        "team": {"id": TEAM, "domain": "invented-council"},
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "12466734323.1395872398.invented",
    }
    return urlencode({"payload": json.dumps({**own, **told})}), FORM


def press(button: dict[str, Any], action_ts: str = "1795428100.123456", **more: object) -> Sent:
    pressed = {"type": "button", "block_id": "AbC1", "action_ts": action_ts, **button}
    told = {
        "type": "block_actions",
        "container": {
            "type": "message",
            "message_ts": "1795428000.000300",
            "channel_id": DIRECT,
            "is_ephemeral": False,
        },
        "channel": {"id": DIRECT, "name": "directmessage"},
        "message": {
            "bot_id": "B0HUB",
            "type": "message",
            "text": "A visit is planned",
            "user": BOT,
            "ts": "1795428000.000300",
            "team": TEAM,
            "blocks": [{"type": "actions", "block_id": "AbC1", "elements": [button]}],
        },
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{TEAM}/invented",
        "actions": [pressed],
        **more,
    }
    return interaction(told)


def submission(view: dict[str, Any], values: dict[str, Any], view_id: str = "V012VIEW") -> Sent:
    told = {
        "type": "view_submission",
        "view": {
            "id": view_id,
            "type": "modal",
            "team_id": TEAM,
            "state": {"values": values},
            "hash": "1795428200.Invented",
            "previous_view_id": None,
            "root_view_id": view_id,
            "app_id": APP,
            "external_id": "",
            "app_installed_team_id": TEAM,
            "bot_id": "B0HUB",
            **view,
        },
        "response_urls": [],
    }
    return interaction(told)
