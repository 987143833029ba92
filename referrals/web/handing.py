"""Handing the request for one setting to a colleague of the same provider."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from referrals.actions.answers.hand_over import HandOver, hand_over
from referrals.queries.colleagues import colleagues, seen_to_by
from referrals.queries.providers import invitation

pages = Blueprint("handing", __name__)


class ColleagueForm(PageForm):
    """Who sees to a request from now on."""

    colleague = RadioField(
        "Who should see to it?", widget=GovRadioInput(), validators=[InputRequired("Choose a colleague")]
    )


@pages.route("/referrals/<referral_id>/answers/<recipient_id>/colleague", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ANSWER)
def colleague(referral_id: str, recipient_id: str) -> str | Response | tuple[str, int]:
    """Choose a colleague and hand the request over."""
    with ground().read() as session:
        asked = invitation(session, current_actor(), referral_id, ground().clock.now())
        if recipient_id not in {each.recipient_id for each in asked.settings}:
            raise NotFoundError
        offered = colleagues(session, recipient_id)
        now_with = seen_to_by(session, [recipient_id])[recipient_id]
    form = ColleagueForm()
    form.colleague.choices = [SelectChoice(each.id, each.name) for each in offered]
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                hand_over(work, current_actor(), HandOver(recipient_id, str(form.colleague.data)))
        except InvalidInputError as error:
            form.show(error)
        else:
            names = {each.id: each.name for each in offered}
            flash(f"{names[str(form.colleague.data)]} sees to referral {asked.text.reference} now.")
            return redirect(url_for("referrals.answering.asked", referral_id=referral_id), code=303)
    setting = next(each for each in asked.settings if each.recipient_id == recipient_id)
    shown = {"asked": asked, "setting": setting, "form": form, "now_with": now_with}
    page = render_template("referrals/answers/colleague.html", **shown)
    return page, 422 if form.is_submitted() else 200
