from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import Final

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProxyError

from channels.model import Outcome, OutcomeKind
from channels.slack.client import UNREADABLE

WAIT_S: Final = 30.0
"""How long to wait where Slack asks to wait and does not say how long."""
OPERATOR_PAUSE_S: Final = 300.0
"""How long everything for Slack rests when only an operator can mend it."""

_BUSY: Final = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_PERHAPS: Final = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "timeout", UNREADABLE}
)
_MOVING: Final = frozenset({"team_added_to_org", "accesslimited"})
_OPERATOR: Final = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
_TLS_CERTIFICATE: Final = "Slack's certificate is not trusted"


def refused(status: int, error: str, retry_after: str | None) -> Outcome:
    """Return what a no from Slack means for a post: `error` is its word, `retry_after` the header.

    Slack tells of a token that no longer works in the same way as of a channel that is gone. The first is no fault
    of the message: it waits for an operator. An error of Slack's own leaves open whether the post was made.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS or error in _BUSY:
        wait = _seconds(retry_after)
        return Outcome(OutcomeKind.RETRY, detail=error or "ratelimited", retry_after_s=wait, pause_s=wait)
    if error in _OPERATOR:
        detail = f"Slack does not let the hub in: {error}"
        return Outcome(OutcomeKind.RETRY, detail=detail, retry_after_s=OPERATOR_PAUSE_S, pause_s=OPERATOR_PAUSE_S)
    if error in _MOVING:
        return Outcome(OutcomeKind.RETRY, detail=error, retry_after_s=WAIT_S, pause_s=WAIT_S)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or error in _PERHAPS:
        return Outcome(OutcomeKind.UNKNOWN, detail=f"{status} {error}")
    return Outcome(OutcomeKind.FAILED, detail=error)


def broken(error: HTTPError) -> Outcome:
    """Return what a failed line means for a post: not sent if there never was a connection, else nobody knows."""
    detail = type(error).__name__
    if isinstance(error, NewConnectionError | ConnectTimeoutError | ProxyError):
        return Outcome(OutcomeKind.RETRY, detail=detail)
    if _is_untrusted(error):
        return Outcome(OutcomeKind.RETRY, detail=_TLS_CERTIFICATE, pause_s=OPERATOR_PAUSE_S)
    return Outcome(OutcomeKind.UNKNOWN, detail=detail)


def _is_untrusted(error: HTTPError) -> bool:
    is_tls = isinstance(error, urllib3.exceptions.SSLError)
    return is_tls and any(isinstance(cause, ssl.SSLCertVerificationError) for cause in error.args)


def _seconds(retry_after: str | None) -> float:
    text = (retry_after or "").strip()
    return float(text) if text.isascii() and text.isdigit() else WAIT_S
