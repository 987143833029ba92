"""The page of whoever takes part in a round: by the link that they got, or signed in as a provider's user."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fps.actions.rounds.ask_market import reply
from fps.actions.rounds.book_place import book_place, give_up_place
from fps.actions.rounds.clarify import ask_question
from fps.actions.rounds.find_contact import PURPOSE, Door
from fps.actions.rounds.take_part import confirm, register_interest, withdraw_interest
from fps.model.rounds import Contact, RoundState
from fps.queries.round_contacts import contact_by_link, own_contact
from fps.queries.round_enquiries import enquiries_of, replies_by, takes_replies
from fps.queries.round_questions import own_questions
from fps.queries.round_sessions import booked_sessions, sessions_of
from fps.queries.rounds import public_round
from fps.rules.round_questions import LONGEST_QUESTION
from fps.web.round_words import apply_endpoint, tag_of
from kernel.errors import ConflictError, HubError, InvalidInputError, NotFoundError, TooLateError, TooManyError
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission
from people.web.guard import current_actor, limited, public, requires

pages = Blueprint("taking_part", __name__)
Shown = str | Response | tuple[str, int]
_WHY = "the link is the proof: it went to the address that it confirms"
_REFUSED = (ConflictError, TooLateError, TooManyError)
_MOST_AN_HOUR = "60 per 1 hour"


def _ask(work: Work, door: Door) -> str:
    ask_question(work, door, request.form.get("question", ""))
    return "Your question is sent. We do not say who asked. The answer comes to everybody at the same time."


def _book(work: Work, door: Door) -> str:
    book_place(work, door, request.form.get("session", ""))
    return "You have a place. We have sent you the details."


def _give_up(work: Work, door: Door) -> str:
    give_up_place(work, door, request.form.get("session", ""))
    return "Your place is free for somebody else."


def _reply(work: Work, door: Door) -> str:
    reply(work, door, request.form.to_dict())
    return "Your answers are saved. You can change them until the round opens."


def _interest(work: Work, door: Door) -> str:
    register_interest(work, door)
    return "We will tell you everything about this round, at the same time as everybody else."


def _withdraw(work: Work, door: Door) -> str:
    withdraw_interest(work, door)
    return "We will not write to you about this round any more."


_STEPS: Mapping[str, Callable[[Work, Door], str]] = {
    "ask": _ask,
    "book": _book,
    "give_up": _give_up,
    "reply": _reply,
    "interest": _interest,
    "withdraw": _withdraw,
}
"""What the buttons of the page do, by the value of `do`."""


@pages.get("/joining/link/<token>")
@public(_WHY)
def by_link(token: str) -> Shown:
    """Show the page of whoever holds the link; mail scanners fetch links too, so that confirming is a button."""
    with ground().read() as session:
        contact = contact_by_link(session, token, PURPOSE, ground().clock.now())
        card = public_round(session, contact.round_id)
    if not contact.is_confirmed:
        return render_template("fps/joining/confirm.html", round=card, token=token)
    return _page(Door(contact.round_id, token=token), contact)


@pages.post("/joining/link/<token>")
@public(_WHY)
@limited(_MOST_AN_HOUR)
def press_by_link(token: str) -> Shown:
    """Confirm the address, or do what a button of the page says."""
    if request.form.get("do") == "confirm":
        with ground().work() as work:
            why_no_place = confirm(work, token)
        flash(f"Your address is confirmed. {why_no_place}" if why_no_place else "Your address is confirmed.")
        return redirect(url_for(".by_link", token=token), code=303)
    with ground().read() as session:
        contact = contact_by_link(session, token, PURPOSE, ground().clock.now())
    return _press(Door(contact.round_id, token=token), contact, url_for(".by_link", token=token))


@pages.get("/joining/<round_id>/mine")
@requires(Permission.SETTINGS_OWN)
def mine(round_id: str) -> Shown:
    """Show the page of a provider's user."""
    with ground().read() as session:
        contact = own_contact(session, public_round(session, round_id).id, current_actor())
    return _page(Door(round_id, actor=current_actor()), contact)


@pages.post("/joining/<round_id>/mine")
@requires(Permission.SETTINGS_OWN)
@limited(_MOST_AN_HOUR)
def press_mine(round_id: str) -> Shown:
    """Do what a button of the page says."""
    with ground().read() as session:
        contact = own_contact(session, public_round(session, round_id).id, current_actor())
    return _press(Door(round_id, actor=current_actor()), contact, url_for(".mine", round_id=round_id))


def _press(door: Door, contact: Contact | None, back: str) -> Shown:
    step = _STEPS.get(request.form.get("do", ""))
    if step is None:
        raise NotFoundError
    try:
        with ground().work() as work:
            said = step(work, door)
    except InvalidInputError as error:
        return _page(door, contact, error), error.status
    except _REFUSED as error:
        return _page(door, contact, error), error.status
    flash(said)
    return redirect(back, code=303)


def _page(door: Door, contact: Contact | None, error: HubError | None = None) -> str:
    now = ground().clock.now()
    with ground().read() as session:
        card = public_round(session, door.round_id)
        asked = enquiries_of(session, card.id) if takes_replies(card, now) else []
        known = contact.id if contact else ""
        return render_template(
            "fps/joining/mine.html",
            round=card,
            tag=tag_of(card, now),
            contact=contact,
            token=door.token,
            error=str(error) if error else None,
            error_field=error.field if isinstance(error, InvalidInputError) else None,
            sessions=[each for each in sessions_of(session, [card.id]) if each.starts_at > now],
            booked=booked_sessions(session, known),
            enquiries=asked,
            replies=_written(asked and error is not None) or replies_by(session, known),
            questions=own_questions(session, known),
            question=request.form.get("question", ""),
            longest_question=LONGEST_QUESTION,
            may_ask=card.takes_questions(now),
            is_current=card.state_at(now) in (RoundState.PUBLISHED, RoundState.OPEN),
            apply=apply_endpoint() if door.actor and card.takes_applications(now) else None,
        )


def _written(is_refused: object) -> dict[str, str]:
    return request.form.to_dict() if is_refused else {}
