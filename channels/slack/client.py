from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import proxy_bypass

import urllib3
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

UNREADABLE = "unreadable_answer"


def quiet_logger() -> logging.Logger:
    """Return a logger for Slack's SDKs that keeps bodies out of the logs: they write them at the level DEBUG."""
    logger = logging.getLogger("channels.slack.sdk")
    logger.setLevel(logging.WARNING)
    return logger


class SlackClient(WebClient):
    """Slack's own client over connections and a TLS context that are kept; the SDK makes both anew for each call.

    It never tries a call again by itself: a post whose answer was lost may have arrived, and whoever posts finds
    that out first. Besides SlackApiError its calls raise urllib3's HTTPError when the line fails.
    """

    def __init__(self, token: str, base_url: str, *, timeout_s: float, width: int) -> None:
        super().__init__(token=token, base_url=base_url, logger=quiet_logger(), retry_handlers=[])
        self._timeout_s = timeout_s
        self._pool = _pool(base_url, self.proxy, width)

    def api_call(
        self,
        api_method: str,
        *,
        http_verb: str = "POST",
        files: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        headers: dict[str, Any] | None = None,
        auth: dict[str, Any] | None = None,
    ) -> SlackResponse:
        """Call a method of the Web API and return its answer; raises SlackApiError where Slack says no."""
        if files or data or auth:
            # Uploads and OAuth, which the hub does not use: Slack's own way, one connection a call.
            return super().api_call(
                api_method, http_verb=http_verb, files=files, data=data, params=params, headers=headers, auth=auth
            )
        body, content_type = _encoded(params, json)
        own = {"Authorization": f"Bearer {self.token}", "Content-Type": content_type}
        response = self._post(f"{self.base_url}{api_method}", body, {**self.headers, **own, **(headers or {})})
        response.validate()  # type: ignore[no-untyped-call] # Slack's SDK leaves it untyped
        return response

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> SlackResponse:
        """Post, as Slack takes it for every method; header names come back in one spelling ("Retry-After")."""
        answer = self._pool.request(
            "POST", url, body=body, headers=headers, retries=False, redirect=False, timeout=self._timeout_s
        )
        return SlackResponse(
            client=self,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=_read(answer.data),
            headers={name.title(): value for name, value in answer.headers.items()},
            status_code=answer.status,
        )


def _pool(base_url: str, proxy: str | None, width: int) -> urllib3.PoolManager:
    context = ssl.create_default_context()
    if proxy and not proxy_bypass(urlsplit(base_url).hostname or ""):
        return urllib3.ProxyManager(proxy, maxsize=width, ssl_context=context)
    return urllib3.PoolManager(maxsize=width, ssl_context=context)


def _encoded(params: Mapping[str, Any] | None, content: Mapping[str, Any] | None) -> tuple[bytes, str]:
    if content is not None:
        return json.dumps(content).encode(), "application/json;charset=utf-8"
    given = {name: _form_value(value) for name, value in (params or {}).items() if value is not None}
    return urlencode(given).encode(), "application/x-www-form-urlencoded"


def _form_value(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


def _read(body: bytes) -> dict[str, Any]:
    """Return the answer; what is not Slack's JSON (a proxy's error page) counts as an error of its own."""
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    return read if isinstance(read, dict) else {"ok": False, "error": UNREADABLE}
