"""How a round ends: letters to all at once, and the list to all member councils at once."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.issue_decisions import issue_decisions
from fps.actions.applications.publish_list import publish_list
from fps.model import STATUS_WORDS
from fps.model.rounds import RoundState
from fps.queries import framework
from fps.queries.evaluations import is_lead_of
from fps.queries.joined import (
    ListedLine,
    count_published,
    letters_of,
    listed_settings,
    published_at,
    published_lists,
)
from fps.queries.rounds import joining_round, joining_rounds, public_round
from kernel.errors import NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisations
from people.web.guard import current_actor, requires
from people.web.paging import page_of

pages = Blueprint("concluding", __name__)
_HEAD = ("Lot", "Setting", "URN", "Provider", "District", "Youngest", "Oldest", "Contract", "From", "Status")


@pages.get("/register/applications/rounds/<round_id>/letters")
@requires(Permission.ROUNDS_RUN)
def check_letters(round_id: str) -> str:
    """Show what the letters will say before all of them go."""
    with ground().read() as session:
        joined = joining_round(session, round_id)
        if not is_lead_of(current_actor(), joined.lead_id) or joined.state is not RoundState.EVALUATING:
            raise NotFoundError
        lines = letters_of(session, round_id)
        names = {place.id: place.name for place in organisations(session)}
    undecided = sum(not line.is_decided for line in lines)
    page = page_of(len(lines))
    return render_template(
        "fps/applications/letters.html",
        joined=joined,
        lines=lines[page.offset : page.offset + page.size],
        total=len(lines),
        undecided=undecided,
        names=names,
        page=page,
    )


@pages.post("/register/applications/rounds/<round_id>/letters")
@requires(Permission.ROUNDS_RUN)
def letters(round_id: str) -> Reply:
    """Send every applicant its decision letter, all at once."""
    with ground().work() as work:
        count = issue_decisions(work, current_actor(), round_id)
    flash(f"{count} {'applicant has its letter' if count == 1 else 'applicants have their letters'}.")
    return redirect(url_for("fps.applications.of_round", round_id=round_id), code=303)


@pages.post("/register/applications/rounds/<round_id>/publish")
@requires(Permission.ROUNDS_RUN)
def publish(round_id: str) -> Reply:
    """Give the list to all member councils at once."""
    with ground().work() as work:
        count = publish_list(work, current_actor(), round_id)
    told = "Every commissioner of a member council has been told." if count else "Nobody joined, so nobody is told."
    flash(f"The list is published. {told}")
    return redirect(url_for(".listed", round_id=round_id), code=303)


@pages.get("/register/applications/lists")
@requires(Permission.REGISTER_READ)
def lists() -> str:
    """Show the lists that went out after joining rounds, the latest first."""
    with ground().read() as session:
        page = page_of(count_published(session))
        found = published_lists(session, offset=page.offset, limit=page.size)
        rounds = joining_rounds(session, {round_id for round_id, _, _ in found})
    return render_template("fps/applications/lists.html", found=found, rounds=rounds, page=page)


@pages.get("/register/applications/rounds/<round_id>/list")
@requires(Permission.REGISTER_READ)
def listed(round_id: str) -> str:
    """Show who joined in a round."""
    with ground().read() as session:
        joined = public_round(session, round_id)
        at = published_at(session, round_id)
        if at is None:
            raise NotFoundError
        lines = listed_settings(session, round_id)
        card = framework(session, joined.framework_id)
        names = {place.id: place.name for place in organisations(session)}
    page = page_of(len(lines))
    return render_template(
        "fps/applications/list.html",
        joined=joined,
        at=at,
        total=len({line.setting.id for line in lines}),
        lines=lines[page.offset : page.offset + page.size],
        page=page,
        framework=card,
        names=names,
        words=STATUS_WORDS,
    )


@pages.get("/register/applications/rounds/<round_id>/list.csv")
@requires(Permission.REGISTER_READ)
def listed_csv(round_id: str) -> Response:
    """Give out who joined in a round as CSV."""
    with ground().read() as session:
        if published_at(session, round_id) is None:
            raise NotFoundError
        lines = listed_settings(session, round_id)
        names = {place.id: place.name for place in organisations(session)}
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_HEAD)
    writer.writerows(_row(line, names[line.setting.provider_id]) for line in lines)
    answer = Response("\ufeff" + written.getvalue(), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=f"list-{round_id}.csv")
    return answer


def _plain(words: str) -> str:
    """Keep a spreadsheet from reading words as a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r")) else words


def _row(line: ListedLine, provider: str) -> tuple[object, ...]:
    words = (line.lot.title, line.setting.name, line.setting.urn or "", provider, line.setting.district)
    status = STATUS_WORDS[line.status] if line.status else ""
    ages = (line.setting.age_from, line.setting.age_to)
    return (*map(_plain, words), *ages, _plain(line.contract), line.effective_on.isoformat(), status)
