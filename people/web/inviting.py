from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from werkzeug.wrappers import Response as Reply
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from kernel.errors import ConflictError, ForbiddenError, InvalidInputError, TooManyError
from kernel.web import ground
from people.actions.invite import Invite, invite, resend_invitation, withdraw_invitation
from people.permissions import Permission
from people.queries.invitations import open_invitations
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.seeing import parse_role, role_choices
from people.web.words import ROLES

pages = Blueprint("inviting", __name__)


class InviteForm(PageForm):
    """Whom to invite, to what."""

    name = StringField("Full name", widget=GovTextInput(), validators=[InputRequired("Enter a name"), Length(max=200)])
    email = StringField(
        "Email address",
        description="They get a link that works for 7 days.",
        widget=GovTextInput(),
        validators=[InputRequired("Enter an email address"), Length(max=320)],
    )
    role = SelectField("Role", widget=GovSelect(), validators=[InputRequired("Choose a role")])


@pages.get("/people/invitations")
@requires(Permission.PEOPLE_INVITE)
def index() -> str:
    """Show the open invitations to what one may invite to."""
    with ground().read() as session:
        own = [parse_role(value) for value, _ in role_choices(session, to_invite=True)]
        found = open_invitations(session, own)
    return render_template("people/invitations.html", found=found, role_words=ROLES, now=ground().clock.now())


@pages.route("/people/invite", methods=["GET", "POST"])
@requires(Permission.PEOPLE_INVITE)
def new() -> str | Reply | tuple[str, int]:
    """Invite somebody by email. The answer is the same whether or not we know the address."""
    form = InviteForm()
    with ground().read() as session:
        choices = role_choices(session, to_invite=True)
    form.role.choices = options(choices, first="Choose a role")
    if not form.is_submitted() and len(choices) == 1:
        form.role.data = choices[0][0]
    if form.validate_on_submit():
        role, organisation_id = parse_role(form.role.data)
        try:
            with ground().work() as work:
                invite(work, current_actor(), Invite(form.name.data, form.email.data, role, organisation_id))
        except InvalidInputError as error:
            form.show_at(form.name if error.field == "name" else form.email, str(error))
        except (TooManyError, ForbiddenError) as error:
            form.show_at(form.email, str(error))
        else:
            flash("If they do not have this role yet, an invitation is on its way.")
            return redirect(url_for(".index"), code=303)
    page = render_template("people/invite.html", form=form, has_choices=bool(choices))
    return page, 422 if form.is_submitted() else 200


@pages.post("/people/invitations/<invitation_id>/resend")
@requires(Permission.PEOPLE_INVITE)
def resend(invitation_id: str) -> Reply:
    """Send an invitation again."""
    try:
        with ground().work() as work:
            resend_invitation(work, current_actor(), invitation_id)
    except ConflictError as error:
        flash(str(error), "refused")
    else:
        flash("The invitation is on its way again. The link in the earlier one no longer works.")
    return redirect(url_for(".index"), code=303)


@pages.post("/people/invitations/<invitation_id>/withdraw")
@requires(Permission.PEOPLE_INVITE)
def withdraw(invitation_id: str) -> Reply:
    """Take an invitation back."""
    with ground().work() as work:
        withdraw_invitation(work, current_actor(), invitation_id)
    flash("The invitation is withdrawn. Its link no longer works.")
    return redirect(url_for(".index"), code=303)
