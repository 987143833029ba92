from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.change_figure import ChangeFigure, change_figure
from qa_visits.model import VisitSettings
from qa_visits.rules.figures import FIGURES, figure_called, read_value, value_of
from qa_visits.web.forms import FigureForm

pages = Blueprint("figures", __name__)


@pages.get("/visits/figures")
@requires(Permission.OPERATIONS)
def index() -> str:
    """Show the figures that this hub may change, beside the defaults that the product proposes."""
    with ground().read() as session:
        now = queries.figures(session)
    rows = [(figure, value_of(now, figure), value_of(VisitSettings(), figure)) for figure in FIGURES]
    return render_template("qa_visits/figures.html", rows=rows)


@pages.route("/visits/figures/<name>", methods=["GET", "POST"])
@requires(Permission.OPERATIONS)
def edit(name: str) -> str | Response | tuple[str, int]:
    """Change one figure."""
    figure = figure_called(name)
    form = FigureForm()
    if not form.is_submitted():
        with ground().read() as session:
            form.value.data = value_of(queries.figures(session), figure)
        return render_template("qa_visits/figure.html", form=form, figure=figure)
    try:
        with ground().work() as work:
            change_figure(work, current_actor(), ChangeFigure(name, read_value(figure, form.value.data or "")))
    except InvalidInputError as error:
        form.show(error)
        return render_template("qa_visits/figure.html", form=form, figure=figure), error.status
    flash("The figure is changed.")
    return redirect(url_for(".index"), code=303)
