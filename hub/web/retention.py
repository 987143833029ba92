from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.actions.run_retention import run_retention
from hub.retention import After, forecast, periods
from hub.web.site import site
from kernel.calendar import london_date
from kernel.web import ground
from people.permissions import Permission
from people.queries import persons
from people.rights.queries import retention_runs
from people.rights.rules import month_later
from people.web.guard import current_actor, requires

pages = Blueprint("retention", __name__)
_AFTER = {After.DELETE: "Deleted", After.ANONYMISE: "Made anonymous", After.KEEP: "Kept"}
_AHEAD = 3


@pages.get("/retention")
@requires(Permission.RETENTION_RUN)
def show() -> str:
    """Show the schedule, what is due, what will be in the coming months, and the runs so far."""
    now = ground().clock.now()
    with ground().read() as session:
        due = forecast(session, now, periods(site().keep_months), ahead=_AHEAD)
        runs = retention_runs(session)
        names = {each.id: each.name for each in persons(session, {run.run_by for run in runs}).values()}
    months = [month_later(london_date(now), ahead) for ahead in range(1, _AHEAD + 1)]
    return render_template("retention/show.html", due=due, runs=runs, names=names, after=_AFTER, months=months, now=now)


@pages.post("/retention")
@requires(Permission.RETENTION_RUN)
def run() -> Response:
    """Run the schedule now, or only count what it would take."""
    is_dry = request.form.get("do", "") != "run"
    counts = run_retention(ground(), periods(site().keep_months), by=current_actor().id, is_dry=is_dry)
    total = sum(counts.values())
    flash(f"{total} records would go." if is_dry else f"{total} records went.")
    return redirect(url_for(".show"), code=303)
