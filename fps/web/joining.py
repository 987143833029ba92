"""What anybody may read of joining rounds: the list, one round, its dates as a table and as a calendar."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from fps.actions.rounds.take_part import Newcomer, ask_to_take_part
from fps.model import LotCard
from fps.model.rounds import RoundCard, RoundState
from fps.queries.frameworks import lots, lots_by_id
from fps.queries.round_enquiries import enquiries_of, takes_replies
from fps.queries.round_questions import answers
from fps.queries.round_sessions import sessions_of
from fps.queries.rounds import past_rounds, public_round, public_rounds, published_rounds, versions
from fps.rules.round_calendar import Method, entries_of, entry_of, write_calendar
from fps.rules.round_tables import as_csv
from fps.web.round_forms import TakePartForm
from fps.web.round_words import LOT_WORDS, STATES, apply_endpoint, tag_of
from kernel.calendar import LONDON, london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission, may
from people.queries import organisation
from people.web.guard import limited, public
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("joining", __name__)
_WHY = "joining rounds are adverts: every provider may read them (equal treatment)"
_IN_FEED = 500
_MOST_AN_HOUR = "20 per 1 hour"


@pages.get("/joining")
@public(_WHY)
def index() -> str:
    """Show the rounds that are open or coming, what joining means, and the rounds of before."""
    now, number = ground().clock.now(), page_asked()
    with ground().read() as session:
        current = public_rounds(session, now)
        past, total = past_rounds(session, now, offset=(number - 1) * SIZE, limit=SIZE)
        titles = lots_by_id(session, {lot_id for card in current for lot_id in card.lot_ids})
    return render_template(
        "fps/joining/index.html",
        current=[(card, tag_of(card, now), _titles(card, titles)) for card in current],
        past=[(card, tag_of(card, now)) for card in past],
        page=Page(number, SIZE, total),
    )


def _titles(card: RoundCard, lots_there: dict[str, LotCard]) -> list[str]:
    return [lots_there[lot_id].title for lot_id in card.lot_ids if lot_id in lots_there]


@pages.get("/joining/<round_id>")
@public(_WHY)
def one(round_id: str) -> str:
    """Show a round: its advert, dates, lots with what they ask for, sessions, questions with their answers."""
    now = ground().clock.now()
    with ground().read() as session:
        card = public_round(session, round_id)
        return render_template("fps/joining/one.html", **_shown(session, card, now))


def _shown(session: Session, card: RoundCard, now: datetime) -> dict[str, object]:
    actor: Actor | None = g.get("actor")
    state = card.state_at(now)
    return {
        "round": card,
        "state": state,
        "tag": STATES[state],
        "lots": [lot for lot in lots(session, [card.framework_id], london_date(now)) if lot.id in card.lot_ids],
        "lead": organisation(session, card.lead_id).name,
        "sessions": sessions_of(session, [card.id]),
        "answers": answers(session, card.id),
        "versions": versions(session, card.id),
        "has_questionnaire": takes_replies(card, now) and bool(enquiries_of(session, card.id)),
        "is_staff": actor is not None and not may(actor, Permission.SETTINGS_OWN),
        "is_provider": actor is not None and may(actor, Permission.SETTINGS_OWN),
        "apply": apply_endpoint() if state is RoundState.OPEN else None,
        "is_current": state in (RoundState.PUBLISHED, RoundState.OPEN),
        "now": now,
        **LOT_WORDS,
    }


@pages.route("/joining/<round_id>/take-part", methods=["GET", "POST"])
@public("providers without an account take part too; their address is confirmed by its link")
@limited(_MOST_AN_HOUR)
def take_part(round_id: str) -> str | Reply | tuple[str, int]:
    """Take the name and address of somebody without an account; the answer is the same for every address."""
    with ground().read() as session:
        card = public_round(session, round_id)
        offered = [each for each in sessions_of(session, [round_id]) if each.starts_at > ground().clock.now()]
    form = TakePartForm()
    if not form.is_submitted():
        form.session_id.data = request.args.get("session", "")
    wanted = next((each for each in offered if each.id == form.session_id.data), None)
    if form.validate_on_submit():
        who = Newcomer(
            form.organisation.data or "", form.name.data or "", form.address.data or "", wanted.id if wanted else None
        )
        try:
            with ground().work() as work:
                ask_to_take_part(work, round_id, who)
        except InvalidInputError as error:
            form.show(error)
        else:
            return redirect(url_for(".asked", round_id=round_id), code=303)
    page = render_template("fps/joining/take_part.html", form=form, round=card, session=wanted)
    return page, 422 if form.is_submitted() else 200


@pages.get("/joining/<round_id>/asked")
@public("says the same to everybody")
def asked(round_id: str) -> str:
    """Say what happens next."""
    with ground().read() as session:
        card = public_round(session, round_id)
    return render_template("fps/joining/asked.html", round=card)


@pages.get("/joining.ics")
@public(_WHY)
def feed() -> Response:
    """Hand out the dates of all rounds and sessions as a calendar to subscribe to."""
    with ground().read() as session:
        cards = published_rounds(session, limit=_IN_FEED)
        held = sessions_of(session, [card.id for card in cards])
    entries = [entry for card in cards for entry in entries_of(card, _address(card.id))]
    entries += [entry_of(each, _address(each.round_id), is_public=True) for each in held]
    text = write_calendar(entries, Method.PUBLISH, "Joining rounds")
    return Response(text, mimetype="text/calendar", headers={"Content-Disposition": 'inline; filename="joining.ics"'})


def _address(round_id: str) -> str:
    return f"{ground().base_url}/joining/{round_id}"


@pages.get("/joining.csv")
@public(_WHY)
def table() -> Response:
    """Hand out the dates of all rounds as a table; times are London's."""
    now = ground().clock.now()
    with ground().read() as session:
        rows = [_row(card, now) for card in published_rounds(session, limit=_IN_FEED)]
    head = ("Round", "Title", "State", "Opens", "Questions close", "Closes", "Decision by", "Contracts start", "Page")
    headers = {"Content-Disposition": 'attachment; filename="joining-rounds.csv"'}
    return Response(as_csv([head, *rows]), mimetype="text/csv", headers=headers)


def _row(card: RoundCard, now: datetime) -> tuple[str, ...]:
    moments = (card.opens_at, card.questions_close_at, card.closes_at)
    return (
        str(card.number),
        card.title,
        tag_of(card, now)[0],
        *(f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}" for at in moments),
        card.decide_by.isoformat(),
        card.contracts_start_on.isoformat(),
        _address(card.id),
    )
