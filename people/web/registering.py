from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from werkzeug.wrappers import Response as Reply
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from kernel.errors import HubError, InvalidInputError
from kernel.web import ground
from people.actions.register_by_hand import RegisterByHand, register_by_hand
from people.permissions import Permission
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.seeing import parse_role, role_choices
from people.web.words import CHANNELS, LANGUAGES

pages = Blueprint("registering", __name__)


class RegisterForm(PageForm):
    """Somebody who is to be reached, most often a parent or carer."""

    name = StringField("Full name", widget=GovTextInput(), validators=[InputRequired("Enter a name"), Length(max=200)])
    role = SelectField("Role", widget=GovSelect(), validators=[InputRequired("Choose a role")])
    language = RadioField(
        "Language of messages",
        choices=options(LANGUAGES.items()),
        default="en",
        widget=GovRadioInput(),
        validators=[InputRequired("Choose a language")],
    )
    channel = RadioField(
        "How do we reach them?",
        choices=options((channel, CHANNELS[channel]) for channel in ("sms", "email", "slack")),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose how to reach them")],
    )
    address = StringField(
        "Phone number, email address or Slack member id",
        widget=GovTextInput(),
        validators=[InputRequired("Enter the number or address"), Length(max=320)],
    )
    proof = RadioField(
        "Is it theirs?",
        choices=options(
            [
                ("code", "Send a code there, to be sure"),
                ("said", "Yes: they gave it to us themselves, and we have that in writing"),
            ]
        ),
        widget=GovRadioInput(),
        validators=[InputRequired("Choose whether it is theirs")],
    )


@pages.route("/people/register", methods=["GET", "POST"])
@requires(Permission.PEOPLE_MANAGE)
def new() -> str | Reply | tuple[str, int]:
    """Register somebody by hand."""
    form = RegisterForm()
    with ground().read() as session:
        choices = role_choices(session)
    form.role.choices = options(choices, first="Choose a role")
    if form.validate_on_submit():
        try:
            person_id = _register(form)
        except InvalidInputError as error:
            form.show(error)
        except HubError as error:
            form.show_at(form.role, str(error))
        else:
            flash("They are registered.")
            return redirect(url_for("people.profile.show", person_id=person_id), code=303)
    return render_template("people/register.html", form=form), 422 if form.is_submitted() else 200


def _register(form: RegisterForm) -> str:
    role, organisation_id = parse_role(form.role.data)
    command = RegisterByHand(
        name=form.name.data,
        language=form.language.data,
        role=role,
        organisation_id=organisation_id,
        channel=form.channel.data,
        address=form.address.data,
        is_attested=form.proof.data == "said",
    )
    with ground().work() as work:
        return register_by_hand(work, current_actor(), command)
