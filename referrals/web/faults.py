"""Faults of the hub, recorded by whoever runs it: a ground to let in an answer that they made late (R17)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from kernel.calendar import at_london
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from people.web.widgets import CountedText
from referrals.actions.answers.record_fault import RecordFault, record_fault
from referrals.queries.answers import count_faults, faults
from referrals.rules.admitting import LONGEST_REASON
from referrals.web.forms import DayField

pages = Blueprint("faults", __name__)


def _clock(label: str, *, must: bool) -> TimeField:
    return TimeField(
        label,
        description="London time, for example 11:40",
        invalid_value_message="Enter a real time, like 11:40",
        render_kw={"params": {"classes": "govuk-input--width-5"}},
        widget=GovTextInput(),
        validators=[InputRequired("Enter the time at which it began") if must else Optional()],
    )


class FaultForm(PageForm):
    """When the hub did not work as it should, and how that showed."""

    began_day = DayField("Day on which it began", "For example, 1 12 2026")
    began_time = _clock("Time at which it began", must=True)
    ended_day = DayField("Day on which it ended", "Leave this empty while it lasts", must=False)
    ended_time = _clock("Time at which it ended", must=False)
    words = TextAreaField(
        "What did not work, and how do you know?",
        description="Councils read this when they decide about late answers. Name nobody.",
        widget=CountedText(LONGEST_REASON),
        validators=[InputRequired("Say what did not work"), Length(max=LONGEST_REASON)],
    )

    def command(self) -> RecordFault:
        """Return what was filled in; raises InvalidInputError where a day and its time do not come together."""
        if bool(self.ended_day.data) != bool(self.ended_time.data):
            raise InvalidInputError("ended_day", "Enter both the day and the time of the end, or neither.")
        ended = at_london(self.ended_day.data, self.ended_time.data) if self.ended_day.data else None
        return RecordFault(at_london(self.began_day.data, self.began_time.data), ended, str(self.words.data))


@pages.route("/faults", methods=["GET", "POST"])
@requires(Permission.OPERATIONS)
def index() -> str | Response | tuple[str, int]:
    """Show the recorded faults, and take a new one."""
    form = FaultForm()
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                record_fault(work, current_actor(), form.command())
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The fault is recorded. Councils can name it when they let a late answer in.")
            return redirect(url_for(".index"), code=303)
    with ground().read() as session:
        page = page_of(count_faults(session))
        found = faults(session, offset=page.offset, limit=page.size)
    shown = render_template("referrals/late/faults.html", form=form, page=page, faults=found)
    return shown, 422 if form.is_submitted() else 200
