from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, request
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.adapter.flask.handler import to_bolt_request, to_flask_response
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier
from urllib3.exceptions import HTTPError

from channels.inbox.accept import Inbox
from channels.slack.arrivals import Press, from_command, from_event, from_form, presses
from channels.slack.blocks import UnfitError
from channels.slack.client import SlackClient, quiet_logger
from channels.slack.forms import form_view
from channels.slack.settings import SlackSettings
from people.web.guard import public

log = logging.getLogger(__name__)

PATH: Final = "/webhooks/slack"
ONE_MOMENT: Final = "One moment… The answer comes as a direct message."
_ANYTHING: Final = re.compile("")

FormOf = Callable[[str, str], Mapping[str, Any] | None]
"""Returns the neutral form that the button of a message opens, by message id and action; None if there is none."""


def slack_blueprint(
    inbox: Inbox, settings: SlackSettings, form_of: FormOf, *, now: Callable[[], float] = time.time
) -> Blueprint:
    """Return the one address to which Slack sends events, slash commands, pressed buttons and forms.

    All that a person says is in the inbox before Slack is answered; what cannot be stored is answered with an
    error, so that Slack sends it again. `now` tells the seconds since 1970 by which a request is too old.
    """
    front = SignatureVerifier(settings.signing_secret, _Clock(now))
    app = _bolt(_Listeners(inbox, settings, form_of), settings)
    blueprint = Blueprint("slack", __name__)

    @blueprint.post(PATH)
    @public("Slack signs what it sends")
    def receive() -> Response:
        request.max_content_length = settings.largest_request_bytes
        body = request.get_data()
        if not _is_signed(front, body):
            return Response(status=HTTPStatus.UNAUTHORIZED)
        return _dispatch(app)

    return blueprint


class _Clock(Clock):
    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now  # type: ignore[method-assign] # Slack's class has no other way to be told the time


def _is_signed(front: SignatureVerifier, body: bytes) -> bool:
    """Verify before anything is read of the body, which Bolt parses first and verifies then."""
    try:
        return front.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):  # a time that is no number, a body or a signature that is not text
        return False


def _dispatch(app: App) -> Response:
    try:
        asked: BoltRequest = to_bolt_request(request)
    except (ValueError, AttributeError):  # no JSON, or none of Slack's
        return Response(status=HTTPStatus.BAD_REQUEST)
    try:
        return to_flask_response(app.dispatch(asked))
    except BoltUnhandledRequestError:
        return Response(status=HTTPStatus.BAD_REQUEST)


def _bolt(listeners: _Listeners, settings: SlackSettings) -> App:
    """Return Bolt's app: it tells the kinds of requests apart. It asks nobody, at start or later, who we are."""
    app = App(
        name="hub",
        logger=quiet_logger(),
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        signing_secret=settings.signing_secret,
        request_verification_enabled=False,  # done in front, where a malformed body cannot come first
        ignoring_self_events_enabled=False,  # would need to ask Slack; events of bots are left out below
        authorize=_authorize,
    )
    app.error(_pass_on)
    app.event(_ANYTHING)(listeners.hear_event)
    app.command(_ANYTHING)(listeners.hear_command)
    app.action(_ANYTHING)(listeners.hear_press)
    app.view(_ANYTHING)(listeners.hear_form)
    app.view_closed(_ANYTHING)(_leave)
    app.shortcut(_ANYTHING)(_leave)
    return app


def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _pass_on(error: Exception) -> None:
    """Let the shell answer and log, as for any other page: Bolt would log what was said."""
    raise error


def _leave(ack: Ack) -> None:
    """Answer what asks for nothing: a closed form, a shortcut that some other version of the app once had."""
    ack()


class _Listeners:
    def __init__(self, inbox: Inbox, settings: SlackSettings, form_of: FormOf) -> None:
        self._inbox = inbox
        self._form_of = form_of
        self._client = SlackClient(
            settings.bot_token, settings.base_url, timeout_s=settings.form_timeout_s, width=settings.width
        )

    def hear_event(self, body: Mapping[str, Any]) -> None:
        arrival = from_event(body)
        if arrival is not None:
            self._inbox.accept(arrival)

    def hear_command(self, ack: Ack, command: Mapping[str, Any]) -> None:
        self._inbox.accept(from_command(command))
        ack(ONE_MOMENT, response_type="ephemeral")

    def hear_press(self, ack: Ack, body: Mapping[str, Any]) -> None:
        for press in presses(body):
            if not (press.opens_form and self._opens(press)):
                self._inbox.accept(press.arrival)
        ack()

    def hear_form(self, ack: Ack, body: Mapping[str, Any]) -> None:
        self._inbox.accept(from_form(body))
        ack()

    def _opens(self, press: Press) -> bool:
        """Open the form of a button. If there is none any more or it does not open, the press itself is heard."""
        arrival = press.arrival
        form = self._form_of(arrival.thread or "", arrival.action or "")
        if form is None:
            return False
        try:
            view = form_view(form, arrival.values["value"], arrival.thread or "")
            self._client.views_open(trigger_id=press.trigger_id, view=view)
        except (UnfitError, SlackApiError, HTTPError) as error:
            log.warning("slack form not opened", extra={"action": arrival.action, "error": type(error).__name__})
            return False
        return True
