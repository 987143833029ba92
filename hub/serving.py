from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress
from flask import Blueprint
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import fps.web
import people.web
import qa_visits.web
import referrals.web
import surveys.web
from channels.email.webhook import EmailWebhook
from channels.forms import Forms
from channels.slack.receiver import slack_blueprint
from channels.sms.settings import STATUS_PATH
from channels.sms.webhook import SmsStatusWebhook, SmsWebhook
from fps.web import open_data
from hub.adapters import email_settings, slack_settings, twilio_settings
from hub.bodies import let_large_bodies_in
from hub.doctor import examine
from hub.health import health_pages
from hub.keyring import is_this_machine
from hub.personal_data import PERSON_DATA
from hub.places import PLACES
from hub.row_security import rls_warnings
from hub.searches import SEARCHES
from hub.settings import Settings
from hub.subjects import FINDERS, GATES, READERS
from hub.web.app import create_app
from hub.web.branding import Branding, checked_colour
from hub.web.headers import for_doors
from hub.web.site import Sandbox, Site
from hub.wiring import House
from kernel.errors import ConfigurationError, InvalidInputError
from people.model import SessionLimits
from people.queries.branding import look_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_MOST_CONNECTIONS = 1000
_LARGEST_BODY = 6_000_000
_AROUND_A_FILE = 200_000
_TURN_S = 0.0005


@dataclass(frozen=True)
class Front:
    """The way in from outside: the hot webhooks are answered before Flask, everything else by it."""

    app: WSGIApplication
    doors: Mapping[str, WSGIApplication]
    headers: Sequence[tuple[str, str]] = ()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        door = self.doors.get(environ["PATH_INFO"])
        if door is None:
            return self.app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *args: Any) -> Any:  # noqa: ANN401 - as WSGI has it
            return start_response(status, [*headers, *self.headers], *args)

        return door(environ, start)


def open_front(house: House) -> Front:
    """Return everything that the hub shows and hears over HTTP."""
    settings = house.settings
    doors: dict[str, WSGIApplication] = {}
    if settings.has_twilio:
        twilio = twilio_settings(settings)
        doors["/webhooks/sms"] = SmsWebhook(twilio, house.inbox)
        doors[STATUS_PATH] = SmsStatusWebhook(twilio, house.ground)
    if settings.email_webhook_secrets:
        doors["/webhooks/email"] = EmailWebhook(email_settings(settings), house.inbox, house.ground)
    return Front(create_app(house.ground, _site(house)), doors, for_doors(is_https=_is_https(settings)))


def _is_https(settings: Settings) -> bool:
    return settings.base_url.startswith("https://")


LINK_PAGES = {
    "hub.sign_in": "sign_in.confirm",
    "surveys.answer": "surveys.answering.show",
    "people.details": "people.family.show",
    "people.invitation": "invitations.confirm",
    "fps.round_contact": "fps.taking_part.by_link",
}
"""Which page serves a link, by the purpose of its grant."""


def _site(house: House) -> Site:
    settings = house.settings
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    return Site(
        messages=house.messages,
        inbox=house.inbox,
        branding=_branding(settings),
        contact_email=settings.contact_email,
        keep_months=settings.keep_months,
        is_https=_is_https(settings),
        sandbox=_sandbox(house),
        limits_url=settings.redis_url,
        proxies=settings.proxies,
        session_limits=_session_limits(settings),
        second_factor=settings.second_factor,
        identity_providers=settings.identity_providers,
        pages=(
            surveys.web.blueprint(),
            referrals.web.blueprint(),
            fps.web.blueprint(),
            qa_visits.web.blueprint(),
            people.web.blueprint(PERSON_DATA),
            people.web.delegation_pages(),
            health_pages(
                house.metrics, token, lambda: _queue_answers(house), is_local=is_this_machine(settings.base_url)
            ),
        ),
        webhooks=_slack(house),
        menu=PLACES,
        link_pages=LINK_PAGES,
        readers=READERS,
        gates=GATES,
        finders=FINDERS,
        examine=lambda: examine(house),
        own_branding=own_branding,
        sms_pence=settings.sms_pence,
        searches=SEARCHES,
        api_per_minute=settings.api_per_minute,
        webhook_inside=tuple(settings.webhook_inside),
    )


def _branding(settings: Settings) -> Branding:
    try:
        colour = checked_colour(settings.brand_colour)
    except InvalidInputError as error:
        raise ConfigurationError("HUB_BRAND_COLOUR: {why}", why=str(error)) from error
    return Branding(settings.product_name, colour, settings.brand_council)


def _session_limits(settings: Settings) -> SessionLimits:
    return SessionLimits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))


def own_branding(session: Session, organisation_id: str) -> Branding | None:
    """Read how the hub presents itself to those of an organisation's council."""
    look = look_of(session, organisation_id)
    return Branding(look.name, look.colour, look.council) if look else None


def _sandbox(house: House) -> Sandbox:
    if not house.settings.sandbox:
        return Sandbox.OFF
    return Sandbox.BESIDE_REAL if house.settings.has_real_channels else Sandbox.ALONE


def _slack(house: House) -> tuple[Blueprint, ...]:
    if not house.settings.has_slack:
        return ()
    forms = Forms(house.ground, house.messages, house.renderer)
    return (slack_blueprint(house.inbox, slack_settings(house.settings), forms.form_of),)


def _queue_answers(house: House) -> bool:
    if house.redis is None:
        return True
    try:
        return bool(house.redis.ping())
    except RedisError:
        return False


def serve_web(house: House) -> None:
    """Serve the web until told to stop by SIGTERM or SIGINT; what is under way then is finished first."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    _warn_of_open_rows(house)
    listen(open_front(house), house.settings)


def _warn_of_open_rows(house: House) -> None:
    """Log why the database would not keep organisations apart; that it is away now is seen when it is asked."""
    try:
        with house.ground.read() as session:
            for why in rls_warnings(session):
                log.warning("row-level security does not hold", extra={"why": why})
    except SQLAlchemyError as error:
        log.warning("row-level security not looked at", extra={"error": type(error).__name__})


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End the server's loop, and let whoever called it put everything down in good order."""
    raise SystemExit


def listen(front: Front, settings: Settings, *, port: int | None = None) -> None:
    """Listen on the settings' address, or on another port of it, until told to stop."""
    # a thread that comes back from the database waits for the others' turn to end: 5 ms by default, a whole commit
    sys.setswitchinterval(_TURN_S)
    let_large_bodies_in({open_data.UPLOAD_PATH: open_data.MOST_BYTES + 1})
    waitress.serve(
        front,
        host=settings.host,
        port=port or settings.port,
        threads=settings.threads,
        connection_limit=_MOST_CONNECTIONS,
        max_request_body_size=max(_LARGEST_BODY, settings.upload_mb * 1_000_000 + _AROUND_A_FILE),
        ident=None,
        clear_untrusted_proxy_headers=False,  # /metrics must see that there are some; only HUB_PROXIES believes them
    )
