from __future__ import annotations

import json
import time
from http import HTTPStatus
from typing import Final

import urllib3
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from urllib3.exceptions import HTTPError

from channels.findings import Finding, bad, good
from channels.slack.client import SlackClient
from channels.slack.receiver import PATH
from channels.slack.settings import SlackSettings

SCOPES: Final = frozenset(
    {
        "app_mentions:read",
        "chat:write",
        "commands",
        "im:write",
        "im:history",
        "channels:history",
        "groups:history",
        "metadata.message:read",
    }
)
"""What the app must be allowed; docs/slack-manifest.yaml says what each is for."""
_CHALLENGE = "co-production-hub"


def check_slack(settings: SlackSettings, hub_url: str, *, timeout_s: float = 8) -> list[Finding]:
    """Look whether Slack takes our posts with all that they need, and whether `hub_url` takes Slack's events."""
    return [*_token(settings, timeout_s), _loop(settings, hub_url, timeout_s)]


def _token(settings: SlackSettings, timeout_s: float) -> list[Finding]:
    title = "Slack app"
    client = SlackClient(settings.bot_token, settings.base_url, timeout_s=timeout_s, width=1)
    try:
        answer = client.auth_test()
    except SlackApiError as refused:
        return [bad(title, f"Slack refuses the bot token: {refused.response['error']}. Install the app anew.")]
    except HTTPError as error:
        return [bad(title, f"Slack cannot be reached: {type(error).__name__}. Check the way out to it.")]
    scopes = {scope.strip() for scope in str(answer.headers.get("X-Oauth-Scopes", "")).split(",")}
    found = [good(title, f"Slack knows the bot in the workspace {answer['team']}.")]
    if missing := sorted(SCOPES - scopes):
        found.append(bad("Slack permissions", f"The app lacks {', '.join(missing)}. Add them and install it anew."))
    else:
        found.append(good("Slack permissions", "The app has all that it needs."))
    return found


def _loop(settings: SlackSettings, hub_url: str, timeout_s: float) -> Finding:
    """Ask ourselves at the public address, signed as Slack signs, what Slack asks when it verifies an address."""
    title = "Slack events"
    body = json.dumps({"type": "url_verification", "challenge": _CHALLENGE})
    now = str(int(time.time()))
    signature = SignatureVerifier(settings.signing_secret).generate_signature(timestamp=now, body=body)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": signature or "",
    }
    try:
        with urllib3.PoolManager() as pool:
            answer = pool.request(
                "POST", hub_url + PATH, body=body, headers=headers, timeout=timeout_s, retries=False, redirect=False
            )
    except HTTPError as error:
        return bad(title, f"{hub_url} cannot be reached from here: {type(error).__name__}. Check HUB_BASE_URL.")
    if answer.status == HTTPStatus.OK and _CHALLENGE in answer.data.decode(errors="replace"):
        return good(title, f"Our public address takes signed events. Slack's request URL must be {hub_url}{PATH}.")
    return bad(title, f"Our own address answers {answer.status}. Does the proxy pass {PATH} on?")
