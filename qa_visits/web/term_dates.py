from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fps.queries import setting as find_setting
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.record_term_dates import RecordTermDates, record_term_dates
from qa_visits.model import SettingCalendar, Span
from qa_visits.rules.wording import read_spans, write_span
from qa_visits.web.forms import TermDatesForm

pages = Blueprint("term_dates", __name__)


@pages.route("/visits/settings/<setting_id>/term-dates", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def edit(setting_id: str) -> str | Response | tuple[str, int]:
    """Record when a setting is open, as it has told (Q3)."""
    form = TermDatesForm()
    with ground().read() as session:
        name = find_setting(session, setting_id).name
        calendar = queries.setting_calendar(session, setting_id)
    if not form.is_submitted():
        form.half_terms.data, form.closures.data = _lines(calendar.half_terms), _lines(calendar.closures)
        return render_template("qa_visits/term_dates.html", form=form, name=name)
    if not form.validate():
        return render_template("qa_visits/term_dates.html", form=form, name=name), 422
    try:
        told = SettingCalendar(
            half_terms=read_spans("half_terms", form.half_terms.data or ""),
            closures=read_spans("closures", form.closures.data or ""),
        )
        with ground().work() as work:
            record_term_dates(work, current_actor(), RecordTermDates(setting_id, told))
    except InvalidInputError as error:
        form.show(error)
        return render_template("qa_visits/term_dates.html", form=form, name=name), error.status
    flash(f"The term dates of {name} are recorded.")
    return redirect(url_for("qa_visits.visits.index"), code=303)


def _lines(spans: Iterable[Span]) -> str:
    return "\n".join(write_span(span) for span in spans)
