from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from channels.actions.decide_unproven import decide_unproven, discard_inbound, retry_inbound
from channels.model import Status
from channels.queries import awaiting_decision, load, messages_in, parked_inbound
from channels.waiting import failed_since, parked_texts, undecided
from channels.words import CHANNELS
from hub.web.history import lines
from kernel import audit, parked
from kernel.errors import InvalidInputError
from kernel.web import ground
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, may
from people.waiting import Tally, Waiting
from people.web.guard import current_actor, requires

pages = Blueprint("operations", __name__)

_FAILED_SHOWN = 50
_LATELY = timedelta(days=7)
Choice = TypeVar("Choice")


def parked_work(session: Session, _actor: Actor, _now: datetime) -> Waiting:
    """Count the work that failed too often and waits for an operator's decision."""
    texts, messages = parked_texts(session), undecided(session)
    count, first = parked.count_parked(session)
    firsts = [each for each in (first, texts.first, messages.first) if isinstance(each, datetime)]
    return Waiting(due=Tally(count + texts.count + messages.count, min(firsts, default=None)))


def failed_lately(session: Session, _actor: Actor, now: datetime) -> Waiting:
    """Count the messages of the last days that reached nobody."""
    return Waiting(due=failed_since(session, now - _LATELY))


@pages.get("/operations")
@requires(Permission.OPERATIONS)
def overview() -> str:
    """Show what failed too often and waits for a decision, and which messages failed."""
    with ground().read() as session:
        return render_template(
            "operations/overview.html",
            work=parked.parked(session),
            texts=parked_inbound(session),
            unproven=lines(session, awaiting_decision(session)),
            failed=lines(session, messages_in(session, [Status.FAILED], limit=_FAILED_SHOWN)),
            load=load(session, ground().clock.now()),
            channels=CHANNELS,
            reads_messages=may(current_actor(), Permission.MESSAGES_READ),
        )


@pages.post("/operations/work")
@requires(Permission.OPERATIONS)
def settle_work() -> Response:
    """Try a parked event or job again, or give it up."""
    kind, first, second = (request.form.get(name, "") for name in ("kind", "first", "second"))
    if kind not in ("event", "job") or (kind == "job" and not _is_moment(second)):
        raise InvalidInputError("kind", "Choose an event or a job.")
    act = _choice({"retry": parked.retry, "discard": parked.discard})
    _do(lambda work: act(work, kind, (first, second)), (kind, first[:64]))
    return redirect(url_for(".overview"), code=303)


@pages.post("/operations/texts/<inbound_id>")
@requires(Permission.OPERATIONS)
def settle_text(inbound_id: str) -> Response:
    """Hear a parked text again, or give it up."""
    act = _choice({"retry": retry_inbound, "discard": discard_inbound})
    _do(lambda work: act(work, inbound_id), ("inbound", inbound_id))
    return redirect(url_for(".overview"), code=303)


@pages.post("/operations/messages/<message_id>")
@requires(Permission.OPERATIONS)
def settle_message(message_id: str) -> Response:
    """Decide about a message of which nobody can prove whether it went out."""
    send_again = _choice({"retry": True, "discard": False})
    with ground().work() as work:
        decide_unproven(work, current_actor(), message_id, send_again=send_again)
    flash("The message goes out again." if send_again else "The message is left as it is.")
    return redirect(url_for(".overview"), code=303)


def _is_moment(written: str) -> bool:
    try:
        return datetime.fromisoformat(written).tzinfo is not None
    except ValueError:
        return False


def _choice(choices: dict[str, Choice]) -> Choice:
    chosen = request.form.get("do", "")
    if chosen not in choices:
        raise InvalidInputError("do", "Choose whether to try again or to give up.")
    return choices[chosen]


def _do(act: Callable[[Work], None], subject: tuple[str, str]) -> None:
    chosen = request.form["do"]
    with ground().work() as work:
        act(work)
        audit.record(work, actor=current_actor().id, action=f"hub.{chosen}_parked", subject=subject)
    flash("It will be tried again." if chosen == "retry" else "Given up.")
