from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from channels.actions.mark_read import mark_read
from channels.model import Arrival, Attachment, ButtonShown, Channel, Rendered
from channels.render import Renderer
from channels.web.queries import InboxItem, count_inbox, inbox, inbox_item
from hub.web.site import site
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission
from people.queries import contact_points
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("inbox", __name__)

_FIELD = "field."
_UNREAD = "unread"
_A_PAGE = 10


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


def _one(actor: Actor, message_id: str) -> InboxItem:
    with ground().read() as session:
        return inbox_item(session, actor.id, message_id)


@pages.get("/inbox")
@requires(Permission.OWN_INBOX)
def messages() -> str:
    """Show a person the messages that they get on the web: all, or those not read yet (`?show=unread`)."""
    actor, is_unread = current_actor(), request.args.get("show") == _UNREAD
    with ground().read() as session:
        page = page_of(count_inbox(session, actor.id, is_unread=is_unread), _A_PAGE)
        items = inbox(session, actor.id, is_unread=is_unread, offset=page.offset, limit=page.size)
    return render_template(
        "inbox/messages.html",
        items=[_shown(item, actor) for item in items],
        page=page,
        is_unread=is_unread,
    )


@pages.post("/inbox/read")
@requires(Permission.OWN_INBOX)
def read_all() -> AnyResponse:
    """Mark everything as read."""
    with ground().work() as work:
        count = mark_read(work, current_actor().id)
    flash(f"{count} message{'' if count == 1 else 's'} marked as read.")
    return redirect(url_for(".messages"), code=303)


@pages.post("/inbox/<message_id>/read")
@requires(Permission.OWN_INBOX)
def read_one(message_id: str) -> AnyResponse:
    """Mark one message as read and go on where the reader was."""
    actor = current_actor()
    _one(actor, message_id)
    with ground().work() as work:
        mark_read(work, actor.id, message_id)
    flash("Marked as read.")
    show = _UNREAD if request.form.get("show") == _UNREAD else None
    number = request.form.get("page", type=int)
    return redirect(url_for(".messages", show=show, page=number if number and number > 1 else None), code=303)


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
    with ground().work() as work:
        mark_read(work, actor.id, item.id)
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
