from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.wrappers import Response as Reply
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.actions.delegate import Delegate, delegate, end_delegation
from people.permissions import PERMISSIONS, Permission
from people.queries import organisation, person
from people.queries.delegation import colleagues_of, delegations_of
from people.rules.delegation import NEVER_DELEGATED
from people.web.forms import PageForm
from people.web.guard import check_strength, current_actor, requires
from people.web.options import options
from people.web.widgets import DayInput
from people.web.words import ROLES

pages = Blueprint("delegation", __name__, template_folder="../templates")

_UNREAL = "Enter a real date, with day, month and year"


class DelegateForm(PageForm):
    """Who acts for me, from when to when."""

    delegate = SelectField("Who acts for you", widget=GovSelect(), validators=[InputRequired("Choose a colleague")])
    starts_on = DateField(
        "First day",
        format="%d %m %Y",
        description="For example, 21 12 2026",
        invalid_value_message=_UNREAL,
        widget=DayInput(),
        validators=[InputRequired("Enter the first day")],
    )
    ends_on = DateField(
        "Last day",
        format="%d %m %Y",
        description="They act for you until the end of this day",
        invalid_value_message=_UNREAL,
        widget=DayInput(),
        validators=[InputRequired("Enter the last day")],
    )


@pages.route("/account/delegation", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def mine() -> str | Reply | tuple[str, int]:
    """Show who acts for me and for whom I act; name somebody."""
    actor, now = current_actor(), ground().clock.now()
    form = DelegateForm()
    with ground().read() as session:
        me = person(session, actor.id)
        found = delegations_of(session, me.id, now)
        choices = [
            (f"{other.id}:{place}", f"{other.name}, {organisation(session, place).name}")
            for place, other in colleagues_of(session, me)
        ]
    form.delegate.choices = options(choices, first="Choose a colleague")
    if form.validate_on_submit():
        try:
            _name_somebody(form)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Saved. They act for you from the first day on, and it ends by itself.")
            return redirect(url_for(".mine"), code=303)
    page = render_template(
        "people/delegation.html",
        form=form,
        found=found,
        me=me,
        now=now,
        has_colleagues=bool(choices),
        handed=[ROLES[held.role] for held in me.roles if held.role not in NEVER_DELEGATED],
    )
    return page, 422 if form.is_submitted() else 200


def _name_somebody(form: DelegateForm) -> None:
    delegate_id, _, organisation_id = str(form.delegate.data).partition(":")
    starts_on: date = form.starts_on.data
    ends_on: date = form.ends_on.data
    check_strength(_handed_on(organisation_id))
    with ground().work() as work:
        delegate(work, current_actor(), Delegate(delegate_id, organisation_id, starts_on, ends_on))


def _handed_on(organisation_id: str) -> set[Permission]:
    """Return what a delegate may do there for whoever is signed in."""
    held = [role.role for role in current_actor().roles if role.organisation_id == organisation_id]
    return {permission for role in held if role not in NEVER_DELEGATED for permission in PERMISSIONS[role]}


@pages.post("/account/delegation/<delegation_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end(delegation_id: str) -> Reply:
    """End a delegation now."""
    with ground().work() as work:
        end_delegation(work, current_actor(), delegation_id)
    flash("It has ended.")
    return redirect(url_for(".mine"), code=303)
