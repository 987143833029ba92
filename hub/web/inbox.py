from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from channels.actions.mark_read import mark_read
from channels.model import Arrival, Attachment, ButtonShown, Channel, Rendered
from channels.queries import InboxItem, web_inbox
from channels.render import Renderer
from hub.web.site import site
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission
from people.queries import contact_points
from people.web.guard import current_actor, requires

pages = Blueprint("inbox", __name__)

_FIELD = "field."


@dataclass(frozen=True)
class Shown:
    """A message of the inbox in the words of its reader's language."""

    id: str
    at: datetime
    is_read: bool
    language: str
    rendered: Rendered
    attachments: tuple[Attachment, ...]


def _shown(item: InboxItem, actor: Actor) -> Shown:
    stands_on = ground()
    renderer = Renderer(stands_on.translations, stands_on.base_url, stands_on.keys)
    rendered = renderer.render(site().messages[item.key], item.values, actor.language)
    return Shown(item.id, item.at, item.is_read, actor.language, rendered, item.attachments)


def _own(actor: Actor) -> list[InboxItem]:
    with ground().read() as session:
        return web_inbox(session, actor.id)


def _one(actor: Actor, message_id: str) -> InboxItem:
    for item in _own(actor):
        if item.id == message_id:
            return item
    raise NotFoundError


@pages.get("/inbox")
@requires(Permission.OWN_INBOX)
def messages() -> str:
    """Show a person the messages that they get on the web; what they see counts as read from then on."""
    actor = current_actor()
    shown = [_shown(item, actor) for item in _own(actor)]
    if any(not item.is_read for item in shown):
        with ground().work() as work:
            mark_read(work, actor.id)
    return render_template("inbox/messages.html", items=shown)


@pages.get("/inbox/<message_id>/<int:number>")
@requires(Permission.OWN_INBOX)
def attachment(message_id: str, number: int) -> Response:
    """Hand out a file that came with a message, always as a download."""
    item = _one(current_actor(), message_id)
    if number >= len(item.attachments):
        raise NotFoundError
    return download(item.attachments[number])


@pages.post("/inbox/<message_id>/press")
@requires(Permission.OWN_INBOX)
def press(message_id: str) -> AnyResponse:
    """Take a pressed button or a sent form to where all channels bring theirs."""
    actor = current_actor()
    item = _one(actor, message_id)
    shown = _shown(item, actor).rendered.buttons
    number = request.form.get("button", type=int)
    if number is None or not 0 <= number < len(shown):
        raise InvalidInputError("button", "That button is no longer there.")
    with ground().read() as session:
        point = next((point for point in contact_points(session, actor.id) if point.channel == Channel.WEB), None)
    if point is None:
        raise NotFoundError
    site().inbox.accept(pressed(Channel.WEB, point.address, shown[number], item.id))
    flash("We have your answer.")
    return redirect(url_for(".messages"), code=303)


def pressed(channel: Channel, sender: str, button: ButtonShown, message_id: str) -> Arrival:
    """Return what the inbox gets when a button is pressed or its form sent, with the form's fields as filled in."""
    filled = {
        name.removeprefix(_FIELD): value.strip() for name, value in request.form.items() if name.startswith(_FIELD)
    }
    form: dict[str, Any] = dict(button.form or {})
    return Arrival(
        channel=channel,
        vendor_id=new_id(),
        sender=sender,
        body="",
        action=str(form.get("action", button.action)),
        values={"value": button.value, **filled},
        thread=message_id,
    )


def download(file: Attachment) -> Response:
    """Return a file as a download under a plain name."""
    name = "".join(letter if letter.isalnum() or letter in ".-_" else "-" for letter in file.name)
    return Response(
        file.content,
        content_type=file.mime,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
