import base64
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from tests.services.vendor.http import Request
from tests.services.vendor.state import KEPT_MESSAGES, Accepted, Reply, Tally, reply

PREFIX: Final = "/api/"
TEAM: Final = {"team": "Invented Council", "team_id": "T0INVENTED"}
BOT: Final = {"user_id": "U0HUB", "bot_id": "B0HUB", "app_id": "A0HUB"}
MAX_TEXT: Final = 40_000
MAX_LIMIT: Final = 999
SCOPES: Final = "chat:write,im:write,im:history,users:read"
# Slack reads a JSON body for the methods that write, a form alone for those that read.
FORM_ONLY: Final = frozenset({"conversations.history", "conversations.replies", "users.info"})
JSON_FIELDS: Final = ("blocks", "attachments", "metadata", "view")

Arguments = dict[str, Any]


class SlackError(Exception):
    """Slack's answer to a call it does not take: status 200 with this error word."""


class Slack:
    """The few methods of Slack's Web API that the product calls."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._channels: dict[str, dict[str, dict[str, Any]]] = {}
        self._last_us = 0
        self._methods: Mapping[str, Callable[[Arguments], dict[str, Any]]] = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.open": _open_conversation,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "views.open": self._open_view,
            "users.info": _user_info,
            "auth.test": _auth_test,
            "api.test": _api_test,
        }

    def forget(self) -> None:
        """Lose every message."""
        self._channels.clear()

    def call_of(self, request: Request) -> str | None:
        """Name the method; None if this is no path of Slack's that is imitated."""
        method = request.path.removeprefix(PREFIX)
        return method if request.path.startswith(PREFIX) and method in self._methods else None

    def answer(self, call: str, request: Request) -> Reply:
        """Answer one call."""
        try:
            given = _arguments(call, request)
            content = {"ok": True, **self._methods[call](given)}
        except SlackError as error:
            return reply(200, {"ok": False, "error": str(error)})
        accepted = Accepted(given["channel"], _mark(given)) if call == "chat.postMessage" else None
        return Reply(200, json.dumps(content).encode(), accepted, {"x-oauth-scopes": SCOPES})

    def _post(self, given: Arguments) -> dict[str, Any]:
        self._tally.keep_body("chat.postMessage", given)
        channel = _channel(given)
        _check_text(given)
        ts = self._fresh_ts()
        message = {
            "user": BOT["user_id"],
            "type": "message",
            "ts": ts,
            "bot_id": BOT["bot_id"],
            "app_id": BOT["app_id"],
            "text": given.get("text", ""),
            "team": TEAM["team_id"],
            **_given_of(given, "thread_ts", "blocks", "attachments", "metadata"),
        }
        kept = self._channels.setdefault(channel, {})
        kept[ts] = message
        if len(kept) > KEPT_MESSAGES:
            kept.pop(next(iter(kept)))
        return {"channel": channel, "ts": ts, "message": message}

    def _update(self, given: Arguments) -> dict[str, Any]:
        self._tally.keep_body("chat.update", given)
        channel = _channel(given)
        message = self._channels.get(channel, {}).get(str(given.get("ts")))
        if message is None:
            raise SlackError("message_not_found")
        _check_text(given)
        changed = _given_of(given, "text", "blocks", "attachments", "metadata")
        message.update(changed, edited={"user": BOT["user_id"], "ts": self._fresh_ts()})
        return {"channel": channel, "ts": message["ts"], "text": message["text"], "message": message}

    def _history(self, given: Arguments) -> dict[str, Any]:
        messages = self._channels.get(_channel(given), {})
        return _page(given, [m for m in reversed(messages.values()) if m.get("thread_ts") in (None, m["ts"])])

    def _replies(self, given: Arguments) -> dict[str, Any]:
        messages = self._channels.get(_channel(given), {})
        parent = str(given.get("ts"))
        if parent not in messages:
            raise SlackError("thread_not_found")
        return _page(given, [m for m in messages.values() if parent in (m["ts"], m.get("thread_ts"))])

    def _open_view(self, given: Arguments) -> dict[str, Any]:
        self._tally.keep_body("views.open", given)
        if not given.get("trigger_id"):
            raise SlackError("invalid_arguments")
        view = given.get("view")
        if not isinstance(view, dict) or not {"type", "title", "blocks"} <= view.keys():
            raise SlackError("invalid_arguments")
        token = secrets.token_hex(5).upper()
        own: dict[str, Any] = {
            "id": f"V{token}",
            "team_id": TEAM["team_id"],
            "app_id": BOT["app_id"],
            "bot_id": BOT["bot_id"],
            "state": {"values": {}},
            "hash": f"{int(time.time())}.{token}",
            "previous_view_id": None,
            "root_view_id": f"V{token}",
        }
        plain = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None}
        return {"view": {**plain, "clear_on_close": False, "notify_on_close": False, **view, **own}}

    def _fresh_ts(self) -> str:
        self._last_us = max(self._last_us + 1, time.time_ns() // 1000)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"


def _arguments(call: str, request: Request) -> Arguments:
    given: Arguments = dict(parse_qsl(request.query, keep_blank_values=True))
    if request.header(b"content-type").startswith("application/json"):
        if call not in FORM_ONLY:
            given |= _decoded(request.body or b"{}", "invalid_json")
    else:
        given |= request.form()
        given |= {name: _decoded(given[name], "invalid_arguments") for name in JSON_FIELDS if name in given}
    bearer = request.header(b"authorization").removeprefix("Bearer ")
    token = given.pop("token", "") or bearer
    if not token and call != "api.test":
        raise SlackError("not_authed")
    if token and not token.startswith("xox"):
        raise SlackError("invalid_auth")
    return given


def _decoded(written: bytes | str, error: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    try:
        return json.loads(written)
    except ValueError as fault:
        raise SlackError(error) from fault


def _mark(given: Arguments) -> str | None:
    metadata = given.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    mark = payload.get("attempt") if isinstance(payload, dict) else None
    return None if mark is None else str(mark)


def _given_of(given: Arguments, *names: str) -> Arguments:
    return {name: given[name] for name in names if name in given}


def _channel(given: Arguments) -> str:
    """Where a message to this channel lands: a message to a person lands in the conversation with them."""
    channel = str(given.get("channel", ""))
    if channel[:1] in ("U", "W"):
        return f"D{channel[1:]}"
    if channel[:1] not in ("C", "D", "G"):
        raise SlackError("channel_not_found")
    return channel


def _check_text(given: Arguments) -> None:
    if not (given.get("text") or given.get("blocks") or given.get("attachments")):
        raise SlackError("no_text")
    if len(given.get("text") or "") > MAX_TEXT:
        raise SlackError("msg_too_long")


def _page(given: Arguments, messages: list[dict[str, Any]]) -> dict[str, Any]:
    within = [message for message in messages if _is_within(given, message["ts"])]
    cursor = given.get("cursor")
    start = int(base64.b64decode(cursor).decode().removeprefix("next:")) if cursor else 0
    limit = min(int(given.get("limit") or 100), MAX_LIMIT)
    shown = within[start : start + limit]
    if not _is_true(given.get("include_all_metadata")):
        shown = [{name: value for name, value in message.items() if name != "metadata"} for message in shown]
    if len(within) <= start + limit:
        return {"messages": shown, "has_more": False, "pin_count": 0}
    following = base64.b64encode(f"next:{start + limit}".encode()).decode()
    return {"messages": shown, "has_more": True, "pin_count": 0, "response_metadata": {"next_cursor": following}}


def _is_within(given: Arguments, ts: str) -> bool:
    moment, oldest, latest = _micros(ts), given.get("oldest"), given.get("latest")
    if _is_true(given.get("inclusive")) and ts in (oldest, latest):
        return True
    return (not oldest or moment > _micros(oldest)) and (not latest or moment < _micros(latest))


def _micros(ts: str) -> int:
    seconds, _, part = str(ts).partition(".")
    return int(seconds) * 1_000_000 + int(part.ljust(6, "0")[:6])


def _is_true(value: object) -> bool:
    return str(value).lower() in ("1", "true")


def _open_conversation(given: Arguments) -> dict[str, Any]:
    if given.get("channel"):
        return {"channel": {"id": _channel(given)}}
    users = str(given.get("users", "")).split(",")
    if not all(user[:1] in ("U", "W") for user in users):
        raise SlackError("user_not_found")
    return {"channel": {"id": f"D{users[0][1:]}" if len(users) == 1 else f"G{'0'.join(u[1:] for u in users)}"}}


def _user_info(given: Arguments) -> dict[str, Any]:
    user = str(given.get("user", ""))
    if user[:1] not in ("U", "W"):
        raise SlackError("user_not_found")
    name = f"person-{user[1:].lower()}"
    zone = {"tz": "Europe/London", "tz_label": "Greenwich Mean Time", "tz_offset": 0}
    flags = {"deleted": False, "is_admin": False, "is_owner": False, "is_bot": False, "is_app_user": False}
    profile = {"real_name": name, "display_name": name, "email": f"{name}@example.org", "team": TEAM["team_id"]}
    own = {"id": user, "team_id": TEAM["team_id"], "name": name, "real_name": name, "updated": 0}
    return {"user": {**own, **zone, **flags, "profile": profile}}


def _auth_test(_given: Arguments) -> dict[str, Any]:
    own = {"url": "https://invented.slack.com/", "user": "hub", "is_enterprise_install": False}
    return {**own, **TEAM, "user_id": BOT["user_id"], "bot_id": BOT["bot_id"]}


def _api_test(given: Arguments) -> dict[str, Any]:
    if "error" in given:
        raise SlackError(str(given["error"]))
    return {"args": given}
