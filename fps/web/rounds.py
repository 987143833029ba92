"""The lead authority's pages of joining rounds: the list, one round, what it says."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fps.actions.applications.cancel_round import cancel_round
from fps.actions.rounds.close_round import close_round
from fps.actions.rounds.move_round import publish_round
from fps.actions.rounds.write_round import change_round, draft_round
from fps.model.rounds import RoundCard, RoundState
from fps.queries.frameworks import lots
from fps.queries.round_counts import counts_of
from fps.queries.round_sessions import sessions_of
from fps.queries.rounds import led_frameworks, led_round, led_rounds, next_number, versions
from fps.web.round_forms import ReasonForm, RoundForm
from fps.web.round_words import LOT_WORDS, STATES, tag_of
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisation
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("rounds", __name__)
Shown = str | Response | tuple[str, int]


@pages.get("/register/rounds")
@requires(Permission.ROUNDS_RUN)
def index() -> str:
    """Show the rounds of the frameworks that one leads."""
    asked = request.args.get("state", "")
    state = RoundState(asked) if asked in set(RoundState) else None
    now, number = ground().clock.now(), page_asked()
    with ground().read() as session:
        found, total = led_rounds(session, current_actor(), now, state=state, offset=(number - 1) * SIZE, limit=SIZE)
        frameworks = {card.id: card.name for card in led_frameworks(session, current_actor())}
    return render_template(
        "fps/rounds/index.html",
        rounds=[(card, tag_of(card, now)) for card in found],
        frameworks=frameworks,
        page=Page(number, SIZE, total),
        state=state or "",
        states=[("", "Any"), *((each.value, words) for each, (words, _) in STATES.items())],
    )


@pages.route("/register/rounds/new", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def new() -> Shown:
    """Write the draft of a round."""
    with ground().read() as session:
        frameworks = led_frameworks(session, current_actor())
        asked = request.args.get("framework", frameworks[0].id if frameworks else "")
        chosen = next((card for card in frameworks if card.id == asked), None)
        if chosen is None:
            return render_template("fps/rounds/no_framework.html", frameworks=frameworks)
        form = RoundForm()
        form.offer(lots(session, [chosen.id], london_date(ground().clock.now())))
        if not form.is_submitted():
            form.number.data = next_number(session, chosen.id)
            form.title.data = f"Joining round {form.number.data}"
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                round_id = draft_round(work, current_actor(), chosen.id, form.terms())
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.number, str(error))
        else:
            flash("The draft is saved. Nobody else sees it until you publish it.")
            return redirect(url_for(".one", round_id=round_id), code=303)
    page = render_template("fps/rounds/write.html", form=form, framework=chosen, frameworks=frameworks, round=None)
    return page, 422 if form.is_submitted() else 200


@pages.get("/register/rounds/<round_id>")
@requires(Permission.ROUNDS_RUN)
def one(round_id: str) -> str:
    """Show a round with all that belongs to it."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        return _record(session, card, ground().clock.now())


def _record(session: Session, card: RoundCard, now: datetime, error: str | None = None) -> str:
    shown_lots = [lot for lot in lots(session, [card.framework_id]) if lot.id in card.lot_ids]
    state, counts = card.state_at(now), counts_of(session, card.id)
    return render_template(
        "fps/rounds/one.html",
        round=card,
        tag=STATES[state],
        state=state,
        lots=shown_lots,
        lead=organisation(session, card.lead_id).name,
        counts=counts,
        sessions=sessions_of(session, [card.id]),
        versions=versions(session, card.id),
        now=now,
        error=error,
        may_change=state
        in (RoundState.DRAFT, RoundState.PUBLISHED, RoundState.OPEN, RoundState.CLOSED, RoundState.EVALUATING),
        may_close=state in (RoundState.CLOSED, RoundState.EVALUATING) and not counts.sent,
    )


@pages.route("/register/rounds/<round_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def edit(round_id: str) -> Shown:
    """Change what a round says."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        form = RoundForm()
        form.offer(lots(session, [card.framework_id]))
    if not form.is_submitted():
        form.fill(card)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                changes = change_round(work, current_actor(), round_id, form.terms(), _version(form))
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.title, str(error))
        else:
            flash(_said(card, changes))
            return redirect(url_for(".one", round_id=round_id), code=303)
    page = render_template("fps/rounds/write.html", form=form, framework=None, frameworks=[], round=card)
    return page, 422 if form.is_submitted() else 200


def _version(form: RoundForm) -> int:
    seen = form.seen.data or ""
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < len("99999") else -1


def _said(card: RoundCard, changes: tuple[str, ...]) -> str:
    if not changes:
        return "Nothing has changed."
    if card.published_at is None:
        return "The draft is saved."
    return "The change is published. Everybody who takes part has been told."


@pages.get("/register/rounds/<round_id>/preview")
@requires(Permission.ROUNDS_RUN)
def preview(round_id: str) -> str:
    """Show a round as everybody will see it."""
    now = ground().clock.now()
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        shown_lots = [lot for lot in lots(session, [card.framework_id], london_date(now)) if lot.id in card.lot_ids]
        return render_template(
            "fps/rounds/preview.html", round=card, tag=tag_of(card, now), lots=shown_lots, **LOT_WORDS
        )


@pages.post("/register/rounds/<round_id>/publish")
@requires(Permission.ROUNDS_RUN)
def publish(round_id: str) -> Shown:
    """Publish a draft."""
    try:
        with ground().work() as work:
            publish_round(work, current_actor(), round_id)
    except InvalidInputError as error:
        with ground().read() as session:
            card = led_round(session, current_actor(), round_id)
            return _record(session, card, ground().clock.now(), str(error)), error.status
    flash("The round is published. Anybody can read it now.")
    return redirect(url_for(".one", round_id=round_id), code=303)


@pages.post("/register/rounds/<round_id>/close")
@requires(Permission.ROUNDS_RUN)
def close(round_id: str) -> Response:
    """End a round that has no application to decide."""
    with ground().work() as work:
        close_round(work, current_actor(), round_id)
    flash("The round is over. There was no application to decide.")
    return redirect(url_for(".one", round_id=round_id), code=303)


@pages.route("/register/rounds/<round_id>/cancel", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def cancel(round_id: str) -> Shown:
    """Cancel a round, with the reason that everybody reads."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
    if card.state in (RoundState.CANCELLED, RoundState.DECIDED, RoundState.LISTED):
        raise NotFoundError
    form = ReasonForm()
    form.reason.label.text = "Why is the round cancelled?"
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                cancel_round(work, current_actor(), round_id, form.reason.data or "")
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The round is cancelled. Everybody who took part has been told.")
            return redirect(url_for(".one", round_id=round_id), code=303)
    page = render_template(
        "fps/rounds/reason.html", form=form, round=card, heading="Cancel this round", button="Cancel the round"
    )
    return page, 422 if form.is_submitted() else 200
