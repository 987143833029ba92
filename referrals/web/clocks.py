"""Statutory clocks of one's council: what the law wants by when, beside referrals and never moved by them (R19)."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response as Reply

from fps.web.form_page import Answer, FormPage, answer, press
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from kernel.work import Work
from people.permissions import Permission, organisations_with
from people.queries import persons
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.clocks.keep_clock import finish_step, stop_clock, take_clock
from referrals.actions.clocks.start_clock import StartClock, start_clock
from referrals.model.clocks import ClockCard, ClockKind, SchoolType, Step
from referrals.queries.clocks import Running, WantedClocks, clock, clocks, count_clocks
from referrals.web.clock_forms import DoneForm, StartForm, StopForm

pages = Blueprint("clocks", __name__)

_MINE = "mine"
_RUNNING = {Running.OPEN: "With something still to do", Running.LATE: "Past a last day", Running.ENDED: "Over"}


def _today() -> date:
    return london_date(ground().clock.now())


def _wanted() -> WantedClocks:
    kind, running = request.args.get("kind", ""), request.args.get("running", "")
    return WantedClocks(
        kind=ClockKind(kind) if kind in set(ClockKind) else None,
        running=Running(running) if running in set(Running) else None,
        owner_id=current_actor().id if request.args.get("whose") == _MINE else None,
    )


@pages.get("/commissioning/clocks")
@requires(Permission.PLACEMENTS_MANAGE)
def index() -> str:
    """List the clocks of one's council, the next last day first."""
    wanted, today = _wanted(), _today()
    with ground().read() as session:
        page = page_of(count_clocks(session, current_actor(), today, wanted))
        found = clocks(session, current_actor(), today, wanted, offset=page.offset, limit=page.size)
        owners = persons(session, {card.owner_id for card in found})
    return render_template(
        "referrals/clocks/index.html",
        found=found,
        page=page,
        wanted=wanted,
        is_narrowed=wanted != WantedClocks(),
        owners=owners,
        today=today,
        kinds=[("", "Any clock"), *((kind.value, kind.words) for kind in ClockKind)],
        states=[("", "Any"), *((state.value, words) for state, words in _RUNNING.items())],
        whose=[("", "Everybody's"), (_MINE, "Mine")],
    )


@pages.route("/commissioning/clocks/new", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def new() -> Answer:
    """Start a clock."""
    form = StartForm()
    council_id = organisations_with(current_actor(), Permission.PLACEMENTS_MANAGE)[0]
    page = FormPage(
        "Start a statutory clock",
        "Statutory clocks",
        "Start the clock",
        url_for(".index"),
        ("The law gives the days. They run through weekends and school holidays, and nothing here moves them.",),
    )

    def command() -> StartClock:
        kind = str(form.school_type.data or "")
        return StartClock(
            council_id,
            ClockKind(form.kind.data),
            str(form.learner_code.data),
            form.started_on.data,
            form.urn.data or "",
            form.school.data or "",
            SchoolType(kind) if kind else None,
            form.reference.data or "",
        )

    return answer(page, form, lambda work: start_clock(work, current_actor(), command()), "The clock runs.")


@pages.get("/commissioning/clocks/<clock_id>")
@requires(Permission.PLACEMENTS_MANAGE)
def one(clock_id: str) -> str:
    """Show a clock with its steps."""
    with ground().read() as session:
        card = clock(session, current_actor(), clock_id)
        owner = persons(session, [card.owner_id])[card.owner_id]
    return render_template("referrals/clocks/one.html", card=card, owner=owner, today=_today(), me=current_actor().id)


@pages.route("/commissioning/clocks/<clock_id>/steps/<clock_step>", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def done(clock_id: str, clock_step: str) -> Answer:
    """Record that a step was done."""
    card, form = _card(clock_id), DoneForm()
    due = next((due for due in card.dues if due.step == clock_step), None)
    if due is None:
        raise NotFoundError
    page = FormPage(due.step.words, card.kind.words, "Record it", url_for(".one", clock_id=clock_id))

    def act(work: Work) -> None:
        finish_step(work, current_actor(), clock_id, Step(clock_step), form.done_on.data)

    return answer(page, form, act, "The step is recorded as done.")


@pages.route("/commissioning/clocks/<clock_id>/stop", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def stop(clock_id: str) -> Answer:
    """Stop a clock, with the reason."""
    card, form = _card(clock_id), StopForm()
    notes = ("The days that the law gives do not change by this. Stop a clock only if it should not run at all.",)
    page = FormPage(
        "Stop this clock", card.kind.words, "Stop it", url_for(".one", clock_id=clock_id), notes, is_warning=True
    )
    return answer(
        page,
        form,
        lambda work: stop_clock(work, current_actor(), clock_id, str(form.reason.data)),
        "The clock stopped.",
    )


@pages.post("/commissioning/clocks/<clock_id>/take")
@requires(Permission.PLACEMENTS_MANAGE)
def take(clock_id: str) -> Reply:
    """Take a clock over, with its reminders."""
    _card(clock_id)
    return press(
        url_for(".one", clock_id=clock_id),
        lambda work: take_clock(work, current_actor(), clock_id),
        "The clock is yours now. Its reminders come to you.",
    )


def _card(clock_id: str) -> ClockCard:
    with ground().read() as session:
        return clock(session, current_actor(), clock_id)
