from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from channels.model import Channel
from channels.sandbox.answer import email_in, press_button, send_form, slack_command, slack_text, sms_in
from channels.sandbox.queries import latest
from hub.web.dates import moment
from hub.web.inbox import download
from hub.web.sandbox_threads import CHANNELS, Choice, Columns, Item, busiest, choices, chosen, items
from hub.web.site import Sandbox, site
from kernel.clock import ShiftedClock
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.web import ground
from people.permissions import Permission
from people.rules import end_of_quiet
from people.web.guard import public, requires

View = Callable[..., ResponseReturnValue]

_LONGEST = 20_000
_FIELD = "field."
_MOVES = {"1": "1 hour on", "24": "1 day on", "168": "1 week on"}


def blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the sandbox's pages: open to all in a demonstration of invented people, else to operators alone.

    Beside real channels the page shows real people's messages, so that it must not be open.
    """
    declare = (
        public("a demonstration: everybody here is invented and no message leaves the system")
        if sandbox is Sandbox.ALONE
        else requires(Permission.OPERATIONS)
    )
    pages = Blueprint("sandbox", __name__)
    for path, method, view in (
        ("/sandbox", "GET", show),
        ("/sandbox/news", "GET", news),
        ("/sandbox/files/<channel>/<message_id>/<int:number>", "GET", file),
        ("/sandbox/text", "POST", text),
        ("/sandbox/email", "POST", email),
        ("/sandbox/say", "POST", say),
        ("/sandbox/press", "POST", press),
        ("/sandbox/clock", "POST", move_clock),
    ):
        pages.add_url_rule(path, view.__name__, declare(_own_copy(view)), methods=[method])
    return pages


def _own_copy(view: View) -> View:
    """Return a view of its own for one application, so that what it declares stays with that application."""

    @wraps(view)
    def own(**arguments: object) -> ResponseReturnValue:
        return view(**arguments)

    return own


def show() -> str:
    """Show the phone, the mailbox and the Slack conversation of whoever is chosen."""
    with ground().read() as session:
        mark = latest(session)
        people = {channel.value: choices(session, channel) for channel in CHANNELS}
        columns = chosen(request.args, busiest(session, people))
        shown = {channel.value: items(session, channel, columns[channel]) for channel in CHANNELS}
    return render_template(
        "sandbox/show.html",
        people={name: _with(found, columns[name]) for name, found in people.items()},
        chosen=columns,
        items=shown,
        seen=mark,
        now=ground().clock.now(),
        is_night=end_of_quiet(ground().clock.now()) is not None,
        moves=_MOVES if isinstance(ground().clock, ShiftedClock) else {},
        once=new_id,
    )


def news() -> Response:
    """Return what the columns hold now as JSON, or nothing (204) if it is what the page has seen."""
    with ground().read() as session:
        mark = latest(session)
        if mark == request.args.get("seen"):
            return _timed(Response(status=204))
        columns = chosen(request.args, {})
        found = {channel.value: items(session, channel, columns[channel]) for channel in CHANNELS}
    drawn = {name: [_drawn(name, item, columns) for item in column] for name, column in found.items()}
    return _timed(jsonify(seen=mark, items=drawn))


def file(channel: str, message_id: str, number: int) -> Response:
    """Hand out a file that came with a message of the column."""
    item = _message(channel, message_id)
    if number >= len(item.attachments):
        raise NotFoundError
    return download(item.attachments[number])


def text() -> AnyResponse:
    """Text the hub from the phone."""
    sms_in(site().inbox, _columns().sms, _body(), once=_once())
    return _done()


def email() -> AnyResponse:
    """Write the hub an email, or answer one."""
    email_in(site().inbox, _columns().email, _body(), thread=request.form.get("thread") or None, once=_once())
    return _done()


def say() -> AnyResponse:
    """Write to the hub in Slack; what begins with a slash is a command."""
    body = _body()
    if body.startswith("/"):
        slack_command(site().inbox, _columns().slack, body.partition(" ")[2].strip(), once=_once())
    else:
        slack_text(site().inbox, _columns().slack, body, once=_once())
    return _done()


def press() -> AnyResponse:
    """Press a button in Slack, or send the form that it opened."""
    sender = _columns().slack
    message_id = request.form.get("message", "")
    buttons = _message(Channel.SLACK, message_id).buttons
    number = request.form.get("button", default=-1, type=int)
    if not 0 <= number < len(buttons):
        raise InvalidInputError("button", "That button is no longer there.")
    button = buttons[number]
    if button.form is None:
        press_button(site().inbox, Channel.SLACK, sender, message_id, button.action, button.value, once=_once())
        return _done()
    filled = {
        name.removeprefix(_FIELD): value.strip() for name, value in request.form.items() if name.startswith(_FIELD)
    }
    values = {"value": button.value, **filled}
    send_form(site().inbox, Channel.SLACK, sender, message_id, str(button.form["action"]), values, once=_once())
    return _done()


def move_clock() -> AnyResponse:
    """Move the demonstration's clock on, so that what is due later happens now."""
    clock = ground().clock
    hours = request.form.get("by", "")
    if not isinstance(clock, ShiftedClock) or hours not in _MOVES:
        raise NotFoundError
    clock.move(timedelta(hours=int(hours)))
    return _done()


def _columns() -> Columns:
    return chosen(request.form, {})


def _body() -> str:
    body = request.form.get("body", "").strip()
    if not body:
        raise InvalidInputError("body", "Write something first.")
    if len(body) > _LONGEST:
        raise InvalidInputError("body", "Use at most {most} characters.", most=_LONGEST)
    return body


def _once() -> str | None:
    return request.form.get("once") or None


def _message(channel: str, message_id: str) -> Item:
    """Return a message of the column that is chosen; raises NotFoundError."""
    if channel not in CHANNELS:
        raise NotFoundError
    columns = chosen(request.values, {})
    with ground().read() as session:
        column = items(session, Channel(channel), columns[channel])
    for item in column:
        if item.message_id == message_id and not item.sender:
            return item
    raise NotFoundError


def _with(found: list[Choice], address: str) -> list[Choice]:
    """Return the choices with the address among them, though the hub may not know it."""
    known = any(choice.address == address for choice in found)
    return found if known else [*found, Choice(address, f"Somebody new, {address}")]


def _drawn(channel: str, item: Item, columns: Columns) -> dict[str, str]:
    html = render_template(f"sandbox/{channel}.html", item=item, chosen=columns, once=new_id)
    return {"key": item.key, "html": html.strip()}


def _timed(response: Response) -> Response:
    response.headers["X-Hub-Now"] = moment(ground().clock.now())
    response.headers["Cache-Control"] = "no-store"
    return response


def _done() -> AnyResponse:
    """Answer the page script in JSON, a plain form with the page."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(once=new_id())
    columns = _columns()
    return redirect(url_for("sandbox.show", sms=columns.sms, email=columns.email, slack=columns.slack), code=303)
