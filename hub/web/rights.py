from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from hub.web.rights_forms import CloseForm, ExtendForm, HandForm, IdentityForm, LogForm, PauseForm
from hub.web.rights_words import CAME_BY, IDENTITIES, KINDS, OUTCOMES, PAUSES, STEPS, next_step, note_words, standing
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.actions.log_request import NewRequest, log_request
from people.actions.move_request import (
    acknowledge_complaint,
    check_identity,
    close_request,
    extend_request,
    hand_request,
    pause_request,
    resume_request,
    stop_unasked,
)
from people.model import Actor, Role
from people.permissions import Permission, organisations_with
from people.queries import organisation, organisations, persons, persons_with_role
from people.rights.model import CameBy, ExtensionReason, Identity, Outcome, PauseReason, RequestCard, RequestKind
from people.rights.queries import count_requests, requests_of, steps_of
from people.rights.queries import request as rights_request
from people.rights.waiting import requests_waiting
from people.waiting import Waiting
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import page_of

pages = Blueprint("rights", __name__)


@dataclass(frozen=True)
class Row:
    """A request in the list."""

    card: RequestCard
    kind: str
    tag: tuple[str, str | None]
    handler: str
    council: str


@dataclass(frozen=True)
class Happened:
    """One thing that happened, for the timeline."""

    title: str
    at: datetime
    text: str
    by: str


def councils(actor: Actor) -> tuple[str, ...]:
    """Return the councils whose requests somebody handles."""
    return organisations_with(actor, Permission.RIGHTS_HANDLE)


def read_request(session: Session, request_id: str) -> RequestCard:
    """Return a request of the person signed in; raises NotFoundError for another council's."""
    return rights_request(session, request_id, councils(current_actor()))


def waiting_here(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the requests that wait, late ones first."""
    return requests_waiting(session, councils(actor), london_date(now))


@pages.get("/rights")
@requires(Permission.RIGHTS_HANDLE)
def index() -> str:
    """List the requests, the late ones first; the address says which kind, and whether open or closed."""
    kind, is_open = request.args.get("kind", ""), request.args.get("state", "") != "closed"
    ours = councils(current_actor())
    today = london_date(ground().clock.now())
    with ground().read() as session:
        page = page_of(count_requests(session, ours, kind, is_open=is_open))
        cards = requests_of(session, ours, kind, is_open=is_open, skip=page.offset, limit=page.size)
        people = persons(session, {card.handler_id for card in cards if card.handler_id})
        places = {place.id: place.name for place in organisations(session)}
    rows = [
        Row(card, KINDS[card.kind], standing(card, today), _name(people, card.handler_id), places[card.council_id])
        for card in cards
    ]
    return render_template("rights/index.html", rows=rows, page=page, kinds=_kind_choices(), kind=kind, is_open=is_open)


def _kind_choices() -> list[tuple[str, str]]:
    return [("", "Every kind"), *((kind.value, words) for kind, words in KINDS.items())]


def _name(people: Mapping[str, Any], person_id: str | None) -> str:
    return people[person_id].name if person_id is not None and person_id in people else ""


@pages.route("/rights/new", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def new() -> str | Response | tuple[str, int]:
    """Log a request that came by letter, phone, email or in person."""
    actor = current_actor()
    form = LogForm()
    with ground().read() as session:
        form.council.choices = options((place, organisation(session, place).name) for place in councils(actor))
    if not form.validate_on_submit():
        return _shown(form)
    try:
        with ground().work() as work:
            request_id = log_request(work, _told(form), actor)
    except InvalidInputError as error:
        form.show(error)
        return render_template("rights/new.html", form=form), error.status
    flash("The request is logged. Its clock runs.")
    return redirect(url_for(".one", request_id=request_id), code=303)


def _shown(form: LogForm) -> str | tuple[str, int]:
    page = render_template("rights/new.html", form=form)
    return (page, 422) if form.errors else page


def _told(form: LogForm) -> NewRequest:
    return NewRequest(
        council_id=form.council.data,
        kind=RequestKind(form.kind.data),
        requester=form.requester.data or "",
        reach=form.reach.data or "",
        words=form.words.data or "",
        came_by=CameBy(form.came_by.data),
        received_on=form.received_on.data,
    )


@pages.get("/rights/<request_id>")
@requires(Permission.RIGHTS_HANDLE)
def one(request_id: str) -> str:
    """Show a request: where it stands, what is to be done next, what has happened."""
    today = london_date(ground().clock.now())
    with ground().read() as session:
        card = read_request(session, request_id)
        steps = steps_of(session, request_id)
        named = {card.person_id, card.handler_id, *(step.actor_id for step in steps)} - {None}
        people = persons(session, [each for each in named if each])
        council = organisation(session, card.council_id).name
    happened = [
        Happened(STEPS.get(step.what, step.what), step.at, note_words(step.note), _name(people, step.actor_id))
        for step in steps
    ]
    return render_template(
        "rights/one.html",
        card=card,
        kind=KINDS[card.kind],
        tag=standing(card, today),
        next=next_step(card),
        happened=happened,
        subject=people.get(card.person_id or ""),
        handler=_name(people, card.handler_id),
        council=council,
        came_by=CAME_BY[card.came_by],
        identity=IDENTITIES[card.identity] if card.identity else "",
        outcome=OUTCOMES[card.outcome] if card.outcome else "",
        paused=PAUSES[card.pause.why] if card.pause else "",
    )


Step = tuple[str, str, type[PageForm], Callable[[Work, Actor, str, Any], None]]


def _identity(work: Work, actor: Actor, request_id: str, form: Any) -> None:  # noqa: ANN401 - a form has no types
    check_identity(work, actor, request_id, Identity(form.how.data))


def _pause(work: Work, actor: Actor, request_id: str, form: Any) -> None:  # noqa: ANN401 - the same
    pause_request(work, actor, request_id, PauseReason(form.why.data))


def _extend(work: Work, actor: Actor, request_id: str, form: Any) -> None:  # noqa: ANN401 - the same
    extend_request(work, actor, request_id, ExtensionReason(form.reason.data), has_told=bool(form.has_told.data))


def _close(work: Work, actor: Actor, request_id: str, form: Any) -> None:  # noqa: ANN401 - the same
    close_request(work, actor, request_id, Outcome(form.outcome.data))


def _hand(work: Work, actor: Actor, request_id: str, form: Any) -> None:  # noqa: ANN401 - the same
    hand_request(work, actor, request_id, form.handler.data)


_STEPS: dict[str, Step] = {
    "identity": ("Make sure who asks", "Record this", IdentityForm, _identity),
    "pause": ("Stop the clock", "Stop the clock", PauseForm, _pause),
    "extend": ("Take two more months", "Take two more months", ExtendForm, _extend),
    "close": ("Close the request", "Close the request", CloseForm, _close),
    "hand": ("Give it to a handler", "Give it to them", HandForm, _hand),
}
_PRESSED: dict[str, Callable[[Work, Actor, str], None]] = {
    "acknowledge": acknowledge_complaint,
    "resume": resume_request,
    "stop": stop_unasked,
}


@pages.route("/rights/<request_id>/<step>", methods=["GET", "POST"])
@requires(Permission.RIGHTS_HANDLE)
def take_step(request_id: str, step: str) -> str | Response | tuple[str, int]:
    """Ask the one thing that a step needs, and take it."""
    if step not in _STEPS:
        raise NotFoundError
    title, button, form_type, act = _STEPS[step]
    form, actor = form_type(), current_actor()
    with ground().read() as session:
        card = read_request(session, request_id)
        if isinstance(form, HandForm):
            handlers = persons_with_role(session, Role.AUDITOR, card.council_id)
            form.handler.choices = options((handler.id, handler.name) for handler in handlers)
    shown = {"form": form, "title": title, "button": button, "card": card, "kind": KINDS[card.kind]}
    if not form.validate_on_submit():
        return (render_template("rights/step.html", **shown), 422 if form.errors else 200)
    try:
        with ground().work() as work:
            act(work, actor, request_id, form)
    except (InvalidInputError, ConflictError) as error:
        form.show(error if isinstance(error, InvalidInputError) else InvalidInputError("", str(error)))
        return render_template("rights/step.html", **shown), error.status
    flash("Recorded.")
    return redirect(url_for(".one", request_id=request_id), code=303)


@pages.post("/rights/<request_id>/press")
@requires(Permission.RIGHTS_HANDLE)
def press(request_id: str) -> Response:
    """Take a step that needs no more than a button."""
    act = _PRESSED.get(request.form.get("do", ""))
    if act is None:
        raise NotFoundError
    with ground().work() as work:
        act(work, current_actor(), request_id)
    flash("Recorded.")
    return redirect(url_for(".one", request_id=request_id), code=303)
