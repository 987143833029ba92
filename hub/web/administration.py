from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from channels.model import Channel, Rendered
from channels.render import Renderer
from channels.rules.segments import Segments, plain, segments
from channels.wording import MessageType
from channels.words import CHANNELS
from hub.actions.send_test_message import send_test_message
from hub.samples import sample_values
from hub.web.site import site
from kernel.errors import NotFoundError
from kernel.translation import LOCALES, is_rtl
from kernel.web import ground
from people.permissions import Permission
from people.queries import contact_points
from people.web.guard import current_actor, requires

pages = Blueprint("administration", __name__)

_STATE_TAGS = {"good": ("Good", "green"), "warning": ("Look at this", "yellow"), "bad": ("Does not work", "red")}
_NAMES = {code: Locale.parse(code).get_display_name("en") or code for code in LOCALES}
_TESTED = (Channel.SMS, Channel.EMAIL, Channel.SLACK)


@dataclass(frozen=True)
class Preview:
    """A message in one language, as each channel shows it, and what it costs as an SMS."""

    language: str
    name: str
    is_rtl: bool
    shown: Rendered
    sms: str
    cost: Segments


@pages.get("/administration")
@requires(Permission.ADMINISTER)
def overview() -> str:
    """Show what an administrator looks after."""
    return render_template("administration/overview.html")


@pages.get("/administration/channels")
@requires(Permission.ADMINISTER)
def channels() -> str:
    """Offer to look at every channel, and to send oneself a test message."""
    return _channels_page()


@pages.post("/administration/channels")
@requires(Permission.ADMINISTER)
def examine() -> str:
    """Look at the hub and at each channel, through its vendor; it takes some seconds and sends nothing."""
    return _channels_page(sections=site().examine())


@pages.post("/administration/test-message")
@requires(Permission.ADMINISTER)
def test_message() -> Response:
    """Send oneself a test message."""
    with ground().work() as work:
        message_id = send_test_message(work, current_actor(), request.form.get("to", ""))
    flash("The test message is on its way. This page says what becomes of it.")
    return redirect(url_for("history.one", message_id=message_id), code=303)


def _channels_page(**found: object) -> str:
    with ground().read() as session:
        own = [point for point in contact_points(session, current_actor().id) if point.channel in _TESTED]
    return render_template("administration/channels.html", points=own, names=CHANNELS, tags=_STATE_TAGS, **found)


@pages.get("/administration/messages")
@requires(Permission.ADMINISTER)
def message_types() -> str:
    """List every message that the hub can send, with what it costs as an SMS in each language."""
    shown = [
        (message, [(preview.name, preview.cost.count) for preview in _previews(message)])
        for message in sorted(site().messages, key=lambda message: message.key)
    ]
    return render_template("administration/messages.html", messages=shown, languages=[_NAMES[each] for each in LOCALES])


@pages.get("/administration/messages/<key>")
@requires(Permission.ADMINISTER)
def message_type(key: str) -> str:
    """Show one message in each language as each channel shows it, with invented values."""
    if key not in site().messages:
        raise NotFoundError
    message = site().messages[key]
    pence = site().sms_pence
    return render_template("administration/message.html", message=message, previews=_previews(message), pence=pence)


def _previews(message: MessageType) -> list[Preview]:
    here = ground()
    renderer = Renderer(here.translations, here.base_url, here.keys)
    values: Mapping[str, object] = sample_values(message, here.clock.now())
    return [_preview(renderer.render(message, values, language), language) for language in LOCALES]


def _preview(shown: Rendered, language: str) -> Preview:
    sms = plain(shown.short)
    return Preview(language, _NAMES[language], is_rtl(language), shown, sms, segments(sms))
